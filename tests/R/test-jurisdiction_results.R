# Places of three years whose ranks the tests know.
small_world <- function() {
  rates <- c(9, 5, 3, 1) / 1000
  rows <- do.call(rbind, lapply(2031:2033, function(year) {
    places <- places_of(rates * 1e5 * (1 + 0.01 * (year - 2031) * (1:4)), rep(1e5, 4), year = year)
    places$continent <- c("Asia", "Asia", "Africa", "Africa")
    places$is_arab_league <- c(TRUE, FALSE, TRUE, FALSE)
    rbind(places, places_of(900, NA, year = year, iso3 = "ZZZ", continent = NA))
  }))
  rows$internet_users[rows$year == 2033] <- NA
  rows
}

world <- modifyList(place_settings, list(apart = "P04"))
answers <- function(results, subset, parameter) {
  results$estimate[results$subset == subset & results$parameter == parameter]
}

test_that("reports without a country raise the rank of the country only if all go to it", {
  results <- unlisted_results(small_world(), world)
  expect_equal(answers(results, "P04 in 2031, left out", "rank"), 4)
  expect_equal(answers(results, "P04 in 2031, all to the country", "rank"), 1)
  expect_equal(answers(results, "P04 in 2031, in proportion", "rank"), 4)
  expect_equal(answers(results, "P04 in 2031, left out", "share"), 100 / 2700)
  expect_equal(answers(results, "P04 in 2031, all to the country", "share"), 1000 / 2700)
  expect_equal(answers(results, "P04 in 2031, in proportion", "share"), 100 / 1800)
})

test_that("a year without populations yet has areas with their shares, and no ranks", {
  rows <- small_world()
  rows$population[rows$year == 2033] <- NA
  ranks <- jurisdiction_ranks(rows, fit_panel(rankable(rows)), world)
  expect_setequal(ranks$year, c(2031, 2032))
  ways <- c("left out", "all to the country", "in proportion")
  expect_setequal(unlisted_results(rows, world)$subset, sprintf("P04 in %d, %s", rep(2031:2032, each = 3), ways))
  newest <- subset(jurisdiction_areas(rows, world$apart), year == 2033)
  expect_true(all(newest$share > 0))
  expect_true(all(is.na(newest[c("population", "reports_per_100k", "population_share")])))
})

test_that("members of the league are counted among the first, and together they have one rank", {
  ranks <- jurisdiction_ranks(small_world(), fit_panel(rankable(small_world())), world)
  results <- league_results(ranks, 2)
  expect_equal(answers(results, "2031", "members_in_top"), 1)
  expect_equal(answers(results, "2031", "reports_per_100k"), 600)
  expect_equal(answers(results, "2031", "rank_as_one"), 1)
  expect_equal(answers(results, "2031", "rank_beside_members"), 2)
})

test_that("ranks that never change correlate perfectly; without a continent too few places are left to say", {
  ranks <- jurisdiction_ranks(small_world(), fit_panel(rankable(small_world())), world)
  results <- stability_results(ranks, 2)
  expect_setequal(unique(results$subset), c("2031 to 2032", "2032 to 2033", "2031 to 2033"))
  spearman <- results[results$parameter == "spearman", ]
  expect_equal(spearman$estimate, c(1, 1, 1))
  expect_true(all(is.na(c(spearman$low, spearman$high))))
  expect_equal(results$estimate[results$parameter == "kept_in_top"], c(2, 2, 2))
})

test_that("leaving out a continent shows how much a correlation hangs on it", {
  pair <- data.frame(before = 1:6, after = c(1, 2, 3, 6, 5, 4), continent = rep(c("a", "b"), each = 3))
  expect_equal(correlation_range(pair, "spearman")[2:3], c(-1, 1))
  expect_equal(correlation_range(pair, "kendall")[1], stats::cor(pair$before, pair$after, method = "kendall"))
})

test_that("years whose people online are not known have no estimate, and say so", {
  ranks <- jurisdiction_ranks(small_world(), fit_panel(rankable(small_world())), world)
  results <- base_results(ranks, world)
  last <- results[results$subset == "2033" & results$parameter == "spearman", ]
  expect_identical(last$status, "not_estimable")
  expect_true(is.na(last$estimate))
  expect_equal(answers(results, "2031", "spearman"), 1)
})

