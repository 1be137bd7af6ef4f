# An intraclass correlation of the counts of both sides, and checks that show what it measures.
#
# The two counts of a pair come from a negative binomial distribution whose mean varies from pair to pair. The share of
# variance that lies between pairs is high wherever sizes range widely, agreement or none; the checks say so in numbers.

# The dispersion of a fit is rounded to this many digits before it is simulated from, so that the draws are the same
# everywhere. Correlations are given to as many decimals: near zero, a fit's further ones differ by platform.
simulated_digits <- 4

#' Negative binomial model of both counts of pairs: a mean per side, a random effect per pair.
#'
#' @param own,other Counts of both sides, one of each per pair.
#' @return List: `means` of both sides at the typical pair (log scale), `variance` between pairs (log scale) and
#'   `dispersion`, the variance beyond that of a Poisson count over the squared mean.
#' @source Brooks and others, glmmTMB balances speed and flexibility, The R Journal 9 (2017).
fit_counts <- function(own, other) {
  long <- data.frame(
    count = c(own, other), side = rep(c("own", "other"), each = length(own)),
    pair = factor(rep(seq_along(own), 2))
  )
  # standard errors are not asked for, and would take most of the time
  fit <- glmmTMB::glmmTMB(count ~ 0 + side + (1 | pair), data = long, family = glmmTMB::nbinom2, se = FALSE)
  if (fit$fit$convergence != 0) {
    return(NULL)
  }
  effects <- glmmTMB::fixef(fit)$cond
  list(
    means = effects[c("sideown", "sideother")],
    variance = as.numeric(glmmTMB::VarCorr(fit)$cond$pair), dispersion = 1 / glmmTMB::sigma(fit)
  )
}

#' Lin's concordance correlation under the negative binomial model: for equal sides, the intraclass correlation.
#'
#' With `m` the marginal mean of a side, `s` the variance between pairs and `a` the dispersion, a side's variance is
#' m + m^2 ((1 + a) e^s - 1), and both sides' covariance the product of their means times e^s - 1.
#'
#' @param fit From `fit_counts`.
#' @source Carrasco, A generalized concordance correlation coefficient based on the variance components generalized
#'   linear mixed models for overdispersed count data, Biometrics 66 (2010).
count_concordance <- function(fit) {
  means <- exp(fit$means + fit$variance / 2)
  growth <- exp(fit$variance)
  variances <- means + means^2 * ((1 + fit$dispersion) * growth - 1)
  2 * prod(means) * (growth - 1) / (sum(variances) + diff(means)^2)
}

rounded_concordance <- function(fit) round(count_concordance(fit), simulated_digits)

#' Where each observed value lies among values simulated for it: 0 below all, 1 above all; ties count half.
#'
#' @param observed Numbers.
#' @param simulated Matrix, one row per number.
scaled_residuals <- function(observed, simulated) {
  rowMeans(simulated < observed) + rowMeans(simulated == observed) / 2
}

#' Pairs of counts drawn from the model, at the sizes of the observed pairs.
#'
#' @param sizes Mean of both counts of each pair.
#' @return List of two matrices, a row per pair, a column per draw.
simulate_sides <- function(fit, sizes, draws, seed) {
  size <- signif(1 / fit$dispersion, simulated_digits)
  # sides apart by the model's factor, around the pair's own size
  half <- exp(signif(diff(fit$means), simulated_digits) / 2)
  draw <- function(mean) matrix(stats::rnbinom(length(sizes) * draws, size = size, mu = mean), length(sizes))
  with_seed(seed, list(own = draw(sizes / half), other = draw(sizes * half)))
}

#' Whether the model describes the pairs: the ties and the differences it expects, by simulation.
#'
#' @return List: `ties` expected and observed, `p_ties` of as many or more, `uniform` the statistic and p of
#'   Kolmogorov and Smirnov's test that the differences' scaled residuals are uniform.
check_counts <- function(fit, pairs, draws, seed) {
  simulated <- simulate_sides(fit, pairs$mean_reports, draws, seed)
  ties <- colSums(simulated$own == simulated$other)
  observed <- sum(pairs$difference == 0)
  scaled <- scaled_residuals(pairs$difference, simulated$other - simulated$own)
  list(
    ties = mean(ties), observed = observed, p_ties = (1 + sum(ties >= observed)) / (draws + 1),
    # equal residuals are possible where counts are small, which the exact test refuses
    uniform = suppressWarnings(stats::ks.test(scaled, "punif", exact = FALSE))[c("statistic", "p.value")]
  )
}

