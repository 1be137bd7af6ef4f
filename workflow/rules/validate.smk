"""The gate: no rule reads `data/` before all of it has passed."""


rule validate:
    input:
        tables=package_tables(),
        package="data/datapackage.json",
        corrections="data/corrections.yml",
        library=library(
            "checks",
            "corrections",
            "errors",
            "periods",
            "shim",
            "tables",
            "validation",
        ),
    output:
        rows="results/validated.json",
    log:
        "results/logs/validate.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Check every table in data/ before anything is computed from it."
    script:
        "../scripts/validate.py"
