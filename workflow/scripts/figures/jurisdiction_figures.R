# Figures on jurisdictions, states, and shares that sources disclose, each with the data it was drawn from.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)
register_fonts(snakemake@params[["faces"]])

input <- function(name) read_table(snakemake@input[[name]])
draw <- function(name, plot, data, size) {
  save_figure(plot, snakemake@output[[name]], size, snakemake@input[["fonts"]])
  write_figure_data(data, snakemake@output[[paste0(name, "_data")]])
}

ranks <- input("ranks")
last <- ranks[ranks$year == max(ranks$year), ]
funnel <- funnel_data(ranks)
draw("funnel", plot_funnel(funnel, sum(last$reports) / sum(last$population) * 1e5), funnel, "wide")
by_country <- breaks_of("country_reports", read_table(snakemake@input[["changes"]], name = "breaks"))
first <- rank_data(ranks, by_country)
draw("ranks", plot_ranks(first), first, "tall")
continents <- continent_data(input("areas"))
draw("continents", plot_continents(continents, by_country), continents, "wide")
states <- input("states")
states <- states[states$year == max(states$year), ]
draw("states", plot_states(states), states, "tall")
relationships <- relationship_data(input("relationships"))
draw("relationships", plot_relationships(relationships), relationships, "small")
named <- named_data(input("named"))
draw("named", plot_named(named), named, "tall")
