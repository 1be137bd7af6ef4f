"""Statistics in R: scripts that read a tidy table, call the functions of `workflow/R/`, and write result tables."""


rule growth:
    input:
        years=rules.cybertipline_years.output.csv,
        package="data/datapackage.json",
        functions=r_library("tables", "growth"),
    output:
        models="results/tables/growth_models.csv",
        curves="results/tables/growth_curves.csv",
    log:
        "results/logs/growth.log",
    conda:
        "../../envs/environment.yml"
    params:
        fixed_break=config["growth"]["fixed_break"],
    message:
        "Fit models of growth to the yearly reports."
    script:
        "../scripts/growth.R"


rule agreement:
    input:
        pairs=rules.provider_pairs.output.csv,
        package="data/datapackage.json",
        functions=r_library("tables", "agreement"),
    output:
        pairs="results/tables/agreement_pairs.csv",
        summary="results/tables/agreement_summary.csv",
        signs="results/tables/agreement_signs.csv",
    log:
        "results/logs/agreement.log",
    conda:
        "../../envs/environment.yml"
    params:
        without=config["agreement"]["without"],
    message:
        "Measure the agreement of providers with NCMEC."
    script:
        "../scripts/agreement.R"
