# What the models forecast for the years after a break, made at the last year before it, and what came.
#
# What came is counted twice: in reports, which mean something else from the break on, and in incidents as far as the
# clearinghouse states them, which are taken for what one report held before. So a forecast over reports is a forecast
# over incidents, the model's error, times incidents over reports, the change of the unit.

#' Prediction intervals of a form fitted by least squares, from simulations with errors as observed.
#'
#' Of two separate lines, the last one forecasts.
#'
#' @param years Data frame with `year` and `reports` that it is fitted to.
#' @param at Years to come.
#' @return Data frame with `low` and `high`; missing where the years can't carry them.
prediction_interval <- function(years, form, per_segment, simulation, at) {
  if (!is.na(form$jump)) {
    years <- years[years$year >= form$jump, ]
    form <- line_form
  }
  fit <- try_model(fit_simulated(years, form, per_segment, simulation, "forecast", at))
  if (is.null(fit$failed)) fit$predictions else data.frame(low = rep(NA_real_, length(at)), high = NA_real_)
}

#' Forecasts of all models for years to come, with intervals where least squares give them.
#'
#' @param years Data frame with `year` and `reports` that the models are fitted to.
#' @param at Years to come.
#' @param simulation List of `draws` and `seed`.
#' @return Data frame with `model`, `origin`, `year`, `forecast`, `low`, `high`, `interval_kind`, `interval_method`.
forecasts_at <- function(years, forms, at, per_segment, simulation) {
  years <- with_rates(years)
  origin <- max(years$year)
  forecasters <- models_at(years, forms, per_segment)
  made <- do.call(rbind, lapply(names(forecasters), function(model) {
    forecaster <- forecasters[[model]]
    ends <- data.frame(low = rep(NA_real_, length(at)), high = NA_real_)
    if (model %in% names(forms) && !is.null(forecaster)) {
      ends <- prediction_interval(years, forms[[model]], per_segment, simulation, at)
    }
    forecast <- if (is.null(forecaster)) rep(NA_real_, length(at)) else forecaster(at - origin)
    data.frame(model = model, origin = origin, year = at, forecast = forecast, ends)
  }))
  made$interval_kind <- ifelse(is.na(made$low), NA_character_, "prediction")
  made$interval_method <- ifelse(is.na(made$low), NA_character_, paste0("growth_forecast_", made$model))
  made
}

#' What came in the years after an origin, in reports and in incidents.
#'
#' @param all_years Data frame with `year` and `reports`, all years.
#' @param incidents Table `incident_counts`.
#' @param breaks What `breaks_of` returns for the reports.
#' @return Data frame with `year`, `counted`, `observed`, `observed_low` and `observed_high`, the same unless rounded,
#'   and `is_other_unit`, whether it counts something else than the year of the origin.
came_after <- function(all_years, incidents, breaks, origin) {
  later <- all_years[all_years$year > origin, ]
  incidents <- incidents[incidents$year %in% later$year, ]
  rbind(
    data.frame(
      year = later$year, counted = rep("reports", nrow(later)), observed = later$reports, observed_low = later$reports,
      observed_high = later$reports, is_other_unit = segments(later$year, breaks) != segments(origin, breaks)
    ),
    data.frame(
      year = incidents$year, counted = rep("incidents", nrow(incidents)), observed = incidents$incidents,
      observed_low = incidents$low, observed_high = incidents$high, is_other_unit = rep(FALSE, nrow(incidents))
    )
  )
}

