# Forecasts that the models would have made: fitted to the years up to an origin, compared with what came.

#' Forecasts without a model: the last year again, the last year and the mean step or the mean growth of the past.
#'
#' @param years Data frame with `year` and `rate`, ordered by year.
#' @return Named list of functions from horizons, in years, to forecasts.
naive_forecasts <- function(years) {
  n <- nrow(years)
  last <- years$rate[n]
  span <- years$year[n] - years$year[1]
  list(
    naive = function(horizon) rep(last, length(horizon)),
    naive_drift = function(horizon) last + horizon * (last - years$rate[1]) / span,
    naive_growth = function(horizon) last * (last / years$rate[1])^(horizon / span)
  )
}

#' All models fitted to the years up to an origin.
#'
#' @return Named list of functions from horizons to forecasts; NULL for a model that these years can't carry.
models_at <- function(years, forms, per_segment) {
  origin <- max(years$year)
  forecaster <- function(fit) if (is.null(fit$failed)) function(horizon) fit$fitted(origin + horizon)
  fits <- c(
    lapply(forms, function(form) try_model(fit_least_squares(years, form, per_segment))),
    stats::setNames(
      lapply(forms, function(form) try_model(fit_nb(years, form, per_segment))), paste0("nb_", names(forms))
    )
  )
  c(naive_forecasts(years), lapply(fits, forecaster))
}

#' Forecasts from rolling origins.
#'
#' @param years Data frame with `year` and `reports`.
#' @param forms What `growth_forms` returns.
#' @param first_year The first year that is forecast; the last is the last observed.
#' @param horizons How many years ahead.
#' @return Data frame with `model`, `origin`, `horizon`, `year`, `forecast` (missing where the years up to the origin
#'   can't carry the model), `actual`, and `log_error`, the logarithm of forecast over actual (missing where the
#'   forecast isn't above zero), with `status`.
rolling_forecasts <- function(years, forms, first_year, horizons, per_segment) {
  years <- with_rates(years)
  targets <- expand.grid(year = years$year[years$year >= first_year], horizon = horizons)
  targets$origin <- targets$year - targets$horizon
  targets <- targets[targets$origin %in% years$year, ]
  rows <- lapply(sort(unique(targets$origin)), function(origin) {
    asked <- targets[targets$origin == origin, ]
    forecasters <- models_at(years[years$year <= origin, ], forms, per_segment)
    do.call(rbind, lapply(names(forecasters), function(model) {
      forecaster <- forecasters[[model]]
      forecast <- if (is.null(forecaster)) rep(NA_real_, nrow(asked)) else forecaster(asked$horizon)
      actual <- years$rate[match(asked$year, years$year)]
      data.frame(
        model = model, origin = origin, horizon = asked$horizon, year = asked$year, forecast = forecast, actual = actual
      )
    }))
  })
  found <- stable_forecasts(do.call(rbind, rows))
  found[order(match(found$model, unique(found$model)), found$horizon, found$origin), ]
}

#' Add the errors of forecasts, on the scale of logarithms, and what became of each.
stable_forecasts <- function(forecasts) {
  forecasts$forecast <- stable(forecasts$forecast)
  is_possible <- !is.na(forecasts$forecast) & forecasts$forecast > 0
  forecasts$log_error <- NA_real_
  forecasts$log_error[is_possible] <- stable(log(forecasts$forecast[is_possible] / forecasts$actual[is_possible]))
  forecasts$status <- ifelse(
    is.na(forecasts$forecast), "not_estimable", ifelse(is_possible, "estimated", "fails_check")
  )
  forecasts
}

#' How far off forecasts were, for one model and horizon.
#'
#' @param forecasts Rows of `rolling_forecasts` for one model and horizon.
#' @param naive Those of the naive forecast for the same horizon.
#' @return List of `median_absolute_percentage_error` (as a share), `mean_absolute_log_error`, `ratio_to_naive` (of
#'   mean absolute logarithmic errors, over the same years), `n`.
forecast_errors <- function(forecasts, naive) {
  made <- forecasts[!is.na(forecasts$log_error), ]
  same <- naive[match(made$year, naive$year), ]
  size <- mean(abs(made$log_error))
  list(
    median_absolute_percentage_error = stats::median(abs(made$forecast / made$actual - 1)),
    mean_absolute_log_error = size, ratio_to_naive = size / mean(abs(same$log_error)), n = nrow(made)
  )
}

#' What a reader must know of a model's forecasts.
#'
#' @param own Rows of `rolling_forecasts` for one model and horizon.
#' @param has_hindsight Whether the model was chosen with the years that it forecasts in sight.
forecast_note <- function(own, has_hindsight) {
  missing <- sum(is.na(own$log_error))
  parts <- c(
    if (has_hindsight) "No true forecast: the break was fixed with the later years in sight.",
    if (missing > 0) {
      sprintf(
        "None for %s of %s years: the model cannot be fitted so early, or falls below zero.",
        number_word(missing), number_word(nrow(own))
      )
    },
    "Forecasts share years and are not independent, so there is no interval."
  )
  paste(parts, collapse = " ")
}

#' Rows of results: how far off each model's forecasts were, by horizon.
#'
#' @param forecasts What `rolling_forecasts` returns.
#' @param hindsight Models that were chosen with the years that they forecast in sight.
forecast_rows <- function(forecasts, hindsight) {
  units <- c(
    median_absolute_percentage_error = "share", mean_absolute_log_error = "log_reports", ratio_to_naive = "ratio"
  )
  series <- unique(forecasts[c("model", "horizon")])
  rows <- Map(function(model, horizon) {
    own <- forecasts[forecasts$model == model & forecasts$horizon == horizon, ]
    errors <- forecast_errors(own, forecasts[forecasts$model == "naive" & forecasts$horizon == horizon, ])
    status <- if (errors$n == 0) "not_estimable" else if (model %in% hindsight) "fails_check" else "estimated"
    do.call(rbind, lapply(names(units), function(parameter) {
      result_row(
        "How far off would the models' forecasts have been?", parameter,
        if (errors$n > 0) errors[[parameter]] else NA_real_, units[[parameter]], errors$n, "forecast of a year",
        "model fitted to the years up to each origin; ratio to the forecast that repeats the last year",
        subset = sprintf("%s, horizon %d", model, horizon), status = status,
        note = forecast_note(own, model %in% hindsight)
      )
    }))
  }, series$model, series$horizon)
  do.call(rbind, unname(rows))
}

#' Models whose break was fixed beforehand: those of the forms with a jump.
hindsight_models <- function(forms) {
  names <- names(forms)[!vapply(forms, function(form) is.na(form$jump), NA)]
  c(names, paste0("nb_", names))
}
