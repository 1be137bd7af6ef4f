# How often the intervals of agreement hold: providers drawn anew from those that there are, their years from theirs.

# A provider's share of positive signs that the draws of the sign test's interval assume: anything but a half would do.
assumed_share <- 0.7

#' Differences of as many providers as there are, each drawn from all, with as many of its years, drawn from its own.
#'
#' So drawn, differences have the ties and long tails of those observed, and are alike within a provider as they are.
#'
#' @param by_provider List of each provider's relative differences.
redraw_providers <- function(by_provider) {
  drawn <- by_provider[sample.int(length(by_provider), replace = TRUE)]
  lapply(drawn, function(own) own[sample.int(length(own), replace = TRUE)])
}

#' What the methods' intervals give for some providers, two ends each.
#'
#' @param by_provider As `redraw_providers` gives it.
intervals_of_providers <- function(by_provider) {
  medians <- vapply(by_provider, stats::median, 0)
  list(
    agreement_typical_of_providers = median_interval(vapply(by_provider, function(own) typical(abs(own)), 0)),
    agreement_median_of_providers = median_interval(medians),
    agreement_mean_of_providers = mean_interval(vapply(by_provider, mean, 0)),
    agreement_limits_of_pairs = agreement_limits(unlist(by_provider)),
    agreement_sign_share = sign_share_interval(sum(medians > 0), sum(medians < 0))
  )
}

#' What the intervals are meant to hold where providers are drawn as `redraw_providers` does.
#'
#' @param n Draws of a provider, to find the middle of all that can be drawn.
true_of_redrawn <- function(by_provider, n) {
  many <- unlist(replicate(ceiling(n / length(by_provider)), redraw_providers(by_provider), simplify = FALSE),
                 recursive = FALSE)
  medians <- vapply(many, stats::median, 0)
  c(
    agreement_typical_of_providers = stats::median(vapply(many, function(own) typical(abs(own)), 0)),
    agreement_median_of_providers = stats::median(medians),
    # the mean of a redrawn mean is the mean itself
    agreement_mean_of_providers = mean(vapply(by_provider, mean, 0)),
    agreement_sign_share = mean(medians[medians != 0] > 0)
  )
}

#' Whether intervals hold under the errors that their methods assume, one row per method and draw.
#'
#' @param n_providers,n_pairs As many as there are.
hold_as_assumed <- function(n_providers, n_pairs, draws) {
  of <- function(one) vapply(seq_len(draws), function(draw) one(), NA)
  within <- function(ends, truth) holds(ends[1], ends[2], truth)
  list(
    agreement_typical_of_providers = of(function() within(median_interval(stats::rexp(n_providers)), log(2))),
    agreement_median_of_providers = of(function() within(median_interval(stats::rnorm(n_providers)), 0)),
    agreement_mean_of_providers = of(function() within(mean_interval(stats::rnorm(n_providers)), 0)),
    agreement_limits_of_pairs = of(function() within(agreement_limits(stats::rnorm(n_pairs)), stats::rnorm(1))),
    agreement_sign_share = of(function() {
      positive <- stats::rbinom(1, n_providers, assumed_share)
      within(sign_share_interval(positive, n_providers - positive), assumed_share)
    })
  )
}

#' Whether intervals hold where providers and their years are drawn from those observed, likewise.
hold_as_observed <- function(by_provider, draws) {
  truth <- true_of_redrawn(by_provider, 20000)
  pairs <- unlist(by_provider)
  found <- lapply(seq_len(draws), function(draw) {
    intervals <- intervals_of_providers(redraw_providers(by_provider))
    truth[["agreement_limits_of_pairs"]] <- pairs[sample.int(length(pairs), 1)]
    vapply(names(intervals), function(id) holds(intervals[[id]][1], intervals[[id]][2], truth[[id]]), NA)
  })
  as.list(as.data.frame(do.call(rbind, found)))
}

#' The coverage of every interval of agreement.
#'
#' @param pairs From `agreement_pairs`.
#' @param draws,seed Of the simulation.
#' @return Rows as in data/calibration/interval_coverage.csv.
calibrate_agreement <- function(pairs, draws, seed) {
  by_provider <- unname(split(pairs$relative_difference, pairs$provider))
  n <- c(providers = length(by_provider), pairs = nrow(pairs))
  held <- with_seed(seed, list(
    as_assumed = hold_as_assumed(n[["providers"]], n[["pairs"]], draws),
    as_observed = hold_as_observed(by_provider, draws)
  ))
  normal <- "Independent differences of %d %s from a normal distribution."
  independent <- list(
    agreement_typical_of_providers =
      sprintf("Independent distances of %d providers from an exponential distribution.", n[["providers"]]),
    agreement_median_of_providers = sprintf(normal, n[["providers"]], "providers"),
    agreement_mean_of_providers = sprintf(normal, n[["providers"]], "providers"),
    agreement_limits_of_pairs = sprintf(normal, n[["pairs"]], "pairs, and of a new one,"),
    agreement_sign_share =
      sprintf("Independent signs of %d providers, each positive with probability %s.", n[["providers"]], assumed_share)
  )
  observed <- paste(
    "As many providers as observed, drawn from them with replacement, each with as many of its years, likewise drawn:",
    "ties, long tails and likeness within a provider are as in the data."
  )
  rows <- lapply(names(independent), function(id) {
    last <- if (id == "agreement_limits_of_pairs") " The pair to come is drawn from all." else ""
    rbind(
      coverage_row(id, "as_assumed", held$as_assumed[[id]], seed, independent[[id]]),
      coverage_row(id, "as_observed", held$as_observed[[id]], seed, paste0(observed, last))
    )
  })
  do.call(rbind, rows)
}
