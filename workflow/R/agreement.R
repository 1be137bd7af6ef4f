# Whether providers and the clearinghouse count the same: differences, limits of agreement, signs.
#
# Differences are NCMEC's count less the provider's, over the mean of both, as in Bland and Altman's plot.

#' Differences of the comparable pairs.
#'
#' @param pairs Data frame with `provider`, `year`, `provider_reports`, `ncmec_reports` (counts), `is_comparable`.
#' @return One row per comparable pair, with `mean_reports`, `difference` (counts), `relative_difference` (share of
#'   the mean) and `log_ratio` (natural logarithm).
agreement_pairs <- function(pairs) {
  pairs <- pairs[pairs$is_comparable, ]
  pairs$mean_reports <- (pairs$ncmec_reports + pairs$provider_reports) / 2
  pairs$difference <- pairs$ncmec_reports - pairs$provider_reports
  pairs$relative_difference <- pairs$difference / pairs$mean_reports
  pairs$log_ratio <- log(pairs$ncmec_reports / pairs$provider_reports)
  pairs
}

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

#' Relative differences on an axis that is linear near zero and logarithmic beyond: a percent and a doubling both show.
scale_y_difference <- function() {
  ggplot2::scale_y_continuous(
    trans = scales::pseudo_log_trans(sigma = 0.005, base = 10),
    breaks = c(-2, -0.2, -0.02, 0, 0.02, 0.2, 2), limits = c(-3.5, 3.5),
    labels = function(at) sub("-", "\u2212", paste0(100 * at, "%"))
  )
}

#' Ten, a thousand, a hundred thousand and so on within limits: as many labels as a narrow panel has room for.
odd_decades <- function(limits) {
  powers <- seq(1, max(1, floor(log10(limits[2]))), by = 2)
  # at the very edge a label would run into the next panel's
  10^powers[10^powers >= limits[1] & 10^powers <= limits[2] / 2]
}

#' Bland and Altman plots in a grid, one panel per provider, all on one scale.
#'
#' @param pairs From `agreement_pairs`, with a column `name`.
#' @param summary One row of `agreement_summary`: its limits are shaded in every panel.
plot_agreement_grid <- function(pairs, summary) {
  accent <- look_color("accent")
  pairs$name <- stats::reorder(pairs$name, -abs(pairs$relative_difference), FUN = min)
  pairs$label <- ifelse(pairs$difference == 0, NA, pairs$year)
  ggplot2::ggplot(pairs, ggplot2::aes(mean_reports, relative_difference)) +
    ggplot2::geom_rect(
      data = summary, ggplot2::aes(ymin = limit_low, ymax = limit_high), xmin = -Inf, xmax = Inf,
      fill = look_color("panel"), inherit.aes = FALSE
    ) +
    ggplot2::geom_hline(yintercept = 0, color = look_color("muted"), linewidth = 0.3) +
    ggplot2::geom_point(color = accent, size = 1.4) +
    ggplot2::geom_text(
      ggplot2::aes(label = label, vjust = ifelse(relative_difference < 0, 1.9, -0.9)),
      size = 2.4, color = look_color("muted"), family = look()$fonts$sans, check_overlap = TRUE, na.rm = TRUE
    ) +
    ggplot2::facet_wrap(ggplot2::vars(name), ncol = 3) +
    ggplot2::scale_x_log10(
      labels = scales::label_comma(), breaks = odd_decades, expand = ggplot2::expansion(mult = 0.12)
    ) +
    scale_y_difference() +
    ggplot2::labs(
      x = "Mean of both counts, reports per year (log scale)",
      y = "NCMEC less provider, share of mean (log scale beyond 1%)"
    ) +
    theme_countback()
}

#' One Bland and Altman plot of all pairs, with bias and limits.
#'
#' @param pairs From `agreement_pairs`.
#' @param summary One row of `agreement_summary`.
plot_agreement <- function(pairs, summary) {
  accent <- look_color("accent")
  lines <- data.frame(
    at = c(summary$limit_high, summary$bias, summary$limit_low), name = c("upper limit", "bias", "lower limit")
  )
  lines$label <- sub("-", "\u2212", sprintf("%s %.1f%%", lines$name, 100 * lines$at))
  ggplot2::ggplot(pairs, ggplot2::aes(mean_reports, relative_difference)) +
    ggplot2::geom_hline(yintercept = 0, color = look_color("muted"), linewidth = 0.3) +
    ggplot2::geom_hline(
      data = lines, ggplot2::aes(yintercept = at), color = accent, linewidth = 0.4, linetype = "22"
    ) +
    ggplot2::geom_text(
      data = lines, ggplot2::aes(x = min(pairs$mean_reports), y = at, label = label),
      hjust = 0, vjust = -0.5, size = 2.6, color = accent, family = look()$fonts$sans
    ) +
    ggplot2::geom_point(color = look_color("ink"), size = 1.4, alpha = 0.7) +
    ggplot2::scale_x_log10(labels = scales::label_comma()) +
    ggplot2::scale_y_continuous(labels = function(at) sub("-", "\u2212", paste0(100 * at, "%"))) +
    ggplot2::labs(
      x = "Mean of both counts, reports per year (log scale)", y = "NCMEC less provider, share of their mean"
    ) +
    theme_countback()
}
