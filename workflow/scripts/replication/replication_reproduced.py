"""Compute the published values by the published methods, faults included.

- Ids come from keys of the data: years, codes of countries, providers, releases. The published values are not read.
- A value is written in full, whole numbers without a point; where one is missing, there is no row.
"""

from pathlib import Path

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from replication.inputs import Tables, as_compiled, published_span
from replication.numbers import text_of
from replication.published import METHODS


def tables_of(files: list[str], folder: str = "data") -> dict[str, pd.DataFrame]:
    """Return tables by their path in the folder, without suffix."""
    return {Path(file).relative_to(folder).with_suffix("").as_posix(): read_table(file) for file in files}


def reproduced(tables: Tables) -> pd.DataFrame:
    """Return one row per value: id, value as text, and the method that computes it.

    Parameters
    ----------
    tables
        Tables of `data/` by their path there, without suffix.
    """
    compiled = tables["organizations/published_values"]
    span = published_span(as_compiled(tables, compiled))
    rows = [
        (key, text_of(value), name)
        for name, method in METHODS.items()
        for key, value in method(span).items()
        if value is not None
    ]
    return pd.DataFrame(rows, columns=["id", "reproduced", "computed_by"])


if __name__ == "__main__":
    run(
        lambda: write_table(reproduced(tables_of(snakemake.input.tables)), *snakemake.output),
        snakemake.log[0],
    )
