"""TikTok's Community Guidelines Enforcement Report: the data files of its releases.

- Two kinds of file are known: a workbook of small tables (`countback.ingest.tiktok_workbooks`), and a CSV with one
  row per value. Columns of the CSV are found by name, in any order; each of the spellings in `HEADERS` is known.
- A release holds quarters up to its own. One whose newest period is another is refused: it is another release.
- Labels stay as printed, except the period: `Jul-Sep 2022` is read as `2022 Q3`, which loses nothing.
- Values stay as printed, with their floating-point noise: 0.006999999999999999, cut off in a later release to
  0.0069999999999999, then 0.007. The number beside them has at most 14 decimals, which is 0.007 for all three.
- A text that is not a number is an error.
- Rows that share all labels are told apart by `repeat`, their number in the order of the file. What it means is said in
  the table of labels, and rows of which it says nothing are refused when the releases are folded.
"""

import calendar
import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from countback.ingest.opened import COUNT, read_bytes
from countback.io.errors import DataError
from countback.periods import Period, parse_period

HEADERS = {
    "metric": ["Metric"],
    "period_type": ["Period Type", "Period type"],
    "period": ["Period"],
    "policy_type": ["Policy Type", "Policy type"],
    "issue": ["Issue Policy", "Issue policy", "Issue"],
    "task_type": ["Task Type", "Task type"],
    "task": ["Task"],
    "location": ["Location"],
    "market": ["Market"],
    "value_printed": ["Result"],
}
PRINTED = [*HEADERS, "repeat"]
NUMBER = rf"^(?:{COUNT.pattern})(\.[0-9]+)?$"
DECIMALS = 14
SPAN = re.compile(r"(?P<first>[A-Z][a-z]{2}) ?- ?(?P<last>[A-Z][a-z]{2}) (?P<year>[12]\d{3})")
MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
NEW_LAYOUT = "A new layout needs a parser of its own in workflow/countback/ingest/."


def read_csv_release(file: Path, period: str) -> pd.DataFrame:
    """Read a release that is a CSV.

    Parameters
    ----------
    file
        The file: UTF-8, with or without byte order mark.
    period
        The quarter of the release, such as `2024 Q2`.

    Returns
    -------
    pandas.DataFrame
        One row per printed row, in the order of the file: `PRINTED`, all text; labels are categories.

    Raises
    ------
    DataError
        If columns, periods or values are not as known, or the file is cut off.
    """
    table = _read_arrow(file)
    check_numbers(table["value_printed"], file)
    spans = table["period"].chunk(0)
    periods = [read_period(printed, file) for printed in spans.dictionary.to_pylist()]
    check_spelling(spans.dictionary.to_pylist(), periods, file)
    check_newest(periods, period, file)
    dated = pa.DictionaryArray.from_arrays(spans.indices, pa.array(periods))
    table = table.set_column(table.column_names.index("period"), "period", dated)
    frame = table.to_pandas(types_mapper={pa.string(): pd.StringDtype("pyarrow")}.get)
    return frame.assign(repeat=repeats(frame))


def _read_arrow(file: Path) -> pa.Table:
    """Return the file as it is, all text, labels as dictionaries, under the names of `HEADERS`."""
    content = read_bytes(file)
    if not content.endswith((b"\n", b"\r")):
        raise DataError(
            file,
            found="no line end after the last row",
            expected="a whole file",
            fix="It may be cut off: fetch the file anew from its URL.",
        )
    try:
        header = next(csv.reader([content[: content.find(b"\n")].decode("utf-8-sig").rstrip("\r")]))
        names = _columns(header, file)
        label = pa.dictionary(pa.int32(), pa.string())
        types = {printed: pa.string() if name == "value_printed" else label for name, printed in names.items()}
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(use_threads=False),
            convert_options=arrow_csv.ConvertOptions(column_types=types, include_columns=list(types)),
        )
    except (UnicodeDecodeError, csv.Error, pa.ArrowException) as error:
        raise DataError(
            file,
            found=str(error),
            expected="CSV in UTF-8 with as many cells in each row as columns",
            fix="Fetch the file anew from its URL; a new encoding or layout needs a change in tiktok.py.",
        ) from error
    if not table.num_rows:
        raise DataError(file, found="no rows", expected="rows below the header", fix="Fetch the file anew.")
    return table.rename_columns(list(HEADERS)).unify_dictionaries().combine_chunks()


