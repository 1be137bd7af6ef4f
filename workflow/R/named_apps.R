# What children name as the place where it happened, against what providers reported: two charts of one document.
#
# Children who were surveyed name apps; providers' reports are counts of another population, in another year. The
# charts list a few apps per country each, so that an order can be compared only where an app stands in both.

chart_of_answers <- "3"
chart_of_reports <- "4"

#' Both charts side by side, by country and platform.
#'
#' @param rows Table `disrupting_harm`.
#' @param totals Data frame: `iso3`, `reports` of the year that the second chart is about.
#' @param counted_as Named list or vector: platforms of the second chart by the name that the first would use.
#' @return Data frame: `iso3`, `country`, `platform`, `named_percent`, `named_rank`, `reports`, `reports_rank`,
#'   `share_of_country`, `is_named_doubtful`, `is_reports_doubtful`, `reported_as` (as the second chart names it).
named_against_reports <- function(rows, totals, counted_as = list()) {
  rows <- rows[rows$figure %in% c(chart_of_answers, chart_of_reports), ]
  rows$as_printed <- rows$platform
  is_renamed <- rows$figure == chart_of_reports & rows$platform %in% names(counted_as)
  rows$platform[is_renamed] <- unlist(counted_as)[rows$platform[is_renamed]]
  side <- function(figure) {
    part <- rows[rows$figure == figure, c("iso3", "country_printed", "platform", "as_printed", "value", "status")]
    part$rank <- stats::ave(-part$value, part$iso3, FUN = function(value) rank(value, ties.method = "min"))
    part
  }
  both <- merge(
    side(chart_of_answers), side(chart_of_reports),
    by = c("iso3", "platform"), all = TRUE, suffixes = c("_a", "_b")
  )
  both <- both[both$iso3 %in% rows$iso3[rows$figure == chart_of_answers], ]
  is_doubtful <- function(status) !is.na(status) & status == "doubtful"
  country <- ifelse(is.na(both$country_printed_a), both$country_printed_b, both$country_printed_a)
  table <- data.frame(
    iso3 = both$iso3, country = stats::ave(country, both$iso3, FUN = function(names) names[which.min(nchar(names))]),
    platform = both$platform, reported_as = both$as_printed_b, named_percent = both$value_a,
    named_rank = both$rank_a, reports = both$value_b, reports_rank = both$rank_b,
    share_of_country = both$value_b / totals$reports[match(both$iso3, totals$iso3)],
    is_named_doubtful = is_doubtful(both$status_a), is_reports_doubtful = is_doubtful(both$status_b)
  )
  table[order(table$country, -pmax(table$named_percent, -1, na.rm = TRUE), table$reports_rank, table$platform), ]
}

#' The chart of reports alone, with all its countries: also those that the chart of answers leaves out.
#'
#' @param rows,totals As in `named_against_reports`.
#' @return Data frame: `iso3`, `country`, `platform`, `reports`, `share_of_country`, `is_reports_doubtful`,
#'   `has_answers`: whether the chart of answers has the country.
charted_reports <- function(rows, totals) {
  shown <- rows[rows$figure == chart_of_reports, ]
  answered <- rows[rows$figure == chart_of_answers, ]
  short <- answered$country_printed[match(shown$iso3, answered$iso3)]
  table <- data.frame(
    iso3 = shown$iso3, country = ifelse(is.na(short), shown$country_printed, short), platform = shown$platform,
    reports = shown$value, share_of_country = shown$value / totals$reports[match(shown$iso3, totals$iso3)],
    is_reports_doubtful = shown$status == "doubtful", has_answers = !is.na(short)
  )
  table[order(table$country, -table$reports, table$platform), ]
}

#' Pairs of platforms of one country that stand in both charts, and whether the charts put them in the same order.
#'
#' @param table From `named_against_reports`.
#' @param leader Platform whose pairs are marked: an order that it alone decides says little.
#' @return Data frame: `iso3`, `country`, `platform_a`, `platform_b`, `order` (same, opposite, tie), `is_doubtful`,
#'   `has_leader`.
order_pairs <- function(table, leader) {
  both <- table[!is.na(table$named_percent) & !is.na(table$reports), ]
  none <- data.frame(
    iso3 = character(), country = character(), platform_a = character(), platform_b = character(), order = character(),
    is_doubtful = logical(), has_leader = logical()
  )
  pairs <- rows_for(split(both, both$iso3), function(country) {
    if (nrow(country) < 2) {
      return(NULL)
    }
    rows_for(utils::combn(seq_len(nrow(country)), 2, simplify = FALSE), function(at) {
      pair <- country[at, ]
      direction <- sign(diff(pair$named_percent)) * sign(diff(pair$reports))
      data.frame(
        iso3 = pair$iso3[1], country = pair$country[1], platform_a = pair$platform[1], platform_b = pair$platform[2],
        order = c("opposite", "tie", "same")[direction + 2],
        is_doubtful = any(pair$is_named_doubtful | pair$is_reports_doubtful),
        has_leader = any(pair$platform %in% leader)
      )
    })
  })
  rbind(none, pairs)
}

