# Three years of four places, with people online in the first two, and reports of no country.
made_up_places <- function() {
  do.call(rbind, lapply(2031:2033, function(year) {
    rows <- places_of(c(400, 300, 200, 100), c(1e5, 1e5, 1e5, 50), year = year, iso3 = c("P02", "P03", "P01", "P04"))
    if (year == 2033) rows$internet_users <- NA
    if (year == 2032) rows$reports[1:2] <- rows$reports[2:1] / c(1, 20)
    rbind(rows, places_of(250, NA, year = year, iso3 = "ZZZ"))
  }))
}
taken <- function(...) {
  chosen <- list(year = "last", denominator = "people", floor = "none", unlisted = "left_out", rate = "crude")
  modifyList(chosen, list(...))
}
congress <- c("2033" = 350)
rank_by <- function(...) rank_under(made_up_places(), taken(...), place_settings, congress)

test_that("the rank of the country set apart follows from the options", {
  expect_equal(rank_by(), list(estimate = 4, n = 4))
  # a place of fifty people with a hundred reports is first, unless there is a floor
  expect_equal(rank_by(floor = "configured"), list(estimate = 3, n = 3))
  expect_equal(rank_by(floor = "tenth")$n, 3)
  expect_equal(rank_by(unlisted = "all_to_country")$estimate, 2)
  expect_equal(rank_by(unlisted = "as_to_congress")$estimate, 3)
  expect_equal(rank_by(year = "second_last")$estimate, 3)
})

test_that("what the data do not allow together is no specification", {
  expect_null(rank_by(denominator = "online"))
  expect_null(rank_by(year = "first", unlisted = "as_to_congress"))
  expect_null(kept_under(made_up_places(), taken(year = "first"), place_settings, congress))
  expect_null(kept_under(made_up_places(), taken(year = "all"), place_settings, congress))
})

test_that("years taken together are sums of reports over sums of people, where these are known", {
  rates <- rates_under(made_up_places(), taken(), place_settings, congress)
  expect_equal(rates[["P01"]], 600 / 3e5 * 1e5)
  online <- rates_under(made_up_places(), taken(denominator = "online"), place_settings, congress)
  expect_equal(online[["P01"]], 400 / 1e5 * 1e5)
})

test_that("rates shrunken within the year lie between the crude ones", {
  last <- subset(made_up_places(), year == 2033)
  crude <- rates_under(last, taken(), place_settings, congress)
  shrunken <- rates_under(last, taken(rate = "gamma_poisson"), place_settings, congress)
  expect_lt(diff(range(shrunken)), diff(range(crude)))
})

test_that("what part of the first places stays is counted between neighboring years", {
  # the two highest of 2032 are the small place and P02, of 2033 too
  expect_equal(kept_under(made_up_places(), taken(), place_settings, congress), list(estimate = 1, n = 2))
  above <- kept_under(made_up_places(), taken(year = "second_last", floor = "configured"), place_settings, congress)
  expect_equal(above, list(estimate = 0.5, n = 2))
})

test_that("of the committed choices one option is chosen each, which gives the result that the report prints", {
  read <- function(...) utils::read.csv(file.path(project, "data", ...), colClasses = "character")
  choices <- read("reference", "choices.csv")
  choices$is_chosen <- choices$is_chosen == "true"
  facts <- data.frame(table = "user_locations", measure = "reports", item = "us", year = 2033, value = 350)
  found <- rank_specifications(made_up_places(), choices, facts, place_settings)
  ranks <- found$specifications[found$specifications$parameter == "rank_apart", ]
  expect_equal(ranks$estimate[ranks$is_chosen], 4)
  expect_false(anyDuplicated(found$options[c("parameter", "specification", "dimension")]) > 0)
  expect_setequal(unique(found$specifications$parameter), c("rank_apart", "kept_share"))
})
