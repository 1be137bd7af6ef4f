charts <- function() {
  rbind(
    data.frame(figure = "3", platform = c("Big", "Video", "Chat"), value = c(90, 20, 10), status = "as_printed"),
    data.frame(figure = "4", platform = c("Big", "Search", "Chat"), value = c(900, 50, 60), status = "as_printed")
  )
}
country <- function(rows, iso3 = "AAA") cbind(iso3 = iso3, country_printed = paste("Land", iso3), rows)
totals <- data.frame(iso3 = c("AAA", "BBB"), reports = 1000)

test_that("platforms stand side by side with their ranks and the part of the country's reports", {
  table <- named_against_reports(country(charts()), totals)
  big <- table[table$platform == "Big", ]
  expect_equal(c(big$named_rank, big$reports_rank, big$share_of_country), c(1, 1, 0.9))
  expect_true(is.na(table$reports[table$platform == "Video"]))
  expect_true(is.na(table$named_percent[table$platform == "Search"]))
})

test_that("a provider can be counted under the name that children use, its printed name kept", {
  table <- named_against_reports(country(charts()), totals, list(Search = "Video"))
  video <- table[table$platform == "Video", ]
  expect_equal(c(video$named_percent, video$reports), c(20, 50))
  expect_identical(video$reported_as, "Search")
})

test_that("a country without answers is left out", {
  rows <- rbind(country(charts()), country(charts()[charts()$figure == "4", ], "BBB"))
  expect_identical(unique(named_against_reports(rows, totals)$iso3), "AAA")
})

test_that("pairs are in the same order, in opposite ones, or tied", {
  table <- named_against_reports(country(charts()), totals, list(Search = "Video"))
  pairs <- order_pairs(table, "Big")
  expect_equal(as.list(table(pairs$order)), list(opposite = 1, same = 2))
  expect_equal(pairs$order[!pairs$has_leader], "opposite")
  tied <- charts()
  tied$value[2:3] <- 20
  table <- named_against_reports(country(tied), totals, list(Search = "Video"))
  expect_identical(order_pairs(table, "Big")$order[3], "tie")
})

test_that("an order is not estimable while too few sure pairs are left without the leader", {
  apps <- named_apps(country(charts()), totals, list(Search = "Video"), "Big")
  share <- apps$results[apps$results$parameter == "same_order_share", ]
  expect_identical(share$status, c("not_estimable", "not_estimable"))
  expect_match(share$note[2], "same order: 2; with Big, which is first in both charts in one of one countries: 2")
})

test_that("six sure pairs are enough for an estimate", {
  rows <- do.call(rbind, lapply(LETTERS[1:6], function(letter) country(charts(), strrep(letter, 3))))
  apps <- named_apps(rows, totals, list(Search = "Video"), "Big")
  share <- apps$results[apps$results$parameter == "same_order_share", ]
  expect_identical(share$status, c("not_estimable", "estimated"))
  expect_equal(share$estimate[2], 0)
})

test_that("a doubtful cell makes its pairs doubtful", {
  rows <- charts()
  rows$status[6] <- "doubtful"
  pairs <- order_pairs(named_against_reports(country(rows), totals, list(Search = "Video")), "Big")
  expect_equal(pairs$is_doubtful, grepl("Chat", paste(pairs$platform_a, pairs$platform_b)))
})

test_that("the chart of reports keeps the countries whose children's answers are left out", {
  rows <- rbind(country(charts()), country(charts()[charts()$figure == "4", ], "BBB"))
  charted <- charted_reports(rows, totals)
  expect_identical(unique(charted$iso3), c("AAA", "BBB"))
  expect_identical(charted$has_answers, rep(c(TRUE, FALSE), each = 3))
  expect_equal(charted$share_of_country[1], 0.9)
})
