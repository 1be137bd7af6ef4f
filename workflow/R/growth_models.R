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
  slope_ends(slopes$slopes, quantile * sqrt(diag(variance)))
}

#' Slopes, each with the ends of its interval.
#'
#' @param reach How far an interval reaches to either side of each slope; missing where there is none.
slope_ends <- function(slopes, reach) data.frame(slope = slopes, low = slopes - reach, high = slopes + reach)

#' Rows for slopes: reports more per year, or yearly growth on the scale of logarithms.
#'
#' @param interval_method How the intervals of slopes were made.
slope_rows <- function(model, form, slopes, n, method, interval_method) {
  sides <- list("", c("_before", "_after"), c("_before", "_between", "_after"))[[nrow(slopes)]]
  notes <- ifelse(
    is.na(slopes$low), "The years of the segment are too few, or hang too much on its breaks, for an interval.",
    NA_character_
  )
  if (!form$is_log) {
    rows <- lapply(seq_along(sides), function(side) {
      found <- unlist(slopes[side, ])
      growth_row(
        model, paste0("slope", sides[side]), found[[1]], "count", n, method, unname(found[2:3]), interval_method,
        note = notes[side]
      )
    })
    return(do.call(rbind, rows))
  }
  rows <- lapply(seq_along(sides), function(side) {
    found <- exp(unlist(slopes[side, ])) - 1
    growth_row(
      model, paste0("yearly_growth", sides[side]), found[[1]], "share", n, method, unname(found[2:3]), interval_method,
      note = notes[side]
    )
  })
  if (nrow(slopes) == 1) {
    found <- log(2) / unlist(slopes)
    # a rate whose interval holds zero has no longest doubling time
    interval <- if (isTRUE(slopes$low > 0)) unname(found[3:2]) else c(NA_real_, NA_real_)
    rows <- c(rows, list(
      growth_row(model, "doubling_time", found[[1]], "years", n, method, interval, interval_method)
    ))
  }
  do.call(rbind, rows)
}

#' Rows for breaks; an end of an interval that the years don't bound is missing and said.
#'
#' @param ends List of `low`, `high` and `pieces`, for each break; NULL where no interval was sought.
#' @param interval_method How the intervals of breaks were made.
break_rows <- function(model, breaks, ends, n, method, interval_method) {
  names <- if (length(breaks) == 1) "break_year" else paste0("break_year_", seq_along(breaks))
  do.call(rbind, lapply(seq_along(breaks), function(index) {
    if (is.null(ends)) {
      return(growth_row(model, names[index], breaks[index], "year", n, method))
    }
    interval <- c(ends$low[index], ends$high[index])
    open <- c("below", "above")[is.na(interval)]
    notes <- c(
      if (length(open)) sprintf("The years do not bound it from %s.", paste(open, collapse = " or ")),
      if (ends$pieces[index] > 1) {
        sprintf("The interval spans %s pieces; the years between them fit worse.", number_word(ends$pieces[index]))
      }
    )
    growth_row(
      model, names[index], breaks[index], "year", n, method, interval, interval_method,
      note = if (length(notes)) paste(notes, collapse = " ") else NA_character_
    )
  }))
}

#' A form by least squares, with the breaks that least squares choose; what forecasts are made with.
#'
#' @return List of `fitted`, `residuals`, `place`, `values` at the knots, and `found`, what `least_squares_breaks`
#'   returns where there are breaks.
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
    # on the scale of the fit, which is what intervals rest on
    residuals = line$residuals, place = place, values = values, found = found
  )
}

