"""The gate: nothing is computed from `data/` before all of it has passed, nor while another build works here.

It stands before the first job, in `onstart`: were it a file that all rules wait for, every rule would run again
whenever one number has changed. The rule records the same result, which is remembered for data that stay as they are.
"""

from snakemake.exceptions import WorkflowError

from countback.io.builds import begin_build
from countback.io.errors import CountbackError


onstart:
    # here, since the checks need pandas, which takes long to load, and a build with nothing to do needs no check
    from countback.checks.validation import validate_once

    # A cluster is asked for a certain number of jobs a second. One machine needs no such limit, and without it the end
    # of a build does not wait for the second to pass.
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None
    # `ingest` writes the tables, so it must be able to fix them; `fetch` computes nothing
    targets = set(workflow.dag_settings.targets)
    try:
        if workflow.is_main_process:
            begin_build(Path("."))
        if not targets or targets - {"fetch", "ingest"}:
            validate_once(Path("data"), Path("results/.validated"))
    except CountbackError as fault:
        raise WorkflowError(str(fault)) from None


rule validate:
    input:
        tables=package_tables(),
        package="data/datapackage.json",
        checksums="data/checksums.json",
        corrections="data/corrections.yml",
    output:
        rows="results/validated.json",
    log:
        "results/logs/validate.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Check every table in data/ before anything is computed from it."
    script:
        "../scripts/validate/validate.py"
