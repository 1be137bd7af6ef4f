"""Checks of tables that are parsed from documents, and of those made by hand for them.

- A history is what a publisher releases again and again; the tables beside it say what its labels mean.
"""

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd

from countback.checks.registry import Tables, check, faults, file_of, line, unknown
from countback.histories import has_label, overlapping_runs
from countback.ingest import discord, meta, microsoft, tiktok_history, x
from countback.ingest.meta_disclosures import Tables as MetaTables
from countback.ingest.meta_disclosures import meta_disclosures
from countback.ingest.printed import COLUMNS, COMPILED, differences, disclosed, with_compiled
from countback.io.errors import DataError
from countback.periods import parse_period

KEYS = {"histories_meta": meta.KEY, "histories_tiktok": tiktok_history.KEY}
SERIES = {"microsoft": microsoft.SERIES, "x": x.SERIES}
MAKERS: dict[str, Callable[..., pd.DataFrame]] = {
    **{name: partial(disclosed, series=series, organization=name) for name, series in SERIES.items()},
    "discord": discord.reports_disclosed,
}
OF_HISTORY = ["histories_meta", "histories_meta_labels", "histories_meta_series", "remarks", "organizations"]
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
    """Yield rows with a label that the history does not have in the column that the row names as `column`.

    Rows that name a column that the history does not have are yielded for that.
    """
    columns = f"a column of {file_of(name, history)}"
    yield from unknown(file, rows, "column", history.columns, columns, "Correct the name of the column.")
    for column, some in rows[rows["column"].isin(history.columns)].groupby("column"):
        wanted = f"a label of the column {column} in {file_of(name, history)}"
        fix = "Correct the label, or run snakemake ingest after changing rules."
        yield from unknown(file, some, label, history[column], wanted, fix)


@check("histories_meta", *(f"histories_meta_{name}" for name in ("labels", "units", "blocks")))
def meta_tables_fit_the_history(
    history: pd.DataFrame, labels: pd.DataFrame, units: pd.DataFrame, blocks: pd.DataFrame
) -> Iterator[DataError]:
    """What the tables of labels and blocks speak of is in Meta's history, and its units are those of the table."""
    yield from labels_of("data/histories/meta_labels.csv", labels, history, "histories_meta")
    of_blocks = blocks.assign(column="metric")
    yield from labels_of("data/histories/meta_blocks.csv", of_blocks, history, "histories_meta", "metric")
    unit = history["metric"].map(dict(zip(units["metric"], units["unit"], strict=True)))
    wanted = "the unit of the metric in data/histories/meta_units.csv"
    fix = "Correct the unit there, and run snakemake ingest."
    other = history[(history["unit"] != unit).fillna(True)]
    yield from faults(file_of("histories_meta", history), other, "unit", wanted, fix)


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
def listed_labels_are_in_their_history(tables: Tables) -> Iterator[DataError]:
    """A label that counts as one about children, or as one that spans others, is one of its publisher's history."""
    for table in ("child_policies", "spanning_labels"):
        listed = tables.get(f"histories_{table}", pd.DataFrame(columns=["publisher"]))
        for publisher, rows in listed.groupby("publisher"):
            if (name := f"histories_{publisher}") in tables:
                yield from labels_of(f"data/histories/{table}.csv", rows, tables[name], name)


@check("histories_meta", "histories_spanning_labels")
def spanning_rows_are_marked(history: pd.DataFrame, spans: pd.DataFrame) -> Iterator[DataError]:
    """The rows of Meta's history that are marked as spanning others are those with a label that does."""
    spans = spans[spans["column"].isin(history.columns)]  # other names are faults by themselves
    wrong = history[history["is_spanning"] != has_label(history, spans, "meta")]
    wanted = "the mark that data/histories/spanning_labels.csv gives"
    yield from faults(file_of("histories_meta", history), wrong, "is_spanning", wanted, "Run snakemake ingest.")


@check("histories_meta_series", "histories_spanning_labels")
def no_series_spans_others(series: pd.DataFrame, spans: pd.DataFrame) -> Iterator[DataError]:
    """What spans other policy areas is no component of a disclosure, since components are added up."""
    wrong = series[has_label(series, spans[spans["column"] == "policy_area"], "meta")]
    wanted = "a policy area that contains no other"
    yield from faults("data/histories/meta_series.csv", wrong, "policy_area", wanted, "Drop the row.")


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
        beside = {"labels": tables[name]} if (name := f"printed_{organization}_labels") in tables else {}
        try:
            expected = make(tables[f"printed_{organization}"], remarks=tables["remarks"], **beside)
            if "compiled_disclosures" in tables:
                expected = with_compiled(expected, tables["compiled_disclosures"], organization)
        except DataError as error:
            yield error
            continue
        yield from unlike(file, tables[f"disclosures_{organization}"], expected, wanted, fix)


@check()
def disclosures_are_those_of_the_history(tables: Tables) -> Iterator[DataError]:
    """The disclosures of Meta's apps are made from its history."""
    if not set(OF_HISTORY) <= tables.keys():
        return
    history, *others = (tables[name] for name in OF_HISTORY)
    made = meta_disclosures(history, MetaTables(*others), releases_in_order(history, tables["releases"]))
    wanted = "what data/histories/meta.csv, meta_series.csv and data/organizations/remarks.csv give"
    fix = "Edit the series or the remarks, not the table, and run snakemake ingest."
    for organization, expected in made.items():
        if (name := f"disclosures_{organization}") in tables:
            yield from unlike(f"data/disclosures/{organization}.csv", tables[name], expected, wanted, fix)


def unlike(file: str, found: pd.DataFrame, expected: pd.DataFrame, wanted: str, fix: str) -> Iterator[DataError]:
    """Yield the rows of disclosures that are not the expected ones, and those that are lacking."""
    for index, row in differences(found[COLUMNS], expected):
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
