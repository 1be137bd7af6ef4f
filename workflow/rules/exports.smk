"""What others take away: the disclosures in the published structure."""


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
        library=library("platform_json"),
    output:
        json="exports/ocse-reports-per-platform.json",
    log:
        "results/logs/platform_json.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Write the disclosures in the structure that users of the published data set read."
    script:
        "../scripts/platform_json.py"


rule exports:
    input:
        rules.platform_json.output,
