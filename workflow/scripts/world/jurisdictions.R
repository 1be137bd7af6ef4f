# Jurisdictions and states: rates, ranks with intervals, areas, and what hangs on which choice.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

years <- read_table(snakemake@input[["years"]])
states <- read_table(snakemake@input[["states"]])
settings <- snakemake@params[["settings"]]
# ranks and what hangs on them are of years that mean the same: the longest run without a break
by_country <- breaks_of("country_reports", read_table(snakemake@input[["breaks"]]))
alike <- longest_run(years, by_country)
fit <- fit_panel(rankable(alike))
ranks <- jurisdiction_ranks(alike, fit, settings)
write_table(ranks[table_fields("jurisdiction_ranks")$name], snakemake@output[["ranks"]])
reference <- lapply(snakemake@input[c("populations", "countries", "members")], read_table)
unlisted <- do.call(unlisted_places, c(list(years), reference))
write_table(jurisdiction_areas(years, settings$apart, unlisted), snakemake@output[["areas"]])
write_table(state_ranks(states)[table_fields("state_ranks")$name], snakemake@output[["states"]])
write_table(jurisdiction_results(alike, states, ranks, fit, settings), snakemake@output[["results"]])
