# What the models of growth with breaks, and those fitted by likelihood, estimate: rows of the table of models.

#' Slopes of a curve's segments with 95% intervals, the breaks' own errors included (delta method).
#'
#' @param weights How much each year says of the curve: one over the variance of its error.
#' @param quantile How many standard errors an interval reaches.
slope_intervals <- function(form, time, place, values, weights, quantile) {
  jacobian <- curve_jacobian(form, time, place, values)
  slopes <- form_slopes(form, place, values)
  information <- crossprod(jacobian * sqrt(weights))
  scale <- sqrt(diag(information))
  if (any(scale == 0) || rcond(information / outer(scale, scale)) < .Machine$double.eps) {
    stop("The years don't tell the slopes and the breaks apart.", call. = FALSE)
  }
  variance <- slopes$jacobian %*% (solve(information / outer(scale, scale), t(slopes$jacobian) / scale) / scale)
  reach <- quantile * sqrt(diag(variance))
  data.frame(slope = slopes$slopes, low = slopes$slopes - reach, high = slopes$slopes + reach)
}

#' Rows for slopes: reports more per year, or yearly growth on the scale of logarithms.
#'
#' @param interval_method How the intervals of slopes were made.
slope_rows <- function(model, form, slopes, n, method, interval_method) {
  sides <- list("", c("_before", "_after"), c("_before", "_between", "_after"))[[nrow(slopes)]]
  if (!form$is_log) {
    rows <- lapply(seq_along(sides), function(side) {
      found <- unlist(slopes[side, ])
      growth_row(model, paste0("slope", sides[side]), found[[1]], "count", n, method, unname(found[2:3]), interval_method)
    })
    return(do.call(rbind, rows))
  }
  rows <- lapply(seq_along(sides), function(side) {
    found <- exp(unlist(slopes[side, ])) - 1
    growth_row(
      model, paste0("yearly_growth", sides[side]), found[[1]], "share", n, method, unname(found[2:3]), interval_method
    )
  })
  if (nrow(slopes) == 1) {
    found <- log(2) / unlist(slopes)
    # a rate whose interval holds zero has no longest doubling time
    interval <- if (slopes$low > 0) unname(found[3:2]) else c(NA_real_, NA_real_)
    rows <- c(rows, list(
      growth_row(model, "doubling_time", found[[1]], "years", n, method, interval, interval_method)
    ))
  }
  do.call(rbind, rows)
}

#' Rows for breaks; an end of an interval that the years don't bound is missing and said.
#'
#' @param interval_method How the intervals of breaks were made.
break_rows <- function(model, breaks, low, high, n, method, interval_method) {
  names <- if (length(breaks) == 1) "break_year" else paste0("break_year_", seq_along(breaks))
  do.call(rbind, lapply(seq_along(breaks), function(index) {
    open <- c("below", "above")[is.na(c(low[index], high[index]))]
    note <- sprintf("The years don't bound it from %s.", paste(open, collapse = " or "))
    if (length(open) == 0) note <- NA_character_
    ends <- c(low[index], high[index])
    growth_row(model, names[index], breaks[index], "year", n, method, ends, interval_method, note = note)
  }))
}

#' A form by least squares, with the breaks that least squares choose; what forecasts are made with.
#'
#' @return List of `fitted`, `residuals`, `place`, `values`, and `breaks` with their intervals where there are any.
fit_least_squares <- function(years, form, per_segment) {
  years <- with_rates(years)
  value <- if (form$is_log) log(years$rate) else years$rate
  found <- if (form$n_breaks > 0) least_squares_breaks(years$year, value, form$n_breaks, per_segment)
  place <- form_knots(form, years$year, found$breaks)
  line <- stats::.lm.fit(form_weights(form, years$year, place$knots), value)
  values <- line$coefficients
  list(
    fitted = function(at) {
      curve <- drop(form_weights(form, at, place$knots) %*% values)
      if (form$is_log) exp(curve) else curve
    },
    residuals = line$residuals, place = place, values = values, breaks = found
  )
}

#' Exponential growth whose rate changes at one or two years, by least squares on logarithms.
fit_log_breaks <- function(years, form, per_segment, model) {
  n <- nrow(years)
  fit <- fit_least_squares(years, form, per_segment)
  n_free <- n - 2 - 2 * form$n_breaks
  weights <- rep(n_free / sum(fit$residuals^2), n)
  slopes <- slope_intervals(form, years$year, fit$place, fit$values, weights, stats::qt(0.975, n_free))
  method <- "least squares on logarithms, continuous with estimated breaks, intervals of breaks by the F test"
  fit$is_iterated <- TRUE
  fit$estimates <- rbind(
    break_rows(model, fit$breaks$breaks, fit$breaks$low, fit$breaks$high, n, method, "growth_break_f"),
    slope_rows(model, form, slopes, n, method, "growth_slope_delta")
  )
  fit
}

#' A form by the negative binomial likelihood.
fit_likelihood <- function(years, form, per_segment, model) {
  n <- nrow(years)
  fit <- fit_nb(years, form, per_segment)
  method <- "negative binomial likelihood, intervals of breaks by its profile, of slopes by its curvature"
  weights <- fit$steepness^2 / (fit$mu + fit$mu^2 / fit$dispersion)
  slopes <- slope_intervals(form, years$year, fit$place, fit$values, weights, stats::qnorm(0.975))
  ends <- vapply(seq_len(form$n_breaks), function(index) {
    nb_break_interval(years, form, per_segment, fit, index)
  }, numeric(2))
  fit$is_iterated <- TRUE
  fit$estimates <- rbind(
    if (form$n_breaks > 0) break_rows(model, fit$breaks, ends[1, ], ends[2, ], n, method, "growth_break_profile"),
    slope_rows(model, form, slopes, n, method, "growth_slope_curvature"),
    growth_row(model, "dispersion", fit$dispersion, "statistic", n, method)
  )
  fit
}
