"""NCMEC's yearly tables of reports by name: a column of names, a column of counts, and their total.

- Everything is found by its label: a table starts below a heading such as "ESP Number of Reports" or "Country Reports",
  set on one line or on several; the document's ends at the line "Total", "Total:", "Totals:" or "TOTAL"; the counts are
  the words that end where the word "Reports" ends.
- A heading that repeats its label side by side heads as many pairs of columns, read one after the other.
- Lines of one name stand closer together (1.2 times the size of the type) than rows do (1.45 times and more). That
  alone joins a wrapped name, whether its count stands beside its first line or between two lines.
- Names stay as printed, with their star, their typing errors and their quotation marks. Runs of spaces become one, the
  lines of a wrapped name are joined by one space, and a ligature becomes its letters.
- Nothing is guessed: a row that lacks its count or its name, a page without heading and a printed total that is not the
  sum of the rows are errors.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.ingest.opened import COUNT
from countback.ingest.pdf import Line, Word, group_lines, lines_of, place, read_words, text_of
from countback.io.errors import DataError
from countback.io.tables import write_table

TITLE = re.compile(r"(\d{4}) CyberTipline Reports\b")
TOTAL = re.compile(r"Totals?:?|TOTAL")
DASH = "-"

TOTAL_COLUMNS = ["year", "reports", "reports_printed", "page", "source"]

SAME_NAME = 1.35  # sizes of type between the tops of lines of one name
SAME_EDGE = 3.0  # points between the right edges of counts and of their heading
INDENT = 6.0  # points that a name may stand to the left of its heading


@dataclass(frozen=True)
class Layout:
    """What distinguishes the tables of one document from those of another.

    Attributes
    ----------
    document
        What the document is, for messages.
    label
        The heading's first word.
    heading
        All words that a heading may have.
    has_dashes
        Whether a dash may stand in the place of a count.
    has_cover
        Whether the first page may be without a table. Were rows overlooked there, the total would not be their sum.
    parser
        The file to extend for another layout.
    """

    document: str
    label: str
    heading: frozenset[str]
    has_dashes: bool
    has_cover: bool
    parser: str


class Row(NamedTuple):
    """A name and its count, both as printed, and the page (from 1) where they stand."""

    name: str
    printed: str
    page: int

    @property
    def reports(self) -> int | None:
        """The count as a number; None where a dash is printed."""
        return None if self.printed == DASH else int(self.printed.replace(",", ""))


class PageTable(NamedTuple):
    """The rows of one page in printed order, and the total where the page prints it."""

    rows: list[Row]
    total: Row | None


class Columns(NamedTuple):
    """A pair of columns: where names begin, and where counts end on the right, in points."""

    left: float
    edge: float


def check_title(pages: Sequence[Iterable[Word]], year: int, file: Path) -> None:
    """Refuse a document whose title names another year than its release does.

    Raises
    ------
    DataError
        If the title on the first page names another year. A document without such a title passes.
    """
    for line in lines_of(pages[0]) if pages else []:
        title = TITLE.match(text_of(line))
        if title and int(title[1]) != year:
            raise DataError(
                file,
                row=place(1, line),
                found=title[1],
                expected=f"the year of the release, {year}",
                fix="Correct the release's period or file in data/releases.csv.",
            )


class CountTables(NamedTuple):
    """One row per year and printed name, and one row per year with its printed total."""

    reports: pd.DataFrame
    totals: pd.DataFrame


def join_years(years: Iterable[CountTables]) -> CountTables:
    """Return the tables of several years as one pair, year after year."""
    reports, totals = zip(*years, strict=True)
    return CountTables(pd.concat(reports, ignore_index=True), pd.concat(totals, ignore_index=True))


def write_counts(tables: CountTables, reports: Path, totals: Path) -> None:
    """Write both tables."""
    write_table(tables.reports, reports)
    write_table(tables.totals, totals)


def total_row(total: Row, year: int, source: str) -> pd.DataFrame:
    """Return a printed total as the one row of its table (`TOTAL_COLUMNS`)."""
    return pd.DataFrame([(year, total.reports, total.printed, total.page, source)], columns=TOTAL_COLUMNS)


def read_document(file: Path, year: int, layout: Layout) -> tuple[list[Row], Row]:
    """Return all rows of a year's PDF in printed order, and its total.

    Parameters
    ----------
    file
        The PDF.
    year
        The calendar year that the release is about; a title that names another one is refused.
    layout
        What its tables look like.

    Raises
    ------
    DataError
        If the layout is not the known one, or the total is not the sum of the rows.
    """
    pages = read_words(file)
    check_title(pages, year, file)
    return read_tables(pages, file, layout)


def read_tables(pages: Iterable[Iterable[Word]], file: Path, layout: Layout) -> tuple[list[Row], Row]:
    """Return all rows of a document in printed order, and its total.

    Parameters
    ----------
    pages
        The words of each page, in any order within the page.
    file
        The document, for messages.
    layout
        What its tables look like.

    Raises
    ------
    DataError
        If a page is not laid out as expected, rows follow the total, there is no total, or it is not the rows' sum.
    """
    rows: list[Row] = []
    total: Row | None = None
    for number, words in enumerate(pages, start=1):
        if number == 1 and layout.has_cover and not find_headings(words, layout):
            continue
        if total is None:
            page_rows, total = read_page(words, number, file, layout)
            rows += page_rows
        elif headings := find_headings(words, layout):
            raise _after_total(headings[0], total, number, file)
    return rows, checked_total(rows, total, file)


def checked_total(rows: list[Row], total: Row | None, file: Path) -> Row:
    """Return the printed total if there is one and it is the sum of the rows.

    Raises
    ------
    DataError
        If there is no total, or it is another number than the sum.
    """
    if total is None:
        last = rows[-1] if rows else None
        raise DataError(
            file,
            row=f"page {last.page}, {f'{last.name} {last.printed}'!r}, the last one" if last else None,
            found="no total line after it" if last else "no rows and no total line",
            expected='a line "Total" with a count',
            fix="Check that the file is complete; if NCMEC renamed the line, extend TOTAL in ncmec_counts.py.",
        )
    found = sum(row.reports or 0 for row in rows)
    if found != total.reports:
        raise DataError(
            file,
            row=f"page {total.page}, {f'{total.name} {total.printed}'!r}",
            found=f"{len(rows)} rows that sum to {found:,}",
            expected=f"rows that sum to the printed total, {total.printed}",
            fix="Compare the rows with the PDF: one was missed, read twice, or the printed total is wrong.",
        )
    return total


def read_page(words: Iterable[Word], page: int, file: Path, layout: Layout) -> PageTable:
    """Return the rows of one page, and the total if the page prints it.

    Parameters
    ----------
    words
        The words of the page with their places, in any order.
    page
        Its number, from 1.
    file
        The document, for messages.
    layout
        What its tables look like.

    Raises
    ------
    DataError
        If the page has no heading, or a row lacks its name or its count.
    """
    words = list(words)
    headings = find_headings(words, layout)
    if not headings:
        lines = lines_of(words)
        raise DataError(
            file,
            row=place(page, lines[0] if lines else []),
            found="no header line on the page",
            expected=f'a line "{layout.label} ... Reports" above the rows',
            fix=f"Check that this is the {layout.document} and that it has text; "
            f"a new layout needs a parser of its own, beside {layout.parser}.",
        )
    rows: list[Row] = []
    total: Row | None = None
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if total is not None:
            raise _after_total(heading, total, page, file)
        table_rows, total = _read_table(heading, _between(words, heading, following), page, file, layout)
        rows += table_rows
    return PageTable(rows, total)


def find_headings(words: Iterable[Word], layout: Layout) -> list[Line]:
    """Return the headings of a page's tables from top to bottom, each as its words."""
    groups = ([word for line in group for word in line] for group in group_lines(lines_of(words), SAME_NAME))
    return [group for group in groups if _is_heading(group, layout)]


