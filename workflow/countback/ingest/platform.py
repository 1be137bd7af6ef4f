"""Tables of the clearinghouse's Global Platform for Child Exploitation Policy, whose numbers are rounded.

- A number is printed in steps: tens below 100, hundreds below 1,000, from there on two digits. A small one is printed
  as `<50` or `<10`. Each is kept with the least and the largest number that is printed so; how the platform rounds a
  number halfway between two steps is not said, so bounds include it.
- Columns of the file are measures; what the platform gives for another year is left out.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.ingest.compiled import read_count, read_rows
from countback.ingest.opened import COUNT
from countback.io.errors import DataError

PLACE = ["iso3", "url_friendly_name"]
# the table by country of the year before, repeated: it is no number of the platform's own
OTHER_YEAR = "cybertipline_reports_total"
BELOW = re.compile(r"<(\d+)")
VALUES = ["value_printed", "value", "low", "high"]


class Rounded(NamedTuple):
    """A printed number, if one is printed, with the least and the largest that it can stand for."""

    value: int | None
    low: int
    high: int


def step(number: int) -> int:
    """Return the step in which numbers of this size are printed.

    Examples
    --------
    >>> step(40), step(400), step(4_000), step(12_000), step(250_000)
    (10, 100, 100, 1000, 10000)
    """
    return 10 if number < 100 else 10 ** max(2, len(str(number)) - 2)


def read_rounded(printed: str, floor: int) -> Rounded:
    """Return the number that is printed, with its bounds.

    Parameters
    ----------
    floor
        Least number that a bound such as `<50` can stand for.

    Raises
    ------
    ValueError
        If it is no number in a step of its size, and no bound.

    Examples
    --------
    >>> read_rounded("1000", 0), read_rounded("<50", 0)
    (Rounded(value=1000, low=950, high=1050), Rounded(value=None, low=0, high=49))
    """
    if below := BELOW.fullmatch(printed):
        return Rounded(None, floor, int(below[1]) - 1)
    if not COUNT.fullmatch(printed):
        raise ValueError("a count such as 120000, or a bound such as <50")
    number = int(printed.replace(",", ""))
    if number % step(number):
        raise ValueError(f"a number in steps of {step(number)}")
    under = step(max(number - 1, 0))  # just below a power of ten, steps are smaller
    return Rounded(number, max(number - under // 2, floor), number + step(number) // 2)


def rounded_cell(printed: str, floor: int, file: Path, row: int, column: str) -> dict[str, object]:
    """Return a cell as its printed value, number and bounds.

    Raises
    ------
    DataError
        If it is none of the forms of `read_rounded`.
    """
    try:
        number = read_rounded(printed, floor)
    except ValueError as error:
        raise DataError(file, row, column, printed, str(error), "Look at the row: nothing is guessed.") from error
    return dict(zip(VALUES, (printed, *number), strict=True))


def read_jurisdictions(file: Path, year: int, source: str) -> pd.DataFrame:
    """Return one row per jurisdiction and measure, in the order of the file.

    Raises
    ------
    DataError
        If a cell is no rounded number.
    """
    rows = []
    for number, row in read_rows(file, ["id", *PLACE]):
        for measure in row:
            if measure in ("id", OTHER_YEAR, *PLACE):
                continue
            found = {"year": year, "iso3": row["iso3"], "jurisdiction_printed": row["url_friendly_name"]}
            found |= {"measure": measure, **rounded_cell(row[measure], 0, file, number, measure)}
            rows.append(found | {"source": source, "place": f"row {number}"})
    return pd.DataFrame(rows)


def read_esps(file: Path, year: int, source: str) -> pd.DataFrame:
    """Return one row per jurisdiction and rank of a service provider; one that is listed made at least one report.

    Raises
    ------
    DataError
        If a cell is no rounded number.
    """
    rows = []
    for number, row in read_rows(file, ["iso3", "rank", "esp", "reports"]):
        name = None if row["esp"] in ("", "null") else row["esp"]
        found = {
            "year": year,
            "iso3": row["iso3"],
            "position": read_count(row["rank"], file, number, "rank"),
            "esp_printed": name,
        }
        found |= rounded_cell(row["reports"], 1, file, number, "reports")
        rows.append(found | {"source": source, "place": f"row {number}"})
    return pd.DataFrame(rows)
