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

# the same pairs a second time, in one column for narrow screens
draw_grid <- function(output, data, what, note) {
  draw(output, plot_agreement_grid(data), grid_inches(data), data, what, note)
  frame <- figure_frame(paste0("agreement_", output), what, data$year, note, figures)
  narrow <- snakemake@output[[paste0(output, "_narrow")]]
  save_figure(plot_agreement_grid(data, TRUE), narrow, grid_inches(data, TRUE), frame, snakemake@input[["fonts"]])
}

both <- grid_data(pairs)
apart <- apart_data(both)
n_others <- length(setdiff(both$name, apart$name))
near <- snakemake@params[["near"]]
what <- "Reports of child sexual exploitation to NCMEC, the US clearinghouse (a dot in its ring: both agree)"
draw_grid("grid", both, "Reports in a year (a dot in its ring: both counts agree)", grid_note(both, near))
note <- grid_note(apart, near)
if (n_others > 0) note <- paste(note, sprintf("Providers without such a year: %d.", n_others))
draw_grid("apart", apart, what, note)
pooled <- pooled_data(pairs, summary[summary$subset == "all", ])
draw(
  "pooled", plot_agreement(pooled), "small", pooled,
  "NCMEC's count less the provider's, as a share of the mean of both, pair by pair",
  pooled_note(pooled)
)
