reports <- with_rates(read_reports())
criteria <- growth_criteria(reports, growth_forms(2014), 2, 10, c(1, 2), 0.05)

test_that("the first year is taken as it is, left out, or made a yearly rate", {
  ways <- first_year_ways(data.frame(year = 2001:2003, reports = c(10, 24, 36)), 10)
  expect_equal(ways$whole$rate, c(10, 24, 36))
  expect_equal(ways$left_out$year, 2002:2003)
  expect_equal(ways$part$rate, c(12, 24, 36))
  expect_equal(ways$part$reports, c(10, 24, 36))
})

test_that("under each choice one form is the best, and the form depends on what a break costs", {
  chosen <- criteria[criteria$first_year == "whole" & criteria$dependence == "independent", ]
  expect_equal(chosen$model[chosen$is_best], c("nb_log_two_breaks", "nb_broken_line"))
  expect_true(all(criteria$is_close[criteria$is_best]))
  expect_equal(criteria$is_close, criteria$support >= 0.05)
  expect_equal(nrow(criteria), 3 * 2 * 2 * 5)
})

test_that("the criterion of independent errors is that of the table of results", {
  own <- criteria[criteria$first_year == "whole" & criteria$dependence == "independent" & criteria$break_cost == 1, ]
  expect_equal(own$delta_aicc, compare_forms(fits_of_reports(), 26)$delta_aicc, tolerance = 1e-4)
})

test_that("errors that follow from year to year raise the likelihood, independent ones hardly do", {
  set.seed(8)
  years <- data.frame(year = 1:200, exposure = 1)
  fit <- list(mu = rep(1000, 200), dispersion = 10)
  scores <- draw_errors(list(correlation = 0.6, size = rep(1, 200)), 1)[, 1]
  years$reports <- stats::qnbinom(stats::pnorm(scores), mu = 1000, size = 10)
  # over the draws of such errors, a gain of -n / 2 log(1 - r^2)
  expect_gt(copula_gain(years, fit), -200 / 4 * log(1 - 0.6^2))
  years$reports <- stats::rnbinom(200, mu = 1000, size = 10)
  expect_lt(copula_gain(years, fit), 3)
})

test_that("numbers count the choices under which a form is the best, and close to it", {
  numbers <- criteria_numbers(criteria)
  number <- function(subset, parameter) numbers$value[numbers$subset == subset & numbers$parameter == parameter]
  expect_equal(number("criterion", "n_choices"), 12)
  best <- vapply(unique(criteria$model), function(model) number(model, "n_best"), 0)
  expect_equal(sum(best), 12)
  expect_equal(number("nb_log_broken_line", "n_close"), 0)
})
