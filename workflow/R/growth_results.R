# What the models of growth say together: which fits best, whether they agree, and where each of them fails.

#' Compare the forms by one likelihood.
#'
#' @param fits What `growth_fits` returns.
#' @param n Number of years.
#' @param break_cost Parameters that an estimated break counts for; the search for it makes it worth more than one. A
#'   break fixed beforehand counts as much, for it was chosen with the years in sight.
#' @return Data frame with `model`, `loglik`, `n_parameters`, `aicc`, `delta_aicc`; `aicc` is missing where there are
#'   too few years for the parameters.
compare_forms <- function(fits, n, break_cost = 1) {
  compared <- Filter(function(fit) !is.null(fit$loglik), fits)
  frame <- data.frame(
    model = names(compared), loglik = vapply(compared, function(fit) fit$loglik, 0),
    n_parameters = vapply(compared, function(fit) fit$n_parameters + (break_cost - 1) * n_bends(fit), 0),
    row.names = NULL
  )
  spare <- n - frame$n_parameters - 1
  frame$aicc <- ifelse(
    spare > 0, 2 * (frame$n_parameters - frame$loglik) + 2 * frame$n_parameters * (frame$n_parameters + 1) / spare, NA
  )
  frame$delta_aicc <- frame$aicc - min(frame$aicc, na.rm = TRUE)
  frame
}

#' How many breaks of a fit were chosen with the years in sight, by search or by eye.
n_bends <- function(fit) if (fit$has_jump) 1 else length(fit$breaks)

#' Rows of results: the forms by their likelihood, under the criterion as it is used most.
comparison_rows <- function(fits, n, what) {
  compared <- compare_forms(fits, n)
  units <- c(loglik = "statistic", n_parameters = "count", aicc = "statistic", delta_aicc = "statistic")
  grid <- expand.grid(parameter = names(units), row = seq_len(nrow(compared)), stringsAsFactors = FALSE)
  do.call(rbind, Map(function(parameter, row) {
    estimate <- compared[[parameter]][row]
    result_row(
      sprintf("Which form of growth do %s follow?", what), parameter, estimate, units[[parameter]], n, "year",
      paste(
        "negative binomial likelihood of counts for all forms; parameters counted: values at the ends and at each",
        "break, each break, one fixed beforehand too, and the dispersion"
      ),
      subset = compared$model[row], status = if (is.na(estimate)) "not_estimable" else "estimated",
      note = if (is.na(estimate)) {
        "There are too few years for so many parameters."
      } else {
        "Errors taken for independent, a break for one parameter; growth_criteria.csv has the other choices."
      }
    )
  }, grid$parameter, grid$row, USE.NAMES = FALSE))
}

#' Rows of results: the breaks of all models.
#'
#' @param models Estimates that `growth` returns.
break_results <- function(models, what) {
  breaks <- models[models$unit == "year", ]
  do.call(rbind, lapply(seq_len(nrow(breaks)), function(index) {
    row <- breaks[index, ]
    result_row(
      sprintf("When did the growth of %s change?", what), row$parameter, row$estimate, "year", row$n, "year",
      row$method,
      interval = c(row$low, row$high), subset = row$model, status = row$status, note = row$note,
      interval_kind = row$interval_kind, interval_method = row$interval_method
    )
  }))
}

#' How two intervals lie to each other.
#'
#' Their lengths may differ: what they share is measured by the shorter one, which one that lies within the other shares
#' wholly.
#'
#' @return List of `share`, shared length over that of the shorter, and `how`: nested, overlapping or disjoint.
interval_overlap <- function(one, other) {
  shared <- max(0, min(one[2], other[2]) - max(one[1], other[1]))
  shorter <- min(diff(one), diff(other))
  how <- if (shared == 0) "disjoint" else if (shared >= shorter) "nested" else "overlapping"
  list(share = unname(shared / shorter), how = how)
}

#' The two breaks of two models whose intervals share most.
#'
#' @param breaks Rows of breaks with both ends.
closest_breaks <- function(breaks, models) {
  ends <- lapply(models, function(model) as.matrix(breaks[breaks$model == model, c("low", "high")]))
  pairs <- expand.grid(one = seq_len(nrow(ends[[1]])), other = seq_len(nrow(ends[[2]])))
  found <- Map(function(one, other) interval_overlap(ends[[1]][one, ], ends[[2]][other, ]), pairs$one, pairs$other)
  found[[which.max(vapply(found, function(pair) pair$share, 0))]]
}

