# Ranks under every combination of defensible choices.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

by_country <- breaks_of("country_reports", read_table(snakemake@input[["breaks"]]))
choices <- read_table(snakemake@input[["choices"]])
found <- rank_specifications(
  longest_run(read_table(snakemake@input[["years"]]), by_country), choices,
  read_table(snakemake@input[["facts"]]), snakemake@params[["settings"]]
)
write_table(found$specifications, snakemake@output[["specifications"]])
write_table(found$options, snakemake@output[["options"]])
write_table(specification_numbers(found, choices, "rank_specifications"), snakemake@output[["numbers"]])