#' Whether the two charts agree on an order: how many pairs there are, and what is left of them.
#'
#' An order can be told from chance only by so many pairs that all of them agreeing would be unlikely: six, for a
#' two-sided sign test at 5%.
#'
#' @param pairs From `order_pairs`.
#' @param table From `named_against_reports`, which the pairs are of.
#' @param base What is counted, in words: under which names.
order_results <- function(pairs, table, leader, base) {
  question <- "Do children and providers put platforms in the same order?"
  decided <- pairs[pairs$order != "tie", ]
  left <- decided[!decided$has_leader, ]
  sure <- left[!left$is_doubtful, ]
  row <- function(parameter, estimate, n, note = NA_character_) {
    result_row(
      question, parameter, estimate, "count", n, "pair of platforms in a country", "pairs listed in both charts",
      subset = base, note = note
    )
  }
  counts <- rbind(
    row("same_order", sum(decided$order == "same"), nrow(pairs)),
    row("opposite_order", sum(decided$order == "opposite"), nrow(pairs)),
    row("ties", sum(pairs$order == "tie"), nrow(pairs)),
    row("same_order_without_leader", sum(left$order == "same"), nrow(left), sprintf("Without %s.", leader)),
    row("sure_without_leader", nrow(sure), nrow(left), sprintf("Pairs without %s and without a doubtful cell.", leader))
  )
  leading <- table[table$platform %in% leader, ]
  first <- sum(leading$named_rank == 1 & leading$reports_rank == 1, na.rm = TRUE)
  is_estimable <- 2 * 0.5^nrow(sure) <= 0.05
  rbind(counts, result_row(
    question, "same_order_share", if (is_estimable) mean(sure$order == "same") else NA, "share", nrow(sure),
    "pair of platforms in a country", "share of untied pairs in the same order, the leader and doubtful cells left out",
    subset = base, status = if (is_estimable) "estimated" else "not_estimable",
    note = sprintf(paste(
      "Pairs in the same order: %d; with %s, which is first in both charts in %s of %s countries: %d. Untied pairs",
      "without it: %d, of them with a doubtful cell: %d. The bases differ too: children who were asked, and reports",
      "that providers made."
    ), sum(decided$order == "same"), leader, number_word(first), number_word(length(unique(table$iso3))),
    sum(decided$order == "same" & decided$has_leader), nrow(left), sum(left$is_doubtful))
  ))
}

#' The comparison with platforms under their printed names, and again with some counted as others.
#'
#' @param rows,totals,counted_as As in `named_against_reports`.
#' @return List of `table` (with all that `counted_as` brings together), `charted` (all countries of the chart of
#'   reports), `pairs` (with `base`, what names were used) and `results`.
named_apps <- function(rows, totals, counted_as, leader) {
  bases <- list("names as printed" = list())
  if (length(counted_as) > 0) {
    bases[[paste(names(counted_as), "counted as", unlist(counted_as), collapse = ", ")]] <- counted_as
  }
  tables <- lapply(bases, function(names) named_against_reports(rows, totals, names))
  pairs <- rows_for(names(tables), function(base) {
    found <- order_pairs(tables[[base]], leader)
    cbind(base = rep(base, nrow(found)), found)
  })
  results <- rows_for(names(tables), function(base) {
    order_results(pairs[pairs$base == base, ], tables[[base]], leader, base)
  })
  list(
    table = tables[[length(tables)]], charted = charted_reports(rows, totals), pairs = pairs, results = results
  )
}

#' The comparison that the settings ask for.
#'
#' @param rows As in `named_against_reports`.
#' @param years Reports by jurisdiction and year.
#' @param settings `reports_year`, `counted_as` and `leader`, as under `named_apps` in `config/config.yaml`.
#' @return As `named_apps` returns it.
named_apps_for <- function(rows, years, settings) {
  named_apps(rows, years[years$year == settings$reports_year, ], settings$counted_as, settings$leader)
}
