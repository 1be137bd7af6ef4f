"""Providers against their own past, and the verdict of each audit on each of them."""


rule revisions:
    input:
        releases="data/releases.csv",
        policies="data/histories/child_policies.csv",
        meta="data/histories/meta.csv",
        meta_labels="data/histories/meta_labels.csv",
        tiktok="data/histories/tiktok.parquet",
        tiktok_labels="data/histories/tiktok_labels.csv",
        tiktok_sheets="data/histories/tiktok_sheets.csv",
        tiktok_units="data/histories/tiktok_units.csv",
        tiktok_headers="data/histories/tiktok_headers.csv",
    output:
        meta="results/tables/meta_revisions.csv",
        meta_parquet="results/tables/meta_revisions.parquet",
        tiktok="results/tables/tiktok_revisions.csv",
        tiktok_parquet="results/tables/tiktok_revisions.parquet",
        labels="results/tables/label_changes.csv",
        labels_parquet="results/tables/label_changes.parquet",
        numbers="results/tables/revision_numbers.csv",
    log:
        "results/logs/revisions.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Set each release of Meta and TikTok against the one before it."
    script:
        "../scripts/revisions/revisions.py"


rule meta_revised_facts:
    input:
        releases="data/releases.csv",
        policies="data/histories/child_policies.csv",
        meta="data/histories/meta.csv",
    output:
        facts="results/tables/meta_revised_facts.csv",
        facts_parquet="results/tables/meta_revised_facts.parquet",
        clusters="results/tables/meta_revision_clusters.csv",
        clusters_parquet="results/tables/meta_revision_clusters.parquet",
        periods="results/tables/meta_revision_periods.csv",
        periods_parquet="results/tables/meta_revision_periods.parquet",
        ages="results/tables/meta_revision_ages.csv",
        ages_parquet="results/tables/meta_revision_ages.parquet",
        numbers="results/tables/meta_revision_numbers.csv",
    log:
        "results/logs/meta_revised_facts.log",
    conda:
        "../../envs/environment.yml"
    params:
        cluster_facts=config["revisions"]["cluster_facts"],
        cluster_share=config["revisions"]["cluster_share"],
        near=config["revisions"]["near"],
    message:
        "List what Meta revised, by size and age, and quarters revised as a whole."
    script:
        "../scripts/revisions/meta_revised_facts.py"


rule discord_contradictions:
    input:
        printed="data/printed/discord.csv",
        relations="data/printed/discord_shares.csv",
        remarks="data/organizations/remarks.csv",
        disclosures="data/disclosures/discord.csv",
        corrections="data/corrections.yml",
    output:
        **table("discord_contradictions"),
        numbers="results/tables/discord_numbers.csv",
    log:
        "results/logs/discord_contradictions.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Find where Discord's files contradict themselves."
    script:
        "../scripts/revisions/discord_contradictions.py"


rule verdicts:
    input:
        survey=rules.survey.output.parquet,
        organizations="data/organizations/organizations.csv",
        comparisons="data/organizations/comparisons.csv",
        pairs=rules.provider_pairs.output.parquet,
        disclosures=rules.disclosures.output.parquet,
        releases="data/releases.csv",
        meta="data/histories/meta.csv",
        meta_revisions=rules.revisions.output.meta_parquet,
        meta_revised_facts=rules.meta_revised_facts.output.facts_parquet,
        tiktok_revisions=rules.revisions.output.tiktok_parquet,
        contradictions=rules.discord_contradictions.output.parquet,
        agreement=rules.agreement.output.providers,
        rounding=rules.agreement_models.output.rounding,
        esp_reports="data/cybertipline/esp_reports.csv",
        esp_brands="data/cybertipline/esp_brands.csv",
        selected_esp_reports="data/cybertipline/selected_esp_reports.csv",
        selected_esp_brands="data/cybertipline/selected_esp_brands.csv",
    output:
        **table("verdicts"),
        numbers="results/tables/verdict_numbers.csv",
    log:
        "results/logs/verdicts.log",
    conda:
        "../../envs/environment.yml"
    params:
        few=config["verdicts"]["few"],
    message:
        "Say which audits apply to each organization, and what they find."
    script:
        "../scripts/revisions/verdicts.py"
