"""Tidy tables: facts gathered, corrected, summed to years, and set against each other."""


rule disclosures:
    input:
        tables=disclosure_tables(),
        corrections="data/corrections.yml",
    output:
        **table("disclosures"),
    log:
        "results/logs/disclosures.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Gather all disclosures into one table, corrected."
    script:
        "../scripts/tidy/disclosures.py"


rule survey:
    input:
        tables=[
            "data/organizations/organizations.csv",
            "data/organizations/features.csv",
            rules.disclosures.output.parquet,
            "data/organizations/metrics.csv",
            "data/organizations/ownership.csv",
        ],
    output:
        **table("survey"),
        numbers="results/tables/survey_numbers.csv",
    log:
        "results/logs/survey.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Describe what each organization discloses."
    script:
        "../scripts/tidy/survey.py"


rule provider_years:
    input:
        disclosures=rules.disclosures.output.parquet,
        metrics="data/organizations/metrics.csv",
    output:
        **table("provider_years"),
    log:
        "results/logs/provider_years.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Sum each provider's disclosures to calendar years."
    script:
        "../scripts/tidy/provider_years.py"


rule cybertipline_years:
    input:
        reports="data/cybertipline/reports.csv",
        breaks="data/reference/breaks.csv",
    output:
        **table("cybertipline_years"),
        numbers="results/tables/cybertipline_numbers.csv",
    log:
        "results/logs/cybertipline_years.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Derive the public's reports and the yearly changes of all reports."
    script:
        "../scripts/tidy/cybertipline_years.py"


rule ojjdp_facts:
    input:
        facts="data/cybertipline/ojjdp_facts.csv",
        compiled="data/cybertipline/compiled_facts.csv",
        labels="data/reference/ojjdp_labels.csv",
        corrections="data/corrections.yml",
    output:
        **table("ojjdp_facts"),
    log:
        "results/logs/ojjdp_facts.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Take the newest printed value of each fact of the reports to OJJDP, corrected."
    script:
        "../scripts/tidy/ojjdp_facts.py"


rule family_active_people:
    input:
        people="data/reference/family_active_people.csv",
        corrections="data/corrections.yml",
    output:
        **table("family_active_people"),
    log:
        "results/logs/family_active_people.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Correct Meta's counts of active people."
    script:
        "../scripts/tidy/family_active_people.py"


rule provider_shares:
    input:
        tables=[
            "data/cybertipline/esp_reports.csv",
            "data/cybertipline/selected_esp_reports.csv",
            "data/cybertipline/esp_brands.csv",
            "data/cybertipline/selected_esp_brands.csv",
            "data/organizations/ownership.csv",
            rules.cybertipline_years.output.parquet,
        ],
    output:
        **table("provider_shares"),
    log:
        "results/logs/provider_shares.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Add brands to their owner of the year and take shares of all reports."
    script:
        "../scripts/tidy/provider_shares.py"


rule provider_changes:
    input:
        shares=rules.provider_shares.output.parquet,
        esp_reports="data/cybertipline/esp_reports.csv",
        esp_brands="data/cybertipline/esp_brands.csv",
        selected="data/cybertipline/selected_esp_reports.csv",
        selected_brands="data/cybertipline/selected_esp_brands.csv",
        years=rules.cybertipline_years.output.parquet,
        breaks="data/reference/breaks.csv",
        organizations="data/organizations/organizations.csv",
    output:
        **table("provider_changes"),
        extremes="results/tables/provider_extremes.csv",
        brands="results/tables/brand_years.csv",
        numbers="results/tables/provider_change_numbers.csv",
    log:
        "results/logs/provider_changes.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Compare each provider's reports of the last year with the year before."
    script:
        "../scripts/tidy/provider_changes.py"


