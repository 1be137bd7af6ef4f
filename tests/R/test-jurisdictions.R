test_that("places without reports or without people are not ranked", {
  rows <- places_of(c(5, NA, 7), c(100, 100, NA))
  expect_identical(rankable(rows)$iso3, "P01")
})

test_that("ranks go from the highest rate down, ties share the better one, small places lose theirs above the floor", {
  ranked <- crude_ranks(places_of(c(10, 20, 20, 1), c(1000, 1000, 1000, 10)), 1000)
  expect_equal(ranked$reports_per_100k, c(1000, 2000, 2000, 10000))
  expect_equal(ranked$rank, c(4, 2, 2, 1))
  expect_equal(ranked$rank_above_floor, c(3, 1, 1, NA))
  expect_equal(ranked$reports_per_100k_internet_users, 2 * ranked$reports_per_100k)
})

test_that("a place whose internet users are not known has no rank among people online", {
  rows <- places_of(c(10, 20), c(1000, 1000))
  rows$internet_users <- c(NA, 500)
  expect_equal(crude_ranks(rows, 0)$rank_internet_users, c(NA, 1))
})

test_that("shrinking within a year weighs the prior and the place by their people", {
  rows <- with_seed(4, {
    population <- round(exp(stats::runif(200, 8, 15)))
    places_of(stats::rpois(200, population * stats::rgamma(200, 2, 2 / 0.004)), population)
  })
  fit <- gamma_poisson(rows)
  expect_equal(fit$shape, 2, tolerance = 0.2)
  expect_equal(fit$shape / fit$people, 0.004, tolerance = 0.2)
  crude <- rows$reports / rows$population * 1e5
  weight <- rows$population / (rows$population + fit$people)
  expect_equal(fit$per_100k, weight * crude + (1 - weight) * fit$shape / fit$people * 1e5)
})

test_that("the gamma-Poisson fit agrees with the negative binomial of MASS", {
  rows <- with_seed(5, {
    population <- round(exp(stats::runif(100, 9, 14)))
    places_of(stats::rnbinom(100, size = 1.5, mu = population * 0.003), population)
  })
  other <- MASS::glm.nb(reports ~ 1 + offset(log(population)), data = rows)
  fit <- gamma_poisson(rows)
  expect_equal(fit$shape, other$theta, tolerance = 1e-5)
  expect_equal(log(fit$shape / fit$people), unname(stats::coef(other)), tolerance = 1e-5)
})

test_that("places whose rates are alike, or one place alone, keep their rate", {
  expect_equal(gamma_poisson(places_of(10 * 1:40, 1e5 * 1:40))$per_100k, rep(10, 40), tolerance = 1e-5)
  expect_equal(gamma_poisson(places_of(5, 1000))$per_100k, 500, tolerance = 1e-5)
})

test_that("few places can have nearly all reports of a year", {
  fit <- gamma_poisson(places_of(c(0, 0, 1, 500), c(1e3, 1e4, 1e5, 1e3)))
  expect_equal(fit$per_100k[4], 500 / 1000 * 1e5, tolerance = 1e-2)
  expect_gt(fit$per_100k[1], 0)
})

test_that("a funnel of counts that chance alone made leaves at most 5% outside", {
  rows <- with_seed(6, {
    population <- round(exp(stats::runif(2000, 10, 15)))
    places_of(stats::rpois(2000, population * 0.003), population, iso3 = sprintf("Q%04d", 1:2000))
  })
  expect_lt(mean(funnel(rows)$is_outside_funnel), 0.06)
  expect_gt(mean(funnel(rows)$is_outside_funnel), 0.02)
})

test_that("limits of the funnel agree with exact Poisson tails", {
  rows <- funnel(places_of(c(100, 130, 70), c(1e5, 1e5, 1e5)))
  expect_equal(rows$expected_reports, c(100, 100, 100))
  low <- rows$funnel_low_per_100k[1]
  high <- rows$funnel_high_per_100k[1]
  expect_lt(stats::ppois(low - 1, 100), 0.025)
  expect_gte(stats::ppois(low, 100), 0.025)
  expect_lte(stats::ppois(high, 100, lower.tail = FALSE), 0.025)
  expect_equal(rows$is_outside_funnel, c(FALSE, TRUE, TRUE))
})

test_that("areas add reports of all their places, and rates are of all their people", {
  rows <- places_of(
    c(10, 20, 30, 40), c(1000, 1000, NA, 2000),
    continent = c("Americas", "Americas", "Americas", "Africa"),
    is_arab_league = c(FALSE, FALSE, FALSE, TRUE), iso3 = c("P01", "B", "C", "D")
  )
  rows <- rbind(rows, places_of(100, NA, iso3 = "ZZZ", continent = NA, region = NA))
  areas <- jurisdiction_areas(rows, "P01")
  rest <- areas[areas$area == "Americas without Place P01" & areas$kind == "continent", ]
  expect_equal(c(rest$reports, rest$population, rest$n_places, rest$n_without_population), c(50, 1000, 2, 1))
  expect_equal(rest$reports_per_100k, 5000)
  expect_equal(rest$share, 50 / 200)
  expect_equal(sum(areas$share[areas$kind == "continent"]), 1)
  expect_equal(sum(areas$share[areas$kind == "continent_and_league"]), 1)
  expect_equal(areas$reports_per_100k[areas$kind == "group"], 2000)
  expect_equal(areas$reports[areas$area == "Arab League in Africa"], 40)
  expect_true(is.na(areas$reports_per_100k[areas$area == "Place ZZZ"][1]))
})

test_that("people of a place that is not listed, or that has a dash, are people of its area without reports", {
  rows <- places_of(c(10, NA, 40), c(1000, 500, 2000), continent = c("Asia", "Asia", "Africa"), iso3 = c("A", "B", "C"))
  populations <- data.frame(iso3 = c("A", "B", "C", "D", "D"), year = c(rep(2031, 4), 2040), population = 500)
  countries <- data.frame(iso3 = c("A", "B", "C", "D"), name = "Place", continent = "Asia", region = "Eastern Asia")
  unlisted <- unlisted_places(rows, populations, countries, data.frame(iso3 = "D"))
  expect_equal(unlisted[c("iso3", "year", "population")], data.frame(iso3 = "D", year = 2031, population = 500))
  areas <- jurisdiction_areas(rows, "C", unlisted)
  asia <- areas[areas$kind == "continent" & areas$area == "Asia", ]
  expect_equal(c(asia$reports, asia$population, asia$n_places), c(10, 2000, 1))
  expect_equal(c(asia$reports_per_100k, asia$population_share), c(500, 0.5))
  expect_equal(areas$population[areas$kind == "group"], 500)
})

test_that("people and reports can be so many that their product overflows integers", {
  rows <- rankable(places_of(2000000L, 1400000000L))
  expect_equal(crude_ranks(rows, 0)$reports_per_100k, 2e6 / 1.4e9 * 1e5)
  expect_false(anyNA(funnel(rows)$expected_reports))
})
