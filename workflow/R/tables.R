# Reading and writing tables by the schema in data/datapackage.json: types are stated there, never guessed.

#' Stop where R does not write UTF-8: it would write "C<U+00F4>te" for "Côte", in tables and figures, without a word.
stop_unless_utf8 <- function(is_utf8 = l10n_info()[["UTF-8"]]) {
  if (!is_utf8) {
    stop(sprintf(
      "R: found the locale %s, expected one that writes UTF-8. Run it by make or snakemake, or set LC_ALL=C.UTF-8.",
      Sys.getlocale("LC_CTYPE")
    ), call. = FALSE)
  }
}
stop_unless_utf8()

#' What cells of each type may be, the same as in countback/io/cells.py: a pattern of the whole text, limits, what they
#' should be in words, and how they are read. R takes more than that, and Python other texts than R.
years_known <- c(1990, 2099)
largest <- 2^53 - 1 # the next number stands for more than one whole number
integer_form <- "-?(0|[1-9][0-9]*)"
number_form <- paste0(integer_form, "(\\.[0-9]+)?(e-[0-9]{1,3})?")
# control characters, separators of lines, marks of direction, what has no width or was lost by another encoding
unseen <- paste0(
  "[\u0001-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]",
  "|^[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+$"
)
as_written <- "Write it as the schema says: no separators, no units, a point for decimals."
at_most <- format(largest, big.mark = ",", scientific = FALSE)
cell_kinds <- list(
  string = list(
    read = identity, is_right = function(text) !grepl(unseen, text, perl = TRUE),
    expected = "text on one line, without control or invisible characters", fix = "Write the text anew."
  ),
  integer = list(
    read = as.numeric, is_right = function(text) is_number_text(text, integer_form),
    expected = sprintf("a whole number in plain digits, at most %s", at_most), fix = as_written
  ),
  number = list(
    read = as.numeric, is_right = function(text) is_number_text(text, number_form),
    expected = sprintf("a number in plain decimal digits, at most %s", at_most), fix = as_written
  ),
  boolean = list(
    read = function(text) text == "true", is_right = function(text) text %in% c("true", "false"),
    expected = "true or false", fix = "Write it in small letters."
  ),
  year = list(
    read = as.integer, is_right = function(text) grepl("^[0-9]{4}$", text) & is_known_year(text),
    expected = sprintf("a year between %d and %d", years_known[1], years_known[2]), fix = "Correct the year."
  ),
  date = list(
    read = identity, is_right = function(text) is_day(text),
    expected = sprintf("a day such as 2023-12-31, between %d and %d", years_known[1], years_known[2]),
    fix = "Correct the day."
  )
)

#' Whether texts are numbers of a form, of few digits and within what a number can tell apart.
is_number_text <- function(text, form) {
  right <- nchar(text) <= 40 & grepl(sprintf("^(%s)$", form), text)
  right[right] <- abs(as.numeric(text[right])) <= largest
  right
}

#' Whether texts of four digits and more begin with a year that is known.
is_known_year <- function(text) {
  year <- suppressWarnings(as.integer(substr(text, 1, 4)))
  !is.na(year) & year >= years_known[1] & year <= years_known[2]
}

is_day <- function(text) {
  grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text) & is_known_year(text) & !is.na(as.Date(text, format = "%Y-%m-%d"))
}

#' What the data package says of a table.
#'
#' @param name Name of a result table or of a resource of the data package, or the path of a resource in data/.
#' @param package Path of the descriptor.
#' @return Its entry as a list, with a schema that lives in a file of its own put in place. Stops if there is none.
table_entry <- function(name, package = "data/datapackage.json") {
  descriptor <- jsonlite::fromJSON(package, simplifyVector = FALSE)
  for (entry in c(descriptor$results, descriptor$resources)) {
    if (name %in% c(entry$name, entry$path)) {
      if (is.character(entry$schema)) {
        entry$schema <- jsonlite::fromJSON(file.path(dirname(package), entry$schema), simplifyVector = FALSE)
      }
      return(entry)
    }
  }
  stop(sprintf("The table %s is not described in %s. Describe it there.", name, package), call. = FALSE)
}

