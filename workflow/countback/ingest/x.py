"""X's PDF "Global Transparency Report", one for a half-year: tables and single figures between prose.

- A table is known by the heads of its columns, a figure by the words before it, both by their text. A row's numbers are
  those beside its head, from left to right under the heads of the columns; a row with more or fewer is refused.
- The block of a number is the title above it. Sizes of type tell titles, text, and marks and footnotes apart.
- Prose is passed over, but a number that stands alone is not: one that belongs to no table and no figure is refused.
- `<0.0001%` is a bound, not a number: its value is missing.
- A mark behind a number or the head of a row refers to a footnote; one without the other is refused.
- Sections on requests by governments and on notices of rights holders, `PASSED_OVER`, are about other matters.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from countback.histories import check_key
from countback.ingest.opened import COUNT
from countback.ingest.pdf import Word, read_words
from countback.ingest.printed import FACTS, Document, Heads, Series, facts, notes
from countback.ingest.sources import Source
from countback.ingest.typeset import Phrase, phrases, stacks
from countback.io.errors import DataError
from countback.periods import Period

TABLES = [
    {"TOTAL", "% OF TOTAL REPORTS"},
    {"ACCOUNT SUSPENSIONS", "POSTS REMOVED OR LABELED", "POST VIOLATION RATE"},
    {"TOTAL ACTIONS", "AUTOMATED", "HUMAN"},
]
LABELS = "POLICY AREA"
FIGURES = [
    "USER REPORTS",
    "TOTAL ACCOUNT SUSPENSIONS",
    "TOTAL POSTS REMOVED OR LABELED",
    "OVERALL POSTS VIOLATION RATE",
]
PASSED_OVER = {
    "GOVERNMENT, LEGAL, & LAW ENFORCEMENT REQUESTS",
    "INFORMATION AND REMOVAL REQUESTS",
    "COPYRIGHT AND TRADEMARK NOTICES",
}
SERIES: dict[Heads, Series] = {
    ("USER REPORTS AND TOTAL ENFORCEMENT ACTIONS", "Child Safety", "TOTAL"): Series("user_reports"),
    ("CHILD SAFETY", "Accounts Suspended", "AUTOMATED"): Series("accounts", "automated"),
    ("CHILD SAFETY", "Accounts Suspended", "HUMAN"): Series("accounts", "human"),
    ("CHILD SAFETY", "Content Removed", "AUTOMATED"): Series("pieces", "automated"),
    ("CHILD SAFETY", "Content Removed", "HUMAN"): Series("pieces", "human"),
    ("CHILD SAFETY", "NCMEC Reports", "AUTOMATED"): Series("reports", "automated"),
    ("CHILD SAFETY", "NCMEC Reports", "HUMAN"): Series("reports", "human"),
}

RUNNING_HEAD = re.compile(r"Global Transparency Report \| (H[12]) (\d{4})")
SHARE = re.compile(r"(<?)([0-9]{1,3}(?:\.[0-9]+)?)%")
FOOTNOTE = re.compile(r"(\d+)\. .+")
TITLE, TEXT = 38.0, 16.0  # least sizes of type, in points; what is smaller is a mark or a footnote
SAME_ROW = 8.0  # points between the middles of what stands in one row
SAME_BAND = 25.0  # points between the middles of the heads of one table's columns
MARK_GAP = 15.0  # points between a mark and what it is set behind


class Page(NamedTuple):
    """A page's phrases without its running head: titles, text, and what is smaller."""

    number: int
    titles: list[Phrase]
    text: list[Phrase]
    small: list[Phrase]


class Row(NamedTuple):
    """The head of a row (none for a single figure), and its numbers under the heads of their columns."""

    block: str
    item: str | None
    numbers: dict[str, Phrase]
    label: Phrase


def parse_x(source: Source) -> Document:
    """Read one half-year's report.

    Raises
    ------
    DataError
        If the layout is not the known one, or the report is about another half-year.
    """
    file, label = source.file, source.period.label
    pages = read_pages(read_words(file), source.period, file)
    found: list[tuple[object, ...]] = []
    noted: list[tuple[object, ...]] = []
    for page in pages:
        if PASSED_OVER & {title.text for title in page.titles}:
            continue
        rows = sorted([*figures(page, file), *tables(page, file)], key=lambda row: row.label.middle)
        check_alone(page, rows, file)
        marks = marks_of(page, rows, file)
        place = f"page {page.number}"
        for row in rows:
            for measure, number in row.numbers.items():
                mark = marks.get(number) or marks.get(row.label)
                fact = row.block, row.item, measure, *read_number(number.text), mark, place
                found.append((label, *fact, source.id))
        noted += [(label, block, note, place, source.id) for block, note in footnotes(page, marks, file)]
    if not found:
        raise fault(file, None, "no table", "tables of user reports and enforcement")
    printed = facts(found)
    check_key(printed, FACTS[:4], str(file))
    return Document(printed, notes(noted))


