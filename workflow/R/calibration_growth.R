# How often the intervals of models of growth hold, by simulation.
#
# A model's own fit is taken for the truth. Its errors are drawn as the method assumes, independent and of one size, or
# as the residuals show, correlated from year to year and of another size in the later half. Where a method serves
# several parameters or series, the one that it holds least often speaks for all.

#' Coverage of all intervals on growth.
#'
#' @param series Named list by what grows, in words: data frames with `year` and `reports`, and `exposure` for rates.
#' @param fixed_break,per_segment As for `growth_fits`.
#' @param draws Draws asked for. A draw is dear, since each has simulations of its own within: a tenth of them are made
#'   for least squares, a twentieth for the likelihood.
#' @param inner Simulations within each draw.
#' @return Rows as of `coverage_row`, two per method.
calibrate_growth <- function(series, fixed_break, per_segment, draws, seed, inner = 199) {
  held <- c(
    unlist(lapply(names(series), function(what) {
      held <- held_by_least_squares(
        with_rates(series[[what]]), what, fixed_break, per_segment, ceiling(draws / 10), seed, inner
      )
      if (what == names(series)[1]) held else lapply(held, held_of_rates)
    }), recursive = FALSE),
    held_by_likelihood(with_rates(series[[1]]), names(series)[1], fixed_break, per_segment, ceiling(draws / 20), seed)
  )
  frame <- do.call(rbind, held)
  parts <- split(frame, paste(frame$interval_method, frame$errors))
  do.call(rbind, unname(lapply(parts, function(part) least_held(part, seed))))
}

#' Of rates per identity, the intervals of all models have one method for breaks and one for slopes.
held_of_rates <- function(held) {
  held <- held[!startsWith(held$interval_method, "growth_forecast"), ]
  held$what <- sprintf("%s, %s", held$what, gsub("_", " ", sub("^growth_(break|slope)_", "", held$interval_method)))
  held$interval_method <- method_of_rates(held$interval_method)
  held
}

#' The row of the parameter that a method holds least often.
#'
#' @param part Data frame with `interval_method`, `errors`, `what`, `held` and `simulated`, for one method and errors.
least_held <- function(part, seed) {
  given <- part[!is.na(part$held), ]
  shares <- tapply(given$held, given$what, mean)
  least <- names(which.min(shares))
  own <- part[part$what == least, ]
  said <- if (length(shares) > 1) sprintf(" Of %d parameters, the one held least often: %s.", length(shares), least)
  coverage_row(part$interval_method[1], part$errors[1], own$held, seed, paste0(own$simulated[1], said))
}

#' The parts that least squares fit by themselves: a form and its years; the two lines are two.
least_squares_parts <- function(years, fixed_break) {
  forms <- growth_forms(fixed_break)
  part <- function(form, model, rows = TRUE, side = "") {
    list(form = form, model = model, years = years[rows, ], side = side)
  }
  continuous <- setdiff(names(forms), "two_lines")
  c(
    lapply(continuous, function(model) part(forms[[model]], model)),
    list(
      part(line_form, "two_lines", years$year < fixed_break, ", first line"),
      part(line_form, "two_lines", years$year >= fixed_break, ", second line")
    )
  )
}

#' Whether each interval by least squares holds, draw by draw.
#'
#' @return List of data frames with `interval_method`, `errors`, `what`, `held` and `simulated`.
held_by_least_squares <- function(years, what, fixed_break, per_segment, draws, seed, inner) {
  parts <- least_squares_parts(years, fixed_break)
  cases <- expand.grid(part = seq_along(parts), errors = c("as_assumed", "as_observed"), stringsAsFactors = FALSE)
  Map(function(index, errors) {
    part <- parts[[index]]
    truth <- growth_truth(part, errors)
    found <- with_seed(seed, lapply(seq_len(draws), function(draw) {
      held_in_draw(part, truth, per_segment, list(draws = inner, seed = seed + draw))
    }))
    found <- do.call(rbind, found)
    found$what <- sprintf("%s of %s%s", gsub("_", " ", found$what), what, part$side)
    cbind(errors = errors, found, simulated = truth$simulated)
  }, cases$part, cases$errors, USE.NAMES = FALSE)
}

#' What is true in the simulations of a part: its own fit, with errors of one kind.
growth_truth <- function(part, errors) {
  years <- part$years
  fit <- fit_least_squares(years, part$form, 2)
  jacobian <- curve_jacobian(part$form, years$year, fit$place, fit$values)
  drawn <- if (errors == "as_observed") {
    observed_errors(fit$residuals, jacobian)
  } else {
    list(correlation = 0, size = rep(sqrt(sum(fit$residuals^2) / (nrow(years) - ncol(jacobian))), nrow(years)))
  }
  slopes <- form_slopes(part$form, fit$place, fit$values)$slopes
  curve <- function(at) drop(form_weights(part$form, at, fit$place$knots) %*% fit$values)
  at <- max(years$year) + 1:2
  list(
    curve = curve(years$year), ahead = curve(at), at = at, errors = drawn, breaks = as.numeric(fit$found$breaks),
    slopes = if (part$form$is_log) exp(slopes) - 1 else slopes,
    simulated = paste(
      "Years drawn from the model's own fit on the scale of", if (part$form$is_log) "logarithms," else "counts,",
      errors_in_words(drawn)
    )
  )
}

