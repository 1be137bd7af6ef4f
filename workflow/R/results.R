# One form for every result of a statistical analysis, as data/schemas/results/estimates.json describes it, and one for
# the numbers that prose prints and no row of a table holds.

#' One row of a table of results.
#'
#' @param question What the analysis asks, in words.
#' @param parameter What is estimated.
#' @param estimate Number in `unit`; missing where the data can't carry the method.
#' @param interval Lower and upper end; `interval_kind` says of what.
#' @param interval_kind What the ends are, where there are any: one of `interval_kinds`.
#' @param interval_method How an interval of confidence or prediction was made, by its id in
#'   data/calibration/interval_methods.csv, where its coverage is found; only these kinds have one.
#' @param unit A unit of `countback.units`: count, share, ratio, years and so on.
#' @param n Number of observations; `unit_of_analysis` says what one is.
#' @param status estimated; not_estimable, where the data can't carry the method; fails_check, where the method failed
#'   its own check.
#' @param note What a reader must know: why there is no estimate, what failed, what would change the conclusion.
#' @return A data frame with one row. Stops where an estimate and its status contradict each other, or a result that
#'   can't be relied on doesn't say why.
result_row <- function(question, parameter, estimate, unit, n, unit_of_analysis, method,
                       interval = c(NA_real_, NA_real_), subset = "all", p_value = NA_real_, status = "estimated",
                       note = NA_character_, interval_kind = NA_character_, interval_method = NA_character_) {
  where <- sprintf("%s / %s / %s", question, subset, parameter)
  if ((status == "estimated") == is.na(estimate) && status != "fails_check") {
    stop(sprintf("%s: found estimate %s with status %s; one of them is wrong.", where, estimate, status), call. = FALSE)
  }
  if (status != "estimated" && is.na(note)) {
    stop(sprintf("%s: found status %s without a note; say why.", where, status), call. = FALSE)
  }
  stop_unless_interval_known(where, interval, interval_kind, interval_method)
  data.frame(
    question = question, subset = subset, parameter = parameter, unit_of_analysis = unit_of_analysis, n = n,
    estimate = as.numeric(estimate), low = as.numeric(interval[[1]]), high = as.numeric(interval[[2]]),
    interval_kind = interval_kind, interval_method = interval_method, unit = unit, p_value = as.numeric(p_value),
    method = method, status = status, note = note
  )
}

# What two ends of a result can be. confidence: where a parameter lies, with a probability over repetitions; prediction:
# where an observation to come lies, likewise; rounding: what a rounded number can stand for; bounds: what is possible,
# given what is not known; leave_one_out: the lowest and highest result when one part is left out; range: the lowest and
# highest of what was seen.
interval_kinds <- c("confidence", "prediction", "rounding", "bounds", "leave_one_out", "range")
kinds_with_method <- c("confidence", "prediction")

#' Stop where ends have no kind, a kind no ends, or a kind that simulation must judge no method.
#'
#' @param where What the result is, for the message.
stop_unless_interval_known <- function(where, interval, interval_kind, interval_method) {
  has_ends <- !all(is.na(unlist(interval)))
  if (has_ends != !is.na(interval_kind) || !(is.na(interval_kind) || interval_kind %in% interval_kinds)) {
    stop(sprintf(
      "%s: found %s of kind %s, expected ends and one of %s, or neither.", where, if (has_ends) "ends" else "no ends",
      interval_kind, paste(interval_kinds, collapse = ", ")
    ), call. = FALSE)
  }
  if (is.na(interval_method) == interval_kind %in% kinds_with_method) {
    stop(sprintf(
      "%s: found ends of kind %s by the method %s; name the method for %s, and for no other kind.", where,
      interval_kind, interval_method, paste(kinds_with_method, collapse = " and ")
    ), call. = FALSE)
  }
}

#' One row of a table of numbers that prose prints, as data/schemas/results/numbers.json describes it.
#'
#' @param subset What the number is about: all, or a part, a year.
#' @param parameter What it says.
#' @param value Number in `unit`.
#' @param unit A unit of `countback.text.units`, or text.
#' @param derived_from The table that it is derived from, by its name.
#' @param rows Which rows of that table are counted, added or compared, in words.
#' @param text Words that the rows pick, in place of a value.
#' @return A data frame with one row.
number_row <- function(subset, parameter, value, unit, derived_from, rows, text = NA_character_) {
  if (any(is.na(text) == (unit == "text") | is.na(value) != (unit == "text"))) {
    stop(sprintf("%s / %s: expected a value in a unit, or a text of unit text.", subset, parameter), call. = FALSE)
  }
  data.frame(
    subset = subset, parameter = parameter, value = as.numeric(value), unit = unit, derived_from = derived_from,
    rows = rows, text = rep_len(as.character(text), length(subset))
  )
}

# Iterative fits and tails of distributions agree between platforms to this many digits.
stable_digits <- 6

#' Estimates rounded to what every platform gives alike.
stable <- function(numbers) signif(numbers, stable_digits)

#' A data frame whose numbers were found by iteration, rounded likewise.
stable_table <- function(frame) {
  is_number <- vapply(frame, is.double, NA)
  frame[is_number] <- lapply(frame[is_number], stable)
  frame
}

#' Evaluate with a seed, and leave the session's random numbers as they were.
with_seed <- function(seed, code) {
  old <- get0(".Random.seed", envir = globalenv(), inherits = FALSE)
  on.exit(if (is.null(old)) rm(".Random.seed", envir = globalenv()) else assign(".Random.seed", old, globalenv()))
  set.seed(seed, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
  force(code)
}

#' A count as prose has it: in words below ten.
#'
#' @param is_first Whether it begins a sentence.
number_word <- function(number, is_first = FALSE) {
  words <- c("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
  if (!number %in% (seq_along(words) - 1)) {
    return(format(number, big.mark = ","))
  }
  word <- words[number + 1]
  if (is_first) paste0(toupper(substr(word, 1, 1)), substr(word, 2, nchar(word))) else word
}
