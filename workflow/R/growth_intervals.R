# Intervals of models fitted by least squares that reckon with errors as observed.
#
# The usual quantiles, of t and of F, hold for independent errors of one size. Here they are replaced by those of
# simulations: data drawn from the fitted curve, with errors correlated and sized as its residuals show, and fitted
# again. What is drawn is seeded; what a year means, and whether a curve describes it, no simulation tells.

search_step <- 0.5 # years between the breaks that are tried in simulations, closer together about the fitted ones

# By how many standard errors the correlation of errors is taken larger than residuals show it: two, as large as they
# leave likely. A correlation taken too low makes intervals too short.
correlation_reach <- 2

#' What a search for breaks needs, found once for all data of the same years.
#'
#' @param time Observed years, rising.
#' @param grid Breaks to try, rising.
#' @return List of `time`, `candidates` (matrix of breaks with a row each; no columns where none is sought) and what
#'   `search_errors` uses.
break_search <- function(time, grid, n_breaks, per_segment) {
  line <- qr(cbind(1, time - mean(time)))
  if (n_breaks == 0) {
    return(list(time = time, line = line, candidates = matrix(0, 1, 0)))
  }
  places <- candidate_places(time, grid, n_breaks, per_segment)
  hinges <- qr.resid(line, outer(time, grid, function(at, bend) pmax(0, at - bend)))
  list(
    time = time, line = line, hinges = hinges, gram = crossprod(hinges), places = places,
    candidates = matrix(grid[places], nrow(places))
  )
}

#' Which places of a grid one or two breaks may take; `breaks_fit` for all of them at once.
candidate_places <- function(time, grid, n_breaks, per_segment) {
  if (n_breaks == 1) {
    return(matrix(seq_along(grid)))
  }
  held <- outer(findInterval(grid, time, left.open = TRUE), findInterval(grid, time), function(from, to) to - from)
  unname(which(held >= per_segment & row(held) < col(held), arr.ind = TRUE))
}

#' Sums of squared errors of all candidates.
#'
#' @param values Matrix with a row per year, a column per set of data.
#' @return Matrix with a row per candidate, a column per set of data.
search_errors <- function(search, values) {
  values <- qr.resid(search$line, values)
  total <- colSums(values^2)
  if (ncol(search$candidates) == 0) {
    return(matrix(total, 1))
  }
  along <- crossprod(search$hinges, values)
  own <- diag(search$gram)
  first <- search$places[, 1]
  if (ncol(search$candidates) == 1) {
    return(rep(total, each = length(first)) - (along^2 / own)[first, , drop = FALSE])
  }
  second <- search$places[, 2]
  shared <- search$gram[search$places]
  apart <- own[first] * own[second] - shared^2
  one <- along[first, , drop = FALSE]
  other <- along[second, , drop = FALSE]
  rep(total, each = length(first)) -
    (one * (one * (own[second] / apart) - other * (2 * shared / apart)) + other^2 * (own[first] / apart))
}

#' How far the years of each segment are spread: their number, mean, and sum of squares about it.
#'
#' With the errors of the breaks reckoned in, each segment's slope is as sure as that of a line through its years alone.
#'
#' @param breaks Rising; a break that is a year counts for both sides.
segment_spread <- function(time, breaks) {
  from <- c(-Inf, breaks)
  to <- c(breaks, Inf)
  parts <- lapply(seq_along(from), function(index) time[time >= from[index] & time <= to[index]])
  list(
    n = lengths(parts), center = vapply(parts, mean, 0),
    squares = vapply(parts, function(part) sum((part - mean(part))^2), 0)
  )
}

