"""Breaks of series: from when on the same word means something else.

- `data/reference/breaks.csv` says, by table, in which period a break lies: its first period has the new meaning.
- No change is computed across a break, no model is fitted across it, and a figure shows a gap and a mark there.
"""

from collections.abc import Sequence

import pandas as pd

from countback.periods import parse_period


def breaks_of(tables: str | Sequence[str], breaks: pd.DataFrame) -> pd.DataFrame:
    """Return the breaks of the series of one or several tables, in order of time, with the `year` in which each lies.

    Parameters
    ----------
    tables
        Their names in `data/datapackage.json`.
    breaks
        `data/reference/breaks.csv`.
    """
    own = breaks[breaks["table_name"].isin([tables] if isinstance(tables, str) else list(tables))].copy()
    own["year"] = pd.Series([parse_period(label).year for label in own["period"]], index=own.index, dtype="int64")
    return own.sort_values(["year", "table_name"], ignore_index=True)


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
    starts = set(breaks["year"].tolist())
    return years.map(lambda year: sum(start <= year for start in starts)).astype("int64")


def longest_run(years: pd.Series, breaks: pd.DataFrame) -> list[int]:
    """Return the longest run of years that mean the same, in order; the same in R: `longest_run` of `breaks.R`.

    Examples
    --------
    >>> longest_run(pd.Series([2031, 2029, 2030, 2030]), pd.DataFrame({"year": [2031]}))
    [2029, 2030]
    """
    distinct = pd.Series(sorted({int(year) for year in years}), dtype="int64")
    runs = [run.tolist() for _, run in distinct.groupby(segments(distinct, breaks))]
    return max(runs, key=len, default=[])


def breaks_within(breaks: pd.DataFrame, years: Sequence[float]) -> pd.DataFrame:
    """Return the breaks that lie within the years of a figure: `at`, halfway from the year before, and `label`.

    Parameters
    ----------
    breaks
        What `breaks_of` returns; several of one year are one border, with their titles joined.

    Examples
    --------
    >>> found = pd.DataFrame({"year": [2031, 2040], "title": ["bundled", "another unit"]})
    >>> breaks_within(found, [2029, 2035]).values.tolist()
    [[2030.5, 'bundled']]
    """
    first, last = (min(years), max(years)) if len(years) else (0, 0)
    inside = breaks[(breaks["year"] > first) & (breaks["year"] <= last)]
    rows = [(year - 0.5, "; ".join(dict.fromkeys(own["title"]))) for year, own in inside.groupby("year")]
    return pd.DataFrame(rows, columns=["at", "label"]).astype({"at": float})


def unit_note(tables: str | Sequence[str], breaks: pd.DataFrame, years: Sequence[int]) -> str:
    """Return what a note under a table has to say of changes of unit within its years; nothing if there are none.

    Parameters
    ----------
    breaks
        `data/reference/breaks.csv`.

    Examples
    --------
    >>> found = pd.DataFrame({"table_name": ["t"], "period": ["2031"], "kind": ["unit"], "title": ["pages are sent"]})
    >>> unit_note("t", found, [2030, 2031]), unit_note("t", found, [2031, 2032])
    ('From 2031 on, pages are sent: numbers before and after do not compare.', '')
    """
    within = breaks_within(breaks_of(tables, breaks[breaks["kind"] == "unit"]), years)
    return " ".join(
        f"From {int(at + 0.5)} on, {label}: numbers before and after do not compare."
        for at, label in within.itertuples(index=False)
    )
