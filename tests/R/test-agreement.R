test_that("differences are NCMEC less provider, over the mean of both", {
  pair <- pairs_of(90, 110)
  expect_equal(pair$difference, 20)
  expect_equal(pair$relative_difference, 0.2)
  expect_equal(pair$log_ratio, log(110 / 90))
})

test_that("pairs that can't be compared are left out", {
  pairs <- data.frame(
    provider = c("a", "b"), year = 2021, provider_reports = c(1, NA), ncmec_reports = c(1, 5),
    is_comparable = c(TRUE, FALSE)
  )
  expect_identical(agreement_pairs(pairs)$provider, "a")
})

test_that("bias and limits agree with the t test and the standard deviation", {
  pairs <- pairs_of(c(90, 95, 100, 120), c(110, 95, 101, 118))
  summary <- agreement_summary(pairs)
  test <- stats::t.test(pairs$relative_difference)
  expect_equal(c(summary$bias_low, summary$bias_high), as.numeric(test$conf.int))
  expect_equal(summary$bias, unname(test$estimate))
  expect_equal(summary$limit_high - summary$limit_low, 2 * 1.96 * stats::sd(pairs$relative_difference))
  expect_identical(c(summary$n_equal, summary$n_within_1_percent, summary$n_within_5_percent), c(1L, 2L, 3L))
})

test_that("the sign test agrees with the binomial distribution's closed form", {
  signs <- sign_test(c(rep(1, 15), rep(-1, 5), rep(0, 12)), "all", "pair")
  tail <- sum(choose(20, 15:20)) / 2^20
  expect_equal(signs$p_one_sided, tail)
  expect_equal(signs$p_two_sided, 2 * tail)
  expect_equal(c(signs$n_positive, signs$n_negative, signs$n_ties), c(15, 5, 12))
})

test_that("nothing but ties gives no probability instead of an error", {
  signs <- sign_test(c(0, 0), "all", "pair")
  expect_true(is.na(signs$p_two_sided))
  expect_true(is.na(signs$positive_share))
})

test_that("a provider counts once, by its mean difference", {
  pairs <- pairs_of(c(90, 110, 100), c(110, 90.5, 100), provider = c("a", "a", "b"))
  signs <- agreement_signs(pairs)
  expect_identical(signs$n, c(3L, 2L))
  expect_identical(signs$n_positive[signs$unit_of_analysis == "provider"], 1L)
})

test_that("providers can be left out one set at a time", {
  pairs <- pairs_of(c(1, 2, 3), c(2, 2, 2), provider = c("a", "b", "c"))
  subsets <- for_subsets(pairs, list("a", list("a", "c")), agreement_signs)
  expect_identical(unique(subsets$subset), c("all", "without a", "without a and c"))
  expect_identical(subsets$n[subsets$unit_of_analysis == "pair"], c(3L, 2L, 1L))
})

test_that("the margin of a limit is near the spread of limits over samples from a normal distribution", {
  set.seed(7)
  sample_limit <- function() {
    values <- stats::rnorm(40)
    mean(values) + 1.96 * stats::sd(values)
  }
  limits <- replicate(4000, sample_limit())
  pairs <- data.frame(
    provider = rep(letters[1:10], 4), relative_difference = as.numeric(scale(stats::rnorm(40))), difference = 1
  )
  margin <- agreement_summary(pairs)$limit_margin
  expect_equal(margin, stats::qt(0.975, 39) * stats::sd(limits), tolerance = 0.05)
})

test_that("the mean over providers counts each once", {
  pairs <- pairs_of(c(90, 90, 90, 100), c(110, 110, 110, 100), provider = c("a", "a", "a", "b"))
  summary <- agreement_summary(pairs)
  expect_equal(summary$bias, 0.15)
  expect_equal(summary$provider_bias, 0.1)
})

test_that("providers to leave out that are not there stop the analysis", {
  expect_error(for_subsets(pairs_of(1, 2), list("nobody"), agreement_signs), "nobody")
})

test_that("one provider has a mean but no interval", {
  summary <- agreement_summary(pairs_of(c(90, 90), c(110, 110), provider = c("a", "a")))
  expect_equal(summary$provider_bias, 0.2)
  expect_true(is.na(summary$provider_bias_low))
})

test_that("narrow axes are labelled every other decade within their limits", {
  expect_equal(odd_decades(c(2, 5e6)), c(10, 1e3, 1e5))
  expect_equal(odd_decades(c(500, 2e8)), c(1e3, 1e5, 1e7))
})
