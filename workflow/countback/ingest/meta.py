"""Meta's quarterly CSV "Community Standards Enforcement Report": every release holds the whole history.

- The five columns are found by their names, in any order. A byte order mark and either kind of line end are the same
  file; another encoding is refused.
- Values are counts (`9,999`), percentages (`97.3%`), ranges of percentages (`4%-5%`) or `N/A`. Which of them a metric
  may have is known; a new metric or another form of value is refused. Apps and policy areas are taken as printed.
- A release ends with the quarter that it is named after, and no quarter is left out before it.
- A file that ends within a line is cut off. So is one without the last of the pairs of bounds that end every release.
- Rows are printed in an order of which `printed_order` knows the rule, so a release can be written as it was printed.
"""

import csv
import io
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.histories import check_key, rebuild, restore
from countback.ingest.sources import Source
from countback.io.errors import DataError
from countback.periods import Period, parse_period

PRINTED = ["app", "policy_area", "metric", "period", "value"]
KEY = PRINTED[:-1]
VALUES = ["value", "value_low", "value_high", "unit", "value_printed"]

COUNTS = [
    "Accounts Actioned",
    "Content Actioned",
    "Content Appealed",
    "Content Restored with appeal",
    "Content Restored without appeal",
]
PERCENTAGES = ["Proactive rate", "UBP", "Prevalence", "Lowerbound Prevalence", "Upperbound Prevalence"]
UNITS = dict.fromkeys(COUNTS, "count") | dict.fromkeys(PERCENTAGES, "percent")
BOUNDS = PERCENTAGES[-2:]
BLOCKS = {"UBP": 1, "Prevalence": 2} | dict.fromkeys(BOUNDS, 3)  # what stands in blocks of its own, after the rest

QUARTER = re.compile(r"([12]\d{3})(Q[1-4])")
FORMS = {
    "count": re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)"),
    "percent": re.compile(r"(\d{1,3}(?:\.\d+)?)%(?:-(\d{1,3}(?:\.\d+)?)%)?"),
}
MISSING = "N/A"


class Value(NamedTuple):
    """A printed value: its number, or the lower and the upper one where it is a range; none where it is missing."""

    value: float | None
    low: float | None = None
    high: float | None = None


def parse_meta(source: Source) -> pd.DataFrame:
    """Read the file of one release, whose period is the last quarter in it.

    Returns
    -------
    pandas.DataFrame
        `KEY` and `VALUES`, in printed order. Labels are those printed, periods the project's (`2023 Q4`); `value` is in
        the row's `unit`, missing where `value_printed` is N/A or a range, which has `value_low` and `value_high`.

    Raises
    ------
    DataError
        If the layout is not the known one, or the file is about another time.
    """
    file = source.file
    rows = [parse_row(row, number, file) for number, row in read_rows(file)]
    frame = pd.DataFrame(rows, columns=[*KEY, *VALUES])
    texts, numbers = [*KEY, "unit", "value_printed"], ["value", "value_low", "value_high"]
    frame = frame.astype(dict.fromkeys(texts, "string") | dict.fromkeys(numbers, "Float64"))
    check_key(frame, KEY, str(file))
    check_quarters(sorted(set(frame["period"])), source.period, file)
    check_end(frame, file)
    return frame


def read_rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows by column name, each with the line on which it ends (the header is line 1).

    Raises
    ------
    DataError
        If the text is not UTF-8 or is cut off, a column is missing, unknown or repeated, or a row has another number of
        cells than the header.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise fault(file, None, str(error), "a CSV file in UTF-8", "Fetch the file anew.") from error
    header = lines[0][1] if lines else []
    if sorted(header) != sorted(PRINTED):
        new, gone = set(header) - set(PRINTED), set(PRINTED) - set(header)
        fix = f"New: {', '.join(sorted(new)) or 'none'}; missing: {', '.join(sorted(gone)) or 'none'}."
        raise fault(file, 1, f"columns {', '.join(header)}", f"columns {', '.join(PRINTED)}", fix)
    if not text.endswith("\n"):
        raise fault(file, len(lines), "no line end", "a complete last line", "The file is cut off: fetch it anew.")
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            raise fault(file, number, f"{len(cells)} cells", f"{len(header)}, one for each column", "Look at the line.")
    return [(number, dict(zip(header, cells, strict=True))) for number, cells in lines[1:]]


