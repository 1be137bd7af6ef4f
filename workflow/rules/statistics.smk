"""Statistics in R: scripts that read a tidy table, call the functions of `workflow/R/`, and write result tables."""


rule growth:
    input:
        years=rules.cybertipline_years.output.csv,
        identities="data/reference/social_media_identities.csv",
        package="data/datapackage.json",
        functions=r_library(
            "tables",
            "results",
            "growth",
            "growth_breaks",
            "growth_likelihood",
            "growth_models",
            "growth_forecasts",
            "growth_results",
        ),
    output:
        models="results/tables/growth_models.csv",
        curves="results/tables/growth_curves.csv",
        rates="results/tables/growth_rates.csv",
        forecasts="results/tables/growth_forecasts.csv",
        results="results/tables/growth_results.csv",
    log:
        "results/logs/growth.log",
    conda:
        "../../envs/environment.yml"
    params:
        fixed_break=config["growth"]["fixed_break"],
        years_per_segment=config["growth"]["years_per_segment"],
        forecast_from=config["growth"]["forecast_from"],
        horizons=config["growth"]["horizons"],
        definition_changed_from=config["growth"]["definition_changed_from"],
    message:
        "Fit models of growth to the yearly reports, and forecast with them."
    script:
        "../scripts/growth/growth.R"


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
        "../scripts/agreement/agreement.R"
