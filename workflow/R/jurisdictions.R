# Reports by country or territory: rates, ranks, and how much of a rank is more than noise.
#
# Counts are complete: they are no sample of anything. A rate says how often services reported what they found among
# uploads that they place in a country; it is no measure of abuse there, as the clearinghouse itself prints.

#' Rank, highest first; equal values share the better rank, missing ones have none.
rank_of <- function(values) rank(-values, ties.method = "min", na.last = "keep")

#' Places that can be ranked: those with reports and a population.
#'
#' @param rows Table `jurisdiction_years`.
#' @return Its rows with both, in the order of years and codes. Products of counts overflow R's integers: both are
#'   numeric.
rankable <- function(rows) {
  kept <- rows[!is.na(rows$reports) & !is.na(rows$population) & rows$population > 0, ]
  kept$reports <- as.numeric(kept$reports)
  kept$population <- as.numeric(kept$population)
  kept[order(kept$year, kept$iso3), ]
}

#' Apply a function to the rows of each year and bind what it returns.
by_year <- function(rows, analyse) do.call(rbind, unname(lapply(split(rows, rows$year), analyse)))

#' Rates and crude ranks of one year.
#'
#' @param rows From `rankable`, one year.
#' @param population_floor People that a place must have for `rank_above_floor`.
crude_ranks <- function(rows, population_floor) {
  rows$reports_per_100k <- rows$reports / rows$population * 1e5
  rows$rank <- rank_of(rows$reports_per_100k)
  is_large <- rows$population >= population_floor
  rows$rank_above_floor <- rank_of(ifelse(is_large, rows$reports_per_100k, NA))
  online <- ifelse(rows$internet_users > 0, rows$internet_users, NA)
  rows$reports_per_100k_internet_users <- rows$reports / online * 1e5
  rows$rank_internet_users <- rank_of(rows$reports_per_100k_internet_users)
  rows
}

#' Rates shrunken within a year: Poisson counts whose rates have a gamma distribution, fitted by maximum likelihood.
#'
#' MASS::glm.nb finds the same shape in the years at hand, but stops where the rates of all places are alike, or where
#' few places have most reports.
#'
#' @param rows Data frame with `reports` and `population`.
#' @return List of `shape` (the prior's weight in reports), `people` (its weight in people) and `per_100k` by row.
#' @source Clayton and Kaldor, Empirical Bayes estimates of age-standardized relative risks, Biometrics 43 (1987).
gamma_poisson <- function(rows) {
  # the mean rate and the shape, both as logarithms
  at_means <- function(at) list(size = exp(at[2]), mu = exp(at[1]) * rows$population)
  objective <- list(
    fn = function(at) with(at_means(at), -sum(stats::dnbinom(rows$reports, size = size, mu = mu, log = TRUE))),
    gr = function(at) {
      with(at_means(at), {
        joint <- (rows$reports + size) / (mu + size)
        by_size <- digamma(rows$reports + size) - digamma(size) + log(size / (mu + size)) + 1 - joint
        -c(sum(rows$reports - mu * joint), size * sum(by_size))
      })
    }
  )
  start <- c(log(mean(rows$reports / rows$population)), 0)
  found <- polish_minimum(stats::nlminb(start, objective$fn, objective$gr)$par, objective,
                          highest = c(Inf, largest_log_theta))
  shape <- stable(exp(found[2]))
  people <- stable(shape / exp(found[1]))
  list(shape = shape, people = people, per_100k = (shape + rows$reports) / (people + rows$population) * 1e5)
}

#' Funnel: what a Poisson count around one common rate would allow.
#'
#' @param rows Data frame with `reports` and `population`.
#' @return The rows with `expected_reports` at the rate of all together, the rates between which chance alone leaves 95
#'   of 100 counts, and whether the count lies outside.
funnel <- function(rows) {
  rows$expected_reports <- rows$population * (sum(rows$reports) / sum(rows$population))
  low <- stats::qpois(0.025, rows$expected_reports)
  high <- stats::qpois(0.975, rows$expected_reports)
  rows$funnel_low_per_100k <- low / rows$population * 1e5
  rows$funnel_high_per_100k <- high / rows$population * 1e5
  rows$is_outside_funnel <- rows$reports < low | rows$reports > high
  rows
}

