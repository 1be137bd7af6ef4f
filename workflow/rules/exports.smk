"""What others take away: the disclosures in the published structure."""


def organization_tables(*names):
    """Return the paths of tables on organizations."""
    return [f"data/organizations/{name}.csv" for name in names]


rule platform_json:
    input:
        tables=[
            *organization_tables("organizations", "organization_names"),
            *organization_tables("ownership", "features", "organization_sources"),
            *organization_tables("published_columns", "published_sums"),
            *organization_tables("published_brands", "published_comments"),
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
