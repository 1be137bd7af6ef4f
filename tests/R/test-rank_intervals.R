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
  fit <- fit_panel(made_up_panel(300, 6, theta = 5, seed = 11))
  expect_equal(fit$theta, 5, tolerance = 0.1)
  expect_equal(fit$sigma, 1.2, tolerance = 0.1)
  expect_equal(diff(fit$years), rep(0.2, 5), tolerance = 0.5)
})

test_that("Laplace's approximation is near the likelihood by numerical integration", {
  rows <- made_up_panel(12, 4, theta = 5, seed = 12)
  fit <- fit_panel(rows)
  place_likelihood <- function(place) {
    own <- rows[rows$iso3 == place, ]
    base <- own$population * exp(fit$years[match(own$year, fit$panel$years)])
    at <- fit$levels$level[fit$levels$iso3 == place]
    height <- function(level) {
      vapply(level, function(u) {
        sum(stats::dnbinom(own$reports, size = fit$theta, mu = base * exp(u), log = TRUE)) +
          stats::dnorm(u, 0, fit$sigma, log = TRUE)
      }, 0)
    }
    top <- height(at)
    top + log(stats::integrate(function(level) exp(height(level) - top), at - 4, at + 4, rel.tol = 1e-8)$value)
  }
  exact <- sum(vapply(fit$panel$places, place_likelihood, 0))
  # an approximation: its error is of the order of one over the years and the size, per place
  expect_lt(abs(fit$log_likelihood - exact) / length(fit$panel$places), 0.01)
})

test_that("modes are where the slope of the log posterior is zero", {
  rows <- made_up_panel(20, 5, theta = 4, seed = 13)
  fit <- fit_panel(rows)
  levels <- place_levels(fit$panel, fit[c("years", "theta", "sigma")])
  slope <- function(place) {
    own <- rows[rows$iso3 == place, ]
    base <- own$population * exp(fit$years[match(own$year, fit$panel$years)])
    at <- levels$mode[match(place, fit$panel$places)]
    height <- function(u) {
      sum(stats::dnbinom(own$reports, size = fit$theta, mu = base * exp(u), log = TRUE)) +
        stats::dnorm(u, 0, fit$sigma, log = TRUE)
    }
    (height(at + 1e-4) - height(at - 1e-4)) / 2e-4
  }
  expect_lt(max(abs(vapply(fit$panel$places, slope, 0))), 1e-4)
})

test_that("95% intervals of ranks hold about 95% of true ranks", {
  covered <- vapply(1:12, function(seed) {
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
  fit <- fit_panel(made_up_panel(400, 5, theta = 20, seed = 21))
  expect_equal(neighboring_correlation(fit), -1 / 4, tolerance = 0.25)
})

test_that("too few places or years stop the fit and say why", {
  expect_error(fit_panel(made_up_panel(5, 1, theta = 5, seed = 1)), "5 places and 1 years")
  expect_error(fit_panel(made_up_panel(2, 3, theta = 5, seed = 1)), "2 places and 3 years")
})

test_that("a minimum is found to more digits than comparing values gives", {
  value <- function(at) (at[1] - pi)^2 + 3 * (at[2] - exp(1))^2 + 0.1 * (at[1] - pi)^4 + 5000
  expect_lt(max(abs(polish_minimum(c(3.1413, 2.7186), value) - c(pi, exp(1)))), 1e-8)
})

test_that("six digits of the fit do not hang on where the search starts", {
  rows <- made_up_panel(80, 4, theta = 5, seed = 31)
  fit <- fit_panel(rows)
  turned <- fit_panel(rows[rev(seq_len(nrow(rows))), ])
  expect_identical(turned[c("years", "theta", "sigma", "levels")], fit[c("years", "theta", "sigma", "levels")])
})

test_that("the fit agrees with glmmTMB's of the same model", {
  rows <- made_up_panel(60, 4, theta = 4, seed = 41)
  fit <- fit_panel(rows)
  other <- glmmTMB::glmmTMB(
    reports ~ 0 + factor(year) + offset(log(population)) + (1 | iso3),
    family = glmmTMB::nbinom2, data = rows
  )
  expect_equal(unname(glmmTMB::fixef(other)$cond), fit$years, tolerance = 1e-4)
  expect_equal(stats::sigma(other), fit$theta, tolerance = 1e-4)
  expect_equal(sqrt(glmmTMB::VarCorr(other)$cond$iso3[1]), fit$sigma, tolerance = 1e-4)
  expect_equal(as.numeric(stats::logLik(other)), fit$log_likelihood, tolerance = 1e-6)
  levels <- glmmTMB::ranef(other)$cond$iso3
  expect_equal(levels[fit$levels$iso3, 1], fit$levels$level, tolerance = 1e-3)
})
