# Models of the growth of reports: how fast, since when, how well each describes the past and would have forecast it.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

settings <- snakemake@params[["growth"]]
fixed_break <- settings$fixed_break
per_segment <- settings$years_per_segment
simulation <- settings[c("draws", "seed")]
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

coverage <- read_table(snakemake@input[["coverage"]])
series <- Map(function(years, is_rate) {
  # the profile of a likelihood is dear, and its intervals hold too seldom: of rates there is none
  fits <- growth_fits(years, fixed_break, per_segment, simulation, is_profiled = !is_rate)
  found <- growth(years, fixed_break, fits = fits)
  if (is_rate) found$models$interval_method <- method_of_rates(found$models$interval_method)
  found$models <- judge_intervals(found$models, coverage, snakemake@params[["tolerance"]])
  c(list(years = years, fits = fits), found)
}, list(reports = years, "reports per 1,000 social media identities" = identities), c(FALSE, TRUE))
forms <- growth_forms(fixed_break)
forecasts <- rolling_forecasts(years, forms, settings$forecast_from, settings$horizons, per_segment)

write_table(series[[1]]$models, snakemake@output[["models"]])
write_table(series[[1]]$curves, snakemake@output[["curves"]])
write_table(growth_points(stats::setNames(series, c("reports", "per_1000")), fixed_break), snakemake@output[["points"]])
refits <- judge_intervals(growth_refits(years, per_segment, simulation), coverage, snakemake@params[["tolerance"]])
write_table(refits, snakemake@output[["refits"]])
criteria <- growth_criteria(
  years, forms, per_segment, settings$first_year_months, settings$break_costs, settings$support
)
write_table(criteria, snakemake@output[["criteria"]])
rates <- rate_curves(series[[2]], all_identities, of_rates)
write_table(rates, snakemake@output[["rates"]])
outcomes <- growth_outcomes(
  all_years, read_table(snakemake@input[["incidents"]], name = "incident_counts"), of_reports, forms, per_segment,
  simulation
)
write_table(outcomes, snakemake@output[["outcomes"]])
write_table(
  rbind(rate_numbers(rates), outcome_numbers(outcomes), criteria_numbers(criteria), refit_numbers(refits)),
  snakemake@output[["numbers"]]
)
write_table(forecasts, snakemake@output[["forecasts"]])
results <- growth_results(series, forecasts, hindsight_models(forms), of_reports, settings$hardly)
write_table(results, snakemake@output[["results"]])
