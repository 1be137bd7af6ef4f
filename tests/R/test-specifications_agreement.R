choices <- function() {
  read_table(file.path(project, "data", "reference", "choices.csv"), file.path(project, "data", "datapackage.json"))
}

some_pairs <- function() {
  pairs <- pairs_of(
    c(1000, 1000, 2000, 2000, 500, 600, 900), c(1000, 1010, 2600, 2000, 480, 600, 1800),
    c("a", "a", "b", "b", "c", "c", "d"),
    high = c(1000, 1000, 2000, 2000, 500, 600, 1000), warnings = c(NA, NA, "doubtful", NA, NA, NA, "rounded")
  )
  pairs$own_provenance <- c("primary", "primary", "secondary", "secondary", "primary", "primary", "secondary")
  pairs
}

test_that("what is chosen is what the report prints", {
  found <- specify_agreement(some_pairs(), choices())$specifications
  chosen <- found[found$is_chosen, ]
  printed <- agreement_models(some_pairs(), list())
  of <- function(parameter) chosen$estimate[chosen$parameter == parameter]
  expect_equal(of("typical_distance"), printed$estimate[printed$parameter == "provider_typical"])
  expect_equal(of("positive_share"), agreement_signs(some_pairs())$positive_share[1])
})

test_that("each exclusion leaves out what it says", {
  pairs <- some_pairs()
  left_out <- function(option) which(!kept_by_exclusion(pairs, option))
  expect_identical(left_out("none"), integer())
  expect_identical(left_out("doubtful_pairs"), 3L)
  expect_identical(left_out("rounded_pairs"), 7L)
  expect_identical(left_out("secondary_pairs"), c(3L, 4L, 7L))
  expect_identical(left_out("few_reports"), integer())
  expect_identical(left_out("first_years"), c(1L, 3L, 5L, 7L))
  expect_identical(left_out("widest_provider"), 7L)
  expect_identical(left_out("two_widest_providers"), c(3L, 4L, 7L))
})

test_that("every scale is zero for equal counts and keeps the sign", {
  scales <- c("relative_to_mean", "relative_to_ncmec", "larger_over_smaller")
  found <- vapply(scales, function(scale) differences_by_measure(c(0, 5, 30, 10), c(0, 5, 10, 30), scale), numeric(4))
  expect_equal(unname(found), cbind(c(0, 0, 1, -1), c(0, 0, 2 / 3, -2), c(0, 0, 2, -2)))
})

test_that("options that leave nothing to choose make no specification, and all others one", {
  found <- specify_agreement(some_pairs(), choices())
  of <- function(dimension) found$options[found$options$dimension == dimension, ]
  both <- merge(of("exclusion"), of("rounding"), by = c("parameter", "specification"))
  expect_false(any(both$option.x == "rounded_pairs" & both$option.y == "middle"))
  expect_false(anyNA(found$specifications$estimate))
  expect_identical(anyDuplicated(found$specifications[c("parameter", "specification")]), 0L)
  expect_setequal(unique(found$options$option), choices()$option[choices()$question == "agreement"])
})