rule provider_pairs:
    input:
        provider_years=rules.provider_years.output.parquet,
        disclosures=rules.disclosures.output.parquet,
        comparisons="data/organizations/comparisons.csv",
        esp_reports="data/cybertipline/esp_reports.csv",
        esp_brands="data/cybertipline/esp_brands.csv",
        selected_esp_reports="data/cybertipline/selected_esp_reports.csv",
        selected_esp_brands="data/cybertipline/selected_esp_brands.csv",
        rounding_directions="data/organizations/rounding_directions.csv",
        organizations="data/organizations/organizations.csv",
    output:
        **table("provider_pairs"),
    log:
        "results/logs/provider_pairs.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Set providers' counts against NCMEC's, with a verdict on each pair."
    script:
        "../scripts/tidy/provider_pairs.py"


# apart from the pairs, so that a change of all reports does not rerun what is made of them
rule pair_numbers:
    input:
        pairs=rules.provider_pairs.output.parquet,
        years=rules.cybertipline_years.output.parquet,
    output:
        numbers="results/tables/pair_numbers.csv",
    log:
        "results/logs/pair_numbers.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Count providers and years by verdict, and take the share of reports that they cover."
    script:
        "../scripts/tidy/pair_numbers.py"


rule esp_years:
    input:
        tables=[
            "data/cybertipline/esp_reports.csv",
            "data/cybertipline/esp_totals.csv",
            "data/cybertipline/esp_aliases.csv",
            "data/cybertipline/esps.csv",
            "data/organizations/ownership.csv",
        ],
    output:
        **table("esp_years"),
        numbers="results/tables/esp_numbers.csv",
    log:
        "results/logs/esp_years.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Bring the printed names of each service provider together, by year."
    script:
        "../scripts/tidy/esp_years.py"


rule jurisdiction_years:
    input:
        tables=[
            "data/cybertipline/country_reports.csv",
            "data/reference/countries.csv",
            "data/reference/populations.csv",
            "data/reference/internet_users.csv",
            "data/reference/arab_league.csv",
            "data/reference/boundaries.csv",
        ],
    output:
        **table("jurisdiction_years"),
    log:
        "results/logs/jurisdiction_years.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Set reports by country against populations, internet users and regions."
    script:
        "../scripts/tidy/jurisdiction_years.py"


rule recipient_jurisdictions:
    input:
        recipients="data/cybertipline/recipient_reports.csv",
        platform="data/cybertipline/platform_jurisdictions.parquet",
        countries="data/reference/countries.csv",
        populations="data/reference/populations.csv",
    output:
        **table("recipient_jurisdictions"),
    log:
        "results/logs/recipient_jurisdictions.log",
    conda:
        "../../envs/environment.yml"
    params:
        population_floor=config["jurisdictions"]["population_floor"],
    message:
        "Set reports by country that received them against populations and the Global Platform."
    script:
        "../scripts/tidy/recipient_jurisdictions.py"


rule report_contents:
    input:
        facts=rules.ojjdp_facts.output.parquet,
        labels="data/reference/ojjdp_labels.csv",
        breaks="data/reference/breaks.csv",
    output:
        contents="results/tables/report_contents.csv",
        contents_parquet="results/tables/report_contents.parquet",
        recipients="results/tables/report_recipients.csv",
        recipients_parquet="results/tables/report_recipients.parquet",
        referrals="results/tables/referrals.csv",
        referrals_parquet="results/tables/referrals.parquet",
        numbers="results/tables/report_content_numbers.csv",
    log:
        "results/logs/report_contents.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Take what reports contain and who receives them from the reports to OJJDP."
    script:
        "../scripts/tidy/report_contents.py"


rule victim_relationships:
    input:
        tables=[
            rules.ojjdp_facts.output.parquet,
            "data/reference/ojjdp_labels.csv",
            "data/reference/victim_relationships.csv",
        ],
    output:
        **table("victim_relationships"),
    log:
        "results/logs/victim_relationships.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Set relationships to victims after three sources side by side."
    script:
        "../scripts/tidy/victim_relationships.py"


rule states:
    input:
        reports="data/cybertipline/state_reports.csv",
    output:
        **table("states"),
    log:
        "results/logs/states.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Set reports by state against populations."
    script:
        "../scripts/tidy/states.py"
