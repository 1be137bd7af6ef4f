# Which organizations round the counts that they disclose, by their last digits, and what that does to a comparison.
#
# Of counts of four digits and more that are not rounded, close to one in ten ends in 0 and one in a hundred in 00,
# whatever their sizes are. More zeros than chance gives are a sign of rounding.

#' Counts as disclosed, whose last digits mean something: whole, at or above a floor, not computed from others.
#'
#' @param disclosures The table of disclosures.
#' @param floor Smallest count taken; smaller ones may end in 0 more often because of their size.
#' @return Rows of `disclosures`.
disclosed_counts <- function(disclosures, floor) {
  derived <- grepl("derived", disclosures$warnings, fixed = TRUE)
  value <- disclosures$value
  disclosures[disclosures$unit == "count" & !derived & value >= floor & value == round(value), ]
}

#' How many counts end in zeros, and the probability of as many or more by chance.
#'
#' @param counts Whole numbers.
#' @return One row: n, numbers and shares that end in 0 and in 00, exact binomial p of each against 1/10 and 1/100.
ending_zeros <- function(counts) {
  n <- length(counts)
  zeros <- c(sum(counts %% 10 == 0), sum(counts %% 100 == 0))
  p <- stats::pbinom(zeros - 1, n, c(0.1, 0.01), lower.tail = FALSE)
  data.frame(
    n = n, n_ends_in_0 = zeros[1], n_ends_in_00 = zeros[2], ends_in_0_share = zeros[1] / n,
    ends_in_00_share = zeros[2] / n, p_0 = pmax(stable(p[1]), smallest_p), p_00 = pmax(stable(p[2]), smallest_p)
  )
}

# Smaller probabilities are given as this: nothing hangs on how many zeros they begin with.
smallest_p <- 1e-12

#' A test of terminal digits for each organization, over all its metrics and for each of them.
#'
#' The verdict rests on all counts of an organization, with p of both endings adjusted by Holm's method over both and
#' all organizations.
#'
#' @param disclosures The table of disclosures.
#' @param floor Smallest count taken.
#' @return One row per organization and metric, and one with the metric `all`, which has `p_holm` and a `verdict`:
#'   rounds, no_sign, or too_few, where the counts are so few that zeros throughout could be chance.
rounding_tests <- function(disclosures, floor) {
  counts <- disclosed_counts(disclosures, floor)
  tested <- function(rows, metric) {
    cbind(organization = rows$organization[1], metric = metric, ending_zeros(rows$value))
  }
  by_organization <- split(counts, counts$organization)
  whole <- do.call(rbind, lapply(by_organization, tested, "all"))
  if (is.null(whole)) {
    return(data.frame(
      organization = character(), metric = character(), ending_zeros(numeric())[0, ], p_holm = numeric(),
      verdict = character()
    ))
  }
  adjusted <- matrix(stats::p.adjust(c(whole$p_0, whole$p_00), "holm"), ncol = 2)
  whole$p_holm <- pmin(adjusted[, 1], adjusted[, 2])
  # what nothing but zeros would give, against the strictest of the levels that Holm's method asks for
  best <- 0.01^whole$n * 2 * nrow(whole)
  whole$verdict <- ifelse(best >= 0.05, "too_few", ifelse(whole$p_holm < 0.05, "rounds", "no_sign"))
  parts <- do.call(rbind, lapply(split(counts, list(counts$organization, counts$metric), drop = TRUE), function(rows) {
    cbind(tested(rows, rows$metric[1]), p_holm = NA_real_, verdict = NA_character_)
  }))
  rows <- rbind(whole, parts)
  rows[order(rows$organization, rows$metric != "all", rows$metric), ]
}

#' The largest power of ten that divides a number; zero is divided by all, and gives infinity.
trailing_power <- function(counts) {
  vapply(counts, function(count) {
    if (count == 0) {
      return(Inf)
    }
    power <- 1
    while (count %% (10 * power) == 0) power <- 10 * power
    power
  }, 0)
}

#' The steps in which organizations that round do it, by size: the largest power of ten that divides nearly all of
#' their counts.
#'
#' A count with more digits than the others of its size, such as a sum of rounded counts, does not make the others more
#' exact.
#'
#' @param disclosures The table of disclosures.
#' @param organizations Ids of those that round; their counts are taken together, since they round alike.
#' @param nearly_all Share of the counts of a magnitude that the step must divide.
#' @return One row per power of ten that counts reach: `magnitude` (counts from it to ten times it), `n`, `step`,
#'   `n_finer` (counts that the step does not divide), and `half_step_share`, half a step over the smallest count of the
#'   magnitude: how far off a count may be at most.
rounding_steps <- function(disclosures, organizations, nearly_all = 0.95) {
  rows <- disclosed_counts(disclosures, 1)
  rows <- rows[rows$organization %in% organizations, ]
  if (nrow(rows) == 0) {
    return(data.frame(
      magnitude = numeric(), n = numeric(), step = numeric(), n_finer = numeric(), half_step_share = numeric()
    ))
  }
  # digits are counted, not taken from a logarithm, which may fall short of a whole number
  magnitude <- 10^(nchar(format(rows$value, scientific = FALSE, trim = TRUE)) - 1)
  powers <- split(pmin(trailing_power(rows$value), magnitude), magnitude)
  step <- vapply(powers, function(found) {
    divides <- vapply(found, function(power) mean(found >= power), 0)
    max(found[divides >= nearly_all])
  }, 0)
  at <- as.numeric(names(powers))
  data.frame(
    magnitude = at, n = as.numeric(lengths(powers)), step = as.numeric(step),
    n_finer = as.numeric(mapply(function(found, one) sum(found < one), powers, step)),
    half_step_share = as.numeric(step) / 2 / at
  )
}

