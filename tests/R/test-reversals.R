# Rows as in disclosures: quarters such as "2031 Q2", or years.
disclosed <- function(organization, metric, period, value, warnings = NA, unit = "count", value_printed = NA) {
  is_quarter <- grepl("Q", period)
  first <- ifelse(is_quarter, 3 * as.integer(sub("^.*(.)$", "\\1", period)) - 2, 1)
  after <- ifelse(is_quarter, first + 3, 13)
  year <- as.integer(substr(period, 1, 4))
  end <- as.Date(sprintf("%d-%02d-01", year + (after > 12), (after - 1) %% 12 + 1)) - 1
  data.frame(
    organization = organization, metric = metric, component = NA, period = period,
    start = sprintf("%d-%02d-01", year, first), end = format(end), value = value, unit = unit, is_redundant = FALSE,
    warnings = warnings, value_printed = value_printed
  )
}
quarters <- paste("2031", c("Q1", "Q2", "Q3", "Q4"))
exact <- list(id = "acme", providers = "acme", restored = "restored", acted_upon = "pieces")

test_that("a full year of exact counts has a share without width", {
  rows <- rbind(
    disclosed("acme", "pieces", quarters, c(100, 200, 300, 400)), disclosed("acme", "restored", quarters, 1:4)
  )
  share <- reversed_shares(rows, list(exact))
  expect_equal(c(share$reversed_share, share$share_low, share$share_high), rep(0.01, 3))
  expect_true(share$is_full_year)
  expect_identical(share$warnings, "")
})

test_that("half a year is marked, and a period with one side alone counts for neither", {
  rows <- rbind(
    disclosed("acme", "pieces", quarters[1:3], c(100, 100, 500)), disclosed("acme", "restored", quarters[1:2], c(1, 3))
  )
  share <- reversed_shares(rows, list(exact))
  expect_equal(share$reversed_share, 0.02)
  expect_false(share$is_full_year)
  expect_identical(share$warnings, "partial-year")
  expect_identical(share$periods, "2031 Q1, 2031 Q2")
})

test_that("rounding is read off all counts of a provider, by their number of digits", {
  expect_equal(c(rounding_units(c(10, 40, 1200, 3400, 1500000, 2700000))), c("2" = 10, "4" = 100, "7" = 1e5))
  expect_equal(half_unit(c(1200, 40, 0), rounding_units(c(10, 40, 1200, 3400))), c(50, 5, 5))
})

test_that("bounds from rounding hold the share of the exact counts", {
  inside <- vapply(1:200, function(seed) {
    counts <- with_seed(seed, list(
      pieces = round(stats::runif(4, 10000, 90000)), restored = round(stats::runif(4, 1000, 9000))
    ))
    rows <- rbind(
      disclosed("acme", "pieces", quarters, round(counts$pieces, -3), "rounded"),
      disclosed("acme", "restored", quarters, round(counts$restored, -2), "rounded")
    )
    share <- reversed_shares(rows, list(exact))
    truth <- sum(counts$restored) / sum(counts$pieces)
    truth >= share$share_low && truth <= share$share_high
  }, NA)
  expect_true(all(inside))
})

test_that("a percentage stands for a count, bounded by its printed decimals", {
  rows <- rbind(
    disclosed("acme", "accounts", "2031", 1000),
    disclosed("acme", "restored_percent", "2031", 0, unit = "percent", value_printed = "0.00%")
  )
  measure <- list(id = "acme", providers = "acme", restored_percent = "restored_percent", acted_upon = "accounts")
  share <- reversed_shares(rows, list(measure))
  expect_equal(c(share$reversed_share, share$share_low, share$share_high), c(0, 0, 0.00005))
  expect_equal(printed_decimals(c("0.00%", "1.6%", "3%")), c(2, 1, 0))
})

test_that("a group counts a period only where all its providers disclose both sides; they stand beside it", {
  rows <- rbind(
    disclosed("a", "pieces", quarters[1:2], c(100, 100)), disclosed("a", "restored", quarters[1:2], c(10, 10)),
    disclosed("b", "pieces", quarters[2], 300), disclosed("b", "restored", quarters[2], 0)
  )
  measure <- list(id = "both", providers = c("a", "b"), restored = "restored", acted_upon = "pieces")
  shares <- reversed_shares(rows, list(measure))
  expect_identical(shares$provider, c("both", "a", "b"))
  expect_equal(shares$reversed_share, c(10 / 400, 0.1, 0))
})

test_that("the spread is over full years of one definition, and coverage counts providers, not groups", {
  shares <- data.frame(
    provider = c("a", "a", "a", "b", "b", "b", "b", "c"), year = c(2031:2033, 2030:2033, 2031),
    is_full_year = c(TRUE, TRUE, FALSE, TRUE, TRUE, TRUE, TRUE, FALSE),
    reversed_share = c(0.1, 0.3, 0.9, 0.01, 0.02, 0.5, 0.7, 0.4),
    warnings = c("", "", "", "", "definition-changed|rounded", "", "", "partial-year")
  )
  results <- reversal_results(shares, list(list(id = "a", providers = "a")), 12)
  spread <- results[results$parameter == "reversed_share", ]
  expect_equal(spread$n, c(2, 2, 0))
  expect_equal(unlist(spread[1, c("estimate", "low", "high")], use.names = FALSE), c(0.2, 0.1, 0.3))
  expect_equal(unlist(spread[2, c("estimate", "low", "high")], use.names = FALSE), c(0.6, 0.5, 0.7))
  expect_identical(spread$status, c("estimated", "estimated", "not_estimable"))
  expect_match(spread$note[2], "change of definition are left out")
  expect_equal(results$estimate[results$parameter == "providers_disclosing"], 1)
})

test_that("people over the world have bounds from two printed decimals, and none without a population", {
  people <- data.frame(period = c("2031 Q2", "2040 Q1"), frequency = "daily", people_billion = c(4, 5))
  shares <- active_people_shares(people, data.frame(year = 2031, population = 8e9))
  expect_equal(shares$share, c(0.5, NA))
  expect_equal(c(shares$share_low[1], shares$share_high[1]), c(3.995, 4.005) / 8)
  expect_identical(reach_results(shares)$subset, "2031 Q2")
})

test_that("reports are set against the people of the year's last quarter, with bounds from rounding", {
  people <- data.frame(
    period = c("2031 Q3", "2031 Q4", "2031 Q4", "2032 Q4"), frequency = c("monthly", "monthly", "daily", "monthly"),
    people_billion = c(1, 2, 1.5, 3)
  )
  rate <- reports_per_person(people, data.frame(year = 2031, reports = 4e6))
  expect_identical(rate$subset, "2031")
  expect_equal(c(rate$estimate, rate$low, rate$high), c(2, 4 / 2.005, 4 / 1.995))
  expect_null(reports_per_person(people[1, ], data.frame(year = 2031, reports = 4e6)))
})
