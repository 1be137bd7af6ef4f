# Ranks under every combination of defensible choices: of the country set apart, and of who stays among the first.

# Part of the population floor that is a floor of its own, by option.
floor_parts <- c(none = 0, tenth = 0.1, configured = 1)

#' Years that an option stands for, and the years before them; none where there is no such year.
#'
#' @param years Years that can be ranked.
option_years <- function(option, years) {
  years <- sort(unique(years))
  place <- switch(option, last = length(years), second_last = length(years) - 1, first = 1, all = NA)
  if (is.na(place)) {
    return(list(years = years, before = NULL))
  }
  if (place < 1) {
    return(NULL)
  }
  list(years = years[place], before = if (place > 1) years[place - 1])
}

#' Reports of a year with those without a country placed as an option says; nothing where the data do not allow it.
#'
#' @param year Rows of `jurisdiction_years`, one year.
#' @param congress Reports of users in the country set apart, by year, as the clearinghouse told Congress.
place_unlisted <- function(year, option, settings, congress) {
  own <- year$iso3 == settings$apart
  year$reports[own] <- switch(
    option,
    left_out = year$reports[own],
    all_to_country = year$reports[own] + sum(year$reports[year$iso3 == settings$without_country], na.rm = TRUE),
    as_to_congress = unname(congress[as.character(year$year[1])])
  )
  if (any(own) && !anyNA(year$reports[own])) year
}

#' Rates of places under one combination of options, summed over years.
#'
#' @param rows Rows of `jurisdiction_years`, of the years in question.
#' @param options List of `denominator`, `floor`, `unlisted`, `rate`.
#' @return Rates, named by code; nothing where the data do not allow the combination.
rates_under <- function(rows, options, settings, congress) {
  placed <- lapply(split(rows, rows$year), place_unlisted, options$unlisted, settings, congress)
  if (any(vapply(placed, is.null, NA))) {
    return(NULL)
  }
  rows <- rankable(do.call(rbind, placed))
  rows <- rows[rows$population >= floor_parts[[options$floor]] * settings$population_floor, ]
  rows$people <- if (options$denominator == "online") as.numeric(rows$internet_users) else rows$population
  rows <- rows[!is.na(rows$people) & rows$people > 0, ]
  if (!settings$apart %in% rows$iso3) {
    return(NULL)
  }
  places <- stats::aggregate(cbind(reports, population = people) ~ iso3, rows, sum)
  rates <- if (options$rate == "crude") places$reports / places$population * 1e5 else gamma_poisson(places)$per_100k
  stats::setNames(rates, places$iso3)
}

#' Rank of the country set apart, under one combination of options.
#'
#' @param rows Rows of `jurisdiction_years` that mean the same.
rank_under <- function(rows, options, settings, congress) {
  span <- option_years(options$year, rankable(rows)$year)
  rates <- if (!is.null(span)) rates_under(rows[rows$year %in% span$years, ], options, settings, congress)
  if (!is.null(rates)) {
    list(estimate = unname(rank_of(rates)[names(rates) == settings$apart]), n = length(rates))
  }
}

#' What part of the first places of one year are among the first of the next, under one combination of options.
kept_under <- function(rows, options, settings, congress) {
  span <- option_years(options$year, rankable(rows)$year)
  if (is.null(span$before)) {
    return(NULL)
  }
  rates <- lapply(c(span$before, span$years), function(year) {
    rates_under(rows[rows$year == year, ], options, settings, congress)
  })
  if (any(vapply(rates, is.null, NA))) {
    return(NULL)
  }
  first <- lapply(rates, function(of_year) names(of_year)[rank_of(of_year) <= settings$top])
  list(estimate = mean(first[[1]] %in% first[[2]]), n = length(first[[1]]))
}

#' All specifications of ranks: first the rank of the country set apart, then what part of the first places stays.
#'
#' @param rows Rows of `jurisdiction_years` that mean the same.
#' @param choices Table `choices`.
#' @param facts Table `ojjdp_facts`.
#' @return List of `specifications` and `options`, as from `specify`.
rank_specifications <- function(rows, choices, facts, settings) {
  told <- facts[facts$table == "user_locations" & facts$measure == "reports" & facts$item == "us", ]
  congress <- stats::setNames(told$value, told$year)
  parts <- list(
    specify("ranks", choices, function(options) rank_under(rows, options, settings, congress), "rank_apart", "rank"),
    specify("ranks", choices, function(options) kept_under(rows, options, settings, congress), "kept_share", "share")
  )
  lapply(c(specifications = "specifications", options = "options"), function(name) {
    do.call(rbind, lapply(parts, `[[`, name))
  })
}
