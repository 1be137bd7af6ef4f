# How reports to the CyberTipline grow: several models, each with what it estimates and how sure it is.
#
# The years are few. Errors of most curves are correlated from year to year; those of lines, on the scale of reports,
# are far larger in late years than in early ones. Intervals assume neither; where a model's errors show one of the two,
# its intervals are marked as failing their check.

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
    interval_kind = interval_kind, interval_method = interval_method, unit = unit, n = n, method = method, status = status, note = note
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
#' @return List of `estimates`, `residuals`, and `fitted`, a function from years to rates.
fit_exponential <- function(years) {
  years <- with_rates(years)
  fit <- stats::lm(log(rate) ~ year, data = years)
  rate <- stats::coef(fit)[["year"]]
  interval <- stats::confint(fit)["year", ]
  method <- "least squares on logarithms"
  list(
    fitted = function(at) exp(stats::predict(fit, data.frame(year = at))),
    # on the scale of the fit, which is what its intervals rest on
    residuals = stats::resid(fit),
    estimates = rbind(
      growth_row("exponential", "log_intercept", stats::coef(fit)[[1]], "log_reports", nrow(years), method),
      growth_row("exponential", "rate", rate, "log_reports", nrow(years), method, interval, "growth_rate_t"),
      growth_row(
        "exponential", "doubling_time", log(2) / rate, "years", nrow(years), method, rev(log(2) / interval), "growth_rate_t"
      ),
      growth_row("exponential", "yearly_growth", exp(rate) - 1, "share", nrow(years), method, exp(interval) - 1,
        "growth_rate_t"
      )
    )
  )
}

#' Two separate lines with a break fixed beforehand, as the published analysis drew them.
#'
#' @param fixed_break First year of the second line.
fit_two_lines <- function(years, fixed_break) {
  years <- with_rates(years)
  method <- sprintf("least squares, separate lines before %d and from then on", fixed_break)
  # stops where one of the lines has too few years
  form_knots(growth_forms(fixed_break)$two_lines, years$year)
  before <- stats::lm(rate ~ year, data = years[years$year < fixed_break, ])
  after <- stats::lm(rate ~ year, data = years[years$year >= fixed_break, ])
  rows <- function(fit, side) {
    n <- stats::nobs(fit)
    rbind(
      growth_row("two_lines", paste0("intercept_", side), stats::coef(fit)[[1]], "count", n, method),
      growth_row(
        "two_lines", paste0("slope_", side), stats::coef(fit)[[2]], "count", n, method, stats::confint(fit)[2, ],
        "growth_slope_t"
      )
    )
  }
  list(
    fitted = function(at) {
      at <- data.frame(year = at)
      ifelse(at$year < fixed_break, stats::predict(before, at), stats::predict(after, at))
    },
    residuals = c(stats::resid(before), stats::resid(after)),
    estimates = rbind(rows(before, "before"), rows(after, "after"))
  )
}

