# When growth quickened, under every defensible choice.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

settings <- snakemake@params[["growth"]]
breaks <- read_table(snakemake@input[["breaks"]])
all_years <- read_table(snakemake@input[["years"]])
all_years <- all_years[all_years$submitter == "all", c("year", "reports")]
identities <- identity_years(
  all_years, read_table(snakemake@input[["identities"]], name = "social_media_identities")
)
choices <- read_table(snakemake@input[["choices"]])
found <- specify_growth(
  choices,
  longest_run(all_years, breaks_of("cybertipline_reports", breaks)),
  longest_run(identities, breaks_of(c("cybertipline_reports", "social_media_identities"), breaks)),
  # many fits, each with fewer simulations than one that is printed alone
  settings$first_year_months, list(draws = 199, seed = settings$seed)
)
write_table(found$specifications, snakemake@output[["specifications"]])
write_table(found$options, snakemake@output[["options"]])
write_table(specification_numbers(found, choices, "growth_specifications"), snakemake@output[["numbers"]])
