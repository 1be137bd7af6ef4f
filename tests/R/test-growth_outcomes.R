# Growth by a half a year, exactly, up to 2015; then each report holds two of what one held before.
grown <- data.frame(year = 2000:2017, reports = round(1e6 * 1.5^(0:17) / ifelse(0:17 > 15, 2, 1)))
breaks <- data.frame(
  table_name = "cybertipline_reports", period = "2016", kind = "unit", title = "bundled", note = "Two in one."
)
breaks <- breaks_of("cybertipline_reports", breaks)
incidents <- data.frame(year = 2016, incidents = round(1e6 * 1.5^16), low = 6e8, high = 7e8)
forms <- growth_forms(2008)[c("exponential", "two_lines")]
outcomes <- growth_outcomes(grown, incidents, breaks, forms, 2, few)
outcome <- function(model, year, counted) {
  outcomes[outcomes$model == model & outcomes$year == year & outcomes$counted == counted, ]
}

test_that("forecasts are made at the last year before the break, and the change of the unit is told from their error", {
  expect_equal(unique(outcomes$origin), 2015)
  of_reports <- outcome("exponential", 2016, "reports")
  of_incidents <- outcome("exponential", 2016, "incidents")
  expect_equal(c(of_reports$ratio, of_incidents$ratio), c(2, 1), tolerance = 1e-4)
  expect_equal(c(of_reports$is_other_unit, of_incidents$is_other_unit), c(TRUE, FALSE))
  expect_equal(c(of_incidents$observed_low, of_incidents$observed_high), c(6e8, 7e8))
  expect_equal(nrow(outcome("exponential", 2017, "incidents")), 0)
})

test_that("a forecast without intervals says nothing of them, and one below zero has no ratio", {
  expect_true(all(is.na(outcomes$low[outcomes$model %in% c("naive", "nb_exponential")])))
  falling <- transform(grown, reports = seq(18e5, 1e5, by = -1e5))
  below <- growth_outcomes(falling, incidents[0, ], breaks, growth_forms(2008)["two_lines"], 2, few)
  below <- below[below$model == "two_lines", ]
  expect_true(all(below$forecast > 0 | below$status == "fails_check"))
  expect_equal(is.na(below$ratio), below$forecast <= 0)
})

test_that("where nothing came after the longest run, there are columns and no rows", {
  none <- growth_outcomes(grown, incidents, breaks[0, ], forms, 2, few)
  expect_equal(nrow(none), 0)
  expect_setequal(names(none), names(outcomes))
  expect_null(outcome_numbers(none))
})

test_that("the error of a forecast by a line is that of lm", {
  years <- data.frame(year = 2001:2012, reports = c(5, 9, 8, 14, 19, 17, 60, 66, 81, 84, 99, 97))
  ahead <- data.frame(year = 2013:2014)
  fit <- stats::lm(reports ~ year, data = years)
  other <- stats::predict(fit, ahead, se.fit = TRUE)
  own <- forecast_reach(segment_spread(years$year, numeric()), ahead$year)
  expect_equal(own, unname(sqrt(1 + (other$se.fit / other$residual.scale)^2)))
})

test_that("prediction intervals lie about the forecast and name their method; two lines forecast by the last", {
  set.seed(4)
  noisy <- transform(grown, reports = round(reports * exp(stats::rnorm(18, sd = 0.1))))
  made <- growth_outcomes(noisy, incidents, breaks, growth_forms(2008)[c("exponential", "two_lines")], 2, few)
  own <- made[!is.na(made$low), ]
  expect_setequal(own$model, c("exponential", "two_lines"))
  expect_true(all(own$low < own$forecast & own$forecast < own$high))
  expect_equal(own$interval_kind, rep("prediction", nrow(own)))
  expect_equal(own$interval_method, paste0("growth_forecast_", own$model))
  expect_true(all(is.na(made$interval_kind[is.na(made$low)])))
  last <- noisy[noisy$year %in% 2008:2015, ]
  by_last <- fit_simulated(last, line_form, 2, few, "forecast", 2016:2017)$predictions
  rows <- own[own$model == "two_lines" & own$counted == "reports", ]
  expect_equal(rows$low, by_last$low, tolerance = 1e-5)
})

test_that("numbers tell how many forecasts were too high, and how many incidents a report holds", {
  numbers <- outcome_numbers(outcomes)
  number <- function(subset, parameter) numbers$value[numbers$subset == subset & numbers$parameter == parameter]
  expect_equal(number("break", "origin"), 2015)
  expect_equal(number("unit, 2016", "incidents_per_report"), 2, tolerance = 1e-6)
  expect_equal(number("unit, 2016", "incidents_per_report_high"), 2 * 7e8 / (1e6 * 1.5^16), tolerance = 1e-6)
  made <- outcomes[outcomes$counted == "reports" & outcomes$year == 2016 & !is.na(outcomes$ratio), ]
  expect_equal(number("reports, 2016", "n_forecasts"), nrow(made))
  expect_equal(number("reports, 2016", "n_above"), sum(made$forecast > made$observed))
  expect_equal(number("reports, 2016", "largest_ratio"), max(made$ratio))
  expect_false(any(duplicated(numbers[c("subset", "parameter")])))
})
