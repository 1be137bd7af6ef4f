# Figures on jurisdictions and states.

places_shown <- 30
labels_shown <- 8

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

#' What the funnel plot shows: the places of the last year, with those marked that get a name.
#'
#' @param ranks Table `jurisdiction_ranks`.
funnel_data <- function(ranks) {
  last <- ranks[ranks$year == max(ranks$year), ]
  is_named <- last$rank <= labels_shown / 2 | last$rank > nrow(last) - labels_shown / 4 |
    rank(-last$population) <= labels_shown / 2
  data.frame(last[c(
    "iso3", "name", "year", "population", "reports_per_100k", "funnel_low_per_100k", "funnel_high_per_100k",
    "is_outside_funnel"
  )], is_named = is_named)
}

#' Funnel plot: rates against population, with what chance would allow around the common rate.
#'
#' @param data From `funnel_data`.
#' @param common_rate Rate of all places together, per 100,000.
plot_funnel <- function(data, common_rate) {
  people <- 10^seq(log10(min(data$population)), log10(max(data$population)), length.out = 200)
  limits <- data.frame(
    population = people, low = stats::qpois(0.025, people * common_rate / 1e5) / people * 1e5,
    high = stats::qpois(0.975, people * common_rate / 1e5) / people * 1e5
  )
  floor_rate <- min(data$reports_per_100k) / 2
  limits$low <- pmax(limits$low, floor_rate)
  words <- "What chance alone would allow"
  note <- data.frame(population = people[1], reports_per_100k = 2 * limits$high[1], label = words)
  ggplot2::ggplot(data, ggplot2::aes(population, reports_per_100k)) +
    ggplot2::geom_ribbon(
      data = limits, ggplot2::aes(x = population, ymin = low, ymax = high),
      fill = look_color("line"), inherit.aes = FALSE
    ) +
    ggplot2::geom_text(
      data = note, ggplot2::aes(label = label),
      hjust = 0, size = 2.5, color = look_color("muted"), family = look()$fonts$sans
    ) +
    ggplot2::geom_hline(yintercept = common_rate, color = look_color("muted"), linewidth = 0.3) +
    ggplot2::geom_point(
      ggplot2::aes(color = is_outside_funnel), size = 1.2, stroke = 0, alpha = 0.75
    ) +
    ggplot2::geom_text(
      data = data[data$is_named, ], ggplot2::aes(label = name), vjust = -0.8, size = 2.5,
      color = look_color("ink"), family = look()$fonts$sans, check_overlap = TRUE
    ) +
    ggplot2::scale_color_manual(values = c("FALSE" = look_color("ink"), "TRUE" = look_color("accent"))) +
    ggplot2::scale_x_log10(labels = axis_numbers, breaks = 10^(3:9)) +
    ggplot2::scale_y_log10(labels = axis_numbers, breaks = 10^(-6:5)) +
    ggplot2::coord_cartesian(ylim = c(floor_rate, 2 * max(data$reports_per_100k)), clip = "off") +
    ggplot2::labs(x = "Population (log scale)", y = "Reports per 100,000 people (log scale)") +
    theme_countback()
}

#' What the figure of ranks shows: the first places by shrunken rank, with their crude rank of each year that means the
#' same as the last.
#'
#' @param breaks Breaks of the table by country.
rank_data <- function(ranks, breaks) {
  ranks <- ranks[segments(ranks$year, breaks) == max(segments(ranks$year, breaks)), ]
  last <- ranks[ranks$year == max(ranks$year), ]
  first <- last[last$shrunken_rank <= places_shown, c("iso3", "name", "shrunken_rank", "rank_low", "rank_high")]
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
  accent <- look_color("accent")
  ggplot2::ggplot(place, ggplot2::aes(y = name)) +
    ggplot2::geom_segment(
      ggplot2::aes(x = rank_low, xend = rank_high, yend = name), color = accent, alpha = 0.35, linewidth = 2
    ) +
    ggplot2::geom_point(
      data = crude, ggplot2::aes(x = rank), color = look_color("ink"), size = 0.9, alpha = 0.6, stroke = 0
    ) +
    ggplot2::geom_point(ggplot2::aes(x = shrunken_rank), color = accent, size = 2, shape = 18) +
    ggplot2::scale_x_continuous(
      breaks = c(1, 10 * seq_len(worst %/% 10)), limits = c(1, worst), position = "top",
      expand = ggplot2::expansion(mult = 0.02)
    ) +
    ggplot2::labs(x = "Rank by reports per person", y = NULL) +
    theme_countback() +
    ggplot2::theme(
      panel.grid.major.y = ggplot2::element_blank(), axis.text.y = ggplot2::element_text(size = ggplot2::rel(0.85))
    )
}

