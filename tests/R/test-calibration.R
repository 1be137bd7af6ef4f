test_that("coverage is the share of the intervals given that held, with the error of the simulation", {
  row <- coverage_row("some_method", "as_observed", c(TRUE, TRUE, FALSE, TRUE, NA), 7, "drawn so")
  expect_identical(row$held_share, 0.75)
  expect_equal(row$held_share_error, sqrt(0.75 * 0.25 / 4))
  expect_identical(c(row$n_draws, row$n_without), c(5L, 1L))
  expect_error(coverage_row("some_method", "as_observed", c(NA, NA), 7, "drawn so"), "no interval in 2 draws")
})

test_that("an end that is missing is open, and two are no interval", {
  expect_identical(holds(c(0, NA, 3, NA), c(2, 5, NA, NA), c(1, 6, 4, 1)), c(TRUE, FALSE, TRUE, NA))
})

test_that("errors have the correlation and the sizes asked for", {
  drawn <- with_seed(1, replicate(4000, correlated_errors(6, 0.6, c(1, 1, 1, 1, 1, 10))))
  expect_equal(apply(drawn, 1, sd), c(1, 1, 1, 1, 1, 10), tolerance = 0.05)
  expect_equal(stats::cor(drawn[2, ], drawn[3, ]), 0.6, tolerance = 0.05)
})
