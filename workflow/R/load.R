# Any table by its name, typed and described, for readers of the data.
# From any folder: source("<checkout>/workflow/R/load.R"), or source("<unzipped data package>/R/load.R").

#' The folder of this file: source() knows the file, by its name as the caller gave it.
script_folder <- function() {
  given <- lapply(sys.frames(), function(frame) frame$ofile)
  file <- utils::tail(Filter(is.character, given), 1)
  if (length(file) == 0) {
    stop("load.R: found no file, expected one that source() reads. Run source(\"workflow/R/load.R\").", call. = FALSE)
  }
  # source(chdir = TRUE) has gone to the file's folder already
  found <- c(file[[1]], basename(file[[1]]))
  dirname(normalizePath(found[file.exists(found)][1]))
}
countback_scripts <- script_folder()
source(file.path(countback_scripts, "tables.R"), local = TRUE)

#' Whether an entry or a whole descriptor is that of an exported data package, whose CSV is made for spreadsheets.
is_packed <- function(entry) !is.null(entry$parquet) || any(vapply(entry$resources, is_packed, NA))

#' The descriptor of a checkout or of an unzipped data package, as a path below its folder; missing where it is neither.
descriptor_in <- function(folder) {
  of_checkout <- file.path("data", "datapackage.json")
  if (file.exists(file.path(folder, of_checkout))) {
    return(of_checkout)
  }
  of_package <- file.path(folder, "datapackage.json")
  if (!file.exists(of_package) || !is_packed(jsonlite::fromJSON(of_package, simplifyVector = FALSE))) {
    return(NA_character_)
  }
  "datapackage.json"
}

#' The nearest folder, of one and those above it, that holds data of this name; NULL where there is none.
folder_above <- function(start) {
  descriptor <- descriptor_in(start)
  is_ours <- !is.na(descriptor) &&
    identical(jsonlite::fromJSON(file.path(start, descriptor), simplifyVector = FALSE)$name, "countback")
  if (is_ours) start else if (dirname(start) == start) NULL else folder_above(dirname(start))
}

#' The folder with the data: a checkout or an unzipped data package.
#'
#' @param given The folder. By default that of the environment variable COUNTBACK_DATA, else the one that this file
#'   belongs to, else the nearest of the current folder and those above it.
#' @return Its path. Stops if there are no data.
data_root <- function(given = NULL) {
  help <- paste(
    "Unzip the data package and name its folder: as the argument `root`, in the environment variable COUNTBACK_DATA,",
    "or by working in it."
  )
  named <- if (is.null(given)) Sys.getenv("COUNTBACK_DATA") else given
  if (!nzchar(named)) {
    found <- c(folder_above(countback_scripts), folder_above(normalizePath(getwd())))
    if (length(found) == 0) {
      stop(sprintf("%s: found no data in it or above, expected a checkout or an unzipped package. %s", getwd(), help),
        call. = FALSE
      )
    }
    return(found[1])
  }
  if (is.na(descriptor_in(named))) {
    stop(sprintf("%s: found no data, expected a checkout or an unzipped data package. %s", named, help), call. = FALSE)
  }
  named
}

#' Every table of the data package: the path of its file below its folder, its rows as far as they are stated, and by
#' what the data package describes it: a table of data/ by its path there, since a computed one may have its name.
package_tables <- function(root) {
  descriptor <- jsonlite::fromJSON(file.path(root, descriptor_in(root)), simplifyVector = FALSE)
  if (is_packed(descriptor)) {
    return(packed_tables(descriptor$resources))
  }
  sums <- file.path(root, "data", "checksums.json")
  stated <- if (file.exists(sums)) jsonlite::fromJSON(sums, simplifyVector = FALSE) else list()
  rbind(
    listed_tables(
      descriptor$resources, function(entry) file.path("data", entry$path),
      function(entry) if (is.null(entry$route)) "" else entry$route, "path",
      function(entry) if (is.null(stated[[entry$path]])) NA_integer_ else as.integer(stated[[entry$path]]$rows)
    ),
    listed_tables(
      descriptor$results,
      function(entry) {
        file.path("results", if (is.null(entry$path)) file.path("tables", paste0(entry$name, ".csv")) else entry$path)
      },
      function(entry) "computed", "name", function(entry) NA_integer_
    )
  )
}

#' Entries of the data package as rows; where, route and rows are functions of an entry, described is its key.
listed_tables <- function(entries, where, route, described, rows) {
  data.frame(
    name = vapply(entries, `[[`, "", "name"), title = vapply(entries, `[[`, "", "title"),
    where = vapply(entries, where, ""), route = vapply(entries, route, ""),
    described = vapply(entries, `[[`, "", described),
    rows = vapply(entries, rows, 0L)
  )
}

#' The tables of an exported data package, by their names in the checkout: computed ones are told apart there.
packed_tables <- function(entries) {
  is_result <- function(entry) startsWith(entry$path, "results/")
  listed <- listed_tables(
    entries, function(entry) entry$path,
    function(entry) if (is_result(entry)) "computed" else if (is.null(entry$route)) "" else entry$route, "path",
    function(entry) as.integer(entry$rows)
  )
  computed <- vapply(entries, is_result, NA)
  listed$name[computed] <- sub("^results_", "", listed$name[computed])
  listed
}

#' Rows of a CSV file without its header; missing where there is no file.
count_rows <- function(path) {
  if (!file.exists(path)) {
    return(NA_integer_)
  }
  nrow(read_cells(path))
}

#' What tables there are.
#'
#' @param root The root of a checkout, or the folder of an unzipped data package; by default as data_root() says.
#' @return A data frame: name, title, rows (missing where the table is not computed yet), where, route.
tables <- function(root = NULL) {
  root <- data_root(root)
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
      if (descriptor_in(root) == "datapackage.json") {
        "Unzip the data package again."
      } else if (startsWith(where, "results")) {
        sprintf("Make it: snakemake %s --cores 2", where)
      } else {
        "Restore the file."
      }
    ), call. = FALSE)
  }
  found
}

#' Text as it was before the exported CSV kept it from being a formula to a spreadsheet.
unescape_formulas <- function(frame, columns) {
  # as `ESCAPED` in countback/io/tables.py: the wide forms of these signs begin a formula too
  escaped <- "(?s)^'('*[=+\\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20].)"
  frame[columns] <- lapply(frame[columns], function(text) sub(escaped, "\\1", enc2utf8(text), perl = TRUE))
  frame
}

#' Load a table by its name, typed as the data package says; nothing is guessed, and empty cells are missing.
#'
#' Counts are numeric, since they and their products overflow R's integers; years are integers.
#'
#' @param name A name that tables() lists; where two tables share it, the place that stands there instead.
#' @param root The root of a checkout, or the folder of an unzipped data package; by default as data_root() says.
#' @return A data frame with the attributes title, description, citation (text), columns (descriptions by column) and
#'   units (units by column, of columns that have one). Stops if there is no such table, with the nearest names.
#' @examples
#' reports <- load_table("esp_reports")
#' attr(reports, "units")
load_table <- function(name, root = NULL) {
  root <- data_root(root)
  package <- file.path(root, descriptor_in(root))
  found <- table_place(name, root)
  where <- found$where
  described <- found$described
  frame <- read_table(file.path(root, where), package, described)
  fields <- table_fields(described, package)
  entry <- table_entry(described, package)
  if (is_packed(entry)) frame <- unescape_formulas(frame, fields$name[fields$type == "string"])
  for (column in fields$name[fields$type == "date"]) {
    frame[[column]] <- as.Date(frame[[column]], format = "%Y-%m-%d")
  }
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
