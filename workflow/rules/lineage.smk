"""Which rule makes each table of which tables: what tracing a number to its source follows. Included last."""


def lineage():
    """Return for each computed table its rule, and the tables and histories that the rule reads, each once."""
    known = {*package_tables(), *result_tables()}
    stems = {str(path).rpartition(".")[0]: str(path) for path in known}
    found = {}
    for one in workflow.rules:
        read = [
            stems.get(str(file).rpartition(".")[0])
            for file in one.input
            if not callable(file)
        ]
        for file in one.output:
            path = stems.get(str(file).rpartition(".")[0])
            if path and str(path).startswith("results/"):
                inputs = dict.fromkeys(
                    one_read for one_read in read if one_read and one_read != path
                )
                found[path] = {"rule": one.name, "inputs": list(inputs)}
    return dict(sorted(found.items()))


rule lineage:
    input:
        package="data/datapackage.json",
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
