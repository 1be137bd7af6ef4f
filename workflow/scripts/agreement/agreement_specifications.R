# How close both counts are, and which side counts more, under every defensible choice.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

pairs <- read_table(snakemake@input[["pairs"]])
choices <- read_table(snakemake@input[["choices"]])
found <- specify_agreement(pairs, choices)
write_table(found$specifications, snakemake@output[["specifications"]])
write_table(found$options, snakemake@output[["options"]])
numbers <- specification_numbers(found, choices, "agreement_specifications")
write_table(numbers, snakemake@output[["numbers"]])
