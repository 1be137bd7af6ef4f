"""Print how many published values have which verdict, and fail where a row is neither reproduced nor explained."""

import sys

import pandas as pd

from countback.io.tables import read_table
from replication.judgment import failures


def report(counts: pd.DataFrame) -> str:
    """Return the counts of verdicts by topic as text."""
    wide = counts.pivot(index="topic", columns="verdict", values="n_values")
    ordered = wide.reindex(index=counts["topic"].unique(), columns=counts["verdict"].unique())
    return str(ordered.assign(values=ordered.sum(axis=1)).rename_axis(index=None, columns=None).to_string())


def main(table: str, summary: str) -> int:
    """Print counts and failures; return the status of the process."""
    frame = read_table(table)
    lines = failures(frame)
    print(f"\nPublished values and their verdicts ({table}):\n\n{report(read_table(summary))}\n")
    if lines:
        print(f"{len(lines)} rows are neither reproduced nor explained:", *lines, sep="\n  ", file=sys.stderr)
    else:
        print("Every row is reproduced or explained.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(snakemake.input.table, snakemake.input.summary))
