# What can be said of rates and ranks by country: questions with their answers, as rows of one form.

#' Bind rows, one per element, that a function returns.
rows_for <- function(elements, make) do.call(rbind, unname(lapply(elements, make)))

#' Whether counts lie where chance around one common rate would leave them, year by year.
#'
#' @param ranks From `jurisdiction_ranks`.
funnel_results <- function(ranks) {
  by_year(ranks, function(year) {
    result_row(
      "Do counts of places differ by more than chance around one common rate?", "outside_funnel_share",
      mean(year$is_outside_funnel), "share", nrow(year), "place",
      "share of counts outside the middle 95% of a Poisson distribution at the rate of all places together",
      subset = as.character(year$year[1]),
      note = "Chance alone would leave about 5% outside: a funnel of this kind singles out nothing."
    )
  })
}

#' What shrinkage within a year changes: nothing, among places that lead.
#'
#' @param top Ranks that count as the top.
shrinkage_results <- function(ranks, top) {
  question <- "Does shrinking the rates of a year change their ranks?"
  method <- "Poisson counts with gamma rates, maximum likelihood, against crude ranks"
  by_year(ranks, function(year) {
    row <- function(parameter, estimate, unit, note = NA_character_) {
      result_row(question, parameter, estimate, unit, nrow(year), "place", method, subset = as.character(year$year[1]),
                 note = note)
    }
    change <- abs(year$gamma_poisson_rank - year$rank)
    rbind(
      row("prior_reports", gamma_poisson(year)$shape, "count", paste(
        "The prior weighs as much as this many reports; a place with more of them is hardly moved."
      )),
      row("largest_change_all", max(change), "rank"),
      row("largest_change_top", max(change[year$rank <= top]), "rank", sprintf("Among the first %d.", top))
    )
  })
}

rank_question <- "How sure are ranks, if what changes from year to year is noise?"
panel_method <- "Poisson panel, level per place, effect per year, autoregressive noise, Laplace's approximation"
draws_of_check <- 1000

#' What the panel finds: how far levels lie apart, how large the noise around them is, and how much of it lasts.
#'
#' @param fit From `fit_panel`.
panel_results <- function(fit) {
  row <- function(parameter, estimate, unit, ...) {
    result_row(rank_question, parameter, estimate, unit, nrow(fit$panel), "place and year", panel_method, ...)
  }
  has_lags <- length(fit$years) > 2
  rbind(
    row("level_sd", fit$sigma, "log_reports"),
    row("noise_sd", fit$noise, "log_reports",
        note = "Standard deviation of a place's rate around its level, on the scale of logarithms."),
    row("noise_correlation", if (has_lags) fit$correlation else NA, "ratio",
        status = if (has_lags) "estimated" else "not_estimable",
        note = if (has_lags) {
          "Correlation of the noise of neighboring years: part of what moves a place in one year is there in the next."
        } else {
          "Two years cannot tell noise that lasts from a level: it is taken as independent."
        })
  )
}

#' Whether the residuals of the panel are correlated as its own noise would leave them, one year apart and as far apart
#' as there are years.
#'
#' A check passes where the correlation found lies among the middle 95% of those of draws from the model.
#'
#' @param fit From `fit_panel`.
#' @param seed Seed of the draws.
check_results <- function(fit, seed) {
  lags <- c(neighboring_correlation = 1, distant_correlation = max(1, length(fit$years) - 1))
  residuals <- residual_table(fit)
  found <- vapply(lags, function(lag) stable(lagged_correlation(residuals, lag)), 0)
  # residuals of two years say nothing: they lie on both sides of the level, as far
  is_known <- !is.na(found) & length(fit$years) > 2
  middle <- if (any(is_known)) {
    apply(expected_correlations(fit, lags, draws_of_check, seed), 2, stats::quantile, c(0.025, 0.975), na.rm = TRUE)
  } else {
    matrix(NA_real_, 2, 2)
  }
  rows_for(seq_along(lags), function(at) {
    passes <- found[[at]] >= middle[1, at] && found[[at]] <= middle[2, at]
    result_row(
      rank_question, names(lags)[at], if (is_known[[at]]) found[[at]] else NA, "ratio", nrow(fit$panel),
      "place and year", if (at == 1) {
        "mean correlation of residuals of neighboring years"
      } else {
        "correlation of residuals of the first and the last year"
      },
      status = if (!is_known[[at]]) "not_estimable" else if (passes) "estimated" else "fails_check",
      note = if (is_known[[at]]) {
        sprintf(
          "The model itself would leave from %.2f to %.2f, by seeded draws: levels are estimated from the same years.",
          middle[1, at], middle[2, at]
        )
      } else {
        "Too few years, or residuals that do not vary."
      }
    )
  })
}

