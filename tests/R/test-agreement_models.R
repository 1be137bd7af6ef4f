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

test_that("the restricted likelihood is lowest at the fit's own variances", {
  pairs <- draws(8, 0.5, 0.2, 3)
  fit <- fit_provider_model(pairs)
  sums <- group_sums(pairs$log_ratio, pairs$provider)
  lowest <- stats::optim(
    c(0, 0), function(at) restricted_deviance(exp(at[1]), stats::plogis(at[2]), sums),
    control = list(reltol = 1e-12)
  )
  total <- fit$between + fit$within
  expect_equal(exp(lowest$par[1]), total, tolerance = 1e-3)
  expect_equal(stats::plogis(lowest$par[2]), fit$between / total, tolerance = 1e-3)
})

test_that("with one value per group the interval of the total variance is that of a plain variance", {
  values <- c(0.3, -0.2, 0.1, 0.5, -0.4, 0.05, 0.2)
  n <- length(values)
  total <- stats::var(values)
  interval <- total_variance_interval(values, seq_len(n), total)
  # -2 log likelihood of a variance, up to a constant
  deviance <- function(v) (n - 1) * log(v) + (n - 1) * total / v
  expect_equal(deviance(interval) - deviance(total), rep(stats::qchisq(0.95, 1), 2), tolerance = 1e-5)
})

test_that("intervals of the limits hold the true limits about as often as they say", {
  hits <- vapply(1:150, function(seed) {
    pairs <- draws(10, 0.3, 0.3, seed)
    limits <- model_limits(fit_provider_model(pairs), pairs)
    true <- 0.1 + 1.96 * sqrt(0.18)
    limits$high[2] <= true && true <= limits$high[3]
  }, NA)
  expect_gt(mean(hits), 0.88)
  expect_lt(mean(hits), 0.995)
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

test_that("each provider is left out once, with the sets asked for first", {
  sets <- with_each_left_out(list("b", list("a", "b")), c("c", "a", "b", "a"))
  expect_identical(sets, list("b", c("a", "b"), "a", "c"))
})

test_that("a pair with a count of zero has no ratio, and stops no model", {
  pairs <- pairs_of(c(0, 90, 100, 210, 100), c(1, 110, 101, 200, 99), c("a", "a", "b", "b", "b"))
  expect_identical(is.na(pairs$log_ratio), c(TRUE, FALSE, FALSE, FALSE, FALSE))
  rows <- provider_model_rows(pairs, "all")
  expect_equal(rows$n, rep(4, nrow(rows)))
  expect_true(all(is.finite(rows$estimate)))
  expect_length(altered_pairs(pairs, 2)$one_size[[1]], 4)
})
