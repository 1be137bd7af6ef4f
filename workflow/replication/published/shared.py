"""What the published methods share: all reports by year, and ordinary least squares.

Published methods, faults included: only to reproduce the published values, not to be used.
"""

import numpy as np
import pandas as pd

from replication.inputs import Tables


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
