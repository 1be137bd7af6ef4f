"""Checks of tables that are parsed from documents, and of those made by hand for them.

- A history is what a publisher releases again and again; the tables beside it say what its labels mean.
"""

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd

from countback.checks.registry import Tables, check, faults, file_of, line, unknown
from countback.histories import overlapping_runs
from countback.ingest import discord, meta, microsoft, tiktok_history, x
from countback.ingest.printed import COLUMNS, COMPILED, differences, disclosed, with_compiled
from countback.io.errors import DataError
from countback.periods import parse_period

KEYS = {"histories_meta": meta.KEY, "histories_tiktok": tiktok_history.KEY}
SERIES = {"microsoft": microsoft.SERIES, "x": x.SERIES}
MAKERS: dict[str, Callable[..., pd.DataFrame]] = {
    **{name: partial(disclosed, series=series, organization=name) for name, series in SERIES.items()},
    "discord": discord.reports_disclosed,
}
# columns of the releases that TikTok's history doesn't keep
NOT_KEPT = {"period_type", "repeat"}


def releases_in_order(history: pd.DataFrame, releases: pd.DataFrame) -> list[str]:
    """Return the ids of the releases that a history names, by their periods."""
    named = releases[releases["id"].isin([*history["first_release"].unique(), *history["last_release"].unique()])]
    return sorted(named["id"], key=dict(zip(named["id"], named["period"].map(parse_period), strict=True)).__getitem__)


@check()
def runs_follow_each_other(tables: Tables) -> Iterator[DataError]:
    """The runs of releases that state a fact begin before they end, and no two of one fact share a release."""
    for name in KEYS.keys() & tables.keys():
        history = tables[name]
        order = releases_in_order(history, tables["releases"])
        rows = history.loc[list(overlapping_runs(history, KEYS[name], order))]
        wanted = "a first release that is not after the last, and after the last of the row before"
        fix = "Run snakemake ingest: the history is rebuilt from the releases."
        found = "{first_release} to {last_release}"
        yield from faults(file_of(name, history), rows, "first_release", wanted, fix, found)


def labels_of(
    file: str, rows: pd.DataFrame, history: pd.DataFrame, name: str, label: str = "aligned"
) -> Iterator[DataError]:
    """Yield rows with a label that the history does not have in the column that the row names as `column`."""
    for column, some in rows.groupby("column"):
        wanted = f"a label of the column {column} in {file_of(name, history)}"
        fix = "Correct the label, or run snakemake ingest after changing rules."
        yield from unknown(file, some, label, history[column], wanted, fix)


@check("histories_meta_labels", "histories_meta")
def meta_labels_are_in_the_history(labels: pd.DataFrame, history: pd.DataFrame) -> Iterator[DataError]:
    """A label that others are aligned with is one of Meta's history."""
    yield from labels_of("data/histories/meta_labels.csv", labels, history, "histories_meta")


@check("histories_tiktok", *(f"histories_tiktok_{name}" for name in tiktok_history.Tables._fields))
def tiktok_tables_fit_the_history(
    history: pd.DataFrame, labels: pd.DataFrame, sheets: pd.DataFrame, units: pd.DataFrame
) -> Iterator[DataError]:
    """What the tables of labels, sheets and units speak of is in TikTok's history."""
    used = [
        ("labels", labels[~labels["column"].isin(NOT_KEPT)], "aligned"),
        ("sheets", sheets.assign(column="metric"), "metric"),
        ("sheets", sheets.assign(column="issue"), "issue"),
        ("units", units.assign(column="metric"), "metric"),
    ]
    for table, rows, label in used:
        yield from labels_of(f"data/histories/tiktok_{table}.csv", rows, history, "histories_tiktok", label)


@check()
def child_policies_are_in_their_history(tables: Tables) -> Iterator[DataError]:
    """A label that counts as one about children is one of its publisher's history."""
    policies = tables.get("histories_child_policies", pd.DataFrame(columns=["publisher"]))
    for publisher, rows in policies.groupby("publisher"):
        if (name := f"histories_{publisher}") in tables:
            yield from labels_of("data/histories/child_policies.csv", rows, tables[name], name)


@check()
def disclosures_are_those_printed(tables: Tables) -> Iterator[DataError]:
    """The disclosures of an organization whose documents are parsed are made from what these print."""
    for organization, make in MAKERS.items():
        if f"printed_{organization}" not in tables:
            continue
        file = f"data/disclosures/{organization}.csv"
        wanted = f"what data/printed/{organization}.csv and the remarks and compiled disclosures of it give"
        fix = (
            "Edit data/organizations/remarks.csv or compiled_disclosures.csv, not the table, and run snakemake ingest."
        )
        try:
            expected = make(tables[f"printed_{organization}"], remarks=tables["remarks"])
            if "compiled_disclosures" in tables:
                expected = with_compiled(expected, tables["compiled_disclosures"], organization)
        except DataError as error:
            yield error
            continue
        for index, row in differences(tables[f"disclosures_{organization}"][COLUMNS], expected):
            if index is None:
                yield DataError(file, expected=f"{wanted}: {row}", fix=fix)
            else:
                yield DataError(file, line(index), found=row, expected=wanted, fix=fix)


@check("compiled_disclosures")
def compiled_disclosures_are_of_parsed_tables(compiled: pd.DataFrame) -> Iterator[DataError]:
    """Compiled rows are kept apart only where the organization's own table is made from its documents."""
    wanted = f"an organization whose table is made from its documents: {', '.join(sorted(SERIES))}"
    fix = "Put the row into the organization's own table in data/disclosures/."
    yield from unknown(COMPILED, compiled, "organization", list(SERIES), wanted, fix)
