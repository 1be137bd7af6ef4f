"""What the published methods share: tables by name, values by id, and ordinary least squares.

Published methods, faults included: only to reproduce the published values, not to be used.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from countback.periods import parse_period
from countback.text import words

Tables = Mapping[str, pd.DataFrame]
Value = int | float | str
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


def reports_by_year(tables: Tables) -> pd.Series:
    """Return all reports to the clearinghouse by year."""
    reports = tables["cybertipline/reports"]
    return reports[reports["submitter"] == "all"].set_index("year")["reports"].astype(int).sort_index()


def line(x: pd.Series, y: pd.Series, weights: pd.Series | None = None) -> tuple[float, float]:
    """Return slope and intercept of a line; weights multiply residuals before they are squared."""
    points = x.to_numpy(dtype=float), y.to_numpy(dtype=float)
    factors = None if weights is None else weights.to_numpy(dtype=float)
    slope, intercept = np.polyfit(*points, 1, w=factors)
    return float(slope), float(intercept)


def mean_squared_error(observed: pd.Series, fitted: np.ndarray) -> float:
    """Return the mean squared error."""
    return float(np.mean((observed.to_numpy(dtype=float) - fitted) ** 2))


def by_year(family: str, series: pd.Series, suffix: str = "") -> Values:
    """Return a series of years as values: `family.year` and a suffix; missing ones are left out."""
    return {f"{family}.{year}{suffix}": value for year, value in series.dropna().items()}
