# One result under every defensible choice: a grid of the options that data/reference/choices.csv lists.

#' The result under each combination of options.
#'
#' @param question Id of the question in data/reference/choices.csv.
#' @param choices That table: `question`, `dimension`, `option`, `is_chosen`.
#' @param evaluate Function of a named list, one option per dimension. It returns a list of `estimate`, and of `low`,
#'   `high`, `interval_kind`, `interval_method`, `n`, `note` where there are any; or NULL where the options have no
#'   meaning together, so that there is no such specification.
#' @param parameter,unit What is estimated, and its unit.
#' @return List of `specifications`, one row each, the lowest estimate first, and `options`, one row per specification
#'   and dimension. Several parameters of a question are bound together by rows. Stops where the chosen options are not
#'   one of the specifications.
specify <- function(question, choices, evaluate, parameter, unit) {
  own <- choices[choices$question == question, ]
  grid <- do.call(expand.grid, c(split(own$option, factor(own$dimension, unique(own$dimension))),
                                 stringsAsFactors = FALSE, KEEP.OUT.ATTRS = FALSE))
  chosen <- own$option[own$is_chosen][match(names(grid), own$dimension[own$is_chosen])]
  found <- lapply(seq_len(nrow(grid)), function(index) evaluate(as.list(grid[index, , drop = FALSE])))
  is_made <- !vapply(found, is.null, NA)
  grid <- grid[is_made, , drop = FALSE]
  rows <- do.call(rbind, lapply(found[is_made], specification_row))
  rows$is_chosen <- apply(grid, 1, function(options) identical(unname(options), chosen))
  if (sum(rows$is_chosen) != 1) {
    stop(sprintf(
      "data/reference/choices.csv, question %s: found %s as chosen, expected one option per dimension %s.",
      question, paste(chosen, collapse = ", "), "that have a meaning together"
    ), call. = FALSE)
  }
  order <- order(rows$estimate, seq_len(nrow(rows)))
  rows <- cbind(question = question, parameter = parameter, specification = seq_len(nrow(rows)), rows[order, ],
                unit = unit)
  options <- do.call(rbind, lapply(seq_along(order), function(place) {
    data.frame(question = question, parameter = parameter, specification = place, dimension = names(grid),
               option = unlist(grid[order[place], ], use.names = FALSE))
  }))
  list(specifications = rows, options = options)
}

#' What one specification gives, with what is missing filled in.
specification_row <- function(found) {
  one <- function(name, missing) if (is.null(found[[name]])) missing else found[[name]]
  row <- data.frame(
    estimate = found$estimate, low = one("low", NA_real_), high = one("high", NA_real_),
    interval_kind = one("interval_kind", NA_character_), interval_method = one("interval_method", NA_character_),
    n = one("n", NA_real_), note = one("note", NA_character_)
  )
  stop_unless_interval_known("A specification", c(row$low, row$high), row$interval_kind, row$interval_method)
  row
}

#' Numbers of a question's specifications that prose prints: how many there are, the lowest, median and highest result,
#' the chosen one with its place among them, and the choice that moves the result most.
#'
#' @param found What `specify` returns, or several of them bound together by rows.
#' @param choices Table `choices`, for the titles.
#' @param table Name of the table of specifications.
specification_numbers <- function(found, choices, table) {
  all <- found$specifications
  parts <- split(all, factor(all$parameter, unique(all$parameter)))
  do.call(rbind, unname(lapply(parts, function(part) {
    estimates <- part$estimate[!is.na(part$estimate)]
    chosen <- part$estimate[part$is_chosen]
    row <- function(parameter, value, unit, rows, text = NA_character_) {
      number_row(part$question[1], paste(part$parameter[1], parameter), value, unit, table, rows, text)
    }
    moved <- moves_most(part, found$options, choices)
    rbind(
      row("n", length(estimates), "count", "all specifications that give a result"),
      row("lowest", min(estimates), part$unit[1], "lowest estimate"),
      row("median", stats::median(estimates), part$unit[1], "median of the estimates"),
      row("highest", max(estimates), part$unit[1], "highest estimate"),
      row("chosen", chosen, part$unit[1], "estimate of the specification chosen"),
      row("n_below_chosen", sum(estimates < chosen), "count", "estimates below the chosen one"),
      row("moves_most", NA, "text", "choice whose options' medians lie farthest apart", moved$title),
      row("moves_most_lowest", moved$ends[1], part$unit[1], "least median of an option of that choice"),
      row("moves_most_highest", moved$ends[2], part$unit[1], "largest median of an option of that choice")
    )
  })))
}

#' The choice that moves a result most: whose options' median results lie farthest apart.
#'
#' @param part Specifications of one parameter.
#' @return List of `title`, in the middle of a sentence, and `ends`, the least and the largest of these medians.
moves_most <- function(part, options, choices) {
  own <- options[options$question == part$question[1] & options$parameter == part$parameter[1], ]
  own$estimate <- part$estimate[match(own$specification, part$specification)]
  ends <- lapply(split(own, own$dimension), function(one) {
    range(tapply(one$estimate, one$option, stats::median, na.rm = TRUE))
  })
  most <- names(ends)[which.max(vapply(ends, diff, 0))]
  title <- choices$dimension_title[choices$question == part$question[1] & choices$dimension == most][1]
  list(title = paste0(tolower(substr(title, 1, 1)), substring(title, 2)), ends = ends[[most]])
}
