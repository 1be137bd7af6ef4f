# How often intervals hold what they are meant to hold: simulation of data whose truth is known.
#
# An interval is judged twice: under the errors that its method assumes, which shows that the code is right, and under
# errors such as the data show, correlated, of unequal size, alike within a provider, which shows what a reader may rely
# on. What is drawn, and from what, is said in words beside each share.

#' One row of data/calibration/interval_coverage.csv.
#'
#' @param interval_method Id in data/calibration/interval_methods.csv.
#' @param errors `as_assumed` by the method, or `as_observed` in the data.
#' @param held Whether each interval drawn held the truth: logical; missing where the method gave no interval.
#' @param seed Seed of the draws.
#' @param simulated What was drawn and from what, in words.
#' @param nominal Share that the method promises.
#' @return A data frame with one row: `held_share` is the share of the intervals given that held, `held_share_error` its
#'   standard error, `n_draws` the number of draws, `n_without` of those for which the method gave none. Stops where no
#'   draw gave an interval.
coverage_row <- function(interval_method, errors, held, seed, simulated, nominal = 0.95) {
  given <- held[!is.na(held)]
  if (length(given) == 0) {
    stop(sprintf("%s, errors %s: found no interval in %d draws.", interval_method, errors, length(held)), call. = FALSE)
  }
  coverage <- mean(given)
  data.frame(
    interval_method = interval_method, errors = errors, nominal = nominal, held_share = coverage,
    held_share_error = sqrt(coverage * (1 - coverage) / length(given)), n_draws = length(held),
    n_without = sum(is.na(held)), seed = seed, simulated = simulated
  )
}

#' Write the coverage of one topic, a part of the table interval_coverage, in digits that every platform gives alike.
write_coverage <- function(rows, path) write_csv(stable_table(rows)[table_fields("interval_coverage")$name], path)

#' Whether an interval holds a value; an end that is missing is taken for open, two for no interval.
holds <- function(low, high, truth) {
  ifelse(is.na(low) & is.na(high), NA, (is.na(low) | low <= truth) & (is.na(high) | truth <= high))
}

#' Errors that are correlated from one to the next (autoregressive of order one), each with its own size.
#'
#' @param n Number of errors.
#' @param correlation With the error before, from -1 to 1, both left out.
#' @param size Standard deviation of each error: one number, or n.
correlated_errors <- function(n, correlation, size = 1) {
  steps <- stats::rnorm(n)
  steps[-1] <- steps[-1] * sqrt(1 - correlation^2)
  size * as.numeric(stats::filter(steps, correlation, method = "recursive"))
}
