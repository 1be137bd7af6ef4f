# How sure a rank is, when the noise is what a place's counts do from one year to the next.
#
# Counts of thousands leave almost no room for chance of the kind that a Poisson distribution knows, yet rates of one
# place double and halve between years. So the panel of all years measures the noise: a place has a level that all its
# years share, a year an effect that all its places share, and what is left over is the noise of ranks. What a place
# departs from its level in one year is in part still there in the next: the noise is autoregressive, of order one.
# Taken for independent, it would make levels seem far surer than they are.

# Logarithm of the largest size of a negative binomial: noise below a thousandth of a rate can't be told from none, and
# the likelihood is flat from there on. The smallest standard deviation, as a logarithm, corresponds to it.
largest_log_theta <- 14
smallest_log_sd <- -largest_log_theta / 2
# The correlation r enters the fit as r / sqrt(1 - r^2); beyond this a drift can't be told from a level.
largest_slope <- 0.98 / sqrt(1 - 0.98^2)

#' Parameters where the slope of a likelihood is zero.
#'
#' A search stops where values no longer differ, which leaves the sixth digit to chance, or goes on where the likelihood
#' is flat; a search within ends and a few steps of Newton's method settle it.
#'
#' @param at Parameters near the minimum.
#' @param objective List of functions of them: `fn`, minus the log likelihood, and `gr`, its exact gradient.
#' @param lowest,highest Ends between which each may lie; one that reaches its end is held there.
#' @param idle Which have no effect, and stay as they are.
#' @return The parameters. Stops where a slope is left.
polish_minimum <- function(at, objective, lowest = -Inf, highest = Inf, idle = integer()) {
  lowest <- replace(rep_len(lowest, length(at)), idle, at[idle])
  highest <- replace(rep_len(highest, length(at)), idle, at[idle])
  at <- stats::nlminb(pmin(pmax(at, lowest), highest), objective$fn, objective$gr, lower = lowest, upper = highest)$par
  is_free <- at > lowest & at < highest
  curvature <- stats::optimHess(at, objective$fn, objective$gr)[is_free, is_free]
  slope <- objective$gr(at)[is_free]
  for (step in 1:4) {
    to <- replace(at, is_free, at[is_free] - tryCatch(solve(curvature, slope), error = function(error) 0))
    slope_there <- objective$gr(to)[is_free]
    if (!isTRUE(max(abs(slope_there)) < max(abs(slope)))) break
    at <- to
    slope <- slope_there
  }
  if (!isTRUE(max(abs(slope)) < 1e-3)) {
    stop(sprintf(
      "jurisdiction_years: found a slope of %.2g where the likelihood should be highest, expected none. %s",
      max(abs(slope)), "Look for places with few years, or years with few places."
    ), call. = FALSE)
  }
  at
}

#' Fit the panel: Poisson counts, an effect per year, a normal level per place and autoregressive noise around it, by
#' Laplace's approximation.
#'
#' Two years can't tell noise that lasts from a level: its correlation is then held at zero.
#'
#' @param rows Data frame with `iso3`, `year`, `reports`, `population`, none missing.
#' @return List of `years` (effects, log rate per person, named by the year), `sigma` (standard deviation of levels, log
#'   scale), `noise` (that of the noise), `correlation` (of the noise of neighboring years), `levels` (data frame:
#'   `iso3`, `level` and its `standard_error` on the log scale) and `panel` (the rows with reports `expected` at the
#'   level). Estimates are rounded to what every platform gives alike. Stops where there are too few places or years, or
#'   no maximum is found.
#' @source Skaug and Fournier, Automatic approximation of the marginal likelihood in non-Gaussian hierarchical models,
#'   Computational Statistics & Data Analysis 51 (2006).
fit_panel <- function(rows) {
  places <- sort(unique(rows$iso3))
  years <- sort(unique(rows$year))
  stop_if_few(places, years)
  rows$time <- factor(rows$year, years)
  # polish_minimum judges where the search ends more sharply than its own warning, and where there is no noise as well
  fit <- suppressWarnings(glmmTMB::glmmTMB(
    reports ~ 0 + time + offset(log(population)) + (1 | iso3) + ar1(time + 0 | iso3),
    family = stats::poisson, data = rows, se = FALSE,
    map = if (length(years) < 3) list(theta = factor(c(1, 2, NA)))
  ))
  found <- polish_panel(fit$fit$par, fit$obj, length(years))
  effects <- stats::setNames(stable(found[seq_along(years)]), years)
  scales <- stable(exp(found[length(years) + 1:2]))
  slope <- if (length(years) < 3) 0 else stable(found[[length(years) + 3]])
  levels <- levels_at(c(effects, log(scales), if (length(years) > 2) slope), fit$obj, length(places))
  levels <- data.frame(iso3 = places, level = stable(levels$mode), standard_error = stable(levels$standard_error))
  rows$expected <- rows$population *
    exp(effects[as.character(rows$year)] + levels$level[match(rows$iso3, places)])
  list(
    years = effects, sigma = scales[[1]], noise = scales[[2]], correlation = stable(slope / sqrt(1 + slope^2)),
    levels = levels, panel = rows
  )
}

