# A model of how far the two counts of a pair lie apart, with a random effect per provider, and whether it fits.
#
# The log ratio is NCMEC's count over the provider's: one for equal counts, and an error by a factor is as far up as
# down. Limits of agreement rest on the total variance, that between providers plus that within them.

#' Whether pairs carry a model with a variance between and a variance within providers; if not, why.
#'
#' @return Text for a reader, or missing where they do.
too_few_for_model <- function(pairs) {
  n_providers <- length(unique(pairs$provider))
  if (n_providers < 2) {
    return("Pairs of one provider say nothing of the variance between providers.")
  }
  if (nrow(pairs) <= n_providers) {
    return("With one pair per provider, the variance between providers can't be told from that within them.")
  }
  if (all(pairs$log_ratio == pairs$log_ratio[1])) {
    return("All pairs differ alike, so that there is no variance to estimate.")
  }
  NA_character_
}

#' Log ratio with a random effect per provider, by restricted maximum likelihood.
#'
#' @param pairs From `agreement_pairs`, with pairs of two providers or more.
#' @return List: `bias` and its standard error, variances `between` and `within` (log scale), `n_providers`.
#' @source Bates and others, Fitting linear mixed-effects models using lme4, Journal of Statistical Software 67 (2015).
fit_provider_model <- function(pairs) {
  # a variance of zero is a result here, not a mishap that deserves a message
  fit <- suppressMessages(lme4::lmer(log_ratio ~ 1 + (1 | provider), data = pairs, REML = TRUE))
  variances <- as.data.frame(lme4::VarCorr(fit))$vcov
  list(
    bias = lme4::fixef(fit)[[1]], bias_error = sqrt(as.matrix(stats::vcov(fit))[1, 1]), between = variances[1],
    within = variances[2], n_providers = length(unique(pairs$provider))
  )
}

#' What the restricted likelihood of a model with one random effect needs of the data.
#'
#' @param values,groups Observations, and the group of each.
group_sums <- function(values, groups) {
  groups <- factor(groups)
  means <- as.numeric(tapply(values, groups, mean))
  list(
    n = length(values), sizes = as.numeric(table(groups)), means = means,
    within_sum = sum((values - means[as.integer(groups)])^2)
  )
}

#' Twice the negative restricted log-likelihood of the model with one random effect, up to a constant.
#'
#' @param total Total variance.
#' @param share Part of it that lies between groups, from 0 to less than 1.
#' @param sums From `group_sums`.
#' @source Searle, Casella and McCulloch, Variance Components (1992), chapter 6; the closed form for one factor.
restricted_deviance <- function(total, share, sums) {
  within <- total * (1 - share)
  of_means <- within + sums$sizes * total * share
  weights <- sums$sizes / of_means
  center <- sum(weights * sums$means) / sum(weights)
  (sums$n - length(sums$sizes)) * log(within) + sum(log(of_means)) + log(sum(weights)) +
    sums$within_sum / within + sum(weights * (sums$means - center)^2)
}

#' The 95% profile likelihood interval of the total variance.
#'
#' @return Lower and upper end.
total_variance_interval <- function(values, groups, total) {
  sums <- group_sums(values, groups)
  profile <- function(log_total) {
    of_share <- function(share) restricted_deviance(exp(log_total), share, sums)
    best <- stats::optimize(of_share, c(0, 1 - 1e-6), tol = 1e-6)$objective
    # the search stays off its ends, and a variance of zero between groups is one of them
    min(best, of_share(0))
  }
  start <- log(total)
  lowest <- profile(start) + stats::qchisq(0.95, 1)
  beyond <- function(log_total) profile(log_total) - lowest
  end <- function(side) {
    stats::uniroot(beyond, sort(start + c(0, side)), extendInt = if (side < 0) "downX" else "upX", tol = 1e-8)$root
  }
  exp(c(end(-1), end(1)))
}

