# Shares that sources disclose: relationships to victims and active people; and apps named against reports.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

read_data <- function(path) read_table(path, name = sub("^data/", "", path))

relationships <- relationship_shares(
  read_table(snakemake@input[["relationships"]]), read_data(snakemake@input[["groups"]])
)
write_table(relationships, snakemake@output[["relationships"]])

people <- active_people_shares(read_table(snakemake@input[["people"]]), read_data(snakemake@input[["world"]]))
write_table(people, snakemake@output[["people"]])

named <- named_apps_for(
  read_data(snakemake@input[["named"]]), read_table(snakemake@input[["years"]]), snakemake@params[["named_apps"]]
)
write_table(named$table, snakemake@output[["named"]])
write_table(named$charted, snakemake@output[["charted"]])
write_table(named$pairs, snakemake@output[["pairs"]])
