# Plots of agreement: Bland and Altman's, per provider and pooled, the cutoffs of the test of outliers, the subsets.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)
register_fonts(snakemake@params[["faces"]])

organizations <- read_table(snakemake@input[["organizations"]])
named <- function(ids) organizations$name[match(ids, organizations$organization)]
draw <- function(plot, size, data, output) {
  save_figure(plot, snakemake@output[[output]], size, snakemake@input[["fonts"]])
  write_csv(data, snakemake@output[[paste0(output, "_data")]])
}

pairs <- read_table(snakemake@input[["pairs"]])
pairs$name <- named(pairs$provider)
summary <- read_table(snakemake@input[["summary"]])
summary <- summary[summary$subset == "all", ]
columns <- c("provider", "name", "year", "mean_reports", "relative_difference", "relative_low", "relative_high")
draw(plot_agreement_grid(pairs, summary), "tall", pairs[columns], "grid")
draw(plot_agreement(pairs, summary), "small", pairs[columns], "pooled")

cutoffs <- read_table(snakemake@input[["cutoffs"]])
cutoffs$name <- named(cutoffs$provider)
draw(plot_cutoffs(cutoffs), "small", cutoffs, "cutoffs")

models <- forest_data(read_table(snakemake@input[["models"]]), named)
draw(plot_forest(models), "wide", models, "forest")
