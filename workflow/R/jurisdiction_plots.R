# Figures on jurisdictions and states.

labels_shown <- 8
# of the funnel's names and dots, in powers of ten on its axes: width of a letter, height of a line, half a dot, room
# between a dot's middle and its name
name_sizes <- list(letter = 0.056, height = 0.1, dot = 0.03, aside = 0.06)

#' Positions moved apart, in their order, until neighbors are `gap` away.
#'
#' @param positions Numbers in any order.
spread_apart <- function(positions, gap) {
  order_of <- order(positions)
  moved <- positions[order_of]
  for (round in seq_len(200)) {
    overlap <- pmax(0, gap - diff(moved))
    if (all(overlap < 1e-9)) break
    moved <- moved + (c(0, overlap) - c(overlap, 0)) / 2
  }
  positions[order_of] <- moved
  positions
}

#' Numbers as "1,000" on an axis; "0.5" stays as it is.
axis_numbers <- function(at) {
  vapply(at, function(number) {
    if (is.na(number)) {
      return(NA_character_)
    }
    format(number, big.mark = ",", scientific = FALSE, drop0trailing = TRUE, trim = TRUE)
  }, "")
}

#' What the funnel plot shows: the places of the last year, with those marked that get a name, and the rate of all.
#'
#' A few places far below all others would set the scale: they are marked, and drawn at its foot.
#'
#' @param ranks Table `jurisdiction_ranks`.
funnel_data <- function(ranks) {
  last <- ranks[ranks$year == max(ranks$year), ]
  lowest <- 10^floor(log10(stats::quantile(last$reports_per_100k, 0.02, names = FALSE)))
  is_named <- last$rank <= labels_shown / 2 | last$rank > nrow(last) - labels_shown / 4 |
    rank(-last$population) <= labels_shown / 2
  data.frame(
    last[c(
      "iso3", "name", "year", "population", "reports_per_100k", "funnel_low_per_100k", "funnel_high_per_100k",
      "is_outside_funnel"
    )],
    common_per_100k = sum(last$reports) / sum(last$population) * 1e5, is_named = is_named,
    is_below_scale = last$reports_per_100k < lowest
  )
}

#' What the signs of the funnel plot mean.
#'
#' @param data From `funnel_data`.
funnel_note <- function(data) {
  note <- sprintf(
    "Line: the rate of all places, %s; rings: places within what chance alone would allow.",
    axis_numbers(round(data$common_per_100k[1]))
  )
  if (any(data$is_below_scale)) paste(note, "Triangles: places below the scale, with their rates.") else note
}

#' What chance would allow around the rate of all places, and that rate.
#'
#' @param data From `funnel_data`; `lowest` is the foot of the scale.
funnel_ground <- function(data, lowest) {
  limits <- data[order(data$population), ]
  limits$low <- pmax(limits$funnel_low_per_100k, lowest)
  common <- data$common_per_100k[1]
  note <- data.frame(
    population = min(data$population), at = 1.6 * max(limits$funnel_high_per_100k),
    label = "What chance alone would allow"
  )
  list(
    ggplot2::geom_ribbon(
      data = limits, ggplot2::aes(x = population, ymin = low, ymax = funnel_high_per_100k),
      fill = look_color("line"), inherit.aes = FALSE
    ),
    ggplot2::geom_hline(yintercept = common, color = look_color("muted"), linewidth = 0.4),
    drawn_text(
      ggplot2::aes(population, at, label = label),
      data = note, hjust = 0, color = look_color("muted"), inherit.aes = FALSE
    )
  )
}

#' Where the names of marked places stand: beside their dot, where neither dots nor names nor the line are in the way.
#'
#' @param data From `funnel_data`, without places below the scale.
#' @return Rows of the places whose name finds room, the most populous first, with `label_x`, `label_y` and `hjust`.
funnel_names <- function(data) {
  dots <- list(x = log10(data$population), y = log10(data$reports_per_100k))
  line <- log10(data$common_per_100k[1])
  named <- data[data$is_named, ]
  named <- named[order(-named$population), ]
  taken <- data.frame(x = numeric(), y = numeric(), half = numeric(), hjust = numeric(), row = integer())
  for (row in seq_len(nrow(named))) {
    half <- name_sizes$letter * nchar(named$name[row]) / 2
    own <- log10(c(named$population[row], named$reports_per_100k[row]))
    tried <- funnel_sides(own[1], own[2], half, line)
    is_free <- vapply(seq_len(nrow(tried)), function(at) {
      away <- abs(tried$y[at] - c(dots$y, taken$y))
      beside <- abs(tried$x[at] - c(dots$x, taken$x)) - c(0 * dots$x, taken$half)
      height <- rep(name_sizes$height * c(0.5, 1), c(length(dots$y), nrow(taken)))
      # as far from other dots as from its own at least, so that it is not read as theirs
      room <- 0.99 * name_sizes$aside * (dots$x != own[1] | dots$y != own[2])
      room <- c(room, rep(name_sizes$dot, nrow(taken)))
      abs(tried$y[at] - line) > name_sizes$height / 2 && !any(away < height + room & beside < half + room)
    }, NA)
    if (any(is_free)) taken <- rbind(taken, cbind(tried[which(is_free)[1], ], half = half, row = row))
  }
  at <- taken$x + (2 * taken$hjust - 1) * taken$half
  cbind(named[taken$row, ], label_x = 10^at, label_y = 10^taken$y, hjust = taken$hjust)
}

