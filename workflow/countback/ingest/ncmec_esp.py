"""NCMEC's yearly PDF "CyberTipline Reports by Electronic Service Providers (ESP)".

- Everything is found by its label: the table of a page starts below the line "ESP ... Reports"; the document's ends at
  the line "Total", "Total:" or "Totals:"; the counts are the words that end where the word "Reports" ends.
- Lines of one name stand closer together (1.2 times the size of the type) than rows do (1.45 times and more). That
  alone joins a wrapped name, whether its count stands beside its first line or between two lines.
- Names stay as printed, with their star, their typing errors and their quotation marks. Runs of spaces become one, the
  lines of a wrapped name are joined by one space, and a ligature becomes its letters.
- The year is that of the release. A title that names another year is refused.
- Nothing is guessed: a row that lacks its count or its name, a page without header line and a printed total that is
  not the sum of the rows are errors.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pdfplumber
from pdfplumber.utils.exceptions import PdfminerException

from countback.errors import DataError

COUNT = re.compile(r"\d{1,3}(,\d{3})+|\d+")
TITLE = re.compile(r"(\d{4}) CyberTipline Reports by\b")
TOTAL = re.compile(r"Totals?:?")

SAME_LINE = 2.0  # points between the tops of words of one line; a centered count is 6.6 points from its name
SAME_NAME = 1.35  # sizes of type between the tops of lines of one name
SAME_EDGE = 3.0  # points between the right edges of counts and of their header

ROW_COLUMNS = ["year", "position", "esp_printed", "page", "combined_mark", "reports", "reports_printed", "source"]
TOTAL_COLUMNS = ["year", "reports", "reports_printed", "page", "source"]


class Word(NamedTuple):
    """A word and its place on the page, in points from the top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


Line = list[Word]


class Row(NamedTuple):
    """A name and its count, both as printed, and the page (from 1) where they stand."""

    name: str
    printed: str
    page: int

    @property
    def reports(self) -> int:
        """The count as a number."""
        return int(self.printed.replace(",", ""))


class PageTable(NamedTuple):
    """The rows of one page in printed order, and the total where the page prints it."""

    rows: list[Row]
    total: Row | None


