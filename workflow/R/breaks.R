# Breaks of series: from when on the same word means something else. The same in Python: countback/breaks.py.
#
# No change is computed across a break, no model is fitted across it, and a figure shows a gap and a mark there.

#' Breaks of the series of one or several tables, in order of time, with the `year` in which each lies.
#'
#' @param tables Their names in data/datapackage.json.
#' @param breaks data/reference/breaks.csv.
breaks_of <- function(tables, breaks) {
  own <- breaks[breaks$table_name %in% tables, ]
  own$year <- as.integer(substr(own$period, 1, 4))
  own[order(own$year, own$table_name), ]
}

#' Number of breaks up to each year: years of one number mean the same.
#'
#' @param breaks What `breaks_of` returns.
segments <- function(years, breaks) {
  vapply(years, function(year) length(unique(breaks$year[breaks$year <= year])), 0L)
}

#' Rows of the longest run of years that mean the same; of several, the first.
#'
#' @param frame Data frame with `year`.
longest_run <- function(frame, breaks) {
  segment <- segments(frame$year, breaks)
  frame[segment == as.integer(names(which.max(table(segment)))), , drop = FALSE]
}

#' Breaks that lie within the years that a figure shows, one row per year; `at` is halfway from the year before.
#'
#' @return Data frame with `at` and `label`.
breaks_within <- function(breaks, years) {
  inside <- breaks[breaks$year > min(years, Inf) & breaks$year <= max(years, -Inf), ]
  at <- sort(unique(inside$year))
  labels <- vapply(at, function(year) paste(unique(inside$title[inside$year == year]), collapse = "; "), "")
  data.frame(at = at - 0.5, label = labels)
}

#' Marks of breaks in a figure over years: a dashed line between two years, with what changed beside it.
#'
#' @param breaks What `breaks_of` returns.
#' @param years Years that the figure shows.
#' @param top Height of the words.
#' @return Layers of a ggplot; none where no break lies within the years.
break_marks <- function(breaks, years, top = Inf) {
  marks <- breaks_within(breaks, years)
  if (nrow(marks) == 0) {
    return(NULL)
  }
  marks$label <- vapply(marks$label, function(label) paste(strwrap(label, 16), collapse = "\n"), "")
  list(
    ggplot2::geom_vline(
      data = marks, ggplot2::aes(xintercept = at), color = look_color("muted"), linewidth = 0.3, linetype = "dashed"
    ),
    drawn_text(
      ggplot2::aes(x = at - 0.06, label = label),
      data = marks, y = top, inherit.aes = FALSE, hjust = 1, vjust = 1.1, lineheight = 0.95,
      color = look_color("muted")
    )
  )
}
