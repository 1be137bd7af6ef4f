"""Agreement of providers with the clearinghouse: models, tests, rounding, and Meta's pieces against reports."""


rule agreement_models:
    input:
        pairs=rules.provider_pairs.output.csv,
        disclosures=rules.disclosures.output.csv,
        years=rules.provider_years.output.csv,
        package="data/datapackage.json",
        schema="data/schemas/estimates.json",
        functions=r_library(
            "tables",
            "results",
            "agreement",
            "agreement_models",
            "agreement_icc",
            "agreement_tests",
            "rounding",
        ),
    output:
        models="results/tables/agreement_models.csv",
        tests="results/tables/agreement_tests.csv",
        cutoffs="results/tables/agreement_cutoffs.csv",
        rounding="results/tables/rounding.csv",
        steps="results/tables/rounding_steps.csv",
        bounds="results/tables/rounding_bounds.csv",
    log:
        "results/logs/agreement_models.log",
    conda:
        "../../envs/environment.yml"
    params:
        settings=config["agreement"],
    message:
        "Model and test the agreement of providers with NCMEC, and find who rounds."
    script:
        "../scripts/agreement/agreement_models.R"


rule meta_figures:
    input:
        disclosures=rules.disclosures.output.parquet,
        comparisons="data/organizations/comparisons.csv",
        organizations="data/organizations/organizations.csv",
        provider_years=rules.provider_years.output.parquet,
        pairs=rules.provider_pairs.output.parquet,
        esp_years=rules.esp_years.output.parquet,
        esps="data/cybertipline/esps.csv",
        look="config/look.yml",
        library=library("figures/meta_figures"),
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
