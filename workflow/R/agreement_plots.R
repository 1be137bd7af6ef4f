# Plots of how providers and the clearinghouse differ.

#' How high relative differences lie: linear near zero, logarithmic beyond, so that a percent and a doubling both show.
difference_axis <- function() scales::pseudo_log_trans(sigma = 0.005, base = 10)

scale_y_difference <- function() {
  ggplot2::scale_y_continuous(
    trans = difference_axis(),
    # 200% is the most; beyond it there is room for the years above and below dots
    breaks = c(-2, -0.2, -0.02, 0, 0.02, 0.2, 2), limits = c(-9, 9),
    labels = function(at) sub("-", "\u2212", paste0(100 * at, "%"))
  )
}

#' Ten, a thousand, a hundred thousand and so on within limits: as many labels as a narrow panel has room for.
odd_decades <- function(limits) {
  powers <- seq(1, max(1, floor(log10(limits[2]))), by = 2)
  # at the very edge a label would run into the next panel's
  10^powers[10^powers >= limits[1] & 10^powers <= limits[2] / 2]
}

#' Years of pairs that differ; none where the label would lie on the dot of a pair farther off.
#'
#' @param pairs From `agreement_pairs`, with a column `name`.
years_with_room <- function(pairs) {
  height <- difference_axis()$transform(pairs$relative_difference)
  decade <- log10(pairs$mean_reports)
  is_crowded <- vapply(seq_len(nrow(pairs)), function(i) {
    on_its_side <- pairs$name == pairs$name[i] & sign(height) == sign(height[i])
    any(on_its_side & abs(height) > abs(height[i]) & abs(height - height[i]) < 0.6 & abs(decade - decade[i]) < 0.75)
  }, TRUE)
  ifelse(pairs$difference == 0 | is_crowded, NA, pairs$year)
}

#' Bars for what rounding leaves of the differences of rounded counts.
rounding_bars <- function(pairs, color) {
  ggplot2::geom_linerange(
    data = pairs[is_rounded(pairs), ], ggplot2::aes(ymin = relative_low, ymax = relative_high), color = color,
    linewidth = 0.6, alpha = 0.6
  )
}

#' Bland and Altman plots in a grid, one panel per provider, all on one scale.
#'
#' @param pairs From `agreement_pairs`, with a column `name`.
#' @param summary One row of `agreement_summary`: its limits are shaded in every panel.
plot_agreement_grid <- function(pairs, summary) {
  accent <- look_color("accent")
  pairs$name <- stats::reorder(pairs$name, -abs(pairs$relative_difference), FUN = min)
  pairs$label <- years_with_room(pairs)
  ggplot2::ggplot(pairs, ggplot2::aes(mean_reports, relative_difference)) +
    ggplot2::geom_rect(
      data = summary, ggplot2::aes(ymin = limit_low, ymax = limit_high), xmin = -Inf, xmax = Inf,
      fill = look_color("panel"), inherit.aes = FALSE
    ) +
    ggplot2::geom_hline(yintercept = 0, color = look_color("muted"), linewidth = 0.3) +
    rounding_bars(pairs, accent) +
    ggplot2::geom_point(color = accent, size = 1.4) +
    ggplot2::geom_text(
      ggplot2::aes(label = label, vjust = ifelse(relative_difference < 0, 1.9, -0.9)),
      size = 2.4, color = look_color("muted"), family = look()$fonts$sans, check_overlap = TRUE, na.rm = TRUE
    ) +
    ggplot2::facet_wrap(ggplot2::vars(name), ncol = 3) +
    ggplot2::scale_x_log10(
      labels = scales::label_number(scale_cut = scales::cut_short_scale()), breaks = odd_decades,
      expand = ggplot2::expansion(mult = 0.12)
    ) +
    scale_y_difference() +
    ggplot2::labs(
      x = "Mean of both counts, reports per year (log scale)",
      y = "NCMEC less provider, share of mean (log scale beyond 1%)"
    ) +
    theme_countback()
}

#' Pairs far apart, with the name and year that a plot prints beside them; none where pairs have no names.
far_labels <- function(pairs) {
  far <- pairs[abs(pairs$relative_difference) > 0.05, ]
  far$label <- if (is.null(far$name)) character(nrow(far)) else paste(far$name, far$year)
  far[far$label != "", ]
}

#' One Bland and Altman plot of all pairs, with bias and limits; the bar of a pair is what rounding leaves of it.
#'
#' @param pairs From `agreement_pairs`; with a column `name`, pairs more than five percent apart are named.
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
      hjust = 0, vjust = -0.9, size = 2.6, color = accent, family = look()$fonts$sans
    ) +
    rounding_bars(pairs, look_color("ink")) +
    ggplot2::geom_point(color = look_color("ink"), size = 1.4, alpha = 0.7) +
    ggplot2::geom_text(
      data = far_labels(pairs), ggplot2::aes(label = label), hjust = 0, nudge_x = 0.08, size = 2.6,
      color = look_color("ink"), family = look()$fonts$sans
    ) +
    ggplot2::scale_x_log10(labels = scales::label_comma()) +
    ggplot2::scale_y_continuous(labels = function(at) sub("-", "\u2212", paste0(100 * at, "%"))) +
    ggplot2::labs(
      x = "Mean of both counts, reports per year (log scale)", y = "NCMEC less provider, share of their mean"
    ) +
    theme_countback()
}

