# Pairs of equal counts but for Poisson noise, over sizes from ten to a million.
sized_pairs <- function(n = 30, seed = 1) {
  sizes <- 10^seq(1, 6, length.out = n)
  with_seed(seed, pairs_of(stats::rpois(n, sizes), stats::rpois(n, sizes), rep(letters[1:6], n / 6)))
}

test_that("the concordance formula agrees with simulated counts", {
  fit <- list(means = c(3, 3.2), variance = 0.4, dispersion = 0.2)
  sides <- with_seed(8, {
    shared <- stats::rnorm(4e5, sd = sqrt(0.4))
    lapply(fit$means, function(mean) stats::rnbinom(4e5, size = 1 / 0.2, mu = exp(mean + shared)))
  })
  lin <- 2 * stats::cov(sides[[1]], sides[[2]]) /
    (stats::var(sides[[1]]) + stats::var(sides[[2]]) + (mean(sides[[1]]) - mean(sides[[2]]))^2)
  expect_equal(unname(count_concordance(fit)), lin, tolerance = 0.02)
})

test_that("for equal sides it is the closed form of the intraclass correlation", {
  fit <- list(means = c(2, 2), variance = 0.5, dispersion = 0.3)
  mean <- exp(2.25)
  closed <- mean * (exp(0.5) - 1) / (mean * (1.3 * exp(0.5) - 1) + 1)
  expect_equal(unname(count_concordance(fit)), closed)
})

test_that("the fit finds the parameters that counts were drawn with", {
  drawn <- with_seed(2, {
    shared <- stats::rnorm(400, sd = 1)
    lapply(c(4, 4.3), function(mean) stats::rnbinom(400, size = 5, mu = exp(mean + shared)))
  })
  fit <- fit_counts(drawn[[1]], drawn[[2]])
  expect_equal(unname(fit$means), c(4, 4.3), tolerance = 0.1)
  expect_equal(c(fit$variance, fit$dispersion), c(1, 0.2), tolerance = 0.15)
})

test_that("residuals of draws from the model itself are spread evenly", {
  fit <- list(means = c(0, 0), variance = 1, dispersion = 0.1)
  simulated <- simulate_sides(fit, rep(200, 500), 400, seed = 3)
  observed <- simulate_sides(fit, rep(200, 500), 1, seed = 4)
  scaled <- scaled_residuals((observed$other - observed$own)[, 1], simulated$other - simulated$own)
  expect_equal(mean(scaled), 0.5, tolerance = 0.05)
  expect_equal(stats::var(scaled), 1 / 12, tolerance = 0.1)
})

test_that("ties count half and the extremes are zero and one", {
  simulated <- rbind(1:4, 1:4, c(2, 2, 2, 2))
  expect_identical(scaled_residuals(c(0, 5, 2), simulated), c(0, 1, 0.5))
})

test_that("altered pairs keep what they should keep", {
  pairs <- sized_pairs()
  altered <- altered_pairs(pairs, 2)
  expect_setequal(altered$neighbors[[2]], pairs$ncmec_reports)
  expect_false(any(altered$neighbors[[2]] == pairs$ncmec_reports[order(pairs$mean_reports)]))
  ratio <- altered$all_apart[[2]] / altered$all_apart[[1]]
  expect_true(all(abs(abs(log2(ratio)) - 1) < 0.2))
  expect_equal(
    log(altered$one_size[[2]] / altered$one_size[[1]]), pairs$log_ratio[order(pairs$mean_reports)],
    tolerance = 1e-2
  )
})

test_that("the correlation fails its check, because it stays high where no pair belongs together", {
  rows <- agreement_icc(sized_pairs(), list(draws = 200, seed = 1, factor = 2))
  value <- function(parameter) rows$estimate[rows$parameter == parameter]
  expect_identical(rows$status[rows$parameter == "icc"], "fails_check")
  expect_match(rows$note[rows$parameter == "icc"], "range of sizes, not agreement")
  expect_gt(value("icc"), 0.9)
  expect_gt(value("icc_neighbors"), 0.5)
  expect_lt(value("icc_one_size"), value("icc") / 2)
})

test_that("few pairs are not fitted", {
  rows <- agreement_icc(pairs_of(1:4, 1:4), list(draws = 200, seed = 1, factor = 2))
  expect_identical(rows$status, "not_estimable")
})

test_that("a seed gives the same numbers again and leaves the session's own alone", {
  set.seed(11)
  expected <- stats::runif(1)
  set.seed(11)
  first <- with_seed(1, stats::runif(2))
  expect_identical(stats::runif(1), expected)
  expect_identical(with_seed(1, stats::runif(2)), first)
})