#' The fields of a table: name, type, unit, title, description of each column.
#'
#' @param name Name of a result table or of a resource of the data package.
#' @param package Path of the descriptor.
#' @return A data frame with one row per column; unit is missing where there is none. Stops if the data package does
#'   not describe the table.
table_fields <- function(name, package = "data/datapackage.json") {
  fields <- table_entry(name, package)$schema$fields
  texts <- function(key) vapply(fields, function(field) if (is.null(field[[key]])) NA_character_ else field[[key]], "")
  data.frame(
    name = texts("name"), type = texts("type"), unit = texts("unit"), title = texts("title"),
    description = texts("description")
  )
}

#' Stop with the place of a fault, what was found, what was expected, and what to do.
stop_at <- function(path, row, found, expected, fix, column = NULL) {
  place <- c(path, sprintf("row %d", row), if (!is.null(column)) sprintf("column %s", column))
  stop(sprintf("%s: found %s, expected %s. %s", paste(place, collapse = ", "), found, expected, fix), call. = FALSE)
}

#' The lines of a text file, without their ends. Stops where the file is empty, cut off, or no UTF-8.
text_lines <- function(path) {
  bytes <- readBin(path, "raw", file.size(path))
  row_of <- function(is_wrong) 1L + sum(bytes[seq_len(which(is_wrong)[1])] == 0x0a)
  if (length(bytes) == 0) {
    stop(sprintf("%s: found no content, expected a table. Restore the file.", path), call. = FALSE)
  }
  if (any(zero <- bytes == 0x00)) stop_at(path, row_of(zero), "a zero byte", "UTF-8", "Save the file as UTF-8.")
  if (any(alone <- bytes == 0x0d & c(bytes[-1], as.raw(0x00)) != 0x0a)) {
    stop_at(path, row_of(alone), "a carriage return alone", "lines that end with a line feed", "Save the file anew.")
  }
  if (utils::tail(bytes, 1) != 0x0a) {
    row <- 1L + sum(bytes == 0x0a)
    stop_at(path, row, "no line end", "a complete last line", "The file is truncated: restore it.")
  }
  lines <- sub("\r$", "", strsplit(rawToChar(bytes), "\n", fixed = TRUE, useBytes = TRUE)[[1]], useBytes = TRUE)
  if (!all(validUTF8(lines))) {
    stop_at(path, which(!validUTF8(lines))[1], "bytes that are none", "UTF-8", "Save the file as UTF-8.")
  }
  Encoding(lines) <- "UTF-8"
  # R leaves out the mark at the head of the file and of its first row
  if (any(marked <- grepl("\ufeff", lines, fixed = TRUE))) {
    stop_at(path, which(marked)[1], "a byte order mark", "UTF-8 without it", "Save the file without it.")
  }
  lines
}

#' Read a CSV file as text, empty cells missing. Stops where a row can be read in more ways than one.
#'
#' @param path A CSV file.
#' @return A data frame of text.
read_cells <- function(path) {
  lines <- text_lines(path)
  cell <- '(?:"(?:[^"]++|"")*+"|[^",]*+)'
  wrong <- which(!grepl(sprintf("^%s(?:,%s)*+$", cell, cell), lines, perl = TRUE))
  if (length(wrong) > 0) {
    stop_at(
      path, wrong[1], "quotes that don't end or stand within a cell", "cells on one line, in quotes from end to end",
      "Correct the quotes."
    )
  }
  widths <- utils::count.fields(path, sep = ",", quote = "\"", blank.lines.skip = FALSE, comment.char = "")
  widths[!nzchar(lines)] <- 0L
  wrong <- which(widths != widths[1])
  if (length(wrong) > 0) {
    stop_at(
      path, wrong[1], sprintf("%d cells", widths[wrong[1]]), sprintf("%d cells", widths[1]),
      "Complete the row, or quote cells that hold commas."
    )
  }
  utils::read.csv(
    path,
    colClasses = "character", na.strings = "", check.names = FALSE, fill = FALSE, blank.lines.skip = FALSE,
    encoding = "UTF-8"
  )
}

