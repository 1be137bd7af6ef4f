"""Claims on places: where most reports lead, which rates leapt, which places are new among the first ones."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from countback.claims import Tables, longest_run
from countback.numbers import Number, words
from countback.text.claims import counted, direction, in_years, listed, turns

AREAS, RANKS, RESULTS = "jurisdiction_areas", "jurisdiction_ranks", "jurisdiction_results"
LEAP = 2


class Places(NamedTuple):
    """What the configuration sets apart.

    Attributes
    ----------
    home
        The country that stands apart from its continent, by name.
    nowhere
        What stands for reports without a country, by name.
    top
        How many places are called the first ones.
    floor
        How many people a place must have that is not called small.
    """

    home: str
    nowhere: str
    top: int
    floor: int = 0


def continents(tables: Tables) -> pd.DataFrame:
    """Return reports and rates of continents by year."""
    return tables[AREAS].query("kind == 'continent'")


def largest_area(tables: Tables, places: Places) -> Iterator[Number]:
    """Yield the continent with most reports, its shares of reports and people, and what was placed at home.

    The year is the last whose populations are known: counts of reports come before these.
    """
    areas = continents(tables)
    year = areas.loc[areas["population_share"].notna(), "year"].max()
    if pd.isna(year):
        return
    last = areas[areas["year"] == year].sort_values("reports")
    row = last[(last["area"] != places.nowhere) & last["population_share"].notna()].iloc[-1]
    rows = "continent with most reports in the last year with populations"
    yield words("largest_area", "name", row["area"], AREAS, rows)
    yield Number("largest_area", "year", year, "year", AREAS, rows)
    for share in ("share", "population_share"):
        yield Number("largest_area", share, row[share], "share", AREAS, rows)
    at_home = last.loc[last["area"] == places.home, "share"].sum()
    yield Number("largest_area", "home_share", at_home, "share", AREAS, f"{places.home}, in that year")


def leaps(tables: Tables, places: Places) -> Iterator[Number]:
    """Yield which continents' rates more than doubled from one year to the next, and when."""
    rates = (
        continents(tables)
        .pivot(index="year", columns="area", values="reports_per_100k")
        .dropna(axis="columns", how="all")
    )
    found = []
    for before, year in pairwise(rates.index):
        ratio = rates.loc[year] / rates.loc[before]
        leapt = [f"the {area}" if area == places.home else area for area in rates.columns[ratio > LEAP]]
        if leapt and year - before == 1:
            of = "that" if len(leapt) == 1 else "those"
            found.append(f"{of} of {listed(leapt)} more than doubled from {before} to {year}")
    text = listed(found) if found else "none more than doubled from one year to the next"
    yield words("area_rates", "leaps", text, AREAS, "continents, rate over twice that of the year before")


def unlisted(tables: Tables, places: Places) -> Iterator[Number]:
    """Yield in which years reports without a country outnumber those of the United States."""
    reports = continents(tables).pivot(index="year", columns="area", values="reports")
    more = (reports[places.nowhere] > reports[places.home]).to_dict()
    yield words(
        "unlisted", "outnumber", in_years(more), AREAS, "no country listed, more than placed in the country set apart"
    )


def new_at_top(tables: Tables, places: Places) -> Iterator[Number]:
    """Yield the places among the first of the last year that were not in any year before."""
    ranks = tables[RANKS]
    last = ranks["year"].max()
    first = ranks[ranks["rank"] <= places.top]
    before = set(first.loc[first["year"] < last, "iso3"])
    new = first[(first["year"] == last) & ~first["iso3"].isin(before)].sort_values("name")
    verb, past = ("is", "was") if len(new) == 1 else ("are", "were")
    rows = f"last year, rank up to {places.top}, in no year before"
    text = f"{listed(new['name'])} {verb} among the first {places.top} of that year, and {past} not in any year before"
    none = f"none is among the first {places.top} of that year that was not in some year before"
    yield words("ranks", "new", text if len(new) else none, RANKS, rows)


