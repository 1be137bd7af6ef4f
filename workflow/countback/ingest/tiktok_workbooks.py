"""TikTok's releases that are workbooks: a sheet for each small table.

- A sheet's first row heads its columns. What its rows are about is said by the header of the first column or two:
  `Date` (the last day of a quarter), `... removal policy`, `Country Name` with or without `Country Code`, and
  `Issue policy` with `Sub-policy`. Two labels of a row are kept as one text, `US > United States`.
- What a column holds is said by its name and its sheet's, in `data/histories/tiktok_sheets.csv`. Columns and sheets
  that the table does not name are refused, and so are those that it names and the release lacks.
- Sheets are padded with empty cells: what is empty or blank was not disclosed. A formula is not a number and refused.
- A number stands in the file as a binary fraction; its printed form is the shortest decimal that denotes it.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from openpyxl.utils import get_column_letter

from countback.ingest.opened import LARGEST, read_sheets
from countback.ingest.tiktok import NEW_LAYOUT, check_newest, read_period
from countback.io.errors import DataError
from countback.periods import parse_period

PRINTED = ["sheet", "column", "period", "issue", "market", "value_printed"]
POLICY = re.compile(r"(?P<span>.+ \d{4}) removal policy")
JOINT = " > "


class Subject(NamedTuple):
    """What a row is about: its period, and its policy or market where it has one."""

    period: str
    issue: str = "All"
    market: str = "All"


def read_workbook(file: Path, period: str) -> pd.DataFrame:
    """Read a release that is a workbook.

    Parameters
    ----------
    file
        The workbook.
    period
        The quarter of the release, such as `2022 Q3`; sheets that name no period are about it.

    Returns
    -------
    pandas.DataFrame
        One row per printed number, sheet by sheet, row by row: `PRINTED`, all text, periods as labels.

    Raises
    ------
    DataError
        If a sheet is not laid out as known.
    """
    sheets = read_sheets(file, is_formula_kept=True)
    cells = [row for sheet in sheets for row in _read_sheet(sheet.title, _padded(sheet.rows), period, file)]
    frame = pd.DataFrame(cells, columns=PRINTED, dtype="string")
    check_newest(frame["period"].unique().tolist() or [period], period, file)
    repeated = frame[frame.duplicated(PRINTED[:-1])]
    if len(repeated):
        raise DataError(
            file,
            column=repeated["sheet"].iloc[0],
            found=f"two rows or columns for {', '.join(repeated.iloc[0][PRINTED[1:-1]])}",
            expected="each label once",
            fix="Look at the sheet; one of the two has lost its label.",
        )
    return frame


def _padded(rows: list[list[Any]]) -> list[list[Any]]:
    """Return the values of rows, all of one width: a workbook need not say how wide its sheets are."""
    width = max(map(len, rows), default=0)
    return [[cell.value for cell in row] + [None] * (width - len(row)) for row in rows]


def _read_sheet(title: str, rows: list[list[Any]], period: str, file: Path) -> Iterator[tuple[str, ...]]:
    """Yield sheet, column, period, issue, market and printed value of each number of a sheet."""
    header = [_text(cell) for cell in rows[0]] if rows else []
    n_labels = _count_labels(header, title, file)
    for number, row in enumerate(rows[1:], start=2):
        labels = list(row[:n_labels])
        for place, cell in enumerate(row[n_labels:], start=n_labels):
            if not _text(cell):
                continue
            address = f"sheet {title!r}, cell {get_column_letter(place + 1)}{number}"
            if not header[place] or not all(map(_text, labels)):
                raise _fault(file, address, cell, "a number below a column's name and beside a row's", NEW_LAYOUT)
            if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not 0 <= cell < LARGEST:
                raise _fault(file, address, cell, "a number", "A text or formula needs a decision how to keep it.")
            subject = _subject(header[:n_labels], labels, period, file, address)
            yield title, header[place], subject.period, subject.issue, subject.market, repr(cell)


def _count_labels(header: list[str], title: str, file: Path) -> int:
    """Return how many columns label the rows of a sheet."""
    first, second = [*header, "", ""][:2]
    if first == "Date" or first == "Country Name" or POLICY.fullmatch(first):
        return 1
    if (first, second) in {("Country Code", "Country Name"), ("Issue policy", "Sub-policy")}:
        return 2
    known = "Date, Country Name, Country Code, Issue policy, or a span of months and 'removal policy'"
    raise _fault(file, f"sheet {title!r}, cell A1", first, known, NEW_LAYOUT)


def _subject(header: list[str], labels: list[Any], period: str, file: Path, address: str) -> Subject:
    """Return what a row is about."""
    if header[0] == "Date":
        return Subject(_quarter_ending(labels[0], file, address))
    joined = JOINT.join(map(_text, labels))
    policy = POLICY.fullmatch(header[0])
    if policy:
        return Subject(read_period(policy["span"], file), issue=joined)
    return Subject(period, issue=joined) if header[0] == "Issue policy" else Subject(period, market=joined)


def _quarter_ending(day: object, file: Path, address: str) -> str:
    """Return the label of the quarter that ends on a day."""
    if isinstance(day, datetime):
        label = f"{day.year} Q{(day.month + 2) // 3}"
        if parse_period(label).end == date(day.year, day.month, day.day):
            return label
    raise _fault(file, address, str(day), "the last day of a quarter as the row's date", "Look at the sheet.")


def _text(cell: object) -> str:
    """Return a cell's text without the blanks around it; empty for an empty cell."""
    return "" if cell is None else str(cell).strip()


def _fault(file: Path, place: str, found: object, expected: str, fix: str) -> DataError:
    return DataError(file, place, found=found, expected=expected, fix=fix)
