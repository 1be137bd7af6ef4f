# Agreement of providers with the clearinghouse: differences, limits of agreement, sign tests.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

pairs <- agreement_pairs(read_table(snakemake@input[["pairs"]]))
without <- snakemake@params[["without"]]
columns <- table_fields("agreement_pairs")$name
write_table(pairs[columns], snakemake@output[["pairs"]])
write_table(for_subsets(pairs, without, agreement_summary), snakemake@output[["summary"]])
write_table(for_subsets(pairs, without, agreement_signs), snakemake@output[["signs"]])
