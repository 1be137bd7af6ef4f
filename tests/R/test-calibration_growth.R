committed <- utils::read.csv(file.path(project, "data", "calibration", "interval_coverage.csv"))
methods <- utils::read.csv(file.path(project, "data", "calibration", "interval_methods.csv"))
own <- methods$interval_method[methods$topic == "growth"]

read_rates <- function() {
  read <- function(...) utils::read.csv(file.path(project, "data", ...))
  years <- read("cybertipline", "reports.csv")
  breaks <- breaks_of(c("cybertipline_reports", "social_media_identities"), read("reference", "breaks.csv"))
  identities <- read("reference", "social_media_identities.csv")
  longest_run(identity_years(years[years$submitter == "all", c("year", "reports")], identities), breaks)
}
small <- calibrate_growth(
  list(reports = read_reports(), "reports per 1,000 social media identities" = read_rates()), 2014, 2,
  draws = 80, seed = 3, inner = 99
)

test_that("every interval on growth has its coverage, with errors as assumed and as observed", {
  expect_setequal(paste(small$interval_method, small$errors), c(paste(own, "as_assumed"), paste(own, "as_observed")))
  expect_true(all(own %in% committed$interval_method))
})

test_that("a small run agrees with the committed coverage, within chance", {
  both <- merge(small, committed, by = c("interval_method", "errors"), suffixes = c("", "_committed"))
  expect_equal(nrow(both), nrow(small))
  share <- pmin(both$held_share_committed, 0.95)
  error <- sqrt(share * (1 - share) / (both$n_draws - both$n_without))
  off <- both[abs(both$held_share - both$held_share_committed) > 3.5 * error, ]
  expect_equal(off$interval_method, character())
})

test_that("of several parameters the one held least often speaks", {
  part <- data.frame(
    interval_method = "m", errors = "as_observed", what = rep(c("one", "other"), each = 4),
    held = c(TRUE, TRUE, TRUE, TRUE, TRUE, FALSE, TRUE, NA), simulated = "Drawn."
  )
  row <- least_held(part, 1)
  expect_equal(row$held_share, 2 / 3)
  expect_match(row$simulated, "Of 2 parameters, the one held least often: other.")
})

test_that("errors are said in words", {
  expect_match(errors_in_words(list(correlation = 0, size = c(1, 1))), "independent errors of one size")
  expect_match(errors_in_words(list(correlation = 0.4, size = c(1, 3))), "correlation 0.40.*3.00 times")
})
