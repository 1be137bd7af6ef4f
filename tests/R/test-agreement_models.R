# Pairs with given log ratios around one size, three years of each provider.
modelled <- function(log_ratio, provider = rep(letters, each = 3)[seq_along(log_ratio)]) {
  pairs <- pairs_of(exp(-log_ratio / 2) * 1000, exp(log_ratio / 2) * 1000, provider)
  # counts are whole elsewhere; here the ratio matters
  pairs$log_ratio <- log_ratio
  pairs
}

draws <- function(n_providers, between, within, seed) {
  with_seed(seed, {
    shared <- rep(stats::rnorm(n_providers, sd = between), each = 3)
    modelled(0.1 + shared + stats::rnorm(3 * n_providers, sd = within))
  })
}

test_that("the model's variances are those of nlme, and those of the analysis of variance where groups are equal", {
  pairs <- draws(8, 0.5, 0.2, 3)
  fit <- fit_provider_model(pairs)
  other <- nlme::lme(log_ratio ~ 1, random = ~ 1 | provider, data = pairs, method = "REML")
  expect_equal(fit$bias, nlme::fixef(other)[[1]], tolerance = 1e-6)
  expect_equal(sqrt(c(fit$between, fit$within)), as.numeric(nlme::VarCorr(other)[, "StdDev"]), tolerance = 1e-4)
  squares <- summary(stats::aov(log_ratio ~ provider, data = pairs))[[1]][["Mean Sq"]]
  expect_equal(c(fit$between, fit$within), c((squares[1] - squares[2]) / 3, squares[2]), tolerance = 1e-4)
})

test_that("limits of the model rest on the total variance", {
  pairs <- draws(8, 0.5, 0.2, 3)
  fit <- fit_provider_model(pairs)
  expect_equal(model_limits(fit), fit$bias + c(0, -1.96, 1.96) * sqrt(fit$between + fit$within))
})

test_that("the interval of a median is that between order statistics, and too few values have none", {
  # 11 values: outside of the second and the tenth with probability 2 * 12 / 2^11
  expect_identical(median_interval(11:1), c(2L, 10L))
  expect_identical(median_interval(1:6), c(1L, 6L))
  expect_identical(median_interval(1:5), c(NA_real_, NA_real_))
  outside <- stats::pbinom(1, 11, 0.5) * 2
  expect_lt(outside, 0.05)
})

test_that("the interval of a mean is that of the t test", {
  values <- c(0.2, -0.1, 0.4, 0.05)
  expect_equal(mean_interval(values), as.numeric(stats::t.test(values)$conf.int))
  expect_true(anyNA(mean_interval(1)))
})

test_that("intervals are of providers only, and pairs of one provider make them no narrower", {
  once <- pairs_of(100 * 1:8, 100 * 1:8 + c(0, 1, 2, 3, 5, 8, 13, -4))
  copied <- rbind(once, once, once)
  rows <- provider_rows(once)
  expect_identical(rows[c("low", "high")], provider_rows(copied)[c("low", "high")])
  all_rows <- agreement_models(once, sets_left_out(once))
  promised <- all_rows[all_rows$interval_kind %in% "confidence", ]
  expect_identical(unique(promised$unit_of_analysis), "provider")
})

test_that("what rounding leaves is carried through shares, middles and means", {
  pairs <- pairs_of(
    c(10000, 10000, 10000), c(10400, 10000, 10020), c("a", "b", "c"), high = c(10500, 10000, 10000)
  )
  rows <- plain_rows(pairs, "all")
  bounds <- function(parameter) unlist(rows[rows$parameter == parameter, c("low", "high")], use.names = FALSE)
  expect_equal(bounds("share_within_1_percent"), c(2 / 3, 1))
  expect_equal(bounds("mean"), c(mean(pairs$relative_low), mean(pairs$relative_high)))
  expect_identical(rows$interval_kind[rows$parameter == "mean"], "rounding")
  expect_true(all(is.na(plain_rows(pairs[2:3, ], "all")$interval_kind)))
})

