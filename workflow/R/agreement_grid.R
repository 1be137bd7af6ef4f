# The figure of both counts of every pair: rows of years, below the name of their provider, in two columns.

# places in the width of a column, in points where the figure is as wide as the text
grid_places <- c(name = 0, from = 30, to = 112, provider = 166, ncmec = 213)
line_inches <- 0.155
gap_lines <- 0.5

#' What the figure shows: the pairs with the names of providers, and whether an own count is rounded or doubtful.
#'
#' @param pairs From `agreement_pairs`, with a column `name`.
grid_data <- function(pairs) {
  pairs$is_rounded <- is_rounded(pairs)
  pairs$is_doubtful <- grepl("doubtful", pairs$warnings)
  pairs[c(
    "provider", "name", "year", "provider_reports", "ncmec_reports", "difference", "relative_difference", "verdict",
    "own_provenance", "is_rounded", "is_doubtful"
  )]
}

#' What a reader of the figure must know: its scales, its signs, and where the providers' counts were read.
#'
#' @param data From `grid_data`.
#' @param near Largest relative difference of pairs that are not apart.
grid_note <- function(data, near) {
  n_compiled <- sum(data$own_provenance == "secondary")
  paste(c(
    "Each provider has a scale of its own, from zero.",
    sprintf("Bold: more than %s percent of the mean apart, small counts left aside.", 100 * near),
    if (any(data$is_rounded)) "~: rounded.", if (any(data$is_doubtful)) "?: doubtful.",
    if (n_compiled > 0) {
      sprintf("%d of the %d counts by providers were taken from a compilation.", n_compiled, nrow(data))
    }
  ), collapse = " ")
}

#' Providers with a year that is apart, with all their years; all providers where none has one.
apart_data <- function(data) {
  is_shown <- data$name %in% data$name[data$verdict == "apart"]
  if (any(is_shown)) data[is_shown, ] else data
}

#' Names of providers in the order of the figure: those with years that are apart first, the widest of all first.
grid_order <- function(data) {
  distance <- abs(data$relative_difference) + ifelse(data$verdict == "apart", 10, 0)
  names(sort(-tapply(distance, data$name, max)))
}

#' The place of each pair: its column, its line in it, and how far along the scale of its provider each count lies.
#'
#' @param data From `grid_data`.
#' @param is_narrow Whether all providers stand in one column.
#' @return The data with `column`, `head` and `line` (lines from the top; of the name and of the row) and, from zero to
#'   the largest count of the provider, `provider_at` and `ncmec_at` (places in points).
grid_layout <- function(data, is_narrow = FALSE) {
  data <- data[order(match(data$name, grid_order(data)), data$year), ]
  n_years <- table(factor(data$name, unique(data$name)))
  n_lines <- c(n_years) + 1 + gap_lines
  # the first providers go left, as many as make both columns most alike
  longest <- vapply(seq_along(n_lines), function(n) max(sum(n_lines[1:n]), sum(n_lines[-(1:n)])), 0)
  column <- ifelse(is_narrow | seq_along(n_lines) <= which.min(longest), 1, 2)
  head <- stats::ave(c(n_lines), column, FUN = cumsum) - n_lines
  data$column <- column[match(data$name, names(n_years))]
  data$head <- head[match(data$name, names(n_years))]
  data$line <- data$head + stats::ave(data$year, data$name, FUN = seq_along)
  most <- stats::ave(pmax(data$provider_reports, data$ncmec_reports, 1), data$name, FUN = max)
  along <- function(counts) grid_places[["from"]] + (grid_places[["to"]] - grid_places[["from"]]) * counts / most
  cbind(data, provider_at = along(data$provider_reports), ncmec_at = along(data$ncmec_reports))
}

#' Inches of the figure without its frame: it is as wide as the text, or as a narrow screen, and grows with the rows.
grid_inches <- function(data, is_narrow = FALSE) {
  layout <- grid_layout(data, is_narrow)
  width <- if (is_narrow) grid_places[["ncmec"]] / 72 + 0.2 else look()$figures$tall[[1]]
  c(width, line_inches * (max(layout$line) + 1 + 0.6))
}

