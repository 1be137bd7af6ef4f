# A panel of made-up places whose levels are known, with noise that lasts from year to year.
made_up_panel <- function(n_places, n_years, noise, seed, sigma = 1.2, correlation = 0.5) {
  with_seed(seed, {
    levels <- stats::rnorm(n_places, 0, sigma)
    places <- sprintf("P%03d", seq_len(n_places))
    rows <- expand.grid(iso3 = places, year = 2030 + seq_len(n_years), stringsAsFactors = FALSE)
    rows$population <- round(exp(stats::runif(n_places, 10, 17)))[match(rows$iso3, unique(rows$iso3))]
    rows$level <- levels[match(rows$iso3, unique(rows$iso3))]
    rows$noise <- c(draw_noise(places, n_years, correlation, noise))
    rows$reports <- stats::rpois(
      nrow(rows), rows$population * exp(-6 + 0.2 * (rows$year - 2030) + rows$level + rows$noise)
    )
    rows
  })
}

test_that("a seed gives the same draws, and leaves the session's own numbers alone", {
  set.seed(3)
  before <- stats::rnorm(1)
  set.seed(3)
  first <- with_seed(8, stats::rnorm(3))
  expect_identical(stats::rnorm(1), before)
  expect_identical(with_seed(8, stats::rnorm(3)), first)
})

test_that("the fit finds the parameters that made the data", {
  fit <- fit_panel(made_up_panel(250, 6, noise = 0.5, seed = 11))
  expect_equal(fit$noise, 0.5, tolerance = 0.1)
  expect_equal(fit$correlation, 0.5, tolerance = 0.2)
  expect_equal(fit$sigma, 1.2, tolerance = 0.1)
  expect_equal(unname(diff(fit$years)), rep(0.2, 5), tolerance = 0.5)
})

test_that("a level is where the normal model of logarithms of rates puts it, with the error that its noise gives", {
  rows <- made_up_panel(30, 5, noise = 0.4, seed = 13)
  # counts so large that their own chance is nothing
  rows$population <- rows$population * 1e5
  rows$reports <- round(rows$population * exp(-6 + rows$level + rows$noise))
  fit <- fit_panel(rows)
  noise <- fit$noise^2 * fit$correlation^abs(outer(1:5, 1:5, "-"))
  precision <- sum(solve(noise)) + 1 / fit$sigma^2
  expect_equal(fit$levels$standard_error, rep(1 / sqrt(precision), 30), tolerance = 1e-3)
  rates <- log(tapply(rows$reports / rows$population, rows[c("iso3", "year")], sum))
  around <- sweep(rates, 2, fit$years)
  expect_equal(fit$levels$level, unname(c(around %*% rowSums(solve(noise)))) / precision, tolerance = 1e-3)
})

test_that("noise that lasts makes a level less sure than as much noise that does not", {
  errors <- vapply(c(0, 0.7), function(correlation) {
    mean(fit_panel(made_up_panel(150, 5, noise = 0.5, seed = 17, correlation = correlation))$levels$standard_error)
  }, 0)
  expect_gt(errors[2], 1.25 * errors[1])
})

test_that("years that differ by no more than chance leave no noise of their own", {
  rows <- made_up_panel(10, 3, noise = 0, seed = 14)
  rows$reports <- round(rows$population * 1e-3 * exp(rows$level))
  fit <- fit_panel(rows)
  expect_lt(fit$noise, 1.1e-3)
  expect_equal(unname(fit$years), rep(fit$years[[1]], 3), tolerance = 1e-5)
})

test_that("two years leave the noise without a correlation, and the fit says none", {
  fit <- fit_panel(made_up_panel(60, 2, noise = 0.5, seed = 15, correlation = 0))
  expect_identical(fit$correlation, 0)
  expect_equal(fit$noise, 0.5, tolerance = 0.3)
})

test_that("intervals of ranks hold true ranks as often as they say, though noise lasts from year to year", {
  covered <- vapply(1:6, function(seed) {
    rows <- made_up_panel(80, 5, noise = 0.5, seed = 100 + seed, correlation = 0.6)
    fit <- fit_panel(rows)
    ends <- rank_intervals(draw_levels(fit$levels, 1000, seed))
    truth <- rank(-tapply(rows$level, rows$iso3, mean))[ends$iso3]
    mean(holds(ends$rank_low, ends$rank_high, truth))
  }, 0)
  expect_gt(mean(covered), 0.9)
  expect_lte(mean(covered), 1)
})

test_that("places that are sure have narrow intervals, alike ones wide ones", {
  apart <- data.frame(iso3 = c("A", "B", "C"), level = c(9, 5, 1), standard_error = 0.1)
  ends <- rank_intervals(draw_levels(apart, 500, 1))
  expect_equal(ends$rank_low, 1:3)
  expect_equal(ends$rank_high, 1:3)
  alike <- data.frame(iso3 = c("A", "B", "C"), level = c(5, 5, 5), standard_error = 1)
  ends <- rank_intervals(draw_levels(alike, 500, 1))
  expect_equal(ends$rank_low, c(1, 1, 1))
  expect_equal(ends$rank_high, c(3, 3, 3))
})

test_that("residuals around estimated levels correlate as the draws from the model say", {
  fit <- fit_panel(made_up_panel(250, 5, noise = 0.5, seed = 21, correlation = 0))
  expect_equal(lagged_correlation(residual_table(fit), 1), -1 / 4, tolerance = 0.25)
  drawn <- expected_correlations(modifyList(fit, list(correlation = 0)), 1, 200, 1)
  expect_equal(mean(drawn), -1 / 4, tolerance = 0.1)
  expect_gt(mean(expected_correlations(modifyList(fit, list(correlation = 0.7)), 1, 200, 1)), 0)
})

test_that("too few places or years stop the fit and say why", {
  expect_error(fit_panel(subset(made_up_panel(5, 2, noise = 0.5, seed = 1), year == 2031)), "5 places and 1 years")
  expect_error(fit_panel(made_up_panel(2, 3, noise = 0.5, seed = 1)), "2 places and 3 years")
})

test_that("six digits of the fit do not hang on where the search starts", {
  rows <- made_up_panel(80, 4, noise = 0.5, seed = 31)
  fit <- fit_panel(rows)
  turned <- fit_panel(rows[rev(seq_len(nrow(rows))), ])
  expect_identical(turned[c("years", "theta", "sigma", "levels")], fit[c("years", "theta", "sigma", "levels")])
})
