# Any table by its name, typed and described, for readers of the data.
# From any folder: source("<checkout>/workflow/R/load.R")

#' The root of the checkout that holds this file: source() knows the file, by its name as the caller gave it.
checkout_root <- function() {
  given <- lapply(sys.frames(), function(frame) frame$ofile)
  file <- utils::tail(Filter(is.character, given), 1)
  if (length(file) == 0) {
    stop("load.R: found no file, expected one that source() reads. Run source(\"workflow/R/load.R\").", call. = FALSE)
  }
  # source(chdir = TRUE) has gone to the file's folder already
  found <- c(file[[1]], basename(file[[1]]))
  dirname(dirname(dirname(normalizePath(found[file.exists(found)][1]))))
}
countback_root <- checkout_root()
source(file.path(countback_root, "workflow", "R", "tables.R"), local = TRUE)

#' Every table of the data package: the path of its file below the root of the checkout, its rows as far as
#' data/checksums.json states them, and by what the data package describes it: a table of data/ by its path there, since
#' a computed one may have its name.
package_tables <- function(root) {
  descriptor <- jsonlite::fromJSON(file.path(root, "data", "datapackage.json"), simplifyVector = FALSE)
  sums <- file.path(root, "data", "checksums.json")
  stated <- if (file.exists(sums)) jsonlite::fromJSON(sums, simplifyVector = FALSE) else list()
  rows <- function(entry) if (is.null(stated[[entry$path]])) NA_integer_ else as.integer(stated[[entry$path]]$rows)
  listed <- function(entries, where, route, described, rows) {
    data.frame(
      name = vapply(entries, `[[`, "", "name"), title = vapply(entries, `[[`, "", "title"),
      where = vapply(entries, where, ""), route = vapply(entries, route, ""),
      described = vapply(entries, `[[`, "", described),
      rows = vapply(entries, rows, 0L)
    )
  }
  rbind(
    listed(
      descriptor$resources, function(entry) file.path("data", entry$path),
      function(entry) if (is.null(entry$route)) "" else entry$route, "path", rows
    ),
    listed(
      descriptor$results,
      function(entry) {
        file.path("results", if (is.null(entry$path)) file.path("tables", paste0(entry$name, ".csv")) else entry$path)
      },
      function(entry) "computed", "name", function(entry) NA_integer_
    )
  )
}

#' Rows of a CSV file without its header; missing where there is no file.
count_rows <- function(path) {
  if (!file.exists(path)) {
    return(NA_integer_)
  }
  nrow(utils::read.csv(path, colClasses = "character", na.strings = character(), encoding = "UTF-8"))
}

#' What tables there are.
#'
#' @param root The root of a checkout; by default the one that this file belongs to.
#' @return A data frame: name, title, rows (missing where the table is not computed yet), where, route.
tables <- function(root = countback_root) {
  listed <- package_tables(root)
  unknown <- is.na(listed$rows)
  listed$rows[unknown] <- vapply(file.path(root, listed$where[unknown]), count_rows, 0L, USE.NAMES = FALSE)
  listed[c("name", "title", "rows", "where", "route")]
}

#' A table's entry among those of package_tables(): one row.
#'
#' Stops if no table or two have the name, or the file is not there, or R can't read it.
table_place <- function(name, root) {
  listed <- package_tables(root)
  found <- listed[listed$name == name | listed$where == name, ]
  where <- found$where
  if (length(where) > 1) {
    stop(sprintf(
      "data/datapackage.json: found '%s', expected one table; %s have this name. Name the place.",
      name, paste(where, collapse = " or ")
    ), call. = FALSE)
  }
  if (length(where) == 0) {
    near <- listed$name[order(utils::adist(name, listed$name, partial = TRUE), utils::adist(name, listed$name))]
    stop(sprintf(
      "data/datapackage.json: found '%s', expected the name of a table, such as %s. tables() lists them all.",
      name, paste(utils::head(near, 3), collapse = ", ")
    ), call. = FALSE)
  }
  if (!grepl("\\.csv$", where)) {
    stop(sprintf(
      "%s: found Parquet, expected CSV. Load it in Python: countback.load(\"%s\").", where, name
    ), call. = FALSE)
  }
  if (!file.exists(file.path(root, where))) {
    stop(sprintf(
      "%s: found no file, expected a table. %s", where,
      if (startsWith(where, "results")) sprintf("Make it: snakemake %s --cores 2", where) else "Restore the file."
    ), call. = FALSE)
  }
  found
}

#' Text as dates. Stops where a text is none: as.Date() would make it missing, silently.
iso_dates <- function(texts, where) {
  dates <- as.Date(texts, format = "%Y-%m-%d")
  wrong <- !is.na(texts) & is.na(dates)
  if (any(wrong)) {
    stop(sprintf("%s: found '%s', expected a date such as 2023-12-31.", where, texts[wrong][1]), call. = FALSE)
  }
  dates
}

#' Load a table by its name, typed as the data package says; nothing is guessed, and empty cells are missing.
#'
#' Counts are numeric, since they and their products overflow R's integers; years are integers.
#'
#' @param name A name that tables() lists; where two tables share it, the place that stands there instead.
#' @param root The root of a checkout; by default the one that this file belongs to.
#' @return A data frame with the attributes title, description, citation (text), columns (descriptions by column) and
#'   units (units by column, of columns that have one). Stops if there is no such table, with the nearest names.
#' @examples
#' reports <- load_table("esp_reports")
#' attr(reports, "units")
load_table <- function(name, root = countback_root) {
  package <- file.path(root, "data", "datapackage.json")
  found <- table_place(name, root)
  where <- found$where
  described <- found$described
  frame <- read_table(file.path(root, where), package, described)
  fields <- table_fields(described, package)
  for (column in fields$name[fields$type == "date"]) {
    frame[[column]] <- iso_dates(frame[[column]], sprintf("%s, column %s", where, column))
  }
  entry <- table_entry(described, package)
  version <- jsonlite::fromJSON(package, simplifyVector = FALSE)$version
  structure(
    frame,
    title = entry$title,
    description = entry$description,
    citation = sprintf("countback, version %s, table %s", version, name),
    columns = stats::setNames(fields$description, fields$name),
    units = stats::setNames(fields$unit, fields$name)[!is.na(fields$unit)]
  )
}
