# The frame of a figure: what it needs to be understood where it is shown alone.
# The same in Python: countback/look/frame.py.
#
# Above it, a title, and what is drawn, in which unit and of which years; below, who counted, a caution, the source.
# A figure grows by its frame: what is drawn keeps its size.

counters <- c(
  ncmec = "NCMEC", providers = "the providers", children = "researchers who asked children",
  agencies = "US agencies", countback = "simulations of this project"
)
source_text <- "Source:\u00a0countback." # in one line
# sizes of text, of the base size; distance of lines, of the size of text; points between frame and drawing, and beside
frame_sizes <- list(title = 1.3, subtitle = 1, foot = 0.9, leading = 1.3, gap = 7, margin = 6)

#' The years of a figure in words, from the first to the last.
years_text <- function(years) {
  if (length(years) == 0) {
    return(NULL)
  }
  found <- range(years)
  if (found[1] == found[2]) as.character(found[1]) else paste(found[1], "to", found[2])
}

#' What is around a figure: its title, what is drawn, and the words below.
#'
#' @param figure Its name in data/reference/figures.csv.
#' @param what What is drawn, with its unit.
#' @param years Years of the data drawn; none where these have none.
#' @param note What else a reader must know: other sources, what signs mean.
#' @param figures Table `figures`.
figure_frame <- function(figure, what, years, note = NULL, figures = read_table("data/reference/figures.csv")) {
  row <- figures[figures$figure == figure, ]
  if (nrow(row) != 1) {
    stop(sprintf(
      "data/reference/figures.csv: found no row of the figure %s, expected its title and who counted. Add the row.",
      figure
    ), call. = FALSE)
  }
  who <- counters[strsplit(row$counted_by, "|", fixed = TRUE)[[1]]]
  foot <- c(sprintf("Counted by %s.", paste(who, collapse = " and by ")), note, row$caution, source_text)
  list(
    title = row$title, subtitle = paste(c(what, years_text(years)), collapse = ", "),
    foot = paste(foot[!is.na(foot) & nzchar(foot)], collapse = " ")
  )
}

#' A text with line breaks, so that no line is wider than `width`; both in points.
wrapped <- function(text, size, width, data = look()) {
  lines <- character()
  for (word in strsplit(text, " ", fixed = TRUE)[[1]]) {
    longer <- paste(c(utils::tail(lines, 1), word), collapse = " ")
    is_wide <- systemfonts::string_width(longer, family = data$fonts$sans, size = size, res = 72) > width
    lines <- if (is_wide || length(lines) == 0) c(lines, word) else c(utils::head(lines, -1), longer)
  }
  gsub("\u00a0", " ", paste(lines, collapse = "\n"))
}

#' A figure with its frame, and how many inches it grows by.
#'
#' @param plot A ggplot.
#' @param frame From `figure_frame`.
#' @param width Of the figure in inches.
framed <- function(plot, frame, width, data = look()) {
  sizes <- frame_sizes
  points <- vapply(sizes[c("title", "subtitle", "foot")], function(size) size * data$fonts$base_pt, 0)
  # semibold is a little wider than the face that is measured
  room <- (72 * width - 2 * sizes$margin) / c(title = 1.06, subtitle = 1, foot = 1)
  text <- mapply(function(words, size, room) wrapped(gsub("'", "\u2019", words), size, room, data), frame, points, room)
  n_lines <- lengths(strsplit(text, "\n"))
  said <- function(name, color, ...) {
    ggplot2::element_text(
      size = points[[name]], color = look_color(color, data), hjust = 0, vjust = 1, lineheight = sizes$leading / 1.2,
      ...
    )
  }
  plot <- plot + ggplot2::labs(title = text[["title"]], subtitle = text[["subtitle"]], caption = text[["foot"]]) +
    ggplot2::theme(
      text = ggplot2::element_text(family = data$fonts$sans),
      plot.title = said("title", "ink", face = "bold", margin = ggplot2::margin(b = 2)),
      plot.subtitle = said("subtitle", "muted", margin = ggplot2::margin(b = sizes$gap)),
      plot.caption = said("foot", "muted", margin = ggplot2::margin(t = sizes$gap)),
      plot.title.position = "plot", plot.caption.position = "plot"
    )
  list(plot = plot, inches = (sum(n_lines * points * sizes$leading) + 2 * sizes$gap) / 72)
}
