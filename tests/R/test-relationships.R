relationships_of <- function(...) {
  row <- list(
    study = "agency", year = 2031, victim_age = NA_character_, relationship = "Father", offender_age = NA,
    measure = "victims", value = 1, unit = "count", share = NA
  )
  do.call(rbind, lapply(list(...), function(changes) as.data.frame(modifyList(row, changes))))
}

groups <- data.frame(
  study = "agency", relationship = c("Father", "Mother", "Stranger", "Unknown"),
  group = c("family", "family", "stranger", "other_or_unknown"),
  subgroup = c("nuclear_family", "nuclear_family", NA, NA)
)

test_that("counts of victims are pooled over ages, and have no interval, since none was sampled", {
  shares <- relationship_shares(relationships_of(
    list(victim_age = "1 to 4", value = 30), list(victim_age = "5 to 9", value = 10),
    list(victim_age = "1 to 4", relationship = "Stranger", value = 10),
    list(victim_age = "5 to 9", relationship = "Stranger", value = 50)
  ), groups)
  pooled <- shares[is.na(shares$victim_age) & shares$level == "group", ]
  expect_equal(pooled$share[pooled$group == "family"], 0.4)
  expect_true(all(is.na(c(pooled$share_low, pooled$share_high, pooled$interval_kind))))
  result <- relationship_results(shares)
  expect_true(all(is.na(c(result$low, result$high, result$interval_kind))))
  expect_match(result$note, "none is sampled", all = TRUE)
  expect_equal(shares$share[shares$victim_age %in% "1 to 4" & shares$level == "group"], c(0.75, 0.25))
})

test_that("rates have ends from rounding and are never pooled", {
  rows <- relationships_of(
    list(victim_age = "A", value = 700, unit = "per_1000"), list(victim_age = "B", value = 300, unit = "per_1000"),
    list(victim_age = "A", relationship = "Stranger", value = 301, unit = "per_1000"),
    list(victim_age = "B", relationship = "Stranger", value = 700, unit = "per_1000")
  )
  shares <- relationship_shares(rows, groups)
  expect_false(anyNA(shares$victim_age))
  family <- shares[shares$victim_age == "A" & shares$group == "family", ]
  expect_equal(unlist(family[c("share", "share_low", "share_high")], use.names = FALSE), c(0.7, 0.6995, 0.7005))
  result <- relationship_results(shares)
  expect_true(all(result$status == "not_estimable"))
  expect_equal(unlist(result[result$parameter == "family", c("low", "high")], use.names = FALSE), c(0.3, 0.7))
})

test_that("files that show several relationships have bounds, not an interval", {
  rows <- relationships_of(
    list(measure = "unique_files", value = 60, share = 0.6),
    list(measure = "unique_files", relationship = "Mother", value = 30, share = 0.3),
    list(measure = "unique_files", relationship = "Stranger", value = 20, share = 0.2)
  )
  shares <- relationship_shares(rows, groups)
  family <- shares[shares$group == "family", ]
  expect_equal(c(family$share_low, family$share_high, family$n), c(0.6, 0.9, 100))
  expect_equal(unlist(shares[shares$group == "stranger", c("share_low", "share_high")], use.names = FALSE), c(0.2, 0.2))
  expect_identical(unique(shares$interval_kind), "bounds")
})

test_that("bounds of a group hold whatever relationships files share", {
  shown <- with_seed(9, matrix(stats::runif(900) < 0.3, nrow = 300))
  bounds <- file_bounds(colSums(shown), 300)
  truth <- mean(rowSums(shown) > 0)
  expect_gte(truth, bounds[1])
  expect_lte(truth, bounds[2])
})

test_that("a relationship without a group stops the analysis and names the file to fix", {
  rows <- relationships_of(list(relationship = "Landlord"))
  expect_error(relationship_shares(rows, groups), "relationship_groups.csv: found no row for Landlord of agency")
})

test_that("what is known of files and of victims is told apart from what is not", {
  facts <- data.frame(
    table = "series_relationships", item = c("relationship_provided", "relationship_not_provided"),
    measure = "unique_files", year = 2031, value = c(10, 90)
  )
  shares <- relationship_shares(relationships_of(
    list(victim_age = "A", value = 60), list(victim_age = "A", relationship = "Unknown", value = 40)
  ), groups)
  coverage <- relationship_coverage(facts, shares)
  expect_equal(coverage$estimate, c(0.1, 0.6))
})

test_that("victims are told by gender and age, each as a share of all of the year", {
  facts <- expand.grid(
    item = c("female", "male", "total"), measure = c("young", "older", "total"), stringsAsFactors = FALSE
  )
  facts <- cbind(table = "victims", year = 2031, facts, value = c(30, 10, 40, 40, 20, 60, 70, 30, 100))
  results <- victim_results(facts)
  groups <- c("female", "male", "young", "older")
  expect_setequal(results$parameter, c(groups, paste0(groups, "_counted")))
  # each group's own number, not that of all
  expect_equal(results$estimate[match(paste0(groups, "_counted"), results$parameter)], c(70, 30, 40, 60))
  expect_equal(results$estimate[results$parameter == "female"], 0.7)
  expect_equal(results$estimate[results$parameter == "young"], 0.4)
  expect_true(all(is.na(c(results$low, results$high))))
})
