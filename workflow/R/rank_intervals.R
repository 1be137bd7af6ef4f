# How sure a rank is, when the noise is what a place's counts do from one year to the next.
#
# Counts of thousands leave almost no room for chance of the kind that a Poisson distribution knows, yet rates of one
# place double and halve between years. So the panel of all years measures the noise: a place has a level that all its
# years share, a year an effect that all its places share, and what is left over is the noise of ranks.

# Logarithm of the largest size of a negative binomial: noise below a thousandth of a rate can't be told from none, and
# the likelihood is flat from there on.
largest_log_theta <- 14

#' Parameters where the slope of a likelihood is zero.
#'
#' A search stops where values no longer differ, which leaves the sixth digit to chance, or gives up where the
#' likelihood is flat; two steps of Newton's method from there settle it.
#'
#' @param at Parameters near the minimum.
#' @param objective List of functions of them: `fn`, minus the log likelihood, and `gr`, its exact gradient.
#' @param size Which parameter is the logarithm of the size of the negative binomial; it is held at its largest.
#' @return The parameters. Stops where a slope is left.
polish_minimum <- function(at, objective, size) {
  is_free <- seq_along(at) != size | at < largest_log_theta
  at[size] <- min(at[size], largest_log_theta)
  curvature <- stats::optimHess(at, objective$fn, objective$gr)[is_free, is_free]
  for (step in 1:2) at[is_free] <- at[is_free] - solve(curvature, objective$gr(at)[is_free])
  left <- max(abs(objective$gr(at)[is_free]))
  if (!isTRUE(left < 1e-3)) {
    stop(sprintf(
      "jurisdiction_years: found a slope of %.2g where the likelihood should be highest, expected none. %s", left,
      "Look for places with few years, or years with few places."
    ), call. = FALSE)
  }
  at
}

#' Fit the panel: negative binomial counts, an effect per year, a normal level per place, by Laplace's approximation.
#'
#' @param rows Data frame with `iso3`, `year`, `reports`, `population`, none missing.
#' @return List of `years` (effects, log rate per person, named by the year), `theta` (size of the negative binomial),
#'   `sigma` (standard deviation of levels, log scale), `levels` (data frame: `iso3`, `level` and its `standard_error`
#'   on the log scale) and `panel` (the rows with `expected` reports). Estimates are rounded to what every platform
#'   gives alike. Stops where there are too few places or years, or no maximum is found.
#' @source Skaug and Fournier, Automatic approximation of the marginal likelihood in non-Gaussian hierarchical models,
#'   Computational Statistics & Data Analysis 51 (2006).
fit_panel <- function(rows) {
  places <- sort(unique(rows$iso3))
  years <- sort(unique(rows$year))
  if (length(years) < 2 || length(places) < 3) {
    stop(sprintf(
      "jurisdiction_years: found %d places and %d years with reports and population, expected %s",
      length(places), length(years), "three and two or more: the noise of ranks is what changes from year to year."
    ), call. = FALSE)
  }
  # polish_minimum judges where the search ends more sharply than its own warning, and where there is no noise as well
  fit <- suppressWarnings(glmmTMB::glmmTMB(
    reports ~ 0 + factor(year) + offset(log(population)) + (1 | iso3), family = glmmTMB::nbinom2, data = rows,
    se = FALSE
  ))
  # effects of years, then the logarithms of theta and sigma
  found <- polish_minimum(fit$fit$par, fit$obj, size = length(years) + 1)
  effects <- stats::setNames(stable(found[seq_along(years)]), years)
  scales <- stable(exp(utils::tail(found, 2)))
  levels <- levels_at(c(effects, log(scales)), fit$obj)
  levels <- data.frame(iso3 = places, level = stable(levels$mode), standard_error = stable(levels$standard_error))
  rows$expected <- rows$population *
    exp(effects[as.character(rows$year)] + levels$level[match(rows$iso3, places)])
  list(years = effects, theta = scales[[1]], sigma = scales[[2]], levels = levels, panel = rows)
}

#' Levels of places given the other parameters, in the order of codes: `mode` and `standard_error` on the log scale.
#'
#' What `glmmTMB::ranef` gives as standard errors holds the error of the years' effects too, which moves no rank.
levels_at <- function(parameters, objective) {
  objective$fn(parameters)
  with_levels <- objective$env$last.par
  curvature <- objective$env$spHess(with_levels, random = TRUE)
  list(mode = with_levels[objective$env$random], standard_error = 1 / sqrt(diag(as.matrix(curvature))))
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
  residuals <- tapply(log((panel$reports + 0.5) / (panel$expected + 0.5)), panel[c("iso3", "year")], sum)
  later <- seq_len(ncol(residuals))[-1]
  mean(vapply(later, function(at) {
    stats::cor(residuals[, at - 1], residuals[, at], use = "complete.obs")
  }, 0))
}
