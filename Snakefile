"""The report and everything behind it.

`snakemake --cores N` makes the report; `snakemake fetch --cores 1` brings source files into `data/raw/`;
`snakemake ingest --cores N` rebuilds the parsed tables of `data/` from them; `snakemake figures --cores N` stops at
the figures; `snakemake exports --cores N` writes what others take away to `exports/`;
`snakemake verify --cores N` sets the published values against those that this project computes.
"""

import os
import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version, validate

min_version("9.0")

# Scripts run by `sys.executable`, which Snakemake pastes into a shell command without quotes. What is quoted already
# does not begin with a slash.
if Path(sys.executable).is_absolute():
    sys.executable = shlex.quote(sys.executable)

# Scripts and chapters import the library from the checkout, so that nothing needs an installation.
sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from countback.io.environment import check_writable, set_environment
from countback.io.errors import ConfigError

try:
    check_writable(Path.cwd(), sys.argv)
    set_environment()
except ConfigError as error:
    raise WorkflowError(str(error)) from None

from countback.locks import drop_stale_lock

drop_stale_lock(Path(".snakemake"))


configfile: "config/config.yaml"


validate(config, "config/config.schema.json")


include: "workflow/rules/common.smk"
include: "workflow/rules/fetch.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/validate.smk"
include: "workflow/rules/tidy.smk"
include: "workflow/rules/statistics.smk"
include: "workflow/rules/agreement.smk"
include: "workflow/rules/maps.smk"
include: "workflow/rules/revisions.smk"
include: "workflow/rules/concentration.smk"
include: "workflow/rules/jurisdictions.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/verify.smk"
include: "workflow/rules/values.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/exports.smk"


rule all:
    default_target: True
    input:
        rules.validate.output,
        rules.ready.input,
        rules.report.output,
        rules.esp_years.output,
        rules.concentration.output,
        rules.jurisdiction_years.output,
        rules.report_contents.output,
        rules.victim_relationships.output,
        rules.states.output,
        rules.agreement_models.output,
        rules.meta_figures.output,
        of_histories(*rules.verdicts.output),
        rules.jurisdictions.output,
        rules.disclosed_shares.output,
        rules.jurisdiction_figures.output,