def columns_of(heading: Line, layout: Layout) -> list[Columns]:
    """Return the pairs of columns under a heading, from left to right."""
    lefts = sorted(word.x0 for word in heading if word.text == layout.label)
    edges = sorted(word.x1 for word in heading if word.text == "Reports")
    return [Columns(left, edge) for left, edge in zip(lefts, edges, strict=True)]


def _is_heading(group: Line, layout: Layout) -> bool:
    texts = [word.text for word in group]
    n_labels = texts.count(layout.label)
    return n_labels > 0 and texts.count("Reports") == n_labels and layout.heading.issuperset(texts)


def _between(words: Iterable[Word], heading: Line, following: Line | None) -> list[Word]:
    """Return the words below a heading, down to the next one or to the copyright line."""
    start = max(word.bottom for word in heading)
    end = min(word.top for word in following) if following else float("inf")
    chosen: list[Word] = []
    for line in lines_of(word for word in words if start <= word.top < end):
        if line[0].text == "Copyright":
            break
        chosen += line
    return chosen


def _read_table(heading: Line, words: list[Word], page: int, file: Path, layout: Layout) -> PageTable:
    columns = columns_of(heading, layout)
    bounds = [float("-inf"), *(pair.left - INDENT for pair in columns[1:]), float("inf")]
    rows: list[Row] = []
    for pair, start, end in zip(columns, bounds[:-1], bounds[1:], strict=True):
        inside = (word for word in words if start <= word.x0 < end)
        for group in group_lines(lines_of(inside), SAME_NAME):
            row = row_of(group, pair.edge, page, file, layout)
            if not TOTAL.fullmatch(row.name):
                rows.append(row)
            elif len(columns) == 1:
                return PageTable(rows, row)
            else:
                raise _after_total(heading, row, page, file)
    return PageTable(rows, None)


def _after_total(heading: Line, total: Row, page: int, file: Path) -> DataError:
    return DataError(
        file,
        row=place(page, heading),
        found="a table after the total",
        expected=f"the total of page {total.page} to end the document",
        fix="Look at the page; a second table needs a parser of its own.",
    )


def row_of(group: list[Line], edge: float, page: int, file: Path, layout: Layout) -> Row:
    """Return the row that a group of lines prints.

    Parameters
    ----------
    group
        Lines of words; all but one word are the name.
    edge
        Where counts end on the right, in points.
    page, file
        The place, for the row and for messages.
    layout
        What the document's tables look like.

    Raises
    ------
    DataError
        If the group has no name, or not exactly one count.
    """
    words = [word for line in group for word in line]
    counts = [word.text for word in words if abs(word.x1 - edge) <= SAME_EDGE]
    name = text_of(word for word in words if abs(word.x1 - edge) > SAME_EDGE)
    is_count = len(counts) == 1 and (COUNT.fullmatch(counts[0]) or (layout.has_dashes and counts[0] == DASH))
    if is_count and name:
        return Row(name, counts[0], page)
    if not name:
        found, fix = f"the count {' '.join(counts)} without a name", "Look for its name above and below it."
    elif not counts:
        found, fix = "a name without a count", "Look for its count, or for text that is not part of the table."
    else:
        found, fix = f"{' '.join(counts)} as its count", "Look whether rows stand closer together than they used to."
    raise DataError(
        file,
        row=place(page, words),
        found=found,
        expected="a name and one count under the header",
        fix=f"{fix} A new layout needs a parser of its own.",
    )
