"""NCMEC's yearly report to the Office of Juvenile Justice and Delinquency Prevention (OJJDP): its tables.

- The documents are tagged: tables, rows and cells are read from the tags (`countback.ingest.tagged_pdf`).
- A table is known by its title, a row and a column by their labels, all looked up in `data/reference/ojjdp_labels.csv`;
  a label that is not there is refused, and one that should be there is missed. Titles lose the year that they name.
- Years stand over the columns, in the title, or before the rows; a report of one year covers that year and the two
  before it, and its appendix every year since the first.
- A cell holds a count, a count and a percentage, or counts with labels of their own; a dash is a missing value.
- Labels and numbers are kept as printed. What a report gets wrong, it gets wrong here: see `data/corrections.yml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from countback.ingest.ncmec_counts import DASH
from countback.ingest.opened import COUNT
from countback.ingest.tagged_pdf import Document, Table
from countback.io.errors import DataError, row_text

LABELS = "data/reference/ojjdp_labels.csv"
YEARS_COVERED = 3
APPENDIX = "reports_by_year"

REPORT = re.compile(r"CY (\d{4}) Report to the Committees on Appropriations")
YEAR = re.compile(r"CY (\d{4})")
COLUMN = re.compile(r"CY (\d{4}) ?[–-] ?(.+)")
YEAR_ROW = re.compile(r"CY ?(\d{4}) \(1/1/\d\d ?[–-] ?12/31/\d\d\)")
TITLE_YEAR = re.compile(r" in CY (\d{4})$")
NUMBER = rf"(?:{COUNT.pattern})"
SHARE_CELL = re.compile(rf"({NUMBER}) (\d+(?:\.\d+)?)%")
LABELED = re.compile(rf"([A-Z][a-z]+): ({NUMBER})")
VALUE_LIKE = re.compile(r"^\W*\d|^-$|: ?\d")
PLAIN_CELL = re.compile(rf"{NUMBER}|{DASH}")

FACT_COLUMNS = [
    "table",
    "item",
    "measure",
    "year",
    "value",
    "unit",
    "value_printed",
    "item_printed",
    "measure_printed",
    "page",
    "report",
]


class Labels:
    """What printed titles and labels mean, by `data/reference/ojjdp_labels.csv`."""

    def __init__(self, table: pd.DataFrame) -> None:
        rows = list(table.astype(object).where(table.notna(), None).itertuples())
        self.tables = {row.label_printed: row for row in rows if row.role == "title"}
        self._ids = {(row.role, row.table, row.label_printed): row.id for row in rows if row.role != "title"}

    def find(self, role: str, title: Any, printed: str | None, place: "Place") -> str:
        """Return the id of a row's or column's label, or what the table's title says where there is no label.

        Raises
        ------
        DataError
            If the label is not known in that table, or is missing where the title does not replace it.
        """
        found = self._ids.get((role, title.table, printed)) if printed else getattr(title, role)
        if found is None:
            row = row_text(title.table, role, printed or "")
            raise place.error(
                printed or f"no label of the {role}",
                f"a label that {LABELS} knows as {role} of {title.table}",
                f"Look at the page; if the label is new, add the row {row},<id>,,, there.",
            )
        return str(found)


@dataclass(frozen=True)
class Place:
    """Where in a report something stands, for messages and rows."""

    file: Path
    page: int
    what: str

    def error(self, found: object, expected: str, fix: str) -> DataError:
        """Return an error that names the place."""
        return DataError(self.file, f"page {self.page}, {self.what!r}", None, found, expected, fix)


class Column(NamedTuple):
    """What a column of values is about; a year or a label that does not stand over it is missing."""

    year: int | None
    label: str | None


class Head(NamedTuple):
    """What stands above the values of a table."""

    title: str
    columns: list[Column]


class Value(NamedTuple):
    """A value as a cell prints it."""

    label: str | None
    printed: str
    unit: str


def parse_ojjdp_facts(document: Document, file: Path, year: int, source: str, labels: Labels) -> pd.DataFrame:
    """Read the tables of one report.

    Parameters
    ----------
    document
        The report's text and tables.
    file
        The file, for messages.
    year
        The last calendar year that the report covers.
    source
        The release's id.
    labels
        What titles and labels mean.

    Returns
    -------
    pandas.DataFrame
        One row per table, item, measure and year (`FACT_COLUMNS`). `value` is missing where a dash is printed.

    Raises
    ------
    DataError
        If the report is about another year, a title or label is unknown, a table or year is missing, or a cell holds
        something else than values.
    """
    check_report(document, year, file)
    rows = [fact for table in document.tables for fact in table_facts(table, file, labels)]
    facts = pd.DataFrame(rows, columns=FACT_COLUMNS[:-1]).assign(report=source)
    facts = facts.astype({"value": "Float64", "year": "int64"})
    check_complete(facts, year, file, labels)
    return facts


def check_report(document: Document, year: int, file: Path) -> None:
    """Refuse a document that is not the report of a year.

    Raises
    ------
    DataError
        If no paragraph is the report's title, or it names another year.
    """
    titles = (REPORT.search(paragraph.text) for paragraph in document.paragraphs)
    title = next(filter(None, titles), None)
    if title is None or int(title[1]) != year:
        raise DataError(
            file,
            found=title[0] if title else "no such title",
            expected=f"the title 'CY {year} Report to the Committees on Appropriations'",
            fix="Correct the release's period or file in data/releases.csv; a new layout needs a parser of its own.",
        )


def table_facts(table: Table, file: Path, labels: Labels) -> Iterator[tuple[object, ...]]:
    """Yield the facts of a table, as `FACT_COLUMNS` without the report.

    Raises
    ------
    DataError
        If the title or a label is unknown, or a row does not fit its head.
    """
    n_head = next((n for n, row in enumerate(table.rows) if is_body(row)), len(table.rows))
    head = read_head(table.rows[:n_head])
    place = Place(file, table.page, head.title)
    known = labels.tables.get(head.title)
    if known is None:
        expected = f"the title of a table that {LABELS} knows"
        wanted = f"<table>,title,{row_text(head.title)},<table>,,,"
        raise place.error(head.title, expected, f"Look at the page; if the table is new, add the row {wanted} there.")
    for row in table.rows[n_head:]:
        item_printed, year, cells = split_row(row, head, place)
        item = labels.find("item", known, item_printed, place)
        for column, cell in zip(head.columns, cells, strict=True):
            for value in read_cell(cell, place):
                printed = value.label or column.label
                measure = labels.find("measure", known, printed, place)
                measure += "_percent" * (value.unit == "percent")
                number = None if value.printed == DASH else float(value.printed.replace(",", "").rstrip("%"))
                yield (
                    known.table,
                    item,
                    measure,
                    column.year or year,
                    number,
                    value.unit,
                    value.printed,
                    item_printed,
                    printed,
                    table.page,
                )


def is_body(row: list[str]) -> bool:
    """Tell whether a row is below the head: some of its cells look like values, readable or not."""
    cells = row if PLAIN_CELL.fullmatch("".join(row[:1])) else row[1:]
    return any(VALUE_LIKE.search(cell) and not YEAR.match(cell) for cell in cells)


def read_head(rows: list[list[str]]) -> Head:
    """Return the title of a table and what its columns are about.

    The title is what stands in the first cells of the rows of the head, its parts separated by a bar.
    """
    firsts = [row[0] for row in rows if row and row[0] and not YEAR.fullmatch(row[0])]
    title_years = [int(match[1]) for first in firsts if (match := TITLE_YEAR.search(first))]
    title = " | ".join(TITLE_YEAR.sub("", first) for first in firsts)
    years = [int(match[1]) for row in rows for cell in row if (match := YEAR.fullmatch(cell))] or title_years
    texts = [cell for row in rows for cell in row[1:] if not YEAR.fullmatch(cell)]
    if texts and all(COLUMN.fullmatch(text) for text in texts):
        found = [COLUMN.fullmatch(text) for text in texts]
        return Head(title, [Column(int(match[1]), match[2]) for match in found if match])
    if not years:  # the years stand before the rows, and the text over the column is part of the title
        return Head(" | ".join([title, *texts]), [Column(None, None)] if texts else [])
    over = [year for year in years for _ in range(max(len(texts) // len(years), 1))]
    labels: list[str | None] = [*texts] or [None] * len(over)
    return Head(title, [Column(year, label) for year, label in zip(over, labels, strict=False)])


def split_row(row: list[str], head: Head, place: Place) -> tuple[str | None, int | None, list[str]]:
    """Return a row's label, the year that the label names, and its cells of values.

    Raises
    ------
    DataError
        If there are not as many cells as columns, or a year is named twice or not at all.
    """
    first = "".join(row[:1])  # a row can have no cells
    label, cells = (None, row) if PLAIN_CELL.fullmatch(first) else (first, row[1:])
    year_row = YEAR_ROW.fullmatch(label) if label else None
    year = int(year_row[1]) if year_row else None
    if len(cells) != len(head.columns) or any((column.year is None) == (year is None) for column in head.columns):
        raise place.error(
            " | ".join(row),
            f"values for {len(head.columns)} columns, each of one year",
            "Look at the page; a new layout needs a parser of its own.",
        )
    return (None if year_row else label), year, cells


def read_cell(cell: str, place: Place) -> list[Value]:
    """Return the values that a cell prints: a count, a count and a percentage, counts with labels, or a dash.

    Raises
    ------
    DataError
        If it prints something else.

    Examples
    --------
    >>> place = Place(Path("report.pdf"), 1, "Reports")
    >>> read_cell("724,503 2.5%", place)[1]
    Value(label=None, printed='2.5%', unit='percent')
    >>> [value.label for value in read_cell("Actionable: 1,731 Informational: 3 Total: 1,734", place)]
    ['Actionable', 'Informational', 'Total']
    """
    if PLAIN_CELL.fullmatch(cell):
        return [Value(None, cell, "count")]
    if share := SHARE_CELL.fullmatch(cell):
        return [Value(None, share[1], "count"), Value(None, f"{share[share.lastindex or 0]}%", "percent")]
    labeled = list(LABELED.finditer(cell))
    if labeled and " ".join(match[0] for match in labeled) == cell:
        return [Value(match[1], match[2], "count") for match in labeled]
    raise place.error(
        cell,
        "a count, a count and a percentage, labeled counts, or a dash",
        "Look at the page; a new kind of cell needs a pattern in ncmec_ojjdp.py.",
    )


def check_complete(facts: pd.DataFrame, year: int, file: Path, labels: Labels) -> None:
    """Refuse a report that lacks a known table or year, or prints a fact twice.

    Raises
    ------
    DataError
        With the table and years at fault.
    """
    fix = "Look whether the file is complete; if the publisher dropped the table, drop its labels."
    covered = set(range(year - YEARS_COVERED + 1, year + 1))
    for table in dict.fromkeys(str(known.table) for known in labels.tables.values()):
        found = set(facts.loc[facts["table"] == table, "year"])
        expected = set(range(min(found, default=year), year + 1)) if table == APPENDIX else covered
        if found != expected or (table == APPENDIX and not covered <= found):
            years = ", ".join(map(str, sorted(found))) or "no year"
            wanted = ", ".join(map(str, sorted(expected)))
            raise DataError(file, f"table {table}", None, years, f"the years {wanted}", fix)
    key = ["table", "item", "measure", "year"]
    repeated = facts[facts.duplicated(key)]
    if len(repeated):
        first = repeated.iloc[0]
        raise DataError(
            file,
            f"page {first['page']}, {' '.join(str(first[name]) for name in key)!r}",
            found=f"a second value, {first['value_printed']}",
            expected="one value for each table, item, measure and year",
            fix="Look at the page: a row is printed twice, or two labels have one id.",
        )
