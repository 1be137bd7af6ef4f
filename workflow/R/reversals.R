# How much of what providers acted upon was restored; and how many people are active on a family of services.
#
# What is restored in a period may have been acted upon in an earlier one, and only what is appealed or looked at again
# can be restored: this is a reversed share, not a rate of false positives.

#' The unit to which counts of each number of digits are rounded: the largest power of ten that divides all of them.
#'
#' @param values Printed counts that are rounded.
#' @return Numeric vector by number of digits, named so. A class with few values can look rounder than it is, which
#'   makes bounds wider, never narrower.
rounding_units <- function(values) {
  values <- values[!is.na(values) & values > 0]
  zeros <- nchar(sub("^.*?(0*)$", "\\1", format(values, scientific = FALSE, trim = TRUE), perl = TRUE))
  digits <- floor(log10(values)) + 1
  10^tapply(zeros, digits, min)
}

#' Half of the unit that each value is rounded to: how far the exact count can be away.
#'
#' @param units From `rounding_units`; values of fewer digits than any of its classes take the smallest class's.
half_unit <- function(values, units) {
  digits <- ifelse(values > 0, floor(log10(pmax(values, 1))) + 1, 0)
  known <- as.numeric(names(units))
  if (length(known) == 0) {
    return(rep(0, length(values)))
  }
  as.numeric(units[vapply(digits, function(digit) which.min(abs(known - digit)), 1L)]) / 2
}

#' Decimals of printed percentages: "0.00%" has two.
printed_decimals <- function(texts) {
  decimals <- regmatches(texts, regexpr("\\.[0-9]+", texts))
  found <- grepl("\\.[0-9]+", texts)
  replace(numeric(length(texts)), found, nchar(decimals) - 1)
}

#' Counts of one provider by period, with what rounding allows.
#'
#' @param rows Table `disclosures`, redundant rows left out, with `value_printed` where known.
#' @param metrics Metrics to be added; a period counts only where all of them are disclosed.
#' @return Data frame: `start`, `end`, `period`, `value`, `low`, `high`, `warnings`.
period_counts <- function(rows, provider, metrics) {
  own <- rows[rows$organization == provider & rows$metric %in% metrics & !is.na(rows$value), ]
  if (nrow(own) == 0) {
    return(NULL)
  }
  is_rounded <- grepl("rounded", own$warnings)
  margin <- ifelse(is_rounded, half_unit(own$value, rounding_units(rows$value[
    rows$organization == provider & grepl("rounded", rows$warnings) & rows$unit == "count"
  ])), 0)
  own$low <- pmax(0, own$value - margin)
  own$high <- own$value + margin
  do.call(rbind, unname(lapply(split(own, own$period), function(part) {
    if (!setequal(part$metric, metrics)) {
      return(NULL)
    }
    data.frame(
      part[1, c("period", "start", "end")], value = sum(part$value), low = sum(part$low), high = sum(part$high),
      warnings = paste(part$warnings[!is.na(part$warnings)], collapse = "|")
    )
  })))
}

#' What a provider restored by period: counts, or a percentage of what it acted upon.
#'
#' @param acted From `period_counts`.
#' @param measure List of `providers` and of `restored` (metrics) or `restored_percent` (one metric).
restored_counts <- function(rows, provider, measure, acted) {
  if (is.null(measure$restored_percent)) {
    return(period_counts(rows, provider, unlist(measure$restored)))
  }
  percent <- rows[rows$organization == provider & rows$metric == measure$restored_percent & !is.na(rows$value), ]
  percent <- percent[percent$period %in% acted$period, ]
  base <- acted[match(percent$period, acted$period), ]
  margin <- 0.5 * 10^-printed_decimals(percent$value_printed)
  data.frame(
    percent[c("period", "start", "end")], value = percent$value / 100 * base$value,
    low = pmax(0, percent$value - margin) / 100 * base$low, high = (percent$value + margin) / 100 * base$high,
    warnings = percent$warnings
  )
}

