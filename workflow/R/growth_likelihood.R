# Forms of growth fitted by one likelihood, the negative binomial one, so that they can be compared.
#
# The variance of a count with mean m is m + m^2 / dispersion: late years may err by more reports than early ones, by
# about the same factor. MASS::glm.nb fits the same likelihood, but knows no breaks and stops where a line passes zero.

profile_step <- 0.1 # years between the breaks at which a profile of the likelihood is taken

#' Minus the log likelihood of a form, and its gradient.
#'
#' @param years Data frame with `year`, `reports` (count) and `exposure` (what a rate is per; 1 for the counts).
#' @return List of functions of the parameters: logarithms of the rates at the knots, breaks, logarithm of dispersion.
nb_objective <- function(years, form, per_segment) {
  n_breaks <- form$n_breaks
  last <- list()
  # value and gradient are asked for at the same parameters, one after the other
  unpack <- function(parameters) {
    if (!identical(parameters, last$parameters)) last <<- list(parameters = parameters, at = unpacked(parameters))
    last$at
  }
  unpacked <- function(parameters) {
    n_values <- length(parameters) - n_breaks - 1
    logs <- parameters[seq_len(n_values)]
    breaks <- parameters[n_values + seq_len(n_breaks)]
    if (n_breaks > 0 && !breaks_fit(years$year, breaks, per_segment)) {
      return(NULL)
    }
    place <- form_knots(form, years$year, breaks)
    values <- if (form$is_log) logs else exp(logs)
    weights <- form_weights(form, years$year, place$knots)
    curve <- drop(weights %*% values)
    rate <- if (form$is_log) exp(curve) else curve
    list(
      place = place, weights = weights, values = values, mu = years$exposure * rate,
      dispersion = exp(parameters[length(parameters)]),
      # of the mean by the curve
      steepness = years$exposure * if (form$is_log) rate else 1
    )
  }
  allowed <- years$year[c(per_segment, nrow(years) - per_segment + 1)]
  bound <- function(end, free) {
    function(parameters) {
      breaks <- length(parameters) - n_breaks - 1 + seq_len(n_breaks)
      replace(rep(free, length(parameters)), breaks, end)
    }
  }
  list(
    unpack = unpack, lower = bound(allowed[1], -Inf), upper = bound(allowed[2], Inf),
    value = function(parameters) {
      at <- unpack(parameters)
      if (is.null(at)) Inf else -sum(stats::dnbinom(years$reports, size = at$dispersion, mu = at$mu, log = TRUE))
    },
    gradient = function(parameters) {
      at <- unpack(parameters)
      # asked for where a step went too far; the step is taken back, so nothing rests on it
      if (is.null(at)) {
        return(numeric(length(parameters)))
      }
      joint <- (years$reports + at$dispersion) / (at$mu + at$dispersion)
      by_curve <- (years$reports / at$mu - joint) * at$steepness
      along <- drop(by_curve %*% curve_jacobian(form, years$year, at$place, at$values, at$weights))
      values <- seq_along(at$values)
      if (!form$is_log) along[values] <- along[values] * at$values
      theta <- at$dispersion
      by_theta <- digamma(years$reports + theta) - digamma(theta) + log(theta) + 1 - log(at$mu + theta) - joint
      -c(along, theta * sum(by_theta))
    }
  )
}

#' Parameters to start from: breaks on a grid of years, the best of them by squared relative errors.
#'
#' @param fixed Breaks that are given, by their place; missing ones are tried.
#' @return List of vectors, best first.
nb_starts <- function(years, form, per_segment, n_starts, fixed = rep(NA_real_, form$n_breaks)) {
  rate <- years$reports / years$exposure
  inner <- years$year[seq(per_segment, length(rate) - per_segment + 1)]
  choices <- lapply(fixed, function(value) if (is.na(value)) inner + 0.25 else value)
  tried <- if (form$n_breaks == 0) matrix(0, 1, 0) else as.matrix(expand.grid(choices))
  tried <- lapply(seq_len(nrow(tried)), function(index) unname(tried[index, ]))
  if (form$n_breaks > 0) tried <- Filter(function(breaks) breaks_fit(years$year, breaks, per_segment), tried)
  starts <- lapply(tried, function(breaks) {
    knots <- form_knots(form, years$year, breaks)$knots
    weights <- form_weights(form, years$year, knots)
    scale <- if (form$is_log) 1 else 1 / rate
    line <- stats::.lm.fit(weights * scale, if (form$is_log) log(rate) else rep(1, length(rate)))
    # a line through zero has no logarithm: start low instead
    values <- if (form$is_log) line$coefficients else log(pmax(line$coefficients, min(rate) / 2))
    list(errors = sum(line$residuals^2), at = c(values, breaks, 0))
  })
  ranked <- starts[order(vapply(starts, function(start) start$errors, 0))]
  lapply(utils::head(ranked, n_starts), function(start) start$at)
}

