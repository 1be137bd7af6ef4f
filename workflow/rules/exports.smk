"""What others take away: the data package, and the published structure and views."""


rule platform_json:
    input:
        tables=[
            "data/organizations/organizations.csv",
            "data/organizations/organization_names.csv",
            "data/organizations/ownership.csv",
            "data/organizations/features.csv",
            "data/organizations/organization_sources.csv",
            "data/organizations/published_columns.csv",
            "data/organizations/published_sums.csv",
            "data/organizations/published_brands.csv",
            "data/organizations/published_comments.csv",
            "data/cybertipline/reports.csv",
            "data/cybertipline/esp_reports.csv",
            "data/cybertipline/esp_brands.csv",
            "data/cybertipline/notices.csv",
            "data/releases.csv",
        ],
        disclosures=disclosure_tables(),
        corrections="data/corrections.yml",
    output:
        json="exports/ocse-reports-per-platform.json",
    log:
        "results/logs/platform_json.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Write the disclosures in the structure that users of the published data set read."
    script:
        "../scripts/exports/platform_json.py"


rule comparable_reports:
    input:
        pairs=rules.provider_pairs.output.parquet,
        organizations="data/organizations/organizations.csv",
    output:
        by_provider_csv="results/tables/comparable_reports_by_provider.csv",
        by_provider_parquet="results/tables/comparable_reports_by_provider.parquet",
        by_provider_export="exports/comparable-reports-by-provider.csv",
        simple_csv="results/tables/comparable_reports.csv",
        simple_parquet="results/tables/comparable_reports.parquet",
        simple_export="exports/comparable-reports.csv",
    log:
        "results/logs/comparable_reports.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Lay out comparable counts of reports as the two published views do."
    script:
        "../scripts/exports/comparable_reports.py"


rule codebook:
    input:
        package="data/datapackage.json",
        schemas=sorted(map(str, Path("data/schemas").glob("*.json"))),
        dictionary="data/dictionary.yml",
    output:
        codebook="results/codebook.md",
    log:
        "results/logs/codebook.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Describe every table and every name of a column."
    script:
        "../scripts/exports/codebook.py"


rule data_package:
    input:
        package="data/datapackage.json",
        tables=package_tables(),
        results=result_tables(),
        readme="data/package-readme.md",
        changelog="CHANGELOG.md",
        citation="CITATION.cff",
        license="LICENSES/CC-BY-4.0.txt",
        codebook=rules.codebook.output.codebook,
        corrections="data/corrections.yml",
        load="workflow/R/load.R",
        tables_in_r="workflow/R/tables.R",
        license_of_code="LICENSES/Apache-2.0.txt",
    output:
        zip="exports/countback.zip",
    log:
        "results/logs/data_package.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Pack all tables as CSV and Parquet, with codebook and terms."
    script:
        "../scripts/exports/data_package.py"


rule citation:
    input:
        book="_quarto.yml",
        citation="CITATION.cff",
    output:
        bibtex="exports/citation.bib",
        csl="exports/citation.json",
    log:
        "results/logs/citation.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Write how to cite the report for reference managers."
    script:
        "../scripts/exports/citation.py"


rule workbook:
    input:
        package="data/datapackage.json",
        tables=within_reach(sheet_tables()),
        citation=rules.citation.output.csl,
    output:
        workbook="exports/countback.xlsx",
    log:
        "results/logs/workbook.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Write the main tables as one workbook."
    script:
        "../scripts/exports/workbook.py"


rule run_crate:
    input:
        package=rules.data_package.output.zip,
        descriptor="data/datapackage.json",
        citation="CITATION.cff",
        lineage="results/lineage.json",
        releases="data/releases.csv",
        workflow=["Snakefile", *sorted(map(str, Path("workflow/rules").glob("*.smk")))],
        settings=[
            "config/config.yaml",
            "envs/apt.txt",
            "envs/environment.yml",
            "envs/requirements.lock",
            "pyproject.toml",
        ],
        exports=[
            *rules.platform_json.output,
            rules.comparable_reports.output.by_provider_export,
            rules.comparable_reports.output.simple_export,
            *rules.citation.output,
            *rules.workbook.output,
        ],
    output:
        crate="exports/countback-crate.zip",
    log:
        "results/logs/run_crate.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Record what was made of what, with what, by what: as an RO-Crate."
    script:
        "../scripts/exports/run_crate.py"


rule exports:
    input:
        [file for file in makers() if file.startswith("exports/")],