def parse_row(row: dict[str, str], number: int, file: Path) -> tuple[object, ...]:
    """Return a row's cells in the order of `KEY` and `VALUES`.

    Raises
    ------
    DataError
        If a label is empty, the metric is not known, or period or value have another form.
    """
    for column in KEY:
        if row[column] != row[column].strip() or not row[column]:
            raise fault(file, number, row[column], "a label without spaces around it", "Look at the line.", column)
    if row["metric"] not in UNITS:
        expected, fix = f"one of {', '.join(UNITS)}", "A new metric: add it with its unit in ingest/meta.py."
        raise fault(file, number, row["metric"], expected, fix, "metric")
    quarter = QUARTER.fullmatch(row["period"])
    if quarter is None:
        raise fault(file, number, row["period"], "a quarter such as 2023Q4", "Look at the line.", "period")
    unit = UNITS[row["metric"]]
    try:
        value = parse_value(row["value"], unit)
    except ValueError as error:
        raise fault(file, number, row["value"], str(error), "Look at the line: nothing is guessed.", "value") from error
    return row["app"], row["policy_area"], row["metric"], f"{quarter[1]} {quarter[2]}", *value, unit, row["value"]


def parse_value(printed: str, unit: str) -> Value:
    """Return the number that a printed value stands for.

    Raises
    ------
    ValueError
        If it has none of the forms of its unit; the message says what they are.

    Examples
    --------
    >>> parse_value("20,800,000", "count").value, parse_value("4%-5%", "percent")
    (20800000.0, Value(value=None, low=4.0, high=5.0))
    """
    match = FORMS[unit].fullmatch(printed)
    if printed == MISSING:
        return Value(None)
    if match is None:
        raise ValueError(f"a {unit} such as {'9,999' if unit == 'count' else '97.3% or 4%-5%'}, or {MISSING}")
    numbers = [float(text.replace(",", "")) for text in match.groups() if text]
    if unit == "percent" and (max(numbers) > 100 or numbers != sorted(numbers)):
        raise ValueError("percentages of at most 100, the lower one first")
    return Value(numbers[0]) if len(numbers) == 1 else Value(None, *numbers)


def check_quarters(labels: Sequence[str], period: Period, file: Path) -> None:
    """Refuse a release whose quarters, in order, don't run without gap up to the one that it is named after.

    Raises
    ------
    DataError
        If the last is another one, or one is left out.
    """
    if not labels or labels[-1] != period.label:
        found = f"{labels[-1]} as the last quarter" if labels else "no rows"
        raise fault(file, None, found, f"{period.label}, the release's", "Correct the release's period or file.")
    for earlier, later in pairwise(map(parse_period, labels)):
        if (later.start - earlier.end).days != 1:
            found = f"{earlier.label} followed by {later.label}"
            raise fault(file, None, found, "quarters without a gap", "Look at the periods.", "period")


def check_end(frame: pd.DataFrame, file: Path) -> None:
    """Refuse a release whose bounds of prevalence are not in pairs, or that ends before the last app's bounds.

    Raises
    ------
    DataError
        If it lacks a bound.
    """
    pairs = frame[frame["metric"].isin(BOUNDS)].groupby(["app", "policy_area", "period"])["metric"].nunique()
    if (pairs != 2).any():
        found = f"one bound of prevalence for {', '.join(pairs[pairs != 2].index[0])}"
        raise fault(file, None, found, "both", "The file may be cut off: fetch it anew.")
    lacking = sorted(set(frame["app"]) - set(pairs.index.get_level_values("app")))
    if lacking:
        found = f"no bounds of prevalence for {', '.join(lacking)}"
        raise fault(file, None, found, "bounds for every app", "The file may be cut off: fetch it anew.")


def printed_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a release, with aligned labels, in the order in which Meta prints them.

    By app, metric, policy area and quarter; then UBP, then prevalence, then its bounds, where the lower and the upper
    one of a quarter follow each other.
    """
    block = frame["metric"].map(BLOCKS).fillna(0)
    keys = frame.assign(_block=block, _metric=frame["metric"].mask(frame["metric"].isin(BOUNDS), ""))
    order = ["_block", "app", "_metric", "policy_area", "period", "metric"]
    return frame.loc[keys.sort_values(order).index].reset_index(drop=True)


def rebuild_release(history: pd.DataFrame, labels: pd.DataFrame, release: str, releases: Sequence[str]) -> pd.DataFrame:
    """Return a release as it was printed: its five columns, its labels, its order.

    Parameters
    ----------
    history
        `data/histories/meta.csv`.
    labels
        `data/histories/meta_labels.csv`.
    release
        The release's id.
    releases
        The ids of all releases, in order of publication.
    """
    rows = printed_order(rebuild(history, release, releases))
    rows = rows.assign(value=rows["value_printed"], period=rows["period"].str.replace(" ", ""))
    return restore(rows, labels, release, releases)[PRINTED]


def fault(file: Path, row: int | None, found: object, expected: str, fix: str, column: str | None = None) -> DataError:
    """Return an error that names the place in a release."""
    return DataError(file, row, column, found=found, expected=expected, fix=fix)
