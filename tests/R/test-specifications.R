choices <- data.frame(
  question = "ranks", dimension = c("size", "size", "kind", "kind"), option = c("small", "large", "plain", "fancy"),
  is_chosen = c(TRUE, FALSE, TRUE, FALSE), dimension_title = c("Size", "Size", "Kind", "Kind"),
  title = c("Small", "Large", "Plain", "Fancy"), reason = "r"
)
sizes <- c(small = 1, large = 10)
of_options <- function(options) list(estimate = sizes[[options$size]] + (options$kind == "fancy"), n = 3)

test_that("every combination of options is one specification, the lowest result first", {
  found <- specify("ranks", choices, of_options, "rank", "rank")
  expect_identical(found$specifications$estimate, c(1, 2, 10, 11))
  expect_identical(found$specifications$is_chosen, c(TRUE, FALSE, FALSE, FALSE))
  expect_identical(found$options$option[found$options$specification == 4], c("large", "fancy"))
  expect_identical(unique(found$options$parameter), "rank")
})

test_that("options without a meaning together are no specification, and those chosen must have one", {
  without <- function(option) {
    function(options) if (options$size == option && options$kind == "plain") NULL else of_options(options)
  }
  expect_identical(nrow(specify("ranks", choices, without("large"), "rank", "rank")$specifications), 3L)
  expect_error(specify("ranks", choices, without("small"), "rank", "rank"), "choices.csv, question ranks.*small, plain")
})

test_that("ends of a specification need a kind", {
  bare <- function(options) list(estimate = 1, low = 0, high = 2)
  expect_error(specify("ranks", choices, bare, "rank", "rank"), "kind NA")
  ranged <- function(options) c(bare(options), interval_kind = "range")
  expect_identical(unique(specify("ranks", choices, ranged, "rank", "rank")$specifications$interval_kind), "range")
})

test_that("numbers say how far results reach, where the chosen one lies, and which choice moves them most", {
  found <- specify("ranks", choices, of_options, "rank", "rank")
  numbers <- specification_numbers(found, choices, "rank_specifications")
  value <- function(parameter) numbers$value[numbers$parameter == parameter]
  expect_identical(vapply(paste("rank", c("n", "lowest", "median", "highest", "chosen")), value, 0, USE.NAMES = FALSE),
                   c(4, 1, 6, 11, 1))
  expect_identical(numbers$text[numbers$parameter == "rank moves_most"], "size")
  expect_identical(c(value("rank moves_most_lowest"), value("rank moves_most_highest")), c(1.5, 10.5))
})
