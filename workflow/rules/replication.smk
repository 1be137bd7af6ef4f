"""The published values against those that this project computes, with a verdict on each.

The rule that reproduces them does not read them: what it knows of the published analysis are its methods.
"""

# what the published methods read of `data/`
PUBLISHED_INPUTS = {
    "cybertipline": [
        "reports.csv",
        "ojjdp_facts.csv",
        "country_reports.csv",
        "state_reports.csv",
        "esp_reports.csv",
        "esp_totals.csv",
        "esp_brands.csv",
    ],
    "reference": [
        "countries.csv",
        "populations.csv",
        "arab_league.csv",
        "victim_relationships.csv",
        "world_populations.csv",
        "family_active_people.csv",
        "social_media_identities.csv",
    ],
    "organizations": [
        "organizations.csv",
        "published_brands.csv",
        "published_values.csv",
        "ownership.csv",
    ],
    "histories": [
        "meta.csv",
        "meta_labels.csv",
        "meta_blocks.csv",
        "tiktok_labels.csv",
        "tiktok_sheets.csv",
        "tiktok_units.csv",
        "tiktok.parquet",
    ],
}


rule replication_reproduced:
    input:
        tables=[
            f"data/{folder}/{name}"
            for folder, names in PUBLISHED_INPUTS.items()
            for name in names
        ]
        + disclosure_tables(),
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
            rules.growth.output.rates,
            rules.ojjdp_facts.output.csv,
            rules.report_contents.output.contents,
            rules.report_contents.output.referrals,
            rules.victim_relationships.output.csv,
            rules.reversed_shares.output.reversals,
            rules.jurisdiction_years.output.csv,
            rules.states.output.csv,
            rules.provider_shares.output.csv,
            rules.provider_pairs.output.csv,
            rules.provider_years.output.csv,
            rules.disclosures.output.csv,
            rules.esp_years.output.csv,
            rules.family_active_people.output.csv,
            "data/reference/populations.csv",
            "data/reference/world_populations.csv",
            "data/reference/countries.csv",
            "data/reference/arab_league.csv",
            "data/organizations/organizations.csv",
            "data/histories/meta.csv",
            "data/histories/tiktok.parquet",
        ],
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


# the tables that data/replication/answers.csv names
ANSWERS_FROM = [
    "active_people_shares",
    "agreement_pairs",
    "cybertipline_years",
    "disclosures",
    "esp_years",
    "growth_models",
    "growth_rates",
    "jurisdiction_areas",
    "jurisdiction_ranks",
    "jurisdiction_results",
    "meta_revisions",
    "provider_pairs",
    "provider_shares",
    "provider_years",
    "referrals",
    "relationship_shares",
    "report_contents",
    "reversed_shares",
    "states",
    "tiktok_revisions",
    "victim_relationships",
]


rule replication:
    input:
        published="data/replication/published_results.csv",
        explanations="data/replication/explanations.csv",
        headlines="data/replication/headlines.csv",
        faults="data/replication/faults.csv",
        answers="data/replication/answers.csv",
        tables=[place_of(name) for name in ANSWERS_FROM],
        reproduced=rules.replication_reproduced.output.values,
        corrected=rules.replication_corrected.output.values,
    output:
        table="results/replication.csv",
        summary="results/replication_summary.csv",
        headlines="results/replication_headlines.csv",
        numbers="results/tables/replication_numbers.csv",
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
    log:
        "results/logs/verify.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Look for published values that are neither reproduced nor explained."
    script:
        "../scripts/replication/verify.py"
