# Tests of which side counts more, and why the outliers are described and not tested.

#' Wilcoxon's signed rank test, exact with ties: zeros are left out, equal differences share their mean rank.
#'
#' The distribution of the rank sum is that over all assignments of signs, each as likely as the other.
#'
#' @param differences Numbers.
#' @return List: `n` differences other than zero, `positive_sum` and `total` of ranks, `p_one_sided` (more or larger
#'   positive ones) and `p_two_sided`; p is missing where all differences are zero.
#' @source Hollander, Wolfe and Chicken, Nonparametric Statistical Methods (2013), section 3.1.
signed_rank_test <- function(differences) {
  # differences that are equal but for the last bits of a division share a rank
  differences <- signif(differences[differences != 0], 12)
  n <- length(differences)
  if (n == 0) {
    return(list(n = 0, positive_sum = 0, total = 0, p_one_sided = NA_real_, p_two_sided = NA_real_))
  }
  # doubled, mean ranks are whole numbers
  ranks <- as.integer(round(2 * rank(abs(differences))))
  total <- sum(ranks)
  positive <- sum(ranks[differences > 0])
  ways <- c(1, numeric(total))
  for (rank in ranks) ways <- ways + c(numeric(rank), utils::head(ways, -rank))
  probabilities <- ways / 2^n
  at_least <- function(sum) sum(probabilities[seq_along(probabilities) - 1 >= sum])
  list(
    n = n, positive_sum = positive / 2, total = total / 2, p_one_sided = at_least(positive),
    p_two_sided = min(1, 2 * at_least(max(positive, total - positive)))
  )
}

#' How often one side counts more than the other, ties left out.
#'
#' @param differences Numbers whose signs are counted.
#' @return One row: n, positives, negatives, ties, share of positives, and `n_needed`, how many of those that differ
#'   would have to point one way for the exact sign test to find it; missing where all of them would not be enough.
count_signs <- function(differences) {
  positive <- sum(differences > 0)
  negative <- sum(differences < 0)
  decided <- positive + negative
  data.frame(
    n = length(differences), n_positive = positive, n_negative = negative, n_ties = sum(differences == 0),
    positive_share = if (decided == 0) NA_real_ else positive / decided, n_needed = needed_split(decided)
  )
}

#' Exact two-sided probability of a split at least as uneven, both signs being equally likely; missing without any sign.
sign_p <- function(positive, negative) {
  if (positive + negative == 0) NA_real_ else stats::binom.test(positive, positive + negative)$p.value
}

#' How many of some that differ must point one way for a p below 0.05; missing where all would not be enough.
needed_split <- function(decided) {
  p <- vapply(seq_len(decided), function(one_way) sign_p(one_way, decided - one_way), 0)
  enough <- which(p < 0.05 & seq_len(decided) > decided / 2)
  if (length(enough) == 0) NA_real_ else min(enough)
}

#' The chance that the sign test finds what there is.
#'
#' @param decided How many differ.
#' @param share Probability that one that differs points one way.
sign_power <- function(decided, share) {
  needed <- needed_split(decided)
  if (is.na(needed)) {
    return(0)
  }
  found <- c(seq(0, decided - needed), seq(needed, decided))
  sum(stats::dbinom(found, decided, share))
}

#' Probability of so uneven a split of pairs, where all pairs of a provider would have turned together.
#'
#' Pairs of one provider are not independent. If both sides were alike, all signs of a provider could as well be the
#' other way round, so that its surplus of positive ones is added or taken away, each as likely as the other.
#'
#' @param differences Numbers.
#' @param providers The provider of each.
#' @return Two-sided p, exact; missing where all differences are zero.
clustered_sign_p <- function(differences, providers) {
  surplus <- abs(as.integer(tapply(sign(differences), providers, sum)))
  if (all(differences == 0)) {
    return(NA_real_)
  }
  ways <- 1
  for (one in surplus) ways <- c(ways, numeric(2 * one)) + c(numeric(2 * one), ways)
  sums <- seq(-sum(surplus), sum(surplus))
  observed <- abs(sum(sign(differences)))
  sum(ways[abs(sums) >= observed]) / 2^length(surplus)
}

#' One number for each provider, those that cancel out being zero.
#'
#' @param by How the years become one: their `median`, their `mean`, or the difference of the `summed` counts.
provider_differences <- function(pairs, by = "median") {
  total <- function(column) tapply(pairs[[column]], pairs$provider, sum)
  found <- switch(by,
    mean = tapply(pairs$relative_difference, pairs$provider, mean),
    median = tapply(pairs$relative_difference, pairs$provider, stats::median),
    summed = share_of_mean(total("ncmec_reports"), total("provider_reports"))
  )
  # differences that cancel out are a tie, not a rounding error's sign
  found[abs(found) < 1e-12] <- 0
  found
}

