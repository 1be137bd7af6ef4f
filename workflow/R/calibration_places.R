# How often intervals of places hold: panels whose levels are known, drawn and fitted again.
#
# What a place departs from its level by is drawn as the panel assumes it, and as the counts show it: some places vary
# far more than others, and places of a region move together.

#' What is left of a place's rates around its level from each year to the next, as a matrix of places and years.
#'
#' @param fit From `fit_panel`.
noise_steps <- function(fit) {
  left <- residual_table(fit)
  left <- left[stats::complete.cases(left), , drop = FALSE]
  years <- ncol(left)
  left[, -1, drop = FALSE] - fit$correlation * left[, -years, drop = FALSE]
}

#' How unequal the sizes of places' noise are: the squared coefficient of variation of its variance, beyond what as few
#' years give by chance.
noise_spread <- function(fit) {
  steps <- noise_steps(fit)
  size <- rowMeans(steps^2)
  by_chance <- 1 + 2 / ncol(steps)
  max(0, (1 + stats::var(size) / mean(size)^2) / by_chance - 1)
}

#' What part of the noise places of a region share: the mean correlation of their steps.
#'
#' @param region Regions of the places, named by code; missing ones are of no region.
noise_shared <- function(fit, region) {
  steps <- noise_steps(fit)
  # standardized by place: a place that varies much must not decide
  steps <- scale(steps / sqrt(rowMeans(steps^2)))
  own <- region[rownames(steps)]
  together <- outer(own, own, "==")
  diag(together) <- FALSE
  max(0, mean((tcrossprod(steps) / ncol(steps))[which(together)]))
}

#' Draw places' noise in all years: a matrix, one row per place.
#'
#' @param regions Region of each place.
#' @param correlation,size Of the noise of neighboring years, and its standard deviation.
#' @param spread,shared From `noise_spread` and `noise_shared`; none by default.
draw_noise <- function(regions, n_years, correlation, size, spread = 0, shared = 0) {
  draw <- function(n) t(replicate(n, correlated_errors(n_years, correlation)))
  n <- length(regions)
  by_region <- draw(length(unique(regions)))[match(regions, unique(regions)), , drop = FALSE]
  # variances with an inverse gamma distribution of mean one
  shape <- 2 + 1 / spread
  variance <- if (spread > 0) (shape - 1) / stats::rgamma(n, shape) else rep(1, n)
  size * sqrt(variance) * (sqrt(shared) * by_region + sqrt(1 - shared) * draw(n))
}

#' Draw the counts of a panel.
#'
#' @param fit From `fit_panel`: its places, years and populations.
#' @param levels True level of each of its places, in the order of their codes.
#' @param noise From `draw_noise`.
draw_panel <- function(fit, levels, noise) {
  rows <- fit$panel
  at <- match(rows$iso3, fit$levels$iso3)
  year <- as.character(rows$year)
  rate <- fit$years[year] + levels[at] + noise[cbind(at, match(year, names(fit$years)))]
  rows$reports <- stats::rpois(nrow(rows), rows$population * exp(rate))
  rows
}

#' Whether the intervals of ranks and levels of a drawn panel hold, place by place, in its last year.
#'
#' @return Data frame: `rank` and `level`, logical.
panel_holds <- function(rows, fit, levels, settings) {
  found <- fit_panel(rows)
  last <- max(rows$year)
  places <- rows$iso3[rows$year == last]
  truth <- stats::setNames(levels, fit$levels$iso3)[places]
  ranks <- rank_intervals(draw_levels(found$levels, settings$draws, settings$seed)[places, ])
  levels <- found$levels[match(places, found$levels$iso3), ]
  rate <- found$years[[as.character(last)]] + levels$level
  margin <- stats::qnorm(0.975) * levels$standard_error
  data.frame(
    rank = holds(ranks$rank_low, ranks$rank_high, rank_of(truth)),
    level = holds(rate - margin, rate + margin, fit$years[[as.character(last)]] + truth)
  )
}

#' Whether counts of the last year lie in the funnel around their common rate.
funnel_holds <- function(rows) {
  last <- rows[rows$year == max(rows$year), ]
  !funnel(last)$is_outside_funnel
}

#' Draw counts that chance alone tells apart: all places of the last year have its common rate.
draw_alike <- function(rows) {
  last <- rows[rows$year == max(rows$year), ]
  last$reports <- stats::rpois(nrow(last), last$population * sum(last$reports) / sum(last$population))
  last
}

