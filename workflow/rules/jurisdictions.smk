"""Jurisdictions and states, and shares that sources disclose: results, and the figures that show them."""

from countback.look import font_folders


rule jurisdictions:
    input:
        years=rules.jurisdiction_years.output.csv,
        states=rules.states.output.csv,
        package="data/datapackage.json",
        functions=r_library(
            "tables",
            "results",
            "rank_intervals",
            "jurisdictions",
            "jurisdiction_results",
        ),
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


rule disclosed_shares:
    input:
        relationships=rules.victim_relationships.output.csv,
        groups="data/reference/relationship_groups.csv",
        facts=rules.ojjdp_facts.output.csv,
        disclosures=rules.disclosures.output.csv,
        printed=[
            f"data/disclosures/{provider}.csv"
            for measure in config["reversals"]
            for provider in measure["providers"]
        ],
        survey=rules.survey.output.csv,
        people=rules.family_active_people.output.csv,
        reports=rules.provider_shares.output.csv,
        world="data/reference/world_populations.csv",
        named="data/reference/disrupting_harm.csv",
        years=rules.jurisdiction_years.output.csv,
        package="data/datapackage.json",
        functions=r_library(
            "tables",
            "results",
            "jurisdictions",
            "jurisdiction_results",
            "relationships",
            "reversals",
            "named_apps",
        ),
    output:
        relationships="results/tables/relationship_shares.csv",
        reversals="results/tables/reversed_shares.csv",
        people="results/tables/active_people_shares.csv",
        named="results/tables/named_against_reports.csv",
        pairs="results/tables/named_pairs.csv",
        results="results/tables/disclosed_share_results.csv",
    log:
        "results/logs/disclosed_shares.log",
    conda:
        "../../envs/environment.yml"
    params:
        reversals=config["reversals"],
        corporation=config["pieces"]["corporation"],
        named_apps=config["named_apps"],
    message:
        "Take shares of relationships, reversals and active people, and set named apps against reports."
    script:
        "../scripts/world/disclosed_shares.R"


rule jurisdiction_figures:
    input:
        ranks=rules.jurisdictions.output.ranks,
        areas=rules.jurisdictions.output.areas,
        states=rules.jurisdictions.output.states,
        relationships=rules.disclosed_shares.output.relationships,
        reversals=rules.disclosed_shares.output.reversals,
        named=rules.disclosed_shares.output.named,
        organizations="data/organizations/organizations.csv",
        look="config/look.yml",
        fonts="results/look/web_fonts.json",
        package="data/datapackage.json",
        functions=r_library(
            "tables",
            "look",
            "jurisdiction_plots",
            "share_plots",
        ),
    output:
        funnel="figures/jurisdiction_funnel.svg",
        funnel_data="figures/jurisdiction_funnel.csv",
        ranks="figures/jurisdiction_ranks.svg",
        ranks_data="figures/jurisdiction_ranks.csv",
        continents="figures/continents.svg",
        continents_data="figures/continents.csv",
        states="figures/states.svg",
        states_data="figures/states.csv",
        relationships="figures/relationships.svg",
        relationships_data="figures/relationships.csv",
        reversals="figures/reversals.svg",
        reversals_data="figures/reversals.csv",
        named="figures/named_apps.svg",
        named_data="figures/named_apps.csv",
    log:
        "results/logs/jurisdiction_figures.log",
    conda:
        "../../envs/environment.yml"
    params:
        faces=str(font_folders()[1]),
        reversals=config["reversals"],
    message:
        "Draw ranks of jurisdictions and states, and shares that sources disclose."
    script:
        "../scripts/figures/jurisdiction_figures.R"
