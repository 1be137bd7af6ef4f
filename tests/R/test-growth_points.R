years <- with_rates(read_reports())
points <- curve_points(fits_of_reports(), years, 2014)

test_that("a curve has its breaks among its points, so that it bends there and nowhere else", {
  own <- points[points$model == "log_two_breaks", ]
  found <- fits_of_reports()$log_two_breaks$estimates
  breaks <- found$estimate[found$unit == "year"]
  expect_true(all(vapply(breaks, function(at) min(abs(own$time - at)) < 1e-9, NA)))
  slopes <- diff(log(own$fitted)) / diff(own$time)
  bends <- own$time[-1][which(abs(diff(slopes)) > 0.05)]
  expect_equal(bends, breaks, tolerance = 1e-6)
  expect_equal(range(own$time), range(years$year))
})

test_that("nothing is drawn between two separate lines", {
  own <- points[points$model == "two_lines", ]
  expect_false(any(own$time > 2013 & own$time < 2014))
  expect_true(all(c(2013, 2014) %in% own$time))
})

test_that("curves of several series stand in one table, and models that failed are left out", {
  part <- list(fits = list(exponential = fits_of_reports()$exponential, x = list(failed = "Too few.")), years = years)
  found <- growth_points(list(reports = part, per_1000 = part), 2014)
  expect_setequal(found$grows, c("reports", "per_1000"))
  expect_equal(unique(found$model), "exponential")
  expect_null(growth_points(list(reports = list(fits = list(x = list(failed = "Too few.")), years = years)), 2014))
})

test_that("refits end a year earlier each, and the last is the fit to all years", {
  found <- growth_refits(years, 2, few)
  expect_equal(found$last_year, 2019:2023)
  whole <- fit_simulated(years, growth_forms(NA)$broken_line, 2, few, "broken_line")$estimates[1, ]
  expect_equal(found$estimate[5], whole$estimate)
  expect_equal(found$low[5], whole$low)
  numbers <- refit_numbers(found)
  expect_equal(numbers$value[numbers$parameter == "latest_break"], max(found$estimate))
  early <- growth_refits(data.frame(year = 2001:2006, reports = c(1, 2, 4, 9, 20, 30)), 2, few)
  expect_equal(early$status[early$last_year == 2003], "not_estimable")
})