def read_pages(pages: list[list[Word]], period: Period, file: Path) -> list[Page]:
    """Return the pages without their running heads.

    Raises
    ------
    DataError
        If a running head names another half-year than the release's, or there is none.
    """
    found, heads = [], 0
    for number, words in enumerate(pages, start=1):
        lines = phrases(words)
        for head, match in [(line, match) for line in lines if (match := RUNNING_HEAD.fullmatch(line.text))]:
            if f"{match[2]} {match[1]}" != period.label:
                raise fault(file, f"page {number}", head.text, f"{period.label}, the release's half-year")
            heads += 1
            lines = [line for line in lines if not _is_beside(line, head)]
        titles = stacks((line for line in lines if line.size >= TITLE), is_one_size=False)
        text = [line for line in lines if TEXT <= line.size < TITLE]
        found.append(Page(number, titles, text, [line for line in lines if line.size < TEXT]))
    if not heads:
        raise fault(file, None, "no running head", "pages headed Global Transparency Report | H1 2024")
    return found


def is_number(phrase: Phrase) -> bool:
    """Tell whether a phrase is a number and nothing else."""
    return bool(COUNT.fullmatch(phrase.text) or SHARE.fullmatch(phrase.text))


def read_number(printed: str) -> tuple[float | None, str, str]:
    """Return the number that is printed (none where it is a bound), its unit, and its printed form.

    Examples
    --------
    >>> read_number("8,928,019"), read_number("3.98%"), read_number("<0.0001%")
    ((8928019.0, 'count', '8,928,019'), (0.0398, 'share', '3.98%'), (None, 'share', '<0.0001%'))
    """
    share = SHARE.fullmatch(printed)
    if share is None:
        return float(printed.replace(",", "")), "count", printed
    return None if share[1] else float(Decimal(share[2]) / 100), "share", printed


def block_above(page: Page, line: Phrase, file: Path) -> str:
    """Return the title above a line.

    Raises
    ------
    DataError
        If there is none on the page.
    """
    above = [title for title in page.titles if title.top < line.top]
    if not above:
        raise fault(file, place(page, line), "no title above it", "a title above each table")
    return max(above, key=lambda title: title.top).text


def figures(page: Page, file: Path) -> Iterator[Row]:
    """Yield the single figures: words that are known, and a number to their right at the same height."""
    for label in stacks(line for line in page.text if not is_number(line)):
        if label.text not in FIGURES:
            continue
        beside = [line for line in page.text if is_number(line) and line.x0 > label.x1 and _is_beside(line, label)]
        if len(beside) != 1:
            found = f"{len(beside)} numbers beside it"
            raise fault(file, place(page, label), found, "one number")
        yield Row(block_above(page, label, file), None, {label.text: beside[0]}, label)


def _is_beside(line: Phrase, label: Phrase) -> bool:
    return abs(line.middle - label.middle) <= SAME_ROW


def tables(page: Page, file: Path) -> Iterator[Row]:
    """Yield the rows of the page's tables.

    Raises
    ------
    DataError
        If heads of columns are not those of a known table, or a row is not laid out as they say.
    """
    known = set[str]().union(*TABLES)
    heads = sorted((stack for stack in stacks(page.text) if stack.text in known), key=lambda head: head.middle)
    while heads:
        band = [head for head in heads if head.middle - heads[0].middle <= SAME_BAND]
        heads = heads[len(band) :]
        if {head.text for head in band} not in TABLES or len({head.text for head in band}) < len(band):
            found = f"heads of columns {', '.join(head.text for head in band)}"
            raise fault(file, place(page, band[0]), found, f"one of {'; '.join(', '.join(sorted(t)) for t in TABLES)}")
        top = max(head.bottom for head in band)
        ends = [line.top for line in [*heads, *page.titles] if line.top > top]
        inside = [line for line in page.text if top < line.middle < min(ends, default=float("inf"))]
        yield from rows_of(page, inside, sorted(band, key=lambda head: head.x0), file)