#' Draw panels of one kind, fit them, and say for each place which intervals hold.
#'
#' @param region Regions of the fit's places.
#' @param more What `draw_noise` takes beyond the noise that the panel assumes.
#' @param is_assumed Whether errors are as the methods assume.
#' @return List with one data frame per panel: `rank`, `level`, `funnel`, and `noise`, how large it was drawn.
drawn_panels <- function(fit, region, more, is_assumed, draws, settings) {
  lapply(seq_len(draws), function(draw) {
    levels <- if (is_assumed) stats::rnorm(length(region), 0, fit$sigma) else fit$levels$level
    noise <- do.call(draw_noise, c(list(region, length(fit$years), fit$correlation, fit$noise), more))
    rows <- draw_panel(fit, levels, noise)
    places <- rows$iso3[rows$year == max(rows$year)]
    cbind(
      panel_holds(rows, fit, levels, settings),
      funnel = funnel_holds(if (is_assumed) draw_alike(fit$panel) else rows),
      noise = apply(noise, 1, stats::sd)[match(places, fit$levels$iso3)]
    )
  })
}

#' Coverage of the intervals of places, in the form of data/calibration/interval_coverage.csv.
#'
#' @param rows Rows of `jurisdiction_years` that can be ranked.
#' @param draws Panels drawn of each kind; a panel has an interval for each of its places.
#' @param settings List of `draws`, of levels, and `seed`, as for the ranks of the report.
calibrate_places <- function(rows, draws, seed, settings) {
  fit <- fit_panel(rows)
  region <- stats::setNames(rows$region, rows$iso3)[fit$levels$iso3]
  region[is.na(region)] <- fit$levels$iso3[is.na(region)]
  as_observed <- list(spread = noise_spread(fit), shared = noise_shared(fit, region))
  methods <- c(rank = "rank_of_level", level = "level_of_place", funnel = "funnel_of_chance")
  simulated <- places_simulated(fit, as_observed)
  do.call(rbind, lapply(names(simulated), function(errors) {
    is_assumed <- errors == "as_assumed"
    drawn <- with_seed(seed, drawn_panels(
      fit, region, if (is_assumed) list() else as_observed, is_assumed, draws, settings
    ))
    do.call(rbind, lapply(names(methods), function(column) {
      words <- simulated[[errors]][[if (is_assumed && column == "funnel") "alike" else "panel"]]
      if (column != "funnel") words <- paste(words, among_noisy(drawn, column))
      coverage_of_panels(methods[[column]], errors, lapply(drawn, `[[`, column), seed, words)
    }))
  }))
}

#' A row of coverage whose error is that between panels: intervals of one panel are not independent.
#'
#' @param held List of logical vectors, one per panel.
coverage_of_panels <- function(interval_method, errors, held, seed, simulated) {
  row <- coverage_row(interval_method, errors, unlist(held), seed, simulated)
  of_panels <- vapply(held, mean, 0, na.rm = TRUE)
  row$held_share_error <- if (length(held) > 1) stats::sd(of_panels) / sqrt(length(held)) else NA_real_
  row$n_draws <- length(held)
  row$n_without <- sum(vapply(held, function(panel) all(is.na(panel)), NA))
  row
}

#' How often intervals hold for the tenth of places with the largest noise, in words: an average over places hides them.
among_noisy <- function(drawn, column) {
  held <- unlist(lapply(drawn, function(panel) panel[[column]][panel$noise >= stats::quantile(panel$noise, 0.9)]))
  percent <- 100 * mean(held, na.rm = TRUE)
  sprintf("Of the tenth of places with the largest noise, %.0f%% of the intervals held.", percent)
}

#' What is drawn, in words.
places_simulated <- function(fit, as_observed) {
  panels <- sprintf(
    "Panels of %d places and %d years with their populations and yearly effects; Poisson counts around rates with",
    nrow(fit$levels), length(fit$years)
  )
  noise <- sprintf(
    "noise of standard deviation %.2f and correlation %.2f from year to year", fit$noise, fit$correlation
  )
  each <- "Coverage is the mean over places, its error that between panels."
  list(
    as_assumed = list(
      panel = sprintf("%s normal levels and normal %s, alike in all places. %s", panels, noise, each),
      alike = paste("Poisson counts of one year with its populations, all places at their common rate.", each)
    ),
    as_observed = list(panel = sprintf(paste(
      "%s the levels found and %s, its variance unequal between places (coefficient of variation %.2f),",
      "%.0f%% of it shared by places of a region. %s"
    ), panels, noise, sqrt(as_observed$spread), 100 * as_observed$shared, each))
  )
}
