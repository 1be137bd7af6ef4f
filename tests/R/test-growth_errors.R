line <- function(n) cbind(1, seq_len(n))

test_that("errors that follow from year to year are found as alike as they are, though residuals are less so", {
  set.seed(11)
  drawn <- draw_errors(list(correlation = 0.6, size = rep(2, 26)), 150)
  residuals <- qr.resid(qr(line(26)), drawn)
  found <- apply(residuals, 2, function(own) observed_errors(own, line(26))$correlation)
  raw <- apply(residuals, 2, function(own) stats::cor(own[-1], own[-26]))
  expect_equal(stats::median(found), 0.6, tolerance = 0.1)
  expect_lt(stats::median(raw), 0.5)
})

test_that("independent errors are found to be so, and taken for somewhat alike where intervals are to hold", {
  set.seed(12)
  residuals <- qr.resid(qr(line(26)), matrix(stats::rnorm(26 * 100), 26))
  found <- apply(residuals, 2, function(own) observed_errors(own, line(26))$correlation)
  raised <- apply(residuals, 2, function(own) observed_errors(own, line(26), reach = 2)$correlation)
  expect_lt(abs(stats::median(found)), 0.15)
  expect_gt(stats::median(raised), 0.3)
  expect_true(all(raised > found | found == largest_correlation))
})

test_that("errors of the later half may be larger", {
  set.seed(13)
  residuals <- qr.resid(qr(line(300)), c(stats::rnorm(150), stats::rnorm(150, sd = 12)))
  expect_equal(unique(observed_errors(residuals, line(300))$size), c(1, 12), tolerance = 0.15)
})

test_that("drawn errors have the size and the correlation that is asked for, those of years to come too", {
  set.seed(14)
  drawn <- draw_errors(list(correlation = 0.7, size = c(1, 1, 3, 3)), 20000, ahead = 2)
  expect_equal(dim(drawn), c(6, 20000))
  expect_equal(apply(drawn, 1, stats::sd), c(1, 1, 3, 3, 3, 3), tolerance = 0.03)
  expect_equal(stats::cor(drawn[4, ], drawn[5, ]), 0.7, tolerance = 0.03)
})

test_that("residuals that always lie on one side for long leave the largest correlation there is", {
  waves <- sin(seq(0, 2 * pi, length.out = 26))
  expect_equal(observed_errors(qr.resid(qr(line(26)), waves), line(26), reach = 2)$correlation, largest_correlation)
})
