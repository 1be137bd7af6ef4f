# How often the intervals of agreement hold.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

settings <- snakemake@params
pairs <- read_table(snakemake@input[["pairs"]])
write_coverage(calibrate_agreement(pairs, settings[["draws"]], settings[["seed"]]), snakemake@output[[1]])
