# How reports to the CyberTipline grow: several models, each with what it estimates and how sure it is.
#
# The years are few. Errors of most curves are correlated from year to year; those of lines, on the scale of reports,
# are far larger in late years than in early ones. Intervals reckon with both, as far as residuals show them; those that
# simulations find to hold too seldom are marked as failing their check.

#' One row of the table of models.
#'
#' @param interval Lower and upper end of an interval of confidence; missing where the years don't bound it.
#' @param interval_method How it was made, by its id in data/calibration/interval_methods.csv.
growth_row <- function(model, parameter, estimate, unit, n, method, interval = c(NA_real_, NA_real_),
                       interval_method = NA_character_, status = "estimated", note = NA_character_) {
  has_ends <- !all(is.na(interval))
  interval_kind <- if (has_ends) "confidence" else NA_character_
  if (!has_ends) interval_method <- NA_character_
  stop_unless_interval_known(paste(model, parameter), interval, interval_kind, interval_method)
  data.frame(
    model = model, parameter = parameter, estimate = estimate, low = interval[1], high = interval[2],
    interval_kind = interval_kind, interval_method = interval_method, unit = unit, n = n, method = method,
    status = status, note = note
  )
}

#' Years with `exposure`, what a rate is per, and `rate`, in the order of years; where only counts are given, the rate
#' is the count.
with_rates <- function(years) {
  if (is.null(years$exposure)) years$exposure <- 1
  years$rate <- years$reports / years$exposure
  years[order(years$year), ]
}

#' Exponential growth: a line through the logarithms, all years.
#'
#' @param years Data frame with `year` and `reports` (count, positive), and `exposure` where rates are modelled.
#' @param simulation List of `draws` and `seed` of simulated intervals.
#' @return List of `estimates`, `residuals`, and `fitted`, a function from years to rates.
fit_exponential <- function(years, simulation) {
  fit <- fit_simulated(years, growth_forms(NA)$exponential, 2, simulation, "exponential")
  rate <- diff(fit$values) / diff(fit$place$knots)
  fixed <- fit$estimates[1, c("n", "method")]
  growth <- fit$estimates[fit$estimates$parameter == "yearly_growth", ]
  fit$estimates <- rbind(
    growth_row(
      "exponential", "log_intercept", fit$values[1] - rate * fit$place$knots[1], "log_reports", fixed$n, fixed$method
    ),
    growth_row(
      "exponential", "rate", rate, "log_reports", fixed$n, fixed$method, log(c(growth$low, growth$high) + 1),
      growth$interval_method
    ),
    fit$estimates
  )
  fit
}

#' Two separate lines with a break fixed beforehand, as the published analysis drew them; each is fitted and judged by
#' itself.
#'
#' @param fixed_break First year of the second line.
fit_two_lines <- function(years, fixed_break, simulation) {
  years <- with_rates(years)
  # stops where one of the lines has too few years
  form_knots(growth_forms(fixed_break)$two_lines, years$year)
  side <- function(rows, name) {
    fit <- fit_simulated(years[rows, ], line_form, 2, simulation, "two_lines")
    own <- fit$estimates
    slope <- diff(fit$values) / diff(fit$place$knots)
    own$method <- sprintf(
      "least squares, separate lines before %d and from then on; intervals simulated with errors as observed",
      fixed_break
    )
    own$parameter <- paste0("slope_", name)
    fit$estimates <- rbind(
      growth_row(
        "two_lines", paste0("intercept_", name), fit$values[1] - slope * fit$place$knots[1], "count", own$n, own$method
      ), own
    )
    fit
  }
  before <- side(years$year < fixed_break, "before")
  after <- side(years$year >= fixed_break, "after")
  list(
    fitted = function(at) ifelse(at < fixed_break, before$fitted(at), after$fitted(at)),
    residuals = c(before$residuals, after$residuals), estimates = rbind(before$estimates, after$estimates)
  )
}

#' What tells how far a model's intervals can be trusted, and how well it describes the past.
#'
#' @param fit A model: its residuals in the order of years, on the scale that it was fitted on, and its curve.
#' @param years Data frame with `year` and `reports`, ordered by year.
growth_diagnostics <- function(model, fit, years) {
  years <- with_rates(years)
  n <- nrow(years)
  half <- n %/% 2
  spread <- function(part) sqrt(mean(part^2))
  errors <- years$rate - fit$fitted(years$year)
  rbind(
    growth_row(model, "mean_squared_error", mean(errors^2), "reports^2", n, "on the scale of reports"),
    growth_row(
      model, "autocorrelation", stats::cor(fit$residuals[-1], fit$residuals[-n]), "ratio", n,
      "of residuals on the scale of the fit, lag 1"
    ),
    growth_row(
      model, "error_ratio", spread(utils::tail(fit$residuals, half)) / spread(utils::head(fit$residuals, half)),
      "ratio", n, "typical residual of the later half of years over that of the earlier, on the scale of the fit"
    )
  )
}

#' Mark the intervals that simulations find to hold too seldom, with the coverage that they have.
#'
#' @param rows Data frame with `low`, `high`, `interval_method`, `status` and `note`.
#' @param coverage data/calibration/interval_coverage.csv.
#' @param tolerance By how much the coverage, with errors as observed, may fall short of what is meant.
judge_intervals <- function(rows, coverage, tolerance) {
  own <- coverage[coverage$errors == "as_observed", ]
  own <- own[match(rows$interval_method, own$interval_method), ]
  falls_short <- !is.na(own$held_share) & own$held_share < own$nominal - tolerance & rows$status == "estimated"
  said <- sprintf("In simulations with errors as observed, %.0f%% of such intervals hold.", 100 * own$held_share)
  rows$status[falls_short] <- "fails_check"
  rows$note[falls_short] <- trimws(paste(ifelse(is.na(rows$note), "", rows$note), said)[falls_short])
  rows
}

