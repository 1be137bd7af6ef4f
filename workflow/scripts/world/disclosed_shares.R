# Shares that sources disclose: relationships to victims, reversals, active people; and apps named against reports.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

read_data <- function(path) read_table(path, name = sub("^data/", "", path))

facts <- read_table(snakemake@input[["facts"]])
relationships <- relationship_shares(
  read_table(snakemake@input[["relationships"]]), read_data(snakemake@input[["groups"]])
)
write_table(relationships, snakemake@output[["relationships"]])

measures <- snakemake@params[["reversals"]]
printed <- lapply(snakemake@input[["printed"]], function(path) {
  cbind(organization = sub("\\.csv$", "", basename(path)), read_data(path))
})
disclosures <- with_printed(read_table(snakemake@input[["disclosures"]]), do.call(rbind, printed))
reversals <- reversed_shares(disclosures, measures)
write_table(reversals, snakemake@output[["reversals"]])
n_surveyed <- nrow(read_table(snakemake@input[["survey"]]))

active <- read_table(snakemake@input[["people"]])
people <- active_people_shares(active, read_data(snakemake@input[["world"]]))
write_table(people, snakemake@output[["people"]])

reports <- read_table(snakemake@input[["reports"]])
reports <- reports[reports$provider == snakemake@params[["corporation"]], ]

settings <- snakemake@params[["named_apps"]]
years <- read_table(snakemake@input[["years"]])
named <- named_apps(
  read_data(snakemake@input[["named"]]), years[years$year == settings$reports_year, ], settings$counted_as,
  settings$leader
)
write_table(named$table, snakemake@output[["named"]])
write_table(named$charted, snakemake@output[["charted"]])
write_table(named$pairs, snakemake@output[["pairs"]])

write_table(
  rbind(
    relationship_results(relationships), relationship_coverage(facts, relationships), victim_results(facts),
    reversal_results(reversals, measures, n_surveyed), reach_results(people), reports_per_person(active, reports),
    named$results
  ),
  snakemake@output[["results"]]
)
