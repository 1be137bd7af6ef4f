# A model of how far the two counts of a pair lie apart, with a random effect per provider, and whether it fits.
#
# The log ratio is NCMEC's count over the provider's: one for equal counts, and an error by a factor is as far up as
# down. Limits of agreement rest on the total variance, that between providers plus that within them. What the model
# estimates has no intervals, since it fails its own check; providers counted once carry those that hold.

#' Whether pairs carry a model with a variance between and a variance within providers; if not, why.
#'
#' @return Text for a reader, or missing where they do.
too_few_for_model <- function(pairs) {
  n_providers <- length(unique(pairs$provider))
  if (n_providers < 2) {
    return("Pairs of one provider say nothing of the variance between providers.")
  }
  if (nrow(pairs) <= n_providers) {
    return("With one pair per provider, the variance between providers cannot be told from that within them.")
  }
  if (all(pairs$log_ratio == pairs$log_ratio[1])) {
    return("All pairs differ alike, so that there is no variance to estimate.")
  }
  NA_character_
}

#' Log ratio with a random effect per provider, by restricted maximum likelihood.
#'
#' @param pairs From `agreement_pairs`, with pairs of two providers or more.
#' @return List: `bias`, variances `between` and `within` (log scale).
#' @source Bates and others, Fitting linear mixed-effects models using lme4, Journal of Statistical Software 67 (2015).
fit_provider_model <- function(pairs) {
  # a variance of zero is a result here, not a mishap that deserves a message
  fit <- suppressMessages(lme4::lmer(log_ratio ~ 1 + (1 | provider), data = pairs, REML = TRUE))
  variances <- as.data.frame(lme4::VarCorr(fit))$vcov
  list(
    bias = lme4::fixef(fit)[[1]], between = variances[1], within = variances[2]
  )
}

#' Bias and limits of agreement of the model, on the scale of the log ratio.
model_limits <- function(fit) fit$bias + c(0, -1.96, 1.96) * sqrt(fit$between + fit$within)

#' Whether a normal model fits differences: their ties and their tails.
#'
#' @param values Differences.
#' @return List: `statistic` and `p` of Shapiro and Wilk's test, `n_ties` (exact zeros), `largest` (standard deviations
#'   from the mean) and `p_largest` (of one as far or farther among as many independent normal values), `fails`, and
#'   `note` for a reader, missing where the model fits.
normal_check <- function(values) {
  test <- stats::shapiro.test(values)
  largest <- max(abs(values - mean(values))) / stats::sd(values)
  p_largest <- -expm1(length(values) * log1p(-2 * stats::pnorm(-largest)))
  n_ties <- sum(values == 0)
  # a continuous distribution gives an exact zero with probability nothing; one may be chance of small counts
  faults <- c(
    if (n_ties > 1) sprintf("the ties (%d of %d differences are exactly zero)", n_ties, length(values)),
    if (p_largest < 0.05) sprintf("the tails (one lies %.1f standard deviations off)", largest),
    if (test$p.value < 0.05) "the shape (Shapiro and Wilk's test)"
  )
  list(
    statistic = test$statistic[[1]], p = test$p.value, n_ties = n_ties, largest = largest, p_largest = p_largest,
    fails = length(faults) > 0,
    note = switch(min(length(faults), 2) + 1,
      NA_character_,
      sprintf("A normal model does not fit %s.", faults),
      sprintf("A normal model fits neither %s.", paste(faults, collapse = " nor "))
    )
  )
}