def rows_of(page: Page, lines: Sequence[Phrase], heads: Sequence[Phrase], file: Path) -> Iterator[Row]:
    """Yield the rows of one table.

    Parameters
    ----------
    page
        The page.
    lines
        What stands below the heads of the columns.
    heads
        The heads of the columns, from left to right.
    file
        The document, for messages.

    Raises
    ------
    DataError
        If a row has another number of numbers than there are columns, or not one head; or text stands between rows.
    """
    numbers = sorted((line for line in lines if is_number(line)), key=lambda line: line.middle)
    if not numbers:
        raise fault(file, place(page, heads[0]), "no rows below it", "rows")
    last = numbers[-1].middle
    used: set[Phrase] = set()
    while numbers:
        row = [line for line in numbers if line.middle - numbers[0].middle <= SAME_ROW]
        numbers = numbers[len(row) :]
        labels = [line for line in lines if not is_number(line) and _is_beside(line, row[0])]
        if len(row) != len(heads) or len(labels) != 1 or labels[0].x1 > min(line.x0 for line in row):
            found = " | ".join(line.text for line in sorted([*labels, *row], key=lambda line: line.x0))
            expected = f"the head of a row and {len(heads)} numbers: {', '.join(head.text for head in heads)}"
            raise fault(file, place(page, row[0]), found, expected)
        used |= {*row, *labels}
        cells = zip((head.text for head in heads), sorted(row, key=lambda line: line.x0), strict=True)
        yield Row(block_above(page, heads[0], file), labels[0].text, dict(cells), labels[0])
    for line in lines:
        if line not in used and line.text != LABELS and line.middle <= last + SAME_ROW:
            raise fault(file, place(page, line), "text between the rows of a table", "a number for each column")


def check_alone(page: Page, rows: Sequence[Row], file: Path) -> None:
    """Refuse a number that stands alone in the text and belongs to no table and no figure.

    Raises
    ------
    DataError
        If there is one.
    """
    used = {number for row in rows for number in row.numbers.values()}
    for line in page.text:
        if is_number(line) and line not in used:
            raise fault(file, place(page, line), "a number in no known table", "known heads of columns above it")


def marks_of(page: Page, rows: Sequence[Row], file: Path) -> dict[Phrase, str]:
    """Return the mark behind each number or head of a row that has one.

    Raises
    ------
    DataError
        If a mark is behind neither.
    """
    held = [line for row in rows for line in (row.label, *row.numbers.values())]
    marks = {}
    for mark in (line for line in page.small if line.text.isdigit()):
        before = [
            line for line in held if 0 <= mark.x0 - line.x1 <= MARK_GAP and line.top <= mark.middle <= line.bottom
        ]
        if len(before) != 1:
            raise fault(file, place(page, mark), "a small figure alone", "a number or the head of a row before it")
        marks[before[0]] = mark.text
    return marks


def footnotes(page: Page, marks: dict[Phrase, str], file: Path) -> Iterator[tuple[str, str]]:
    """Yield block and text of the footnotes.

    Raises
    ------
    DataError
        If a mark has no footnote, or a footnote no mark.
    """
    lines: list[list[Phrase]] = []
    for phrase in sorted((line for line in page.small if not line.text.isdigit()), key=lambda line: line.middle):
        if lines and abs(phrase.middle - lines[-1][0].middle) <= SAME_ROW / 2:
            lines[-1].append(phrase)
        else:
            lines.append([phrase])
    found = []
    for line in lines:
        text = " ".join(phrase.text for phrase in sorted(line, key=lambda phrase: phrase.x0))
        match = FOOTNOTE.fullmatch(text)
        if match is None:
            raise fault(file, place(page, line[0]), text, "a footnote such as 1. Accounts suspended")
        found.append(match[1])
        yield block_above(page, line[0], file), text
    if sorted(found) != sorted(marks.values()):
        have, want = ", ".join(found) or "none", ", ".join(marks.values()) or "none"
        raise fault(file, f"page {page.number}", f"marks {want}; footnotes {have}", "a footnote for each mark")


def place(page: Page, line: Phrase) -> str:
    """Return where a line stands, as an error names it."""
    return f"page {page.number}, {line.text!r}"


def fault(file: Path, place: str | None, found: object, expected: str) -> DataError:
    """Return an error that names the place in the report."""
    fix = "Look at the page; a new layout needs an addition to ingest/x.py."
    return DataError(file, place, found=found, expected=expected, fix=fix)
