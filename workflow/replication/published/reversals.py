"""What was restored, as published.

Published methods, faults included: only to reproduce the published values, not to be used.

- The published text calls the percentage a rate of false positives: it is what was restored over what was acted on.
  Years that are not over, or not disclosed in full, are summed like any other.
"""

import pandas as pd

from replication.inputs import Method, Tables, Values, by_year
from replication.published.meta import quarterly

PINTEREST_FROM = 2022


def meta(tables: Tables) -> Values:
    """Return Meta's pieces restored, with and without appeal, in percent of those acted on."""
    restored = quarterly(tables, ["reversals", "reversals_without_appeal"])
    pieces = quarterly(tables, ["pieces"])
    share = _yearly(restored) / _yearly(pieces) * 100
    return by_year("reversal.meta", share.astype(float), ".pct")


def _yearly(quarters: pd.Series) -> pd.Series:
    return quarters.groupby(quarters.index.str[:4].astype(int)).sum()


def accounts(tables: Tables) -> Values:
    """Return the accounts that Microsoft and Pinterest restored, in percent of those acted on."""
    microsoft = _metrics(tables["disclosures/microsoft"])
    weighted = microsoft["accounts"] * microsoft["reinstated_accounts_percent"]
    pinterest = _metrics(tables["disclosures/pinterest"])
    pinterest = pinterest.groupby(_year(pinterest))[["account_reversals", "accounts"]].sum().loc[PINTEREST_FROM:]  # type: ignore[misc]
    years = _year(microsoft)
    return by_year(
        "reversal.microsoft",
        (weighted.groupby(years).sum() / microsoft["accounts"].groupby(years).sum()).astype(float),
        ".pct",
    ) | by_year(
        "reversal.pinterest", (pinterest["account_reversals"] / pinterest["accounts"] * 100).astype(float), ".pct"
    )


def _metrics(frame: pd.DataFrame) -> pd.DataFrame:
    """Return disclosures by period (rows) and metric (columns), components summed."""
    return frame.groupby(["period", "metric"])["value"].sum().unstack("metric")


def _year(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(frame.index.str[:4].astype(int), index=frame.index)


METHODS: dict[str, Method] = {"reversals.meta": meta, "reversals.accounts": accounts}
