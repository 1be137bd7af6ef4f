of_reports <- growth(read_reports(), 2014)

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
  estimates <- of_reports$models
  value <- function(model, parameter) estimates$estimate[estimates$model == model & estimates$parameter == parameter]
  expect_equal(value("exponential", "log_intercept"), -710.5400693746429, tolerance = 1e-9)
  expect_equal(value("two_lines", "intercept_before"), -54650596.91911488, tolerance = 1e-9)
  expect_equal(value("two_lines", "slope_before"), 27320.161764704502, tolerance = 1e-9)
  expect_equal(value("exponential", "mean_squared_error"), 15244862404780.139, tolerance = 1e-9)
})

test_that("the corrected break agrees with the one expected for these data", {
  estimates <- of_reports$models
  at_break <- estimates[estimates$model == "broken_line" & estimates$parameter == "break_year", ]
  expect_equal(round(c(at_break$estimate, at_break$low, at_break$high), 1), c(2014.2, 2013.6, 2014.7))
})

test_that("years may come in any order", {
  years <- read_reports()
  expect_equal(growth(years[rev(seq_len(nrow(years))), ], 2014), of_reports)
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

test_that("intervals whose errors are not what they assume are marked, and say why", {
  expect_true(is.na(interval_faults(0.1, 1.2, 26)))
  expect_match(interval_faults(0.8, 1.2, 26), "correlated \\(0.80\\), so the interval is too narrow")
  expect_match(interval_faults(-0.8, 1.2, 26), "too wide")
  expect_match(interval_faults(0.1, 12, 26), "12.0 times")
  estimates <- of_reports$models
  has_interval <- !is.na(estimates$low)
  expect_equal(unique(estimates$status[has_interval]), "fails_check")
  expect_equal(unique(estimates$status[!has_interval]), "estimated")
  expect_false(anyNA(estimates$note[has_interval]))
})

test_that("errors of independent years leave intervals as they are", {
  set.seed(7)
  years <- data.frame(year = 1998:2023, reports = exp(8 + 0.3 * (0:25) + stats::rnorm(26, sd = 0.1)))
  rows <- model_rows(fit_exponential(years), "exponential", years)
  expect_equal(unique(rows$status), "estimated")
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
  years <- transform(with_rates(read_reports()), exposure = 1000)
  per_thousand <- growth(years, 2014)$models
  slopes <- function(models) models$estimate[startsWith(models$parameter, "slope")]
  expect_equal(slopes(per_thousand) * 1000, slopes(of_reports$models), tolerance = 1e-4)
  breaks <- function(models) models$estimate[models$unit == "year"]
  expect_equal(breaks(per_thousand), breaks(of_reports$models), tolerance = 1e-5)
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