#' What stands in the place of a plot that the data have nothing for.
plot_nothing <- function(text) {
  ggplot2::ggplot() +
    ggplot2::annotate("text", x = 0, y = 0, label = text, color = look_color("muted"), family = look()$fonts$sans) +
    ggplot2::theme_void()
}

#' Probability of Fisher's test against the cutoff, a step line per provider, the one with the smallest p named.
#'
#' @param cutoffs From `cutoff_tests`, with a column `name`.
plot_cutoffs <- function(cutoffs) {
  if (nrow(cutoffs) == 0) {
    return(plot_nothing("No two counts differ."))
  }
  is_lowest <- cutoffs$provider == cutoffs$provider[order(cutoffs$p)][1]
  accent <- look_color("accent")
  named <- cutoffs[is_lowest, ]
  sans <- look()$fonts$sans
  # between two cutoffs the table is that of the higher one
  step <- function(rows, ...) ggplot2::geom_step(data = rows, direction = "vh", ...)
  ggplot2::ggplot(cutoffs, ggplot2::aes(cutoff, p, group = provider)) +
    ggplot2::geom_hline(yintercept = 0.05, color = look_color("muted"), linewidth = 0.4, linetype = "22") +
    step(cutoffs[!is_lowest, ], color = look_color("context"), linewidth = 0.4) +
    step(named, color = accent, linewidth = 0.8) +
    ggplot2::geom_point(data = named, color = accent, size = 1.2) +
    ggplot2::geom_text(
      data = named[which.min(named$p), ], ggplot2::aes(label = name), hjust = -0.15, vjust = 0.9, size = 2.9,
      color = accent, family = sans
    ) +
    ggplot2::annotate(
      "text",
      x = min(cutoffs$cutoff), y = 0.05, label = "0.05", hjust = 0, vjust = 1.5, size = 2.6,
      color = look_color("muted"), family = sans
    ) +
    ggplot2::scale_x_log10(labels = function(at) paste0(prettyNum(100 * at), "%")) +
    ggplot2::scale_y_log10(labels = function(at) format(at, scientific = FALSE, drop0trailing = TRUE, trim = TRUE)) +
    ggplot2::labs(
      x = "Cutoff: relative difference from which a pair counts as far (log scale)",
      y = "p of Fisher’s test (log scale)"
    ) +
    theme_countback()
}

#' What the plot of subsets shows: the model's bias and limits, with the names of providers.
#'
#' @param models The table agreement_models.
#' @param named Function from ids of organizations to their names.
forest_data <- function(models, named) {
  rows <- models[models$unit == "ratio" & models$parameter %in% c("bias", "limit_low", "limit_high"), ]
  rows <- rows[!is.na(rows$estimate), ]
  rows$title <- vapply(strsplit(rows$subset, " "), function(words) {
    if (identical(words, "all")) {
      return("All pairs")
    }
    known <- named(words)
    title <- paste(ifelse(is.na(known), words, known), collapse = " ")
    paste0(toupper(substr(title, 1, 1)), substring(title, 2))
  }, "")
  rows[c("subset", "title", "parameter", "estimate")]
}

#' Typical ratio and limits of agreement of every subset, below each other, a line from one limit to the other.
#'
#' @param models Rows of `agreement_models` with the parameters bias, limit_low and limit_high in the unit ratio, and a
#'   column `title`.
plot_forest <- function(models) {
  if (nrow(models) == 0) {
    return(plot_nothing("No set of pairs carries the model."))
  }
  models$title <- factor(models$title, levels = rev(unique(models$title)))
  colors <- c(bias = look_color("accent"), limit_low = look_color("muted"), limit_high = look_color("muted"))
  heads <- data.frame(
    parameter = c("limit_low", "bias", "limit_high"), label = c("lower limit", "bias", "upper limit"),
    title = levels(models$title)[nlevels(models$title)]
  )
  heads$estimate <- models$estimate[models$title == heads$title[1]][match(heads$parameter, models$parameter)]
  ggplot2::ggplot(models, ggplot2::aes(estimate, title, color = parameter)) +
    ggplot2::geom_vline(xintercept = 1, color = look_color("muted"), linewidth = 0.3) +
    # a ground for the heads: no line of the grid runs through them
    ggplot2::geom_rect(
      data = heads[1, ], ymin = nlevels(models$title) + 0.35, ymax = Inf, xmin = -Inf, xmax = Inf,
      fill = look_color("paper"), inherit.aes = FALSE
    ) +
    ggplot2::geom_line(ggplot2::aes(group = title), color = look_color("line"), linewidth = 0.8) +
    ggplot2::geom_point(ggplot2::aes(shape = parameter), size = 1.8) +
    ggplot2::geom_text(
      data = heads, ggplot2::aes(label = label), nudge_y = 0.75, size = 2.7, family = look()$fonts$sans
    ) +
    ggplot2::scale_color_manual(values = colors) +
    ggplot2::scale_shape_manual(values = c(bias = 16, limit_low = 124, limit_high = 124)) +
    ggplot2::scale_x_log10(
      breaks = c(0.1, 0.2, 0.5, 1, 2, 5, 10), labels = scales::label_number(drop0trailing = TRUE)
    ) +
    ggplot2::scale_y_discrete(expand = ggplot2::expansion(add = c(0.6, 1.1))) +
    ggplot2::labs(x = "NCMEC’s count over the provider’s (log scale)", y = NULL) +
    theme_countback()
}
