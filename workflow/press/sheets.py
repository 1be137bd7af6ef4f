"""Turns the project's CSV into one that a spreadsheet opens well by a double click: the copies beside the book.

- A byte-order mark says that the text is UTF-8: without it, Excel and LibreOffice show other letters for accents.
- Numbers have the digits that anyone can use: six that count, and never fewer than the whole part and one decimal.
- TRUE and FALSE are written alike, whoever wrote the file; R's NA in columns of numbers is an empty cell.
- Text that a spreadsheet would take for a formula has an apostrophe before it. Numbers and dashes are no formulas.

Whole numbers, and columns of what a source prints, stay as they are to the letter.
"""

import csv
import io
import math
import re

MARK = "\ufeff"
DIGITS = 6
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?", re.IGNORECASE)
# the wide forms of these signs too: spreadsheets in Japanese take them for the same
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠].", re.DOTALL)
TRUTH = {"true": "TRUE", "false": "FALSE"}
AS_PRINTED = ("_printed", "printed", "version")


def rounded(cell: str) -> str:
    """Return a number with the digits that count, without an exponent.

    Examples
    --------
    >>> [rounded(one) for one in ("0.4789123456", "1234567.891", "-4.77539e-05", "36210368", "2014.20")]
    ['0.478912', '1234567.9', '-0.0000477539', '36210368', '2014.20']
    """
    whole, _, fraction = cell.partition(".")
    if "e" not in cell.lower() and (not fraction or len((whole + fraction).strip("-+").lstrip("0")) <= DIGITS):
        return cell
    number = float(cell)
    magnitude = math.floor(math.log10(abs(number))) if number else 0
    text = f"{number:.{max(DIGITS - 1 - magnitude, 1)}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _column(name: str, cells: list[str]) -> list[str]:
    filled = {cell for cell in cells if cell not in ("", "NA")}
    if filled and all(cell.lower() in TRUTH for cell in filled):
        return [TRUTH.get(cell.lower(), "") for cell in cells]
    if name.endswith(AS_PRINTED) or not filled or not all(NUMBER.fullmatch(cell) for cell in filled):
        return _texts(cells)
    return ["" if cell in ("", "NA") else rounded(cell) for cell in cells]


def _texts(cells: list[str]) -> list[str]:
    return [f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell for cell in cells]


def spreadsheet_csv(content: bytes) -> bytes:
    """Return a CSV as a spreadsheet reads it well: the same rows and columns, with a byte-order mark.

    Examples
    --------
    >>> spreadsheet_csv(b"name,share,is_known\\nC\\xc3\\xb4te,0.123456789,true\\n").decode("utf-8-sig")
    'name,share,is_known\\nCôte,0.123457,TRUE\\n'
    """
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return content  # no table: nothing is known of its columns
    columns = [_column(name, list(cells)) for name, *cells in zip(*rows, strict=True)]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([_texts(rows[0]), *zip(*columns, strict=True)])
    return (MARK + text.getvalue()).encode()


def copied(path: str, content: bytes) -> bytes:
    """Return what lies beside the book of a file of the project."""
    return spreadsheet_csv(content) if path.endswith(".csv") else content