#' How sure ranks are once what changes from year to year counts as noise.
#'
#' @param ranks From `jurisdiction_ranks`.
rank_results <- function(ranks, top) {
  by_year(ranks, function(year) {
    row <- function(parameter, estimate, unit) {
      result_row(rank_question, parameter, estimate, unit, nrow(year), "place", paste(panel_method, "and seeded draws"),
                 subset = as.character(year$year[1]))
    }
    width <- year$rank_high - year$rank_low
    rbind(
      row("median_width_all", stats::median(width), "rank"),
      row("median_width_top", stats::median(width[year$rank <= top]), "rank"),
      row("crude_outside_share", mean(year$rank < year$rank_low | year$rank > year$rank_high), "share"),
      row("surely_top", sum(year$rank_high <= top), "count"),
      row("possibly_top", sum(year$rank_low <= top), "count")
    )
  })
}

#' Rank correlation of two years' rates, with the range over leaving out one continent at a time, where three places or
#' more are left.
#'
#' @param pair Data frame with `before` and `after` (rates) and `continent`.
correlation_range <- function(pair, method) {
  of <- function(rows) stats::cor(rows$before, rows$after, method = method)
  parts <- lapply(unique(pair$continent), function(left_out) pair[pair$continent != left_out, ])
  parts <- Filter(function(part) nrow(part) > 2, parts)
  c(of(pair), if (length(parts) > 0) range(vapply(parts, of, 0)) else c(NA, NA))
}

#' How stable ranks are from year to year, and from the first year to the last.
stability_results <- function(ranks, top) {
  years <- sort(unique(ranks$year))
  pairs <- unique(c(Map(c, utils::head(years, -1), years[-1]), list(range(years))))
  question <- "How stable are ranks between years?"
  rows_for(pairs, function(pair) {
    rows <- lapply(pair, function(at) ranks[ranks$year == at, ])
    both <- merge(
      rows[[1]][c("iso3", "continent", "reports_per_100k", "rank")], rows[[2]][c("iso3", "reports_per_100k", "rank")],
      by = "iso3"
    )
    names(both) <- c("iso3", "continent", "before", "rank_before", "after", "rank_after")
    subset <- paste(pair, collapse = " to ")
    note <- "No sampling interval: these are all places, not a sample of them. The ends leave out one continent each."
    correlations <- rows_for(c("spearman", "kendall"), function(method) {
      range <- correlation_range(both, method)
      result_row(
        question, method, range[1], "ratio", nrow(both), "place", "rank correlation of crude rates",
        interval = range[2:3], subset = subset, note = note,
        interval_kind = if (anyNA(range[2:3])) NA_character_ else "leave_one_out"
      )
    })
    kept <- sum(both$rank_before <= top & both$rank_after <= top)
    rbind(correlations, result_row(
      question, "kept_in_top", kept, "count", top, "place", sprintf("of the first %d, still among them", top),
      subset = subset
    ))
  })
}

#' Rank of one rate among others, as if it stood in the list.
rank_among <- function(rate, others) sum(others > rate) + 1

#' Rank and share of the country set apart, by where the reports without a country go, in years with populations.
#'
#' @param rows Table `jurisdiction_years`.
#' @param settings List of `apart` (code of the country) and `without_country` (code of those reports).
unlisted_results <- function(rows, settings) {
  question <- "How much hangs on where the reports without a country go?"
  by_year(rows[!is.na(rows$reports) & rows$year %in% rankable(rows)$year, ], function(year) {
    places <- rankable(year)
    own <- places[places$iso3 == settings$apart, ]
    others <- places[places$iso3 != settings$apart, ]
    others <- others$reports / others$population
    unlisted <- sum(as.numeric(year$reports[year$iso3 == settings$without_country]))
    total <- sum(as.numeric(year$reports))
    # in proportion: every place grows by the same factor, so that no rank changes
    factor <- total / (total - unlisted)
    ways <- list(
      "left out" = c(own$reports, 1), "all to the country" = c(own$reports + unlisted, 1),
      "in proportion" = c(own$reports * factor, factor)
    )
    rows_for(names(ways), function(way) {
      reports <- ways[[way]][1]
      row <- function(parameter, estimate, unit) {
        result_row(
          question, parameter, estimate, unit, nrow(places), "place",
          "reports of the country so adjusted, over its population and over all reports",
          subset = sprintf("%s in %d, %s", settings$apart, year$year[1], way)
        )
      }
      rbind(
        row("reports_per_100k", reports / own$population * 1e5, "per_100k"),
        row("rank", rank_among(reports / own$population, others * ways[[way]][2]), "rank"),
        row("share", reports / total, "share")
      )
    })
  })
}

