# Models of the growth of reports: how fast, since when, how well each describes the past and would have forecast it.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

fixed_break <- snakemake@params[["fixed_break"]]
per_segment <- snakemake@params[["years_per_segment"]]
all_years <- read_table(snakemake@input[["years"]])
# models describe years that mean the same: the longest run without a break
longest <- as.integer(names(which.max(table(all_years$segment[all_years$submitter == "all"]))))
years <- with_rates(all_years[all_years$submitter == "all" & all_years$segment == longest, c("year", "reports")])
identities <- identity_years(years, read_table(snakemake@input[["identities"]], name = "social_media_identities"))

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
rates <- rate_curves(series[[2]])
write_table(rates, snakemake@output[["rates"]])
write_table(rate_numbers(rates), snakemake@output[["numbers"]])
write_table(forecasts, snakemake@output[["forecasts"]])
results <- growth_results(series, forecasts, hindsight_models(forms), snakemake@params[["definition_changed_from"]])
write_table(results, snakemake@output[["results"]])
