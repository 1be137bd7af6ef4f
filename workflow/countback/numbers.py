"""Numbers that prose prints and no row of a table holds: counts of rows, sums, first and last years, shares of sums.

Each analysis writes its own as a table in one form, which `data/schemas/results/numbers.json` describes, beside the
table that they are derived from; R has the same in `number_row()`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd


class Number(NamedTuple):
    """A number that is derived from a table.

    Attributes
    ----------
    subset
        What it is about: all, or a part, a year, a publisher.
    parameter
        What it says.
    value
        In `unit`, a key of `countback.text.units.UNITS`.
    unit
        Unit of the value.
    derived_from
        The table that it is derived from, by its name.
    rows
        Which rows of that table are counted, added or compared, in words.
    """

    subset: str
    parameter: str
    value: float
    unit: str
    derived_from: str
    rows: str


def counts(subset: str, table: str, found: Mapping[str, tuple[int, str]]) -> Iterator[Number]:
    """Yield counts of rows of a table, or sums over them, by what they say, each with the rows in words."""
    for parameter, (number, rows) in found.items():
        yield Number(subset, parameter, float(number), "count", table, rows)


def count_codes(subset: str, table: str, column: pd.Series, among: str = "") -> Iterator[Number]:
    """Yield how many rows of a table have which code in a column; `among` says which rows these are."""
    for code, rows in column.groupby(column):
        yield Number(subset, str(code), float(len(rows)), "count", table, f"{column.name} is {code}{among}")


def numbers_table(numbers: Iterable[Number]) -> pd.DataFrame:
    """Return the numbers as a table, a row each, in their order."""
    return pd.DataFrame(list(numbers), columns=list(Number._fields))
