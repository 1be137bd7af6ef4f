"""Jurisdictions, states, and shares that sources disclose."""


rule jurisdictions:
    input:
        years=rules.jurisdiction_years.output.csv,
        states=rules.states.output.csv,
        breaks="data/reference/breaks.csv",
        populations="data/reference/populations.csv",
        countries="data/reference/countries.csv",
        members="data/reference/arab_league.csv",
    output:
        ranks="results/tables/jurisdiction_ranks.csv",
        areas="results/tables/jurisdiction_areas.csv",
        states="results/tables/state_ranks.csv",
        results="results/tables/jurisdiction_results.csv",
    log:
        "results/logs/jurisdictions.log",
    conda:
        "../../envs/environment.yml"
    params:
        settings=config["jurisdictions"],
    message:
        "Rank jurisdictions and states, and measure how sure ranks are."
    script:
        "../scripts/world/jurisdictions.R"


rule rank_specifications:
    input:
        years=rules.jurisdiction_years.output.csv,
        facts=rules.ojjdp_facts.output.csv,
        breaks="data/reference/breaks.csv",
        choices="data/reference/choices.csv",
    output:
        specifications="results/tables/rank_specifications.csv",
        options="results/tables/rank_specification_options.csv",
        numbers="results/tables/rank_specification_numbers.csv",
    log:
        "results/logs/rank_specifications.log",
    conda:
        "../../envs/environment.yml"
    params:
        settings=config["jurisdictions"],
    message:
        "Rank under every combination of defensible choices."
    script:
        "../scripts/world/rank_specifications.R"


rule disclosed_shares:
    input:
        relationships=rules.victim_relationships.output.csv,
        groups="data/reference/relationship_groups.csv",
        people=rules.family_active_people.output.csv,
        world="data/reference/world_populations.csv",
        named="data/reference/disrupting_harm.csv",
        years=rules.jurisdiction_years.output.csv,
    output:
        relationships="results/tables/relationship_shares.csv",
        people="results/tables/active_people_shares.csv",
        named="results/tables/named_against_reports.csv",
        charted="results/tables/charted_reports.csv",
        pairs="results/tables/named_pairs.csv",
    log:
        "results/logs/disclosed_shares.log",
    conda:
        "../../envs/environment.yml"
    params:
        named_apps=config["named_apps"],
    message:
        "Take shares of relationships and active people, and set named apps against reports."
    script:
        "../scripts/world/disclosed_shares.R"


# apart from the shares above, which no provider's disclosures change, nor the figures of them
rule reversed_shares:
    input:
        disclosures=rules.disclosures.output.csv,
        printed=[
            f"data/disclosures/{provider}.csv"
            for measure in config["reversals"]
            for provider in measure["providers"]
        ],
        survey=rules.survey.output.csv,
        relationships=rules.disclosed_shares.output.relationships,
        facts=rules.ojjdp_facts.output.csv,
        active=rules.family_active_people.output.csv,
        people=rules.disclosed_shares.output.people,
        reports=rules.provider_shares.output.csv,
        named="data/reference/disrupting_harm.csv",
        years=rules.jurisdiction_years.output.csv,
    output:
        reversals="results/tables/reversed_shares.csv",
        results="results/tables/disclosed_share_results.csv",
    log:
        "results/logs/reversed_shares.log",
    conda:
        "../../envs/environment.yml"
    params:
        reversals=config["reversals"],
        corporation=config["pieces"]["corporation"],
        named_apps=config["named_apps"],
    message:
        "Take shares of reversals, and gather what the report says of all disclosed shares."
    script:
        "../scripts/world/reversed_shares.R"


rule place_years:
    input:
        tables=[
            rules.jurisdiction_years.output.parquet,
            rules.jurisdictions.output.ranks,
            rules.recipient_jurisdictions.output.parquet,
            "results/tables/clearinghouse_pairs.parquet",
        ],
    output:
        **table("place_years"),
    log:
        "results/logs/place_years.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Put all years of each place together, on their sides of the break."
    script:
        "../scripts/world/place_years.py"


rule place_cards:
    input:
        years=rules.place_years.output.parquet,
        countries="data/reference/countries.csv",
        aliases="data/reference/country_aliases.csv",
        names="data/reference/place_names.csv",
        breaks="data/reference/breaks.csv",
        platform="data/cybertipline/platform_jurisdictions.parquet",
        releases="data/releases.csv",
        help="data/reference/help.csv",
    output:
        cards="figures/places.js",
    log:
        "results/logs/place_cards.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Write what a page needs to look up a place."
    script:
        "../scripts/world/place_cards.py"