#' Forecasts made at the last year before a break, beside what came after it.
#'
#' A break that a form has fixed beforehand lies before the origin: unlike in `rolling_forecasts`, its forecasts are
#' true ones.
#'
#' @inheritParams came_after
#' @return The table `growth_outcomes`; no rows where no year came after the longest run.
growth_outcomes <- function(all_years, incidents, breaks, forms, per_segment, simulation) {
  fitted <- longest_run(all_years, breaks)
  came <- came_after(all_years, incidents, breaks, max(fitted$year))
  at <- sort(unique(came$year))
  made <- if (length(at)) forecasts_at(fitted, forms, at, per_segment, simulation) else no_forecasts()
  order_of <- unique(made$model)
  both <- merge(made, came, by = "year")
  both$ratio <- ifelse(!is.na(both$forecast) & both$forecast > 0, both$forecast / both$observed, NA_real_)
  both$status <- ifelse(
    is.na(both$forecast), "not_estimable", ifelse(is.na(both$ratio), "fails_check", "estimated")
  )
  both <- both[order(match(both$model, order_of), both$year, both$counted), ]
  is_estimate <- names(both) %in% c("forecast", "low", "high", "ratio")
  both[is_estimate] <- stable_table(both[is_estimate])
  both
}

no_forecasts <- function() {
  data.frame(
    model = character(), origin = integer(), year = integer(), forecast = numeric(), low = numeric(), high = numeric(),
    interval_kind = character(), interval_method = character()
  )
}

#' Numbers that prose prints of what came after the break: how many forecasts were too high, the least and the largest
#' error, and the change of the unit.
#'
#' @param outcomes Table `growth_outcomes`.
outcome_numbers <- function(outcomes) {
  made <- outcomes[!is.na(outcomes$ratio), ]
  parts <- split(made, paste(made$counted, made$year), drop = TRUE)
  rows <- lapply(parts, function(part) {
    subset <- sprintf("%s, %d", part$counted[1], part$year[1])
    which <- sprintf("%s of %d", part$counted[1], part$year[1])
    row <- function(parameter, value, unit, rows) number_row(subset, parameter, value, unit, "growth_outcomes", rows)
    rbind(
      row("n_forecasts", nrow(part), "count", sprintf("forecasts of the %s that are above zero", which)),
      row("n_above", sum(part$ratio > 1), "count", sprintf("forecasts above the %s", which)),
      row("least_ratio", min(part$ratio), "ratio", sprintf("least forecast over the %s", which)),
      row("largest_ratio", max(part$ratio), "ratio", sprintf("largest forecast over the %s", which)),
      row(
        "n_intervals_hold", sum(part$low <= part$observed & part$observed <= part$high, na.rm = TRUE), "count",
        sprintf("intervals that hold the %s", which)
      ),
      row("n_intervals", sum(!is.na(part$low)), "count", sprintf("forecasts of the %s with an interval", which))
    )
  })
  do.call(rbind, c(unname(rows), list(origin_number(outcomes), unit_numbers(outcomes))))
}

#' Row of numbers: the year that forecasts were made at.
origin_number <- function(outcomes) {
  if (nrow(outcomes)) {
    number_row("break", "origin", outcomes$origin[1], "year", "growth_outcomes", "last year before the break")
  }
}

#' Numbers on the change of the unit: incidents that one report holds, with bounds where incidents are rounded.
unit_numbers <- function(outcomes) {
  once <- unique(outcomes[c("year", "counted", "observed", "observed_low", "observed_high")])
  reports <- once[once$counted == "reports", ]
  incidents <- once[once$counted == "incidents", ]
  rows <- lapply(incidents$year, function(year) {
    own <- incidents[incidents$year == year, ]
    by <- reports$observed[reports$year == year]
    subset <- sprintf("unit, %d", year)
    which <- sprintf("incidents over reports of %d", year)
    rbind(
      number_row(subset, "incidents_per_report", own$observed / by, "ratio", "growth_outcomes", which),
      number_row(
        subset, "incidents_per_report_low", own$observed_low / by, "ratio", "growth_outcomes", paste(which, "at least")
      ),
      number_row(
        subset, "incidents_per_report_high", own$observed_high / by, "ratio", "growth_outcomes", paste(which, "at most")
      )
    )
  })
  do.call(rbind, rows)
}
