# How concentrated the reports of service providers are, by year, and who enters and leaves the tables.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

years <- read_table(snakemake@input[["years"]])
results <- concentration(years, snakemake@params[["top"]], snakemake@params[["making"]])
write_table(results, snakemake@output[["results"]])
write_table(concentration_curves(years, snakemake@params[["tolerance"]]), snakemake@output[["curves"]])
