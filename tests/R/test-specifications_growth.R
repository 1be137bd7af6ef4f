choices <- data.frame(
  question = "growth",
  dimension = rep(c("form", "fit", "first_year", "last_year", "per_segment", "per"), c(2, 2, 2, 2, 1, 2)),
  option = c(
    "broken_line", "log_two_breaks", "least_squares", "likelihood", "whole", "part", "all", "one_less", "years_2",
    "all", "identity"
  )
)
choices$is_chosen <- choices$option %in% c("broken_line", "least_squares", "whole", "years_2", "all")
reports <- with_rates(read_reports())
rates <- transform(reports[reports$year > 1999, ], exposure = 1000)
found <- specify_growth(choices, reports, rates, 10, few)
chosen <- found$specifications[found$specifications$is_chosen, ]

test_that("the specification chosen is the headline, with the interval of its method", {
  expect_equal(chosen$estimate, 2014.2, tolerance = 1e-5)
  expect_equal(chosen$interval_method, "growth_break_broken_line")
  expect_lt(chosen$low, chosen$estimate)
})

test_that("rates per identity begin later, so they have no other first year", {
  expect_equal(nrow(found$specifications), 2 * 2 * 2 * 2 + 2 * 2 * 2)
  per <- found$options[found$options$dimension == "per" & found$options$option == "identity", "specification"]
  first <- found$options[found$options$dimension == "first_year" & found$options$specification %in% per, "option"]
  expect_equal(unique(first), "whole")
})

test_that("the year moves with the choices, and what is fitted by likelihood has no interval", {
  expect_lt(min(found$specifications$estimate), 2013.7)
  by_likelihood <- found$options$specification[found$options$option == "likelihood"]
  expect_true(all(is.na(found$specifications$low[found$specifications$specification %in% by_likelihood])))
})

test_that("the committed choices can be evaluated, each option once", {
  committed <- utils::read.csv(file.path(project, "data", "reference", "choices.csv"))
  own <- committed[committed$question == "growth", ]
  expect_setequal(unique(own$dimension), unique(choices$dimension))
  expect_equal(as.vector(tapply(own$is_chosen == "true", own$dimension, sum)), rep(1, 6))
})

test_that("a project without identities, or with years too few for a form, has the specifications that it can carry", {
  few_years <- data.frame(year = 2001:2008, reports = c(5, 9, 20, 31, 80, 190, 400, 900))
  own <- choices
  own$option[own$option == "years_2"] <- "years_3"
  found <- specify_growth(own, few_years, rates[0, ], 10, few)
  expect_setequal(found$options$option[found$options$dimension == "per"], "all")
  expect_setequal(found$options$option[found$options$dimension == "form"], "broken_line")
})
