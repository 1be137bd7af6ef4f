"""TikTok's releases folded into one history, and each release as it was printed taken out of it again.

- Labels are aligned with those of later releases by `data/histories/tiktok_labels.csv`; the columns of workbooks, by
  `tiktok_sheets.csv`. Rules that can't be undone are refused, so that every printed label can be had back.
- `Period Type` is not kept: it says of a quarter that it is quarterly, which is checked.
- A column of a workbook that repeats another sheet's must hold the same values; the history has them once.
- Units are those of `tiktok_units.csv`. A share above 1 and a count with a fraction are errors.
- A row of the history ends where the number or its printed form changes: 0.9109999999999999 and 0.911 are two rows with
  one value, so that each release can be printed from it again, digit by digit.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from countback.histories import SPAN, Releases, align, fold, in_turn, rebuild, restore
from countback.ingest.tiktok import print_period, to_numbers
from countback.io.errors import DataError
from countback.periods import parse_period

KEY = ["metric", "policy_type", "issue", "task_type", "task", "location", "market", "period"]
VALUES = ["value", "unit", "value_printed"]
COLUMNS = [*KEY, *VALUES, *SPAN]
PLACED = ["metric", "policy_type", "task_type", "task", "location"]
CSV_COLUMNS = ["metric", "period_type", *KEY[-1:], *KEY[1:-1], "value_printed"]
BOOK_COLUMNS = ["sheet", "column", "period", "issue", "market", "value_printed"]
PERIOD_TYPES = {"Q": "Quarterly", "H": "Half-year"}
FOLDER = "data/histories"


class Tables(NamedTuple):
    """The tables that say what printed labels mean: rules of alignment, columns of workbooks, units."""

    labels: pd.DataFrame
    sheets: pd.DataFrame
    units: pd.DataFrame


def release_facts(printed: Releases, tables: Tables, order: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the facts of each release after its id; at the end, refuse rules for labels that no release prints.

    Parameters
    ----------
    printed
        Each release's rows by its id, in order of publication, as `read_csv_release` and `read_workbook` give them.
    tables
        What labels mean.
    order
        The ids of all releases, in order of publication.

    Yields
    ------
    str, pandas.DataFrame
        The id; `KEY` and `VALUES` under aligned labels.

    Raises
    ------
    DataError
        If a label, a unit or a repeated row is not known, or a rule of alignment has nothing to do.
    """
    known: dict[str, set[str]] = {}
    for release, frame in in_turn(printed):
        for column in frame:
            if column != "value_printed":
                known.setdefault(str(column), set()).update(frame[column].unique())
        yield release, facts_of(frame, release, order, tables)
    check_rules(known, tables.labels)


def fold_facts(facts: Releases) -> pd.DataFrame:
    """Return the history of facts by release: `COLUMNS`, one row per fact and run of releases that print it alike."""
    return fold(facts, KEY, VALUES)[COLUMNS]


def facts_of(frame: pd.DataFrame, release: str, order: Sequence[str], tables: Tables) -> pd.DataFrame:
    """Return the facts of one release, `KEY` and `VALUES`, under aligned labels.

    Raises
    ------
    DataError
        As for `release_facts`.
    """
    aligned = align(frame.astype("string"), tables.labels, release, order)
    if "sheet" in frame:
        aligned = _off_sheets(aligned, release, _in_release(tables.sheets, release, order))
    else:
        _check_told_apart(aligned, release)
        _check_period_types(aligned, release)
    valued = aligned.assign(value=to_numbers(aligned["value_printed"]))
    return with_units(valued, release, tables.units)[[*KEY, *VALUES]]


def with_units(facts: pd.DataFrame, release: str, units: pd.DataFrame) -> pd.DataFrame:
    """Return facts with the unit of each; refuse metrics without one and values that it does not allow.

    Raises
    ------
    DataError
        With the first fact at fault.
    """
    facts = facts.merge(units[["metric", "task_type", "unit"]], on=["metric", "task_type"], how="left")
    value, unit = facts["value"], facts["unit"]
    count_expected = "an integer, as tiktok_units.csv says that it is a count"
    faults = [
        (unit.isna(), "a new metric", "a metric and type of task with a unit", "Add it to tiktok_units.csv."),
        (
            (unit == "count") & (value % 1 != 0),
            None,
            count_expected,
            "Look at the file; correct the unit if it is one.",
        ),
        ((unit == "share") & (value > 1), None, "a share of at most 1", "Look at the file: it may print percentages."),
    ]
    for wrong, found, expected, fix in faults:
        if wrong.any():
            fact = facts[wrong.fillna(False)].iloc[0]
            what = " / ".join(fact[KEY])
            raise DataError(release, what, found=found or fact["value_printed"], expected=expected, fix=fix)
    return facts


def print_release(history: pd.DataFrame, release: str, order: Sequence[str], tables: Tables) -> pd.DataFrame:
    """Return a release as it was printed, rebuilt from the history.

    Parameters
    ----------
    history
        From `fold_facts`.
    release, order
        The release's id, and all ids in order of publication.
    tables
        What labels mean.

    Returns
    -------
    pandas.DataFrame
        All rows of the file, with labels and values as printed, sorted by label. For a CSV `CSV_COLUMNS`; for a
        workbook `BOOK_COLUMNS`, where `period` is a label and the labels of a row stand in `issue` or `market`.
    """
    frame, columns = lay_out(rebuild(history, release, order), release, order, tables)
    frame = restore(frame, tables.labels, release, order)
    if columns == CSV_COLUMNS:
        frame["period"] = frame["period"].map(print_period)
    return frame[columns].astype("string").sort_values(columns, ignore_index=True)