#' Three altered sets of pairs that tell agreement and range of sizes apart.
#'
#' @param factor By how much the two sides of every pair differ in `all_apart`.
#' @return List of lists of two counts: `neighbors`, NCMEC's counts swapped between pairs next to each other in size, so
#'   that none is compared with its own; `all_apart`, every provider's count against one that is `factor` times as high
#'   or as low in turn; `one_size`, every pair that has a ratio moved to the same size, its ratio kept.
altered_pairs <- function(pairs, factor) {
  ordered <- pairs[order(pairs$mean_reports, pairs$provider, pairs$year), ]
  n <- nrow(ordered) - nrow(ordered) %% 2
  swapped <- as.vector(rbind(seq(2, n, 2), seq(1, n, 2)))
  center <- exp(mean(log(ordered$mean_reports)))
  sides <- center * exp(outer(with_ratio(ordered)$log_ratio, c(-0.5, 0.5)))
  list(
    neighbors = list(ordered$provider_reports[seq_len(n)], ordered$ncmec_reports[swapped]),
    all_apart = list(
      ordered$provider_reports, round(ordered$provider_reports * factor^rep_len(c(1, -1), nrow(ordered)))
    ),
    one_size = list(round(sides[, 1]), round(sides[, 2]))
  )
}

#' The rows of the intraclass correlation and of its checks.
#'
#' @param settings List: `draws`, `seed`, and `factor` for `altered_pairs`.
agreement_icc <- function(pairs, settings) {
  question <- "How alike are both sides by an intraclass correlation of counts, and does it measure agreement?"
  model <- "negative binomial mixed model with a random effect per pair"
  row <- function(parameter, estimate, unit, method, ...) {
    result_row(question, parameter, estimate, unit, nrow(pairs), "pair", method, ...)
  }
  missing <- function(parameter, note) {
    row(parameter, NA, "ratio", model, status = "not_estimable", note = note)
  }
  if (nrow(pairs) < 10) {
    return(missing("icc", "Ten pairs are the least that a model with a variance between pairs is fitted to here."))
  }
  fit <- fit_counts(pairs$provider_reports, pairs$ncmec_reports)
  if (is.null(fit)) {
    return(missing("icc", "The fit did not converge."))
  }
  altered <- altered_pairs(pairs, settings$factor)
  fits <- lapply(altered, function(sides) fit_counts(sides[[1]], sides[[2]]))
  icc <- vapply(fits, function(one) if (is.null(one)) NA_real_ else rounded_concordance(one), 0)
  check <- check_counts(fit, pairs, settings$draws, settings$seed)
  rbind(
    icc_row(row, rounded_concordance(fit), icc, check, model),
    icc_altered_rows(row, icc, settings$factor, model),
    row("ties_expected", check$ties, "count", sprintf("mean of %d simulations of the fitted model", settings$draws),
      p_value = check$p_ties, note = sprintf("Observed: %d pairs with equal counts.", check$observed)
    ),
    row("residuals_uniform", stable(check$uniform$statistic[[1]]), "statistic",
      "simulated residuals of the differences, Kolmogorov and Smirnov's test that they are uniform",
      p_value = stable(check$uniform$p.value)
    )
  )
}

#' The correlation's own row: it fails where its model does, or where pairs that agree in nothing keep it high.
icc_row <- function(row, estimate, icc, check, model) {
  misleads <- isTRUE(icc[["neighbors"]] > 0.5) || isTRUE(icc[["one_size"]] < estimate / 2)
  misfits <- check$p_ties < 0.05 || check$uniform$p.value < 0.05
  faults <- c(
    if (misleads) {
      sprintf(paste(
        "It measures the range of sizes, not agreement: it is still %.2f when every count is set against that of",
        "another pair of similar size, and %.2f when the same ratios come at one size."
      ), icc[["neighbors"]], icc[["one_size"]])
    },
    if (misfits) {
      sprintf("The model expects %.1f pairs with equal counts, where there are %d.", check$ties, check$observed)
    }
  )
  row("icc", estimate, "ratio", paste0(model, ", concordance by Carrasco's formula"),
    status = if (length(faults) > 0) "fails_check" else "estimated",
    note = if (length(faults) > 0) paste(faults, collapse = " ") else NA_character_
  )
}

#' The correlation of the altered pairs, each with what was done to them.
icc_altered_rows <- function(row, icc, factor, model) {
  done <- c(
    neighbors = "NCMEC's counts swapped between pairs next to each other in size: no pair belongs together.",
    all_apart = sprintf("NCMEC's counts replaced by %s times the provider's, or one part in %s: no pair agrees.",
      number_word(factor), number_word(factor)
    ),
    one_size = "All pairs moved to one size, their ratios kept: agreement is what it was."
  )
  do.call(rbind, lapply(names(done), function(name) {
    if (is.na(icc[[name]])) {
      return(row(paste0("icc_", name), NA, "ratio", model,
        status = "not_estimable", note = paste(done[[name]], "The fit did not converge.")
      ))
    }
    row(paste0("icc_", name), icc[[name]], "ratio", model, note = done[[name]])
  }))
}