#' The model's rows for one subset: bias, limits, spreads and the check, or why there are none.
#'
#' Pairs with a count of zero have no ratio, and are left out.
provider_model_rows <- function(pairs, subset) {
  pairs <- with_ratio(pairs)
  question <- "By what factor does NCMEC's count differ from the provider's, on average and for a single pair?"
  method <- "log ratio with a random effect per provider, REML"
  reason <- too_few_for_model(pairs)
  row <- function(parameter, estimate, unit, how = method, ...) {
    result_row(question, parameter, stable(estimate), unit, nrow(pairs), "pair", how, subset = subset, ...)
  }
  if (!is.na(reason)) {
    return(row("bias", NA, "ratio", status = "not_estimable", note = reason))
  }
  fit <- fit_provider_model(pairs)
  limits <- exp(model_limits(fit))
  check <- normal_check(pairs$log_ratio)
  status <- if (check$fails) "fails_check" else "estimated"
  shared <- if (fit$between == 0) "The variance between providers is estimated as zero." else NA_character_
  remark <- paste(stats::na.omit(c(shared, check$note)), collapse = " ")
  note <- if (remark == "") NA_character_ else remark
  limit_method <- sprintf("%s; bias and 1.96 total standard deviations", method)
  rbind(
    row("bias", limits[1], "ratio", status = status, note = note),
    row("limit_low", limits[2], "ratio", limit_method, status = status, note = note),
    row("limit_high", limits[3], "ratio", limit_method, status = status, note = note),
    row("sd_between", sqrt(fit$between), "log_reports", status = status, note = note),
    row("sd_within", sqrt(fit$within), "log_reports", status = status, note = note),
    row("normality", check$statistic, "statistic", "Shapiro and Wilk's test of the log ratios",
      p_value = stable(check$p)
    ),
    row("n_ties", check$n_ties, "count", "pairs whose counts are equal; a normal model expects none"),
    row("largest_residual", check$largest, "statistic",
      "standard deviations from the mean; p of one as far among as many normal values",
      p_value = stable(check$p_largest)
    )
  )
}

#' Bland and Altman's bias and limits of relative differences for one subset; the limits as an interval for a new pair.
#'
#' @source Bland and Altman, Statistical methods for assessing agreement, Lancet 327 (1986).
bland_altman_rows <- function(pairs, subset) {
  question <- "How far does NCMEC's count lie from the provider's, as a share of their mean?"
  method <- "Bland and Altman's method, pairs taken as independent"
  n_values <- length(unique(signif(pairs$relative_difference, 12)))
  if (nrow(pairs) < 3 || n_values < 2) {
    return(result_row(
      question, "bias", NA, "share", nrow(pairs), "pair", method,
      subset = subset, status = "not_estimable", note = "Too few pairs that differ for a spread."
    ))
  }
  summary <- agreement_summary(pairs, subset)
  check <- normal_check(pairs$relative_difference)
  row <- function(parameter, estimate, ...) {
    result_row(
      question, parameter, estimate, "share", nrow(pairs), "pair", method,
      subset = subset, status = if (check$fails) "fails_check" else "estimated", note = check$note, ...
    )
  }
  rbind(
    row("bias", summary$bias),
    row("limit_low", summary$limit_low),
    row("limit_high", summary$limit_high),
    row("limits", summary$bias,
      interval = c(summary$limit_low, summary$limit_high), interval_kind = "prediction",
      interval_method = "agreement_limits_of_pairs"
    )
  )
}

