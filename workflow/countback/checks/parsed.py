"""Checks of parsed tables and of those made by hand for them, beside the checks of `countback.checks.disclosures`."""

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd

from countback.checks.disclosures import Check, Tables, line
from countback.corrections import LabelCorrection, match_label
from countback.histories import overlapping_runs
from countback.ingest import discord, meta, microsoft, tiktok_history, x
from countback.ingest.printed import COLUMNS, differences, disclosed
from countback.io.errors import DataError
from countback.periods import parse_period

KEYS = {"histories_meta": meta.KEY, "histories_tiktok": tiktok_history.KEY}
PARQUET = {"histories_tiktok"}
SERIES = {"microsoft": microsoft.SERIES, "x": x.SERIES}
MAKERS: dict[str, Callable[..., pd.DataFrame]] = {
    **{name: partial(disclosed, series=series, organization=name) for name, series in SERIES.items()},
    "discord": discord.reports_disclosed,
}


def file_of(name: str) -> str:
    """Return the file of a history, as a user would name it."""
    return f"data/histories/{name.removeprefix('histories_')}.{'parquet' if name in PARQUET else 'csv'}"


def releases_in_order(history: pd.DataFrame, releases: pd.DataFrame) -> list[str]:
    """Return the ids of the releases that a history names, by their periods."""
    named = releases[releases["id"].isin([*history["first_release"], *history["last_release"]])]
    return sorted(named["id"], key=dict(zip(named["id"], named["period"].map(parse_period), strict=True)).__getitem__)


def runs_follow_each_other(tables: Tables) -> Iterator[DataError]:
    """The runs of releases that state a fact begin before they end, and no two of one fact share a release."""
    for name, key in KEYS.items():
        history = tables.get(name, pd.DataFrame(columns=[*key, "first_release", "last_release"]))
        for index in overlapping_runs(history, key, releases_in_order(history, tables["releases"])):
            row = history.loc[index]
            yield DataError(
                file_of(name),
                line(index),
                "first_release",
                found=f"{row['first_release']} to {row['last_release']}",
                expected="a first release that is not after the last, and after the last of the row before",
                fix="Run snakemake ingest: the history is rebuilt from the releases.",
            )


def meta_values_are_those_printed(tables: Tables) -> Iterator[DataError]:
    """A number of Meta's history is the printed one."""
    history = tables.get("histories_meta", pd.DataFrame(columns=meta.VALUES))
    numbers = history[["value", "value_low", "value_high"]].astype("object").where(history.notna(), None)
    for index, printed, unit, *found in zip(
        history.index, history["value_printed"], history["unit"], *(numbers[name] for name in numbers), strict=True
    ):
        try:
            expected: object = tuple(meta.parse_value(printed, unit))
        except ValueError as error:
            expected = error
        if tuple(found) != expected:
            fix = "Run snakemake ingest: the history is rebuilt from the releases."
            yield DataError(file_of("histories_meta"), line(index), "value", found, f"{expected} for {printed}", fix)


def meta_labels_are_in_the_history(tables: Tables) -> Iterator[DataError]:
    """A label that others are aligned with is one of the history."""
    for index, rule in tables.get("histories_meta_labels", pd.DataFrame()).iterrows():
        if rule["aligned"] not in set(tables["histories_meta"][rule["column"]]):
            yield DataError(
                file_of("histories_meta_labels"),
                line(index),
                "aligned",
                found=rule["aligned"],
                expected=f"a label of the column {rule['column']} in {file_of('histories_meta')}",
                fix="Correct the label, or run snakemake ingest after changing rules.",
            )


def child_policies_are_in_their_history(tables: Tables) -> Iterator[DataError]:
    """A label that counts as one about children is one of its publisher's history."""
    for index, row in tables.get("histories_child_policies", pd.DataFrame()).iterrows():
        name = f"histories_{row['publisher']}"
        if name in tables and row["aligned"] not in set(tables[name][row["column"]]):
            yield DataError(
                "data/histories/child_policies.csv",
                line(index),
                "aligned",
                found=row["aligned"],
                expected=f"a label of the column {row['column']} in {file_of(name)}",
                fix="Correct the label; if the publisher respelled it, name the one that the history has.",
            )


def disclosures_are_those_printed(tables: Tables) -> Iterator[DataError]:
    """The disclosures of an organization whose documents are parsed are made from what these print."""
    for organization, make in MAKERS.items():
        printed, file = tables.get(f"printed_{organization}"), f"data/disclosures/{organization}.csv"
        if printed is None:
            continue
        try:
            expected = make(printed, remarks=tables["remarks"])
        except DataError as error:
            yield error
            continue
        for index, row in differences(tables[f"disclosures_{organization}"][COLUMNS], expected):
            yield DataError(
                file,
                None if index is None else line(index),
                found=None if index is None else row,
                expected=f"what data/printed/{organization}.csv and data/organizations/remarks.csv give"
                + (f": {row}" if index is None else ""),
                fix="Edit the remarks, not the table, and run snakemake ingest.",
            )


def label_corrections_match(tables: Tables, corrections: list[LabelCorrection]) -> Iterator[DataError]:
    """Every correction of a label finds its table, its rows with the label that it expects, and a known source."""
    releases = set(tables["releases"]["id"])
    for correction in corrections:
        where = "data/corrections.yml", correction.where
        if correction.source not in releases:
            yield DataError(*where, "source", correction.source, "a release of data/releases.csv", "Add it there.")
        frame = tables.get(correction.table.replace("/", "_"))
        if frame is None:
            yield DataError(*where, "table", correction.table, "a table of printed facts", "Correct the name.")
            continue
        try:
            match_label(frame, correction)
        except DataError as error:
            yield error


PARSED_CHECKS: list[Check] = [
    runs_follow_each_other,
    meta_values_are_those_printed,
    meta_labels_are_in_the_history,
    child_policies_are_in_their_history,
    disclosures_are_those_printed,
]
