# Curves of models on a fine grid that holds their breaks, for figures; and the same model fitted to ever fewer years.

point_step <- 0.1 # years between the points of a curve

#' A model's curve on a fine grid, so that it bends where its breaks are and nowhere else.
#'
#' @param fits What `growth_fits` returns.
#' @param years Data frame with `year` that they were fitted to.
#' @param fixed_break First year of the second of two separate lines; nothing lies between the two.
#' @return Data frame with `model`, `time` (years, with their parts) and `fitted`.
curve_points <- function(fits, years, fixed_break) {
  fitted <- Filter(function(fit) is.null(fit$failed), fits)
  if (length(fitted) == 0) {
    return(NULL)
  }
  grid <- round(seq(min(years$year), max(years$year), by = point_step), 1)
  parts <- Map(function(fit, model) {
    breaks <- fit$estimates$estimate[fit$estimates$unit == "year"]
    time <- sort(unique(c(grid, breaks)))
    if (endsWith(model, "two_lines")) time <- time[time <= fixed_break - 1 | time >= fixed_break]
    data.frame(model = model, time = time, fitted = stable(fit$fitted(time)))
  }, fitted, names(fitted))
  do.call(rbind, unname(parts))
}

#' Curves of several series in one table.
#'
#' @param series Named list by what grows (`reports`, `per_1000`): each a list of `years` and `fits`.
#' @return The table `growth_points`.
growth_points <- function(series, fixed_break) {
  units <- c(reports = "count", per_1000 = "per_1000")
  parts <- Map(function(part, what) {
    points <- curve_points(part$fits, part$years, fixed_break)
    if (is.null(points)) NULL else cbind(grows = what, points, unit = units[[what]])
  }, series, names(series))
  do.call(rbind, unname(parts))
}

#' The line with one break, fitted again as it would have been in earlier years.
#'
#' @param n How many last years are fitted up to.
#' @return The table `growth_refits`: `last_year` and what `growth_row` has of the break.
growth_refits <- function(years, per_segment, simulation, n = 5) {
  form <- growth_forms(NA)$broken_line
  rows <- lapply(utils::tail(years$year, n), function(last) {
    own <- years[years$year <= last, ]
    fit <- try_model(fit_simulated(own, form, per_segment, simulation, "broken_line"))
    row <- if (is.null(fit$failed)) {
      fit$estimates[fit$estimates$parameter == "break_year", ]
    } else {
      growth_row("broken_line", "break_year", NA_real_, "year", nrow(own), "none", status = "not_estimable",
        note = fit$failed
      )
    }
    cbind(last_year = last, row)
  })
  do.call(rbind, rows)
}

#' Numbers that prose prints of the refits: the first and the last of them, and how far the break moves.
#'
#' @param refits Table `growth_refits`.
refit_numbers <- function(refits) {
  made <- refits[!is.na(refits$estimate), ]
  if (nrow(made) == 0) {
    return(NULL)
  }
  row <- function(parameter, value, rows) number_row("refits", parameter, value, "year", "growth_refits", rows)
  rbind(
    row("earliest_break", min(made$estimate), "earliest break"),
    row("latest_break", max(made$estimate), "latest break"),
    number_row("refits", "n_refits", nrow(made), "count", "growth_refits", "fits to ever fewer years")
  )
}
