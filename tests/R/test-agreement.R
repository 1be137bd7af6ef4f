test_that("differences are NCMEC less provider, over the mean of both", {
  pair <- pairs_of(90, 110)
  expect_equal(pair$difference, 20)
  expect_equal(pair$relative_difference, 0.2)
  expect_equal(pair$log_ratio, log(110 / 90))
})

test_that("pairs that can't be compared are left out", {
  pairs <- data.frame(
    provider = c("a", "b"), year = 2021, provider_reports = c(1, NA), provider_low = c(1, NA), provider_high = c(1, NA),
    ncmec_reports = c(1, 5), is_comparable = c(TRUE, FALSE)
  )
  expect_identical(agreement_pairs(pairs)$provider, "a")
})

test_that("two counts of zero are equal and have no ratio", {
  pair <- pairs_of(0, 0)
  expect_identical(c(pair$relative_difference, pair$log_ratio), c(0, NA))
  expect_identical(pair$verdict, "equal")
})

test_that("a verdict is on the share of the mean, and the numbers at a limit are within it", {
  ncmec <- c(10000, 10100, 10101, 10500, 10512, 10513, 20000)
  verdicts <- pairs_of(rep(10000, 7), ncmec)$verdict
  expect_identical(verdicts, c("equal", "close", "near", "near", "near", "apart", "apart"))
  expect_identical(pairs_of(ncmec, rep(10000, 7))$verdict, verdicts)
})

test_that("a difference of few reports is no disagreement, however large the share", {
  expect_identical(pairs_of(c(37, 101, 1), c(1, 1, 100))$verdict, c("too_few_to_tell", "apart", "too_few_to_tell"))
  # few reports of many are a small share, and said to be one
  expect_identical(pairs_of(c(100000, 1000), c(100099, 1040))$verdict, c("close", "near"))
})

test_that("rounding gives a difference bounds, and its verdict is the best that they allow", {
  pairs <- pairs_of(
    rep(10000, 4), c(10400, 10900, 12000, 10600), low = rep(10000, 4), high = c(10500, 10500, 10500, 10550)
  )
  expect_equal(pairs$relative_low, c(-100 / 10450, 400 / 10700, 1500 / 11250, 50 / 10575))
  expect_equal(pairs$relative_high, c(400 / 10200, 900 / 10450, 2000 / 11000, 600 / 10300))
  expect_identical(pairs$verdict, c("agrees_within_rounding", "near", "apart", "close"))
  expect_identical(pairs$is_straddling, c(TRUE, TRUE, FALSE, TRUE))
})

test_that("a rounded count that is the same number is not equal to the last report", {
  expect_identical(pairs_of(1000, 1000, low = 1000, high = 1100)$verdict, "agrees_within_rounding")
})

test_that("the typical value is one that at least half do not exceed, and one of two is not made worse by the other", {
  expect_identical(typical(c(0.5, 0)), 0)
  expect_identical(typical(c(3, 1, 2)), 2)
  expect_identical(typical(4:1), 2L)
})

test_that("the verdict on a provider is that of its typical year, with the bounds of rounding", {
  pairs <- pairs_of(
    c(10000, 10000, 37, 10000, 10000, 10000), c(10000, 30000, 1, 10400, 10000, 10200), c("a", "a", "b", "c", "a", "c"),
    low = c(10000, 10000, 37, 10000, 10000, 10000), high = c(10000, 10000, 37, 10500, 10000, 10100)
  )
  found <- agreement_providers(pairs, verdict_limits)
  expect_identical(found$verdict, c("equal", "too_few_to_tell", "agrees_within_rounding"))
  expect_identical(found$is_straddling, c(FALSE, FALSE, TRUE))
  expect_identical(found$n_apart, c(1L, 0L, 0L))
  expect_equal(found$typical_high[3], 200 / 10100)
  expect_identical(found$typical_low[3], 0)
  expect_identical(found$widest_year[1], 2022)
})

test_that("more years of the same kind make no verdict likelier to be bad, as the worst year did", {
  # a provider's years are drawn from the distances of all, of which a fifth are apart
  distances <- c(0, 0, 0.004, 0.03, 0.9)
  bad <- function(n_years, judge) {
    with_seed(n_years, mean(replicate(1500, judge(sample(distances, n_years, replace = TRUE))) > verdict_limits$near))
  }
  by_typical <- vapply(1:9, bad, 0, judge = typical)
  expect_true(all(by_typical[-1] <= by_typical[1] + 0.03))
  by_worst <- vapply(1:9, bad, 0, judge = max)
  expect_gt(by_worst[9], 4 * by_worst[1])
})

test_that("where half of all years are apart, the typical year is apart as often with many odd years as with one", {
  # the chance that more than half of the years are apart, in closed form
  apart <- function(n_years) stats::pbinom(ceiling(n_years / 2) - 1, n_years, 0.5)
  expect_equal(apart(c(1, 3, 5, 7)), rep(0.5, 4))
  odd <- with_seed(1, mean(replicate(2000, typical(sample(c(0, 1), 7, replace = TRUE)))))
  even <- with_seed(1, mean(replicate(2000, typical(sample(c(0, 1), 6, replace = TRUE)))))
  expect_equal(odd, 0.5, tolerance = 0.08)
  expect_lt(even, 0.5)
})

test_that("bias and limits are the mean and 1.96 standard deviations about it", {
  pairs <- pairs_of(c(90, 95, 100, 120), c(110, 95, 101, 118))
  summary <- agreement_summary(pairs)
  expect_equal(summary$bias, mean(pairs$relative_difference))
  expect_equal(summary$limit_high - summary$limit_low, 2 * 1.96 * stats::sd(pairs$relative_difference))
  expect_identical(c(summary$n_equal, summary$n_within_1_percent, summary$n_within_5_percent), c(1L, 2L, 3L))
  expect_identical(c(summary$n_apart, summary$n_too_few), c(0L, 1L))
})

test_that("the mean over providers counts each once", {
  pairs <- pairs_of(c(90, 90, 90, 100), c(110, 110, 110, 100), provider = c("a", "a", "a", "b"))
  summary <- agreement_summary(pairs)
  expect_equal(summary$bias, 0.15)
  expect_equal(summary$provider_bias, 0.1)
})

test_that("sets are left out by rule: each provider, the widest, the doubtful and the rounded pairs", {
  pairs <- pairs_of(
    c(100, 101, 100, 100, 100, 100, 100), c(100, 100, 400, 101, 300, 99, 100), c("a", "a", "b", "b", "c", "c", "d"),
    high = c(100, 101, 100, 100, 100, 100, 200), warnings = c(NA, NA, NA, NA, "doubtful", NA, "rounded")
  )
  sets <- sets_left_out(pairs)
  expect_identical(names(sets), c(
    paste("without", c("a", "b", "c", "d")), "without b and c", "without b 2023", "without doubtful pairs",
    "without rounded pairs"
  ))
  expect_identical(which(!sets[["without b 2023"]]), 3L)
  expect_identical(which(!sets[["without doubtful pairs"]]), 5L)
  results <- for_subsets(pairs, sets, agreement_summary)
  expect_identical(results$subset, c("all", names(sets)))
  expect_identical(results$n_pairs[results$subset == "without b and c"], 3L)
})

test_that("a single provider cannot be left out", {
  expect_false("without a" %in% names(sets_left_out(pairs_of(1:4 * 100, 2:5 * 100, "a"))))
})
