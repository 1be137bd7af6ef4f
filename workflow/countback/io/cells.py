"""A CSV table as text, cell by cell: what stands in the file is judged and quoted before anything is converted.

- A boolean is `true` or `false`, a number plain decimal ASCII. pandas, R and Python each take more than that for one,
  and not the same. workflow/R/tables.R reads cells by the same rules.
- Numbers are less than 2**53: no count of people or pieces is larger, and a float holds each whole number below it.
- Years and days lie in `YEARS`, so that a mistyped century is found.
- A row is one line, so that the line of a cell can be said.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from countback.io.errors import DataError

DTYPES = {
    "string": "string",
    "integer": "Int64",
    "year": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "string",
}
YEARS = range(1990, 2100)
LARGEST = 2**53 - 1  # the next float stands for more than one whole number
# control characters, separators of lines, marks of direction, what has no width or was lost by another encoding
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]")
MOST_DIGITS = 40
LONE_RETURN = re.compile("\r(?!\n)")  # some readers take it for the end of a line
INTEGER = "-?(0|[1-9][0-9]*)"
# Python writes small numbers with an exponent
NUMBER = rf"{INTEGER}(\.[0-9]+)?(e-[0-9]{{1,3}})?"


class Kind(NamedTuple):
    """How cells of a type are read and which values they may have, and what they should be."""

    read: Callable[[str], Any]
    may_be: Callable[[Any], bool]
    expected: str
    fix: str = "Write it as the schema says: no separators, no units, a point for decimals."


def _in_form(form: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a reader of texts that have a form; a number of a thousand digits is not even converted."""

    def read_if(text: str) -> Any:
        if len(text) > MOST_DIGITS or not re.fullmatch(form, text):
            raise ValueError(text)
        return read(text)

    return read_if


def _is_seen(text: str) -> bool:
    return not (UNSEEN.search(text) or text.isspace())


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year in YEARS
    except ValueError:
        return False


def _is_within(number: float) -> bool:
    return abs(number) <= LARGEST


SPAN = f"between {YEARS.start} and {YEARS.stop - 1}"
KINDS = {
    "string": Kind(str, _is_seen, "text on one line, without control or invisible characters", "Write the text anew."),
    "integer": Kind(_in_form(INTEGER, int), _is_within, f"a whole number in plain digits, at most {LARGEST:,}"),
    "number": Kind(_in_form(NUMBER, float), _is_within, f"a number in plain decimal digits, at most {LARGEST:,}"),
    "boolean": Kind(
        {"true": True, "false": False}.__getitem__, lambda _: True, "true or false", "Write it in small letters."
    ),
    "year": Kind(_in_form("[0-9]{4}", int), YEARS.__contains__, f"a year {SPAN}", "Correct the year."),
    "date": Kind(
        _in_form("[0-9]{4}-[0-9]{2}-[0-9]{2}", str), _is_day, f"a day such as 2023-12-31, {SPAN}", "Correct the day."
    ),
}


def breaks(value: Any, field: Mapping[str, Any]) -> str | None:
    """Say what a field expects of a value, if that is another one; None stands for a missing value.

    Examples
    --------
    >>> field = {"name": "unit", "type": "string", "constraints": {"enum": ["count", "share"]}}
    >>> breaks("shares", field), breaks("share", field), breaks(None, field)
    ('one of count, share', None, None)
    """
    limits = field.get("constraints", {})
    if value is None:
        return "a value" if limits.get("required") else None
    if not KINDS[field["type"]].may_be(value):
        return KINDS[field["type"]].expected
    if value < limits.get("minimum", value):
        return f"{limits['minimum']} or more"
    if value > limits.get("maximum", value):
        return f"{limits['maximum']} or less"
    if value not in limits.get("enum", [value]):
        return f"one of {', '.join(map(str, limits['enum']))}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        return f"a text like {limits['pattern']}"
    return None


def read_rows(file: Path, name: str) -> list[list[str]]:
    """Return the rows of a CSV file as text, the header first.

    Raises
    ------
    DataError
        If the file is missing, empty or cut off, or is no CSV in UTF-8.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = "no file" if isinstance(error, FileNotFoundError) else error.strerror
        raise DataError(name, found=reason, expected="a table", fix="Restore the file.") from None
    n_lines = content.count(b"\n")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{content[error.start]:02x}"
        raise DataError(name, row, found=found, expected="UTF-8", fix="Save the file as UTF-8.") from None
    if alone := LONE_RETURN.search(text):
        row = text.count("\n", 0, alone.start()) + 1
        expected = "lines that end with a line feed"
        raise DataError(name, row, None, "a carriage return alone", expected, "Save the file anew.")
    if text.startswith("\ufeff"):
        raise DataError(name, 1, None, "a byte order mark", "UTF-8 without it", "Save the file without it.")
    if not content:
        raise DataError(name, found="an empty file", expected="a header", fix="Restore the file.")
    if not content.endswith(b"\n"):
        expected, fix = "a complete last line", "The file is truncated: restore it."
        raise DataError(name, n_lines + 1, found="no line end", expected=expected, fix=fix)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        expected = "cells separated by commas, in quotes where they hold one"
        raise DataError(name, reader.line_num, None, str(error), expected, "Correct the quotes.") from None


def read_column(
    texts: Sequence[str], field: Mapping[str, Any], missing: Sequence[str]
) -> tuple[pd.Series, dict[str, str]]:
    """Return a column in its type, and by each text at fault what its field expects; such a cell is missing.

    Parameters
    ----------
    texts
        Its cells as written.
    field
        Its field in the Table Schema.
    missing
        Texts that stand for a missing value.

    Examples
    --------
    >>> column, wrong = read_column(["true", "TRUE", ""], {"name": "is_public", "type": "boolean"}, [""])
    >>> column.tolist(), wrong
    ([True, <NA>, <NA>], {'TRUE': 'true or false'})
    """
    kind, values, wrong = KINDS[field["type"]], dict[str, Any](), dict[str, str]()
    for text in dict.fromkeys(texts):
        try:
            values[text] = None if text in missing else kind.read(text)
            expected = breaks(values[text], field)
        except (ValueError, KeyError):
            expected = kind.expected
        if expected is not None:
            values[text], wrong[text] = None, expected
    return pd.Series([values[text] for text in texts], dtype=DTYPES[field["type"]]), wrong
