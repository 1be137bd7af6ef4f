"""Every number that the prose prints, in one file with its origin."""


rule values:
    input:
        tables=[
            rules.cybertipline_years.output.csv,
            rules.provider_shares.output.csv,
            rules.provider_pairs.output.csv,
            rules.disclosures.output.csv,
            rules.growth.output.models,
            rules.agreement.output.pairs,
            rules.agreement.output.summary,
            rules.agreement.output.signs,
            rules.growth.output.results,
            rules.concentration.output.results,
            rules.agreement_models.output.models,
            rules.agreement_models.output.tests,
            rules.agreement_models.output.rounding,
            rules.agreement_models.output.bounds,
            rules.jurisdictions.output.results,
            rules.jurisdictions.output.areas,
            rules.disclosed_shares.output.results,
            rules.disclosed_shares.output.reversals,
            rules.disclosed_shares.output.named,
            rules.growth.output.rates,
            rules.esp_years.output.csv,
            rules.ojjdp_facts.output.csv,
            rules.report_contents.output.contents,
            rules.report_contents.output.recipients,
            *of_histories(
                rules.revisions.output.meta,
                rules.revisions.output.tiktok,
                rules.revisions.output.labels,
                rules.meta_revised_facts.output.facts,
                rules.meta_revised_facts.output.clusters,
                rules.meta_revised_facts.output.ages,
                rules.discord_contradictions.output.csv,
                rules.verdicts.output.csv,
            ),
            *if_listed(
                [
                    rules.replication.output.summary,
                    rules.replication.output.headlines,
                    "data/replication/faults.csv",
                ],
                "data/replication/published_results.csv",
            ),
            # by its path: the rule is of a file that comes later
            *if_listed(
                ["results/replication.csv"], "data/replication/published_results.csv"
            ),
            "data/organizations/organizations.csv",
            "data/cybertipline/esp_reports.csv",
            "data/cybertipline/ojjdp_stocks.csv",
        ],
        library=library("values"),
    output:
        values="results/values.json",
        variables="_variables.yml",
    log:
        "results/logs/values.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Gather every number that the prose prints."
    script:
        "../scripts/values.py"
