# Figures of agreement: both counts of every pair, and all pairs together by Bland and Altman's method.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)
register_fonts(snakemake@params[["faces"]])

organizations <- read_table(snakemake@input[["organizations"]])
figures <- read_table(snakemake@input[["figures"]])
draw <- function(output, plot, size, data, what, note = NULL) {
  frame <- figure_frame(paste0("agreement_", output), what, data$year, note, figures)
  save_figure(plot, snakemake@output[[output]], size, frame, snakemake@input[["fonts"]])
  write_figure_data(data, snakemake@output[[paste0(output, "_data")]])
}

pairs <- read_table(snakemake@input[["pairs"]])
pairs$name <- organizations$name[match(pairs$provider, organizations$organization)]
summary <- read_table(snakemake@input[["summary"]])

both <- grid_data(pairs)
draw(
  "grid", plot_agreement_grid(both), grid_inches(both), both,
  "Reports in a year (a dot in its ring: both counts agree)", grid_note(both, snakemake@params[["near"]])
)
pooled <- pooled_data(pairs, summary[summary$subset == "all", ])
draw(
  "pooled", plot_agreement(pooled), "small", pooled,
  "NCMEC's count less the provider's, as a share of the mean of both, pair by pair",
  "Bars: what rounding leaves of a difference."
)
