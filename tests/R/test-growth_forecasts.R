test_that("forecasts without a model repeat the last year, or go on with the mean step or growth", {
  naive <- naive_forecasts(data.frame(year = 2000:2002, rate = c(10, 30, 40)))
  expect_equal(naive$naive(c(1, 3)), c(40, 40))
  expect_equal(naive$naive_drift(c(1, 3)), c(55, 85))
  expect_equal(naive$naive_growth(c(1, 3)), 40 * 2^c(1, 3))
})

test_that("mean step and mean growth are those of the years' differences", {
  years <- with_rates(read_reports())
  naive <- naive_forecasts(years)
  last <- utils::tail(years$rate, 1)
  expect_equal(naive$naive_drift(1:3), last + 1:3 * mean(diff(years$rate)))
  expect_equal(naive$naive_growth(1:3), last * exp(1:3 * mean(diff(log(years$rate)))))
})

# Growth by a half a year, exactly; its forecasts can't fail.
exact <- data.frame(year = 2000:2015, reports = round(1e6 * 1.5^(0:15)))

test_that("a model forecasts exactly what it describes exactly, and knows nothing of later years", {
  forms <- growth_forms(2008)["exponential"]
  found <- rolling_forecasts(exact, forms, 2010, c(1, 3), 2)
  own <- found[found$model == "exponential", ]
  expect_equal(own$origin, c(2009:2014, 2007:2012))
  expect_equal(own$year - own$origin, own$horizon)
  expect_equal(own$forecast, 1e6 * 1.5^(own$year - 2000), tolerance = 1e-5)
  later <- transform(exact, reports = ifelse(year > 2012, 7 * reports, reports))
  again <- rolling_forecasts(later, forms, 2010, c(1, 3), 2)
  expect_equal(again$forecast[again$origin <= 2012], found$forecast[found$origin <= 2012])
})

test_that("a forecast is that of a fit to the years up to its origin", {
  years <- with_rates(read_reports())
  found <- rolling_forecasts(years, growth_forms(2014)["exponential"], 2022, 3, 2)
  fit <- stats::lm(log(reports) ~ year, data = years[years$year <= 2020, ])
  expect_equal(
    found$forecast[found$model == "exponential" & found$origin == 2020],
    exp(stats::predict(fit, data.frame(year = 2023)))[[1]],
    tolerance = 1e-5
  )
})

test_that("a forecast that can't be made, and one below zero, have no error and say so", {
  found <- stable_forecasts(data.frame(forecast = c(NA, -5, 20), actual = 10))
  expect_equal(found$status, c("not_estimable", "fails_check", "estimated"))
  expect_equal(found$log_error, c(NA, NA, log(2)), tolerance = 1e-5)
})

test_that("errors are summed up over the years that a model forecast, and the naive forecast over the same", {
  own <- data.frame(year = 2001:2003, forecast = c(NA, 20, 5), actual = 10, log_error = c(NA, log(2), -log(2)))
  naive <- data.frame(year = 2003:2001, forecast = 10, actual = 10, log_error = c(log(4), -log(4), 9))
  errors <- forecast_errors(own, naive)
  expect_equal(errors$median_absolute_percentage_error, 0.75)
  expect_equal(errors$mean_absolute_log_error, log(2))
  expect_equal(errors$ratio_to_naive, 0.5)
  expect_equal(errors$n, 2)
})

test_that("a break that was fixed with the later years in sight makes no true forecast", {
  forms <- growth_forms(2014)
  expect_equal(hindsight_models(forms), c("two_lines", "nb_two_lines"))
  found <- rolling_forecasts(read_reports(), forms[c("exponential", "two_lines")], 2015, 3, 2)
  rows <- forecast_rows(found, hindsight_models(forms))
  own <- rows[rows$subset == "two_lines, horizon 3", ]
  expect_equal(unique(own$status), "fails_check")
  expect_match(own$note[1], "in sight.*None for three of nine years")
  expect_equal(unique(rows$status[rows$subset == "exponential, horizon 3"]), "estimated")
  expect_equal(rows$estimate[rows$subset == "naive, horizon 3" & rows$parameter == "ratio_to_naive"], 1)
})