def lay_out(facts: pd.DataFrame, release: str, order: Sequence[str], tables: Tables) -> tuple[pd.DataFrame, list[str]]:
    """Return a release's facts as the rows of its file, still under aligned labels, and the columns of such a file.

    Parameters
    ----------
    facts
        What the release holds; columns beside `KEY` and `VALUES` are kept.
    release, order, tables
        As for `print_release`.
    """
    sheets = _in_release(tables.sheets, release, order)
    if len(sheets):
        return _on_sheets(facts, release, sheets), BOOK_COLUMNS
    granularity = {label: PERIOD_TYPES[parse_period(label).granularity] for label in facts["period"].unique()}
    kinds = facts["period"].map(granularity)
    return facts.assign(repeat="1", period_type=kinds.astype("string")), CSV_COLUMNS


def check_rules(known: Mapping[str, set[str]], labels: pd.DataFrame) -> None:
    """Refuse rules for labels that no release prints, given those that are printed in each column.

    Raises
    ------
    DataError
        With the first of them.
    """
    for number, rule in enumerate(labels.itertuples(), start=2):
        if rule.printed not in known.get(str(rule.column), set()):
            raise DataError(
                f"{FOLDER}/tiktok_labels.csv",
                number,
                "printed",
                found=rule.printed,
                expected="a label that a release prints",
                fix="Correct the rule or drop it.",
            )


def _in_release(sheets: pd.DataFrame, release: str, order: Sequence[str]) -> pd.DataFrame:
    """Return the rows that hold in a release, whose span is without end where it is empty."""
    number = {name: place for place, name in enumerate(order)}
    first = sheets["first_release"].map(number)
    last = sheets["last_release"].map(number)
    return sheets[(first <= number[release]) & (last >= number[release])].drop(columns=SPAN)


def _off_sheets(frame: pd.DataFrame, release: str, sheets: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of a workbook as facts: what a column means is said by the table of sheets."""
    where = ["sheet", "column"]
    found, known = (set(table[where].itertuples(index=False, name=None)) for table in (frame, sheets))
    for pairs, what in ((found - known, "a new column"), (known - found, "no such column")):
        if pairs:
            sheet, column = sorted(pairs)[0]
            raise DataError(
                release,
                f"sheet {sheet!r}",
                column,
                found=what,
                expected=f"the columns that {FOLDER}/tiktok_sheets.csv names for the release",
                fix="Add the column there, or correct the releases in which it stands.",
            )
    facts = frame.merge(sheets, on=where, suffixes=("", "_given"))
    facts["issue"] = facts["issue_given"].fillna(facts["issue"])
    again, first = facts[facts["is_repeat"]], facts[~facts["is_repeat"]]
    compared = again.merge(first, on=KEY, how="left", suffixes=("", "_first"))
    unlike = compared[(compared["value_printed"] != compared["value_printed_first"]).fillna(True)]
    if len(unlike):
        row = unlike.iloc[0]
        raise DataError(
            release,
            f"sheet {row['sheet']!r}, {row['period']}",
            row["column"],
            found=row["value_printed"],
            expected=f"{row['value_printed_first']}, as another sheet prints it",
            fix=f"Look at the workbook; if the two differ, they are two metrics in {FOLDER}/tiktok_sheets.csv.",
        )
    return first


def _on_sheets(facts: pd.DataFrame, release: str, sheets: pd.DataFrame) -> pd.DataFrame:
    """Return facts as the numbers of a workbook: what `_off_sheets` undoes."""
    rows = facts.merge(sheets, on=PLACED, suffixes=("", "_given"))
    rows = rows[rows["issue_given"].isna() | (rows["issue_given"] == rows["issue"]).fillna(False)]
    if len(rows[~rows["is_repeat"]]) != len(facts):
        raise DataError(
            release,
            found=f"{len(rows[~rows['is_repeat']])} places for {len(facts)} facts",
            expected="one place for each",
            fix=f"Two columns of {FOLDER}/tiktok_sheets.csv mean the same: say which repeats the other.",
        )
    # what the column says its rows do not say
    return rows.assign(issue=rows["issue"].where(rows["issue_given"].isna(), "All"))


def _check_told_apart(frame: pd.DataFrame, release: str) -> None:
    """Refuse rows that share all labels, unless the table of labels says what each is about."""
    again = frame[frame["repeat"] != "1"]
    if len(again):
        raise DataError(
            release,
            " / ".join(again.iloc[0][KEY]),
            found=f"{len(again)} rows whose labels stand on another row too",
            expected="rows that their labels tell apart",
            fix=f"Say in {FOLDER}/tiktok_labels.csv what the repeats are about, if a later release tells.",
        )


def _check_period_types(frame: pd.DataFrame, release: str) -> None:
    """Refuse a quarter that is not called quarterly, or a half that is."""
    kinds = frame.drop_duplicates(["period", "period_type"])
    for row in kinds.itertuples():
        expected = PERIOD_TYPES[parse_period(str(row.period)).granularity]
        if row.period_type != expected:
            raise DataError(
                release,
                str(row.period),
                "Period type",
                found=row.period_type,
                expected=expected,
                fix=f"Look at the file; a new spelling is a rule in {FOLDER}/tiktok_labels.csv.",
            )