#' Rows of results: how far the intervals of the models' breaks overlap, for the two breaks of two models that do most.
#'
#' @param hardly An overlap below this share of the shorter interval is called hardly any.
overlap_rows <- function(models, what, hardly) {
  breaks <- models[models$unit == "year" & !is.na(models$low) & !is.na(models$high), ]
  names <- unique(breaks$model)
  if (length(names) < 2) {
    return(NULL)
  }
  failing <- unique(breaks$model[breaks$status == "fails_check"])
  pairs <- utils::combn(names, 2)
  found <- apply(pairs, 2, function(pair) closest_breaks(breaks, pair), simplify = FALSE)
  shares <- vapply(found, function(pair) pair$share, 0)
  how <- vapply(found, function(pair) pair$how, "")
  question <- sprintf("Do the models agree on when the growth of %s changed?", what)
  method <- "length that the intervals share, over that of the shorter; of several breaks the two that share most"
  each <- lapply(seq_along(found), function(index) {
    falls_short <- intersect(pairs[, index], failing)
    result_row(
      question, "overlap", shares[index], "share", 2, "model", method,
      subset = paste(pairs[, index], collapse = " and "),
      status = if (length(falls_short)) "fails_check" else "estimated",
      note = trimws(paste0(
        "The intervals are ", how[index], ".",
        if (length(falls_short)) sprintf(" Too narrow, by simulation: %s.", paste(falls_short, collapse = ", "))
      ))
    )
  })
  counted <- c(
    pairs_nested = sum(how == "nested"), pairs_overlapping = sum(how == "overlapping"),
    pairs_disjoint = sum(how == "disjoint"), pairs_that_hardly_overlap = sum(shares < hardly)
  )
  counts <- lapply(names(counted), function(name) {
    result_row(
      question, name, counted[[name]], "count", ncol(pairs), "pair of models", method,
      note = if (name == "pairs_that_hardly_overlap") {
        sprintf("Overlaps below %.2f of the shorter interval, disjoint ones too.", hardly)
      } else {
        NA_character_
      }
    )
  })
  do.call(rbind, c(each, counts))
}

#' Rows of results: whether a model's curve is possible, and whether its errors are what its intervals assume.
check_rows <- function(fits, models, years, what) {
  years <- with_rates(years)
  n <- nrow(years)
  fitted <- Filter(function(fit) is.null(fit$failed), fits)
  do.call(rbind, unname(Map(function(fit, model) {
    own <- models[models$model == model, ]
    rbind(
      negative_row(fit, model, years, what),
      autocorrelation_row(own$estimate[own$parameter == "autocorrelation"], model, n, what),
      spread_row(own$estimate[own$parameter == "error_ratio"], model, n, what)
    )
  }, fitted, names(fitted))))
}

#' Row of results: for how many years a model gives fewer than none.
negative_row <- function(fit, model, years, what) {
  below <- years$year[fit$fitted(years$year) < 0]
  fails <- length(below) > 0
  result_row(
    sprintf("Does a model give fewer than no %s?", what), "negative_years", length(below), "count", nrow(years),
    "year", "fitted values of the observed years",
    subset = model, status = if (fails) "fails_check" else "estimated",
    note = if (fails) sprintf("The curve is below zero in %s.", year_list(below)) else NA_character_
  )
}

#' Years as text, with runs of them from first to last.
year_list <- function(years) {
  runs <- split(years, cumsum(c(1, diff(years) != 1)))
  paste(vapply(runs, function(run) {
    if (length(run) == 1) sprintf("%d", run) else sprintf("%d to %d", run[1], run[length(run)])
  }, ""), collapse = ", ")
}

#' Row of results: the correlation of neighboring errors.
autocorrelation_row <- function(correlation, model, n, what) {
  fails <- abs(correlation) > 2 / sqrt(n)
  result_row(
    sprintf("Are the errors of neighboring years of %s independent?", what), "autocorrelation", correlation, "ratio", n,
    "year", "lag 1, on the scale of the fit; p by Bartlett's error",
    subset = model, p_value = 2 * stats::pnorm(-abs(correlation) * sqrt(n)),
    status = if (fails) "fails_check" else "estimated",
    note = if (!fails) {
      NA_character_
    } else if (correlation > 0) {
      "Errors resemble those of the year before."
    } else {
      "Errors swing from year to year."
    }
  )
}

#' Row of results: whether errors of early and late years are of one size.
spread_row <- function(ratio, model, n, what) {
  half <- n %/% 2
  p_value <- 2 * min(stats::pf(ratio^2, half, half), stats::pf(ratio^2, half, half, lower.tail = FALSE))
  result_row(
    sprintf("Are the errors of early and late years of %s of one size?", what), "error_ratio", ratio, "ratio", n,
    "year", "typical residual of the later half over that of the earlier, on the scale of the fit; F test of variances",
    subset = model, p_value = p_value, status = if (p_value < 0.05) "fails_check" else "estimated",
    note = if (p_value < 0.05) "Errors of early and late years differ in size." else NA_character_
  )
}