#' One continuous line with a break that is estimated.
#'
#' The interval of the break inverts a smoothed score test; the usual one, by the delta method, is too short for samples
#' of this size.
#'
#' @source Muggeo, Estimating regression models with unknown break-points, Statistics in Medicine 22 (2003); Muggeo,
#'   Interval estimation for the breakpoint in segmented regression, Australian & New Zealand Journal of Statistics 59
#'   (2017).
fit_broken_line <- function(years) {
  years <- with_rates(years)
  base <- stats::lm(rate ~ year, data = years)
  # bootstrapped restarts draw random numbers; one start in the middle converges here and repeats
  fit <- segmented::segmented(
    base,
    seg.Z = ~year, psi = stats::median(years$year), control = segmented::seg.control(n.boot = 0, it.max = 100)
  )
  at_break <- segmented::confint.segmented(fit, method = "score", digits = 15)[1, ]
  slopes <- segmented::slope(fit, digits = 15)$year
  method <- "least squares, continuous line with an estimated break, interval of the break by the score"
  n <- nrow(years)
  list(
    fitted = function(at) stats::predict(fit, data.frame(year = at)),
    residuals = stats::resid(fit),
    estimates = rbind(
      growth_row("broken_line", "break_year", at_break[[1]], "year", n, method, at_break[2:3], "growth_break_score"),
      growth_row("broken_line", "slope_before", slopes[1, 1], "count", n, method, slopes[1, 4:5], "growth_slope_segmented"),
      growth_row("broken_line", "slope_after", slopes[2, 1], "count", n, method, slopes[2, 4:5], "growth_slope_segmented")
    )
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

#' Why a model's intervals can't be relied on; missing where nothing speaks against them.
#'
#' @param autocorrelation Correlation of neighboring errors; beyond two over the root of n it is no chance (Bartlett).
#' @param error_ratio Typical error of the later half over that of the earlier; judged by the F test of variances.
interval_faults <- function(autocorrelation, error_ratio, n) {
  half <- n %/% 2
  largest <- sqrt(stats::qf(0.975, half, half))
  faults <- c(
    if (abs(autocorrelation) > 2 / sqrt(n)) {
      sprintf(
        "Errors of neighboring years are correlated (%.2f), so the interval is too %s.", autocorrelation,
        if (autocorrelation > 0) "narrow" else "wide"
      )
    },
    if (error_ratio > largest || error_ratio < 1 / largest) {
      sprintf(
        "Errors of the later years are %.1f times those of the earlier; the interval takes them for equal.", error_ratio
      )
    }
  )
  if (length(faults) == 0) NA_character_ else paste(faults, collapse = " ")
}

#' Mark the intervals of a model whose errors are not what they assume.
judge_intervals <- function(rows) {
  value <- function(parameter) rows$estimate[rows$parameter == parameter]
  fault <- interval_faults(value("autocorrelation"), value("error_ratio"), max(rows$n))
  has_interval <- !is.na(rows$low) | !is.na(rows$high)
  if (!is.na(fault)) {
    rows$status[has_interval] <- "fails_check"
    rows$note[has_interval] <- paste(ifelse(is.na(rows$note[has_interval]), "", rows$note[has_interval]), fault)
    rows$note <- trimws(rows$note)
  }
  rows
}

#' A model, or why there is none.
try_model <- function(fit) tryCatch(fit, error = function(condition) list(failed = conditionMessage(condition)))

#' Fit all models of growth.
#'
#' @param years Data frame with `year` and `reports`, one row per year, and `exposure` where rates are modelled.
#' @param fixed_break First year of the second of the two published lines.
#' @param per_segment Observed years that a segment between breaks holds at least.
#' @return Named list of fits; one that failed has only `failed`, the reason.
growth_fits <- function(years, fixed_break, per_segment = 2) {
  years <- with_rates(years)
  forms <- growth_forms(fixed_break)
  bent <- forms[vapply(forms, function(form) form$is_log && form$n_breaks > 0, NA)]
  c(
    list(
      exponential = try_model(fit_exponential(years)),
      two_lines = try_model(fit_two_lines(years, fixed_break)),
      broken_line = try_model(fit_broken_line(years))
    ),
    Map(function(form, model) try_model(fit_log_breaks(years, form, per_segment, model)), bent, names(bent)),
    stats::setNames(Map(function(form, model) {
      try_model(fit_likelihood(years, form, per_segment, model))
    }, forms, paste0("nb_", names(forms))), paste0("nb_", names(forms)))
  )
}

#' What one model estimates, its intervals judged, or the row that says why there is no estimate.
model_rows <- function(fit, model, years) {
  if (!is.null(fit$failed)) {
    return(growth_row(
      model, "curve", NA_real_, "count", nrow(years), "none",
      status = "not_estimable", note = fit$failed
    ))
  }
  rows <- judge_intervals(rbind(fit$estimates, growth_diagnostics(model, fit, years)))
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
