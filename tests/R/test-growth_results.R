reports <- with_rates(read_reports())
fits <- fits_of_reports()
found <- growth(reports, 2014, fits = fits)
coverage <- data.frame(
  interval_method = "growth_break_profile", errors = "as_observed", nominal = 0.95, held_share = 0.5
)
found$models <- judge_intervals(found$models, coverage, 0.02)
series <- list(reports = c(list(years = reports, fits = fits), found))
forecasts <- rolling_forecasts(reports, growth_forms(2014), 2015, c(1, 3), 2)
breaks <- data.frame(
  table_name = "reports", period = "2034", kind = "unit", title = "bundled", note = "A report may hold two.",
  year = 2034
)
results <- growth_results(series, forecasts, hindsight_models(growth_forms(2014)), breaks)
result <- function(parameter, subset) results[results$parameter == parameter & results$subset == subset, ]

test_that("the corrected criterion is that of its formula, the dispersion and every break counted", {
  compared <- compare_forms(fits, 26)
  two <- compared[compared$model == "nb_log_two_breaks", ]
  expect_equal(two$n_parameters, 4 + 2 + 1)
  expect_equal(two$aicc, -2 * two$loglik + 2 * 7 + 2 * 7 * 8 / (26 - 7 - 1))
  expect_equal(compared$n_parameters[compared$model == "nb_two_lines"], 4 + 1 + 1)
  expect_equal(min(compared$delta_aicc), 0)
})

test_that("where years are too few for the parameters, there is no criterion", {
  compared <- compare_forms(fits, 8)
  expect_equal(is.na(compared$aicc), compared$n_parameters >= 7)
})

test_that("a break may cost more than one parameter, the one fixed beforehand too", {
  cheap <- compare_forms(fits, 26)
  dear <- compare_forms(fits, 26, break_cost = 2)
  expect_equal(dear$n_parameters - cheap$n_parameters, c(0, 1, 1, 1, 2))
  expect_equal(cheap$model[which.min(cheap$aicc)], "nb_log_two_breaks")
  expect_equal(dear$model[which.min(dear$aicc)], "nb_broken_line")
})

test_that("the overlap of intervals is what they share of the shorter, whatever the length of the other", {
  expect_equal(interval_overlap(c(0, 4), c(3, 5)), list(share = 1 / 2, how = "overlapping"))
  expect_equal(interval_overlap(c(0, 1), c(2, 3)), list(share = 0, how = "disjoint"))
  expect_equal(interval_overlap(c(0, 10), c(2, 3)), list(share = 1, how = "nested"))
})

test_that("a row says how the breaks of two models lie to each other, and whose intervals are too narrow", {
  row <- result("overlap", "broken_line and log_two_breaks")
  expect_gt(row$estimate, 0.25)
  expect_equal(row$status, "estimated")
  expect_match(row$note, "overlapping|nested")
  row <- result("overlap", "broken_line and nb_log_broken_line")
  expect_equal(row$status, "fails_check")
  expect_match(row$note, "Too narrow, by simulation: nb_log_broken_line.")
  count_of <- function(how) result(paste0("pairs_", how), "all")$estimate
  counts <- vapply(c("nested", "overlapping", "disjoint"), count_of, 0)
  expect_equal(sum(counts), result("pairs_nested", "all")$n)
  each <- results[results$parameter == "overlap", ]
  expect_equal(result("pairs_that_hardly_overlap", "all")$estimate, sum(each$estimate < 0.25))
  wide <- growth_results(series, forecasts, hindsight_models(growth_forms(2014)), breaks, hardly = 1)
  expect_equal(wide$estimate[wide$parameter == "pairs_that_hardly_overlap"], sum(each$estimate < 1))
})

test_that("lines that fall below zero fail, and the years are named", {
  expect_equal(result("negative_years", "two_lines")$note, "The curve is below zero in 1998 to 2000.")
  expect_equal(result("negative_years", "two_lines")$status, "fails_check")
  expect_equal(result("negative_years", "broken_line")$status, "fails_check")
  expect_equal(result("negative_years", "nb_broken_line")$estimate, 0)
  expect_equal(year_list(c(1998, 1999, 2000, 2004)), "1998 to 2000, 2004")
})

test_that("correlated errors are found", {
  row <- result("autocorrelation", "log_two_breaks")
  expect_equal(row$status, "fails_check")
  expect_match(row$note, "resemble those of the year before")
  expect_equal(row$p_value, 2 * stats::pnorm(-row$estimate * sqrt(26)), tolerance = 1e-4)
})

test_that("the test of one size of errors is that of var.test, about means of zero", {
  set.seed(5)
  early <- stats::rnorm(40)
  late <- stats::rnorm(40, sd = 1.5)
  early <- early - mean(early)
  late <- late - mean(late)
  ours <- spread_row(sqrt(mean(late^2) / mean(early^2)), "m", 80, "reports")$p_value
  # var.test takes a degree of freedom for each mean
  expect_equal(ours, stats::var.test(late, early)$p.value, tolerance = 0.1)
})

test_that("the form that fits best does not forecast best", {
  for (horizon in c(1, 3)) {
    row <- result("rank_in_forecasts", sprintf("nb_log_two_breaks, horizon %d", horizon))
    expect_gt(row$estimate, 1)
    expect_match(row$note, "errs 1\\.[0-9]+ times as much as the forecast that repeats")
  }
})

test_that("what counts can't tell is stated for each break, not estimated", {
  row <- result("effect_of_unit", "from 2034 on")
  expect_equal(row$status, "not_estimable")
  expect_match(row$note, "A report may hold two. Counts alone cannot tell")
  expect_null(definition_rows(breaks[0, ], 9))
})

test_that("every result has its key once", {
  expect_false(any(duplicated(results[c("question", "subset", "parameter")])))
})