#' The plain picture of one subset: shares of pairs within bounds, the middle, and the pairs that lie beyond, by name.
#'
#' Where counts are rounded, each result has the bounds that rounding leaves it.
plain_rows <- function(pairs, subset) {
  question <- "How close are the two counts of a pair?"
  distances <- pair_distances(pairs)
  relative <- abs(pairs$relative_difference)
  row <- function(parameter, estimate, unit, method, bounds = c(NA, NA), note = NA_character_) {
    # where nothing is rounded, or nothing hangs on it, there are no bounds to give
    is_moved <- !anyNA(bounds) && bounds[1] < bounds[2]
    result_row(question, parameter, estimate, unit, nrow(pairs), "pair", method,
      subset = subset, note = note, interval = if (is_moved) bounds else c(NA, NA),
      interval_kind = if (is_moved) "rounding" else NA_character_
    )
  }
  share <- function(parameter, limit, method) {
    row(parameter, mean(relative <= limit), "share", method,
        c(mean(distances$share_high <= limit), mean(distances$share_low <= limit)))
  }
  far <- pairs[relative > 0.05, ]
  years <- tapply(far$year, far$provider, paste, collapse = ", ")
  names <- if (nrow(far) == 0) "none" else paste(names(years), years, collapse = "; ")
  of_mean <- "NCMEC less provider, share of the mean"
  rbind(
    share("share_equal", 0, "pairs whose counts are equal"),
    share("share_within_1_percent", 0.01, "pairs at most one percent of their mean apart"),
    share("share_within_5_percent", 0.05, "pairs at most five percent of their mean apart"),
    row("typical_distance", typical(relative), "share", "distance that at least half of the pairs do not exceed",
        c(typical(distances$share_low), typical(distances$share_high))),
    row("median", stats::median(pairs$relative_difference), "share", of_mean,
        c(stats::median(pairs$relative_low), stats::median(pairs$relative_high))),
    row("mean", mean(pairs$relative_difference), "share", of_mean,
        c(mean(pairs$relative_low), mean(pairs$relative_high))),
    row("n_beyond_5_percent", nrow(far), "count", "pairs more than five percent apart",
        note = sprintf("Beyond: %s.", names))
  )
}

#' The exact interval of a median: the order statistics between which it lies with 95% probability or more.
#'
#' @param values Independent of each other; ties make the interval hold more often, not less.
#' @return Lower and upper end; missing where the values are too few for both to be finite, six or so.
#' @source Hollander, Wolfe and Chicken, Nonparametric Statistical Methods (2013), section 3.6.
median_interval <- function(values) {
  n <- length(values)
  outside <- which(stats::pbinom(seq_len(n) - 1, n, 0.5) <= 0.025)
  if (length(outside) == 0) {
    return(c(NA_real_, NA_real_))
  }
  sort(values)[c(max(outside), n + 1 - max(outside))]
}

#' A mean's 95% t interval; two missing ends for a single value.
mean_interval <- function(values) {
  n <- length(values)
  if (n < 2) c(NA_real_, NA_real_) else mean(values) + c(-1, 1) * stats::qt(0.975, n - 1) * stats::sd(values) / sqrt(n)
}

#' What providers show, each counted once: they are what can be taken as independent, and carry the intervals.
#'
#' @param pairs From `judged_pairs`.
provider_rows <- function(pairs) {
  question <- "How far apart are both counts of a provider, each provider counted once?"
  distances <- tapply(abs(pairs$relative_difference), pairs$provider, typical)
  of <- function(by) as.numeric(provider_differences(pairs, by))
  row <- function(parameter, estimate, method, interval, interval_method) {
    is_known <- !anyNA(interval)
    result_row(question, parameter, estimate, "share", length(distances), "provider", method,
      interval = interval, interval_kind = if (is_known) "confidence" else NA_character_,
      interval_method = if (is_known) interval_method else NA_character_
    )
  }
  exact <- "median over providers, interval between order statistics"
  rbind(
    row("provider_typical", stats::median(distances), sprintf("distance in a provider's typical year; %s", exact),
      median_interval(as.numeric(distances)), "agreement_typical_of_providers"
    ),
    row("provider_median", stats::median(of("median")), sprintf("a provider's median relative difference; %s", exact),
      median_interval(of("median")), "agreement_median_of_providers"
    ),
    row("provider_mean", mean(of("mean")), "mean over providers of their mean relative difference, t interval",
      mean_interval(of("mean")), "agreement_mean_of_providers"
    )
  )
}

