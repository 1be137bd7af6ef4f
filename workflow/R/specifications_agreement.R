# How close both counts are, and which side counts more, under every defensible choice.

#' Pairs that an option of the exclusion keeps, TRUE or FALSE each.
#'
#' @param pairs From `judged_pairs`.
kept_by_exclusion <- function(pairs, option) {
  providers <- unique(pairs$provider)
  spread_without <- function(ids) stats::sd(pairs$relative_difference[!pairs$provider %in% ids])
  widest <- function(n) {
    if (length(providers) <= n) {
      return(providers)
    }
    sets <- utils::combn(sort(providers), n, simplify = FALSE)
    sets[[which.min(vapply(sets, spread_without, 0))]]
  }
  switch(option,
    none = rep(TRUE, nrow(pairs)),
    doubtful_pairs = !grepl("doubtful", pairs$warnings, fixed = TRUE),
    rounded_pairs = !is_rounded(pairs),
    secondary_pairs = pairs$own_provenance %in% "primary",
    few_reports = pairs$verdict != "too_few_to_tell",
    first_years = pairs$year != stats::ave(pairs$year, pairs$provider, FUN = min),
    widest_provider = !pairs$provider %in% widest(1),
    two_widest_providers = !pairs$provider %in% widest(2)
  )
}

#' Differences of counts by an option of the measure, with their signs: all are shares, zero for equal counts.
differences_by_measure <- function(ncmec, provider, option) {
  switch(option,
    relative_to_mean = share_of_mean(ncmec, provider),
    relative_to_ncmec = ifelse(ncmec == provider, 0, (ncmec - provider) / ncmec),
    larger_over_smaller = ifelse(
      ncmec == provider, 0, sign(ncmec - provider) * (pmax(ncmec, provider) / pmin(ncmec, provider) - 1)
    )
  )
}

#' One number per unit: distances, or differences with their signs.
#'
#' @param option by_pair, by_median, by_mean or by_summed: what a provider's years become.
#' @param of Function that is applied to differences first: `abs` for distances, `identity` for signs.
units_of_pairs <- function(pairs, measure, option, of) {
  own <- of(differences_by_measure(pairs$ncmec_reports, pairs$provider_reports, measure))
  by_provider <- function(one) as.numeric(tapply(own, pairs$provider, one))
  total <- function(column) as.numeric(tapply(pairs[[column]], pairs$provider, sum))
  found <- switch(option,
    by_pair = own,
    by_median = by_provider(if (identical(of, abs)) typical else stats::median),
    by_mean = by_provider(mean),
    by_summed = of(differences_by_measure(total("ncmec_reports"), total("provider_reports"), measure))
  )
  found[is.finite(found)]
}

#' Pairs as some options take them; none where these leave nothing, or nothing to choose.
taken_pairs <- function(pairs, options) {
  rows <- pairs[kept_by_exclusion(pairs, options$exclusion), ]
  # rounding leaves nothing to choose where no rounded count is left
  if (nrow(rows) == 0 || (options$rounding != "as_disclosed" && !any(is_rounded(rows)))) {
    return(NULL)
  }
  if (options$rounding == "middle") rows$provider_reports <- (rows$provider_low + rows$provider_high) / 2
  rows
}

#' The middle of the distances of both counts by some options.
specified_distance <- function(pairs, options) {
  rows <- taken_pairs(pairs, options)
  if (is.null(rows)) {
    return(NULL)
  }
  found <- units_of_pairs(rows, options$measure, options$unit, abs)
  list(estimate = if (options$statistic == "median") stats::median(found) else mean(found), n = length(found))
}

#' The share of units for which NCMEC counts more, by some options.
#'
#' A sign is the same on every scale, unless differences are averaged, and there is no mean of signs: other options than
#' the chosen ones make no further result.
#'
#' @param chosen Ids of the chosen options.
specified_share <- function(pairs, options, chosen) {
  rows <- taken_pairs(pairs, options)
  has_meaning <- options$statistic %in% chosen && (options$unit == "by_mean" || options$measure %in% chosen)
  if (is.null(rows) || !has_meaning) {
    return(NULL)
  }
  found <- units_of_pairs(rows, options$measure, options$unit, identity)
  found <- found[abs(found) > 1e-12]
  if (length(found) == 0) NULL else list(estimate = mean(found > 0), n = length(found))
}

#' The result on agreement under each combination of options.
#'
#' @param pairs From `judged_pairs`.
#' @param choices data/reference/choices.csv.
#' @return As `specify`, for two parameters: `typical_distance`, how far apart both counts of a unit are in the middle,
#'   and `positive_share`, for what share of the units that differ NCMEC counts more.
specify_agreement <- function(pairs, choices) {
  chosen <- choices$option[choices$question == "agreement" & choices$is_chosen]
  parts <- list(
    typical_distance = function(options) specified_distance(pairs, options),
    positive_share = function(options) specified_share(pairs, options, chosen)
  )
  made <- lapply(names(parts), function(name) specify("agreement", choices, parts[[name]], name, "share"))
  bound <- function(part) do.call(rbind, lapply(made, `[[`, part))
  list(specifications = bound("specifications"), options = bound("options"))
}