#' What the figure of continents shows, the Arab League beside them.
continent_data <- function(areas) {
  kept <- areas[areas$kind %in% c("continent", "group") & !is.na(areas$reports_per_100k), ]
  kept[order(kept$kind, kept$area, kept$year), c("kind", "area", "year", "reports_per_100k")]
}

#' Reports per person by continent and year, the lines named at their ends.
#'
#' @param data From `continent_data`.
#' @param breaks Breaks of the table by country: no line is drawn across.
plot_continents <- function(data, breaks) {
  years <- sort(unique(data$year))
  ends <- data[data$year == max(years), ]
  ends$at <- spread_apart(ends$reports_per_100k, gap = 0.055 * max(data$reports_per_100k))
  names <- sort(unique(data$area[data$kind == "continent"]))
  colors <- stats::setNames(rep_len(unlist(look()$colors$series), length(names)), names)
  groups <- unique(data$area[data$kind == "group"])
  colors <- c(colors, stats::setNames(rep(look_color("context"), length(groups)), groups))
  ggplot2::ggplot(data, ggplot2::aes(year, reports_per_100k, color = area, group = area)) +
    break_marks(breaks, years) +
    ggplot2::geom_line(
      ggplot2::aes(linetype = kind, group = paste(area, segments(year, breaks))),
      linewidth = 0.6
    ) +
    ggplot2::geom_point(size = 1.3, stroke = 0) +
    # labels are spread apart, so that each needs a line to its own end
    ggplot2::geom_segment(
      data = ends, ggplot2::aes(x = year + 0.03, xend = year + 0.12, yend = at), linewidth = 0.3
    ) +
    ggplot2::geom_text(
      data = ends, ggplot2::aes(x = year + 0.15, y = at, label = paste(area, axis_numbers(round(reports_per_100k)))),
      hjust = 0, size = 2.6, color = look_color("ink"), family = look()$fonts$sans
    ) +
    ggplot2::scale_color_manual(values = colors) +
    ggplot2::scale_linetype_manual(values = c(continent = "solid", group = "22")) +
    ggplot2::scale_x_continuous(breaks = years, limits = c(min(years), max(years) + 0.4 * length(years))) +
    ggplot2::scale_y_continuous(
      labels = axis_numbers, limits = c(0, NA), expand = ggplot2::expansion(mult = c(0, 0.05))
    ) +
    ggplot2::labs(x = NULL, y = "Reports per 100,000 people") +
    theme_countback() +
    ggplot2::theme(panel.grid.major.x = ggplot2::element_blank())
}

#' Dot plot of states, in two columns by rank.
#'
#' @param data Table `state_ranks`, one year.
plot_states <- function(data) {
  data <- data[order(data$rank, data$state), ]
  half <- ceiling(nrow(data) / 2)
  column <- (seq_len(nrow(data)) - 1) %/% half
  spans <- vapply(split(seq_len(nrow(data)), column), function(at) sprintf("Ranks %d to %d", min(at), max(at)), "")
  data$column <- factor(spans[as.character(column)], levels = spans)
  data$label <- factor(data$state, levels = rev(data$state))
  common <- sum(data$reports) / sum(data$population) * 1e5
  ggplot2::ggplot(data, ggplot2::aes(reports_per_100k, label)) +
    ggplot2::geom_vline(xintercept = common, color = look_color("context"), linewidth = 0.4) +
    ggplot2::geom_segment(
      ggplot2::aes(x = funnel_low_per_100k, xend = funnel_high_per_100k, yend = label), color = look_color("line"),
      linewidth = 2
    ) +
    ggplot2::geom_point(color = look_color("accent"), size = 1.6, stroke = 0) +
    ggplot2::facet_wrap(ggplot2::vars(column), scales = "free_y") +
    ggplot2::scale_x_continuous(limits = c(0, NA), expand = ggplot2::expansion(mult = c(0, 0.05))) +
    ggplot2::labs(x = "Reports per 100,000 people", y = NULL) +
    theme_countback() +
    ggplot2::theme(
      panel.grid.major.y = ggplot2::element_blank(), axis.text.y = ggplot2::element_text(size = ggplot2::rel(0.85)),
      panel.spacing = ggplot2::unit(14, "pt")
    )
}
