# How reports to the CyberTipline grow: three models, each with what it estimates and how sure it is.
#
# The years are few. Errors of the exponential curve are correlated from year to year; those of the lines, on the scale
# of reports, are far larger in late years than in early ones. Intervals assume neither, and are to be read with care.

#' One row of the table of models.
growth_row <- function(model, parameter, estimate, unit, n, method, interval = c(NA, NA)) {
  data.frame(
    model = model, parameter = parameter, estimate = estimate, low = interval[1], high = interval[2],
    unit = unit, n = n, method = method
  )
}

#' Exponential growth: a line through the logarithms, all years.
#'
#' @param years Data frame with `year` and `reports` (count, positive).
#' @return List of `fit`, `estimates`, and `fitted`, a function from years to reports.
fit_exponential <- function(years) {
  fit <- stats::lm(log(reports) ~ year, data = years)
  rate <- stats::coef(fit)[["year"]]
  interval <- stats::confint(fit)["year", ]
  method <- "least squares on logarithms"
  list(
    fitted = function(at) exp(stats::predict(fit, data.frame(year = at))),
    # on the scale of the fit, which is what its intervals rest on
    residuals = stats::resid(fit),
    estimates = rbind(
      growth_row("exponential", "log_intercept", stats::coef(fit)[[1]], "log_reports", nrow(years), method),
      growth_row("exponential", "rate", rate, "log_reports", nrow(years), method, interval),
      growth_row(
        "exponential", "doubling_time", log(2) / rate, "years", nrow(years), method, rev(log(2) / interval)
      ),
      growth_row("exponential", "yearly_growth", exp(rate) - 1, "share", nrow(years), method, exp(interval) - 1)
    )
  )
}

#' Two separate lines with a break fixed beforehand, as the published analysis drew them.
#'
#' @param fixed_break First year of the second line.
fit_two_lines <- function(years, fixed_break) {
  method <- sprintf("least squares, separate lines before %d and from then on", fixed_break)
  before <- stats::lm(reports ~ year, data = years[years$year < fixed_break, ])
  after <- stats::lm(reports ~ year, data = years[years$year >= fixed_break, ])
  rows <- function(fit, side) {
    n <- stats::nobs(fit)
    rbind(
      growth_row("two_lines", paste0("intercept_", side), stats::coef(fit)[[1]], "count", n, method),
      growth_row(
        "two_lines", paste0("slope_", side), stats::coef(fit)[[2]], "count", n, method, stats::confint(fit)[2, ]
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
  base <- stats::lm(reports ~ year, data = years)
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
      growth_row("broken_line", "break_year", at_break[[1]], "year", n, method, at_break[2:3]),
      growth_row("broken_line", "slope_before", slopes[1, 1], "count", n, method, slopes[1, 4:5]),
      growth_row("broken_line", "slope_after", slopes[2, 1], "count", n, method, slopes[2, 4:5])
    )
  )
}

#' What tells how far a model's intervals can be trusted, and how well it describes the past.
#'
#' @param fit A model: its residuals in the order of years, on the scale that it was fitted on, and its curve.
#' @param years Data frame with `year` and `reports`, ordered by year.
growth_diagnostics <- function(model, fit, years) {
  n <- nrow(years)
  half <- n %/% 2
  spread <- function(part) sqrt(mean(part^2))
  errors <- years$reports - fit$fitted(years$year)
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

#' All models of growth.
#'
#' @param years Data frame with `year` and `reports`, one row per year.
#' @param fixed_break First year of the second of the two published lines.
#' @return List of `models` (estimates with intervals) and `curves` (reports that each model gives for each year).
growth <- function(years, fixed_break) {
  years <- years[order(years$year), ]
  fits <- list(
    exponential = fit_exponential(years),
    two_lines = fit_two_lines(years, fixed_break),
    broken_line = fit_broken_line(years)
  )
  diagnostics <- Map(function(fit, model) growth_diagnostics(model, fit, years), fits, names(fits))
  curves <- Map(function(fit, model) {
    data.frame(model = model, year = years$year, fitted_reports = fit$fitted(years$year))
  }, fits, names(fits))
  models <- Map(function(fit, rows) rbind(fit$estimates, rows), fits, diagnostics)
  list(models = do.call(rbind, unname(models)), curves = do.call(rbind, unname(curves)))
}
