"""The check of numbers against their printed form, in every table that has both.

- `value_printed` is the printed form of `value`, `reports_printed` of `reports`. Where a table has no `value`, it is
  that of the column whose name ends in a scale, such as `people_billion`: a number is printed in that scale.
- A dash, N/A, a bound (`<0.0001%`) and a heading that is repeated in place of a number stand for no number.
- A number that is called approximate is the one beside that word.
- A share may have more digits than are printed, where the source stores them: it is the printed one once rounded.
- Data are compared as disclosed: corrections are made later, and keep what is printed.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pandas as pd

from countback.checks.registry import check, faults
from countback.io.errors import DataError

SUFFIX = "_printed"
NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
# a star leads to a footnote
FORM = re.compile(rf"(?:approximately )?([<>≤≥~])?\s*{NUMBER}\s?(%|K|M|B|thousand|million|billion)?\*?", re.ASCII)
RANGE = re.compile(rf"{NUMBER}(%?)\s?[-–]\s?{NUMBER}\2", re.ASCII)
SCALES = {"K": 1e3, "M": 1e6, "B": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9}
MISSING = {"-", "--", "–", "—", "N/A", "n/a"}
SCALED = ("_million", "_billion")
# what tells how a printed form is read: the unit, and the heading that may stand in place of a number
BESIDE = ("unit", "measure")
# numbers that are read from binary files have noise in their last digits
NOISE = 1e-14


class Printed(NamedTuple):
    """What a printed form stands for: a number, a range, or none; and how far a number may be from it."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    slack: float = 0.0


@cache
def read_printed(printed: str, unit: str | None = None) -> Printed | None:
    """Return what a printed form stands for, or None if it is not one of a number in that unit.

    Examples
    --------
    >>> read_printed("1.2 million").value, read_printed("20,800,000", "count").value, read_printed("N/A")
    (1200000.0, 20800000.0, Printed(value=None, low=None, high=None, slack=0.0))
    >>> read_printed("4%-5%", "percent"), read_printed("97.3", "percent")
    (Printed(value=None, low=4.0, high=5.0, slack=0.0), None)
    """
    if printed in MISSING:
        return Printed()
    if match := RANGE.fullmatch(printed):
        low, sign, high = float(match[1].replace(",", "")), match[2], float(match[3].replace(",", ""))
        return Printed(None, low, high) if _fits(high, sign, unit) and low <= high else None
    match = FORM.fullmatch(printed)
    if match is None or not _fits(number := float(match[2].replace(",", "")), match[3], unit):
        return None
    if match[1]:
        return Printed()
    is_share = unit == "share" and match[3] == "%"
    decimals = len(match[2].partition(".")[2])
    return Printed(
        number / 100 if is_share else number * SCALES.get(match[3], 1), slack=0.005 * 10**-decimals if is_share else 0.0
    )


def _fits(number: float, sign: str | None, unit: str | None) -> bool:
    """Tell whether a sign is one of the unit: percentages have theirs and are at most 100."""
    if unit == "percent":
        return sign == "%" and number <= 100
    return sign != "%" or unit in ("share", None)


def columns_printed(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield each column of numbers that has its printed form beside it, with that column."""
    for printed in (name for name in frame if str(name).endswith(SUFFIX)):
        name = printed.removesuffix(SUFFIX)
        named = [name] if name in frame else [it for it in frame if name == "value" and it.endswith(SCALED)]
        for column in named:
            if pd.api.types.is_numeric_dtype(frame[column]) or frame[column].isna().all():
                yield column, printed


@check("*")
def values_are_as_printed(file: str, frame: pd.DataFrame) -> Iterator[DataError]:
    """A number is the printed one, and is missing where a dash, N/A, a bound or a range is printed."""
    for column, printed in columns_printed(frame):
        rows = frame[frame[printed].notna()]
        beside = rows.reindex(columns=[printed, *BESIDE]).astype("object")
        texts = beside.where(beside.notna(), None).itertuples(index=False, name=None)
        read = [Printed() if text == heading else read_printed(text, unit) for text, unit, heading in texts]
        known = pd.Series([it is not None for it in read], index=rows.index, dtype="bool")
        wanted = "a printed number of the row's unit, such as 9,999, 97.3%, 1.2 million, or N/A"
        yield from faults(file, rows[~known], printed, wanted, "Copy it as printed, or correct the unit.")
        wanted = f"{{{printed}}}, as printed; missing where no number is"
        fix = "Correct the number or the printed form: compare them with the source."
        unlike = _unlike(rows[known], column, [it for it in read if it is not None])
        yield from faults(file, unlike, column, wanted, fix)


def _unlike(rows: pd.DataFrame, column: str, read: list[Printed]) -> pd.DataFrame:
    """Return the rows whose numbers are not those printed."""
    wanted = pd.DataFrame(read, columns=list(Printed._fields), index=rows.index, dtype="float")
    pairs = [(column, "value"), *((f"{column}_{end}", end) for end in ("low", "high") if f"{column}_{end}" in rows)]
    wrong = pd.Series(False, index=rows.index)
    for name, end in pairs:
        found = rows[name].astype("Float64").astype("float")
        is_near = (found - wanted[end]).abs() <= wanted["slack"] + NOISE * wanted[end].abs().clip(lower=1)
        wrong |= ~is_near & ~(found.isna() & wanted[end].isna())
    return rows[wrong]
