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

#' Mean relative difference of each provider, those that cancel out being zero.
provider_means <- function(pairs) {
  means <- tapply(pairs$relative_difference, pairs$provider, mean)
  means[abs(means) < 1e-12] <- 0
  means
}

direction_question <- "Does NCMEC count more reports than the provider, where the two counts differ?"

#' Sign and signed rank test of one set of differences: four rows, one- and two-sided.
direction_rows <- function(differences, subset, unit_of_analysis, note) {
  ties <- sum(differences == 0)
  signs <- sign_test(differences, subset, unit_of_analysis)
  ranks <- signed_rank_test(differences)
  row <- function(test, side, estimate, p_value, method, interval = c(NA, NA)) {
    parameter <- paste(unit_of_analysis, test, side, sep = "_")
    method <- sprintf("%s; %d ties left out", method, ties)
    if (is.na(p_value)) {
      return(result_row(
        direction_question, parameter, NA, "share", length(differences), unit_of_analysis, method,
        subset = subset, status = "not_estimable", note = "No difference other than zero."
      ))
    }
    result_row(
      direction_question, parameter, estimate, "share", length(differences), unit_of_analysis, method,
      interval = interval, subset = subset, p_value = p_value, note = note,
      interval_kind = if (anyNA(interval)) NA_character_ else "confidence",
      interval_method = if (anyNA(interval)) NA_character_ else "agreement_sign_share"
    )
  }
  decided <- signs$n_positive + signs$n_negative
  interval <- if (decided == 0) c(NA, NA) else stats::binom.test(signs$n_positive, decided)$conf.int
  sign_method <- "exact sign test; share of positive differences, Clopper and Pearson's interval"
  rank_method <- "Wilcoxon's signed rank test, exact; share of the rank sum that is positive"
  share <- ranks$positive_sum / ranks$total
  rbind(
    row("sign", "two_sided", signs$positive_share, signs$p_two_sided, sign_method, interval),
    row("sign", "one_sided", signs$positive_share, signs$p_one_sided, sign_method),
    row("signed_rank", "two_sided", share, ranks$p_two_sided, rank_method),
    row("signed_rank", "one_sided", share, ranks$p_one_sided, rank_method)
  )
}

#' How uneven a split would have to be for the sign test to find it, in words.
needed_split <- function(decided) {
  p <- vapply(seq_len(decided), function(one_way) stats::binom.test(one_way, decided)$p.value, 0)
  enough <- which(p < 0.05 & seq_len(decided) > decided / 2)
  if (length(enough) == 0) {
    return(sprintf("%d that differ are too few for a p below 0.05, however they point.", decided))
  }
  sprintf("Of %d that differ, %d would have to point one way for a p below 0.05.", decided, min(enough))
}

#' Both tests for one subset, providers first: pairs of one provider are not independent of each other.
direction_tests <- function(pairs, subset) {
  means <- provider_means(pairs)
  rbind(
    direction_rows(
      means, subset, "provider",
      paste("This result leads: pairs of one provider depend on each other.", needed_split(sum(means != 0)))
    ),
    direction_rows(
      pairs$relative_difference, subset, "pair",
      "Pairs of one provider are not independent, so that p is too small; the provider's result leads."
    )
  )
}

#' Rows of two-sided tests again with p adjusted by Holm's method over all of them.
#'
#' @source Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979).
holm_rows <- function(rows) {
  family <- rows[grepl("two_sided$", rows$parameter) & !is.na(rows$p_value), ]
  if (nrow(family) == 0) {
    return(family)
  }
  family$p_value <- stats::p.adjust(family$p_value, "holm")
  family$parameter <- paste0(family$parameter, "_holm")
  family$method <- sprintf(
    "%s; p by Holm's method over the family of all %d two-sided tests: both tests, both units of analysis, all subsets",
    family$method, nrow(family)
  )
  family$low <- NA_real_
  family$high <- NA_real_
  family$interval_kind <- NA_character_
  family$interval_method <- NA_character_
  family
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
      "Even the provider that is farthest off can't get below 1/%d: outliers are described, not tested.", n_providers
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

#' All tests of agreement: directions with Holm's correction, and what can be said of outliers.
agreement_tests <- function(pairs, without, cutoffs) {
  directions <- for_subsets(pairs, without, direction_tests)
  rbind(directions, holm_rows(directions), outlier_rows(pairs, cutoffs))
}
