# The plot of all pairs together, by Bland and Altman's method.

# height of a line of text, on the axis of relative differences; width of a name and year, in powers of ten
line_height <- 0.3
name_decades <- 0.95

#' What the plot shows: the pairs, and on each of them the bias and the limits, which are drawn as lines.
#'
#' @param pairs From `agreement_pairs`, with a column `name`.
#' @param summary One row of `agreement_summary`.
pooled_data <- function(pairs, summary) {
  columns <- c("provider", "name", "year", "mean_reports", "relative_difference", "relative_low", "relative_high")
  cbind(pairs[intersect(columns, names(pairs))], summary[c("bias", "limit_low", "limit_high")], row.names = NULL)
}

#' What the foot of the plot says of rings: how much rounding leaves open. It is missing where no count is rounded.
pooled_note <- function(data) {
  open <- max(0, data$relative_high - data$relative_low)
  if (open == 0) {
    return(NULL)
  }
  sprintf("Rings: pairs with a rounded count, which leaves open at most %s of the mean.", percent_text(open, 1))
}

#' Pairs far apart, with the name and year that a plot prints beside them; none where pairs have no names.
#'
#' @return Their rows with `label` and its height `at`: off the line of zero, and above or below other labels; and its
#'   `side`, 1 right of the dot, or -1 where it would lie on another.
far_labels <- function(pairs) {
  far <- pairs[abs(pairs$relative_difference) > 0.05, ]
  far$label <- if (is.null(far$name)) character(nrow(far)) else paste(far$name, far$year)
  far <- far[far$label != "", ]
  far <- far[order(abs(far$relative_difference)), ]
  far$at <- sign(far$relative_difference) * pmax(abs(far$relative_difference), 1.1 * line_height)
  for (row in seq_len(nrow(far))[-1]) {
    before <- far[seq_len(row - 1), ]
    is_beside <- abs(log10(before$mean_reports / far$mean_reports[row])) < name_decades
    taken <- abs(before$at[is_beside & sign(before$at) == sign(far$at[row])])
    far$at[row] <- sign(far$at[row]) * max(abs(far$at[row]), taken + line_height)
  }
  is_taken <- vapply(seq_len(nrow(far)), function(row) {
    decades <- log10(pairs$mean_reports / far$mean_reports[row])
    any(decades > 0 & decades < name_decades & abs(pairs$relative_difference - far$at[row]) < line_height / 2)
  }, NA)
  far$side <- ifelse(is_taken, -1, 1)
  far
}

#' Names and years of pairs far apart, each with a thin line from its dot.
far_names <- function(pairs) {
  far <- far_labels(pairs)
  list(
    ggplot2::geom_segment(
      data = far, ggplot2::aes(xend = 1.15^side * mean_reports, yend = at), color = look_color("muted"),
      linewidth = 0.25
    ),
    grounded_text(
      ggplot2::aes(x = 1.15^side * mean_reports, y = at, label = label, hjust = ifelse(side > 0, 0, 1)),
      data = far, color = look_color("ink")
    )
  )
}

#' Bars for what rounding leaves of the differences of rounded counts.
rounding_bars <- function(pairs, color) {
  rounded <- pairs[pairs$relative_low < pairs$relative_high, ]
  ggplot2::geom_linerange(
    data = rounded, ggplot2::aes(ymin = relative_low, ymax = relative_high), color = color, linewidth = 0.6
  )
}

#' One Bland and Altman plot of all pairs, with bias and limits; a pair with a rounded count is a ring, and its bar,
#' where it is longer than the ring is wide, is what rounding leaves of it.
#'
#' @param data From `pooled_data`; with a column `name`, pairs more than five percent apart are named.
plot_agreement <- function(data) {
  accent <- look_color("accent")
  is_rounded <- data$relative_low < data$relative_high
  lines <- data.frame(
    at = unlist(data[1, c("limit_high", "bias", "limit_low")]), name = c("upper limit", "bias", "lower limit")
  )
  lines$label <- paste(lines$name, percent_text(lines$at, 1))
  ggplot2::ggplot(data, ggplot2::aes(mean_reports, relative_difference)) +
    ggplot2::geom_hline(yintercept = 0, color = look_color("muted"), linewidth = 0.3) +
    ggplot2::geom_hline(
      data = lines, ggplot2::aes(yintercept = at), color = accent, linewidth = 0.4, linetype = "22"
    ) +
    drawn_text(
      ggplot2::aes(x = min(data$mean_reports), y = at, label = label),
      data = lines, hjust = 0, vjust = -0.6, color = accent
    ) +
    rounding_bars(data, look_color("ink")) +
    ggplot2::geom_point(data = data[!is_rounded, ], color = look_color("ink"), size = 1.4, alpha = 0.7) +
    ggplot2::geom_point(
      data = data[is_rounded, ], color = look_color("ink"), fill = look_color("paper"), shape = 21, size = 1.8,
      stroke = 0.8
    ) +
    far_names(data) +
    ggplot2::scale_x_log10(labels = scales::label_comma()) +
    ggplot2::scale_y_continuous(labels = percent_text) +
    ggplot2::labs(
      x = "Mean of both counts, reports per year (log scale)", y = "NCMEC less provider, share of mean"
    ) +
    theme_countback()
}