#' Places around a dot for the middle of its name: first beside the dot, then away from the line, then toward it.
funnel_sides <- function(x, y, half, line) {
  away <- if (y < line) -1 else 1
  step <- name_sizes$height / 2 + name_sizes$aside
  aside <- half + name_sizes$aside
  data.frame(
    x = x + aside * c(1, -1, 0, 0.8, -0.8, 0), y = y + step * c(0, 0, away, away, away, -away),
    hjust = c(0, 1, 0.5, 0.5, 0.5, 0.5)
  )
}

#' Funnel plot: rates against population, with what chance would allow around the common rate.
#'
#' @param data From `funnel_data`.
plot_funnel <- function(data) {
  within <- data[!data$is_below_scale, ]
  lowest <- 10^floor(log10(min(within$reports_per_100k)))
  below <- data[data$is_below_scale, ]
  below$label <- paste(below$name, axis_numbers(signif(below$reports_per_100k, 2)))
  ggplot2::ggplot(within, ggplot2::aes(population, reports_per_100k)) +
    funnel_ground(data, lowest) +
    ggplot2::geom_point(
      ggplot2::aes(color = is_outside_funnel, shape = is_outside_funnel),
      size = 1.4, alpha = 0.8
    ) +
    ggplot2::geom_point(data = below, y = log10(lowest), shape = 25, fill = look_color("accent"), size = 1.5) +
    # above the triangle, to its left where the panel ends
    drawn_text(
      ggplot2::aes(label = label, hjust = ifelse(population > max(data$population) / 10, 1, 0)),
      data = below, y = log10(lowest), vjust = -0.9
    ) +
    drawn_text(
      ggplot2::aes(label_x, label_y, label = name, hjust = hjust),
      data = funnel_names(within), color = look_color("ink")
    ) +
    ggplot2::scale_color_manual(values = c("FALSE" = look_color("ink"), "TRUE" = look_color("accent"))) +
    ggplot2::scale_shape_manual(values = c("FALSE" = 1, "TRUE" = 16)) +
    ggplot2::scale_x_log10(
      labels = axis_numbers, breaks = 10^(3:9), expand = ggplot2::expansion(mult = c(0.03, 0.16))
    ) +
    ggplot2::scale_y_log10(labels = axis_numbers, breaks = 10^(-6:5)) +
    ggplot2::coord_cartesian(ylim = c(lowest, 2 * max(data$reports_per_100k)), clip = "off") +
    ggplot2::labs(x = "Population (log scale)", y = "Reports per 100,000 people (log scale)") +
    theme_countback()
}

#' What the figure of ranks shows: the first places by shrunken rank, with their crude rank of each year that means the
#' same as the last.
#'
#' @param breaks Breaks of the table by country.
#' @param n_places How many places: as many as the table beside the figure has.
rank_data <- function(ranks, breaks, n_places) {
  ranks <- ranks[segments(ranks$year, breaks) == max(segments(ranks$year, breaks)), ]
  last <- ranks[ranks$year == max(ranks$year), ]
  first <- last[last$shrunken_rank <= n_places, c("iso3", "name", "shrunken_rank", "rank_low", "rank_high")]
  crude <- ranks[c("iso3", "year", "rank")]
  data <- merge(first, crude, by = "iso3")
  data[order(data$shrunken_rank, data$year), ]
}

#' Shrunken ranks with their intervals, and crude ranks of all years behind them.
#'
#' @param data From `rank_data`.
plot_ranks <- function(data) {
  data$name <- factor(data$name, levels = rev(unique(data$name)))
  place <- data[!duplicated(data$iso3), ]
  worst <- max(data$rank_high) + 5
  crude <- data[data$rank <= worst, ]
  ggplot2::ggplot(place, ggplot2::aes(y = name)) +
    ggplot2::geom_segment(
      ggplot2::aes(x = rank_low, xend = rank_high, yend = name),
      color = look_color("accent"), alpha = 0.6, linewidth = 2.2
    ) +
    ggplot2::geom_point(
      data = crude, ggplot2::aes(x = rank), color = look_color("ink"), size = 1.1, alpha = 0.6, stroke = 0
    ) +
    ggplot2::geom_point(
      ggplot2::aes(x = shrunken_rank),
      color = look_color("paper"), fill = look_color("accent"), size = 2.6, shape = 23, stroke = 0.5
    ) +
    ggplot2::scale_x_continuous(
      breaks = c(1, 10 * seq_len(worst %/% 10)), limits = c(1, worst), position = "top",
      expand = ggplot2::expansion(mult = 0.02)
    ) +
    ggplot2::labs(x = "Rank by reports per person", y = NULL) +
    theme_countback() +
    ggplot2::theme(
      panel.grid.major.y = ggplot2::element_blank(), axis.text.y = ggplot2::element_text(color = look_color("ink"))
    )
}

