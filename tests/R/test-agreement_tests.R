test_that("without ties the signed rank test is R's own exact one", {
  values <- c(0.3, -0.1, 0.7, 1.2, -0.4, 0.05, 2.1, -0.9, 0.61)
  test <- signed_rank_test(values)
  two <- stats::wilcox.test(values, exact = TRUE)
  expect_equal(test$positive_sum, unname(two$statistic))
  expect_equal(test$p_two_sided, two$p.value)
  expect_equal(test$p_one_sided, stats::wilcox.test(values, exact = TRUE, alternative = "greater")$p.value)
})

test_that("with ties it is the enumeration of all signs, zeros left out", {
  values <- c(1, -1, 2, 2, -3, 0, 4, 0)
  nonzero <- values[values != 0]
  ranks <- rank(abs(nonzero))
  signs <- as.matrix(expand.grid(rep(list(c(0, 1)), length(nonzero))))
  sums <- as.numeric(signs %*% ranks)
  observed <- sum(ranks[nonzero > 0])
  test <- signed_rank_test(values)
  expect_equal(test$p_one_sided, mean(sums >= observed))
  expect_equal(test$p_two_sided, min(1, 2 * mean(sums >= max(observed, sum(ranks) - observed))))
})

test_that("differences that are equal but for rounding errors share a rank", {
  expect_equal(signed_rank_test(c(0.1 + 0.2, -0.3, 1)), signed_rank_test(c(0.3, -0.3, 1)))
})

test_that("nothing but zeros can't be tested", {
  rows <- direction_rows(c(0, 0), "all", "pair", "note")
  expect_identical(unique(rows$status), "not_estimable")
  expect_identical(nrow(holm_rows(rows)), 0L)
})

test_that("the provider's rows stand first and agree with the table of signs", {
  pairs <- pairs_of(c(90, 110, 100, 90), c(110, 90.5, 100, 91), provider = c("a", "a", "b", "c"))
  rows <- direction_tests(pairs, "all")
  signs <- agreement_signs(pairs)
  expect_identical(rows$unit_of_analysis[1], "provider")
  p <- function(parameter) rows$p_value[rows$parameter == parameter]
  expect_equal(p("provider_sign_two_sided"), signs$p_two_sided[signs$unit_of_analysis == "provider"])
  expect_equal(p("pair_sign_one_sided"), signs$p_one_sided[signs$unit_of_analysis == "pair"])
})

test_that("Holm's correction multiplies the smallest of four probabilities by four", {
  rows <- direction_tests(pairs_of(1:9 * 10, 1:9 * 10 + c(1:8, -1)), "all")
  adjusted <- holm_rows(rows)
  raw <- rows[grepl("two_sided$", rows$parameter), ]
  expect_identical(nrow(adjusted), 4L)
  expect_equal(min(adjusted$p_value), min(1, 4 * min(raw$p_value)))
  expect_match(adjusted$method[1], "all 4 two-sided tests")
})

test_that("the cutoffs' probabilities are those of Fisher's test", {
  pairs <- pairs_of(rep(100, 6), c(100, 101, 120, 150, 99, 100), provider = c("a", "a", "b", "b", "c", "c"))
  rows <- cutoff_tests(pairs)
  expect_identical(nrow(rows), 3L * length(unique(signif(abs(pairs$relative_difference[pairs$difference != 0]), 12))))
  fisher <- with(rows, mapply(function(a, b, c, d) {
    stats::fisher.test(matrix(c(a, b, c, d), 2), alternative = "greater")$p.value
  }, far_inside, near_inside, far_outside, near_outside))
  expect_equal(rows$p, fisher)
  expect_true(all(rows$far_inside + rows$near_inside == 2))
})

test_that("relabelling n providers can't give less than one in n", {
  pairs <- pairs_of(c(1, 2, 3), c(1, 2, 9), provider = c("a", "b", "c"))
  rows <- outlier_rows(pairs, cutoff_tests(pairs))
  expect_equal(rows$estimate[1], 1 / 3)
  expect_match(rows$note[1], "below 1/3")
  expect_identical(unique(rows$status[-1]), "fails_check")
})

test_that("pairs that are all equal leave no cutoff", {
  pairs <- pairs_of(1:3, 1:3)
  expect_identical(nrow(cutoff_tests(pairs)), 0L)
  expect_identical(nrow(outlier_rows(pairs, cutoff_tests(pairs))), 1L)
})

test_that("how uneven a split must be is said, or that none is enough", {
  # 8 of 8: 2 / 2^8 = 0.008; 7 of 8: 18 / 2^8 = 0.07
  expect_match(needed_split(8), "Of 8 that differ, 8 would")
  expect_match(needed_split(9), "Of 9 that differ, 8 would")
  expect_match(needed_split(5), "too few")
  expect_match(needed_split(0), "too few")
})
