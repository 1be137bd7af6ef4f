"""Growth of the reports: models, forecasts, rates."""


rule growth:
    input:
        years=rules.cybertipline_years.output.csv,
        identities="data/reference/social_media_identities.csv",
        incidents="data/cybertipline/incident_counts.csv",
        breaks="data/reference/breaks.csv",
        coverage="data/calibration/interval_coverage.csv",
    output:
        models="results/tables/growth_models.csv",
        curves="results/tables/growth_curves.csv",
        points="results/tables/growth_points.csv",
        refits="results/tables/growth_refits.csv",
        criteria="results/tables/growth_criteria.csv",
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
        growth=config["growth"],
        tolerance=config["calibration"]["tolerance"],
    message:
        "Fit models of growth to the yearly reports, forecast with them, and set forecasts against what came."
    script:
        "../scripts/growth/growth.R"


rule growth_specifications:
    input:
        years=rules.cybertipline_years.output.csv,
        identities="data/reference/social_media_identities.csv",
        breaks="data/reference/breaks.csv",
        choices="data/reference/choices.csv",
    output:
        specifications="results/tables/growth_specifications.csv",
        options="results/tables/growth_specification_options.csv",
        numbers="results/tables/growth_specification_numbers.csv",
    log:
        "results/logs/growth_specifications.log",
    conda:
        "../../envs/environment.yml"
    params:
        growth=config["growth"],
    message:
        "Find the year in which growth quickened under every defensible choice."
    script:
        "../scripts/growth/growth_specifications.R"