#' Slopes of many sets of data, each with the breaks that fit it best, with their standard errors and forecasts.
#'
#' @param values Matrix with a row per year, a column per set of data.
#' @param errors What `search_errors` returns.
#' @param at Years to come.
#' @return List of matrices with a column per set of data: `slopes`, `slope_errors`, `forecasts`, `forecast_errors`.
refit <- function(search, values, errors, at = numeric()) {
  time <- search$time
  best <- max.col(-t(errors), ties.method = "first")
  n_breaks <- ncol(search$candidates)
  size <- sqrt(pmax(0, errors[cbind(best, seq_along(best))]) / (length(time) - 2 - 2 * n_breaks))
  blank <- function(n) matrix(NA_real_, n, ncol(values))
  found <- list(
    slopes = blank(n_breaks + 1), slope_errors = blank(n_breaks + 1), forecasts = blank(length(at)),
    forecast_errors = blank(length(at))
  )
  for (candidate in unique(best)) {
    own <- which(best == candidate)
    breaks <- search$candidates[candidate, ]
    knots <- c(time[1], breaks, time[length(time)])
    curve <- qr.coef(qr(interpolation(time, knots)), values[, own, drop = FALSE])
    spread <- segment_spread(time, breaks)
    last <- lapply(spread, utils::tail, 1)
    found$slopes[, own] <- diff(curve) / diff(knots)
    found$slope_errors[, own] <- outer(1 / sqrt(spread$squares), size[own])
    found$forecasts[, own] <- interpolation(at, knots) %*% curve
    found$forecast_errors[, own] <- outer(forecast_reach(last, at), size[own])
  }
  found
}

#' Error of a forecast over that of one year, by the line through the last segment's years.
forecast_reach <- function(last, at) sqrt(1 + 1 / last$n + (at - last$center)^2 / last$squares)

#' Quantiles that replace those of F and t, from simulations with errors as observed.
#'
#' @param curve Fitted values, on the scale of the fit.
#' @param breaks Its breaks, rising; none for some forms.
#' @param slopes Its slopes, one per segment.
#' @param errors What `observed_errors` returns.
#' @param at Years to come.
#' @param ahead Values of the curve in these years, on the scale of the fit.
#' @return List of `breaks`, for each break the limit of the F statistic, and `slopes` and `forecasts`, for each how
#'   many standard errors an interval reaches.
simulated_quantiles <- function(time, curve, breaks, slopes, errors, per_segment, draws, at = numeric(),
                                ahead = numeric(), level = 0.95) {
  n_breaks <- length(breaks)
  grid <- search_grid(time, per_segment, breaks, break_standard_errors(time, breaks, slopes, errors$size))
  search <- break_search(time, grid, n_breaks, per_segment)
  errors_to <- draw_errors(errors, draws, max(at - time[length(time)], 0))
  past <- curve + errors_to[seq_along(time), , drop = FALSE]
  squares <- search_errors(search, past)
  again <- refit(search, past, squares, at)
  upper <- function(statistics) apply(statistics, 1, stats::quantile, probs = level, names = FALSE, na.rm = TRUE)
  to_come <- ahead + errors_to[length(time) + at - time[length(time)], , drop = FALSE]
  list(
    breaks = vapply(seq_len(n_breaks), function(index) {
      held <- squares[search$candidates[, index] == breaks[index], , drop = FALSE]
      stats::quantile(f_statistic(held, squares, length(time), n_breaks), level, names = FALSE, na.rm = TRUE)
    }, 0),
    slopes = upper(abs(again$slopes - slopes) / again$slope_errors),
    forecasts = if (length(at)) upper(abs(to_come - again$forecasts) / again$forecast_errors) else numeric()
  )
}

#' Standard errors of breaks: of where the lines through the years of two segments meet.
break_standard_errors <- function(time, breaks, slopes, size) {
  spread <- segment_spread(time, breaks)
  vapply(seq_along(breaks), function(index) {
    sides <- index + 0:1
    reach <- sum(1 / spread$n[sides] + (breaks[index] - spread$center[sides])^2 / pmax(spread$squares[sides], 0.5))
    sqrt(mean(size^2) * reach) / abs(diff(slopes)[index])
  }, 0)
}

#' Breaks to try: a grid over what the years allow, and closer places about the fitted ones, which are among them.
#'
#' Without these, the least errors of simulated data would be missed where a break is surer than a step of the grid.
#'
#' @param errors Standard errors of the breaks.
search_grid <- function(time, per_segment, breaks, errors) {
  allowed <- time[c(per_segment, length(time) - per_segment + 1)]
  near <- unlist(Map(function(at, error) at + error * seq(-3, 3, 0.5), breaks, errors))
  near <- near[is.finite(near) & near > allowed[1] & near < allowed[2]]
  sort(unique(c(seq(allowed[1], allowed[2], by = search_step), near, breaks)))
}

#' F statistic of a break held where it is, for each set of data.
#'
#' @param held Sums of squared errors of the candidates with this break.
#' @param squares Those of all candidates.
f_statistic <- function(held, squares, n, n_breaks) {
  least <- apply(squares, 2, min)
  (apply(held, 2, min) - least) / (least / (n - 2 - 2 * n_breaks))
}
