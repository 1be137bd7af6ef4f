"""The published values against those that this project computes, with a verdict on each.

The rule that reproduces them does not read them: what it knows of the published analysis are its methods.
"""

# what the published methods read of `data/`
PUBLISHED_INPUTS = [
    *(
        f"data/cybertipline/{name}.csv"
        for name in ("reports", "ojjdp_facts", "country_reports", "state_reports")
    ),
    *(
        f"data/cybertipline/{name}.csv"
        for name in ("esp_reports", "esp_totals", "esp_brands")
    ),
    *(
        f"data/reference/{name}.csv"
        for name in ("countries", "populations", "arab_league", "victim_relationships")
    ),
    *(
        f"data/reference/{name}.csv"
        for name in ("world_populations", "family_active_people")
    ),
    "data/reference/social_media_identities.csv",
    *(
        f"data/organizations/{name}.csv"
        for name in ("organizations", "published_brands", "ownership")
    ),
    *(f"data/histories/{name}.csv" for name in ("meta", "meta_labels")),
    *(f"data/histories/tiktok_{name}.csv" for name in ("labels", "sheets", "units")),
    "data/histories/tiktok.parquet",
]


rule replication_reproduced:
    input:
        tables=[*PUBLISHED_INPUTS, *disclosure_tables()],
        library=library("replication/replication_reproduced"),
    output:
        values="results/replication_reproduced.csv",
    log:
        "results/logs/replication_reproduced.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Compute the published values by the published methods."
    script:
        "../scripts/replication/replication_reproduced.py"


rule replication_corrected:
    input:
        tables=[
            rules.cybertipline_years.output.csv,
            rules.growth.output.models,
            rules.growth.output.curves,
            rules.ojjdp_facts.output.csv,
            rules.jurisdiction_years.output.csv,
            rules.states.output.csv,
            rules.provider_shares.output.csv,
            rules.provider_pairs.output.csv,
            rules.provider_years.output.csv,
            rules.disclosures.output.csv,
            rules.esp_years.output.csv,
            rules.agreement.output.signs,
            rules.family_active_people.output.csv,
            "data/reference/populations.csv",
            "data/reference/world_populations.csv",
            "data/reference/countries.csv",
            "data/reference/arab_league.csv",
            "data/organizations/organizations.csv",
            "data/histories/meta.csv",
            "data/histories/tiktok.parquet",
        ],
        library=library("replication/replication_corrected"),
    output:
        values="results/replication_corrected.csv",
    log:
        "results/logs/replication_corrected.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Compute the published quantities by the right methods."
    script:
        "../scripts/replication/replication_corrected.py"


rule replication:
    input:
        published="data/replication/published_results.csv",
        explanations="data/replication/explanations.csv",
        headlines="data/replication/headlines.csv",
        faults="data/replication/faults.csv",
        reproduced=rules.replication_reproduced.output.values,
        corrected=rules.replication_corrected.output.values,
        library=library("replication/replication"),
    output:
        table="results/replication.csv",
        summary="results/replication_summary.csv",
        headlines="results/replication_headlines.csv",
    log:
        "results/logs/replication.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Give each published value its verdict."
    script:
        "../scripts/replication/replication.py"


rule verify:
    input:
        table=rules.replication.output.table,
        summary=rules.replication.output.summary,
        library=library("replication/verify"),
    log:
        "results/logs/verify.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Look for published values that are neither reproduced nor explained."
    script:
        "../scripts/replication/verify.py"
