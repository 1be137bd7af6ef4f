# Models of the growth of reports: how fast, since when, and how well each describes the past.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

years <- read_table(snakemake@input[["years"]])
results <- growth(years[years$submitter == "all", ], snakemake@params[["fixed_break"]])
write_table(results$models, snakemake@output[["models"]])
write_table(results$curves, snakemake@output[["curves"]])