#' Errors in words.
errors_in_words <- function(errors) {
  ratio <- errors$size[length(errors$size)] / errors$size[1]
  if (errors$correlation == 0 && ratio == 1) {
    return("with independent errors of one size.")
  }
  sprintf(
    "with errors that follow from year to year (correlation %.2f) and are %.2f times as large in the later half.",
    errors$correlation, ratio
  )
}

#' Whether the intervals of one draw hold.
held_in_draw <- function(part, truth, per_segment, simulation) {
  drawn <- draw_errors(truth$errors, 1, length(truth$at))[, 1]
  n <- length(truth$curve)
  value <- truth$curve + drawn[seq_len(n)]
  years <- data.frame(year = part$years$year, reports = if (part$form$is_log) exp(value) else value)
  fit <- try_model(fit_simulated(years, part$form, per_segment, simulation, part$model, truth$at))
  if (!is.null(fit$failed)) {
    return(NULL)
  }
  to_come <- truth$ahead + drawn[n + seq_along(truth$at)]
  if (part$form$is_log) to_come <- exp(to_come)
  breaks <- fit$estimates[fit$estimates$unit == "year", ]
  slopes <- fit$estimates[grepl("^slope|^yearly_growth", fit$estimates$parameter), ]
  held <- function(kind, rows, truth) {
    if (length(truth) == 0) {
      return(NULL)
    }
    names <- if (is.null(rows$parameter)) sprintf("forecast, %d ahead", seq_along(truth)) else rows$parameter
    # a break that the years bound from neither side may lie anywhere
    is_open <- kind == "break" & is.na(rows$low) & is.na(rows$high)
    data.frame(
      interval_method = sprintf("growth_%s_%s", kind, part$model), what = names,
      held = ifelse(is_open, TRUE, holds(rows$low, rows$high, truth))
    )
  }
  rbind(
    held("break", breaks, truth$breaks), held("slope", slopes, truth$slopes),
    if (part$side != ", first line") held("forecast", fit$predictions, to_come)
  )
}

#' Whether each interval by the likelihood holds, draw by draw: of a break, whether its true year is within the limit.
#'
#' The interval reaches over all years within the limit, so it holds at least as often.
held_by_likelihood <- function(years, what, fixed_break, per_segment, draws, seed) {
  forms <- growth_forms(fixed_break)
  cases <- expand.grid(form = names(forms), errors = c("as_assumed", "as_observed"), stringsAsFactors = FALSE)
  Map(function(name, errors) {
    form <- forms[[name]]
    fit <- fit_nb(years, form, per_segment)
    drawn <- likelihood_errors(years, form, fit, errors)
    found <- with_seed(seed, lapply(seq_len(draws), function(draw) {
      try_model(held_by_likelihood_once(years, form, fit, drawn, per_segment))
    }))
    found <- do.call(rbind, Filter(is.data.frame, found))
    found$what <- sprintf("%s of %s, %s", found$what, what, gsub("_", " ", name))
    cbind(
      errors = errors, found,
      simulated = paste("Counts drawn from the model's own fit, negative binomial,", errors_in_words(drawn))
    )
  }, cases$form, cases$errors, USE.NAMES = FALSE)
}

#' Errors over those of the likelihood: of size one and independent, or as residuals show.
likelihood_errors <- function(years, form, fit, errors) {
  if (errors == "as_assumed") {
    return(list(correlation = 0, size = rep(1, nrow(years))))
  }
  weights <- fit$steepness^2 / (fit$mu + fit$mu^2 / fit$dispersion)
  observed_errors(fit$residuals, curve_jacobian(form, years$year, fit$place, fit$values) * sqrt(weights))
}

#' Whether the intervals of one draw by the likelihood hold.
held_by_likelihood_once <- function(years, form, truth, errors, per_segment) {
  ranks <- stats::pnorm(draw_errors(errors, 1)[, 1] / errors$size)
  drawn <- stats::qnbinom(ranks, mu = truth$mu, size = truth$dispersion / errors$size^2)
  years$reports <- pmax(1, drawn)
  fit <- fit_nb(years, form, per_segment)
  slopes <- likelihood_slopes(years, form, fit)
  true_slopes <- form_slopes(form, truth$place, truth$values)$slopes
  place <- length(fit$values) + seq_len(form$n_breaks)
  lost <- vapply(seq_len(form$n_breaks), function(index) {
    fixed <- replace(rep(NA_real_, form$n_breaks), index, truth$breaks[index])
    starts <- nb_starts(years, form, per_segment, 3, fixed)
    2 * (nb_maximize(fit$objective, starts, held = place[index])$objective + fit$loglik)
  }, 0)
  data.frame(
    interval_method = rep(c("growth_slope_curvature", "growth_break_profile"), c(length(true_slopes), length(lost))),
    what = c(paste("slope", seq_along(true_slopes)), if (length(lost)) paste("break", seq_along(lost))),
    held = c(holds(slopes$low, slopes$high, true_slopes), lost <= stats::qchisq(0.95, 1))
  )
}
