"""Growth of the reports: models, forecasts, rates."""


rule growth:
    input:
        years=rules.cybertipline_years.output.csv,
        identities="data/reference/social_media_identities.csv",
        incidents="data/cybertipline/incident_counts.csv",
        breaks="data/reference/breaks.csv",
    output:
        models="results/tables/growth_models.csv",
        curves="results/tables/growth_curves.csv",
        rates="results/tables/growth_rates.csv",
        numbers="results/tables/growth_numbers.csv",
        forecasts="results/tables/growth_forecasts.csv",
        outcomes="results/tables/growth_outcomes.csv",
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
    message:
        "Fit models of growth to the yearly reports, forecast with them, and set forecasts against what came."
    script:
        "../scripts/growth/growth.R"
