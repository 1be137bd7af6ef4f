# How sure a rank is, when the noise is what a place's counts do from one year to the next.
#
# Counts of thousands leave almost no room for chance of the kind that a Poisson distribution knows, yet rates of one
# place double and halve between years. So the panel of all years measures the noise: a place has a level that all its
# years share, a year an effect that all its places share, and what is left over is the noise of ranks.

#' Levels of places given the other parameters: mode and curvature of each, by Newton's method for all places at once.
#'
#' @param panel List from `panel_data`.
#' @param parameters List of `years` (effects, log rate per person), `theta` (size of the negative binomial), `sigma`
#'   (standard deviation of levels, log scale).
#' @param level Levels to start from.
#' @return List of `mode`, `curvature` (of minus the log posterior) and `log_posterior` by place, constants included.
place_levels <- function(panel, parameters, level = panel$start - mean(parameters$years)) {
  theta <- parameters$theta
  base <- panel$log_population + parameters$years[panel$year]
  by_place <- function(values) as.numeric(rowsum(values, panel$place, reorder = TRUE))
  for (step in seq_len(100)) {
    expected <- exp(base + level[panel$place])
    slope <- by_place((panel$reports - expected) * theta / (theta + expected)) - level / parameters$sigma^2
    curvature <- by_place(expected * theta * (panel$reports + theta) / (theta + expected)^2) + 1 / parameters$sigma^2
    move <- slope / curvature
    # a full step from far away can overshoot; two on the log scale is a factor of seven
    level <- level + pmax(-2, pmin(2, move))
    if (max(abs(move)) < 1e-10) break
  }
  expected <- exp(base + level[panel$place])
  log_likelihood <- by_place(stats::dnbinom(panel$reports, size = theta, mu = expected, log = TRUE))
  list(
    mode = level, curvature = curvature,
    log_posterior = log_likelihood + stats::dnorm(level, 0, parameters$sigma, log = TRUE)
  )
}

#' The panel as vectors: one element per place and year with reports and people.
#'
#' @param rows Data frame with `iso3`, `year`, `reports` and `population`, none missing.
panel_data <- function(rows) {
  places <- sort(unique(rows$iso3))
  years <- sort(unique(rows$year))
  place <- match(rows$iso3, places)
  rate <- (rows$reports + 0.5) / rows$population
  list(
    places = places, years = years, place = place, year = match(rows$year, years), reports = rows$reports,
    log_population = log(rows$population), start = as.numeric(rowsum(log(rate), place) / tabulate(place)),
    year_start = as.numeric(tapply(log(rate), rows$year, mean))
  )
}

#' A minimum found more exactly than a search that compares values can: there the slope is zero, and it is steep.
#'
#' @param at Near the minimum.
#' @param value Function that is smooth to about 1e-9.
polish_minimum <- function(at, value) {
  apart <- 1e-3
  shift <- function(point, index, by) replace(point, index, point[index] + by)
  slope <- function(point) {
    vapply(seq_along(point), function(index) {
      ends <- vapply(c(-2, -1, 1, 2) * apart, function(by) value(shift(point, index, by)), 0)
      sum(c(1, -8, 8, -1) * ends) / (12 * apart)
    }, 0)
  }
  first <- slope(at)
  curvature <- vapply(seq_along(at), function(index) (slope(shift(at, index, apart)) - first) / apart, at)
  inverse <- solve((curvature + t(curvature)) / 2)
  for (step in 1:2) at <- at - as.numeric(inverse %*% slope(at))
  at
}

