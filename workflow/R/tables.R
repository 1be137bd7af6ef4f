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

r_classes <- c(
  string = "character", integer = "numeric", year = "integer", number = "numeric", boolean = "character",
  date = "character"
)

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

#' Read a table as the data package describes it; empty cells are missing, never zero.
#'
#' Whole numbers are read as numeric, since products of counts overflow R's integers.
#'
#' @param path A CSV file.
#' @param name The name under which the data package describes it: that of the file, unless it is given.
#' @return A data frame with typed columns. Stops if the columns differ from the schema.
read_table <- function(path, package = "data/datapackage.json", name = sub("\\.csv$", "", basename(path))) {
  fields <- table_fields(name, package)
  header <- names(utils::read.csv(path, nrows = 1, check.names = FALSE))
  if (!identical(header, fields$name)) {
    stop(sprintf(
      "%s: found columns %s, expected %s. Run the step that writes it again.",
      path, paste(header, collapse = ", "), paste(fields$name, collapse = ", ")
    ), call. = FALSE)
  }
  frame <- utils::read.csv(
    path,
    colClasses = stats::setNames(r_classes[fields$type], fields$name), na.strings = "", check.names = FALSE,
    encoding = "UTF-8"
  )
  logical_columns <- fields$name[fields$type == "boolean"]
  frame[logical_columns] <- lapply(frame[logical_columns], function(column) column == "true")
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
