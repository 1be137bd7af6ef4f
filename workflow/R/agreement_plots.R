# Plots of how providers and the clearinghouse differ.

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
