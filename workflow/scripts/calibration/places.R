# How often the intervals of places hold, by simulation.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

by_country <- breaks_of("country_reports", read_table(snakemake@input[["breaks"]]))
rows <- rankable(longest_run(read_table(snakemake@input[["years"]]), by_country))
coverage <- calibrate_places(
  rows, snakemake@params[["panels"]], snakemake@params[["seed"]], snakemake@params[["settings"]]
)
write_coverage(coverage, snakemake@output[[1]])
