"""Compute the published quantities by the right methods, from the tidy tables.

- A value is missing where the quantity can't be had from what is disclosed.
- Many of them are right as published: they are computed all the same, so that a second route confirms them.
"""

from pathlib import Path

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from replication.inputs import Tables, Values, published_span
from replication.numbers import text_of
from replication.right import METHODS


def corrected(tables: Tables) -> pd.DataFrame:
    """Return one row per quantity: id, value as text.

    Parameters
    ----------
    tables
        Tidy tables, and those of `data/` that no step corrects, by name.
    """
    span = published_span(tables)
    values: Values = {}
    for method in METHODS:
        values |= method(span)
    return pd.DataFrame({"id": list(values), "corrected": [text_of(value) for value in values.values()]})


if __name__ == "__main__":
    run(
        lambda: write_table(
            corrected({Path(file).stem: read_table(file) for file in snakemake.input.tables}), *snakemake.output
        ),
        snakemake.log[0],
    )