#' Both sides of one measure by provider and period; a period of a group counts only where all its providers have both.
#'
#' @param measure List of `id`, `providers`, `acted_upon` (metric), and `restored` or `restored_percent`.
reversal_periods <- function(rows, measure, providers = unlist(measure$providers)) {
  sides <- lapply(providers, function(provider) {
    acted <- period_counts(rows, provider, measure$acted_upon)
    restored <- if (!is.null(acted)) restored_counts(rows, provider, measure, acted)
    if (is.null(restored)) {
      return(NULL)
    }
    merge(acted, restored, by = c("period", "start", "end"), suffixes = c("_acted", "_restored"))
  })
  both <- do.call(rbind, sides)
  if (is.null(both)) {
    return(NULL)
  }
  n_sides <- table(both$period)
  both <- both[both$period %in% names(n_sides)[n_sides == length(providers)], ]
  both[order(both$start, both$period), ]
}

#' Reversed share of each year, with bounds from rounding; a year that periods do not cover is marked.
#'
#' @param periods From `reversal_periods`.
reversed_years <- function(periods, provider, acted_upon) {
  periods$year <- as.integer(format(as.Date(periods$start), "%Y"))
  by_year(periods, function(year) {
    spans <- unique(year[c("period", "start", "end")])
    days_between <- function(start, end) as.numeric(as.Date(end) - as.Date(start)) + 1
    days <- sum(days_between(spans$start, spans$end))
    days_of_year <- days_between(paste0(year$year[1], "-01-01"), paste0(year$year[1], "-12-31"))
    restored <- sum(year$value_restored)
    acted <- sum(year$value_acted)
    words <- setdiff(unlist(strsplit(c(year$warnings_acted, year$warnings_restored), "|", fixed = TRUE)), c(NA, ""))
    if (days < days_of_year) words <- c(words, "partial-year")
    data.frame(
      provider = provider, measure = acted_upon, year = year$year[1], periods = paste(spans$period, collapse = ", "),
      is_full_year = days >= days_of_year, restored = restored, acted_upon = acted, reversed_share = restored / acted,
      share_low = sum(year$low_restored) / sum(year$high_acted),
      share_high = sum(year$high_restored) / sum(year$low_acted),
      warnings = paste(sort(unique(words)), collapse = "|")
    )
  })
}

#' Reversed shares of all measures, of groups of providers and of each provider in them.
#'
#' @param rows Table `disclosures` with a column `value_printed`.
#' @param measures List of lists, as in `reversal_periods`.
reversed_shares <- function(rows, measures) {
  rows <- rows[!rows$is_redundant, ]
  rows_for(measures, function(measure) {
    providers <- unlist(measure$providers)
    sets <- c(list(providers), if (length(providers) > 1) as.list(providers))
    names(sets) <- if (length(providers) > 1) c(measure$id, providers) else providers
    rows_for(names(sets), function(name) {
      periods <- reversal_periods(rows, measure, sets[[name]])
      if (is.null(periods) || nrow(periods) == 0) NULL else reversed_years(periods, name, measure$acted_upon)
    })
  })
}

#' Full years of one provider that can be set against each other: those after the last year with a new definition.
#'
#' @param part From `reversed_shares`, one provider.
years_since_definition <- function(part) {
  changed <- part$year[grepl("definition-changed", part$warnings)]
  part[part$is_full_year & part$year > max(changed, -Inf), ]
}

