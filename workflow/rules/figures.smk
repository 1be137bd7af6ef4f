"""Figures, each with the data it was drawn from beside it: plotnine in Python, ggplot2 in R, one look."""

from countback.io.manifest import CHARTS, CHARTS_MANIFEST, chart_repairs
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


rule years_figure:
    input:
        years=rules.cybertipline_years.output.parquet,
        facts=rules.ojjdp_facts.output.parquet,
        incidents="data/cybertipline/incident_counts.csv",
        events="data/reference/events.csv",
        changes="data/reference/breaks.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        figure="figures/reports_by_year.svg",
        figure_png="figures/reports_by_year.png",
        narrow="figures/narrow/reports_by_year.svg",
        data="figures/reports_by_year.csv",
    log:
        "results/logs/years_figure.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw reports by year, with what changed in the law and in the counting."
    script:
        "../scripts/figures/years_figure.py"


rule growth_figures:
    input:
        years=rules.cybertipline_years.output.parquet,
        curves=rules.growth.output.curves,
        points=rules.growth.output.points,
        models=rules.growth.output.models,
        forecasts=rules.growth.output.forecasts,
        rates=rules.growth.output.rates,
        changes="data/reference/breaks.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        growth="figures/growth.svg",
        growth_png="figures/growth.png",
        growth_data="figures/growth.csv",
        forecasts="figures/forecasts.svg",
        forecasts_png="figures/forecasts.png",
        forecasts_data="figures/forecasts.csv",
        rates="figures/growth_rates.svg",
        rates_png="figures/growth_rates.png",
        rates_data="figures/growth_rates.csv",
        residuals="figures/growth_residuals.svg",
        residuals_png="figures/growth_residuals.png",
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
        organizations="data/organizations/organizations.csv",
        figures="data/reference/figures.csv",
        look="config/look.yml",
        fonts=rules.web_fonts.output.fonts,
    output:
        grid="figures/agreement_grid.svg",
        grid_data="figures/agreement_grid.csv",
        grid_narrow="figures/narrow/agreement_grid.svg",
        apart="figures/agreement_apart.svg",
        apart_data="figures/agreement_apart.csv",
        apart_narrow="figures/narrow/agreement_apart.svg",
        pooled="figures/agreement_pooled.svg",
        pooled_data="figures/agreement_pooled.csv",
    log:
        "results/logs/agreement_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        faces=str(font_folders()[1]),
        near=config["verdicts"]["near"],
    message:
        "Draw the agreement of providers with NCMEC."
    script:
        "../scripts/figures/agreement_figures.R"


rule concentration_figures:
    input:
        shares=rules.provider_shares.output.parquet,
        organizations="data/organizations/organizations.csv",
        ownership="data/organizations/ownership.csv",
        concentration=rules.concentration.output.results,
        curves=rules.concentration.output.curves,
        bounds=rules.concentration_bounds.output.bounds,
        changes="data/reference/breaks.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        shares="figures/shares.svg",
        shares_png="figures/shares.png",
        shares_data="figures/shares.csv",
        concentration="figures/concentration.svg",
        concentration_png="figures/concentration.png",
        concentration_data="figures/concentration.csv",
        reports="figures/provider_reports.svg",
        reports_png="figures/provider_reports.png",
        reports_data="figures/provider_reports.csv",
        top="figures/top_shares.svg",
        top_png="figures/top_shares.png",
        top_data="figures/top_shares.csv",
    log:
        "results/logs/concentration_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw who makes the reports."
    script:
        "../scripts/figures/concentration_figures.py"


rule contents_figures:
    input:
        contents=rules.report_contents.output.contents_parquet,
        recipients=rules.report_contents.output.recipients_parquet,
        changes="data/reference/breaks.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        kinds="figures/exploitation_kinds.svg",
        kinds_png="figures/exploitation_kinds.png",
        kinds_data_file="figures/exploitation_kinds.csv",
        shares="figures/actionable_shares.svg",
        shares_png="figures/actionable_shares.png",
        shares_data="figures/actionable_shares.csv",
    log:
        "results/logs/contents_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw reports by kind of exploitation, and how many of them agencies can act upon."
    script:
        "../scripts/figures/contents_figures.py"


