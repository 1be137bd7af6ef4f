# Whether providers and the clearinghouse count the same: one scale for a pair, one verdict, and who counts more.
#
# Everything is judged on the relative difference: NCMEC's count less the provider's, over the mean of both, as in Bland
# and Altman's plot. Where a count is rounded, the difference has the bounds that the rounded number leaves it.

#' A count less another, as a share of the mean of both: from -2 to 2, and zero for equal counts, two zeros among them.
share_of_mean <- function(count, other) ifelse(count == other, 0, (count - other) / ((count + other) / 2))

#' Differences of the comparable pairs.
#'
#' @param pairs Data frame with `provider`, `year`, `provider_reports`, `ncmec_reports` (counts), `is_comparable`, and
#'   `provider_low`, `provider_high`, between which the provider's count lies: itself, unless it is rounded.
#' @return One row per comparable pair, with `mean_reports`, `difference` (counts), `relative_difference` (share of
#'   the mean), its bounds `relative_low` and `relative_high`, and `log_ratio` (natural logarithm; missing where one of
#'   the counts is zero).
agreement_pairs <- function(pairs) {
  pairs <- pairs[pairs$is_comparable, ]
  pairs$mean_reports <- (pairs$ncmec_reports + pairs$provider_reports) / 2
  pairs$difference <- pairs$ncmec_reports - pairs$provider_reports
  pairs$relative_difference <- share_of_mean(pairs$ncmec_reports, pairs$provider_reports)
  # the more the provider's count stands for, the less NCMEC's exceeds it
  pairs$relative_low <- share_of_mean(pairs$ncmec_reports, pairs$provider_high)
  pairs$relative_high <- share_of_mean(pairs$ncmec_reports, pairs$provider_low)
  pairs$log_ratio <- log(pairs$ncmec_reports / pairs$provider_reports)
  pairs$log_ratio[!is.finite(pairs$log_ratio)] <- NA
  pairs
}

#' Pairs whose ratio is a number: one count of zero is infinitely far from any other.
with_ratio <- function(pairs) pairs[!is.na(pairs$log_ratio), ]

is_rounded <- function(pairs) pairs$provider_low < pairs$provider_high

#' The least and the largest distance from zero between two bounds.
distance_bounds <- function(low, high) {
  data.frame(low = ifelse(low <= 0 & high >= 0, 0, pmin(abs(low), abs(high))), high = pmax(abs(low), abs(high)))
}

#' How far apart both counts of each pair are at least and at most: shares of their mean, and numbers of reports.
pair_distances <- function(pairs) {
  shares <- distance_bounds(pairs$relative_low, pairs$relative_high)
  reports <- distance_bounds(pairs$ncmec_reports - pairs$provider_high, pairs$ncmec_reports - pairs$provider_low)
  data.frame(
    share_low = shares$low, share_high = shares$high, reports_low = reports$low, reports_high = reports$high,
    is_exact = !is_rounded(pairs)
  )
}

#' The verdict on each distance.
#'
#' Rounding decides nothing against anybody: the verdict is the best one that its bounds allow, and `is_straddling` says
#' where they allow a worse one too. A difference of few reports is no disagreement, whatever share it is.
#'
#' @param distances From `pair_distances`, or like it.
#' @param limits List: `close` and `near`, shares of the mean, and `few_reports`.
#' @return Data frame: `verdict`, one of equal, agrees_within_rounding, close, near, apart, too_few_to_tell, and
#'   `is_straddling`.
judge_distances <- function(distances, limits) {
  of <- function(share, reports) {
    far <- ifelse(reports < limits$few_reports, "too_few_to_tell", "apart")
    ifelse(share <= limits$close, "close", ifelse(share <= limits$near, "near", far))
  }
  best <- of(distances$share_low, distances$reports_low)
  without_gap <- ifelse(distances$is_exact, "equal", "agrees_within_rounding")
  data.frame(
    verdict = ifelse(distances$share_low == 0, without_gap, best),
    is_straddling = best != of(distances$share_high, distances$reports_high)
  )
}

#' Pairs with the verdict on each.
#'
#' @param pairs From `agreement_pairs`.
#' @param limits See `judge_distances`.
judged_pairs <- function(pairs, limits) {
  pairs[c("verdict", "is_straddling")] <- judge_distances(pair_distances(pairs), limits)
  pairs
}

#' The value that at least half of the values do not exceed: of an even number, the lower of the two in the middle.
#'
#' The mean of these two would be far off where one of two is, so that a provider with an even number of years would be
#' judged worse for having one more.
typical <- function(values) sort(values)[ceiling(length(values) / 2)]

