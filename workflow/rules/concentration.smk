"""Concentration: how far the reports of service providers come from few of them."""


rule concentration:
    input:
        years=rules.esp_years.output.csv,
        package="data/datapackage.json",
        functions=r_library("tables", "results", "concentration"),
    output:
        results="results/tables/concentration.csv",
        curves="results/tables/concentration_curves.csv",
    log:
        "results/logs/concentration.log",
    conda:
        "../../envs/environment.yml"
    params:
        top=config["concentration"]["top"],
        making=config["concentration"]["making"],
        tolerance=config["concentration"]["tolerance"],
    message:
        "Measure how concentrated the reports of service providers are."
    script:
        "../scripts/agreement/concentration.R"


rule concentration_figures:
    input:
        shares=rules.provider_shares.output.parquet,
        organizations="data/organizations/organizations.csv",
        esp_years=rules.esp_years.output.parquet,
        curves=rules.concentration.output.curves,
        look="config/look.yml",
        library=library("figures/concentration_figures"),
    output:
        shares="figures/shares.svg",
        shares_data="figures/shares.csv",
        concentration="figures/concentration.svg",
        concentration_data="figures/concentration.csv",
        reports="figures/provider_reports.svg",
        reports_data="figures/provider_reports.csv",
    log:
        "results/logs/concentration_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw who makes the reports."
    script:
        "../scripts/figures/concentration_figures.py"
