"""Checks of what organizations disclose: units, periods, and parts that a source says are exhaustive."""

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from countback.checks.registry import check, faults, line, marked
from countback.io.errors import DataError
from countback.periods import Coverage, coverage, parse_period

SERIES = ["metric", "component"]
LARGEST = {"share": 1.0, "percent": 100.0}


@check("disclosures_*", "organizations")
def organizations_are_known(file: str, _: pd.DataFrame, organizations: pd.DataFrame) -> Iterator[DataError]:
    """Every file of disclosures is named after an organization."""
    name = file.removeprefix("data/disclosures/").removesuffix(".csv")
    if name not in set(organizations["organization"]):
        wanted = "an organization of data/organizations/organizations.csv"
        yield DataError(file, found=name, expected=wanted, fix="Rename the file or add the organization.")


@check("disclosures_*", "metrics")
def units_fit_metrics(file: str, frame: pd.DataFrame, metrics: pd.DataFrame) -> Iterator[DataError]:
    """A value has the unit of its metric; counts are whole and not negative, shares lie between 0 and 1."""
    rows = frame.assign(wanted=frame["metric"].map(metrics.set_index("metric")["unit"]))
    unlike = rows[rows["wanted"].notna() & (rows["unit"] != rows["wanted"])]
    yield from faults(file, unlike, "unit", "{wanted}, the unit of {metric}", "Correct it.")
    fix, value = "Correct the value or the unit.", rows["value"]
    too_large = value > rows["unit"].map(LARGEST).fillna(float("inf"))
    yield from faults(file, rows[(value < 0) | too_large], "value", "a {unit} in its range", fix)
    broken = (rows["unit"] == "count") & (value % 1 != 0) & rows["expression"].isna()
    yield from faults(file, rows[broken], "value", "a whole number", fix)


@check("disclosures_*")
def periods_do_not_overlap(file: str, frame: pd.DataFrame) -> Iterator[DataError]:
    """Within a series, rows that count do not overlap in time; a repeat is marked redundant."""
    clashes: dict[object, str] = {}
    for _, series in frame[~frame["is_redundant"]].groupby(SERIES, dropna=False, sort=False):
        dated = sorted((parse_period(period), line(at), at) for at, period in series["period"].items())
        clashes |= {at: one.label for (one, *_), (other, _, at) in pairwise(dated) if one.overlaps(other)}
    fix = "Correct the period, or mark the row that repeats another as redundant."
    yield from faults(file, marked(frame, clashes), "period", "a period that does not overlap {other}", fix)


@check("disclosures_*")
def redundant_parts_add_up(file: str, frame: pd.DataFrame) -> Iterator[DataError]:
    """Redundant components of a period add up to the whole that they repeat."""
    parts = frame[frame["is_redundant"] & frame["component"].notna() & frame["expression"].isna()]
    for (metric, period), rows in parts.groupby(["metric", "period"]):
        whole = counted_whole(frame, metric)
        yield from sum_differs(file, rows, whole.loc[whole["period"] == period, "value"], f"{metric} of {period}")


@check("disclosures_*")
def redundant_periods_add_up(file: str, frame: pd.DataFrame) -> Iterator[DataError]:
    """Redundant halves or quarters that cover a counted longer period add up to it."""
    parts = frame[frame["is_redundant"] & frame["component"].isna() & frame["expression"].isna()]
    for metric, rows in parts.groupby("metric"):
        for period, whole in counted_whole(frame, metric).groupby("period")["value"]:
            inside = rows[[parse_period(label).overlaps(parse_period(period)) for label in rows["period"]]]
            if coverage(map(parse_period, inside["period"]), parse_period(period)) is Coverage.COMPLETE:
                yield from sum_differs(file, inside, whole, f"{metric} of {period}")


@check("disclosures_*", "metrics", "organizations", "selection")
def services_are_not_added(
    file: str, frame: pd.DataFrame, metrics: pd.DataFrame, organizations: pd.DataFrame, selection: pd.DataFrame
) -> Iterator[DataError]:
    """What a source counts for a service by its name is not added to the counts of other services."""
    additive = metrics.loc[metrics["is_additive"].astype(bool), "metric"]
    services = set(organizations["name"]) | set(selection["listed_as"].dropna())
    rows = frame[~frame["is_redundant"] & frame["metric"].isin(additive)]
    n_parts = rows.groupby(["metric", "period"])["value"].transform("size")
    added = rows[rows["component"].isin(services) & (n_parts > 1)]
    fix = "Give the service a metric of its own in data/organizations/metrics.csv."
    yield from faults(file, added, "component", "parts of one service, since {metric} is summed over them", fix)


def counted_whole(frame: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return the rows of a metric that count and are no parts."""
    return frame[(frame["metric"] == metric) & frame["component"].isna() & ~frame["is_redundant"]]


def sum_differs(file: str, rows: pd.DataFrame, whole: pd.Series, what: str) -> Iterator[DataError]:
    """Yield an error at the first of some rows if they don't add up to the whole, where there is one."""
    found = rows["value"].sum()
    if len(whole) and found != whole.iloc[0]:
        wanted, fix = f"{whole.iloc[0]:,.0f}, the {what}", "Compare the rows with their source and correct one."
        yield from faults(file, rows.head(1), "value", wanted, fix, f"{found:,.0f} in all")


@check("disclosures_*")
def a_whole_excludes_its_parts(file: str, frame: pd.DataFrame) -> Iterator[DataError]:
    """A period has its total or its components among the rows that count, or both would be added."""
    counted = frame[~frame["is_redundant"]]
    has_parts = counted["component"].notna().groupby([counted["metric"], counted["period"]]).transform("any")
    rows = counted[has_parts & counted["component"].isna()]
    found, fix = "a total of {metric} in {period} beside its components", "Mark either of them as redundant."
    yield from faults(file, rows, "component", "the total or its components", fix, found)


@check("disclosures_*")
def expressions_give_their_values(file: str, frame: pd.DataFrame) -> Iterator[DataError]:
    """A value that is a share of a total is the product that its expression states."""
    rows = frame[frame["expression"].notna()]
    factors = rows["expression"].astype("string").str.split(" / 100 * ", expand=True, regex=False).astype("Float64")
    rows = rows.assign(product=factors.prod(axis=1) / 100)
    unlike = rows[(rows["product"] - rows["value"]).abs() > 1e-9 * rows["product"]]
    yield from faults(file, unlike, "value", "{product:.10g}, which the expression gives", "Correct one.")
