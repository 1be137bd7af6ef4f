time <- 1998:2023
set.seed(21)
value <- 0.3 * (time - 1998) + 0.8 * pmax(0, time - 2012.3) + stats::rnorm(26, sd = 0.4)

test_that("errors of all candidates are those of a fit for each", {
  grid <- seq(2000, 2021, 0.5)
  one <- break_search(time, grid, 1, 2)
  expect_equal(drop(search_errors(one, cbind(value))), break_errors(time, value, grid, 1, 2))
  two <- break_search(time, grid, 2, 2)
  whole <- break_errors(time, value, grid, 2, 2)
  expect_equal(drop(search_errors(two, cbind(value))), whole[two$places])
  expect_equal(nrow(two$places), sum(!is.na(whole)))
  none <- break_search(time, grid, 0, 2)
  expect_equal(drop(search_errors(none, cbind(value))), sum(stats::resid(stats::lm(value ~ time))^2))
})

test_that("a slope is as sure as that of a line through the years of its segment, as the delta method has it", {
  form <- growth_forms(2014)$log_broken_line
  fit <- fit_least_squares(data.frame(year = time, reports = exp(value)), form, 2)
  size <- sqrt(sum(fit$residuals^2) / 22)
  spread <- segment_spread(time, fit$found$breaks)
  delta <- slope_intervals(form, time, fit$place, fit$values, rep(1 / size^2, 26), 1)
  expect_equal(size / sqrt(spread$squares), (delta$high - delta$low) / 2, tolerance = 1e-6)
})

test_that("a break that is a year counts for both sides", {
  expect_equal(segment_spread(2000:2005, 2003)$n, c(4, 3))
  expect_equal(segment_spread(2000:2005, 2003.5)$n, c(4, 2))
})

test_that("data fitted again have the slopes and forecasts of the best candidate", {
  grid <- seq(2000, 2021, 0.5)
  search <- break_search(time, grid, 1, 2)
  errors <- search_errors(search, cbind(value, rev(value)))
  again <- refit(search, cbind(value, rev(value)), errors, at = 2025)
  best <- search$candidates[which.min(errors[, 1]), 1]
  other <- stats::lm(value ~ time + pmax(0, time - best))
  expect_equal(unname(again$slopes[, 1]), unname(cumsum(stats::coef(other)[2:3])))
  expect_equal(again$forecasts[1, 1], unname(stats::predict(other, list(time = 2025))))
  expect_equal(ncol(again$slopes), 2)
})

test_that("with independent errors of one size, simulated quantiles are those of t", {
  curve <- 0.3 * (time - 1998)
  errors <- list(correlation = 0, size = rep(1, 26))
  found <- with_seed(3, simulated_quantiles(time, curve, numeric(), 0.3, errors, 2, 4000, 2024:2025, 0.3 * 26:27))
  expect_equal(found$slopes, stats::qt(0.975, 24), tolerance = 0.05)
  expect_equal(found$forecasts, rep(stats::qt(0.975, 24), 2), tolerance = 0.05)
})

test_that("errors that follow from year to year, or that are larger in late years, widen what they touch", {
  curve <- 0.3 * (time - 1998) + 0.8 * pmax(0, time - 2012.3)
  quantiles <- function(correlation, late) {
    errors <- list(correlation = correlation, size = rep(c(0.1, 0.1 * late), each = 13))
    with_seed(3, simulated_quantiles(time, curve, 2012.3, c(0.3, 1.1), errors, 2, 400))
  }
  plain <- quantiles(0, 1)
  alike <- quantiles(0.7, 1)
  expect_true(all(alike$slopes > 1.5 * plain$slopes))
  expect_gt(alike$breaks, 2 * plain$breaks)
  uneven <- quantiles(0, 10)
  expect_lt(uneven$slopes[1], plain$slopes[1])
  expect_gt(uneven$slopes[2], plain$slopes[2])
})

test_that("the same seed gives the same interval, and the session's random numbers go on", {
  years <- data.frame(year = time, reports = exp(value))
  form <- growth_forms(2014)$log_broken_line
  set.seed(5)
  first <- fit_simulated(years, form, 2, few, "m")$estimates
  after <- stats::runif(1)
  set.seed(5)
  expect_equal(stats::runif(1), after)
  expect_equal(fit_simulated(years, form, 2, few, "m")$estimates, first)
})

test_that("a slope that hangs on where two breaks lie, and one of two years, have no interval and say so", {
  years <- data.frame(year = time, reports = exp(value))
  found <- fit_simulated(years, growth_forms(2014)$log_two_breaks, 2, few, "log_two_breaks")$estimates
  between <- found[found$parameter == "yearly_growth_between", ]
  expect_true(is.na(between$low) && is.na(between$interval_method))
  expect_match(between$note, "too few, or hang too much on its breaks")
  expect_false(is.na(found$low[found$parameter == "yearly_growth_before"]))
})

test_that("a break that is surer than a step of the search has an interval of its errors' length", {
  set.seed(6)
  reports <- 1e5 + 1e4 * (time - 1998) + 4e6 * pmax(0, time - 2014.4) + stats::rnorm(26, sd = 1e4)
  years <- data.frame(year = time, reports = reports)
  found <- fit_simulated(years, growth_forms(2014)$broken_line, 2, list(draws = 399, seed = 1), "m")$estimates[1, ]
  expect_lt(found$high - found$low, 0.1)
  expect_gt(found$high - found$low, 2 * 1e4 / 4e6)
})