#' A form without a jump by least squares, with intervals that reckon with errors as observed.
#'
#' @param simulation List of `draws` and `seed`.
#' @param model Its name, as in the table of models.
#' @param at Years to come, for which intervals of forecasts are asked.
#' @return What `fit_least_squares` returns, with `estimates` and, where asked, `predictions`, a data frame of `low` and
#'   `high`.
fit_simulated <- function(years, form, per_segment, simulation, model, at = numeric()) {
  years <- with_rates(years)
  fit <- fit_least_squares(years, form, per_segment)
  quantiles <- fit_quantiles(fit, form, years, per_segment, simulation, at)
  spread <- segment_spread(years$year, fit$found$breaks)
  if (any(spread$squares == 0)) stop("The years don't tell the slopes and the breaks apart.", call. = FALSE)
  size <- sqrt(sum(fit$residuals^2) / (nrow(years) - 2 - 2 * form$n_breaks))
  reach <- quantiles$slopes * size / sqrt(spread$squares)
  # two years fix a line of their own, and the slope between two breaks hangs on where these lie: simulated intervals
  # of such slopes don't hold
  reach[spread$n < 3] <- NA
  if (form$n_breaks == 2) reach[2] <- NA
  fit$estimates <- simulated_rows(fit, form, nrow(years), quantiles, reach, model)
  if (length(at)) {
    center <- drop(form_weights(form, at, fit$place$knots) %*% fit$values)
    ends <- outer(size * quantiles$forecasts * forecast_reach(lapply(spread, utils::tail, 1), at), c(-1, 1)) + center
    if (form$is_log) ends <- exp(ends)
    fit$predictions <- data.frame(low = ends[, 1], high = ends[, 2])
  }
  fit$is_iterated <- form$is_log && form$n_breaks > 0
  fit
}

#' Rows of a form by least squares.
#'
#' @param quantiles What `simulated_quantiles` returns.
#' @param reach How far the intervals of slopes reach; missing where there is none.
simulated_rows <- function(fit, form, n, quantiles, reach, model) {
  method <- paste0(
    if (form$is_log) "least squares on logarithms" else "least squares",
    if (form$n_breaks > 0) ", continuous with estimated breaks",
    "; intervals simulated with errors as observed"
  )
  slopes <- slope_ends(form_slopes(form, fit$place, fit$values)$slopes, reach)
  rbind(
    if (form$n_breaks > 0) {
      ends <- break_intervals(fit$found, quantiles$breaks)
      break_rows(model, fit$found$breaks, ends, n, method, paste0("growth_break_", model))
    },
    slope_rows(model, form, slopes, n, method, paste0("growth_slope_", model))
  )
}

#' The method of an interval by least squares, where it is one of rates per identity.
method_of_rates <- function(interval_method) {
  sub("^growth_(break|slope)_(.*(line|lines|breaks|exponential))$", "growth_rates_\\1", interval_method)
}

#' Quantiles for the intervals of a fit without a jump, from simulations with errors as observed.
#'
#' @param at Years to come, for which an interval of a forecast is asked.
fit_quantiles <- function(fit, form, years, per_segment, simulation, at = numeric()) {
  time <- years$year
  errors <- observed_errors(fit$residuals, curve_jacobian(form, time, fit$place, fit$values), correlation_reach)
  curve <- function(when) drop(form_weights(form, when, fit$place$knots) %*% fit$values)
  with_seed(simulation$seed, simulated_quantiles(
    time, curve(time), as.numeric(fit$found$breaks), form_slopes(form, fit$place, fit$values)$slopes, errors,
    per_segment, simulation$draws, at, curve(at)
  ))
}

#' A form by the negative binomial likelihood, whose intervals take the errors for independent.
#'
#' @param is_profiled Whether breaks have intervals; a profile is dear.
fit_likelihood <- function(years, form, per_segment, model, is_profiled = TRUE) {
  n <- nrow(years)
  fit <- fit_nb(years, form, per_segment)
  method <- "negative binomial likelihood, intervals of breaks by its profile, of slopes by its curvature"
  slopes <- likelihood_slopes(years, form, fit)
  parts <- lapply(seq_len(if (is_profiled) form$n_breaks else 0), function(index) {
    nb_break_interval(years, form, per_segment, fit, index)
  })
  part <- function(name) vapply(parts, function(one) one[[name]], 0)
  ends <- if (is_profiled) list(low = part("low"), high = part("high"), pieces = part("pieces"))
  fit$is_iterated <- TRUE
  fit$estimates <- rbind(
    if (form$n_breaks > 0) break_rows(model, fit$breaks, ends, n, method, "growth_break_profile"),
    slope_rows(model, form, slopes, n, method, "growth_slope_curvature"),
    growth_row(model, "dispersion", fit$dispersion, "statistic", n, method)
  )
  fit
}

#' Slopes by a likelihood, with the intervals that its curvature gives.
#'
#' @param fit What `fit_nb` returns.
likelihood_slopes <- function(years, form, fit) {
  weights <- fit$steepness^2 / (fit$mu + fit$mu^2 / fit$dispersion)
  slope_intervals(form, years$year, fit$place, fit$values, weights, stats::qnorm(0.975))
}
