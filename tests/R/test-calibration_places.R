# A few places and years, with what a fit of them would have found.
few <- list(
  years = c("2031" = -6, "2032" = -6, "2033" = -6), sigma = 1, noise = 0.5, correlation = 0.5,
  levels = data.frame(iso3 = c("A", "B"), level = c(0.5, -0.5), standard_error = 0.2),
  panel = data.frame(iso3 = rep(c("A", "B"), 3), year = rep(2031:2033, each = 2), reports = 10, population = 1e6,
                     expected = 10)
)

test_that("drawn noise has the size and the correlation that it was asked for", {
  noise <- with_seed(2, draw_noise(seq_len(4000), 5, correlation = 0.6, size = 0.5))
  expect_equal(stats::sd(noise), 0.5, tolerance = 0.03)
  expect_equal(lagged_correlation(noise, 1), 0.6, tolerance = 0.05)
  expect_equal(lagged_correlation(noise, 2), 0.36, tolerance = 0.1)
})

test_that("places of a region share the part of the noise that they should, and sizes are as unequal", {
  regions <- rep(seq_len(2000), each = 2)
  noise <- with_seed(3, draw_noise(regions, 5, 0.4, 0.5, spread = 0.8, shared = 0.3))
  steps <- noise[, 2] - 0.4 * noise[, 1]
  expect_equal(stats::cor(steps[c(TRUE, FALSE)], steps[c(FALSE, TRUE)]), 0.3, tolerance = 0.25)
  expect_equal(stats::sd(noise), 0.5, tolerance = 0.1)
  size <- rowMeans((noise[, -1] - 0.4 * noise[, -5])^2)
  expect_gt(stats::var(size) / mean(size)^2, 1)
})

test_that("what noise was drawn with is found again", {
  regions <- rep(seq_len(150), each = 4)
  drawn <- with_seed(4, draw_noise(regions, 5, 0.4, 0.5, spread = 0.5, shared = 0.3))
  rows <- expand.grid(iso3 = sprintf("Q%03d", seq_along(regions)), year = 2031:2035, stringsAsFactors = FALSE)
  rows <- transform(rows, population = 1e6, expected = 1e4, reports = 1e4 * exp(c(drawn)))
  fit <- list(correlation = 0.4, panel = rows)
  expect_equal(noise_spread(fit), 0.5, tolerance = 0.6)
  expect_equal(noise_shared(fit, stats::setNames(regions, unique(rows$iso3))), 0.3, tolerance = 0.4)
  independent <- with_seed(5, draw_noise(1:600, 5, 0.4, 0.5))
  alike <- modifyList(fit, list(panel = transform(rows, reports = 1e4 * exp(c(independent)))))
  expect_lt(noise_spread(alike), 0.15)
  expect_lt(noise_shared(alike, stats::setNames(regions, unique(rows$iso3))), 0.05)
})

test_that("a drawn panel has the counts that its levels and noise ask for", {
  rows <- draw_panel(few, c(1, -1), matrix(0, 2, 3))
  expected <- few$panel$population * exp(-6 + rep(c(1, -1), 3))
  expect_true(all(abs(rows$reports - expected) < 5 * sqrt(expected)))
  expect_identical(rows[c("iso3", "year")], few$panel[c("iso3", "year")])
})

test_that("the error of a coverage is that between panels, since places of a panel hold together", {
  row <- coverage_of_panels("rank_of_level", "as_assumed", list(rep(TRUE, 10), rep(c(TRUE, FALSE), 5)), 1, "words")
  expect_equal(c(row$held_share, row$held_share_error, row$n_draws), c(0.75, 0.25, 2))
})

test_that("places with the largest noise are told apart from the others", {
  panel <- data.frame(rank = rep(c(TRUE, FALSE), c(9, 1)), noise = 1:10)
  expect_match(among_noisy(list(panel), "rank"), "largest noise, 0% of the intervals held")
  expect_match(among_noisy(list(transform(panel, noise = 10:1)), "rank"), "100%")
})

test_that("counts that chance alone tells apart lie in the funnel, those of the panel do not", {
  rows <- data.frame(year = 2031, reports = 1e4 * 4^(1:5), population = 1e7)
  expect_false(any(funnel_holds(rows)))
  expect_gt(mean(with_seed(6, funnel_holds(draw_alike(rows[rep(1:5, 40), ])))), 0.9)
})

test_that("a small run of the calibration gives the coverage that is committed, by every method of the topic", {
  read <- function(...) utils::read.csv(file.path(project, "data", ...))
  rows <- rankable(longest_run(read_places(), breaks_of("country_reports", read("reference", "breaks.csv"))))
  settings <- yaml::read_yaml(file.path(project, "config", "config.yaml"))$jurisdictions
  found <- calibrate_places(rows, draws = 2, seed = 7, settings)
  methods <- read("calibration", "interval_methods.csv")
  expect_setequal(found$interval_method, methods$interval_method[methods$topic == "places"])
  committed <- merge(found, read("calibration", "interval_coverage.csv"), by = c("interval_method", "errors"))
  expect_identical(nrow(committed), nrow(found))
  between_panels <- committed$held_share_error.y * sqrt(committed$n_draws.y)
  expect_true(all(abs(committed$held_share.x - committed$held_share.y) <= 3.5 * between_panels / sqrt(2) + 0.005))
})
