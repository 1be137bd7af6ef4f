"""Which rule makes each table of which tables, and where numbers of the prose come from by that. Included last."""

TRACED = lineage()


rule lineage:
    input:
        rules="Snakefile",
    output:
        lineage="results/lineage.json",
    log:
        "results/logs/lineage.log",
    conda:
        "../../envs/environment.yml"
    params:
        lineage=TRACED,
    message:
        "Write which rule makes each table of which tables."
    script:
        "../scripts/report/lineage.py"


rule origins:
    input:
        lineage=rules.lineage.output.lineage,
        values=rules.values.output.values,
        tables=within_reach(
            sorted(
                {
                    *TRACED,
                    *(file for made in TRACED.values() for file in made["inputs"]),
                }
            )
        ),
        releases="data/releases.csv",
        corrections="data/corrections.yml",
        package="data/datapackage.json",
    output:
        origins="results/origins.js",
    log:
        "results/logs/origins.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Trace every number that the prose prints to the pages that it was read from."
    script:
        "../scripts/report/origins.py"
