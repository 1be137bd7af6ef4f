"""What the prose says under a condition: for each chapter, the words and numbers that its data pick."""

from collections.abc import Mapping

import pandas as pd

from countback.breaks import breaks_of, segments

Tables = Mapping[str, pd.DataFrame]
REPORTS = "cybertipline_reports"  # the series whose unit every count of reports has


def unit_of(years: pd.Series, tables: Tables) -> pd.Series:
    """Return for each year a number that tells which years count reports in the same unit."""
    return segments(years, breaks_of(REPORTS, tables["breaks"]))


def longest_run(years: pd.Series, tables: Tables) -> list[int]:
    """Return the years of the unit that has most of them, in their order."""
    unit = unit_of(years, tables)
    return sorted(years[unit == unit.mode().iloc[0]])


def names(tables: Tables) -> dict[str, str]:
    """Return the names of organizations by their ids."""
    return dict(tables["organizations"].set_index("organization")["name"])


def possessive(name: str) -> str:
    """Return a name with the apostrophe of what is its own.

    Examples
    --------
    >>> possessive("Discord")
    "Discord's"
    """
    return f"{name}'s"