#' Members of the Arab League among the first, and where the league would stand as one place.
league_results <- function(ranks, top) {
  question <- "Where do the members of the Arab League stand?"
  by_year(ranks, function(year) {
    league <- year[year$is_arab_league, ]
    if (nrow(league) == 0) {
      return(NULL)
    }
    rate <- sum(league$reports) / sum(league$population) * 1e5
    row <- function(parameter, estimate, unit, method) {
      result_row(question, parameter, estimate, unit, nrow(league), "member", method,
                 subset = as.character(year$year[1]))
    }
    rbind(
      row("members_in_top", sum(league$rank <= top), "count", sprintf("members among the first %d by crude rate", top)),
      row("reports_per_100k", rate, "per_100k", "members' reports over members' people"),
      row("rank_as_one", rank_among(rate, year$reports_per_100k[!year$is_arab_league]), "rank",
          "rank of the members together among all other places"),
      row("rank_beside_members", rank_among(rate, year$reports_per_100k), "rank",
          "rank of the members together among all places, the members too")
    )
  })
}

#' How much ranks hang on what reports are set against: small places, and people online instead of all people.
base_results <- function(ranks, settings) {
  by_year(ranks, function(year) {
    small <- year$population < settings$population_floor
    online <- year[!is.na(year$rank_internet_users), ]
    subset <- as.character(year$year[1])
    question <- "Do ranks per person online differ from those per person?"
    method <- "Spearman's rank correlation of both rates"
    floor_text <- format(settings$population_floor, big.mark = ",", scientific = FALSE)
    rbind(
      result_row(
        "How many of the first places are small?", "below_floor_in_top", sum(small & year$rank <= settings$top),
        "count", settings$top, "place", paste("population below", floor_text), subset = subset
      ),
      if (nrow(online) > 2) {
        result_row(
          question, "spearman", stats::cor(online$reports_per_100k, online$reports_per_100k_internet_users,
                                           method = "spearman"),
          "ratio", nrow(online), "place", method, subset = subset,
          note = "Only places whose internet users the source knows."
        )
      } else {
        result_row(
          question, "spearman", NA, "ratio", nrow(online), "place", method, subset = subset, status = "not_estimable",
          note = "The source ends before this year, and the last year known is not carried on."
        )
      }
    )
  })
}

#' Ranks of states, with the funnel around their common rate.
#'
#' @param rows Table `states`; rows without a population are left out.
state_ranks <- function(rows) {
  by_year(rankable(transform(rows, iso3 = state)), function(year) {
    year <- funnel(year)
    year$rank <- rank_of(year$reports_per_100k)
    year$name <- state_names(year$state)
    year
  })
}

#' Names of states from their postal codes; what is no state has its code for a name.
state_names <- function(codes) {
  names <- datasets::state.name[match(codes, datasets::state.abb)]
  ifelse(is.na(names), codes, names)
}

#' How far states lie apart.
#'
#' @param rows Table `states`.
state_results <- function(rows) {
  question <- "How far do the states of the country lie apart?"
  by_year(rows, function(all) {
    year <- state_ranks(all)
    unknown <- all[is.na(all$population), ]
    row <- function(parameter, estimate, unit, method, interval = c(NA, NA), note = NA_character_) {
      result_row(question, parameter, estimate, unit, nrow(year), "state", method, interval,
                 subset = as.character(year$year[1]), note = note,
                 interval_kind = if (anyNA(interval)) NA_character_ else "range")
    }
    rates <- year$reports_per_100k
    rbind(
      row("median_per_100k", stats::median(rates), "per_100k", "median, lowest and highest", range(rates),
          "Counts are complete: no interval of sampling applies."),
      row("highest_over_lowest", max(rates) / min(rates), "ratio", "highest rate over lowest"),
      row("states_outside_funnel_share", mean(year$is_outside_funnel), "share",
          "share of counts outside the middle 95% of a Poisson distribution at the rate of all states together"),
      row("without_state_share", sum(unknown$reports) / sum(all$reports), "share", "reports whose state is not known",
          note = "Spread in proportion they change no rank; spread otherwise they could change most.")
    )
  })
}

#' All results on jurisdictions and states.
#'
#' @param rows Table `jurisdiction_years`.
#' @param states Table `states`.
jurisdiction_results <- function(rows, states, ranks, fit, settings) {
  rbind(
    funnel_results(ranks), shrinkage_results(ranks, settings$top), panel_results(fit),
    check_results(fit, settings$seed), rank_results(ranks, settings$top),
    stability_results(ranks, settings$top), unlisted_results(rows, settings), league_results(ranks, settings$top),
    base_results(ranks, settings), state_results(states)
  )
}
