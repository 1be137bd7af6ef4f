"""Check every table in `data/` before anything is computed from it.

- The workflow checks before its first job, so that a fault stops the build before a result file exists;
  this rule writes down what passed.
- The result lists the tables with their rows, for the report and for a reader of the log.
"""

from pathlib import Path

from countback.checks.validation import validate_once
from countback.io.files import write_json
from countback.io.script import run


def validate(data: Path, output: Path) -> None:
    """Validate a data folder and write the number of rows of each table."""
    write_json(validate_once(data, output.parent / ".validated"), output)


if __name__ == "__main__":
    run(lambda: validate(Path(snakemake.input.package).parent, Path(snakemake.output.rows)), snakemake.log[0])
