# When growth quickened, under every defensible choice.

#' The specifications of the year of the first break.
#'
#' @param choices data/reference/choices.csv.
#' @param reports,rates Data frames with `year` and `reports`, and `exposure` for rates, of years that mean the same.
#' @param months Months of the first year of the reports that are counted.
#' @param simulation List of `draws` and `seed`.
#' @return What `specify` returns.
specify_growth <- function(choices, reports, rates, months, simulation) {
  evaluate <- function(options) {
    # the identities begin after the first year of the reports
    if (options$per == "identity" && options$first_year != "whole") {
      return(NULL)
    }
    found <- try_model({
      years <- first_year_ways(if (options$per == "identity") rates else reports, months)[[options$first_year]]
      years <- utils::head(years, nrow(years) - c(all = 0, one_less = 1, two_less = 2)[[options$last_year]])
      form <- growth_forms(NA)[[options$form]]
      first_break(years, options, form, as.numeric(sub("years_", "", options$per_segment)), simulation)
    })
    # of fewer years than a form needs there is no such specification
    if (is.null(found$failed)) found
  }
  specify("growth", choices, evaluate, "break_year", "year")
}

#' The first break of a form, with its interval where one is found by simulation.
#'
#' @param options Option per dimension.
first_break <- function(years, options, form, per_segment, simulation) {
  if (options$fit == "likelihood") {
    return(list(estimate = stable(fit_nb(years, form, per_segment)$breaks[1]), n = nrow(years)))
  }
  row <- fit_simulated(years, form, per_segment, simulation, options$form)$estimates[1, ]
  method <- if (options$per == "identity") method_of_rates(row$interval_method) else row$interval_method
  list(
    estimate = stable(row$estimate), low = stable(row$low), high = stable(row$high), interval_kind = row$interval_kind,
    interval_method = method, n = nrow(years), note = row$note
  )
}