#' Stop where there are too few places or years for a panel.
stop_if_few <- function(places, years) {
  if (length(years) < 2 || length(places) < 3) {
    stop(sprintf(
      "jurisdiction_years: found %d places and %d years with reports and population, expected %s",
      length(places), length(years), "three and two or more: the noise of ranks is what changes from year to year."
    ), call. = FALSE)
  }
}

#' Settle the panel's parameters: effects of years, logarithms of the standard deviations of levels and noise, and the
#' noise's slope from year to year, which has no effect where there is no noise.
polish_panel <- function(at, objective, n_years) {
  scales <- n_years + 1:2
  slope <- setdiff(seq_along(at), seq_len(n_years + 2))
  lowest <- replace(replace(rep(-Inf, length(at)), scales, smallest_log_sd), slope, -largest_slope)
  highest <- replace(rep(Inf, length(at)), slope, largest_slope)
  idle <- if (at[n_years + 2] <= smallest_log_sd) slope
  at[idle] <- 0
  polish_minimum(at, objective, lowest, highest, idle)
}

#' Levels of places given the other parameters, in the order of codes: `mode` and `standard_error` on the log scale.
#'
#' What `glmmTMB::ranef` gives as standard errors holds the error of the years' effects too, which moves no rank. The
#' error of a level does hold that of the noise of all its years: the level's part of the inverted curvature.
levels_at <- function(parameters, objective, n_places) {
  objective$fn(parameters)
  with_levels <- objective$env$last.par
  curvature <- objective$env$spHess(with_levels, random = TRUE)
  own <- seq_len(n_places)
  noise <- Matrix::solve(curvature[-own, -own], curvature[-own, own])
  schur <- curvature[own, own] - Matrix::crossprod(curvature[-own, own], noise)
  list(mode = with_levels[objective$env$random][own], standard_error = 1 / sqrt(Matrix::diag(schur)))
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

#' What is left of rates (log scale) around each place's level and the effect of the year: a matrix, one row per place
#' and one column per year.
#'
#' @param fit From `fit_panel`.
residual_table <- function(fit) {
  panel <- fit$panel
  tapply(log((panel$reports + 0.5) / (panel$expected + 0.5)), panel[c("iso3", "year")], sum)
}

#' Mean correlation over pairs of columns that lie so many columns apart.
lagged_correlation <- function(residuals, lag) {
  later <- seq_len(ncol(residuals))[-seq_len(lag)]
  mean(vapply(later, function(at) stats::cor(residuals[, at - lag], residuals[, at], use = "complete.obs"), 0))
}

#' What residuals of the model itself look like: correlations that its own noise would leave, with as many places.
#'
#' Residuals around levels that were estimated from the same years are not as correlated as the noise is. Draws go
#' through the same estimate of levels, with logarithms of rates taken as normal.
#'
#' @param fit From `fit_panel`.
#' @param lags Distances in years.
#' @return Matrix of correlations, one row per draw and one column per lag.
expected_correlations <- function(fit, lags, draws, seed) {
  residuals <- residual_table(fit)
  n_years <- ncol(residuals)
  noise <- fit$noise^2 * fit$correlation^abs(outer(seq_len(n_years), seq_len(n_years), "-"))
  whole <- noise + fit$sigma^2
  take_level <- diag(n_years) - fit$sigma^2 * matrix(1, n_years, n_years) %*% solve(whole)
  root <- chol(whole)
  with_seed(seed, t(vapply(seq_len(draws), function(draw) {
    drawn <- matrix(stats::rnorm(length(residuals)), ncol = n_years) %*% root %*% t(take_level)
    vapply(lags, function(lag) lagged_correlation(replace(drawn, is.na(residuals), NA), lag), 0)
  }, numeric(length(lags)))))
}