#' What the figure of continents shows.
continent_data <- function(areas) {
  kept <- areas[areas$kind == "continent" & !is.na(areas$reports_per_100k), ]
  kept[order(kept$area, kept$year), c("area", "year", "reports_per_100k")]
}

#' Reports per person by continent and year, each in a panel of its own before the lines of the others.
#'
#' @param data From `continent_data`.
#' @param breaks Breaks of the table by country: no line is drawn across.
plot_continents <- function(data, breaks) {
  years <- sort(unique(data$year))
  data$run <- segments(data$year, breaks)
  ends <- data[data$year == max(years), ]
  order_of <- ends$area[order(-ends$reports_per_100k)]
  others <- transform(data, other = area, area = NULL)
  data$area <- factor(data$area, levels = order_of)
  ends$area <- factor(ends$area, levels = order_of)
  line <- function(rows, group, ...) {
    ggplot2::geom_line(ggplot2::aes(group = paste(.data[[group]], run)), data = rows, ...)
  }
  ggplot2::ggplot(data, ggplot2::aes(year, reports_per_100k)) +
    break_marks(breaks, years) +
    line(others, "other", color = look_color("context"), linewidth = 0.3) +
    line(data, "area", color = look_color("accent"), linewidth = 0.9) +
    ggplot2::geom_point(color = look_color("accent"), size = 1.5, stroke = 0) +
    drawn_text(
      ggplot2::aes(label = axis_numbers(round(reports_per_100k))),
      data = ends, hjust = 0, nudge_x = 0.15, color = look_color("ink")
    ) +
    ggplot2::facet_wrap(ggplot2::vars(area), ncol = 3, labeller = ggplot2::label_wrap_gen(20)) +
    ggplot2::scale_x_continuous(
      breaks = years[c(TRUE, rep(FALSE, max(1, length(years) - 2)), TRUE)[seq_along(years)]],
      limits = c(min(years), max(years) + 0.25 * (length(years) - 1))
    ) +
    ggplot2::scale_y_continuous(
      labels = axis_numbers, limits = c(0, NA), expand = ggplot2::expansion(mult = c(0, 0.08))
    ) +
    ggplot2::labs(x = NULL, y = "Reports per 100,000 people") +
    theme_countback() +
    ggplot2::theme(
      panel.grid.major.x = ggplot2::element_blank(), panel.spacing = ggplot2::unit(12, "pt"),
      strip.text = ggplot2::element_text(vjust = 0)
    )
}

#' What the figure of states shows: one year, with the names of states and the rate of all of them.
#'
#' @param ranks Table `state_ranks`.
state_data <- function(ranks) {
  data <- ranks[ranks$year == max(ranks$year), ]
  data$name <- state_names(data$state)
  data$common_per_100k <- sum(data$reports) / sum(data$population) * 1e5
  data[order(data$rank, data$name), ]
}

#' What the signs of the figure of states mean.
#'
#' @param data From `state_data`.
state_note <- function(data) {
  sprintf(
    "Line: the rate of all states, %s; gray bars: what chance alone would allow around it.",
    axis_numbers(round(data$common_per_100k[1]))
  )
}

#' Dot plot of states, in two columns by rank, with the rate of each in figures.
#'
#' @param data From `state_data`.
plot_states <- function(data) {
  column <- (seq_len(nrow(data)) - 1) %/% ceiling(nrow(data) / 2)
  spans <- vapply(split(seq_len(nrow(data)), column), function(at) sprintf("Ranks %d to %d", min(at), max(at)), "")
  data$column <- factor(spans[as.character(column)], levels = spans)
  data$name <- factor(data$name, levels = rev(data$name))
  ends <- range(0, pretty(c(0, data$reports_per_100k)))
  ggplot2::ggplot(data, ggplot2::aes(reports_per_100k, name)) +
    ggplot2::geom_vline(xintercept = data$common_per_100k[1], color = look_color("muted"), linewidth = 0.4) +
    ggplot2::geom_segment(
      ggplot2::aes(x = funnel_low_per_100k, xend = funnel_high_per_100k, yend = name),
      color = look_color("context"), linewidth = 2.2
    ) +
    ggplot2::geom_point(color = look_color("accent"), size = 1.9, stroke = 0) +
    drawn_text(
      ggplot2::aes(x = Inf, label = axis_numbers(round(reports_per_100k))),
      hjust = 1, color = look_color("muted")
    ) +
    ggplot2::facet_wrap(ggplot2::vars(column), scales = "free_y") +
    ggplot2::coord_cartesian(clip = "off") +
    ggplot2::scale_x_continuous(
      limits = ends, breaks = pretty(ends), expand = ggplot2::expansion(mult = c(0, 0.1))
    ) +
    ggplot2::labs(x = "Reports per 100,000 people", y = NULL) +
    theme_countback() +
    ggplot2::theme(
      panel.grid.major.y = ggplot2::element_blank(), axis.text.y = ggplot2::element_text(color = look_color("ink")),
      panel.spacing = ggplot2::unit(14, "pt")
    )
}
