# Tests run in tests/R; the library's functions and the project's files are two folders up.
project <- normalizePath(file.path("..", ".."))
functions <- c(
  "tables", "results", "load", "look", "growth", "agreement", "agreement_models", "agreement_icc", "agreement_tests",
  "agreement_plots", "rounding", "growth_breaks", "growth_likelihood", "growth_models", "growth_forecasts",
  "growth_results", "concentration"
)
for (name in functions) source(file.path(project, "workflow", "R", paste0(name, ".R")))

# All reports by year, as committed.
read_reports <- function() {
  years <- utils::read.csv(file.path(project, "data", "cybertipline", "reports.csv"))
  years[years$submitter == "all", c("year", "reports")]
}

# Comparable pairs from two vectors of counts, one provider a pair unless named.
pairs_of <- function(provider_reports, ncmec_reports, provider = paste0("p", seq_along(provider_reports))) {
  agreement_pairs(data.frame(
    provider = provider, year = 2020 + seq_along(provider_reports), provider_reports = provider_reports,
    ncmec_reports = ncmec_reports, is_comparable = TRUE
  ))
}
