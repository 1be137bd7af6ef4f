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
  rows <- direction_rows(pairs_of(c(5, 6), c(5, 6)))
  expect_identical(unique(rows$status), "not_estimable")
  expect_identical(agreement_signs(pairs_of(c(5, 6), c(5, 6)))$p_two_sided, rep(NA_real_, 4))
})

test_that("signs are counted and their probability is the binomial distribution's", {
  signs <- count_signs(c(rep(1, 15), rep(-1, 5), rep(0, 12)))
  expect_equal(c(signs$n, signs$n_positive, signs$n_negative, signs$n_ties), c(32, 15, 5, 12))
  expect_equal(sign_p(15, 5), 2 * sum(choose(20, 15:20)) / 2^20)
})

test_that("a provider counts once, by the median, the mean or the sum of its years, and these can differ", {
  pairs <- pairs_of(c(90, 100, 9000, 100, 80), c(110, 101, 100, 100, 80), provider = c("a", "a", "a", "b", "b"))
  signs <- agreement_signs(pairs)
  expect_identical(signs$taken_by, c("median", "mean", "summed", "pair"))
  expect_identical(signs$n, c(2L, 2L, 2L, 5L))
  expect_identical(signs$n_positive, c(1L, 0L, 0L, 2L))
  expect_identical(signs$n_ties, c(1L, 1L, 1L, 2L))
})

test_that("differences of a provider that cancel out are a tie", {
  expect_identical(as.numeric(provider_differences(pairs_of(c(90, 110), c(110, 90), "a"), "mean")), 0)
})

test_that("pairs that turn by provider have the probability of all turns, as enumerated", {
  differences <- c(3, 1, -2, 5, 0, 4, 4)
  providers <- c("a", "a", "a", "b", "b", "c", "c")
  turns <- as.matrix(expand.grid(rep(list(c(-1, 1)), 3)))
  surplus <- as.numeric(tapply(sign(differences), providers, sum))
  expect_equal(clustered_sign_p(differences, providers), mean(abs(turns %*% surplus) >= abs(sum(surplus))))
  # one provider can turn only as a whole: nothing can be found
  expect_identical(clustered_sign_p(c(1, 2, 3, 4, 5, 6, 7, 8), rep("a", 8)), 1)
})

test_that("there is one test, all providers by their median, and nothing is adjusted for being one of many", {
  pairs <- pairs_of(c(90, 110, 100, 90), c(110, 90.5, 100, 91), provider = c("a", "a", "b", "c"))
  rows <- direction_rows(pairs)
  signs <- agreement_signs(pairs)
  expect_identical(rows$parameter, c("provider_sign", "provider_signed_rank", "pair_sign"))
  expect_identical(unique(rows$subset), "all")
  expect_equal(rows$p_value[1], signs$p_two_sided[1])
  expect_identical(rows$interval_method, c("agreement_sign_share", NA, NA))
  expect_identical(grepl("No test of its own", rows$note), c(FALSE, TRUE, TRUE))
})

test_that("the power is the chance of a split that the test finds", {
  # 8 of 8 are needed: all one way or all the other
  expect_equal(sign_power(8, 0.75), 0.75^8 + 0.25^8)
  expect_identical(sign_power(5, 0.75), 0)
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
  expect_identical(vapply(c(8, 9, 5, 0), needed_split, 0), c(8, 8, NA, NA))
  expect_match(needed_in_words(9), "Of nine that differ, eight would")
  expect_match(needed_in_words(5), "too few")
})

test_that("numbers for prose tell what the test can find and how far the choices move it", {
  pairs <- pairs_of(rep(100, 8), rep(110, 8))
  found <- agreement_numbers(agreement_signs(pairs), verdict_limits)
  value <- function(subset, parameter) found$value[found$subset == subset & found$parameter == parameter]
  expect_identical(value("sign_test", "n_needed"), 8)
  expect_identical(value("splits", "n"), 3)
  expect_equal(value("splits", "smallest_p"), 2 / 2^8)
  tied <- agreement_numbers(agreement_signs(pairs_of(1, 1)), verdict_limits)
  expect_identical(tied$value[tied$subset == "splits" & tied$parameter == "n"], 0)
})
