test_that("exponential growth is found where it is exact", {
  years <- data.frame(year = 2000:2020, reports = 100 * 2^((0:20) / 2))
  estimates <- suppressWarnings(fit_exponential(years)$estimates)
  expect_equal(estimates$estimate[estimates$parameter == "doubling_time"], 2)
  expect_equal(estimates$estimate[estimates$parameter == "yearly_growth"], sqrt(2) - 1)
})

test_that("a break is found where the line bends, between two years if it bends there", {
  set.seed(1)
  year <- 1998:2023
  reports <- 1e5 + 1e4 * (year - 1998) + 4e6 * pmax(0, year - 2014.4) + stats::rnorm(26, sd = 1e4)
  estimates <- fit_broken_line(data.frame(year = year, reports = reports))$estimates
  at_break <- estimates[estimates$parameter == "break_year", ]
  expect_equal(at_break$estimate, 2014.4, tolerance = 1e-4)
  expect_lt(at_break$low, 2014.4)
  expect_gt(at_break$high, 2014.4)
  expect_equal(estimates$estimate[estimates$parameter == "slope_after"], 4.01e6, tolerance = 1e-2)
})

test_that("the estimated break is where a search over a fine grid finds the least squares", {
  years <- read_reports()
  errors <- vapply(seq(2012, 2017, 0.01), function(at) {
    sum(stats::resid(stats::lm(reports ~ year + pmax(0, year - at), data = years))^2)
  }, 0)
  estimates <- fit_broken_line(years)$estimates
  expect_equal(
    estimates$estimate[estimates$parameter == "break_year"], seq(2012, 2017, 0.01)[which.min(errors)],
    tolerance = 0.011 / 2014
  )
})

test_that("the published lines and curve come out as published", {
  estimates <- growth(read_reports(), 2014)$models
  value <- function(model, parameter) estimates$estimate[estimates$model == model & estimates$parameter == parameter]
  expect_equal(value("exponential", "log_intercept"), -710.5400693746429, tolerance = 1e-9)
  expect_equal(value("two_lines", "intercept_before"), -54650596.91911488, tolerance = 1e-9)
  expect_equal(value("two_lines", "slope_before"), 27320.161764704502, tolerance = 1e-9)
  expect_equal(value("exponential", "mean_squared_error"), 15244862404780.139, tolerance = 1e-9)
})

test_that("the corrected break agrees with the one expected for these data", {
  estimates <- growth(read_reports(), 2014)$models
  at_break <- estimates[estimates$parameter == "break_year", ]
  expect_equal(round(c(at_break$estimate, at_break$low, at_break$high), 1), c(2014.2, 2013.6, 2014.7))
})

test_that("years may come in any order", {
  years <- read_reports()
  expect_equal(growth(years, 2014), growth(years[rev(seq_len(nrow(years))), ], 2014))
})

test_that("residuals are judged on the scale of the fit", {
  years <- read_reports()
  estimates <- growth(years, 2014)$models
  logs <- stats::resid(stats::lm(log(reports) ~ year, data = years))
  found <- estimates$estimate[estimates$model == "exponential" & estimates$parameter == "autocorrelation"]
  expect_equal(found, stats::cor(logs[-1], logs[-length(logs)]))
})

test_that("errors that grow with the years are found", {
  years <- data.frame(year = 2000:2019, reports = 1e6 + 1e5 * (0:19))
  fit <- list(residuals = c(rep(c(1, -1), 5), rep(c(30, -30), 5)), fitted = function(at) 1e6 + 1e5 * (at - 2000))
  rows <- growth_diagnostics("broken_line", fit, years)
  expect_equal(rows$estimate[rows$parameter == "error_ratio"], 30)
})
