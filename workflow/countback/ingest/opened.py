"""Opens source files of which nothing is taken on trust: what a file says of itself can be wrong, or meant to harm.

- A file has limits, far above what publishers have issued: of its bytes, of what they unpack to, of cells, pages, time.
- Whatever fault a library meets in a file, the file is named as damaged: what the library raises is its own affair.
- A workbook's sheet is as large as the cells that it has, whatever dimension it states.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from countback.io.errors import CountbackError, DataError
from countback.io.limits import at_most, within_memory

ANEW = "Fetch the file anew from its URL."
# A count as publishers print it. More digits than these no count of people or pieces has.
COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15}")
LARGEST = 10**15
PLACE = re.compile(rb"<(?:\w+:)?(?:row|c)\s[^>]*?\br=\"([A-Z]*)([0-9]+)\"")


class Limits(NamedTuple):
    """What a source may have: `size` and `unpacked` in bytes, `memory` in bytes beyond what is in use, `seconds`.

    `rows`, `columns` and `cells` are of a sheet, `words` of a page.
    """

    size: int = 200_000_000
    unpacked: int = 200_000_000
    memory: int = 1_500_000_000
    seconds: float = 600.0
    rows: int = 100_000
    columns: int = 1_000
    cells: int = 1_000_000
    pages: int = 2_000
    words: int = 5_000


class SheetCell(NamedTuple):
    """A cell's value, and the format of its number; no format of an empty cell."""

    value: Any
    number_format: str


class Sheet(NamedTuple):
    """A sheet's title, and its rows from the first on, each as long as it has cells."""

    title: str
    rows: list[list[SheetCell]]


LIMITS = Limits()


def too_much(file: Path, found: object, limit: float, what: str) -> DataError:
    """Return the error for a file that goes beyond a limit."""
    fix = "Look at the file; if it is right, raise the limit in workflow/countback/ingest/opened.py."
    return DataError(file, found=found, expected=f"at most {limit:,g} {what}", fix=fix)


@contextmanager
def reading(file: Path, expected: str, limits: Limits = LIMITS) -> Iterator[None]:
    """Let a library read a file within limits, and name the file if it can't.

    Parameters
    ----------
    expected
        What the file should be, for the message.

    Raises
    ------
    DataError
        If the library raises whatever it may, or a limit is reached.
    """
    check_size(file, limits)
    try:
        late = partial(too_much, file, "no end", limits.seconds, "seconds to read it")
        with at_most(limits.seconds, late), within_memory(limits.memory):
            yield
    except CountbackError:
        raise
    except Exception as error:
        if _lacks_memory(error):
            raise too_much(file, "more", limits.memory, "bytes of memory to read it") from error
        reason = " ".join(str(error).split())[:200]
        found = f"a damaged file ({type(error).__name__}{': ' if reason else ''}{reason})"
        raise DataError(file, found=found, expected=expected, fix=ANEW) from error


def _lacks_memory(error: BaseException | None) -> bool:
    """Tell whether it began with a lack of memory: libraries raise exceptions of their own then."""
    while error and not isinstance(error, MemoryError):
        error = error.__cause__ or error.__context__
    return error is not None


def check_size(file: Path, limits: Limits) -> None:
    """Refuse a file that has too many bytes.

    Raises
    ------
    DataError
        If it has.
    """
    size = file.stat().st_size
    if size > limits.size:
        raise too_much(file, f"{size:,} bytes", limits.size, "bytes")


def read_bytes(file: Path, limits: Limits = LIMITS) -> bytes:
    """Return what a file holds.

    Raises
    ------
    DataError
        If it is too large.
    """
    check_size(file, limits)
    return file.read_bytes()


def read_csv(file: Path) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the text of a CSV file and its rows, each with the line on which it ends (the first is line 1).

    Raises
    ------
    DataError
        If it is not CSV in UTF-8.
    """
    try:
        text = read_bytes(file).decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        return text, [(reader.line_num, cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(file, found=str(error), expected="CSV in UTF-8", fix=ANEW) from error


def read_sheets(file: Path, is_formula_kept: bool, limits: Limits = LIMITS) -> list[Sheet]:
    """Return the sheets of a workbook: of a formula itself, or else the value that Excel stored with it.

    Raises
    ------
    DataError
        If it is no workbook that can be read, or goes beyond a limit.
    """
    import openpyxl

    with reading(file, "an Excel workbook", limits):
        check_parts(file, limits)
        book = openpyxl.load_workbook(file, read_only=True, data_only=not is_formula_kept)
        try:
            return [Sheet(sheet.title, _rows_of(sheet, file, limits)) for sheet in book.worksheets]
        finally:
            book.close()


def check_parts(file: Path, limits: Limits) -> None:
    """Refuse a workbook whose parts unpack to too much, or whose cells are not in order: some would be passed over.

    Raises
    ------
    DataError
        If it is one.
    """
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > limits.unpacked:
            raise too_much(file, f"parts of {unpacked:,} bytes", limits.unpacked, "bytes when unpacked")
        for name in archive.namelist():
            if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                continue
            places = [(len(row), row, len(column), column) for column, row in PLACE.findall(archive.read(name))]
            if any(first >= second for first, second in pairwise(places)):
                expected = "rows and cells in order, each once"
                raise DataError(file, name, found="cells that are not in order", expected=expected, fix=ANEW)


def _rows_of(sheet: Any, file: Path, limits: Limits) -> list[list[SheetCell]]:
    sheet.reset_dimensions()
    rows, n_cells = [], 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        n_cells += len(row)
        if number > limits.rows or len(row) > limits.columns or n_cells > limits.cells:
            found = f"sheet {sheet.title!r} with a cell in row {number:,}, column {len(row):,}"
            most = f"at most {limits.rows:,} rows, {limits.columns:,} columns and {limits.cells:,} cells"
            raise DataError(file, found=found, expected=most, fix="Delete what lies far outside of the table.")
        # A format is looked up when it is asked for: here, where a workbook that lacks it is told as damaged.
        rows.append([SheetCell(cell.value, "" if cell.value is None else cell.number_format) for cell in row])
    return rows
