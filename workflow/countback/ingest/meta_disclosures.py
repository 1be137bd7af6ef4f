"""From Meta's history to the disclosures of its apps.

- What of the history is disclosed is said by `data/histories/meta_series.csv`, by policy area and metric, and by
  `data/organizations/remarks.csv`, for warnings and notes: a new quarter needs no row of either.
- A quarter has the value of the last release that states it. Its source is the first release of the run that states
  this value, its place the row there, under the labels which that release prints.
- What Meta states as N/A is no disclosure.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from countback.histories import restore
from countback.ingest.meta import KEY
from countback.ingest.printed import with_remarks
from countback.io.errors import DataError
from countback.row_warnings import add_warnings

SERIES_TABLE = "data/histories/meta_series.csv"
AREA_METRIC = ["policy_area", "printed_metric"]


class Tables(NamedTuple):
    """What says how Meta's history is read: labels, series, remarks, and organizations, which apps are the names of."""

    labels: pd.DataFrame
    series: pd.DataFrame
    remarks: pd.DataFrame
    organizations: pd.DataFrame


def meta_disclosures(history: pd.DataFrame, tables: Tables, releases: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the disclosures of each app, by the organization's id.

    Parameters
    ----------
    history
        `data/histories/meta.csv`.
    tables
        `data/histories/meta_labels.csv` and `meta_series.csv`, `data/organizations/remarks.csv` and
        `organizations.csv`.
    releases
        The ids of all releases, in order of publication.

    Raises
    ------
    DataError
        If a series is not in the history, an app is no organization, or a remark is about a row that is not there.
    """
    stated = last_stated(history, tables.labels, releases).merge(
        tables.series.rename(columns={"metric": "series_metric", "warnings": "series_warnings"}),
        left_on=["policy_area", "metric"],
        right_on=AREA_METRIC,
    )
    check_series(tables.series, stated)
    names = tables.organizations
    ids = dict(zip(names["name"], names["organization"], strict=True))
    check_apps(stated["app"], ids)
    apps = {str(ids[app]): rows for app, rows in stated.groupby("app", sort=True)}
    return {name: app_disclosures(rows, tables.remarks, name) for name, rows in apps.items()}


def last_stated(history: pd.DataFrame, labels: pd.DataFrame, releases: Sequence[str]) -> pd.DataFrame:
    """Return the last run of each fact that has a number, with its `place` in the run's first release."""
    number = {name: at for at, name in enumerate(releases)}
    ordered = history.assign(_at=history["last_release"].map(number)).sort_values("_at", kind="stable")
    last = ordered.drop_duplicates(KEY, keep="last").dropna(subset="value").drop(columns="_at")
    groups = []
    for release, rows in last.groupby("first_release"):
        printed = restore(rows, labels, str(release), releases)
        quarter = printed["period"].str.replace(" ", "")
        place = printed["app"] + ", " + printed["policy_area"] + ", " + printed["metric"] + ", " + quarter
        groups.append(rows.assign(place=place))
    return pd.concat(groups).sort_values(KEY, ignore_index=True)


def check_series(series: pd.DataFrame, stated: pd.DataFrame) -> None:
    """Refuse a series that the history does not have.

    Raises
    ------
    DataError
        If its policy area or its metric may have been respelled.
    """
    there = set(zip(stated["policy_area"], stated["printed_metric"], strict=True))
    for index, row in enumerate(series[AREA_METRIC].itertuples(index=False, name=None)):
        if row not in there:
            raise DataError(
                SERIES_TABLE,
                index + 2,
                found=", ".join(map(str, row)),
                expected="a policy area and a metric of data/histories/meta.csv, in its spelling",
                fix="Correct the row; a label that Meta respelled wants a rule in data/histories/meta_labels.csv.",
            )


def check_apps(apps: pd.Series, ids: Mapping[str, str]) -> None:
    """Refuse an app that is no organization.

    Raises
    ------
    DataError
        With the first.
    """
    for app in sorted(set(apps) - set(ids)):
        raise DataError(
            "data/histories/meta.csv",
            column="app",
            found=app,
            expected="the name of an organization",
            fix="Add the app to data/organizations/organizations.csv.",
        )


def app_disclosures(stated: pd.DataFrame, remarks: pd.DataFrame, organization: str) -> pd.DataFrame:
    """Return the disclosures of one app, from its rows of `last_stated` with their series."""
    columns = ["series_metric", "component", "period", "value", "unit", "value_printed", "first_release", "place"]
    cells = stated[columns].astype("object").where(stated[columns].notna(), None)
    frame = with_remarks(list(cells.itertuples(index=False, name=None)), remarks, organization)
    own = dict(zip(stated["place"], stated["series_warnings"].fillna(""), strict=True))
    own |= {
        place: add_warnings(own[place] or None, ["rounded"])
        for place in stated.loc[stated["is_approximate"].fillna(False), "place"]
    }
    both = [
        add_warnings(own[place] or None, [] if pd.isna(more) else str(more).split("|"))
        for place, more in zip(frame["place"], frame["warnings"], strict=True)
    ]
    return frame.assign(warnings=pd.array(both, dtype="string"))
