"""Agreement of providers with the clearinghouse, and how far its reports come from few providers."""


rule agreement:
    input:
        pairs=rules.provider_pairs.output.csv,
    output:
        pairs="results/tables/agreement_pairs.csv",
        summary="results/tables/agreement_summary.csv",
        signs="results/tables/agreement_signs.csv",
        providers="results/tables/agreement_providers.csv",
        numbers="results/tables/agreement_numbers.csv",
    log:
        "results/logs/agreement.log",
    conda:
        "../../envs/environment.yml"
    params:
        limits=config["verdicts"],
    message:
        "Measure the agreement of providers with NCMEC."
    script:
        "../scripts/agreement/agreement.R"


rule agreement_models:
    input:
        pairs=rules.provider_pairs.output.csv,
        disclosures=rules.disclosures.output.csv,
        years=rules.provider_years.output.csv,
        directions="data/organizations/rounding_directions.csv",
    output:
        models="results/tables/agreement_models.csv",
        tests="results/tables/agreement_tests.csv",
        cutoffs="results/tables/agreement_cutoffs.csv",
        rounding="results/tables/rounding.csv",
        rounding_numbers="results/tables/rounding_numbers.csv",
        steps="results/tables/rounding_steps.csv",
        bounds="results/tables/rounding_bounds.csv",
    log:
        "results/logs/agreement_models.log",
    conda:
        "../../envs/environment.yml"
    params:
        settings=config["agreement"],
        limits=config["verdicts"],
    message:
        "Model and test the agreement of providers with NCMEC, and find who rounds."
    script:
        "../scripts/agreement/agreement_models.R"


rule agreement_specifications:
    input:
        pairs=rules.agreement.output.pairs,
        choices="data/reference/choices.csv",
    output:
        specifications="results/tables/agreement_specifications.csv",
        options="results/tables/agreement_specification_options.csv",
        numbers="results/tables/agreement_specification_numbers.csv",
    log:
        "results/logs/agreement_specifications.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Find how close both counts are under every defensible choice."
    script:
        "../scripts/agreement/agreement_specifications.R"


rule concentration:
    input:
        years=rules.esp_years.output.csv,
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


rule concentration_bounds:
    input:
        selected="data/cybertipline/selected_esp_reports.csv",
        shares=rules.provider_shares.output.csv,
        years=rules.cybertipline_years.output.csv,
    output:
        bounds="results/tables/concentration_bounds.csv",
    log:
        "results/logs/concentration_bounds.log",
    conda:
        "../../envs/environment.yml"
    params:
        top=config["concentration"]["top"],
    message:
        "Bound how concentrated reports can be in years of which only some rows are known."
    script:
        "../scripts/agreement/concentration_bounds.R"