#' Marks of both counts: a ring for the provider's, a dot for NCMEC's, joined by a line.
#'
#' @param layout From `grid_layout`.
grid_marks <- function(layout) {
  own <- unlist(look()$colors$series)[2]
  is_apart <- layout$verdict == "apart"
  list(
    ggplot2::geom_segment(
      data = layout, ggplot2::aes(x = grid_places[["from"]], xend = grid_places[["to"]], yend = line),
      color = look_color("line"), linewidth = 0.3
    ),
    ggplot2::geom_segment(
      data = layout[is_apart, ], ggplot2::aes(x = provider_at, xend = ncmec_at, yend = line),
      color = look_color("ink"), linewidth = 0.9
    ),
    ggplot2::geom_segment(
      data = layout[!is_apart, ], ggplot2::aes(x = provider_at, xend = ncmec_at, yend = line),
      color = look_color("muted"), linewidth = 0.5
    ),
    ggplot2::geom_point(
      data = layout, ggplot2::aes(x = provider_at), shape = 21, color = own, fill = look_color("paper"), size = 2.5,
      stroke = 0.9
    ),
    ggplot2::geom_point(
      data = layout, ggplot2::aes(x = ncmec_at), shape = 16, color = look_color("accent"), size = 1.5
    )
  )
}

#' The words of the figure: names, years, both counts in figures, and the heads of their columns.
#'
#' @param layout From `grid_layout`.
grid_words <- function(layout) {
  first <- layout[!duplicated(layout$name), ]
  ink <- look_color("ink")
  is_apart <- layout$verdict == "apart"
  face <- ifelse(is_apart, "bold", "plain")
  color <- ifelse(is_apart, ink, look_color("muted"))
  number <- function(at, label, hjust = 1) {
    drawn_text(
      ggplot2::aes(label = label),
      x = grid_places[[at]], hjust = hjust, data = transform(layout, label = label), fontface = face, color = color
    )
  }
  heads <- merge(data.frame(column = unique(layout$column)), data.frame(at = c("provider", "ncmec")))
  heads$label <- c(provider = "Provider", ncmec = "NCMEC")[heads$at]
  list(
    drawn_text(
      ggplot2::aes(y = head, label = name),
      data = first, x = 0, hjust = 0, fontface = "bold", color = ink, size = label_size() / 0.9
    ),
    drawn_text(
      ggplot2::aes(x = grid_places[at], y = 0, label = label),
      data = heads, hjust = 1, color = ink
    ),
    number("name", layout$year, hjust = 0),
    number("provider", paste0(ifelse(layout$is_rounded, "~", ""), axis_numbers(layout$provider_reports))),
    number("ncmec", axis_numbers(layout$ncmec_reports)),
    drawn_text(
      x = grid_places[["provider"]] + 1.5, hjust = 0, label = "?", data = layout[layout$is_doubtful, ], color = ink
    )
  )
}

#' The signs of the key, each before the head of its column of numbers.
grid_key <- function(layout) {
  own <- unlist(look()$colors$series)[2]
  columns <- data.frame(column = unique(layout$column))
  at <- function(place, room) grid_places[[place]] - room
  list(
    ggplot2::geom_point(
      data = columns, x = at("provider", 38), y = 0, shape = 21, color = own, size = 2.5, stroke = 0.9
    ),
    ggplot2::geom_point(
      data = columns, x = at("ncmec", 35), y = 0, shape = 16, color = look_color("accent"), size = 1.8
    )
  )
}

#' Both counts of every pair, each provider on a scale of its own from zero.
#'
#' @param data From `grid_data`.
#' @param is_narrow Whether all providers stand in one column.
plot_agreement_grid <- function(data, is_narrow = FALSE) {
  layout <- grid_layout(data, is_narrow)
  zero <- stats::aggregate(line ~ name + head + column, layout, max)
  ggplot2::ggplot(layout, ggplot2::aes(y = line)) +
    ggplot2::geom_segment(
      data = zero, ggplot2::aes(y = head + 0.5, yend = line + 0.5),
      x = grid_places[["from"]], xend = grid_places[["from"]], color = look_color("muted"), linewidth = 0.3
    ) +
    grid_marks(layout) +
    grid_words(layout) +
    grid_key(layout) +
    ggplot2::facet_wrap(ggplot2::vars(column), nrow = 1) +
    ggplot2::scale_x_continuous(limits = c(0, grid_places[["ncmec"]]), expand = ggplot2::expansion(add = c(0, 1))) +
    ggplot2::scale_y_reverse(limits = c(max(layout$line) + 0.6, -0.6), expand = ggplot2::expansion()) +
    ggplot2::coord_cartesian(clip = "off") +
    ggplot2::labs(x = NULL, y = NULL) +
    theme_countback() +
    ggplot2::theme(
      axis.text = ggplot2::element_blank(), panel.grid.major = ggplot2::element_blank(),
      axis.ticks.length = ggplot2::unit(0, "pt"), strip.text = ggplot2::element_blank(),
      panel.spacing = ggplot2::unit(18, "pt")
    )
}
