"""What to bear in mind with a place or with a year of it, in sentences: for cards, and for notes under tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from countback.row_warnings import has_warning
from countback.text.claims import listed
from countback.text.typography import typographic

# statuses of codes whose rows are of no place of today: one that the table's publisher lists all the same
LISTED_ONLY = ("own", "withdrawn")


def remark_of_place(place: Mapping[str, Any]) -> str | None:
    """Return what a row is that is of no country or territory of today; none of any other.

    Parameters
    ----------
    place
        Row of `countries`: the first sentence of its note says what it is.

    Examples
    --------
    >>> remark_of_place({"code_status": "own", "note": "No country: a rest. The code is ours."})
    'No country: a rest.'
    >>> remark_of_place({"code_status": "official", "note": "Two islands. So printed."})
    """
    if place["code_status"] not in LISTED_ONLY or pd.isna(place["note"]):
        return None
    return typographic(str(place["note"]).partition(". ")[0].rstrip(".") + ".")


def remark_of_year(row: Mapping[str, Any]) -> str:
    """Return why the referrals of a doubtful year are in doubt.

    Examples
    --------
    >>> remark_of_year({"year": 2031, "referrals": 15, "platform_low": 16500})
    'The referrals of 2031 are in doubt: they are less than a tenth of those on NCMEC’s Global Platform.'
    """
    found = "less than a tenth of" if row["referrals"] < row["platform_low"] else "more than ten times"
    return f"The referrals of {row['year']} are in doubt: they are {found} those on NCMEC’s Global Platform."


def doubtful_rows(years: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a place's years whose referrals are in doubt."""
    return years[has_warning(years["warnings"], "doubtful") & years["platform_low"].notna()]


def remarks(place: Mapping[str, Any], years: pd.DataFrame) -> list[str]:
    """Return all remarks on a place: what it is, if it is no country, then its years in doubt."""
    of_years = [remark_of_year(row) for row in doubtful_rows(years).to_dict("records")]
    return [text for text in [remark_of_place(place), *of_years] if text]


def remarks_on_rows(countries: pd.DataFrame, years: pd.DataFrame) -> str:
    """Return what to bear in mind with rows of a table of all places, as sentences of its note; nothing if nothing.

    Parameters
    ----------
    countries, years
        Tables `countries` and `place_years`.
    """
    printed = countries[countries["iso3"].isin(set(years["iso3"]))]
    found = [(place["name"], remark_of_place(place)) for place in printed.to_dict("records")]
    said = [f"{name}: {remark[:1].lower()}{remark[1:]}" for name, remark in found if remark]
    return " ".join([*said, *doubts(doubtful_rows(years))])


def doubts(rows: pd.DataFrame) -> Sequence[str]:
    """Return one sentence for each year that has numbers in doubt, with the places."""
    return [
        f"In doubt: the referrals of {year} for {listed(sorted(of_year['name']))}, which are less than a tenth of "
        "those on NCMEC's Global Platform, or more than ten times as many."
        for year, of_year in rows.groupby("year")
    ]
