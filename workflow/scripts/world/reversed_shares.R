# Shares of reversals that providers disclose; and what the report says of these and of the other disclosed shares.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

read_data <- function(path) read_table(path, name = sub("^data/", "", path))
input <- function(name) read_table(snakemake@input[[name]])

measures <- snakemake@params[["reversals"]]
printed <- lapply(snakemake@input[["printed"]], function(path) {
  cbind(organization = sub("\\.csv$", "", basename(path)), read_data(path))
})
disclosures <- with_printed(input("disclosures"), do.call(rbind, printed))
reversals <- reversed_shares(disclosures, measures)
write_table(reversals, snakemake@output[["reversals"]])

reports <- input("reports")
reports <- reports[reports$provider == snakemake@params[["corporation"]], ]
facts <- input("facts")
relationships <- input("relationships")
named <- named_apps_for(read_data(snakemake@input[["named"]]), input("years"), snakemake@params[["named_apps"]])
write_table(
  rbind(
    relationship_results(relationships), relationship_coverage(facts, relationships), victim_results(facts),
    reversal_results(reversals, measures, nrow(input("survey"))), reach_results(input("people")),
    reports_per_person(input("active"), reports), named$results
  ),
  snakemake@output[["results"]]
)
