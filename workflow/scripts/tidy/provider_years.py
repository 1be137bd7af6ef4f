"""Sum each provider's disclosures to calendar years, metric by metric.

- A year has a value only where its periods cover it without gap or overlap; else the value is missing.
- Only metrics that may be summed are; redundant rows are left out.
- Components of a period are parts of its total. Where the set of components changes within a year, the row says so.
"""

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.periods import Coverage, coverage, parse_period, year_period
from countback.row_warnings import add_warnings

KEY = ["organization", "metric", "unit", "year"]


def period_totals(disclosures: pd.DataFrame) -> pd.DataFrame:
    """Return one row per organization, metric and period: components summed and named, warnings joined."""
    counted = disclosures[~disclosures["is_redundant"]].assign(year=lambda frame: frame["period"].str[:4].astype(int))
    return counted.groupby([*KEY, "period"], as_index=False).agg(
        value=("value", "sum"),
        components=("component", lambda parts: "|".join(sorted(parts.dropna()))),
        warnings=("warnings", lambda words: "|".join(words.dropna())),
    )


def _year_row(periods: pd.DataFrame) -> pd.Series:
    parsed = [parse_period(label) for label in periods["period"]]
    covered = coverage(parsed, year_period(parsed[0].year))
    words = [word for text in periods["warnings"] for word in text.split("|") if word]
    if periods["components"].nunique() > 1:
        words.append("definition-changed")
    if covered is not Coverage.COMPLETE:
        words.append("partial-year")
    return pd.Series(
        {
            "value": periods["value"].sum() if covered is Coverage.COMPLETE else pd.NA,
            "coverage": covered.value,
            "n_periods": len(periods),
            "warnings": add_warnings(None, words),
        }
    )


def provider_years(disclosures: pd.DataFrame, metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per organization, summable metric and year with any disclosure.

    Parameters
    ----------
    disclosures
        The tidy table of disclosures.
    metrics
        `data/organizations/metrics.csv`, which says what may be summed.
    """
    additive = metrics.loc[metrics["is_additive"], "metric"]
    totals = period_totals(disclosures[disclosures["metric"].isin(additive)])
    rows = [dict(zip(KEY, key, strict=True)) | _year_row(periods).to_dict() for key, periods in totals.groupby(KEY)]
    return pd.DataFrame(rows).rename(columns={"organization": "provider"})


if __name__ == "__main__":
    run(
        lambda: write_table(
            provider_years(read_table(snakemake.input.disclosures), read_table(snakemake.input.metrics)),
            *snakemake.output,
        ),
        snakemake.log[0],
    )