#' Rows of results: what the models estimate of rates, for which no table of models is kept.
estimate_rows <- function(models, what) {
  elsewhere <- c("mean_squared_error", "autocorrelation", "error_ratio")
  shown <- models[models$unit != "year" & !models$parameter %in% elsewhere, ]
  shown$unit[shown$unit == "count"] <- "per_1000"
  do.call(rbind, lapply(seq_len(nrow(shown)), function(index) {
    row <- shown[index, ]
    result_row(
      sprintf("How do %s grow?", what), row$parameter, row$estimate, row$unit, row$n, "year", row$method,
      interval = c(row$low, row$high), subset = row$model, status = row$status, note = row$note,
      interval_kind = row$interval_kind, interval_method = row$interval_method
    )
  }))
}

#' Rows of results: where the form that fits best by AICc comes in forecasts, of all forms fitted by that likelihood.
#'
#' @param forecasts What `rolling_forecasts` returns.
#' @param hindsight Models that are left out: chosen with the years that they forecast in sight.
best_fit_rows <- function(fits, n, forecasts, hindsight) {
  compared <- compare_forms(fits[setdiff(names(fits), hindsight)], n)
  best <- compared$model[which.min(compared$aicc)]
  do.call(rbind, lapply(unique(forecasts$horizon), function(horizon) {
    made <- forecasts[forecasts$horizon == horizon & forecasts$model %in% c(compared$model, "naive"), ]
    in_all <- tapply(is.na(made$log_error), made$year, sum) == 0
    made <- made[in_all[as.character(made$year)], ]
    size <- tapply(abs(made$log_error), made$model, mean)[c(compared$model, "naive")]
    is_made <- !anyNA(size)
    result_row(
      "Does the form that fits best forecast best?", "rank_in_forecasts",
      if (is_made) rank(size[compared$model])[[best]] else NA_real_, "count", nrow(compared), "form",
      "place of the form with the least AICc by mean absolute logarithmic error, over the years that all forecast",
      subset = sprintf("%s, horizon %d", best, horizon), status = if (is_made) "estimated" else "not_estimable",
      note = if (is_made) {
        sprintf(
          "It errs %.2f times as much as the forecast that repeats the last year; the form that errs least is %s.",
          size[[best]] / size[["naive"]], names(which.min(size[compared$model]))
        )
      } else {
        "There is no year that all forms could have forecast."
      }
    )
  }))
}

#' Rows of results: what no model of these counts can know, one for each break of the series.
#'
#' @param breaks What `breaks_of` returns.
definition_rows <- function(breaks, n) {
  do.call(rbind, lapply(seq_len(nrow(breaks)), function(index) {
    result_row(
      "Would the models notice if a report came to mean something else?",
      sprintf("effect_of_%s", breaks$kind[index]), NA_real_, "ratio", n, "year", "none",
      subset = sprintf("from %d on", breaks$year[index]), status = "not_estimable",
      note = paste(
        breaks$note[index], "Counts alone cannot tell a change of what a word means from a change of what is counted."
      )
    )
  }))
}

#' All results on growth, in the form of data/schemas/estimates.json.
#'
#' @param series Named list by what grows, in words: each a list of `years`, `fits` and `models`. The first is the
#'   counts, whose estimates have a table of their own.
#' @param forecasts What `rolling_forecasts` returns for the first series.
#' @param hindsight What `hindsight_models` returns.
#' @param breaks What `breaks_of` returns for the first series.
#' @param hardly As for `overlap_rows`.
growth_results <- function(series, forecasts, hindsight, breaks, hardly = 0.25) {
  n <- nrow(series[[1]]$years)
  parts <- Map(function(part, what) {
    rbind(
      comparison_rows(part$fits, nrow(part$years), what), break_results(part$models, what),
      overlap_rows(part$models, what, hardly), check_rows(part$fits, part$models, part$years, what)
    )
  }, series, names(series))
  rates <- Map(function(part, what) estimate_rows(part$models, what), series[-1], names(series)[-1])
  apart <- function(rows, what) {
    # a subset names its series too, since both have the same models
    if (what != names(series)[1]) rows$subset <- paste0(rows$subset, ", ", sub("^reports ", "", what))
    rows
  }
  parts <- Map(apart, parts, names(series))
  rates <- Map(apart, rates, names(series)[-1])
  found <- rbind(
    do.call(rbind, unname(parts)), do.call(rbind, unname(rates)), forecast_rows(forecasts, hindsight),
    best_fit_rows(series[[1]]$fits, n, forecasts, hindsight), definition_rows(breaks, n)
  )
  stable_table(found)
}