#' Who counts more, by provider in three ways and by pair, for one subset.
#'
#' @return Rows: `subset`, `unit_of_analysis`, `taken_by` (median, mean or summed years of a provider; pair), the counts
#'   of `count_signs`, and `p_two_sided`. None is a test of its own but that of all providers by their median: the
#'   others show how far it hangs on a choice.
agreement_signs <- function(pairs, subset = "all") {
  by_provider <- do.call(rbind, lapply(c("median", "mean", "summed"), function(by) {
    found <- count_signs(provider_differences(pairs, by))
    p <- sign_p(found$n_positive, found$n_negative)
    data.frame(unit_of_analysis = "provider", taken_by = by, found, p_two_sided = p)
  }))
  by_pair <- data.frame(
    unit_of_analysis = "pair", taken_by = "pair", count_signs(pairs$difference),
    p_two_sided = clustered_sign_p(pairs$difference, pairs$provider)
  )
  # the split that pairs need is not that of independent ones
  by_pair$n_needed <- NA_real_
  cbind(subset = subset, rbind(by_provider, by_pair))
}

# What the power of the sign test is given for: NCMEC counting more for three of four providers whose counts differ.
assumed_split <- 0.75

#' Numbers of agreement that prose prints: what the sign test can find, how far its result hangs on choices, and limits.
#'
#' @param signs From `agreement_signs`, all subsets.
#' @param limits See `judge_distances`.
agreement_numbers <- function(signs, limits) {
  of_providers <- signs[signs$unit_of_analysis == "provider", ]
  asked <- of_providers[of_providers$subset == "all" & of_providers$taken_by == "median", ]
  decided <- asked$n - asked$n_ties
  row <- function(subset, parameter, value, unit, rows) {
    number_row(subset, parameter, value, unit, "agreement_signs", rows)
  }
  others <- of_providers[!is.na(of_providers$p_two_sided), ]
  rows <- "by provider: all subsets, by median, mean and summed counts"
  rbind(
    row("sign_test", "n_decided", decided, "count", "all pairs, providers by their median that differ"),
    if (!is.na(asked$n_needed)) row("sign_test", "n_needed", asked$n_needed, "count", "least that must point one way"),
    row("sign_test", "power", sign_power(decided, assumed_split), "probability",
        "chance to find that NCMEC counts more for three of four providers that differ"),
    row("splits", "n", nrow(others), "count", rows),
    row("splits", "n_below_5_percent", sum(others$p_two_sided < 0.05), "count", paste0(rows, ", p below 0.05")),
    row("splits", "smallest_p", min(others$p_two_sided, 1), "probability", rows),
    row("splits", "largest_p", if (nrow(others)) max(others$p_two_sided) else 1, "probability", rows),
    row("limits", "close", limits$close, "share", "configuration: verdicts.close"),
    row("limits", "near", limits$near, "share", "configuration: verdicts.near"),
    row("limits", "few_reports", limits$few_reports, "count", "configuration: verdicts.few_reports"),
    row("limits", "days_close", limits$close * 365, "days", "configuration: verdicts.close, of the days of a year"),
    row("limits", "days_near", limits$near * 365, "days", "configuration: verdicts.near, of the days of a year")
  )
}

direction_question <- "Does NCMEC count more reports than the provider, where the two counts differ?"

#' The one test of which side counts more, all providers by their median, and two others that show what hangs on it.
#'
#' @param pairs From `agreement_pairs`.
#' @return Rows of results, the test asked for first.
direction_rows <- function(pairs) {
  medians <- provider_differences(pairs)
  ties <- sum(medians == 0)
  ranks <- signed_rank_test(medians)
  signs <- agreement_signs(pairs)
  row <- function(test, estimate, p_value, method, n = length(medians), unit = "provider", ...) {
    if (is.na(p_value)) {
      return(result_row(direction_question, test, NA, "share", n, unit, method,
        status = "not_estimable", note = "No difference other than zero."
      ))
    }
    result_row(direction_question, test, estimate, "share", n, unit, method, p_value = p_value, ...)
  }
  asked <- signs[1, ]
  interval <- sign_share_interval(asked$n_positive, asked$n_negative)
  sensitivity <- "No test of its own: it shows how far the sign test by provider hangs on the choice."
  rbind(
    row("provider_sign", asked$positive_share, asked$p_two_sided,
      sprintf("exact sign test, two-sided; Clopper and Pearson's interval; %s ties left out", number_word(ties)),
      interval = interval, interval_kind = if (anyNA(interval)) NA_character_ else "confidence",
      interval_method = if (anyNA(interval)) NA_character_ else "agreement_sign_share",
      note = needed_in_words(asked$n - asked$n_ties)
    ),
    row("provider_signed_rank", ranks$positive_sum / ranks$total, ranks$p_two_sided,
      sprintf(
        "Wilcoxon's signed rank test, exact; share of the rank sum that is positive; %s ties left out",
        number_word(ties)
      ),
      note = sensitivity
    ),
    row("pair_sign", signs$positive_share[4], signs$p_two_sided[4],
      "sign test of pairs in which all signs of a provider turn together, exact", nrow(pairs), "pair",
      note = sensitivity
    )
  )
}

