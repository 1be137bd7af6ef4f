"""One scale and one verdict for two counts of the same thing, whoever made them.

- The scale is the difference over the mean of both counts: neither is taken for the right one.
- A count that is rounded has bounds, and so has the difference. Rounding decides nothing against anybody: the verdict
  is the best one that the bounds allow, and `is_straddling` says where they allow a worse one too.
- Two counts that differ by fewer reports than `few_reports` are never called apart: one more is a large share of few.

`workflow/R/agreement.R` judges the pairs of providers by the same rules; a test sets both side by side.
"""

from typing import NamedTuple

import pandas as pd

VERDICTS = {
    "equal": "equal",
    "agrees_within_rounding": "within rounding",
    "close": "close",
    "near": "near",
    "apart": "apart",
    "too_few_to_tell": "different by few reports",
}
AGREE = ["equal", "agrees_within_rounding"]
DIFFER = ["close", "near", "apart", "too_few_to_tell"]


class Limits(NamedTuple):
    """Thresholds of the verdicts.

    Attributes
    ----------
    close, near
        Shares of the mean of both counts.
    few_reports
        Number of reports.
    """

    close: float
    near: float
    few_reports: int


def share_of_mean(count: pd.Series, other: pd.Series) -> pd.Series:
    """Return the differences of counts as shares of the mean of both; equal counts differ by none.

    Examples
    --------
    >>> share_of_mean(pd.Series([110, 0]), pd.Series([90, 0])).tolist()
    [0.2, 0.0]
    """
    difference = count - other
    return (difference / ((count + other) / 2)).mask((difference == 0).fillna(False), 0.0)


def distances(low: pd.Series, high: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the least and the largest distance from zero between two bounds."""
    ends = pd.concat([low.abs(), high.abs()], axis=1)
    has_zero = ((low <= 0) & (high >= 0)).fillna(False)
    return ends.min(axis=1).mask(has_zero, 0), ends.max(axis=1)


def judged(pairs: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Return the relative difference of pairs of counts with its bounds, and the verdict on each.

    Parameters
    ----------
    pairs
        With `first_` and `second_` value, low and high.
    limits
        Thresholds.

    Returns
    -------
    pandas.DataFrame
        `relative_difference`, `relative_low`, `relative_high`, `verdict`, `is_straddling`.
    """
    parts = [f"{side}_{part}" for side in ("first", "second") for part in ("value", "low", "high")]
    at = {name: pairs[name].astype("Float64") for name in parts}
    ends = [("first_low", "second_high"), ("first_high", "second_low")]
    relative = [share_of_mean(at[first], at[second]) for first, second in ends]
    shares = distances(*relative)
    reports = distances(*(at[first] - at[second] for first, second in ends))
    best, worst = (_graded(share, number, limits) for share, number in zip(shares, reports, strict=True))
    is_exact = (at["first_low"] == at["first_high"]) & (at["second_low"] == at["second_high"])
    has_no_gap = (reports[0] == 0).fillna(False)
    verdict = best.mask(has_no_gap, "agrees_within_rounding").mask(has_no_gap & is_exact.fillna(False), "equal")
    return pd.DataFrame(
        {
            "relative_difference": share_of_mean(at["first_value"], at["second_value"]),
            "relative_low": relative[0],
            "relative_high": relative[1],
            "verdict": verdict,
            "is_straddling": best != worst,
        }
    )


def _graded(share: pd.Series, reports: pd.Series, limits: Limits) -> pd.Series:
    """Return how far apart counts are that differ by some share of their mean and some number of reports."""
    found = pd.Series("apart", index=share.index, dtype="string")
    found = found.mask((reports < limits.few_reports).fillna(False), "too_few_to_tell")
    found = found.mask((share <= limits.near).fillna(False), "near")
    return found.mask((share <= limits.close).fillna(False), "close")
