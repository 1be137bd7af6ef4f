"""Reports by country, as published: rates, rankings, regions, continents and the Arab League.

Published methods, faults included: only to reproduce the published values, not to be used.

- Reports without a country are counted as reports of the USA; a place that is not listed in a year has no reports: 0.
- Only places with a population take part in rankings and sums; reports are percentages of all reports,
  populations of all populations listed.
- Cyprus counts as Southern Europe, where M49 has it in Western Asia. The rate of the Americas holds the USA, their
  share of reports does not.
- The Arab League is a row of its own among the countries that it consists of. Members are counted in the first
  thirty rows, that row among them, while the text says twenty.
"""

import pandas as pd

from replication.definitions import CHANNEL_ISLANDS, NO_COUNTRY, REGIONS, TOP_RANKS, USA
from replication.inputs import Method, Tables, Value, Values, by_year, slug
from replication.published.shared import reports_by_year

LEAGUE_SIGN = "☪"
LEAGUE_ROWS = 30
CYPRUS = {"iso3": "CYP", "region": "Southern Europe", "continent": "Europe"}


def reports_by_place(tables: Tables) -> pd.DataFrame:
    """Return reports by place (rows) and year (columns), those without a country counted as the USA's."""
    printed = tables["cybertipline/country_reports"]
    place = printed["iso3"].replace(NO_COUNTRY, USA)
    return printed.assign(iso3=place).groupby(["iso3", "year"])["reports"].sum().unstack("year").fillna(0).astype(int)


def places(tables: Tables) -> pd.DataFrame:
    """Return one row per place with a population and year: reports, population, rate, region and continent."""
    reports = reports_by_place(tables)
    populations = tables["reference/populations"].pivot(index="iso3", columns="year", values="population")
    frame = (
        populations.astype(int)
        .stack()
        .rename("population")
        .reset_index()
        .merge(reports.stack().rename("reports").reset_index(), on=["iso3", "year"], how="left")
        .merge(tables["reference/countries"][["iso3", "region", "continent"]], on="iso3", how="left")
    )
    frame["reports"] = frame["reports"].fillna(0).astype(int)
    frame.loc[frame["iso3"] == CYPRUS["iso3"], ["region", "continent"]] = [CYPRUS["region"], CYPRUS["continent"]]
    frame["region"] = frame["region"].replace(REGIONS).mask(frame["iso3"].isin(CHANNEL_ISLANDS), "Channel Islands")
    frame["is_member"] = frame["iso3"].isin(set(tables["reference/arab_league"]["iso3"]))
    frame["rpc"] = frame["reports"] / frame["population"]
    return frame


def with_league(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the places and, as one more row of each year, the members of the Arab League summed."""
    sums = frame[frame["is_member"]].groupby("year", as_index=False)[["reports", "population"]].sum()
    league = sums.assign(iso3=LEAGUE_SIGN, rpc=sums["reports"] / sums["population"], is_member=False)
    return pd.concat([frame, league], ignore_index=True)


def rankings(tables: Tables) -> Values:
    """Return the rows with the highest rates by year and rank, the Arab League's among them, and the highest of all."""
    frame = with_league(places(tables))
    values: dict[str, Value] = {"country.rpc.max": float(frame["rpc"].max())}
    for year, rows in frame.groupby("year"):
        for rank, row in enumerate(rows.nlargest(TOP_RANKS, "rpc").itertuples(), start=1):
            values |= {f"country.top.{year}.{rank:02}.iso3": row.iso3, f"country.top.{year}.{rank:02}.rpc": row.rpc}
    return values


def arab_league(tables: Tables) -> Values:
    """Return the rank of the Arab League's own row, its members among the first rows, and its shares in percent."""
    frame = places(tables)
    listed = with_league(frame)
    values: dict[str, Value] = {}
    for year, rows in listed.groupby("year"):
        ranked = rows.sort_values("rpc", ascending=False, ignore_index=True)
        values[f"country.arab_league.rank.{year}"] = int(ranked.index[ranked["iso3"] == LEAGUE_SIGN][0]) + 1
        values[f"country.arab_league.members_in_top.{year}"] = int(ranked["is_member"].head(LEAGUE_ROWS).sum())
    league = listed[listed["iso3"] == LEAGUE_SIGN].set_index("year")
    people = frame.groupby("year")["population"].sum()
    return (
        values
        | by_year("country.arab_league.reports_pct", league["reports"] / reports_by_year(tables) * 100)
        | by_year("country.arab_league.population_pct", league["population"] / people * 100)
    )


def regions(tables: Tables) -> Values:
    """Return reports and reports per person by region and year."""
    sums = places(tables).groupby(["region", "year"])[["reports", "population"]].sum()
    values: dict[str, Value] = {}
    for (region, year), row in sums.iterrows():  # type: ignore[misc]
        family = f"country.region.{slug(region)}.{year}"
        values |= {f"{family}.reports": int(row["reports"]), f"{family}.rpc": row["reports"] / row["population"]}
    return values


def continents(tables: Tables) -> Values:
    """Return shares of reports in percent and reports per 100,000 people by continent, the USA apart."""
    frame = places(tables)
    frame["part"] = frame["continent"].map(slug).mask(frame["iso3"] == USA, "usa")
    league = frame["is_member"] & frame["part"].isin(["africa", "asia"])
    frame["split"] = frame["part"].mask(league, "arab-league-" + frame["part"])
    totals = reports_by_year(tables)
    values: dict[str, Value] = {}
    for column, family in {"part": "country.continent_share", "split": "country.continent_share_split"}.items():
        for (part, year), reports in frame.groupby([column, "year"])["reports"].sum().items():  # type: ignore[misc]
            values[f"{family}.{part}.{year}"] = reports / totals[year] * 100
    america = frame[frame["part"] == "usa"].assign(part="americas")
    sums = pd.concat([frame, america]).groupby(["part", "year"])[["reports", "population"]].sum()
    rates = sums["reports"] / sums["population"] * 100_000
    return values | {f"country.per_100k.{part}.{year}": rate for (part, year), rate in rates.items()}  # type: ignore[misc]


def without_population(tables: Tables) -> Values:
    """Return how many places have reports but no population, and their reports by year."""
    reports = reports_by_place(tables)
    missing = reports[~reports.index.isin(set(tables["reference/populations"]["iso3"]))]
    return {"country.without_population.n": len(missing)} | by_year("country.without_population.reports", missing.sum())


METHODS: dict[str, Method] = {
    "countries.rankings": rankings,
    "countries.arab_league": arab_league,
    "countries.regions": regions,
    "countries.continents": continents,
    "countries.without_population": without_population,
}
