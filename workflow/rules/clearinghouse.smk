"""The clearinghouse against itself: numbers that it prints twice."""


rule clearinghouse_pairs:
    input:
        statements="data/cybertipline/repeated_statements.csv",
        tables=[
            "data/cybertipline/country_reports.csv",
            "data/cybertipline/country_totals.csv",
            "data/cybertipline/esp_reports.csv",
            "data/cybertipline/esp_totals.csv",
            "data/cybertipline/platform_jurisdictions.parquet",
            "data/cybertipline/recipient_reports.csv",
            "data/cybertipline/state_reports.csv",
        ],
        facts=rules.ojjdp_facts.output.parquet,
        compiled="data/cybertipline/compiled_facts.csv",
        printed="data/cybertipline/ojjdp_facts.csv",
        countries="data/reference/countries.csv",
    output:
        **table("clearinghouse_pairs"),
    log:
        "results/logs/clearinghouse_pairs.log",
    conda:
        "../../envs/environment.yml"
    params:
        limits=config["verdicts"],
    message:
        "Set numbers that the clearinghouse prints twice against each other."
    script:
        "../scripts/clearinghouse/clearinghouse_pairs.py"


rule clearinghouse_verdicts:
    input:
        pairs=rules.clearinghouse_pairs.output.parquet,
        countries="data/reference/countries.csv",
    output:
        **table("clearinghouse_verdicts"),
        numbers_file="results/tables/clearinghouse_numbers.csv",
    log:
        "results/logs/clearinghouse_verdicts.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Say where the clearinghouse's numbers agree with each other, and by how much not."
    script:
        "../scripts/clearinghouse/clearinghouse_verdicts.py"