def _columns(header: list[str], file: Path) -> dict[str, str]:
    """Return the printed name of each column, or refuse the header."""
    names = {name: [cell for cell in header if cell in spellings] for name, spellings in HEADERS.items()}
    known = {spelling for spellings in HEADERS.values() for spelling in spellings}
    wrong = [cell for cell in header if cell not in known] + [", ".join(cells) for cells in names.values() if cells[1:]]
    missing = [" or ".join(HEADERS[name]) for name, cells in names.items() if not cells]
    if wrong or missing:
        raise DataError(
            file,
            1,
            found=f"new or repeated columns: {', '.join(wrong) or 'none'}; missing: {', '.join(missing) or 'none'}",
            expected=f"each of {', '.join(spellings[-1] for spellings in HEADERS.values())} once",
            fix=f"Add a new spelling to HEADERS in tiktok.py. {NEW_LAYOUT}",
        )
    return {name: cells[0] for name, cells in names.items()}


def check_numbers(values: pa.ChunkedArray, file: Path) -> None:
    """Refuse values that are not plain numbers; thousands may be separated by commas.

    Raises
    ------
    DataError
        With the line of the first of them.
    """
    wrong = pc.invert(pc.match_substring_regex(values, NUMBER))
    if pc.any(wrong).as_py():
        row = pc.index(wrong, True).as_py()
        raise DataError(
            file,
            row + 2,
            "Result",
            found=values[row].as_py(),
            expected="a number, such as 920793.0 or 85,680,819",
            fix="Look at the file: a text or another unit needs a decision how to keep it.",
        )


def read_period(printed: str, place: Path) -> str:
    """Return the label of a printed span of months.

    Raises
    ------
    DataError
        If it is no quarter, half or year.

    Examples
    --------
    >>> read_period("Jul-Sep 2022", Path("a.csv")), read_period("Jul-Dec 2022", Path("a.csv"))
    ('2022 Q3', '2022 H2')
    """
    span = SPAN.fullmatch(printed)
    first, last = (MONTHS.get(span[end], 0) for end in ("first", "last")) if span else (0, 0)
    kinds = {3: "Q", 6: "H"}
    length = last - first + 1
    if not span or not first or length not in kinds or last % length:
        raise DataError(
            place,
            column="Period",
            found=printed,
            expected="a quarter or half such as Jul-Sep 2022 or Jul-Dec 2022",
            fix="Correct the file if it was edited; a new kind of period needs a change in tiktok.py.",
        )
    return f"{span['year']} {kinds[length]}{last // length}"


def check_spelling(printed: list[str], labels: list[str], file: Path) -> None:
    """Refuse spans of months that `print_period` would write in another way.

    Raises
    ------
    DataError
        With the first of them.
    """
    for span, label in zip(printed, labels, strict=True):
        if span != print_period(label):
            fix = "Teach print_period in tiktok.py the new way, or the release can't be printed again."
            raise DataError(file, column="Period", found=span, expected=print_period(label), fix=fix)


def print_period(label: str) -> str:
    """Return a period as TikTok prints it.

    Examples
    --------
    >>> print_period("2022 Q3"), print_period("2022 H2")
    ('Jul-Sep 2022', 'Jul-Dec 2022')
    """
    period = parse_period(label)
    return f"{calendar.month_abbr[period.start.month]}-{calendar.month_abbr[period.end.month]} {period.year}"


def check_newest(labels: list[str], period: str, file: Path) -> None:
    """Refuse a file that is not about the quarter of its release.

    Raises
    ------
    DataError
        If its newest period ends before or after that quarter does.
    """
    newest: Period = max((parse_period(label) for label in labels), key=lambda found: found.end)
    if newest.end != parse_period(period).end:
        raise DataError(
            file,
            column="Period",
            found=f"{newest.label} as the newest",
            expected=f"{period}, the release's period",
            fix="Correct the release's period or file in data/releases.csv.",
        )


def repeats(frame: pd.DataFrame) -> pd.Series:
    """Return the number of each row among those that share all labels, from 1, as text.

    Parameters
    ----------
    frame
        Rows whose labels are categories.
    """
    labels = [name for name in frame if name != "value_printed"]
    row = np.zeros(len(frame), dtype="int64")
    for name in labels:
        row = row * len(frame[name].cat.categories) + frame[name].cat.codes
    if len(pd.unique(row)) == len(row):
        return pd.Series("1", index=frame.index, dtype="category")
    return (pd.Series(row, frame.index).groupby(row).cumcount() + 1).astype("string")


def to_numbers(printed: pd.Series) -> pd.Series:
    """Return printed numbers as numbers, without the noise beyond `DECIMALS`.

    Examples
    --------
    >>> to_numbers(pd.Series(["0.006999999999999999", "0.0069999999999999", "85,680,819"])).tolist()
    [0.007, 0.007, 85680819.0]
    """
    numbers = {text: round(float(text.replace(",", "")), DECIMALS) for text in printed.unique()}
    return printed.map(numbers).astype("Float64")
