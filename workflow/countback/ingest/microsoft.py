"""Microsoft's workbooks "Digital Safety Content Report", one for each half-year: one sheet of a few merged blocks.

- Blocks are found by their titles, measures by the headings below them, in whatever cells they stand; a value stands
  below its heading, the period of a block to the left of its title.
- A cell that is none of these, nor a note, is refused: nothing is dropped.
- A share is stored as a fraction, with more digits than the cell shows. Both are kept: `value` is the stored number,
  `value_printed` what Excel shows by the cell's format. A format that is not known is refused.
- The total of reports to the CyberTipline stands in the note below the block on child sexual exploitation only.
- A star behind a count refers to a footnote; a star without a footnote is refused.
- A note may name another half-year than its block does (one does): the block's period counts, and notes are kept.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from countback.ingest.opened import COUNT, LARGEST, read_sheets
from countback.ingest.printed import FACTS, Document, Heads, Series, facts, notes
from countback.ingest.sources import Source
from countback.io.errors import DataError
from countback.periods import Period

TITLE = "Digital Safety Content Report"
HOSTED = "Child Sexual Exploitation & Abuse Imagery (CSEAI) - Hosted Consumer Services"
BING = "CSEAI - Bing Search Engine"
ACTIONED, DETECTED = "Content Actioned", "Content Detected Proactively"
ACCOUNTS, REINSTATED = "Accounts Actioned", "Accounts Reinstated"
BLOCKS = {
    HOSTED: [ACTIONED, DETECTED, ACCOUNTS, REINSTATED],
    BING: [ACTIONED, DETECTED],
    "Terrorist & Violent Extremist Content (TVEC)": [ACTIONED, DETECTED, ACCOUNTS, REINSTATED],
    "Non-Consensual Intimate Imagery (NCII)": [
        "Requests Reported",
        "Requests Actioned",
        "Percentage of Requests Actioned",
    ],
}
SHARES = {DETECTED, REINSTATED, "Percentage of Requests Actioned"}
REPORTS = "The total NCMEC CyberTip Reports for this period is"

HALF = re.compile(r"(Jan(?:uary)? - June?|July? - Dec(?:ember)?) (\d{4})")
TOTAL = re.compile(rf"{REPORTS} ({COUNT.pattern})\.(?!\d)")
STARRED = re.compile(rf"({COUNT.pattern})(\*?)")
COUNT_FORMATS = ["#,##0_);(#,##0)", "#,##0"]
SHARE_FORMATS = {"0%": 0, "0.0%": 1, "0.00%": 2}

SERIES: dict[Heads, Series] = {
    (HOSTED, None, ACTIONED): Series("pieces", "hosted services"),
    (HOSTED, None, DETECTED): Series("pieces_detected_proactively_percent", "hosted services", "percent"),
    (HOSTED, None, ACCOUNTS): Series("accounts", "hosted services"),
    (HOSTED, None, REINSTATED): Series("reinstated_accounts_percent", "hosted services", "percent"),
    (HOSTED, None, REPORTS): Series("reports"),
    (BING, None, ACTIONED): Series("indexed_pieces", "Bing"),
    (BING, None, DETECTED): Series("indexed_pieces_detected_proactively_percent", "Bing", "percent"),
}
MARK = FACTS.index("mark") - 1  # in a fact without its period


class Cell(NamedTuple):
    """A cell that is not empty: where it stands, what it holds (text without needless spaces), how it shows it."""

    place: str
    row: int
    column: int
    value: object
    format: str


def parse_microsoft(source: Source) -> Document:
    """Read one half-year's workbook.

    Raises
    ------
    DataError
        If the layout is not the known one, or a block is about another half-year.
    """
    file, label = source.file, source.period.label
    cells = {(cell.row, cell.column): cell for cell in read_cells(file)}
    titles = find_titles(cells, file)
    found: list[tuple[object, ...]] = []
    used = {cell for cell in cells.values() if cell.value == TITLE} | set(titles)
    for title in titles:
        used |= {check_period(title, cells, source.period, file)}
        for heading, value in measures_of(title, cells, titles, file):
            found.append((title.value, None, heading.value, *read_value(heading, value, file), value.place))
            used |= {heading, value}
    rest = [cell for cell in cells.values() if cell not in used]
    for cell in rest:
        if not isinstance(cell.value, str) or not cell.value.startswith(("Note:", "*")):
            raise fault(file, cell.place, cell.value, "a title, a heading, a value or a note")
    below = [(block_above(note, titles, file), note.value, note.place) for note in rest]
    found.append(read_total(below, file))
    check_marks(found, below, file)
    printed = facts([(label, *fact, source.id) for fact in found])
    return Document(printed, notes([(label, *note, source.id) for note in below]))


def read_cells(file: Path) -> Iterator[Cell]:
    """Yield the cells of the workbook's only sheet that are not empty, row by row.

    Raises
    ------
    DataError
        If it can't be read, or holds another number of sheets than one.
    """
    sheets = read_sheets(file, is_formula_kept=False)
    if len(sheets) != 1:
        raise fault(file, None, f"sheets {', '.join(sheet.title for sheet in sheets)}", "one sheet")
    (sheet,) = sheets
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row, start=1):
            value = " ".join(cell.value.split()) if isinstance(cell.value, str) else cell.value
            if value not in (None, ""):
                place = f"{sheet.title}!{get_column_letter(column)}{number}"
                yield Cell(place, number, column, value, cell.number_format)


def find_titles(cells: dict[tuple[int, int], Cell], file: Path) -> list[Cell]:
    """Return the cells with the titles of the blocks.

    Raises
    ------
    DataError
        If a block is missing or stands there twice.
    """
    titles = [cell for cell in cells.values() if cell.value in BLOCKS]
    for title in BLOCKS:
        places = [cell.place for cell in titles if cell.value == title]
        if len(places) != 1:
            raise fault(file, None, f"{title} {len(places)} times ({', '.join(places)})", "each block once")
    return titles


def check_period(title: Cell, cells: dict[tuple[int, int], Cell], period: Period, file: Path) -> Cell:
    """Return the cell that says what half-year a block is about: the first of the title's row.

    Raises
    ------
    DataError
        If it names no half-year or another one than the release's.
    """
    first = min((cell for cell in cells.values() if cell.row == title.row), key=lambda cell: cell.column)
    half = HALF.fullmatch(str(first.value))
    label = f"{half[2]} H{1 if half[1].startswith('Jan') else 2}" if half else None
    if label != period.label:
        raise fault(file, first.place, first.value, f"{period.label}, the release's half-year")
    return first


def measures_of(
    title: Cell, cells: dict[tuple[int, int], Cell], titles: list[Cell], file: Path
) -> Iterator[tuple[Cell, Cell]]:
    """Yield the headings below a block's title, up to the next block beside it, each with the cell of its value.

    Raises
    ------
    DataError
        If a heading is new, missing or there twice, or has no value below it.
    """
    beside = [cell.column for cell in titles if cell.row == title.row and cell.column > title.column]
    headings = [
        cell
        for cell in cells.values()
        if cell.row == title.row + 1 and title.column <= cell.column < min(beside, default=cell.column + 1)
    ]
    found = [str(cell.value) for cell in headings]
    if sorted(found) != sorted(BLOCKS[str(title.value)]):
        expected = f"{', '.join(BLOCKS[str(title.value)])}, below {title.value}"
        raise fault(file, title.place, f"headings {', '.join(found)}", expected)
    for heading in headings:
        value = cells.get((heading.row + 1, heading.column))
        if value is None:
            raise fault(file, heading.place, "no value below it", f"a value of {heading.value}")
        yield heading, value


def read_value(heading: Cell, cell: Cell, file: Path) -> tuple[float, str, str, str | None]:
    """Return a cell's number, its unit, the number as shown, and the star behind it if there is one.

    Raises
    ------
    DataError
        If it holds something else than its heading says, or has an unknown format.
    """
    value, unit = cell.value, "share" if heading.value in SHARES else "count"
    starred = STARRED.fullmatch(value) if isinstance(value, str) and unit == "count" else None
    if starred:
        return float(starred[1].replace(",", "")), unit, str(value), starred[2] or None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        raise fault(file, cell.place, value, f"a {unit} of {heading.value}")
    if unit == "share" and cell.format in SHARE_FORMATS and 0 <= value <= 1:
        return float(value), unit, shown_share(value, SHARE_FORMATS[cell.format]), None
    if unit == "count" and cell.format in COUNT_FORMATS and value >= 0 and value == int(value):
        return float(value), unit, f"{int(value):,}", None
    expected = f"a {unit} of {heading.value} in one of the formats {', '.join([*COUNT_FORMATS, *SHARE_FORMATS])}"
    raise fault(file, cell.place, f"{value} in the format {cell.format}", expected)


def shown_share(value: float, decimals: int) -> str:
    """Return a fraction as Excel shows it as a percentage: halves are rounded up.

    Examples
    --------
    >>> shown_share(0.0163, 1), shown_share(0.00125, 2), shown_share(1, 0)
    ('1.6%', '0.13%', '100%')
    """
    step = Decimal(1).scaleb(-decimals)
    return f"{(Decimal(repr(value)) * 100).quantize(step, ROUND_HALF_UP)}%"


def block_above(note: Cell, titles: list[Cell], file: Path) -> str:
    """Return the title of the block that a note stands below: the first of the nearest row of titles.

    Raises
    ------
    DataError
        If there is none.
    """
    above = [cell for cell in titles if cell.row < note.row]
    if not above:
        raise fault(file, note.place, note.value, "a block above each note")
    return str(min(above, key=lambda cell: (-cell.row, cell.column)).value)


def read_total(below: list[tuple[str, object, str]], file: Path) -> tuple[object, ...]:
    """Return the fact that a note states: reports to the CyberTipline.

    Raises
    ------
    DataError
        If not exactly one note does, or it stands below another block.
    """
    stated = [(block, match[1], place) for block, note, place in below for match in TOTAL.finditer(str(note))]
    if len(stated) != 1 or stated[0][0] != HOSTED:
        found = f"{len(stated)} of them ({', '.join(place for _, _, place in stated)})"
        raise fault(file, None, found, f"one note below {HOSTED}: {REPORTS} 9,999.")
    ((block, printed, place),) = stated
    return block, None, REPORTS, float(printed.replace(",", "")), "count", printed, None, place


def check_marks(found: list[tuple[object, ...]], below: list[tuple[str, object, str]], file: Path) -> None:
    """Refuse a star without footnote, and a footnote without star.

    Raises
    ------
    DataError
        If one is without the other in its block.
    """
    starred = {str(fact[0]) for fact in found if fact[MARK]}
    footed = {block for block, note, _ in below if str(note).startswith("*")}
    for block in starred ^ footed:
        raise fault(file, None, f"{'a star' if block in starred else 'a footnote'} alone below {block}", "both")


def fault(file: Path, place: str | None, found: object, expected: str) -> DataError:
    """Return an error that names the cell."""
    fix = "Look at the workbook; a new layout needs an addition to ingest/microsoft.py."
    return DataError(file, place, found=found, expected=expected, fix=fix)
