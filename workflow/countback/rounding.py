"""Between which numbers a count lies that was rounded before it was disclosed.

- What is rounded is said by the rows' warnings, never guessed here. The step is the largest power of ten that divides
  all rounded counts of the same organization, metric and number of digits: 2.6 and 2 million are stated in steps of
  100,000. A single round number may have a larger step than its zeros show.
- A count is taken to be rounded to the nearest step, unless `data/organizations/rounding_directions.csv` says that it
  is rounded down, as where a page says "over 3.7 million".
"""

import pandas as pd

from countback.row_warnings import has_warning
from countback.text.claims import number_alone

DOWN = "down"


def trailing_power(count: int) -> int:
    """Return the largest power of ten that divides a number other than zero.

    Examples
    --------
    >>> trailing_power(2600000), trailing_power(26500), trailing_power(7)
    (100000, 100, 1)
    """
    power = 1
    while count % (10 * power) == 0:
        power *= 10
    return power


def steps(counts: "pd.Series[int]") -> "pd.Series[int]":
    """Return the step of each of some counts that are rounded alike, by its number of digits; zero has none.

    Examples
    --------
    >>> steps(pd.Series([2600000, 2000000, 500])).tolist()
    [100000, 100000, 100]
    """
    powers = counts.map(lambda count: trailing_power(int(count)) if count else 0)
    return powers.groupby(counts.map(lambda count: len(str(int(count))))).transform("min")


def with_bounds(disclosures: pd.DataFrame, directions: pd.DataFrame) -> pd.DataFrame:
    """Return disclosures with the columns `low` and `high`: both are the value where it is not rounded.

    Parameters
    ----------
    disclosures
        Counts with `organization`, `metric`, `value` and `warnings`.
    directions
        `data/organizations/rounding_directions.csv`.
    """
    rows = disclosures.assign(low=disclosures["value"], high=disclosures["value"])
    down = directions[directions["direction"] == DOWN]
    downward = set(zip(down["organization"], down["metric"], strict=True))
    for key, group in rows[has_warning(rows["warnings"], "rounded")].groupby(["organization", "metric"]):
        step = steps(group["value"])
        rows.loc[group.index, "low"] = group["value"] - (0 if key in downward else step // 2)
        rows.loc[group.index, "high"] = group["value"] + (step if key in downward else step // 2)
    return rows


def n_within_rounding(pairs: pd.DataFrame) -> tuple[int, int]:
    """Return how many of some comparable pairs are rounded, and in how many rounding could make the whole difference.

    Parameters
    ----------
    pairs
        Rows of `provider_pairs`.
    """
    rounded = pairs[(pairs["provider_low"] < pairs["provider_high"]).fillna(False).astype(bool)]
    inside = rounded["ncmec_reports"].between(rounded["provider_low"], rounded["provider_high"])
    return len(rounded), int(inside.sum())


def said_of_rounding(pairs: pd.DataFrame) -> str:
    """Return in how many comparable pairs a count is rounded, and whether that explains them; empty if in none.

    Examples
    --------
    >>> said_of_rounding(pd.DataFrame({"provider_low": [5, 100], "provider_high": [5, 200], "ncmec_reports": [6, 150]}))
    ' Rounded in one of them; there, rounding could make the whole difference in one.'
    """
    rounded, inside = n_within_rounding(pairs)
    if not rounded:
        return ""
    return (
        f" Rounded in {number_alone(rounded)} of them; there, rounding could make the whole difference in "
        f"{number_alone(inside)}."
    )