#' Rates and ranks of all places and years, crude and shrunken, with intervals of ranks.
#'
#' @param rows Table `jurisdiction_years`.
#' @param fit From `fit_panel`, of the same rows.
#' @param settings List of `population_floor`, `draws`, `seed`.
#' @return One row per place with a population and year.
jurisdiction_ranks <- function(rows, fit, settings) {
  drawn <- draw_levels(fit$levels, settings$draws, settings$seed)
  by_year(rankable(rows), function(year) {
    year <- funnel(crude_ranks(year, settings$population_floor))
    levels <- fit$levels[match(year$iso3, fit$levels$iso3), ]
    base <- fit$years[[as.character(year$year[1])]]
    rate <- function(shift) exp(base + levels$level + shift * levels$standard_error) * 1e5
    year$shrunken_per_100k <- rate(0)
    year$shrunken_low_per_100k <- rate(stats::qnorm(0.025))
    year$shrunken_high_per_100k <- rate(stats::qnorm(0.975))
    year$shrunken_rank <- rank_of(levels$level)
    year <- cbind(year, rank_intervals(drawn[year$iso3, ])[c("rank_low", "rank_high")])
    year$gamma_poisson_per_100k <- gamma_poisson(year)$per_100k
    year$gamma_poisson_rank <- rank_of(year$gamma_poisson_per_100k)
    year
  })
}

#' Places by the area that they belong to, in several ways of dividing the world.
#'
#' @param rows Table `jurisdiction_years`.
#' @param apart Code of the country that stands apart from its continent.
#' @return Data frame: `iso3`, `year`, `kind`, `area`. A place can be in areas of several kinds, in one of each.
areas_of <- function(rows, apart) {
  is_apart <- rows$iso3 == apart
  own <- rows[is_apart, ][1, ]
  rest <- paste(own$continent, "without", own$name)
  continent <- ifelse(is_apart, rows$name, ifelse(rows$continent %in% own$continent, rest, rows$continent))
  continent[is.na(continent)] <- rows$name[is.na(continent)]
  league <- ifelse(rows$is_arab_league, paste("Arab League in", rows$continent), continent)
  kinds <- list(
    continent = continent, continent_and_league = league, region = rows$region,
    group = ifelse(rows$is_arab_league, "Arab League", NA)
  )
  areas <- do.call(rbind, unname(Map(function(area, kind) {
    data.frame(iso3 = rows$iso3, year = rows$year, kind = kind, area = area)
  }, kinds, names(kinds))))
  areas[!is.na(areas$area), ]
}

#' Places with people that the clearinghouse does not list in a year: no report was placed there.
#'
#' @param rows Table `jurisdiction_years`.
#' @param populations,countries,members Tables of `data/reference/`: people by place and year, all places, and the
#'   members of the Arab League.
#' @return Data frame with the columns of `rows` that areas need; `reports` are missing.
unlisted_places <- function(rows, populations, countries, members) {
  known <- populations[populations$year %in% rows$year, c("iso3", "year", "population")]
  is_listed <- paste(known$iso3, known$year) %in% paste(rows$iso3, rows$year)
  places <- merge(known[!is_listed, ], countries[c("iso3", "name", "continent", "region")], by = "iso3")
  places$reports <- rep(NA_real_, nrow(places))
  places$is_arab_league <- places$iso3 %in% members$iso3
  places
}

#' Reports, people and rates of areas by year.
#'
#' One rule for all areas: reports of all places in the area over people of all places in it. The clearinghouse's rows
#' add up to all reports, so that a place without a row or with a dash has people and no reports. A place whose
#' population the source does not give counts with its reports: the source counts most of these people with another
#' place, those of the Aland Islands with Finland's, and the others are few or none.
#'
#' @param rows Table `jurisdiction_years`.
#' @param apart Code of the country that stands apart from its continent.
#' @param unlisted From `unlisted_places`.
#' @return One row per kind, area and year, with `share` of all reports of the year, those without a country included,
#'   and `population_share` of all people.
jurisdiction_areas <- function(rows, apart, unlisted = rows[0, ]) {
  columns <- c("iso3", "name", "year", "continent", "region", "is_arab_league", "reports", "population")
  places <- rbind(rows[columns], unlisted[columns])
  areas <- merge(areas_of(places, apart), places[c("iso3", "year", "reports", "population")], by = c("iso3", "year"))
  is_counted <- !is.na(areas$reports)
  key <- interaction(areas$kind, areas$area, areas$year, drop = TRUE, sep = "\r")
  total <- function(values) as.numeric(tapply(as.numeric(values), key, sum, na.rm = TRUE))
  first <- !duplicated(key)
  table <- areas[first, c("kind", "area", "year")][order(as.integer(key)[first]), ]
  table$n_places <- total(is_counted)
  table$n_without_population <- total(is_counted & is.na(areas$population))
  table$reports <- total(areas$reports)
  people <- total(areas$population)
  table$population <- ifelse(people > 0, people, NA)
  table$reports_per_100k <- table$reports / table$population * 1e5
  of_year <- function(values) tapply(as.numeric(values), places$year, sum, na.rm = TRUE)[as.character(table$year)]
  table$share <- table$reports / of_year(places$reports)
  table$population_share <- table$population / of_year(places$population)
  table[order(table$kind, table$area, table$year), ]
}
