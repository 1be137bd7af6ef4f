"""Fetch the source files from their publishers: `snakemake fetch --cores 1`. No other target asks for it."""


localrules:
    fetch,


# Without an output it runs whenever it is asked for; files that are here and right are not fetched again.
rule fetch:
    input:
        releases="data/releases.csv",
        library=library("ingest/fetch"),
    log:
        "results/logs/fetch.log",
    conda:
        "../../envs/environment.yml"
    params:
        raw="data/raw",
    message:
        "Fetch the source files that are missing in data/raw/."
    script:
        "../scripts/ingest/fetch.py"