rule referral_figures:
    input:
        referrals=rules.report_contents.output.referrals_parquet,
        changes="data/reference/breaks.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        figure="figures/referrals.svg",
        figure_png="figures/referrals.png",
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
        esp_reports="data/cybertipline/esp_reports.csv",
        esp_brands="data/cybertipline/esp_brands.csv",
        selected="data/cybertipline/selected_esp_reports.csv",
        selected_brands="data/cybertipline/selected_esp_brands.csv",
        changes="data/reference/breaks.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        pieces="figures/pieces.svg",
        pieces_png="figures/pieces.png",
        pieces_data="figures/pieces.csv",
        yearly="figures/pieces_and_reports.svg",
        yearly_png="figures/pieces_and_reports.png",
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
        organizations="data/organizations/organizations.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        figure="figures/meta_revisions.svg",
        figure_png="figures/meta_revisions.png",
        data="figures/meta_revisions.csv",
        shares="figures/revised_shares.svg",
        shares_png="figures/revised_shares.png",
        shares_data="figures/revised_shares.csv",
    log:
        "results/logs/revision_figures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Draw what Meta's releases revise."
    script:
        "../scripts/figures/revision_figures.py"


rule reach_figures:
    input:
        people=rules.disclosed_shares.output.people,
        shares=rules.reversed_shares.output.reversals,
        organizations="data/organizations/organizations.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        people_figure="figures/active_people.svg",
        people_png="figures/active_people.png",
        people_file="figures/active_people.csv",
        reversals="figures/reversals.svg",
        reversals_png="figures/reversals.png",
        reversals_file="figures/reversals.csv",
    log:
        "results/logs/reach_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        shown=[one["id"] for one in config["reversals"]],
        corporation=config["pieces"]["corporation"],
    message:
        "Draw how many people a corporation reaches, and what providers restored."
    script:
        "../scripts/figures/reach_figures.py"


rule clearinghouse_figures:
    input:
        pairs="results/tables/clearinghouse_pairs.parquet",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        figure="figures/clearinghouse.svg",
        figure_png="figures/clearinghouse.png",
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
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        figure="figures/maps.svg",
        figure_png="figures/maps.png",
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
        named=rules.disclosed_shares.output.named,
        changes="data/reference/breaks.csv",
        figures="data/reference/figures.csv",
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
        named="figures/named_apps.svg",
        named_data="figures/named_apps.csv",
    log:
        "results/logs/jurisdiction_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        top=config["jurisdictions"]["top"],
        named_year=config["named_apps"]["reports_year"],
        faces=str(font_folders()[1]),
    message:
        "Draw ranks of jurisdictions and states, and shares that sources disclose."
    script:
        "../scripts/figures/jurisdiction_figures.R"


# R draws SVG with text as text; the tool that makes the PDF turns it into dots, with the same faces everywhere.
for drawn in ["agreement_figures", "jurisdiction_figures"]:

    rule:
        name:
            f"{drawn}_png"
        input:
            figures=[
                file
                for file in getattr(rules, drawn).output
                if file.endswith(".svg") and "/narrow/" not in file
            ],
        output:
            figures=[
                file.replace(".svg", ".png")
                for file in getattr(rules, drawn).output
                if file.endswith(".svg") and "/narrow/" not in file
            ],
        log:
            f"results/logs/{drawn}_png.log",
        conda:
            "../../envs/environment.yml"
        message:
            f"Turn figures into dots: {drawn}."
        script:
            "../scripts/figures/figure_png.py"


for result, years in {
    "agreement": rules.agreement.output.pairs,
    "growth": rules.cybertipline_years.output.csv,
    "rank": rules.jurisdiction_years.output.csv,
}.items():

    rule:
        name:
            f"{result}_specification_figure"
        input:
            specifications=f"results/tables/{result}_specifications.csv",
            options=f"results/tables/{result}_specification_options.csv",
            choices="data/reference/choices.csv",
            years=years,
            changes="data/reference/breaks.csv",
            titles="data/reference/figures.csv",
            look="config/look.yml",
        output:
            figure=f"figures/{result}_specifications.svg",
            figure_png=f"figures/{result}_specifications.png",
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
        charts=directory(str(CHARTS)),
        manifest=str(CHARTS_MANIFEST),
    log:
        "results/logs/provider_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        n_repairs=chart_repairs,
    message:
        "Draw both counts of each provider."
    script:
        "../scripts/figures/provider_figures.py"


rule coverage_figure:
    input:
        coverage="data/calibration/interval_coverage.csv",
        methods="data/calibration/interval_methods.csv",
        titles="data/reference/figures.csv",
        look="config/look.yml",
    output:
        figure="figures/interval_coverage.svg",
        figure_png="figures/interval_coverage.png",
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
