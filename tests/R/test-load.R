test_that("a table of data/ is loaded by its name with the schema's types and description", {
  reports <- load_table("esp_reports", project)
  expect_identical(dim(reports), c(1029L, 8L))
  expect_type(reports$year, "integer")
  expect_type(reports$reports, "double")
  expect_type(reports$esp_printed, "character")
  expect_equal(sum(reports$reports[reports$year == 2023]), 35944826)
  expect_identical(attr(reports, "units")[["reports"]], "count")
  expect_match(attr(reports, "description"), "every row as printed")
  expect_match(attr(reports, "columns")[["page"]], "Page")
  expect_match(attr(reports, "citation"), "^countback, version [0-9.]+, table esp_reports$")
})

test_that("a table whose schema is shared and whose file has another name is loaded too", {
  amazon <- load_table("disclosures_amazon", project)
  expect_type(amazon$is_redundant, "logical")
  expect_false(anyNA(amazon$is_redundant))
  expect_true(anyNA(amazon$component))
})

# A checkout of one table, with a cell of every type.
checkout <- function(lines, where = "resources", file = "data/small.csv") {
  root <- tempfile("checkout ")
  dir.create(file.path(root, "data"), recursive = TRUE)
  field <- function(name, type) list(name = name, type = type, title = name, description = name)
  entry <- list(
    name = "small", path = sub("^(data|results)/", "", file), title = "Small", description = "A table.",
    schema = list(fields = list(
      field("place", "string"), field("day", "date"), field("n", "integer"), field("is_new", "boolean")
    ))
  )
  listed <- c(list(version = "1"), stats::setNames(list(list(entry)), where))
  jsonlite::write_json(listed, file.path(root, "data", "datapackage.json"), auto_unbox = TRUE)
  dir.create(dirname(file.path(root, file)), recursive = TRUE, showWarnings = FALSE)
  if (length(lines) > 0) writeLines(lines, file.path(root, file))
  root
}

test_that("dates, booleans, missing cells and the text NA come as the schema says, not as they look", {
  lines <- c("place,day,n,is_new", "NA,2023-12-31,3000000000,true", "007,,,", ",2024-02-29,0,false")
  small <- load_table("small", checkout(lines))
  expect_identical(small$place, c("NA", "007", NA))
  expect_identical(small$day, as.Date(c("2023-12-31", NA, "2024-02-29")))
  expect_identical(small$n, c(3e9, NA, 0))
  expect_identical(small$is_new, c(TRUE, NA, FALSE))
})

test_that("a date that is none is refused, not made missing", {
  expect_error(load_table("small", checkout(c("place,day,n,is_new", "a,2023-02-30,1,true"))), "found '2023-02-30'")
})

test_that("an unknown name is answered with the nearest ones", {
  expect_error(load_table("esp_repots", project), "found 'esp_repots'.*such as esp_reports")
})

test_that("of two tables that share a name, each is loaded by its place", {
  facts <- load_table("data/cybertipline/ojjdp_facts.csv", project)
  expect_true("first_report" %in% names(facts))
  expect_error(load_table("ojjdp_facts", project), "cybertipline/ojjdp_facts.csv or results/tables/ojjdp_facts")
})

test_that("a computed table that is not there is answered with the command that makes it", {
  expect_error(load_table("small", checkout(NULL, "results")), "snakemake results/small.csv --cores 2")
})

test_that("all tables of data/ are listed with their rows, and computed ones that are missing without", {
  listed <- tables(project)
  expect_identical(names(listed), c("name", "title", "rows", "where", "route"))
  expect_identical(listed$rows[listed$name == "esp_reports"], 1029L)
  expect_identical(listed$route[listed$name == "esp_reports"], "parsed")
  missing <- tables(checkout(NULL, "results"))
  expect_identical(missing$rows, NA_integer_)
  expect_identical(missing$route, "computed")
})

test_that("a computed table whose file lies at a place of its own is loaded from there", {
  root <- checkout(c("place,day,n,is_new", "a,,1,true"), "results", "results/other.csv")
  expect_identical(load_table("small", root)$place, "a")
  expect_identical(load_table("results/other.csv", root)$n, 1)
  expect_identical(tables(root)$rows, 1L)
})