test_that("the sign of a rounded count is open, and the split is given with what rounding leaves of it", {
  pairs <- pairs_of(
    c(10000, 100, 200, 300), c(10100, 101, 202, 303), c("a", "b", "c", "d"), high = c(10500, 100, 200, 300)
  )
  rows <- rounding_rows(pairs)
  split <- rows[rows$parameter == "n_positive_by_rounding", ]
  expect_identical(c(split$estimate, split$low, split$high), c(4, 3, 4))
  expect_null(rounding_rows(pairs[2:4, ]))
})

test_that("one pair left out can matter where leaving out a provider does, and both ranges hold the result", {
  pairs <- pairs_of(rep(1000, 8), c(1000, 1010, 3000, 990, 1004, 1020, 2000, 1100), rep(c("a", "b", "c", "d"), 2))
  rows <- leave_one_out_rows(pairs)
  expect_identical(unique(rows$interval_kind), "leave_one_out")
  expect_setequal(unique(rows$unit_of_analysis), c("provider", "pair"))
  bias <- rows[rows$parameter == "bias_without_one_pair" & rows$unit == "share", ]
  each <- vapply(1:8, function(at) mean(pairs$relative_difference[-at]), 0)
  expect_equal(c(bias$low, bias$high), range(each), tolerance = 1e-5)
  expect_identical(bias$n, 8L)
})

test_that("a variance between providers of zero is said, not hidden", {
  # means of the providers are nearer to each other than chance within them gives
  rows <- provider_model_rows(modelled(c(-1, 0.1, 0.91, -0.9, 0, 0.9, -0.95, 0.05, 0.9)), "all")
  expect_identical(rows$estimate[rows$parameter == "sd_between"], 0)
  expect_match(rows$note[rows$parameter == "bias"], "between providers is estimated as zero")
})

test_that("a normal sample passes the check and one with ties and an outlier fails it in words", {
  normal <- with_seed(4, stats::rnorm(30))
  expect_false(normal_check(normal)$fails)
  expect_identical(normal_check(normal)$note, NA_character_)
  check <- normal_check(c(rep(0, 12), normal[1:17] / 100, 3))
  expect_true(check$fails)
  expect_match(check$note, "fits neither the ties .12 of 30 differences are exactly zero")
  expect_match(check$note, "standard deviations off.*Shapiro")
})

test_that("the probability of the largest value is that of simulations", {
  largest <- with_seed(5, replicate(20000, max(abs(stats::rnorm(10)))))
  values <- as.numeric(scale(c(seq(-1, 1, length.out = 9), 2)))
  check <- normal_check(values)
  expect_equal(check$p_largest, mean(largest >= check$largest), tolerance = 0.05)
})

test_that("what can't be modelled is listed with the reason", {
  expect_match(provider_model_rows(modelled(c(0.1, 0.2), "a"), "all")$note, "one provider")
  expect_match(provider_model_rows(modelled(c(0.1, 0.2, 0.3), c("a", "b", "c")), "all")$note, "one pair per provider")
  expect_match(provider_model_rows(modelled(c(0, 0, 0), c("a", "a", "b")), "all")$note, "no variance")
  expect_identical(bland_altman_rows(pairs_of(c(1, 2), c(1, 2)), "all")$status, "not_estimable")
})

test_that("pairs beyond five percent are named by provider and year", {
  rows <- plain_rows(pairs_of(c(100, 100, 100), c(100, 300, 101), c("a", "b", "b")), "all")
  expect_identical(rows$note[rows$parameter == "n_beyond_5_percent"], "Beyond: b 2022.")
  expect_equal(rows$estimate[rows$parameter == "share_within_1_percent"], 2 / 3)
})

test_that("a pair with a count of zero has no ratio, and stops no model", {
  pairs <- pairs_of(c(0, 90, 100, 210, 100), c(1, 110, 101, 200, 99), c("a", "a", "b", "b", "b"))
  expect_identical(is.na(pairs$log_ratio), c(TRUE, FALSE, FALSE, FALSE, FALSE))
  rows <- provider_model_rows(pairs, "all")
  expect_equal(rows$n, rep(4, nrow(rows)))
  expect_true(all(is.finite(rows$estimate)))
  expect_length(altered_pairs(pairs, 2)$one_size[[1]], 4)
})
