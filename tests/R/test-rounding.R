disclosed <- function(organization, value, metric = "pieces", warnings = NA_character_) {
  data.frame(
    organization = organization, metric = metric, value = value, unit = "count", warnings = warnings,
    period = paste0(rep(2021:2024, length.out = length(value)), " Q1"), is_redundant = FALSE
  )
}

exact <- function(n, seed = 1) with_seed(seed, sort(floor(10^stats::runif(n, 3, 6))))

test_that("who rounds is found and who doesn't is not", {
  rows <- rounding_tests(
    rbind(disclosed("rounds", round(exact(30), -2)), disclosed("counts", exact(30, 2)), disclosed("once", 5000)), 1000
  )
  verdict <- function(id) rows$verdict[rows$organization == id & rows$metric == "all"]
  expect_identical(c(verdict("rounds"), verdict("counts"), verdict("once")), c("rounds", "no_sign", "too_few"))
  expect_true(all(is.na(rows$verdict[rows$metric != "all"])))
})

test_that("unrounded counts above the floor end in zeros as often as the test takes for granted", {
  counts <- 1000:999999
  # sizes spread evenly over powers of ten
  weights <- 1 / counts
  share <- function(step) sum(weights[counts %% step == 0]) / sum(weights)
  expect_equal(share(10), 0.1, tolerance = 2e-3)
  expect_equal(share(100), 0.01, tolerance = 2e-2)
})

test_that("the probability of zeros is the binomial tail", {
  row <- ending_zeros(c(1000, 1100, 1110, 1111, 1234))
  expect_identical(c(row$n, row$n_ends_in_0, row$n_ends_in_00), c(5L, 3L, 2L))
  expect_equal(row$p_0, sum(stats::dbinom(3:5, 5, 0.1)), tolerance = 1e-5)
  expect_equal(row$p_00, stats::binom.test(2, 5, 0.01, alternative = "greater")$p.value, tolerance = 1e-5)
})

test_that("few of an organization's metrics can't make it round by chance alone", {
  verdicts <- vapply(1:100, function(seed) {
    rows <- rounding_tests(
      rbind(disclosed("a", exact(20, seed)), disclosed("b", exact(20, 1000 + seed))), 1000
    )
    any(rows$verdict %in% "rounds")
  }, NA)
  expect_lt(mean(verdicts), 0.1)
})

test_that("computed, broken and small numbers don't count", {
  rows <- rbind(disclosed("a", c(1000, 999, 1000.5)), disclosed("a", 2000, warnings = "redundant|derived"))
  expect_identical(disclosed_counts(rows, 1000)$value, 1000)
})

test_that("steps are the largest powers of ten that divide all counts of a size", {
  steps <- rounding_steps(disclosed("a", c(20, 700, 1200, 52600, 52610, 1e6, 2.3e6)), "a")
  expect_identical(steps$magnitude, c(1e1, 1e2, 1e3, 1e4, 1e6))
  expect_identical(steps$step, c(10, 100, 100, 10, 1e5))
  expect_equal(steps$half_step_share[5], 0.05)
})

test_that("a count with more digits than the others of its size does not make these more exact", {
  rounded <- c(seq(1e6, 4.9e6, 1e5), 2319900)
  steps <- rounding_steps(disclosed("a", rounded), "a")
  expect_identical(steps$step, 1e5)
  expect_identical(steps$n_finer, 1)
  expect_identical(rounding_steps(disclosed("a", rounded[31:41]), "a")$step, 100)
})

test_that("a count of a size without a step takes that of the nearest size", {
  steps <- data.frame(magnitude = c(10, 1e4), step = c(10, 100))
  expect_identical(step_of(c(0, 55, 200000), steps), c(10, 10, 100))
})

test_that("bounds of a year add up half the steps, upwards from zero", {
  rows <- disclosed("a", c(0, 1200, 2000))
  rows$period <- c("2021 Q1", "2021 Q2", "2022")
  years <- data.frame(
    provider = "a", metric = "pieces", year = 2021:2022, value = c(1200, NA), coverage = c("complete", "gap"),
    warnings = c("rounded", NA)
  )
  bounds <- rounding_bounds(rows, years, "a", data.frame(magnitude = 1000, step = 100))
  expect_identical(nrow(bounds), 1L)
  expect_equal(c(bounds$low, bounds$value, bounds$high), c(1150, 1200, 1300))
  expect_identical(bounds$warnings, "rounded")
})

test_that("a count that is known to be rounded down is at least what is disclosed, and less than a step more", {
  rows <- disclosed("a", c(1200, 2000))
  rows$period <- c("2031 H1", "2031 H2")
  years <- data.frame(
    provider = "a", metric = rows$metric[1], year = 2031, value = 3200, coverage = "complete", warnings = NA
  )
  steps <- data.frame(magnitude = 1000, step = 100)
  directions <- data.frame(organization = c("a", "b"), metric = rows$metric[1], direction = c("down", "nearest"))
  bounds <- rounding_bounds(rows, years, "a", steps, directions)
  expect_equal(c(bounds$low, bounds$value, bounds$high), c(3200, 3200, 3400))
  nearest <- rounding_bounds(rows, years, "a", steps, transform(directions, organization = rev(organization)))
  expect_equal(c(nearest$low, nearest$high), c(3100, 3300))
})

test_that("rounding hides equality", {
  pairs <- pairs_of(c(1234, 5678, 9100), c(1234, 5678, 9100))
  rows <- rounding_effect(pairs, data.frame(magnitude = 1000, n = 9, step = 100, half_step_share = 0.05))
  expect_equal(rows$estimate[rows$parameter == "n_equal"], 1)
  expect_match(rows$note[rows$parameter == "n_equal"], "3 pairs are equal")
})

test_that("where no one rounds, tables are empty and the effect is not estimable", {
  rows <- disclosed("a", exact(30, 2))
  steps <- rounding_steps(rows, character())
  expect_identical(nrow(steps), 0L)
  years <- data.frame(
    provider = "a", metric = "pieces", year = 2021, value = 1, coverage = "complete", warnings = NA_character_
  )
  expect_identical(nrow(rounding_bounds(rows, years, character(), steps)), 0L)
  expect_identical(rounding_effect(pairs_of(1:3, 1:3), steps)$status, "not_estimable")
  expect_identical(nrow(rounding_tests(rows[0, ], 1000)), 0L)
})

test_that("who rounds is counted, and last digits are added up over those that show no sign of it", {
  rows <- data.frame(
    organization = c("a", "b", "c", "c"), metric = c("all", "all", "all", "reports"), n = c(10, 20, 30, 5),
    n_ends_in_0 = c(10, 2, 4, 1), n_ends_in_00 = c(10, 0, 1, 0), verdict = c("rounds", "no_sign", "no_sign", NA)
  )
  found <- rounding_numbers(rows)
  ids <- paste(found$subset, found$parameter, sep = ".")
  expect_identical(as.list(stats::setNames(found$value, ids)), list(
    verdict.no_sign = 2, verdict.rounds = 1, no_sign.n = 50, no_sign.n_ends_in_0 = 6, no_sign.n_ends_in_00 = 1
  ))
  expect_identical(unique(found$unit), "count")
})