test_that("the check of the panel passes for noise as the model has it, and fails for noise taken as independent", {
  rows <- do.call(rbind, lapply(2031:2035, function(year) places_of(rep(1, 150), rep(1e6, 150), year = year)))
  rows$iso3 <- sprintf("Q%03d", rep(1:150, 5))
  noise <- with_seed(4, stats::rnorm(150, 0, 1.5) + draw_noise(1:150, 5, 0.6, 0.5))
  rows$reports <- round(1e4 * exp(c(noise)))
  fit <- fit_panel(rankable(rows))
  status <- function(fit, parameter) {
    results <- check_results(fit, 1)
    results$status[results$parameter == parameter]
  }
  expect_identical(status(fit, "neighboring_correlation"), "estimated")
  expect_identical(status(fit, "distant_correlation"), "estimated")
  independent <- modifyList(fit, list(correlation = 0))
  expect_identical(status(independent, "neighboring_correlation"), "fails_check")
})

test_that("two years have no correlation of the noise, and say so", {
  fit <- fit_panel(rankable(subset(small_world(), year < 2033)))
  results <- rbind(panel_results(fit), check_results(fit, 1))
  is_of_lags <- grepl("correlation", results$parameter)
  expect_identical(unique(results$status[is_of_lags]), "not_estimable")
  expect_true(all(is.na(results$estimate[is_of_lags])))
})

test_that("states are ranked without the row of unknown state, which has a share", {
  states <- data.frame(
    state = c("AA", "BB", "Unspecified"), year = 2031, reports = c(300, 100, 100), population = c(1e5, 1e5, NA),
    reports_per_100k = c(300, 100, NA)
  )
  expect_equal(state_ranks(states)$rank, c(1, 2))
  expect_identical(state_names(c("TX", "ZZ")), c("Texas", "ZZ"))
  results <- state_results(states)
  expect_equal(answers(results, "2031", "without_state_share"), 0.2)
  expect_equal(answers(results, "2031", "highest_over_lowest"), 3)
})

test_that("every result has its question answered once", {
  rows <- small_world()
  fit <- fit_panel(rankable(rows))
  states <- data.frame(
    state = c("AA", "BB"), year = 2031, reports = c(300, 100), population = 1e5, reports_per_100k = c(300, 100)
  )
  results <- jurisdiction_results(rows, states, jurisdiction_ranks(rows, fit, world), fit, world)
  expect_false(any(duplicated(results[c("question", "subset", "parameter")])))
  expect_true(all(grepl("\\?$", results$question)))
})

test_that("the committed counts rank the country apart and the league as the published ones do, corrected", {
  rows <- read_places()
  settings <- list(population_floor = 1e6, draws = 2000, seed = 5, top = 20, apart = "USA", without_country = "ZZZ")
  fit <- fit_panel(rankable(rows))
  ranks <- jurisdiction_ranks(rows, fit, settings)
  results <- unlisted_results(rows, settings)
  of <- function(way, parameter) {
    results$estimate[grepl(way, results$subset, fixed = TRUE) & results$parameter == parameter]
  }
  expect_equal(of("left out", "rank"), c(110, 131, 105, 97, 104))
  expect_equal(of("all to the country", "rank"), c(18, 68, 51, 24, 27))
  expect_equal(round(100 * of("left out", "share")[5], 2), 3.13)
  expect_equal(round(100 * of("all to the country", "share")[5], 2), 8.24)
  league <- league_results(ranks, 20)
  expect_equal(league$estimate[league$parameter == "members_in_top"], c(12, 10, 11, 9, 12))
  monaco <- ranks[ranks$iso3 == "MCO" & ranks$year == 2020, ]
  expect_equal(monaco$rank, 3)
  expect_lte(max(abs(c(monaco$rank_low, monaco$rank_high) - c(5, 35))), 1)
  expect_true(all(abs(tapply(ranks$is_outside_funnel, ranks$year, mean) - 0.95) < 0.02))
  top <- ranks[ranks$rank <= 20, ]
  expect_lte(max(abs(top$gamma_poisson_rank - top$rank)), 1)
})
