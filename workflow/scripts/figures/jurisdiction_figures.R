# Figures on jurisdictions, states, and shares that sources disclose, each with the data it was drawn from.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)
register_fonts(snakemake@params[["faces"]])

input <- function(name) read_table(snakemake@input[[name]])
figures <- input("figures")
draw <- function(output, plot, data, size, what, note = NULL) {
  figure <- sub("\\.svg$", "", basename(snakemake@output[[output]]))
  frame <- figure_frame(figure, what, data$year, note, figures)
  save_figure(plot, snakemake@output[[output]], size, frame, snakemake@input[["fonts"]])
  write_figure_data(data, snakemake@output[[paste0(output, "_data")]])
}
populations <- "Populations by the United Nations."

ranks <- input("ranks")
funnel <- funnel_data(ranks)
draw(
  "funnel", plot_funnel(funnel), funnel, "wide", "Reports per 100,000 people and population, country by country",
  paste(funnel_note(funnel), populations)
)
by_country <- breaks_of("country_reports", read_table(snakemake@input[["changes"]], name = "breaks"))
first <- rank_data(ranks, by_country, snakemake@params[["top"]])
draw(
  "ranks", plot_ranks(first), first, "small",
  "Rank of the level over all years (diamond), its 95 percent interval (bar), ranks of single years (dots)", populations
)
continents <- continent_data(input("areas"))
draw(
  "continents", plot_continents(continents, by_country), continents, "wide", "Reports per 100,000 people",
  paste("Thin lines: the other continents.", populations)
)
states <- state_data(input("states"))
draw(
  "states", plot_states(states), states, "tall", "Reports per 100,000 people",
  paste(state_note(states), "Compiled by Robert Grimm; populations by the US Census Bureau.")
)
relationships <- relationship_data(input("relationships"))
draw(
  "relationships", plot_relationships(relationships), relationships, "small",
  "Share of files or victims by who the offender was to the victim",
  paste(
    "Bars: from the least to the most that is possible. Filled dots: all victims; rings: age groups, in years,",
    "named from left to right where they are close."
  )
)
named <- named_data(input("named"))
draw(
  "named", plot_named(named), named, "tall",
  sprintf(
    "Children who named a platform, and reports in %d by providers; the stronger the color, the larger the share",
    snakemake@params[["named_year"]]
  )
)
