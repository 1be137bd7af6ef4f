# Which forms of growth the criterion can't tell apart, under every choice that it takes.
#
# Akaike's criterion, corrected for few years, asks what a break costs that was found by search, whether errors follow
# from year to year, and what to do with a first year that isn't whole. None of the answers is the only right one.

#' The years with the first one taken as it is, left out, or for the months that it has.
#'
#' @param years Data frame with `year` and `reports`, ordered by year.
#' @param months Months of the first year that are counted.
#' @return Named list of data frames: `whole`, `left_out`, `part`.
first_year_ways <- function(years, months) {
  years <- with_rates(years)
  part <- years
  part$exposure[1] <- part$exposure[1] * months / 12
  list(whole = years, left_out = years[-1, ], part = with_rates(part))
}

#' By how much the logarithm of a likelihood rises where errors may follow from year to year.
#'
#' The curve and the dispersion stay; the counts are joined by a normal copula whose correlation dies out as that of an
#' autoregression of order one.
#'
#' @param fit What `fit_nb` returns.
copula_gain <- function(years, fit) {
  probability <- stats::pnbinom(years$reports, mu = fit$mu, size = fit$dispersion)
  scores <- stats::qnorm(pmin(pmax(probability, 1e-10), 1 - 1e-10))
  now <- scores[-1]
  before <- scores[-length(scores)]
  gain <- function(correlation) {
    sum(stats::dnorm(now, correlation * before, sqrt(1 - correlation^2), log = TRUE) - stats::dnorm(now, log = TRUE))
  }
  stats::optimize(gain, c(-largest_correlation, largest_correlation), maximum = TRUE)$objective
}

#' The criterion of each form under each choice.
#'
#' @param years Data frame with `year` and `reports`.
#' @param months Months of the first year that are counted.
#' @param break_costs Parameters that a break counts for.
#' @param apart Support of a form, as a share of that of the best one, from which on the two can't be told apart.
#' @return The table `growth_criteria`.
growth_criteria <- function(years, forms, per_segment, months, break_costs, apart) {
  rows <- lapply(split_named(first_year_ways(years, months)), function(way) {
    fits <- fits_by_likelihood(way$years, forms, per_segment)
    gains <- vapply(fits, function(fit) copula_gain(way$years, fit), 0)
    correlated <- Map(function(fit, gain) {
      utils::modifyList(fit[c("loglik", "n_parameters", "has_jump", "breaks")], list(
        loglik = fit$loglik + gain, n_parameters = fit$n_parameters + 1
      ))
    }, fits, gains)
    ways <- list(independent = fits, correlated = correlated)
    grid <- expand.grid(errors = names(ways), break_cost = break_costs, stringsAsFactors = FALSE)
    parts <- Map(function(errors, break_cost) {
      compared <- compare_forms(ways[[errors]], nrow(way$years), break_cost)
      data.frame(
        first_year = way$name, dependence = errors, break_cost = break_cost, model = compared$model,
        n = nrow(way$years), n_parameters = compared$n_parameters, delta_aicc = compared$delta_aicc,
        support = exp(-compared$delta_aicc / 2)
      )
    }, grid$errors, grid$break_cost)
    do.call(rbind, unname(parts))
  })
  found <- stable_table(do.call(rbind, unname(rows)))
  found$is_best <- !is.na(found$delta_aicc) & found$delta_aicc == 0
  found$is_close <- !is.na(found$support) & found$support >= apart
  found
}

#' A named list as a list of names and years.
split_named <- function(ways) Map(function(years, name) list(years = years, name = name), ways, names(ways))

#' All forms by the likelihood, without intervals; those that the years can't carry are left out.
fits_by_likelihood <- function(years, forms, per_segment) {
  fits <- lapply(forms, function(form) try_model(fit_nb(years, form, per_segment)))
  fits <- Filter(function(fit) is.null(fit$failed), fits)
  stats::setNames(fits, paste0("nb_", names(fits)))
}

#' Numbers that prose prints of the criterion: under how many choices a form is the best, and under how many it can't be
#' told from the best.
#'
#' @param criteria Table `growth_criteria`.
criteria_numbers <- function(criteria) {
  choices <- nrow(unique(criteria[c("first_year", "dependence", "break_cost")]))
  each <- lapply(unique(criteria$model), function(model) {
    own <- criteria[criteria$model == model, ]
    rbind(
      number_row(model, "n_best", sum(own$is_best), "count", "growth_criteria", "choices under which the form is best"),
      number_row(
        model, "n_close", sum(own$is_close), "count", "growth_criteria",
        "choices under which the form cannot be told from the best"
      ),
      number_row(model, "lowest_support", min(own$support), "share", "growth_criteria", "least support over choices"),
      number_row(model, "highest_support", max(own$support), "share", "growth_criteria", "largest support over choices")
    )
  })
  rbind(number_row("criterion", "n_choices", choices, "count", "growth_criteria", "choices"), do.call(rbind, each))
}
