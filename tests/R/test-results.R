test_that("a result has every column of the schema, in its order", {
  row <- result_row("How many?", "mean", 2, "count", 3, "year", "mean", interval = c(1, 3), interval_kind = "range")
  schema <- jsonlite::fromJSON(file.path(project, "data", "schemas", "results", "estimates.json"))
  expect_identical(names(row), schema$fields$name)
  expect_identical(c(row$low, row$high, row$p_value), c(1, 3, NA))
})

test_that("a result without an estimate must say that, and why", {
  expect_error(result_row("How many?", "mean", NA, "count", 3, "year", "mean"), "How many\\?.*estimated")
  expect_error(result_row("How many?", "mean", NA, "count", 3, "year", "mean", status = "not_estimable"), "say why")
  expect_error(
    result_row("How many?", "mean", 2, "count", 3, "year", "mean", status = "not_estimable", note = "few"), "wrong"
  )
  row <- result_row("How many?", "mean", NA, "count", 3, "year", "mean", status = "not_estimable", note = "too few")
  expect_identical(row$note, "too few")
})

test_that("a number of the prose has every column of the schema, in its order", {
  row <- number_row("all", "n", 3L, "count", "pairs", "all")
  schema <- jsonlite::fromJSON(file.path(project, "data", "schemas", "results", "numbers.json"))
  expect_identical(names(row), schema$fields$name)
})

test_that("a number has a value or is words, and not both", {
  row <- number_row("all", "change", NA, "text", "pairs", "all", "fell")
  expect_identical(row$text, "fell")
  expect_error(number_row("all", "n", NA, "count", "pairs", "all"), "all / n: expected a value")
  expect_error(number_row("all", "n", 3, "count", "pairs", "all", "three"), "expected a value")
  expect_error(number_row("all", "n", 3, "text", "pairs", "all"), "expected a value")
})

test_that("ends need a kind, and a kind that simulation judges its method", {
  row <- function(...) result_row("How many?", "mean", 2, "count", 3, "year", "mean", ...)
  expect_error(row(interval = c(1, 3)), "found ends of kind NA, expected ends and one of confidence")
  expect_error(row(interval_kind = "range"), "found no ends of kind range")
  expect_error(row(interval = c(1, 3), interval_kind = "guess"), "of kind guess")
  expect_error(row(interval = c(1, 3), interval_kind = "confidence"), "name the method")
  expect_error(row(interval = c(1, 3), interval_kind = "bounds", interval_method = "some"), "for no other kind")
  named <- row(interval = c(NA, 3), interval_kind = "confidence", interval_method = "some")
  expect_identical(c(named$interval_kind, named$interval_method), c("confidence", "some"))
})

test_that("a count below ten is a word", {
  expect_identical(vapply(c(0, 1, 9, 10, 1200), number_word, ""), c("no", "one", "nine", "10", "1,200"))
  expect_identical(number_word(3L, is_first = TRUE), "Three")
})
