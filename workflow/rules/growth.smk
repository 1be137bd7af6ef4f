"""Growth of the reports: models, forecasts, rates."""


rule growth:
    input:
        years=rules.cybertipline_years.output.csv,
        identities="data/reference/social_media_identities.csv",
    output:
        models="results/tables/growth_models.csv",
        curves="results/tables/growth_curves.csv",
        rates="results/tables/growth_rates.csv",
        numbers="results/tables/growth_numbers.csv",
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
