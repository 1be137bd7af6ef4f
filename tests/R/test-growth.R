of_reports <- growth(read_reports(), 2014, fits = fits_of_reports())

test_that("exponential growth is found where it is exact", {
  years <- data.frame(year = 2000:2020, reports = 100 * 2^((0:20) / 2))
  estimates <- fit_exponential(years, few)$estimates
  expect_equal(estimates$estimate[estimates$parameter == "doubling_time"], 2)
  expect_equal(estimates$estimate[estimates$parameter == "yearly_growth"], sqrt(2) - 1)
})

test_that("a break is found where the line bends, between two years if it bends there", {
  set.seed(2)
  year <- 1998:2023
  reports <- 1e5 + 1e4 * (year - 1998) + 4e6 * pmax(0, year - 2014.4) + stats::rnorm(26, sd = 1e4)
  years <- data.frame(year = year, reports = reports)
  estimates <- fit_simulated(years, growth_forms(2014)$broken_line, 2, few, "broken_line")$estimates
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
  estimates <- of_reports$models[of_reports$models$model == "broken_line", ]
  expect_equal(
    estimates$estimate[estimates$parameter == "break_year"], seq(2012, 2017, 0.01)[which.min(errors)],
    tolerance = 0.011 / 2014
  )
})

test_that("the published lines and curve come out as published", {
  estimates <- of_reports$models
  value <- function(model, parameter) estimates$estimate[estimates$model == model & estimates$parameter == parameter]
  expect_equal(value("exponential", "log_intercept"), -710.5400693746429, tolerance = 1e-9)
  expect_equal(value("two_lines", "intercept_before"), -54650596.91911488, tolerance = 1e-9)
  expect_equal(value("two_lines", "slope_before"), 27320.161764704502, tolerance = 1e-9)
  expect_equal(value("exponential", "mean_squared_error"), 15244862404780.139, tolerance = 1e-9)
})

test_that("the estimated break is the one expected for these data, with an interval wider than that of the score", {
  estimates <- of_reports$models
  at_break <- estimates[estimates$model == "broken_line" & estimates$parameter == "break_year", ]
  expect_equal(round(at_break$estimate, 1), 2014.2)
  # from 2013.6 to 2014.7 by the score, which takes errors for independent and of one size
  expect_lt(at_break$low, 2013.5)
  expect_gt(at_break$high, 2014.8)
})

test_that("years may come in any order", {
  years <- read_reports()
  reversed <- years[rev(seq_len(nrow(years))), ]
  form <- growth_forms(2014)$log_broken_line
  expect_equal(fit_simulated(reversed, form, 2, few, "m")$estimates, fit_simulated(years, form, 2, few, "m")$estimates)
  expect_equal(fit_two_lines(reversed, 2014, few)$estimates, fit_two_lines(years, 2014, few)$estimates)
})

