# A panel of made-up places whose levels are known.
made_up_panel <- function(n_places, n_years, theta, seed, sigma = 1.2) {
  with_seed(seed, {
    levels <- stats::rnorm(n_places, 0, sigma)
    places <- sprintf("P%03d", seq_len(n_places))
    rows <- expand.grid(iso3 = places, year = 2030 + seq_len(n_years), stringsAsFactors = FALSE)
    rows$population <- round(exp(stats::runif(n_places, 10, 17)))[match(rows$iso3, unique(rows$iso3))]
    rows$level <- levels[match(rows$iso3, unique(rows$iso3))]
    expected <- rows$population * exp(-6 + 0.2 * (rows$year - 2030) + rows$level)
    rows$reports <- stats::rnbinom(nrow(rows), size = theta, mu = expected)
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
  fit <- fit_panel(made_up_panel(200, 6, theta = 5, seed = 11))
  expect_equal(fit$theta, 5, tolerance = 0.1)
  expect_equal(fit$sigma, 1.2, tolerance = 0.1)
  expect_equal(unname(diff(fit$years)), rep(0.2, 5), tolerance = 0.5)
})

test_that("a level is where its posterior is highest, and its error is how fast that falls off", {
  rows <- made_up_panel(20, 5, theta = 4, seed = 13)
  fit <- fit_panel(rows)
  for (place in c("P001", "P020")) {
    own <- rows[rows$iso3 == place, ]
    base <- own$population * exp(fit$years[as.character(own$year)])
    found <- fit$levels[fit$levels$iso3 == place, ]
    height <- function(level) {
      sum(stats::dnbinom(own$reports, size = fit$theta, mu = base * exp(level), log = TRUE)) +
        stats::dnorm(level, 0, fit$sigma, log = TRUE)
    }
    around <- vapply(found$level + c(-1e-3, 0, 1e-3), height, 0)
    expect_lt(abs(around[3] - around[1]) / 2e-3, 1e-3)
    expect_equal(-1e-6 / diff(around, differences = 2), found$standard_error^2, tolerance = 1e-4)
  }
})

test_that("years that differ by no more than chance leave no noise of their own", {
  rows <- made_up_panel(10, 3, theta = 5, seed = 14)
  rows$reports <- round(rows$population * 1e-3 * exp(rows$level))
  fit <- fit_panel(rows)
  expect_lt(sqrt(trigamma(fit$theta)), 1e-3)
  expect_equal(unname(fit$years), rep(fit$years[[1]], 3), tolerance = 1e-5)
})

test_that("95% intervals of ranks hold about 95% of true ranks", {
  covered <- vapply(1:6, function(seed) {
    rows <- made_up_panel(60, 5, theta = 5, seed = 100 + seed)
    fit <- fit_panel(rows)
    ends <- rank_intervals(draw_levels(fit$levels, 1000, seed))
    truth <- rank(-tapply(rows$level, rows$iso3, mean))[ends$iso3]
    mean(truth >= ends$rank_low & truth <= ends$rank_high)
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

test_that("neighboring years of independent noise correlate by about minus one over the years less one", {
  fit <- fit_panel(made_up_panel(200, 5, theta = 20, seed = 21))
  expect_equal(neighboring_correlation(fit), -1 / 4, tolerance = 0.25)
})

test_that("too few places or years stop the fit and say why", {
  expect_error(fit_panel(made_up_panel(5, 1, theta = 5, seed = 1)), "5 places and 1 years")
  expect_error(fit_panel(made_up_panel(2, 3, theta = 5, seed = 1)), "2 places and 3 years")
})

test_that("six digits of the fit do not hang on where the search starts", {
  rows <- made_up_panel(80, 4, theta = 5, seed = 31)
  fit <- fit_panel(rows)
  turned <- fit_panel(rows[rev(seq_len(nrow(rows))), ])
  expect_identical(turned[c("years", "theta", "sigma", "levels")], fit[c("years", "theta", "sigma", "levels")])
})