#' What the years of each provider show together, and the verdict on its typical year.
#'
#' @param pairs From `judged_pairs`.
#' @param limits See `judge_distances`.
#' @return One row per provider: how many years have which verdict; the typical distance of both counts with the bounds
#'   that rounding leaves; mean, median and the difference of summed counts, with their signs; the year of the largest
#'   distance; the verdict.
agreement_providers <- function(pairs, limits) {
  distances <- pair_distances(pairs)
  rows <- lapply(split(seq_len(nrow(pairs)), pairs$provider), function(own) {
    years <- pairs[own, ]
    middle <- data.frame(lapply(distances[own, 1:4], typical), is_exact = all(distances$is_exact[own]))
    widest <- years[which.max(abs(years$relative_difference)), ]
    n <- function(...) sum(years$verdict %in% c(...))
    cbind(
      data.frame(
        provider = years$provider[1], n_years = nrow(years), n_equal = n("equal"),
        n_within_rounding = n("agrees_within_rounding"), n_close = n("close"), n_near_pairs = n("near"),
        n_apart = n("apart"),
        n_too_few = n("too_few_to_tell"), typical_distance = typical(abs(years$relative_difference)),
        typical_low = middle$share_low, typical_high = middle$share_high,
        mean_difference = mean(years$relative_difference), median_difference = stats::median(years$relative_difference),
        summed_difference = share_of_mean(sum(years$ncmec_reports), sum(years$provider_reports)),
        widest_year = widest$year, widest_difference = widest$relative_difference
      ),
      judge_distances(middle, limits)
    )
  })
  do.call(rbind, unname(rows))
}

#' Limits of agreement: the mean less and plus 1.96 standard deviations.
agreement_limits <- function(values) mean(values) + c(-1.96, 1.96) * stats::sd(values)

#' Bias and limits of agreement of relative differences, and what the pairs show without any model.
#'
#' @param pairs From `judged_pairs`.
#' @return One row: numbers of pairs, the typical distance of both counts, the median, the bias, the limits at 1.96
#'   standard deviations, and mean and median over providers, each counted once.
#' @source Bland and Altman, Statistical methods for assessing agreement, Lancet 327 (1986).
agreement_summary <- function(pairs, subset = "all") {
  relative <- pairs$relative_difference
  limits <- agreement_limits(relative)
  of_providers <- function(one) as.numeric(tapply(relative, pairs$provider, one))
  data.frame(
    subset = subset, n_pairs = length(relative), n_providers = length(unique(pairs$provider)),
    n_equal = sum(pairs$difference == 0), n_within_rounding = sum(pairs$verdict == "agrees_within_rounding"),
    n_within_1_percent = sum(abs(relative) <= 0.01), n_within_5_percent = sum(abs(relative) <= 0.05),
    n_apart = sum(pairs$verdict == "apart"), n_too_few = sum(pairs$verdict == "too_few_to_tell"),
    typical_distance = typical(abs(relative)), median = stats::median(relative),
    bias = mean(relative), limit_low = limits[1], limit_high = limits[2],
    provider_bias = mean(of_providers(mean)), provider_median = stats::median(of_providers(stats::median))
  )
}

#' Which pairs are left out in turn, to see what hangs on them: by rules, so that new data choose anew.
#'
#' @param pairs From `agreement_pairs`.
#' @return Named list of what is kept, TRUE or FALSE per pair: without each provider; without the two providers, and
#'   without the pair, that leave the limits of agreement narrowest; without pairs that the data call doubtful, and
#'   without those whose count is rounded. A set that would leave nothing out, or too little in, is not among them.
sets_left_out <- function(pairs) {
  providers <- sort(unique(pairs$provider))
  without <- function(ids) !pairs$provider %in% ids
  sets <- stats::setNames(lapply(providers, without), paste("without", providers))
  couples <- if (length(providers) > 3) utils::combn(providers, 2, simplify = FALSE) else list()
  sets <- c(sets, narrowest(pairs, stats::setNames(
    lapply(couples, without), vapply(couples, function(two) paste("without", paste(two, collapse = " and ")), "")
  )))
  each <- lapply(seq_len(nrow(pairs)), function(at) seq_len(nrow(pairs)) != at)
  sets <- c(sets, narrowest(pairs, stats::setNames(each, paste("without", pairs$provider, pairs$year))))
  sets[["without doubtful pairs"]] <- !grepl("doubtful", pairs$warnings, fixed = TRUE)
  sets[["without rounded pairs"]] <- !is_rounded(pairs)
  sets[vapply(sets, function(kept) sum(kept) > 2 && !all(kept), NA)]
}

#' The one of several sets whose limits of agreement are narrowest, as a list of one; none of none.
narrowest <- function(pairs, sets) {
  spread <- vapply(sets, function(kept) stats::sd(pairs$relative_difference[kept]), 0)
  sets[which.min(spread)]
}

#' A result for all pairs, and again for each set of those that are kept.
#'
#' @param sets Named list, as `sets_left_out` gives it.
#' @param analyse Function of pairs and the subset's name that returns rows.
for_subsets <- function(pairs, sets, analyse) {
  parts <- lapply(names(sets), function(name) analyse(pairs[sets[[name]], ], name))
  do.call(rbind, c(list(analyse(pairs, "all")), parts))
}
