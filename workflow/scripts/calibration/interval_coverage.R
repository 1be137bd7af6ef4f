# The simulated coverage of all intervals in one table.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

parts <- lapply(snakemake@input[["parts"]], read_table, name = "interval_coverage")
rows <- do.call(rbind, parts)
write_table(rows[order(rows$interval_method, rows$errors), ], snakemake@output[[1]])