#' The results that are looked at when parts of the pairs are left out.
#'
#' @return Named numbers: shares of the mean, and ratios where the model can be fitted.
left_out_results <- function(pairs) {
  summary <- agreement_summary(pairs)
  relative <- abs(pairs$relative_difference)
  ratios <- with_ratio(pairs)
  fitted <- if (is.na(too_few_for_model(ratios))) exp(model_limits(fit_provider_model(ratios))) else rep(NA_real_, 3)
  c(
    share_within_5_percent.share = mean(relative <= 0.05), typical_distance.share = typical(relative),
    median.share = summary$median, bias.share = summary$bias, limit_low.share = summary$limit_low,
    limit_high.share = summary$limit_high, provider_mean.share = summary$provider_bias,
    provider_median.share = summary$provider_median, bias.ratio = fitted[1], limit_low.ratio = fitted[2],
    limit_high.ratio = fitted[3]
  )
}

#' The lowest and the highest result without each provider, and without each pair.
#'
#' @param pairs From `judged_pairs`.
leave_one_out_rows <- function(pairs) {
  all_of <- left_out_results(pairs)
  parts <- list(provider = pairs$provider, pair = seq_len(nrow(pairs)))
  rows <- lapply(names(parts), function(part) {
    found <- vapply(unique(parts[[part]]), function(one) left_out_results(pairs[parts[[part]] != one, ]), all_of)
    kept <- names(all_of)[!is.na(all_of) & rowSums(is.na(found)) == 0]
    do.call(rbind, lapply(kept, function(name) {
      parameter <- strsplit(name, ".", fixed = TRUE)[[1]]
      result_row(
        "How far does a result hang on one part of the pairs?", sprintf("%s_without_one_%s", parameter[1], part),
        stable(all_of[[name]]), parameter[2], ncol(found), part, sprintf("each %s left out in turn", part),
        interval = stable(range(found[name, ])), interval_kind = "leave_one_out"
      )
    }))
  })
  do.call(rbind, rows)
}

#' What rounding leaves of results that no plain bounds are given for.
#'
#' All rounded counts are taken at the lower ends of what they can stand for, and then all at the upper ends. Means and
#' medians can lie no farther out; of limits of agreement these are the two ends alone.
#'
#' @param pairs From `judged_pairs`; no rows where none is rounded.
rounding_rows <- function(pairs) {
  if (!any(is_rounded(pairs))) {
    return(NULL)
  }
  at <- function(column) {
    pairs$provider_reports <- pairs[[column]]
    moved <- agreement_pairs(pairs)
    signs <- count_signs(provider_differences(moved))
    c(left_out_results(moved), positive_share.share = signs$positive_share, n_positive.count = signs$n_positive,
      n_negative.count = signs$n_negative)
  }
  results <- vapply(c("provider_reports", "provider_low", "provider_high"), at, at("provider_reports"))
  kept <- setdiff(rownames(results)[rowSums(is.na(results)) == 0], c("median.share", "typical_distance.share"))
  do.call(rbind, lapply(kept, function(name) {
    parameter <- strsplit(name, ".", fixed = TRUE)[[1]]
    result_row(
      "What does rounding leave of a result?", paste0(parameter[1], "_by_rounding"), stable(results[name, 1]),
      parameter[2], sum(is_rounded(pairs)), "rounded pair",
      "all rounded counts at their lower, then at their upper end",
      interval = stable(range(results[name, ])), interval_kind = "rounding"
    )
  }))
}

#' Everything that describes agreement: plain picture, Bland and Altman's limits, the model, for all pairs and without
#' some; providers counted once; and what hangs on one provider or pair.
#'
#' @param pairs From `judged_pairs`.
#' @param sets From `sets_left_out`.
agreement_models <- function(pairs, sets) {
  is_enough <- nrow(pairs) > 3 && length(unique(pairs$provider)) > 2
  rbind(
    for_subsets(pairs, sets, plain_rows),
    provider_rows(pairs),
    for_subsets(pairs, sets, bland_altman_rows),
    for_subsets(pairs, sets, provider_model_rows),
    rounding_rows(pairs),
    if (is_enough) leave_one_out_rows(pairs)
  )
}
