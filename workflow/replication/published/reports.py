"""Growth of reports to the clearinghouse, as published.

Published methods, faults included: only to reproduce the published values, not to be used.

- A change is to the year before; as a percentage it is one of the count of 2015, not of the year before.
- The break of 2014 is fixed beforehand. Errors on the scale of reports are compared whatever the number of parameters.
"""

import numpy as np
import pandas as pd

from replication.definitions import BASE
from replication.inputs import Method, Tables, Values, by_year
from replication.published.shared import line, mean_squared_error, reports_by_year

BREAK = 2014


def totals(tables: Tables) -> Values:
    """Return reports and their changes by year."""
    reports = reports_by_year(tables)
    change = reports.diff()
    return (
        by_year("reports.total", reports)
        | by_year("reports.change", change)
        | by_year("reports.change_pct_of_2015", change / reports[BASE] * 100)
    )


def growth_statistics(tables: Tables) -> Values:
    """Return what describes the changes from 2015 on, and each change in standard deviations."""
    reports = reports_by_year(tables)
    change = reports.diff().loc[BASE:]  # type: ignore[misc]
    values: Values = by_year("reports.growth_zscore", (change - change.mean()) / change.std())
    for name, series in {"abs": change, "pct2015": change / reports[BASE] * 100}.items():
        described = series.describe().rename(lambda label: label.rstrip("%"))
        values |= {f"reports.growth_stats.{name}.{label}": float(value) for label, value in described.items()}
    return values


def fits(tables: Tables) -> Values:
    """Return lines through the counts and through their logarithms, with errors on the scale of reports."""
    reports = reports_by_year(tables)
    years = pd.Series(reports.index, index=reports.index)
    early = years < BREAK
    values: Values = {}
    fitted = {"piecewise": np.zeros(len(reports))}
    for name, part in {"pre2014": early, "post2014": ~early}.items():
        slope, intercept = line(years[part], reports[part])
        values |= {f"reports.fit.{name}.slope": slope, f"reports.fit.{name}.intercept": intercept}
        fitted["piecewise"][part] = slope * years[part] + intercept
    for name, weights in {"exp": None, "exp_weighted": reports**0.5}.items():
        rate, intercept = line(years, np.log(reports), weights)
        values |= {f"reports.fit.{name}.rate": rate, f"reports.fit.{name}.log_intercept": intercept}
        fitted[name] = np.exp(rate * years.to_numpy(dtype=float) + intercept)
    errors = {name: mean_squared_error(reports, curve) for name, curve in fitted.items()}
    return (
        values
        | {f"reports.mse.{name}": error for name, error in errors.items()}
        | {f"reports.mse_factor.{name}": error / errors["piecewise"] for name, error in errors.items()}
    )


def per_thousand_identities(tables: Tables) -> pd.Series:
    """Return reports per thousand social media identities by year."""
    identities = tables["reference/social_media_identities"].set_index("year")["identities_million"].astype(float)
    return (reports_by_year(tables) / (identities * 1_000_000) * 1_000).dropna()


def normalized(tables: Tables) -> Values:
    """Return reports per thousand social media identities, with a line and an exponential through them."""
    series = per_thousand_identities(tables)
    values = by_year("reports.per_1k_social_media_users", series)
    late = series.loc[BREAK:]  # type: ignore[misc]
    years = pd.Series(late.index, index=late.index)
    slope, intercept = line(years, late)
    values |= {"reports.norm_fit.lin.slope": slope, "reports.norm_fit.lin.intercept": intercept}
    errors = {"lin": mean_squared_error(late, slope * years.to_numpy(dtype=float) + intercept)}
    rate, intercept = line(years, np.log(late), late**0.5)
    values |= {"reports.norm_fit.exp_weighted.rate": rate, "reports.norm_fit.exp_weighted.log_intercept": intercept}
    errors["exp"] = mean_squared_error(late, np.exp(rate * years.to_numpy(dtype=float) + intercept))
    for name, error in errors.items():
        values |= {f"reports.norm_mse.{name}": error, f"reports.norm_mse_factor.{name}": error / errors["lin"]}
    return values


METHODS: dict[str, Method] = {
    "reports.totals": totals,
    "reports.growth_statistics": growth_statistics,
    "reports.fits": fits,
    "reports.normalized": normalized,
}
