# Whether providers and the clearinghouse count the same: differences, limits of agreement, signs.
#
# Differences are NCMEC's count less the provider's, over the mean of both, as in Bland and Altman's plot.

#' Differences of the comparable pairs.
#'
#' @param pairs Data frame with `provider`, `year`, `provider_reports`, `ncmec_reports` (counts), `is_comparable`.
#' @return One row per comparable pair, with `mean_reports`, `difference` (counts), `relative_difference` (share of
#'   the mean) and `log_ratio` (natural logarithm; missing where one of the counts is zero).
agreement_pairs <- function(pairs) {
  pairs <- pairs[pairs$is_comparable, ]
  pairs$mean_reports <- (pairs$ncmec_reports + pairs$provider_reports) / 2
  pairs$difference <- pairs$ncmec_reports - pairs$provider_reports
  pairs$relative_difference <- pairs$difference / pairs$mean_reports
  pairs$log_ratio <- log(pairs$ncmec_reports / pairs$provider_reports)
  pairs$log_ratio[!is.finite(pairs$log_ratio)] <- NA
  pairs
}

#' Pairs whose ratio is a number: one count of zero is infinitely far from any other.
with_ratio <- function(pairs) pairs[!is.na(pairs$log_ratio), ]

#' Bias and limits of agreement of relative differences, each with a 95% interval.
#'
#' The intervals take pairs as independent. Pairs of one provider are not, so the mean over providers, each counted
#' once, stands beside the bias.
#'
#' @param pairs From `agreement_pairs`, two rows or more of two providers or more.
#' @return One row: numbers of pairs, median, bias with its t interval, limits at 1.96 standard deviations with the
#'   half-width of their intervals, mean over providers with its t interval.
#' @source Bland and Altman, Statistical methods for assessing agreement, Lancet 327 (1986).
agreement_summary <- function(pairs, subset = "all") {
  relative <- pairs$relative_difference
  n <- length(relative)
  bias <- mean_interval(relative)
  spread <- stats::sd(relative)
  providers <- mean_interval(tapply(relative, pairs$provider, mean))
  data.frame(
    subset = subset, n_pairs = n, n_providers = length(unique(pairs$provider)),
    n_equal = sum(pairs$difference == 0),
    n_within_1_percent = sum(abs(relative) <= 0.01), n_within_5_percent = sum(abs(relative) <= 0.05),
    median = stats::median(relative), bias = bias[1], bias_low = bias[2], bias_high = bias[3],
    limit_low = bias[1] - 1.96 * spread, limit_high = bias[1] + 1.96 * spread,
    limit_margin = stats::qt(0.975, n - 1) * spread * sqrt(1 / n + 1.96^2 / (2 * (n - 1))),
    provider_bias = providers[1], provider_bias_low = providers[2], provider_bias_high = providers[3]
  )
}

#' A mean with its 95% t interval: estimate, lower end, upper end; one value has no interval.
mean_interval <- function(values) {
  n <- length(values)
  margin <- if (n > 1) stats::qt(0.975, n - 1) * stats::sd(values) / sqrt(n) else NA_real_
  c(mean(values), mean(values) - margin, mean(values) + margin)
}

#' Sign test: how often one side counts more than the other, ties left out.
#'
#' @param differences Numbers whose signs are counted.
#' @return One row: n, positives, negatives, ties, share of positives, exact binomial p, one-sided (more positives)
#'   and two-sided; p is missing where all are ties.
sign_test <- function(differences, subset, unit_of_analysis) {
  positive <- sum(differences > 0)
  negative <- sum(differences < 0)
  decided <- positive + negative
  p <- function(alternative) {
    if (decided == 0) NA_real_ else stats::binom.test(positive, decided, alternative = alternative)$p.value
  }
  data.frame(
    subset = subset, unit_of_analysis = unit_of_analysis, n = length(differences), n_positive = positive,
    n_negative = negative, n_ties = sum(differences == 0),
    positive_share = if (decided == 0) NA_real_ else positive / decided,
    p_one_sided = p("greater"), p_two_sided = p("two.sided")
  )
}

#' Sign tests per pair and per provider; pairs of one provider are not independent, providers rather are.
agreement_signs <- function(pairs, subset = "all") {
  means <- tapply(pairs$relative_difference, pairs$provider, mean)
  # a mean of differences that cancel out is a tie, not a rounding error's sign
  means[abs(means) < 1e-12] <- 0
  rbind(sign_test(pairs$difference, subset, "pair"), sign_test(means, subset, "provider"))
}

#' A result for all pairs, and again without each set of providers.
#'
#' @param without List of character vectors: providers to leave out together.
#' @param analyse Function of pairs and the subset's name that returns rows.
for_subsets <- function(pairs, without, analyse) {
  unknown <- setdiff(unlist(without), pairs$provider)
  if (length(unknown) > 0) {
    stop(sprintf(
      "agreement.without: found %s, expected providers with comparable pairs: %s. Correct config/config.yaml.",
      paste(unknown, collapse = ", "), paste(unique(pairs$provider), collapse = ", ")
    ), call. = FALSE)
  }
  rows <- list(analyse(pairs, "all"))
  for (left_out in without) {
    kept <- pairs[!pairs$provider %in% unlist(left_out), ]
    rows <- c(rows, list(analyse(kept, paste("without", paste(unlist(left_out), collapse = " and ")))))
  }
  do.call(rbind, rows)
}
