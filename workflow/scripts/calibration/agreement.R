# How often the intervals of agreement hold.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

settings <- snakemake@params
pairs <- read_table(snakemake@input[["pairs"]])
# a part of a table, which is described as a whole
write_csv(calibrate_agreement(pairs, settings[["draws"]], settings[["seed"]]), snakemake@output[[1]])