#' The largest likelihood from several starts, with some parameters held where they are.
#'
#' @param held Which parameters stay.
nb_maximize <- function(objective, starts, held = integer()) {
  best <- list(objective = Inf)
  for (start in starts) {
    free <- setdiff(seq_along(start), held)
    full <- function(moved) replace(start, free, moved)
    # the climb can end beyond where breaks are too near each other; the best point on the way is kept
    value <- function(moved) {
      reached <- objective$value(full(moved))
      if (reached < best$objective) best <<- list(objective = reached, at = full(moved))
      reached
    }
    stats::nlminb(
      start[free], value, function(moved) objective$gradient(full(moved))[free],
      lower = objective$lower(start)[free], upper = objective$upper(start)[free],
      control = list(iter.max = 300, eval.max = 500, rel.tol = 1e-11)
    )
  }
  best
}

#' Fit a form by the negative binomial likelihood.
#'
#' @param n_starts From how many starts the likelihood is climbed.
#' @return List of `loglik`, `n_parameters` (values at knots, breaks and the dispersion; a break fixed beforehand counts
#'   too, for it was chosen with the years in sight), `breaks`, `dispersion`, `fitted`, a function from years to
#'   rates, `residuals` (Pearson's), `place`, `values`, `mu`, and what a profile needs.
fit_nb <- function(years, form, per_segment, n_starts = 6) {
  objective <- nb_objective(years, form, per_segment)
  starts <- nb_starts(years, form, per_segment, n_starts)
  best <- nb_maximize(objective, starts)
  if (!is.finite(best$objective)) stop("The years are too few for the breaks.", call. = FALSE)
  at <- objective$unpack(best$at)
  n_values <- length(at$values)
  list(
    loglik = -best$objective, n_parameters = length(best$at) + !is.na(form$jump), has_jump = !is.na(form$jump),
    breaks = best$at[n_values + seq_len(form$n_breaks)], dispersion = at$dispersion, place = at$place,
    values = at$values, mu = at$mu, steepness = at$steepness, at = best$at, objective = objective,
    fitted = function(when) {
      curve <- drop(form_weights(form, when, at$place$knots) %*% at$values)
      if (form$is_log) exp(curve) else curve
    },
    residuals = (years$reports - at$mu) / sqrt(at$mu + at$mu^2 / at$dispersion)
  )
}

#' How much likelihood is lost where a break is held: twice the fall of its logarithm, on a fine grid.
#'
#' The likelihood has a kink at each year and often several peaks, so the grid is fine, and each place is climbed to
#' from its neighbor's best point as well as from a start of its own.
#'
#' @param fit What `fit_nb` returns.
#' @param index Which break.
#' @return Data frame with `at` and `lost`, infinite where the break doesn't fit; the best break is among them.
nb_profile <- function(years, form, per_segment, fit, index) {
  place <- length(fit$values) + index
  fixed <- function(value) replace(rep(NA_real_, form$n_breaks), index, value)
  allowed <- years$year[c(per_segment, nrow(years) - per_segment + 1)]
  grid <- sort(unique(c(seq(allowed[1], allowed[2], by = profile_step), fit$breaks[index])))
  last <- NULL
  lost <- vapply(grid, function(value) {
    starts <- c(
      nb_starts(years, form, per_segment, 1, fixed(value)),
      # with another break that is free, the nearest rise need not be the highest
      Filter(function(start) {
        form$n_breaks > 1 && breaks_fit(years$year, start[length(fit$values) + seq_len(form$n_breaks)], per_segment)
      }, lapply(Filter(length, list(last)), function(start) replace(start, place, value)))
    )
    best <- nb_maximize(fit$objective, starts, held = place)
    last <<- best$at
    2 * (best$objective + fit$loglik)
  }, 0)
  data.frame(at = grid, lost = lost)
}

#' Interval of a break from the profile of the likelihood.
#'
#' @param limit How much likelihood a break may lose to lie within.
#' @return What `inside_limit` returns.
nb_break_interval <- function(years, form, per_segment, fit, index, limit = stats::qchisq(0.95, 1)) {
  profile <- nb_profile(years, form, per_segment, fit, index)
  inside_limit(profile$at, profile$lost, limit)
}
