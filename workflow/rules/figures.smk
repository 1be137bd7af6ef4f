"""Figures, each with the data it was drawn from beside it: plotnine in Python, ggplot2 in R, one look."""

from countback.look import font_folders


rule web_fonts:
    input:
        look="config/look.yml",
    output:
        fonts="results/look/web_fonts.json",
    log:
        "results/logs/web_fonts.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Cut the faces of figures down to the characters of labels."
    script:
        "../scripts/figures/web_fonts.py"


rule growth_figures:
    input:
        years=rules.cybertipline_years.output.parquet,
        curves=rules.growth.output.curves,
        points=rules.growth.output.points,
        models=rules.growth.output.models,
        forecasts=rules.growth.output.forecasts,
        rates=rules.growth.output.rates,
        changes="data/reference/breaks.csv",
        look="config/look.yml",
    output:
        growth="figures/growth.svg",
        growth_data="figures/growth.csv",
        breaks_data="figures/growth_breaks.csv",
        forecasts="figures/forecasts.svg",
        forecasts_data="figures/forecasts.csv",
        rates="figures/growth_rates.svg",
        rates_data="figures/growth_rates.csv",
        residuals="figures/growth_residuals.svg",
        residuals_data="figures/growth_residuals.csv",
    log:
        "results/logs/growth_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        fixed_break=config["growth"]["fixed_break"],
    message:
        "Draw the growth of reports, of reports per identity, residuals, and the errors of forecasts."
    script:
        "../scripts/figures/growth_figures.py"


rule agreement_figures:
    input:
        pairs=rules.agreement.output.pairs,
        summary=rules.agreement.output.summary,
        models=rules.agreement_models.output.models,
        cutoffs=rules.agreement_models.output.cutoffs,
        organizations="data/organizations/organizations.csv",
        look="config/look.yml",
        fonts=rules.web_fonts.output.fonts,
    output:
        grid="figures/agreement_grid.svg",
        grid_data="figures/agreement_grid.csv",
        pooled="figures/agreement_pooled.svg",
        pooled_data="figures/agreement_pooled.csv",
        cutoffs="figures/agreement_cutoffs.svg",
        cutoffs_data="figures/agreement_cutoffs.csv",
        forest="figures/agreement_forest.svg",
        forest_data="figures/agreement_forest.csv",
    log:
        "results/logs/agreement_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        faces=str(font_folders()[1]),
    message:
        "Draw the agreement of providers with NCMEC."
    script:
        "../scripts/figures/agreement_figures.R"


rule concentration_figures:
    input:
        shares=rules.provider_shares.output.parquet,
        organizations="data/organizations/organizations.csv",
        esp_years=rules.esp_years.output.parquet,
        concentration=rules.concentration.output.results,
        curves=rules.concentration.output.curves,
        bounds=rules.concentration_bounds.output.bounds,
        changes="data/reference/breaks.csv",
        look="config/look.yml",
    output:
        shares="figures/shares.svg",
        shares_data="figures/shares.csv",
        concentration="figures/concentration.svg",
        concentration_data="figures/concentration.csv",
        reports="figures/provider_reports.svg",
        reports_data="figures/provider_reports.csv",
        top="figures/top_shares.svg",
        top_data="figures/top_shares.csv",
    log:
        "results/logs/concentration_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw who makes the reports."
    script:
        "../scripts/figures/concentration_figures.py"


rule referral_figures:
    input:
        referrals=rules.report_contents.output.referrals_parquet,
        changes="data/reference/breaks.csv",
        look="config/look.yml",
    output:
        figure="figures/referrals.svg",
        data="figures/referrals.csv",
    log:
        "results/logs/referral_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw referrals and informational reports by year."
    script:
        "../scripts/figures/referral_figures.py"


rule meta_figures:
    input:
        disclosures=rules.disclosures.output.parquet,
        ownership="data/organizations/ownership.csv",
        organizations="data/organizations/organizations.csv",
        provider_years=rules.provider_years.output.parquet,
        shares=rules.provider_shares.output.parquet,
        esp_years=rules.esp_years.output.parquet,
        esps="data/cybertipline/esps.csv",
        changes="data/reference/breaks.csv",
        look="config/look.yml",
    output:
        pieces="figures/pieces.svg",
        pieces_data="figures/pieces.csv",
        yearly="figures/pieces_and_reports.svg",
        yearly_data="figures/pieces_and_reports.csv",
    log:
        "results/logs/meta_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        corporation=config["pieces"]["corporation"],
    message:
        "Draw a corporation's pieces by quarter, and its pieces against NCMEC's reports."
    script:
        "../scripts/figures/meta_figures.py"


