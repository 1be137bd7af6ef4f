test_that("the least is the listed alone, the most is the rest in one hand", {
  counts <- c(60, 20, 5)
  expect_equal(top_share_bounds(counts, 15, 1, FALSE), c(0.6, 0.6))
  expect_equal(top_share_bounds(counts, 15, 3, FALSE), c(0.85, 0.95))
  expect_equal(top_share_bounds(counts, 15, 1, TRUE), c(0.6, 0.75))
  expect_equal(top_share_bounds(counts, 70, 1, FALSE), c(60, 70) / 155)
  expect_equal(top_share_bounds(counts, 15, 9, TRUE), c(0.85, 1))
  expect_equal(herfindahl_bounds(counts, 15, FALSE), c(0.36 + 0.04 + 0.0025 + 15 / 1e4, 0.36 + 0.04 + 0.0025 + 0.0225))
  expect_equal(herfindahl_bounds(counts, 15, TRUE)[2], 0.75^2 + 0.04 + 0.0025)
})

test_that("whatever the rest is made of, shares and the index lie within their bounds", {
  counts <- c(900, 300, 40, 12)
  with_seed(3, for (draw in 1:50) {
    others <- stats::rpois(6, sample(c(1, 20, 200), 6, replace = TRUE))
    rest <- sum(others)
    whole <- c(counts, others)
    for (number in c(1, 3)) {
      bounds <- top_share_bounds(counts, rest, number, FALSE)
      expect_true(bounds[1] <= top_share(whole, number) + 1e-12 && top_share(whole, number) <= bounds[2] + 1e-12)
    }
    bounds <- herfindahl_bounds(counts, rest, FALSE)
    expect_true(bounds[1] <= herfindahl(whole) && herfindahl(whole) <= bounds[2] + 1e-12)
  })
})

selected <- data.frame(year = c(2031, 2032, 2032), esp_printed = c("A", "A (one)", "A (two)"), reports = c(9, 50, 30))
shares <- data.frame(year = c(2031, 2032), provider = "a", reports = c(10, 80), is_full_table = c(TRUE, FALSE))
totals <- data.frame(year = 2031:2032, reports = c(10, 100))
bounds <- concentration_bounds(selected, shares, totals, 1)
bound <- function(parameter, subset) {
  found <- bounds[bounds$parameter == parameter & bounds$subset == subset, ]
  c(found$low, found$high)
}

test_that("years with the full table have no bounds, others have them by row and by owner", {
  expect_setequal(bounds$subset, c("2032, providers", "2032, owners"))
  expect_equal(bound("top_1_share", "2032, providers"), c(0.5, 0.5))
  expect_equal(bound("top_1_share", "2032, owners"), c(0.8, 1))
  expect_equal(bound("effective_number", "2032, owners"), c(1, 1 / (0.64 + 20 / 1e4)))
  expect_true(all(is.na(bounds$estimate)))
  expect_match(bounds$note[1], "80.0% of the year's reports")
  expect_equal(nrow(concentration_bounds(selected, shares[1, ], totals, 1)), 0)
})