test_that("residuals are judged on the scale of the fit", {
  years <- read_reports()
  estimates <- of_reports$models
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

coverage_of <- function(coverage) {
  errors <- c("as_assumed", "as_observed")
  data.frame(interval_method = "m", errors = errors, nominal = 0.95, held_share = c(0.95, coverage))
}

test_that("intervals that hold too seldom with errors as observed are marked, with the share that does", {
  rows <- growth_row("broken_line", "break_year", 2014, "year", 26, "by hand", c(2013, 2015), "m", note = "Wide.")
  found <- judge_intervals(rows, coverage_of(0.51), 0.02)
  expect_equal(found$status, "fails_check")
  expect_equal(found$note, "Wide. In simulations with errors as observed, 51% of such intervals hold.")
  expect_equal(judge_intervals(rows, coverage_of(0.935), 0.02), rows)
})

test_that("what has no interval, and an interval of which nothing was simulated, stay as they are", {
  rows <- rbind(
    growth_row("broken_line", "dispersion", 4, "statistic", 26, "by hand"),
    growth_row("broken_line", "break_year", 2014, "year", 26, "by hand", c(2013, 2015), "another")
  )
  expect_equal(judge_intervals(rows, coverage_of(0.5), 0.02), rows)
})

test_that("a model that the years can't carry says why, and the others are fitted", {
  years <- data.frame(year = 2013:2026, reports = c(3, 5, 11, 17, 35, 60, 130, 240, 250, 270, 260, 400, 610, 1000))
  found <- growth(years, 2014)
  failed <- found$models[found$models$status == "not_estimable", ]
  expect_setequal(failed$model, c("two_lines", "nb_two_lines"))
  expect_match(failed$note[failed$model == "nb_two_lines"], "fewer than two years")
  expect_true(all(is.na(failed$estimate)))
  expect_setequal(unique(found$curves$model), setdiff(unique(found$models$model), c("two_lines", "nb_two_lines")))
})

test_that("rates are counts per thousand identities of the years that both tables have", {
  identities <- data.frame(year = 2001:2003, identities_million = c(10, 20, 40))
  years <- identity_years(data.frame(year = 2000:2002, reports = c(5, 100, 300)), identities)
  expect_equal(years$year, 2001:2002)
  expect_equal(years$rate, c(100 / 10000, 300 / 20000))
})

test_that("rates of years after a break are there, without a curve, and not among the numbers of prose", {
  observed <- data.frame(year = 2030:2032, reports = c(10, 20, 5), identities_million = 1, rate = c(3, 2, 1))
  series <- list(curves = data.frame(model = "x", year = 2030:2031, fitted_reports = c(3, 2)))
  found <- rate_curves(series, observed, data.frame(year = 2032))
  expect_equal(found$segment, c(0, 0, 1))
  expect_equal(found$reports_per_1000, c(3, 2, 1))
  expect_equal(found$fitted_per_1000, c(3, 2, NA))
  expect_equal(rate_numbers(found)$value[rate_numbers(found)$parameter == "year"], c(2030, 2031, 2031))
})

test_that("models of rates per a constant are those of counts, divided by it", {
  years <- with_rates(read_reports())
  per <- transform(years, exposure = 1000)
  line <- growth_forms(2014)$broken_line
  of_rates <- fit_simulated(per, line, 2, few, "m")$estimates
  of_counts <- fit_simulated(years, line, 2, few, "m")$estimates
  is_slope <- startsWith(of_counts$parameter, "slope")
  expect_equal(of_rates$low[is_slope] * 1000, of_counts$low[is_slope], tolerance = 1e-4)
  expect_equal(of_rates$high[!is_slope], of_counts$high[!is_slope], tolerance = 1e-5)
  by_likelihood <- fit_nb(with_rates(per), growth_forms(2014)$log_two_breaks, 2)
  expect_equal(by_likelihood$breaks, fits_of_reports()$nb_log_two_breaks$breaks, tolerance = 1e-5)
})

test_that("the lowest rate is found among years that each stand once", {
  rates <- data.frame(model = c("x", "x", "x", "y"), year = c(2031, 2029, 2030, 2030))
  rates$reports_per_1000 <- c(5, 0.8, 0.2, 0.2)
  rates$fitted_per_1000 <- 1
  found <- rate_numbers(rates)
  expect_identical(found$subset, rep(c("first", "lowest", "last"), each = 2))
  expect_identical(found$value[found$parameter == "year"], c(2029, 2030, 2031))
  expect_identical(found$value[found$parameter == "reports_per_1000"], c(0.8, 0.2, 5))
  expect_identical(unique(found$unit), c("year", "per_1000"))
})

test_that("without rates there is no lowest one", {
  rates <- data.frame(
    model = character(), year = numeric(), reports_per_1000 = numeric(), fitted_per_1000 = numeric()
  )
  expect_identical(nrow(rate_numbers(rates)), 0L)
})