#' Clopper and Pearson's interval of the share of positive signs; two missing ends where there is no sign.
sign_share_interval <- function(positive, negative) {
  decided <- positive + negative
  if (decided == 0) c(NA_real_, NA_real_) else stats::binom.test(positive, decided)$conf.int[1:2]
}

#' How uneven a split would have to be for the sign test to find it, in words.
needed_in_words <- function(decided) {
  needed <- needed_split(decided)
  if (is.na(needed)) {
    return(paste(number_word(decided, TRUE), "that differ are too few for a p below 0.05, however they point."))
  }
  sprintf(
    "Of %s that differ, %s would have to point one way for a p below 0.05.", number_word(decided), number_word(needed)
  )
}

#' Fisher's exact test of a provider's pairs against all others, far against near, at every cutoff there is.
#'
#' @param pairs From `agreement_pairs`.
#' @return One row per provider and cutoff (each relative difference that occurs): `far_inside`, `near_inside`,
#'   `far_outside`, `near_outside` (pairs) and `p` (one-sided: more far pairs inside). None where all pairs are equal.
cutoff_tests <- function(pairs) {
  distance <- signif(abs(pairs$relative_difference), 12)
  grid <- expand.grid(
    cutoff = sort(unique(distance[distance > 0])), provider = sort(unique(pairs$provider)), stringsAsFactors = FALSE
  )
  count <- function(is_far, is_inside) {
    as.numeric(mapply(function(cutoff, provider) {
      sum((distance >= cutoff) == is_far & (pairs$provider == provider) == is_inside)
    }, grid$cutoff, grid$provider))
  }
  rows <- data.frame(
    provider = grid$provider, cutoff = grid$cutoff, far_inside = count(TRUE, TRUE), near_inside = count(FALSE, TRUE),
    far_outside = count(TRUE, FALSE), near_outside = count(FALSE, FALSE)
  )
  rows$p <- with(rows, stats::phyper(
    far_inside - 1, far_inside + far_outside, near_inside + near_outside, far_inside + near_inside,
    lower.tail = FALSE
  ))
  rows
}

#' What the tests of outliers can and can't say, as rows of results.
#'
#' @param cutoffs From `cutoff_tests`.
outlier_rows <- function(pairs, cutoffs) {
  n_providers <- length(unique(pairs$provider))
  relabel <- result_row(
    "Could relabelling the providers show that one of them stands apart?", "smallest_p_of_relabelling", 1 / n_providers,
    "probability", n_providers, "provider", "permutation of which provider is singled out, one of as many as there are",
    note = sprintf(
      "Even the provider that is farthest off cannot get below 1/%d: outliers are described, not tested.", n_providers
    )
  )
  if (nrow(cutoffs) == 0) {
    return(relabel)
  }
  question <- "How far does Fisher's exact test of an outlying provider depend on the choice of provider and cutoff?"
  note <- paste(
    "The published test chose provider and cutoff after seeing the data.",
    "Among so many tables the smallest p is no probability of error."
  )
  method <- "Fisher's exact test, one-sided, for every provider at every cutoff"
  least <- cutoffs[order(cutoffs$p), ][1, ]
  own <- cutoffs[cutoffs$provider == least$provider, ]
  row <- function(parameter, estimate, unit, note, interval = c(NA, NA), n = nrow(cutoffs)) {
    result_row(question, parameter, estimate, unit, n, "table of provider and cutoff", method,
      interval = interval, status = "fails_check", note = note,
      interval_kind = if (anyNA(interval)) NA_character_ else "range"
    )
  }
  rbind(
    relabel,
    row("smallest_p", least$p, "probability", sprintf(
      "%s At %s, pairs at least %.4f of their mean apart.", note, least$provider, least$cutoff
    )),
    row("median_p_of_same_provider", stats::median(own$p), "probability",
      sprintf("%s Bounds: the smallest and largest p of %s over all cutoffs.", note, least$provider),
      range(own$p), nrow(own)
    ),
    row("share_below_5_percent", mean(cutoffs$p < 0.05), "share", note)
  )
}

#' All tests of agreement: the one on direction with what it hangs on, and what can be said of outliers.
agreement_tests <- function(pairs, cutoffs) rbind(direction_rows(pairs), outlier_rows(pairs, cutoffs))
