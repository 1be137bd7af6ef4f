test_that("values between knots lie on straight lines, and beyond the ends on the last of them", {
  expect_equal(drop(interpolation(c(0, 1, 2, 4, 6, -1), c(0, 2, 4)) %*% c(0, 10, 30)), c(0, 5, 10, 30, 50, -5))
})

test_that("sums of squares for a whole grid are those of a fit for each break", {
  years <- read_reports()
  grid <- seq(2000, 2020, 0.5)
  one <- vapply(grid, function(at) {
    sum(stats::resid(stats::lm(log(reports) ~ year + pmax(0, year - at), data = years))^2)
  }, 0)
  expect_equal(break_errors(years$year, log(years$reports), grid, 1, 2), one)
  two <- break_errors(years$year, log(years$reports), grid, 2, 2)
  direct <- stats::lm(log(reports) ~ year + pmax(0, year - 2004.5) + pmax(0, year - 2015), data = years)
  expect_equal(two[which(grid == 2004.5), which(grid == 2015)], sum(stats::resid(direct)^2))
})

test_that("breaks leave each segment the years it needs", {
  time <- 2000:2009
  grid <- seq(2001, 2008, 0.5)
  errors <- break_errors(time, cos(time), grid, 2, 2)
  for (first in seq_along(grid)) {
    for (second in seq_along(grid)) {
      expect_equal(is.na(errors[first, second]), !breaks_fit(time, grid[c(first, second)], 2))
    }
  }
  expect_false(breaks_fit(time, c(2003.2, 2004.8), 2))
  expect_true(breaks_fit(time, c(2003, 2004), 2))
})

test_that("two bends are found where they are", {
  time <- 1998:2023
  value <- 1 + 0.2 * (time - 1998) + 0.7 * pmax(0, time - 2008.3) - 0.6 * pmax(0, time - 2015.6)
  found <- least_squares_breaks(time, value, 2, 2)
  expect_equal(found$breaks, c(2008.3, 2015.6), tolerance = 1e-7)
})

test_that("the broken line is the one that another package finds, and its interval about that of the score", {
  years <- read_reports()
  found <- least_squares_breaks(years$year, years$reports, 1, 2)
  base <- stats::lm(reports ~ year, data = years)
  control <- segmented::seg.control(n.boot = 0, it.max = 100)
  other <- segmented::segmented(base, seg.Z = ~year, psi = 2010, control = control)
  by_score <- segmented::confint.segmented(other, method = "score", digits = 15)[1, ]
  expect_equal(found$breaks, by_score[[1]], tolerance = 1e-7)
  ends <- break_intervals(found, stats::qf(0.95, 1, found$n_free))
  expect_lt(max(abs(c(ends$low, ends$high) - by_score[2:3])), 0.05)
})

test_that("two breaks of logarithms are those that another package finds", {
  years <- read_reports()
  base <- stats::lm(log(reports) ~ year, data = years)
  fit <- segmented::segmented(
    base,
    seg.Z = ~year, psi = c(2013.5, 2015.5), control = segmented::seg.control(n.boot = 0, it.max = 100)
  )
  found <- least_squares_breaks(years$year, log(years$reports), 2, 2)
  expect_equal(found$breaks, unname(fit$psi[, "Est."]), tolerance = 1e-6)
  expect_equal(found$least, sum(stats::resid(fit)^2), tolerance = 1e-6)
})

test_that("nineteen of twenty intervals hold the break", {
  set.seed(20)
  time <- 1:26
  hits <- replicate(200, {
    value <- 0.3 * time + 0.5 * pmax(0, time - 14.4) + stats::rnorm(26, sd = 0.6)
    found <- least_squares_breaks(time, value, 1, 2)
    ends <- break_intervals(found, stats::qf(0.95, 1, found$n_free))
    isTRUE(ends$low <= 14.4 && 14.4 <= ends$high)
  })
  # 190 expected; an error of three standard errors is allowed
  expect_gt(sum(hits), 180)
  expect_lt(sum(hits), 200)
})

test_that("an interval that the years don't bound has no end", {
  expect_equal(inside_limit(1:5, c(0, 1, 4, 9, 16), 2.25), list(low = NA_real_, high = 2.5, pieces = 1))
  expect_equal(inside_limit(1:5, c(9, 2, 1, 2, 9), 2), list(low = 2, high = 4, pieces = 1))
})

test_that("an interval shorter than a step of the grid is as long as its parabola says", {
  grid <- c(0, 1, 1.5, 2)
  found <- inside_limit(grid, 100 * (grid - 1)^2, 1)
  expect_equal(c(found$low, found$high), c(0.9, 1.1))
})

test_that("an interval of a profile with two valleys holds both, and says so", {
  expect_equal(inside_limit(1:7, c(9, 1, 9, 9, 0, 4, 9), 2.25), list(low = 1.75, high = 5.75, pieces = 2))
  ends <- list(low = 2012.8, high = 2013.9, pieces = 2)
  row <- break_rows("broken_line", 2013.8, ends, 26, "by hand", "m")
  expect_match(row$note, "spans two pieces")
})

test_that("too few years for the breaks are refused", {
  expect_error(least_squares_breaks(1:5, (1:5)^2, 2, 2), "5 years are too few for 2 breaks")
})

test_that("slopes and their errors are those of segmented's delta method", {
  years <- read_reports()
  form <- growth_forms(2014)$log_broken_line
  fit <- fit_least_squares(years, form, 2)
  weights <- rep(22 / sum(fit$residuals^2), 26)
  own <- slope_intervals(form, years$year, fit$place, fit$values, weights, stats::qt(0.975, 22))
  base <- stats::lm(log(reports) ~ year, data = years)
  control <- segmented::seg.control(n.boot = 0, it.max = 100)
  other <- segmented::slope(segmented::segmented(base, seg.Z = ~year, psi = 2010, control = control), digits = 15)$year
  expect_equal(own$slope, unname(other[, 1]), tolerance = 1e-5)
  # theirs takes the year of the break for given where it lies, ours reckons with its error
  expect_equal((own$high - own$low) / 2, stats::qt(0.975, 22) * unname(other[, 2]), tolerance = 0.01)
})
