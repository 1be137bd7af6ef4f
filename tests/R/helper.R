# Tests run in tests/R; the library's functions and the project's files are two folders up.
project <- normalizePath(file.path("..", ".."))
for (file in Sys.glob(file.path(project, "workflow", "R", "*.R"))) source(file)

# All reports by year, as committed, of the longest run of years that mean the same.
read_reports <- function() {
  read <- function(...) utils::read.csv(file.path(project, "data", ...))
  years <- read("cybertipline", "reports.csv")
  breaks <- breaks_of("cybertipline_reports", read("reference", "breaks.csv"))
  longest_run(years[years$submitter == "all", c("year", "reports")], breaks)
}

# All models of the committed reports, fitted once for all files of tests.
fitted_once <- new.env()
fits_of_reports <- function() {
  if (is.null(fitted_once$fits)) fitted_once$fits <- growth_fits(with_rates(read_reports()), 2014)
  fitted_once$fits
}

# Few simulations, for tests that ask what intervals are made of.
few <- list(draws = 99, seed = 1)

# What the configuration says of verdicts.
verdict_limits <- list(close = 0.01, near = 0.05, few_reports = 100)

# Comparable pairs with their verdicts, from two vectors of counts, one provider a pair unless named, exact unless
# bounds are given.
pairs_of <- function(provider_reports, ncmec_reports, provider = paste0("p", seq_along(provider_reports)),
                     low = provider_reports, high = provider_reports, warnings = NA_character_) {
  judged_pairs(agreement_pairs(data.frame(
    provider = provider, year = 2020 + seq_along(provider_reports), provider_reports = provider_reports,
    provider_low = low, provider_high = high, ncmec_reports = ncmec_reports, is_comparable = TRUE,
    own_provenance = "primary", warnings = warnings
  )), verdict_limits)
}

# A coverage found by few draws lies within chance of the committed one.
expect_coverage_as_committed <- function(found) {
  path <- file.path(project, "data", "calibration", "interval_coverage.csv")
  committed <- read_table(path, file.path(project, "data", "datapackage.json"))
  same <- merge(found, committed, by = c("interval_method", "errors"), suffixes = c("", "_committed"))
  testthat::expect_identical(nrow(same), nrow(found))
  chance <- 3.5 * sqrt(same$held_share_committed * (1 - same$held_share_committed) / (same$n_draws - same$n_without))
  # a share of all or nearly all draws has no error to speak of
  testthat::expect_true(all(abs(same$held_share - same$held_share_committed) <= pmax(chance, 0.02)))
}

# Rows as in jurisdiction_years, one per place and year.
places_of <- function(reports, population, year = 2031, iso3 = sprintf("P%02d", seq_along(reports)), ...) {
  frame <- data.frame(
    iso3 = iso3, name = paste("Place", iso3), year = year, reports = reports, population = population,
    internet_users = population / 2, continent = "Asia", region = "Eastern Asia", is_arab_league = FALSE
  )
  changes <- list(...)
  frame[names(changes)] <- changes
  frame
}

# What the configuration says of jurisdictions, for a few places.
place_settings <- list(
  population_floor = 1000, draws = 200, seed = 1, top = 2, apart = "P01", without_country = "ZZZ"
)

# Places by year from the committed tables, as the rule jurisdiction_years brings them together.
read_places <- function() {
  read <- function(...) utils::read.csv(file.path(project, "data", ...), na.strings = "")
  reports <- stats::aggregate(reports ~ iso3 + year, read("cybertipline", "country_reports.csv"), sum)
  rows <- merge(reports, read("reference", "countries.csv")[c("iso3", "name", "continent", "region")], by = "iso3")
  rows <- merge(rows, read("reference", "populations.csv")[c("iso3", "year", "population")], all.x = TRUE)
  rows$internet_users <- NA_real_
  rows$is_arab_league <- rows$iso3 %in% read("reference", "arab_league.csv")$iso3
  rows
}

# Evaluate code in the project's folder, where figures look for their colors.
in_project <- function(code) {
  old <- setwd(project)
  on.exit(setwd(old))
  force(code)
}