rule revision_figures:
    input:
        periods="results/tables/meta_revision_periods.parquet",
        revisions="results/tables/meta_revisions.parquet",
        releases="data/releases.csv",
        look="config/look.yml",
    output:
        figure="figures/meta_revisions.svg",
        data="figures/meta_revisions.csv",
    log:
        "results/logs/revision_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw what Meta's releases revise."
    script:
        "../scripts/figures/revision_figures.py"


rule clearinghouse_figures:
    input:
        pairs="results/tables/clearinghouse_pairs.parquet",
        look="config/look.yml",
    output:
        figure="figures/clearinghouse.svg",
        data="figures/clearinghouse.csv",
    log:
        "results/logs/clearinghouse_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw numbers by place that the clearinghouse prints twice."
    script:
        "../scripts/figures/clearinghouse_figures.py"


rule maps:
    input:
        jurisdictions=rules.jurisdiction_years.output.parquet,
        boundaries="data/reference/boundaries.csv",
        changes="data/reference/breaks.csv",
        look="config/look.yml",
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


rule jurisdiction_figures:
    input:
        ranks=rules.jurisdictions.output.ranks,
        areas=rules.jurisdictions.output.areas,
        states=rules.jurisdictions.output.states,
        relationships=rules.disclosed_shares.output.relationships,
        reversals=rules.disclosed_shares.output.reversals,
        named=rules.disclosed_shares.output.named,
        organizations="data/organizations/organizations.csv",
        changes="data/reference/breaks.csv",
        look="config/look.yml",
        fonts="results/look/web_fonts.json",
    output:
        funnel="figures/jurisdiction_funnel.svg",
        funnel_data="figures/jurisdiction_funnel.csv",
        ranks="figures/jurisdiction_ranks.svg",
        ranks_data="figures/jurisdiction_ranks.csv",
        continents="figures/continents.svg",
        continents_data="figures/continents.csv",
        states="figures/states.svg",
        states_data="figures/states.csv",
        relationships="figures/relationships.svg",
        relationships_data="figures/relationships.csv",
        reversals="figures/reversals.svg",
        reversals_data="figures/reversals.csv",
        named="figures/named_apps.svg",
        named_data="figures/named_apps.csv",
    log:
        "results/logs/jurisdiction_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        faces=str(font_folders()[1]),
        reversals=config["reversals"],
    message:
        "Draw ranks of jurisdictions and states, and shares that sources disclose."
    script:
        "../scripts/figures/jurisdiction_figures.R"


for result in ["agreement", "growth", "rank"]:

    rule:
        name:
            f"{result}_specification_figure"
        input:
            specifications=f"results/tables/{result}_specifications.csv",
            options=f"results/tables/{result}_specification_options.csv",
            choices="data/reference/choices.csv",
            look="config/look.yml",
        output:
            figure=f"figures/{result}_specifications.svg",
            data=f"figures/{result}_specifications.csv",
        log:
            f"results/logs/{result}_specification_figure.log",
        conda:
            "../../envs/environment.yml"
        message:
            f"Draw the result on {result} under every defensible choice."
        script:
            "../scripts/figures/specification_figures.py"


rule provider_figures:
    input:
        pairs=rules.provider_pairs.output.parquet,
        organizations="data/organizations/organizations.csv",
        look="config/look.yml",
    output:
        data="figures/providers.csv",
        # one for each provider with two counts: which these are, the data say
        charts=directory("figures/providers"),
    log:
        "results/logs/provider_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw both counts of each provider."
    script:
        "../scripts/figures/provider_figures.py"


rule coverage_figure:
    input:
        coverage="data/calibration/interval_coverage.csv",
        methods="data/calibration/interval_methods.csv",
        look="config/look.yml",
    output:
        figure="figures/interval_coverage.svg",
        data="figures/interval_coverage.csv",
    log:
        "results/logs/coverage_figure.log",
    conda:
        "../../envs/environment.yml"
    params:
        tolerance=config["calibration"]["tolerance"],
    message:
        "Draw how often intervals of each method hold."
    script:
        "../scripts/figures/coverage_figure.py"


rule figures:
    input:
        within_reach([file for file in makers() if file.startswith("figures/")]),
