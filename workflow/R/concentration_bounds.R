# How concentrated reports can be in a year of which only some rows are known: what the rest allows, at least and most.
#
# The total of the year is known, and so is the rest that no listed row has. Nobody knows how many made it, nor whether
# some of it belongs to owners that are listed.

#' The least and the most that the largest can have together.
#'
#' @param counts Reports of those that are listed.
#' @param rest Reports of all others together.
#' @param may_join Whether some of the rest may belong to those that are listed.
#' @return Two shares: as if the rest were of many that are smaller than the largest listed; and as if it were all of
#'   one, of the largest listed if it may be.
top_share_bounds <- function(counts, rest, number, may_join) {
  total <- sum(counts) + rest
  least <- sum(utils::head(sort(counts, decreasing = TRUE), number)) / total
  most <- if (may_join) min(1, least + rest / total) else top_share(c(counts, rest), number)
  c(least, most)
}

#' The least and the most of Herfindahl's index: as if the rest were of as many as it has reports, or all of one.
herfindahl_bounds <- function(counts, rest, may_join) {
  total <- sum(counts) + rest
  largest <- which.max(counts)
  together <- if (may_join) replace(counts, largest, counts[largest] + rest) else c(counts, rest)
  c((sum(counts^2) + rest) / total^2, herfindahl(together))
}

#' Rows of results: bounds of concentration for each year of which only some rows are known.
#'
#' @param listed Data frame with `year`, `id` and `reports` of the rows that are known.
#' @param totals Data frame with `year` and `reports` of all service providers.
#' @param unit_of_analysis provider or owner; only an owner may have some of the rest too.
#' @param top How many of the largest are taken together; several numbers.
bounds_rows <- function(listed, totals, unit_of_analysis, top) {
  do.call(rbind, lapply(sort(unique(listed$year)), function(year) {
    counts <- as.numeric(year_counts(listed, year))
    rest <- totals$reports[totals$year == year] - sum(counts)
    may_join <- unit_of_analysis == "owner"
    listed_percent <- 100 * sum(counts) / (sum(counts) + rest)
    note <- sprintf("Only rows that make %.1f%% of the year's reports are known.", listed_percent)
    row <- function(parameter, bounds, unit) {
      is_known <- rest == 0
      result_row(
        "How far can the reports come from few service providers, where not all rows are known?", parameter,
        if (is_known) bounds[1] else NA_real_, unit, length(counts), unit_of_analysis,
        "bounds: the rest is of many small ones, or all of one",
        interval = bounds, interval_kind = "bounds", subset = sprintf("%d, %ss", year, unit_of_analysis),
        status = if (is_known) "estimated" else "not_estimable", note = note
      )
    }
    do.call(rbind, c(
      lapply(top, function(number) {
        row(sprintf("top_%d_share", number), top_share_bounds(counts, rest, number, may_join), "share")
      }),
      list(
        row("herfindahl", herfindahl_bounds(counts, rest, may_join), "ratio"),
        row("effective_number", rev(1 / herfindahl_bounds(counts, rest, may_join)), "statistic")
      )
    ))
  }))
}

#' All bounds, in the form of data/schemas/estimates.json.
#'
#' @param selected Table `selected_esp_reports`: rows as printed.
#' @param shares Table `provider_shares`: rows by owner, with `is_full_table`.
#' @param totals Data frame with `year` and `reports` of all service providers.
#' @return Rows for the years without the full table; none where every year has it.
concentration_bounds <- function(selected, shares, totals, top) {
  partial <- unique(shares$year[!shares$is_full_table])
  printed <- selected[selected$year %in% partial, ]
  printed$id <- printed$esp_printed
  owned <- shares[!shares$is_full_table, ]
  owned$id <- owned$provider
  rbind(
    bounds_rows(printed, totals, "provider", top), bounds_rows(owned, totals, "owner", top), no_results()
  )
}

#' A table of results without rows.
no_results <- function() {
  result_row("none", "none", 0, "count", 0, "none", "none")[0, ]
}
