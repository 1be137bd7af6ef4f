"""Maps of the world."""


rule maps:
    input:
        jurisdictions=rules.jurisdiction_years.output.parquet,
        boundaries="data/reference/boundaries.csv",
        look="config/look.yml",
        library=library("figures/maps"),
    output:
        figure="figures/maps.svg",
        data="figures/maps.csv",
        web="figures/world_map.js",
    log:
        "results/logs/maps.log",
    conda:
        "../../envs/environment.yml"
    params:
        limits=config["maps"]["classes"],
    message:
        "Draw reports per person on maps of the world."
    script:
        "../scripts/figures/maps.py"
