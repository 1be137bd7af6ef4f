committed_coverage <- function() {
  path <- file.path(project, "data", "calibration", "interval_coverage.csv")
  rows <- read_table(path, file.path(project, "data", "datapackage.json"))
  rows[startsWith(rows$interval_method, "agreement_"), ]
}

# how many providers or pairs the committed draws had, in words beside them
count_in <- function(text) as.integer(regmatches(text, regexpr("[0-9]+", text)))

test_that("intervals hold as often as committed where errors are as their methods assume", {
  committed <- committed_coverage()
  assumed <- committed[committed$errors == "as_assumed", ]
  counts <- stats::setNames(count_in(assumed$simulated), assumed$interval_method)
  held <- with_seed(3, hold_as_assumed(
    counts[["agreement_mean_of_providers"]], counts[["agreement_limits_of_pairs"]], 400
  ))
  found <- do.call(rbind, lapply(names(held), function(id) coverage_row(id, "as_assumed", held[[id]], 3, "again")))
  expect_setequal(found$interval_method, assumed$interval_method)
  expect_coverage_as_committed(found)
})

test_that("providers are drawn whole, with years of their own only", {
  own <- list(c(0, 0), 5, c(-1, -2, -3))
  drawn <- with_seed(2, replicate(50, redraw_providers(own), simplify = FALSE))
  expect_true(all(vapply(unlist(drawn, recursive = FALSE), function(one) {
    any(vapply(own, function(from) length(one) == length(from) && all(one %in% from), NA))
  }, NA)))
  expect_identical(lengths(drawn), rep(3L, 50))
})

test_that("pairs taken for independent would make an interval that holds far less often than it promises", {
  # a provider's years are alike: as many as there are pairs, but no more than there are providers
  by_provider <- with_seed(8, lapply(stats::rnorm(11), rep, 5))
  naive <- with_seed(9, vapply(1:400, function(draw) {
    ends <- mean_interval(unlist(redraw_providers(by_provider)))
    holds(ends[1], ends[2], mean(unlist(by_provider)))
  }, NA))
  expect_lt(mean(naive), 0.8)
  clustered <- with_seed(9, vapply(1:400, function(draw) {
    ends <- intervals_of_providers(redraw_providers(by_provider))$agreement_mean_of_providers
    holds(ends[1], ends[2], mean(unlist(by_provider)))
  }, NA))
  expect_gt(mean(clustered), 0.88)
})

test_that("every method of the topic has a coverage under both kinds of errors", {
  pairs <- pairs_of(100 * 1:12, 100 * 1:12 + c(0, 3), rep(c("a", "b", "c", "d", "e", "f"), 2))
  found <- calibrate_agreement(pairs, 20, 1)
  methods <- utils::read.csv(file.path(project, "data", "calibration", "interval_methods.csv"))
  listed <- methods$interval_method[methods$topic == "agreement"]
  expect_setequal(paste(found$interval_method, found$errors), outer(listed, c("as_assumed", "as_observed"), paste))
  expect_identical(found, calibrate_agreement(pairs, 20, 1))
})
