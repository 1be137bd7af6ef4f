"""How often the report's intervals hold, by simulation; outside the build, since it takes minutes.

`snakemake calibration --cores N` simulates, and writes `data/calibration/interval_coverage.csv`, which the build reads.
"""


localrules:
    calibration,


TOPICS = ["agreement", "growth", "places"]


rule calibrate_places:
    input:
        years=rules.jurisdiction_years.output.csv,
        breaks="data/reference/breaks.csv",
    output:
        "results/calibration/places.csv",
    log:
        "results/logs/calibrate_places.log",
    conda:
        "../../envs/environment.yml"
    params:
        # a panel takes seconds to fit, and has an interval for each of hundreds of places
        panels=config["calibration"]["draws"] // 100,
        seed=config["calibration"]["seed"],
        settings=config["jurisdictions"],
    message:
        "Simulate how often intervals of places hold."
    script:
        "../scripts/calibration/places.R"


rule calibrate_agreement:
    input:
        pairs=rules.agreement.output.pairs,
    output:
        "results/calibration/agreement.csv",
    log:
        "results/logs/calibrate_agreement.log",
    conda:
        "../../envs/environment.yml"
    params:
        draws=config["calibration"]["draws"],
        seed=config["calibration"]["seed"],
    message:
        "Simulate how often the intervals of agreement hold."
    script:
        "../scripts/calibration/agreement.R"


rule calibrate_growth:
    input:
        years=rules.cybertipline_years.output.csv,
        identities="data/reference/social_media_identities.csv",
        breaks="data/reference/breaks.csv",
    output:
        "results/calibration/growth.csv",
    log:
        "results/logs/calibrate_growth.log",
    conda:
        "../../envs/environment.yml"
    params:
        fixed_break=config["growth"]["fixed_break"],
        years_per_segment=config["growth"]["years_per_segment"],
        draws=config["calibration"]["draws"],
        seed=config["calibration"]["seed"],
    message:
        "Simulate how often the intervals of models of growth hold."
    script:
        "../scripts/calibration/growth.R"


rule interval_coverage:
    input:
        parts=[f"results/calibration/{topic}.csv" for topic in TOPICS],
    output:
        "results/calibration/interval_coverage.csv",
    log:
        "results/logs/interval_coverage.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Put the simulated coverage of all intervals in one table."
    script:
        "../scripts/calibration/interval_coverage.R"


rule calibration:
    input:
        rules.interval_coverage.output,
    log:
        "results/logs/calibration.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Copy the simulated coverage to data/, if it changed."
    shell:
        """
        target=data/calibration/interval_coverage.csv
        if cmp -s {input:q} "$target"; then
            echo "unchanged: $target"
        else
            cp {input:q} "$target.partial"
            mv "$target.partial" "$target"
            echo "changed: $target. Run make checksums."
        fi 2>&1 | tee {log:q}
        """
