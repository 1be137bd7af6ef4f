# Bland and Altman plots of providers against the clearinghouse, one panel per provider.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)
register_fonts(snakemake@params[["faces"]])

pairs <- read_table(snakemake@input[["pairs"]])
summary <- read_table(snakemake@input[["summary"]])
organizations <- read_table(snakemake@input[["organizations"]])
pairs$name <- organizations$name[match(pairs$provider, organizations$organization)]

grid <- plot_agreement_grid(pairs, summary[summary$subset == "all", ])
save_figure(grid, snakemake@output[["figure"]], "tall", snakemake@input[["fonts"]])
utils::write.csv(
  pairs[c("provider", "name", "year", "mean_reports", "relative_difference")], snakemake@output[["data"]],
  row.names = FALSE, eol = "\n"
)
