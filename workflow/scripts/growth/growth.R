# Models of the growth of reports: how fast, since when, how well each describes the past and would have forecast it.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

fixed_break <- snakemake@params[["fixed_break"]]
per_segment <- snakemake@params[["years_per_segment"]]
breaks <- read_table(snakemake@input[["breaks"]])
of_reports <- breaks_of("cybertipline_reports", breaks)
of_rates <- breaks_of(c("cybertipline_reports", "social_media_identities"), breaks)
all_years <- read_table(snakemake@input[["years"]])
all_years <- all_years[all_years$submitter == "all", c("year", "reports")]
all_identities <- identity_years(
  all_years, read_table(snakemake@input[["identities"]], name = "social_media_identities")
)
# models describe years that mean the same: the longest run without a break
years <- with_rates(longest_run(all_years, of_reports))
identities <- longest_run(all_identities, of_rates)

series <- lapply(list(
  reports = years,
  "reports per 1,000 social media identities" = identities
), function(years) {
  fits <- growth_fits(years, fixed_break, per_segment)
  c(list(years = years, fits = fits), growth(years, fixed_break, fits = fits))
})
forms <- growth_forms(fixed_break)
forecasts <- rolling_forecasts(
  years, forms, snakemake@params[["forecast_from"]], snakemake@params[["horizons"]], per_segment
)

write_table(series[[1]]$models, snakemake@output[["models"]])
write_table(series[[1]]$curves, snakemake@output[["curves"]])
rates <- rate_curves(series[[2]], all_identities, of_rates)
write_table(rates, snakemake@output[["rates"]])
outcomes <- growth_outcomes(
  all_years, read_table(snakemake@input[["incidents"]], name = "incident_counts"), of_reports, forms, per_segment
)
write_table(outcomes, snakemake@output[["outcomes"]])
write_table(rbind(rate_numbers(rates), outcome_numbers(outcomes)), snakemake@output[["numbers"]])
write_table(forecasts, snakemake@output[["forecasts"]])
results <- growth_results(series, forecasts, hindsight_models(forms), of_reports)
write_table(results, snakemake@output[["results"]])
