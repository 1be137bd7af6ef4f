# How often the intervals of models of growth hold, by simulation.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

breaks <- read_table(snakemake@input[["breaks"]])
all_years <- read_table(snakemake@input[["years"]])
all_years <- all_years[all_years$submitter == "all", c("year", "reports")]
identities <- identity_years(
  all_years, read_table(snakemake@input[["identities"]], name = "social_media_identities")
)
series <- list(
  reports = longest_run(all_years, breaks_of("cybertipline_reports", breaks)),
  "reports per 1,000 social media identities" = longest_run(
    identities, breaks_of(c("cybertipline_reports", "social_media_identities"), breaks)
  )
)
write_coverage(
  calibrate_growth(
    series, snakemake@params[["fixed_break"]], snakemake@params[["years_per_segment"]], snakemake@params[["draws"]],
    snakemake@params[["seed"]]
  ),
  snakemake@output[[1]]
)
