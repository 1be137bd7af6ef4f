"""Figures, each with the data it was drawn from beside it: plotnine in Python, ggplot2 in R, one look."""

from countback.look import font_folders


rule web_fonts:
    input:
        look="config/look.yml",
        library=library("figures/web_fonts"),
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


rule quarto_look:
    input:
        look="config/look.yml",
        book="_quarto.yml",
        press=[
            "workflow/press/book.py",
            "workflow/press/pdf.py",
            "workflow/press/templates/look.typ",
        ],
        library=library("report/quarto_look"),
    output:
        css="results/look/quarto.css",
        light="results/look/light.scss",
        dark="results/look/dark.scss",
        typst="results/look/quarto.typ",
        faces=directory("results/look/fonts"),
    log:
        "results/logs/quarto_look.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Write the look in the forms that Quarto reads."
    script:
        "../scripts/report/quarto_look.py"


rule growth_figures:
    input:
        years=rules.cybertipline_years.output.parquet,
        curves=rules.growth.output.curves,
        models=rules.growth.output.models,
        forecasts=rules.growth.output.forecasts,
        rates=rules.growth.output.rates,
        look="config/look.yml",
        library=library("figures/growth_figures"),
    output:
        growth="figures/growth.svg",
        growth_data="figures/growth.csv",
        breaks_data="figures/growth_breaks.csv",
        forecasts="figures/forecasts.svg",
        forecasts_data="figures/forecasts.csv",
        rates="figures/growth_rates.svg",
        rates_data="figures/growth_rates.csv",
    log:
        "results/logs/growth_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        fixed_break=config["growth"]["fixed_break"],
    message:
        "Draw the growth of reports, of reports per identity, and the errors of forecasts."
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
        package="data/datapackage.json",
        schema="data/schemas/estimates.json",
        functions=r_library("tables", "look", "agreement", "agreement_plots"),
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


rule revision_figures:
    input:
        periods="results/tables/meta_revision_periods.parquet",
        revisions="results/tables/meta_revisions.parquet",
        releases="data/releases.csv",
        look="config/look.yml",
        library=library("figures/revision_figures"),
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


rule figures:
    input:
        rules.growth_figures.output,
        rules.revision_figures.output,
        rules.concentration_figures.output,
        rules.agreement_figures.output,
        rules.maps.output,
        rules.meta_figures.output,
        rules.jurisdiction_figures.output,