def parse_esp_reports(file: Path, year: int, source: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read one year's PDF.

    Parameters
    ----------
    file
        The PDF.
    year
        The calendar year that the release is about.
    source
        The release's id, copied to each row.

    Returns
    -------
    tuple of pandas.DataFrame
        The rows in printed order (`ROW_COLUMNS`), and one row with the printed total (`TOTAL_COLUMNS`).
        `reports` counts reports; `reports_printed` is the same number as printed.

    Raises
    ------
    DataError
        If the layout is not the known one, or the total is not the sum of the rows.
    """
    pages = read_words(file)
    check_title(pages, year, file)
    printed_rows, printed_total = read_tables(pages, file)
    rows = pd.DataFrame(
        [
            (year, position, row.name, row.page, "*" * row.name.endswith("*"), row.reports, row.printed, source)
            for position, row in enumerate(printed_rows, start=1)
        ],
        columns=ROW_COLUMNS,
    )
    total = (year, printed_total.reports, printed_total.printed, printed_total.page, source)
    return rows, pd.DataFrame([total], columns=TOTAL_COLUMNS)


def read_words(file: Path) -> list[list[Word]]:
    """Return the words of each page of a PDF, with their places.

    Raises
    ------
    DataError
        If the file is not a PDF that can be read.
    """
    try:
        with pdfplumber.open(file) as pdf:
            # A ligature is a matter of type, not of spelling: its letters are what a reader would copy.
            return [
                [Word(*(word[field] for field in Word._fields)) for word in page.extract_words(expand_ligatures=True)]
                for page in pdf.pages
            ]
    except PdfminerException as error:
        raise DataError(
            file, found=str(error), expected="a PDF with text", mend="Fetch the file anew from its URL."
        ) from error


def check_title(pages: list[list[Word]], year: int, file: Path) -> None:
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
                row=_place(1, line),
                found=title[1],
                expected=f"the year of the release, {year}",
                mend="Correct the release's period or file in data/releases.csv.",
            )


def read_tables(pages: list[list[Word]], file: Path) -> tuple[list[Row], Row]:
    """Return all rows of a document in printed order, and its total.

    Parameters
    ----------
    pages
        The words of each page, in any order within the page.
    file
        The document, for messages.

    Raises
    ------
    DataError
        If a page is not laid out as expected, rows follow the total, there is no total, or it is not the rows' sum.
    """
    rows: list[Row] = []
    total: Row | None = None
    for number, words in enumerate(pages, start=1):
        if total is None:
            page_rows, total = read_page(words, number, file)
            rows += page_rows
        elif header := next(filter(is_header, lines_of(words)), None):
            raise DataError(
                file,
                row=_place(number, header),
                found="a table after the total",
                expected=f"the total of page {total.page} to end the document",
                mend="Look at the page; a second table needs a parser of its own.",
            )
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
            mend="Check that the file is complete; if NCMEC renamed the line, extend TOTAL in ncmec_esp.py.",
        )
    found = sum(row.reports for row in rows)
    if found != total.reports:
        raise DataError(
            file,
            row=f"page {total.page}, {f'{total.name} {total.printed}'!r}",
            found=f"{len(rows)} rows that sum to {found:,}",
            expected=f"rows that sum to the printed total, {total.printed}",
            mend="Compare the rows with the PDF: one was missed, read twice, or the printed total is wrong.",
        )
    return total


def read_page(words: Iterable[Word], page: int, file: Path) -> PageTable:
    """Return the rows of one page, and the total if the page prints it.

    Parameters
    ----------
    words
        The words of the page with their places, in any order.
    page
        Its number, from 1.
    file
        The document, for messages.

    Raises
    ------
    DataError
        If the page has no header line, or a row lacks its name or its count.
    """
    lines = lines_of(words)
    start = next((index for index, line in enumerate(lines) if is_header(line)), None)
    if start is None:
        raise DataError(
            file,
            row=_place(page, lines[0] if lines else []),
            found="no header line on the page",
            expected='a line "ESP ... Reports" above the rows',
            mend="Check that this is the report by ESP and that it has text; a new layout needs a parser of its own.",
        )
    edge = lines[start][-1].x1
    rows: list[Row] = []
    for group in group_lines(lines[start + 1 :]):
        if text_of(group[0]).startswith("Copyright"):
            break
        row = row_of(group, edge, page, file)
        if TOTAL.fullmatch(row.name):
            return PageTable(rows, row)
        rows.append(row)
    return PageTable(rows, None)


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Group words into printed lines, from top to bottom, each from left to right."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda word: word.top):
        if lines and word.top - lines[-1][0].top <= SAME_LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.x0) for line in lines]


def text_of(line: Line) -> str:
    """Return a line's words, joined by one space."""
    return " ".join(word.text for word in line)


def is_header(line: Line) -> bool:
    """Tell whether a line heads the table: "ESP Reports" or "ESP Number of Reports"."""
    return len(line) > 1 and line[0].text == "ESP" and line[-1].text == "Reports"


def group_lines(lines: list[Line]) -> list[list[Line]]:
    """Group lines that stand too close together to be rows of their own."""
    groups: list[list[Line]] = []
    for line in lines:
        above = groups[-1][-1][0] if groups else None
        if above and line[0].top - above.top < SAME_NAME * (above.bottom - above.top):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def row_of(group: list[Line], edge: float, page: int, file: Path) -> Row:
    """Return the row that a group of lines prints.

    Parameters
    ----------
    group
        Lines of words; all but one word are the name.
    edge
        Where counts end on the right, in points.
    page, file
        The place, for the row and for messages.

    Raises
    ------
    DataError
        If the group has no name, or not exactly one count.
    """
    words = [word for line in group for word in line]
    counts = [word.text for word in words if abs(word.x1 - edge) <= SAME_EDGE]
    name = " ".join(word.text for word in words if abs(word.x1 - edge) > SAME_EDGE)
    if len(counts) == 1 and COUNT.fullmatch(counts[0]) and name:
        return Row(name, counts[0], page)
    if not name:
        found, mend = f"the count {' '.join(counts)} without a name", "Look for its name above and below it."
    elif not counts:
        found, mend = "a name without a count", "Look for its count, or for text that is not part of the table."
    else:
        found, mend = f"{' '.join(counts)} as its count", "Look whether rows stand closer together than they used to."
    raise DataError(
        file,
        row=_place(page, words),
        found=found,
        expected="a name and one count under the header",
        mend=f"{mend} A new layout needs a parser of its own.",
    )


def _place(page: int, line: Line) -> str:
    return f"page {page}, {text_of(line)!r}"
