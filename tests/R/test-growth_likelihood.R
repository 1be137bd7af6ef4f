with_ones <- function() transform(with_rates(read_reports()), since = year - 1998)

# What glm.nb makes of a line with one given bend; it needs to start near.
bent_likelihood <- function(years, at) {
  years$bend <- pmax(0, years$year - at)
  start <- stats::coef(stats::lm(log(reports) ~ since + bend, data = years))
  as.numeric(stats::logLik(MASS::glm.nb(
    reports ~ since + bend,
    data = years, start = start, init.theta = 4, control = stats::glm.control(maxit = 200)
  )))
}

test_that("the likelihood of exponential growth is that of glm.nb", {
  years <- with_ones()
  other <- MASS::glm.nb(reports ~ since, data = years, start = c(8, 0.3))
  own <- fit_nb(years, growth_forms(2014)$exponential, 2)
  expect_equal(own$loglik, as.numeric(stats::logLik(other)), tolerance = 1e-8)
  expect_equal(own$dispersion, other$theta, tolerance = 1e-3)
  expect_equal(own$fitted(years$year), unname(stats::fitted(other)), tolerance = 1e-4)
  expect_equal(own$n_parameters, attr(stats::logLik(other), "df"))
})

test_that("the likelihood at the estimated breaks is that of glm.nb with these breaks", {
  years <- with_ones()
  own <- fit_nb(years, growth_forms(2014)$log_two_breaks, 2)
  years$first <- pmax(0, years$year - own$breaks[1])
  years$second <- pmax(0, years$year - own$breaks[2])
  other <- MASS::glm.nb(reports ~ since + first + second, data = years, start = c(9, 0.25, 1.1, -1.2))
  expect_equal(own$loglik, as.numeric(stats::logLik(other)), tolerance = 1e-8)
  expect_equal(own$n_parameters, attr(stats::logLik(other), "df") + 2)
})

test_that("no break of a grid is more likely than the estimated one", {
  years <- with_ones()
  own <- fit_nb(years, growth_forms(2014)$log_broken_line, 2)
  others <- vapply(seq(2000, 2021, 0.5), function(at) bent_likelihood(years, at), 0)
  expect_gt(own$loglik, max(others))
  expect_lt(own$loglik, max(others) + 0.05)
})

test_that("the gradient is that of differences", {
  years <- with_ones()
  for (form in growth_forms(2014)) {
    fit <- fit_nb(years, form, 2, n_starts = 1)
    off <- fit$at + seq(0.02, 0.05, length.out = length(fit$at))
    by_difference <- vapply(seq_along(off), function(index) {
      step <- replace(numeric(length(off)), index, 1e-5)
      (fit$objective$value(off + step) - fit$objective$value(off - step)) / 2e-5
    }, 0)
    expect_equal(fit$objective$gradient(off), by_difference, tolerance = 1e-4)
  }
})

test_that("a broken line that is fitted to counts stays above zero", {
  years <- with_ones()
  for (name in c("two_lines", "broken_line")) {
    form <- growth_forms(2014)[[name]]
    expect_gt(min(fit_nb(years, form, 2)$fitted(years$year)), 0)
    expect_lt(min(fit_least_squares(years, form, 2)$fitted(years$year)), 0)
  }
})

test_that("breaks of counts that bend are found, with intervals that hold them", {
  set.seed(3)
  years <- data.frame(year = 1998:2023, exposure = 1)
  mu <- exp(9 + 0.1 * (years$year - 1998) + 0.5 * pmax(0, years$year - 2006.4) - 0.4 * pmax(0, years$year - 2016.7))
  years$reports <- stats::rnbinom(26, size = 200, mu = mu)
  form <- growth_forms(2014)$log_two_breaks
  fit <- fit_nb(years, form, 2)
  expect_equal(fit$breaks, c(2006.4, 2016.7), tolerance = 0.5 / 2006)
  for (index in 1:2) {
    ends <- nb_break_interval(years, form, 2, fit, index)
    expect_lt(ends$low, c(2006.4, 2016.7)[index])
    expect_gt(ends$high, c(2006.4, 2016.7)[index])
  }
})

test_that("the ends of an interval lose as much likelihood as the chi-squared distribution allows", {
  years <- with_ones()
  form <- growth_forms(2014)$log_broken_line
  fit <- fit_nb(years, form, 2)
  ends <- nb_break_interval(years, form, 2, fit, 1)
  lost <- vapply(unlist(ends[c("low", "high")]), function(end) 2 * (fit$loglik - bent_likelihood(years, end)), 0)
  expect_equal(unname(lost), rep(stats::qchisq(0.95, 1), 2), tolerance = 0.01)
  # and no break outside them loses as little
  outside <- c(seq(2000, ends$low - 0.05, 0.2), seq(ends$high + 0.05, 2021, 0.2))
  others <- vapply(outside, function(at) 2 * (fit$loglik - bent_likelihood(years, at)), 0)
  expect_gt(min(others), stats::qchisq(0.95, 1))
})

test_that("an interval holds every break that the likelihood allows, where its profile has two valleys", {
  years <- with_ones()
  form <- growth_forms(2014)$broken_line
  fit <- fits_of_reports()$nb_broken_line
  at_break <- fit$estimates[fit$estimates$parameter == "break_year", ]
  place <- length(fit$values) + 1
  lost <- function(at) {
    starts <- nb_starts(years, form, 2, 3, at)
    2 * (nb_maximize(fit$objective, starts, held = place)$objective + fit$loglik)
  }
  tried <- seq(1999.05, 2021.95, 0.15)
  allowed <- tried[vapply(tried, lost, 0) <= stats::qchisq(0.95, 1)]
  expect_true(all(at_break$low <= allowed & allowed <= at_break$high))
  # at 2013.0 it is too unlikely, earlier and later it isn't
  expect_lt(at_break$low, 2012.8)
  expect_gt(lost(2013), stats::qchisq(0.95, 1))
  expect_match(at_break$note, "two pieces")
})

test_that("rates are modelled by the counts and what they are per", {
  years <- with_ones()
  years$exposure <- years$reports / (3 * 1.4^(years$year - 1998))
  fit <- fit_nb(with_rates(years), growth_forms(2014)$exponential, 2)
  expect_equal(fit$fitted(years$year), 3 * 1.4^(years$year - 1998), tolerance = 1e-4)
})
