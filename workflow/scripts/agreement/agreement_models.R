# Models and tests of agreement, and which organizations round what they disclose.

log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
for (file in snakemake@input[["functions"]]) source(file)

settings <- snakemake@params[["settings"]]
pairs <- judged_pairs(agreement_pairs(read_table(snakemake@input[["pairs"]])), snakemake@params[["limits"]])
disclosures <- read_table(snakemake@input[["disclosures"]])
years <- read_table(snakemake@input[["years"]])

rounding <- rounding_tests(disclosures, settings$rounding_floor)
rounders <- rounding$organization[rounding$verdict %in% "rounds"]
steps <- rounding_steps(disclosures, rounders)
cutoffs <- cutoff_tests(pairs)

models <- rbind(
  agreement_models(pairs, sets_left_out(pairs)),
  agreement_icc(pairs, list(draws = settings$draws, seed = settings$seed, factor = settings$factor)),
  rounding_effect(pairs, steps)
)
write_table(models, snakemake@output[["models"]])
write_table(agreement_tests(pairs, cutoffs), snakemake@output[["tests"]])
write_table(cutoffs, snakemake@output[["cutoffs"]])
write_table(rounding, snakemake@output[["rounding"]])
write_table(rounding_numbers(rounding), snakemake@output[["rounding_numbers"]])
write_table(steps, snakemake@output[["steps"]])
directions <- read_table(snakemake@input[["directions"]])
write_table(rounding_bounds(disclosures, years, rounders, steps, directions), snakemake@output[["bounds"]])
