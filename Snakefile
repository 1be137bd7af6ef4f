"""The report and everything behind it.

`snakemake --cores N` makes the report; `snakemake fetch --cores 1` brings source files into `data/raw/`;
`snakemake ingest --cores N` rebuilds the parsed tables of `data/` from them; `snakemake figures --cores N` stops at
the figures; `snakemake exports --cores N` writes what others take away to `exports/`;
`snakemake verify --cores N` sets the published values against those that this project computes;
`snakemake calibration --cores N` simulates how often intervals hold, and writes that to `data/calibration/`.
"""

import os
import shlex
import sys
import time
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

from countback.io.documents import read_yaml
from countback.io.environment import check_writable, set_environment
from countback.io.errors import CountbackError
from countback.io.hints import hints, text_since
from countback.io.package import check_entries
from countback.io.settings import SETTINGS, wrong_settings

SCHEMA = Path("config/config.schema.json")
BEGUN = time.time()

try:
    check_writable(Path.cwd(), sys.argv)
    set_environment()
    read_yaml(Path(SETTINGS), "settings")
    check_entries(Path("data/datapackage.json"))
except CountbackError as error:
    raise WorkflowError(str(error)) from None


configfile: SETTINGS


try:
    validate(config, str(SCHEMA))
except WorkflowError:
    raise WorkflowError(str(wrong_settings(config, SCHEMA))) from None


onerror:
    for hint in hints(text_since(Path("results/logs").glob("**/*.log"), BEGUN)):
        print(f"\n{hint}", file=sys.stderr)


include: "workflow/rules/common.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/validate.smk"
include: "workflow/rules/tidy.smk"
include: "workflow/rules/agreement.smk"
include: "workflow/rules/growth.smk"
include: "workflow/rules/world.smk"
include: "workflow/rules/revisions.smk"
include: "workflow/rules/clearinghouse.smk"
include: "workflow/rules/calibration.smk"
include: "workflow/rules/replication.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/exports.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/lineage.smk"


# what rules make for the report and for those who take tables and figures away
MADE = ("results/tables/", "results/look/", "figures/")


rule all:
    default_target: True
    input:
        rules.validate.output,
        rules.report.output,
        # what lies behind the report, so that a file that was lost is made again
        [file for file in rules.ready.input if str(file) in makers()],
        rules.figures.input,
        rules.lineage.output,
        within_reach(result_tables()),
        # and what nothing needs for a while, such as the other forms of tables, or a download written beside them
        within_reach(
            file
            for file, one in makers().items()
            if any(str(beside).startswith(MADE) for beside in one.output)
        ),
        [
            file
            for file in rules.run_crate.input.exports
            if rules.run_crate.output.crate in rules.ready.input
        ],


for one in workflow.rules:
    add_dependencies(one)