#' Fit the panel: negative binomial counts, an effect per year, a normal level per place, by Laplace's approximation.
#'
#' It maximizes the same approximate likelihood as `glmmTMB(reports ~ factor(year) + offset(log(population)) +
#' (1 | iso3), family = nbinom2)`, without that package.
#'
#' @param rows Data frame with `iso3`, `year`, `reports`, `population`.
#' @return List of `years` (effects, log rate per person), `theta`, `sigma`, `log_likelihood`, `levels` (data frame:
#'   `iso3`, `level` and its standard error on the log scale) and the `panel`. Estimates are rounded to what
#'   every platform gives alike. Stops where the search doesn't converge.
#' @source Skaug and Fournier, Automatic approximation of the marginal likelihood in non-Gaussian hierarchical models,
#'   Computational Statistics & Data Analysis 51 (2006).
fit_panel <- function(rows) {
  panel <- panel_data(rows)
  n_years <- length(panel$years)
  if (n_years < 2 || length(panel$places) < 3) {
    stop(sprintf(
      "jurisdiction_years: found %d places and %d years with reports and population, expected %s",
      length(panel$places), n_years, "three and two or more: the noise of ranks is what changes from year to year."
    ), call. = FALSE)
  }
  unpack <- function(at) {
    list(years = at[seq_len(n_years)], theta = exp(at[n_years + 1]), sigma = exp(at[n_years + 2]))
  }
  start <- c(panel$year_start, log(2), log(stats::sd(panel$start)))
  near <- place_levels(panel, unpack(start))$mode
  minus_log_likelihood <- function(at) {
    levels <- place_levels(panel, unpack(at), near)
    -sum(levels$log_posterior + 0.5 * log(2 * pi) - 0.5 * log(levels$curvature))
  }
  found <- stats::nlminb(start, minus_log_likelihood)
  if (found$convergence != 0) {
    stop(sprintf(
      "The panel of %d places and %d years: found no maximum of the likelihood (%s). Look for places with few years.",
      length(panel$places), n_years, found$message
    ), call. = FALSE)
  }
  parameters <- lapply(unpack(polish_minimum(found$par, minus_log_likelihood)), stable)
  levels <- place_levels(panel, parameters)
  c(parameters, list(
    log_likelihood = -found$objective, panel = panel,
    levels = data.frame(
      iso3 = panel$places, level = stable(levels$mode), standard_error = stable(1 / sqrt(levels$curvature))
    )
  ))
}

#' Levels drawn from each place's normal approximation: a matrix, one row per place, named by its code.
#'
#' What all places of a year share, such as the year's effect and its error, moves no rank and is not drawn.
#'
#' @param levels Data frame with `iso3`, `level`, `standard_error` (log scale).
draw_levels <- function(levels, draws, seed) {
  n <- nrow(levels)
  drawn <- with_seed(seed, stats::rnorm(n * draws, levels$level, levels$standard_error))
  matrix(drawn, nrow = n, dimnames = list(levels$iso3, NULL))
}

#' Ranks with 95% intervals from draws of levels, highest first.
#'
#' @param drawn From `draw_levels`: the places to be ranked, and no others.
#' @return Data frame: `iso3`, `rank_low`, `rank_high`, ranks that occur.
rank_intervals <- function(drawn) {
  # all draws in one sort: a rank for each draw by itself takes far longer
  ranks <- matrix(0, nrow(drawn), ncol(drawn))
  ranks[order(col(drawn), -drawn)] <- seq_len(nrow(drawn))
  ends <- apply(ranks, 1, stats::quantile, c(0.025, 0.975), type = 1, names = FALSE)
  data.frame(iso3 = rownames(drawn), rank_low = ends[1, ], rank_high = ends[2, ])
}

#' How alike the noise of neighboring years is.
#'
#' @param fit From `fit_panel`.
#' @return Mean correlation over places of the residuals (log scale) of each year with the next. Independent noise
#'   gives about -1 / (number of years - 1), since a place's residuals add up to about zero; more means that levels
#'   drift.
neighboring_correlation <- function(fit) {
  panel <- fit$panel
  expected <- exp(panel$log_population + fit$years[panel$year] + fit$levels$level[panel$place])
  residuals <- matrix(NA_real_, length(panel$places), length(panel$years))
  residuals[cbind(panel$place, panel$year)] <- log((panel$reports + 0.5) / (expected + 0.5))
  later <- seq_along(panel$years)[-1]
  mean(vapply(later, function(at) {
    stats::cor(residuals[, at - 1], residuals[, at], use = "complete.obs")
  }, 0))
}
