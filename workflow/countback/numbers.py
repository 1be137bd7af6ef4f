"""Numbers that prose prints and no row of a table holds: counts of rows, sums, first and last years, shares of sums.

So are words that the data pick: a name, the direction of a change, a clause that holds under a condition.
Each analysis writes its own as a table in one form, which `data/schemas/results/numbers.json` describes, beside the
table that they are derived from; R has the same in `number_row()`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from countback.text.typography import TEXT, typographic


class Number(NamedTuple):
    """A number that is derived from a table.

    Attributes
    ----------
    subset
        What it is about: all, or a part, a year, a publisher.
    parameter
        What it says.
    value
        In `unit`, a key of `countback.text.units.UNITS`; missing where there is a text.
    unit
        Unit of the value, or `text`.
    derived_from
        The table that it is derived from, by its name.
    rows
        Which rows of that table are counted, added or compared, in words.
    text
        Words in place of a value.
    """

    subset: str
    parameter: str
    value: float | None
    unit: str
    derived_from: str
    rows: str
    text: str | None = None


def words(subset: str, parameter: str, text: str, table: str, rows: str) -> Number:
    """Return words that the rows of a table pick, with the quotation marks of print."""
    return Number(subset, parameter, None, TEXT, table, rows, typographic(text))


def counts(subset: str, table: str, found: Mapping[str, tuple[int, str]]) -> Iterator[Number]:
    """Yield counts of rows of a table, or sums over them, by what they say, each with the rows in words."""
    for parameter, (number, rows) in found.items():
        yield Number(subset, parameter, float(number), "count", table, rows)


def count_codes(
    subset: str, table: str, column: pd.Series, among: str = "", always: Iterable[str] = ()
) -> Iterator[Number]:
    """Yield how many rows of a table have which code in a column.

    Parameters
    ----------
    subset, table
        Of the numbers.
    column
        The codes.
    among
        Which rows these are, in words.
    always
        Codes that are counted where no row has them, since prose prints them: none is a number too.
    """
    counted = column.value_counts().to_dict() | {code: 0 for code in always if code not in set(column)}
    for code in sorted(counted):
        yield Number(subset, str(code), float(counted[code]), "count", table, f"{column.name} is {code}{among}")


def numbers_table(numbers: Iterable[Number]) -> pd.DataFrame:
    """Return the numbers as a table, a row each, in their order.

    Raises
    ------
    ValueError
        If one has neither a value nor a text, or both.
    """
    numbers = list(numbers)
    for one in numbers:
        if (one.value is None) != (one.unit == TEXT) or (one.text is None) == (one.unit == TEXT):
            raise ValueError(f"{one.subset}.{one.parameter}: expected a value in a unit, or a text of unit {TEXT}")
    return pd.DataFrame(numbers, columns=list(Number._fields))
