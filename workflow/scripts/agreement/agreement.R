# Agreement of providers with the clearinghouse: differences, verdicts, limits of agreement, who counts more.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

limits <- snakemake@params[["limits"]]
pairs <- judged_pairs(agreement_pairs(read_table(snakemake@input[["pairs"]])), limits)
sets <- sets_left_out(pairs)
columns <- table_fields("agreement_pairs")$name
write_table(pairs[columns], snakemake@output[["pairs"]])
write_table(agreement_providers(pairs, limits), snakemake@output[["providers"]])
write_table(for_subsets(pairs, sets, agreement_summary), snakemake@output[["summary"]])
signs <- for_subsets(pairs, sets, agreement_signs)
write_table(signs, snakemake@output[["signs"]])
write_table(agreement_numbers(signs, limits), snakemake@output[["numbers"]])
