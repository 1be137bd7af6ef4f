"""Which rule makes each table of which tables: what tracing a number to its source follows. Included last."""


rule lineage:
    input:
        rules="Snakefile",
    output:
        lineage="results/lineage.json",
    log:
        "results/logs/lineage.log",
    conda:
        "../../envs/environment.yml"
    params:
        lineage=lineage(),
    message:
        "Write which rule makes each table of which tables."
    script:
        "../scripts/report/lineage.py"
