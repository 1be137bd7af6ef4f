"""Breaks of series: from when on the same word means something else.

- `data/reference/breaks.csv` says, by table, in which period a break lies: its first period has the new meaning.
- No change is computed across a break, no model is fitted across it, and a figure shows a gap and a mark there.
"""

from collections.abc import Sequence

import pandas as pd

from countback.periods import parse_period


def breaks_of(table: str, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return the breaks of a table's series, in order of time, with the `year` in which each lies.

    Parameters
    ----------
    table
        Its name in `data/datapackage.json`.
    breaks
        `data/reference/breaks.csv`.
    """
    own = breaks[breaks["table_name"] == table].copy()
    own["year"] = [parse_period(label).year for label in own["period"]]
    return own.sort_values("year", ignore_index=True)


def segments(years: pd.Series, breaks: pd.DataFrame) -> pd.Series:
    """Return for each year the number of breaks up to it: years of one number mean the same.

    Parameters
    ----------
    breaks
        What `breaks_of` returns.

    Examples
    --------
    >>> found = pd.DataFrame({"year": [2031]})
    >>> segments(pd.Series([2029, 2030, 2031, 2032]), found).tolist()
    [0, 0, 1, 1]
    """
    starts: Sequence[int] = breaks["year"].tolist()
    return years.map(lambda year: sum(start <= year for start in starts)).astype("int64")
