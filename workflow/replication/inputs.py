"""What every method takes and gives: tables by name, of the years that the published analysis had, and values by id."""

from collections.abc import Callable, Mapping

import pandas as pd

from countback.periods import parse_period
from countback.text import words

Tables = Mapping[str, pd.DataFrame]
# None: the quantity can't be had from what is disclosed
Value = int | float | str | None
Values = dict[str, Value]
Method = Callable[[Tables], Values]

# the published analysis ends here; what is disclosed later is no part of what it found
LAST_YEAR = 2023
LAST_PERIOD = "2024 Q2"


def published_span(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return tables without the rows on years, halves and quarters that the published analysis did not have."""
    last = parse_period(LAST_PERIOD).start
    spanned: dict[str, pd.DataFrame] = {}
    for name, frame in tables.items():
        rows = pd.Series(True, index=frame.index)
        if "year" in frame:
            rows &= (frame["year"] <= LAST_YEAR).fillna(True).astype(bool)
        if name.startswith("disclosures"):
            rows &= frame["period"].map(lambda label: parse_period(label).start <= last).astype(bool)
        spanned[name] = frame[rows]
    return spanned


def slug(text: str) -> str:
    """Return a label as the published ids spell it."""
    return words.slug(text, "-")


def by_year(family: str, series: pd.Series, suffix: str = "") -> Values:
    """Return a series of years as values by id: `family.year` and a suffix; what is missing is None."""
    return {f"{family}.{key}{suffix}": None if pd.isna(value) else value for key, value in series.items()}
