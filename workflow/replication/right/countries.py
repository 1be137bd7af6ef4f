"""Reports by country by the right methods, under the ids of the published values.

- Reports without a country belong to none; the whole that percentages are of holds them.
- A ranking holds countries and territories with a population, and no row that sums others.
- Sub-regions and continents are M49's, as `data/reference/countries.csv` has them; the rule for sums is that of
  `jurisdiction_areas` in `workflow/R/jurisdictions.R`: reports of all places of an area over people of all its places.
- The Channel Islands, which the published values set apart, are Guernsey and Jersey, and part of Northern Europe.
"""

import pandas as pd

from replication.definitions import CHANNEL_ISLANDS, NO_COUNTRY, REGIONS, TOP_RANKS, USA
from replication.inputs import Method, Tables, Values, by_year, slug


def total_reports(tables: Tables) -> pd.Series:
    """Return all reports by year, those without a country among them."""
    years = tables["cybertipline_years"]
    return years[years["submitter"] == "all"].set_index("year")["reports"].astype(float)


def areas(tables: Tables) -> pd.DataFrame:
    """Return one row per place and year; population or reports are missing where a source does not give them."""
    people = tables["populations"][["iso3", "year", "population"]]
    frame = people.merge(tables["jurisdiction_years"][["iso3", "year", "reports"]], on=["iso3", "year"], how="outer")
    frame = frame.merge(tables["countries"][["iso3", "region", "continent"]], on="iso3", how="left")
    frame = frame.astype({"reports": float, "population": float})
    return frame.assign(
        is_arab_league=frame["iso3"].isin(set(tables["arab_league"]["iso3"])),
        rate=frame["reports"] / frame["population"],
    )


def places(tables: Tables) -> pd.DataFrame:
    """Return one row per place with a population and year, as rankings hold them."""
    return areas(tables).dropna(subset="population")


def rankings(tables: Tables) -> Values:
    """Return the places with the highest rates, and the members of the Arab League among them."""
    values: Values = {}
    for year, rows in places(tables).groupby("year"):
        top = rows.nlargest(TOP_RANKS, "rate")
        values[f"country.arab_league.members_in_top.{year}"] = int(top["is_arab_league"].sum())
        for rank, row in enumerate(top.itertuples(), start=1):
            values |= {f"country.top.{year}.{rank:02}.iso3": row.iso3, f"country.top.{year}.{rank:02}.rpc": row.rate}
    return values | {"country.rpc.max": places(tables)["rate"].max()}


def arab_league(tables: Tables) -> Values:
    """Return the League's shares in percent, and the rank that its rate would have among places."""
    frame = places(tables)
    sums = frame[frame["is_arab_league"]].groupby("year")[["reports", "population"]].sum()
    rate = sums["reports"] / sums["population"]
    ranks = {year: int((rows["rate"] > rate[year]).sum()) + 1 for year, rows in frame.groupby("year")}
    people = frame.groupby("year")["population"].sum()
    return (
        by_year("country.arab_league.rank", pd.Series(ranks))
        | by_year("country.arab_league.reports_pct", sums["reports"] / total_reports(tables) * 100)
        | by_year("country.arab_league.population_pct", sums["population"] / people * 100)
    )


def regions(tables: Tables) -> Values:
    """Return reports and reports per person by sub-region."""
    frame = areas(tables)
    islands = frame[frame["iso3"].isin(CHANNEL_ISLANDS)].assign(region="Channel Islands")
    frame = pd.concat([frame.assign(region=frame["region"].replace(REGIONS)), islands])
    region = frame["region"].map(slug, na_action="ignore")
    sums = frame.groupby([region, "year"])[["reports", "population"]].sum()
    sums["population"] = sums["population"].where(sums["population"] > 0)
    values: Values = {}
    for (name, year), row in sums.iterrows():  # type: ignore[misc]
        values[f"country.region.{name}.{year}.reports"] = row["reports"]
        values[f"country.region.{name}.{year}.rpc"] = row["reports"] / row["population"]
    return values


def continents(tables: Tables) -> Values:
    """Return shares in percent and rates by continent: the USA apart, in the rates of the Americas as well."""
    frame = areas(tables)
    frame["part"] = frame["continent"].map(slug, na_action="ignore").mask(frame["iso3"] == USA, "usa")
    within = frame["is_arab_league"] & frame["part"].isin(["africa", "asia"])
    frame["split"] = frame["part"].mask(within, "arab-league-" + frame["part"])
    totals, values = total_reports(tables), Values()
    for column, family in {"part": "continent_share", "split": "continent_share_split"}.items():
        for (part, year), reports in frame.groupby([column, "year"])["reports"].sum().items():  # type: ignore[misc]
            values[f"country.{family}.{part}.{year}"] = reports / totals[year] * 100
    both = pd.concat([frame, frame[frame["part"] == "usa"].assign(part="americas")])
    sums = both.groupby(["part", "year"])[["reports", "population"]].sum()
    sums["population"] = sums["population"].where(sums["population"] > 0)
    for (part, year), row in sums.iterrows():  # type: ignore[misc]
        values[f"country.per_100k.{part}.{year}"] = row["reports"] / row["population"] * 100_000
    return values


def without_population(tables: Tables) -> Values:
    """Return how many places have reports but no population, and their reports by year."""
    frame = tables["jurisdiction_years"]
    missing = frame[(frame["iso3"] != NO_COUNTRY) & ~frame["iso3"].isin(set(tables["populations"]["iso3"]))]
    return {"country.without_population.n": missing["iso3"].nunique()} | by_year(
        "country.without_population.reports", missing.groupby("year")["reports"].sum()
    )


def united_states(tables: Tables) -> Values:
    """Return the reports of the USA, their share of all in percent, and reports per person by state."""
    frame = tables["jurisdiction_years"]
    reports = frame[frame["iso3"] == USA].set_index("year")["reports"].astype(float)
    states = tables["states"].dropna(subset="reports_per_100k")
    return (
        by_year("us.reports", reports)
        | by_year("us.reports_pct", reports / total_reports(tables) * 100)
        | {
            f"us.state.{row.state}.reports_per_capita.{row.year}": row.reports_per_100k / 100_000
            for row in states.itertuples()
        }
    )


def ranks(tables: Tables) -> Values:
    """Return the rank of the USA among places by reports per person."""
    ranks: Values = {}
    for year, rows in places(tables).groupby("year"):
        rate = rows.loc[rows["iso3"] == USA, "rate"].iloc[0]
        ranks[f"us.rank_per_capita.{year}"] = int((rows["rate"] > rate).sum()) + 1
    return ranks


METHODS: list[Method] = [rankings, arab_league, regions, continents, without_population, united_states, ranks]