def limits(tables: Tables, places: Places) -> Iterator[Number]:
    """Yield what the configuration calls the first places and a small one, and how far a typical rank may be off."""
    yield Number("ranks", "top", places.top, "count", RANKS, "how many places are called the first ones")
    yield Number("ranks", "floor", places.floor, "count", RANKS, "people below which a place is called small")
    found = tables[RESULTS]
    for width in found.loc[found["parameter"] == "median_width_all", "estimate"].dropna().tail(1):
        yield Number("ranks", "half_width", width // 2, "count", RESULTS, "half of median_width_all")


def checks(tables: Tables) -> Iterator[Number]:
    """Yield what the checks of the model behind intervals of ranks say of it."""
    found = tables[RESULTS].set_index("parameter")["status"]
    said = {
        "estimated": "as the model itself would leave it",
        "fails_check": "which the model would not leave: the check fails",
        "not_estimable": "which so few years cannot show",
    }
    for lag in ("neighboring", "distant"):
        status = str(found[f"{lag}_correlation"])
        yield words("rank_checks", lag, said[status], RESULTS, f"status of {lag}_correlation")


def stability(tables: Tables) -> Iterator[Number]:
    """Yield whether ranks of neighboring years resemble each other less in later years."""
    found = (
        tables[RESULTS].query("question.str.contains('stable') and parameter == 'spearman'").dropna(subset="estimate")
    )
    spans = found["subset"].str.extract(r"^(\d{4}) to (\d{4})$").astype(float)
    steps = found[(spans[1] - spans[0]) == 1].sort_values("subset")["estimate"]
    text = direction(steps.iloc[0], steps.iloc[-1], ("less", "no less", "more"))
    yield words("ranks", "later", text, RESULTS, "spearman of neighboring years, last against first")


def home(tables: Tables, places: Places) -> Iterator[Number]:
    """Yield how the reports placed in the United States moved, and how they compare with the reports to Congress.

    They are followed over the years of one unit: across a break, no change is said.
    """
    reports = continents(tables).pivot(index="year", columns="area", values="reports")
    placed = reports[places.home].loc[longest_run(reports.index.to_series(), tables)]
    series = {int(str(year)): float(value) for year, value in placed.items()}
    low, high = min(series, key=lambda year: series[year]), max(series, key=lambda year: series[year])
    rows = f"{places.home}, by year"
    yield words("home", "course", turns(series), AREAS, rows)
    yield Number("home", "lowest_year", low, "year", AREAS, rows)
    yield Number("home", "highest_year", high, "year", AREAS, rows)
    yield Number("home", "highest_over_lowest", series[high] / series[low], "ratio", AREAS, rows)
    facts = tables["ojjdp_facts"].query("table == 'user_locations' and measure == 'reports'")
    congress = facts.pivot(index="year", columns="item", values="value").reindex(reports.index).dropna(how="all")
    years = reports.index.intersection(congress.index)
    more = (congress.loc[years, "us"] > reports.loc[years, places.home]).to_dict()
    fewer = (congress.loc[years, "unknown"] < reports.loc[years, places.nowhere]).to_dict()
    between = (congress.loc[years, "us"] < (reports[places.home] + reports[places.nowhere]).loc[years]).to_dict()
    between = {year: under and more[year] for year, under in between.items()}
    yield words("home", "congress_between", in_years(between), "ojjdp_facts", "US users, between both ways to count")
    yield words("home", "congress_more", in_years(more), "ojjdp_facts", "US users, more than by country")
    yield words(
        "home", "congress_unknown_fewer", in_years(fewer), "ojjdp_facts", "unknown place, fewer than by country"
    )
    if len(years):
        yield Number("home", "congress_year", years.max(), "year", "ojjdp_facts", "last year that both cover")
        users = congress.loc[years.max(), "us"]
        yield Number("home", "congress_users", users, "count", "ojjdp_facts", "last year that both cover, US users")
        yield from abroad(reports.loc[years.max()], congress.loc[years.max()], places)
    yield words("home", "n_years", counted(len(years), "year"), "ojjdp_facts", "years that both cover")


def abroad(placed: pd.Series, congress: pd.Series, places: Places) -> Iterator[Number]:
    """Yield the share of reports abroad in the last year that both documents cover, as each of them has it.

    Parameters
    ----------
    placed
        Reports by area, by the table by country.
    congress
        Reports by location of the user, by the report to Congress; none where it does not give those abroad.
    """
    rows = "last year that both cover, neither in the country set apart nor without a country"
    share = 1 - placed.reindex([places.home, places.nowhere]).sum() / placed.sum()
    yield Number("home", "placed_abroad", share, "share", AREAS, rows)
    if {"international", "total"} <= set(congress.dropna().index):
        share = congress["international"] / congress["total"]
        yield Number("home", "congress_abroad", share, "share", "ojjdp_facts", "last year that both cover, abroad")


def claims(tables: Tables, places: Places) -> Iterator[Number]:
    """Yield all claims on places."""
    for topic in (largest_area, leaps, unlisted, new_at_top, home, limits):
        yield from topic(tables, places)
    yield from stability(tables)
    yield from checks(tables)
