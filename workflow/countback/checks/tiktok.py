"""Checks of TikTok's history and of the tables that say what its labels mean, beside those of all histories."""

from collections.abc import Iterator

import pandas as pd

from countback.checks.disclosures import Check, Tables, line
from countback.checks.parsed import file_of
from countback.ingest import tiktok_history
from countback.ingest.tiktok import to_numbers
from countback.io.errors import DataError

# columns of the releases that the history doesn't keep
NOT_KEPT = {"period_type", "repeat"}


def tiktok_values_are_those_printed(tables: Tables) -> Iterator[DataError]:
    """A number of TikTok's history is the printed one."""
    history = tables.get("histories_tiktok", pd.DataFrame(columns=["value", "value_printed"]))
    unlike = history[to_numbers(history["value_printed"]) != history["value"]]
    for index, row in unlike.iterrows():
        yield DataError(
            file_of("histories_tiktok"),
            line(index),
            "value",
            found=row["value"],
            expected=f"the number for {row['value_printed']}",
            fix="Run snakemake ingest: the history is rebuilt from the releases.",
        )


def tiktok_tables_fit_the_history(tables: Tables) -> Iterator[DataError]:
    """What the tables of labels, sheets and units speak of is in TikTok's history."""
    if "histories_tiktok" not in tables:
        return
    history = tables["histories_tiktok"]
    labels, sheets, units = (tables[f"histories_tiktok_{name}"] for name in tiktok_history.Tables._fields)
    used = [
        ("labels", "aligned", labels[["column", "aligned"]][~labels["column"].isin(NOT_KEPT)]),
        *(
            ("sheets", name, pd.DataFrame({"column": name, "label": sheets[name].dropna()}))
            for name in ("metric", "issue")
        ),
        ("units", "metric", pd.DataFrame({"column": "metric", "label": units["metric"]})),
    ]
    known = {column: set(history[column]) for column in tiktok_history.KEY}
    for table, column, pairs in used:
        for index, name, label in pairs.itertuples(name=None):
            if label not in known[name]:
                yield DataError(
                    f"data/histories/tiktok_{table}.csv",
                    line(index),
                    column,
                    found=label,
                    expected=f"a label of the column {name} in {file_of('histories_tiktok')}",
                    fix="Correct the label, or run snakemake ingest after changing the table.",
                )


TIKTOK_CHECKS: list[Check] = [tiktok_values_are_those_printed, tiktok_tables_fit_the_history]