#' The step for each count, by its magnitude: that of the nearest magnitude where its own has none.
step_of <- function(counts, steps) {
  magnitude <- nchar(format(counts, scientific = FALSE, trim = TRUE)) - 1
  known <- log10(steps$magnitude)
  steps$step[vapply(magnitude, function(one) which.min(abs(known - one)), 0L)]
}

#' Bounds of the yearly sums of rounded counts.
#'
#' Each count may be off by half a step, or by a whole step upwards where it is known to be rounded down; the bounds of
#' a sum are the sums of the bounds, since nothing is known of how the errors offset each other.
#'
#' @param disclosures The table of disclosures.
#' @param years Table of provider_years: only full years are summed.
#' @param organizations Ids of those that round.
#' @param steps From `rounding_steps`.
#' @param directions Table of rounding_directions: which organizations round which metric down; none by default.
#' @return One row per organization, metric and full year: `value`, `low`, `high`, `margin_share` (of the value),
#'   `warnings` of the year.
rounding_bounds <- function(disclosures, years, organizations, steps, directions = NULL) {
  rows <- disclosures[
    disclosures$organization %in% organizations & disclosures$unit == "count" & !disclosures$is_redundant,
  ]
  rows$year <- as.numeric(substr(rows$period, 1, 4))
  step <- step_of(rows$value, steps)
  down <- directions[directions$direction == "down", ]
  is_down <- paste(rows$organization, rows$metric) %in% paste(down$organization, down$metric)
  # a zero may be anything that is rounded down to it
  rows$low <- pmax(0, rows$value - ifelse(is_down, 0, step / 2))
  rows$high <- rows$value + ifelse(is_down, step, step / 2)
  full <- years[years$coverage == "complete" & !is.na(years$value), c("provider", "metric", "year", "warnings")]
  keys <- c("organization", "metric", "year")
  rows <- merge(rows[c(keys, "value", "low", "high")], full, by.x = keys, by.y = names(full)[1:3])
  if (nrow(rows) == 0) {
    return(data.frame(
      organization = character(), metric = character(), year = numeric(), value = numeric(), low = numeric(),
      high = numeric(), margin_share = numeric(), warnings = character()
    ))
  }
  sums <- stats::aggregate(rows[c("value", "low", "high")], rows[keys], sum)
  sums$margin_share <- ifelse(sums$value > 0, (sums$high - sums$value) / sums$value, NA)
  sums$warnings <- rows$warnings[match(do.call(paste, sums[keys]), do.call(paste, rows[keys]))]
  sums[order(sums$organization, sums$metric, sums$year), ]
}

#' What would be left of a comparison if providers rounded as those do who round.
#'
#' @param pairs From `agreement_pairs`.
#' @param steps From `rounding_steps`.
#' @return Rows of results: equal pairs, those within one percent, and the bounds of a single count.
rounding_effect <- function(pairs, steps) {
  question <- "What would a comparison show if providers rounded as those do who round?"
  method <- "each provider's count rounded by the steps found in the counts that are rounded"
  row <- function(parameter, estimate, unit, n = nrow(pairs), unit_of_analysis = "pair", ...) {
    result_row(question, parameter, estimate, unit, n, unit_of_analysis, method, ...)
  }
  if (nrow(steps) == 0) {
    return(row("n_equal", NA, "count", status = "not_estimable", note = "No organization is found to round."))
  }
  step <- step_of(pairs$provider_reports, steps)
  rounded <- round(pairs$provider_reports / step) * step
  n_equal <- function(own) sum(own == pairs$ncmec_reports)
  within <- function(own) {
    sum(abs(own - pairs$ncmec_reports) <= 0.01 * (own + pairs$ncmec_reports) / 2)
  }
  rbind(
    row("n_equal", n_equal(rounded), "count",
      note = sprintf("As disclosed, %d pairs are equal.", n_equal(pairs$provider_reports))
    ),
    row("n_within_1_percent", within(rounded), "count",
      note = sprintf("As disclosed, %d pairs are.", within(pairs$provider_reports))
    ),
    row("largest_half_step_share", max(steps$half_step_share), "share",
      n = sum(steps$n), unit_of_analysis = "rounded count",
      note = "Half a step over the smallest count of its size: no difference below it can be seen."
    )
  )
}

#' Numbers of rounding that prose prints: how many organizations have which verdict over all of their counts, and the
#' last digits of those that show no sign of it, added up.
#'
#' @param rounding From `rounding_tests`.
#' @return Rows of numbers.
rounding_numbers <- function(rounding) {
  whole <- rounding[rounding$metric == "all" & !is.na(rounding$verdict), ]
  counted <- table(whole$verdict)
  verdicts <- lapply(names(counted), function(code) {
    rows <- sprintf("metric is all, verdict is %s", code)
    number_row("verdict", code, counted[[code]], "count", "rounding", rows)
  })
  exact <- whole[whole$verdict == "no_sign", ]
  sums <- lapply(c("n", "n_ends_in_0", "n_ends_in_00"), function(column) {
    rows <- sprintf("sum of %s, metric is all, verdict is no_sign", column)
    number_row("no_sign", column, sum(exact[[column]]), "count", "rounding", rows)
  })
  do.call(rbind, c(verdicts, sums))
}