#' Read a table as the data package describes it; empty cells are missing, never zero.
#'
#' Whole numbers are read as numeric, since products of counts overflow R's integers.
#'
#' @param path A CSV file.
#' @param name The name under which the data package describes it: that of the file, unless it is given.
#' @return A data frame with typed columns. Stops if the columns differ from the schema, or a cell is not as its type
#'   says: other readers would take it for another value.
read_table <- function(path, package = "data/datapackage.json", name = sub("\\.csv$", "", basename(path))) {
  fields <- table_fields(name, package)
  frame <- read_cells(path)
  if (!identical(names(frame), fields$name)) {
    stop(sprintf(
      "%s: found columns %s, expected %s. Run the step that writes it again.",
      path, paste(names(frame), collapse = ", "), paste(fields$name, collapse = ", ")
    ), call. = FALSE)
  }
  for (at in seq_len(nrow(fields))) {
    kind <- cell_kinds[[fields$type[at]]]
    text <- frame[[at]]
    wrong <- which(!is.na(text))[!kind$is_right(text[!is.na(text)])]
    if (length(wrong) > 0) {
      stop_at(path, wrong[1] + 1L, sprintf("'%s'", text[wrong[1]]), kind$expected, kind$fix, fields$name[at])
    }
    frame[[at]] <- kind$read(text)
  }
  frame
}

#' Numbers as text, each with its own digits: format() on a vector gives all of them the digits of the longest.
number_text <- function(numbers) {
  vapply(numbers, function(number) {
    if (is.na(number)) "" else format(number, digits = 15, scientific = FALSE, trim = TRUE)
  }, "")
}

#' Write a file so that it is there whole or not at all: beside its place, then moved. Its folder is made if missing.
#'
#' A warning is an error here: R only warns where a disk is full.
#'
#' @param path The file.
#' @param write A function that writes to the path that it is given.
write_whole <- function(path, write) {
  dir.create(dirname(path), showWarnings = FALSE, recursive = TRUE)
  partial <- sprintf("%s.%d.part", path, Sys.getpid())
  on.exit(unlink(partial))
  warnings_as_errors <- options(warn = 2)
  on.exit(options(warnings_as_errors), add = TRUE)
  write(partial)
  if (!file.rename(partial, path)) stop(sprintf("%s can't be written.", path), call. = FALSE)
  invisible(path)
}

#' Write a data frame as CSV with line feeds, empty where missing, whole or not at all.
#'
#' @param quote Which columns are quoted, as in utils::write.csv.
write_csv <- function(frame, path, quote = TRUE) {
  write_whole(path, function(partial) {
    utils::write.csv(frame, partial, row.names = FALSE, na = "", quote = quote, eol = "\n")
  })
}

#' Stop where text holds what R writes for a character that a locale lacks.
stop_at_lost_characters <- function(frame, path) {
  for (column in names(frame)) {
    row <- grep("<U+", as.character(frame[[column]]), fixed = TRUE)[1]
    if (!is.na(row)) {
      stop(sprintf(
        "%s, row %d, column %s: found '%s', expected the character itself. Run it in a locale that writes UTF-8.",
        path, row + 1L, column, frame[[column]][row]
      ), call. = FALSE)
    }
  }
}

#' Write a table as the data package describes it: its columns in order, whole or not at all.
#'
#' Numbers are written with 15 significant digits, which every platform computes alike.
#'
#' @param frame A data frame with the schema's columns, in any order.
#' @param path A CSV file whose name, without its ending, the data package describes.
write_table <- function(frame, path, package = "data/datapackage.json") {
  fields <- table_fields(sub("\\.csv$", "", basename(path)), package)
  if (!setequal(names(frame), fields$name)) {
    stop(sprintf(
      "%s: found columns %s, expected %s.", path, paste(names(frame), collapse = ", "),
      paste(fields$name, collapse = ", ")
    ), call. = FALSE)
  }
  frame <- frame[fields$name]
  stop_at_lost_characters(frame, path)
  is_number <- vapply(frame, is.numeric, NA)
  frame[is_number] <- lapply(frame[is_number], number_text)
  is_logical <- vapply(frame, is.logical, NA)
  frame[is_logical] <- lapply(frame[is_logical], function(column) tolower(as.character(column)))
  write_csv(frame, path, quote = which(!is_number & !is_logical))
}