#' Spread of reversed shares over years that can be compared, and how many of the surveyed disclose what they rest on.
#'
#' @param shares From `reversed_shares`.
#' @param n_surveyed Number of organizations surveyed.
reversal_results <- function(shares, measures, n_surveyed) {
  question <- "How much of what was acted upon was restored?"
  no_rate <- paste(
    "Not a rate of false positives: what is restored may be of an earlier period, and only what is looked at again can",
    "be restored."
  )
  spread <- rows_for(split(shares, shares$provider), function(part) {
    full <- years_since_definition(part)
    is_known <- nrow(full) > 0
    is_cut <- any(grepl("definition-changed", part$warnings))
    cut <- "Years up to the last change of definition are left out, because they cannot be set against later ones."
    result_row(
      question, "reversed_share", if (is_known) stats::median(full$reversed_share) else NA, "share", nrow(full),
      "full year", "median over full years of one definition; the ends are the lowest and the highest year",
      if (is_known) range(full$reversed_share) else c(NA, NA),
      interval_kind = if (is_known) "range" else NA_character_,
      subset = part$provider[1], status = if (is_known) "estimated" else "not_estimable",
      note = paste(c(no_rate, if (is_cut) cut, if (!is_known) "No full year of one definition is disclosed."),
                   collapse = " ")
    )
  })
  providers <- unique(unlist(lapply(measures, function(measure) unlist(measure$providers))))
  rbind(spread, result_row(
    question, "providers_disclosing", length(intersect(providers, shares$provider)), "count", n_surveyed,
    "organization surveyed", "organizations with both counts on sexual exploitation of children",
    note = "For all others nothing can be said."
  ))
}

# billions are printed with two decimals
people_rounding <- 0.005

#' Active people as a share of the world's, with bounds from rounding.
#'
#' @param people Table `family_active_people`: `period` (year and quarter), `frequency`, `people_billion`.
#' @param world Table `world_populations`.
active_people_shares <- function(people, world) {
  people$year <- as.integer(substr(people$period, 1, 4))
  people$population <- as.numeric(world$population[match(people$year, world$year)])
  share <- function(billion) billion * 1e9 / people$population
  data.frame(
    people[c("period", "year", "frequency", "people_billion", "population")], share = share(people$people_billion),
    share_low = share(people$people_billion - people_rounding),
    share_high = share(people$people_billion + people_rounding)
  )
}

#' The first and the last share of people reached.
#'
#' @param shares From `active_people_shares`.
reach_results <- function(shares) {
  shares <- shares[!is.na(shares$share), ]
  question <- "What part of the world's people do the services of the family count as active?"
  rows_for(split(shares, shares$frequency), function(part) {
    part <- part[order(part$period), ]
    rows_for(unique(c(1, nrow(part))), function(at) {
      row <- part[at, ]
      result_row(
        question, paste(row$frequency, "share", sep = "_"), row$share, "share", 1, "quarter",
        "active people over the world's population of the year; the ends are what rounding allows",
        c(row$share_low, row$share_high), subset = row$period, interval_kind = "rounding",
        note = paste(
          "The corporation's own estimate of people, whose error it does not print; the population is of the middle of",
          "the year."
        )
      )
    })
  })
}

#' Reports of a corporation by 1,000 people active in a month on its services, in the last quarter of each year.
#'
#' @param people Table `family_active_people`.
#' @param reports Rows of the table `provider_shares` of that corporation.
reports_per_person <- function(people, reports) {
  at_end <- people[people$frequency == "monthly" & grepl("Q4$", people$period), ]
  at_end$year <- as.integer(substr(at_end$period, 1, 4))
  both <- merge(at_end, reports, by = "year")
  per_1000 <- function(billion) both$reports / (billion * 1e6)
  both$rate <- per_1000(both$people_billion)
  both$low <- per_1000(both$people_billion + people_rounding)
  both$high <- per_1000(both$people_billion - people_rounding)
  rows_for(split(both, both$year), function(row) {
    result_row(
      "How many reports does the family make by the people active on it?", "reports_per_1000_people", row$rate,
      "per_1000", 1, "year",
      "reports of the year over people active in a month of its last quarter; the ends are what rounding allows",
      c(row$low, row$high), subset = as.character(row$year), interval_kind = "rounding",
      note = paste(
        "One person can cause many reports, and one file many copies; people are estimated by the corporation itself.",
        "No share of people follows."
      )
    )
  })
}

#' Disclosures with the text that each was printed as, which tells how a percentage was rounded.
#'
#' @param rows Table `disclosures`.
#' @param printed Tables of `data/disclosures/` with their `organization`.
with_printed <- function(rows, printed) {
  key <- function(table) paste(table$organization, table$metric, table$component, table$period)
  rows$value_printed <- printed$value_printed[match(key(rows), key(printed))]
  rows
}