#' A model, or why there is none.
try_model <- function(fit) tryCatch(fit, error = function(condition) list(failed = conditionMessage(condition)))

#' Fit all models of growth.
#'
#' @param years Data frame with `year` and `reports`, one row per year, and `exposure` where rates are modelled.
#' @param fixed_break First year of the second of the two published lines.
#' @param per_segment Observed years that a segment between breaks holds at least.
#' @param simulation List of `draws` and `seed` of simulated intervals.
#' @param is_profiled Whether breaks by the likelihood have intervals.
#' @return Named list of fits; one that failed has only `failed`, the reason.
growth_fits <- function(years, fixed_break, per_segment = 2, simulation = list(draws = 199, seed = 1),
                        is_profiled = TRUE) {
  years <- with_rates(years)
  forms <- growth_forms(fixed_break)
  continuous <- forms[vapply(forms, function(form) form$n_breaks > 0, NA)]
  c(
    list(
      exponential = try_model(fit_exponential(years, simulation)),
      two_lines = try_model(fit_two_lines(years, fixed_break, simulation))
    ),
    Map(function(form, model) try_model(fit_simulated(years, form, per_segment, simulation, model)), continuous,
        names(continuous)),
    stats::setNames(Map(function(form, model) {
      try_model(fit_likelihood(years, form, per_segment, model, is_profiled))
    }, forms, paste0("nb_", names(forms))), paste0("nb_", names(forms)))
  )
}

#' What one model estimates, or the row that says why there is no estimate.
model_rows <- function(fit, model, years) {
  if (!is.null(fit$failed)) {
    return(growth_row(
      model, "curve", NA_real_, "count", nrow(years), "none",
      status = "not_estimable", note = fit$failed
    ))
  }
  rows <- rbind(fit$estimates, growth_diagnostics(model, fit, years))
  if (isTRUE(fit$is_iterated)) stable_table(rows) else rows
}

#' All models of growth.
#'
#' @inheritParams growth_fits
#' @param fits What `growth_fits` returns.
#' @return List of `models` (estimates with intervals) and `curves` (reports that each model gives for each year).
growth <- function(years, fixed_break, per_segment = 2, fits = growth_fits(years, fixed_break, per_segment)) {
  years <- with_rates(years)
  models <- Map(function(fit, model) model_rows(fit, model, years), fits, names(fits))
  fitted <- Filter(function(fit) is.null(fit$failed), fits)
  curves <- Map(function(fit, model) {
    curve <- data.frame(model = model, year = years$year, fitted_reports = fit$fitted(years$year))
    if (isTRUE(fit$is_iterated)) stable_table(curve) else curve
  }, fitted, names(fitted))
  list(models = do.call(rbind, unname(models)), curves = do.call(rbind, unname(curves)))
}

#' Reports with the social media identities of their years, in thousands, as what rates are per.
#'
#' @param years Data frame with `year` and `reports`.
#' @param identities Data frame with `year` and `identities_million`.
identity_years <- function(years, identities) {
  both <- merge(years[c("year", "reports")], identities[c("year", "identities_million")], by = "year")
  both$exposure <- both$identities_million * 1000
  with_rates(both)
}

#' Observed rates of all years, and what the models give for those that they were fitted to.
#'
#' @param series List of `years` and `curves`, as for rates.
#' @param observed What `identity_years` returns for all years.
#' @param breaks Breaks of the reports and of the identities.
#' @return The table `growth_rates`; years of one `segment` mean the same.
rate_curves <- function(series, observed, breaks) {
  models <- unique(series$curves$model)
  grid <- expand.grid(year = observed$year, model = models, stringsAsFactors = FALSE)
  at <- match(grid$year, observed$year)
  fitted <- match(paste(grid$model, grid$year), paste(series$curves$model, series$curves$year))
  data.frame(
    model = grid$model, year = grid$year, segment = segments(grid$year, breaks), reports = observed$reports[at],
    identities_million = observed$identities_million[at], reports_per_1000 = observed$rate[at],
    fitted_per_1000 = series$curves$fitted_reports[fitted]
  )
}

#' Numbers of growth per identity that prose prints: the first, the lowest and the last rate of the years that mean the
#' same as those that models were fitted to, each with its year.
#'
#' @param rates From `rate_curves`; the observed rate of a year is the same for each model.
#' @return Rows of numbers; none where there is no rate.
rate_numbers <- function(rates) {
  observed <- unique(rates[!is.na(rates$fitted_per_1000), c("year", "reports_per_1000")])
  observed <- observed[order(observed$year), ]
  chosen <- if (nrow(observed)) c(first = 1L, lowest = which.min(observed$reports_per_1000), last = nrow(observed))
  rows <- lapply(names(chosen), function(name) {
    row <- observed[chosen[[name]], ]
    where <- sprintf("year with the %s rate", name)
    rbind(
      number_row(name, "year", row$year, "year", "growth_rates", where),
      number_row(name, "reports_per_1000", row$reports_per_1000, "per_1000", "growth_rates", where)
    )
  })
  none <- number_row(character(), character(), numeric(), character(), character(), character())
  do.call(rbind, c(list(none), rows))
}