#' Limits of agreement of a model, each with a 95% interval, on the log scale.
#'
#' The interval of a sum is put together from the intervals of its parts, bias and spread, as Zou does; that of the
#' spread is the square root of the profile likelihood interval of the total variance.
#'
#' @source Zou, Confidence interval estimation for the Bland-Altman limits of agreement with multiple observations per
#'   individual, Statistical Methods in Medical Research 22 (2013).
#' @return List of `bias`, `low` and `high`: estimate, lower end, upper end.
model_limits <- function(fit, pairs) {
  bias <- fit$bias + c(0, -1, 1) * stats::qt(0.975, fit$n_providers - 1) * fit$bias_error
  total <- fit$between + fit$within
  spread <- 1.96 * sqrt(c(total, total_variance_interval(pairs$log_ratio, pairs$provider, total)))
  apart <- function(i, j) sqrt((bias[1] - bias[i])^2 + (spread[1] - spread[j])^2)
  high <- bias[1] + spread[1] + c(0, -apart(2, 2), apart(3, 3))
  low <- bias[1] - spread[1] + c(0, -apart(2, 3), apart(3, 2))
  list(bias = bias, low = low, high = high)
}

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
  n <- nrow(pairs)
  reason <- too_few_for_model(pairs)
  row <- function(parameter, estimate, unit, how, interval = c(NA, NA), interval_method = NA_character_, ...) {
    result_row(
      question, parameter, stable(estimate), unit, n, "pair", how,
      interval = stable(interval), subset = subset, interval_method = interval_method,
      interval_kind = if (is.na(interval_method)) NA_character_ else "confidence", ...
    )
  }
  if (!is.na(reason)) {
    return(row("bias", NA, "ratio", method, status = "not_estimable", note = reason))
  }
  fit <- fit_provider_model(pairs)
  limits <- lapply(model_limits(fit, pairs), exp)
  check <- normal_check(pairs$log_ratio)
  status <- if (check$fails) "fails_check" else "estimated"
  shared <- if (fit$between == 0) "The variance between providers is estimated as zero." else NA_character_
  remark <- paste(stats::na.omit(c(shared, check$note)), collapse = " ")
  note <- if (remark == "") NA_character_ else remark
  t_method <- sprintf("%s; t interval with the number of providers less one degrees of freedom", method)
  limit_method <- sprintf("%s; bias and 1.96 total standard deviations, interval by Zou's method", method)
  rbind(
    row("bias", limits$bias[1], "ratio", t_method, limits$bias[2:3], "agreement_model_bias", status = status, note = note),
    row("limit_low", limits$low[1], "ratio", limit_method, limits$low[2:3], "agreement_model_limit", status = status, note = note),
    row("limit_high", limits$high[1], "ratio", limit_method, limits$high[2:3], "agreement_model_limit", status = status, note = note),
    row("sd_between", sqrt(fit$between), "log_reports", method, status = status, note = note),
    row("sd_within", sqrt(fit$within), "log_reports", method, status = status, note = note),
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

#' Bland and Altman's bias and limits of relative differences, each with a 95% interval, for one subset.
#'
#' @source Bland and Altman, Statistical methods for assessing agreement, Lancet 327 (1986).
bland_altman_rows <- function(pairs, subset) {
  question <- "How far does NCMEC's count lie from the provider's, as a share of their mean?"
  method <- "Bland and Altman's method, pairs taken as independent"
  n_values <- length(unique(signif(pairs$relative_difference, 12)))
  reason <- if (nrow(pairs) < 3 || n_values < 2) "Too few pairs that differ for a spread."
  if (!is.null(reason)) {
    return(result_row(
      question, "bias", NA, "share", nrow(pairs), "pair", method,
      subset = subset, status = "not_estimable", note = reason
    ))
  }
  summary <- agreement_summary(pairs, subset)
  check <- normal_check(pairs$relative_difference)
  row <- function(parameter, estimate, interval, interval_method) {
    result_row(
      question, parameter, estimate, "share", nrow(pairs), "pair", method,
      interval = interval, subset = subset, status = if (check$fails) "fails_check" else "estimated",
      note = check$note, interval_kind = "confidence", interval_method = interval_method
    )
  }
  around <- function(limit) limit + c(-1, 1) * summary$limit_margin
  rbind(
    row("bias", summary$bias, c(summary$bias_low, summary$bias_high), "agreement_bias_of_pairs"),
    row("limit_low", summary$limit_low, around(summary$limit_low), "agreement_limit_of_pairs"),
    row("limit_high", summary$limit_high, around(summary$limit_high), "agreement_limit_of_pairs")
  )
}

#' The plain picture of one subset: shares of pairs within bounds, the median, and the pairs that lie beyond, by name.
plain_rows <- function(pairs, subset) {
  question <- "How close are the two counts of a pair?"
  relative <- abs(pairs$relative_difference)
  row <- function(parameter, estimate, unit, method, note = NA_character_) {
    result_row(question, parameter, estimate, unit, nrow(pairs), "pair", method, subset = subset, note = note)
  }
  far <- pairs[relative > 0.05, ]
  years <- tapply(far$year, far$provider, paste, collapse = ", ")
  names <- if (nrow(far) == 0) "none" else paste(names(years), years, collapse = "; ")
  rbind(
    row("share_equal", mean(relative == 0), "share", "pairs whose counts are equal"),
    row("share_within_1_percent", mean(relative <= 0.01), "share", "pairs at most one percent of their mean apart"),
    row("share_within_5_percent", mean(relative <= 0.05), "share", "pairs at most five percent of their mean apart"),
    row("median", stats::median(pairs$relative_difference), "share", "NCMEC less provider, share of the mean"),
    row("n_beyond_5_percent", nrow(far), "count", "pairs more than five percent apart", sprintf("Beyond: %s.", names))
  )
}

#' Sets of providers to leave out: those asked for, then each single provider that is not among them.
with_each_left_out <- function(without, providers) {
  without <- lapply(without, as.character)
  single <- vapply(without[lengths(without) == 1], `[[`, "", 1)
  c(without, as.list(setdiff(sort(unique(providers)), single)))
}

#' Everything that describes agreement pair by pair: plain picture, Bland and Altman's limits, the model.
#'
#' @param without List of character vectors: providers to leave out together; each single one is left out besides.
agreement_models <- function(pairs, without) {
  without <- with_each_left_out(without, pairs$provider)
  rbind(
    for_subsets(pairs, without, plain_rows),
    for_subsets(pairs, without, bland_altman_rows),
    for_subsets(pairs, without, provider_model_rows)
  )
}
