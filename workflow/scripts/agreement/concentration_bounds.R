# How concentrated the reports of service providers can be, in years of which only some rows are known.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

years <- read_table(snakemake@input[["years"]])
bounds <- concentration_bounds(
  read_table(snakemake@input[["selected"]]), read_table(snakemake@input[["shares"]]),
  years[years$submitter == "service_providers", c("year", "reports")], snakemake@params[["top"]]
)
write_table(bounds, snakemake@output[["bounds"]])
