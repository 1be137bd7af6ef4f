"""Reports by country that received them, each recipient counted, beside what the Global Platform prints of the place.

- One report can count several times, so a row is no continuation of the tables by country that count each report once:
  no change and no rank goes from one to the other. Ranks are within a year.
- A rate is of all reports received, referrals and informational ones. Its population is the newest that is known, of
  the year or before it; `population_year` says which.
- A place below the population floor has a rank among all places, and none among those above the floor: a few reports
  put a small place first.
- What one of the two sources does not list is missing, not zero. Received reports are a sum that no source prints.
- Reports without a country are a row of their own, without a rate.
- Referrals that are less than a tenth of what the platform prints, or more than ten times that, even at the end of
  its rounding that is nearer, are marked as doubtful: one of the two is likely a fault. Nothing is changed.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from countback.clearinghouse import SMALL_PART
from countback.io.package import fields_of
from countback.io.script import run
from countback.io.tables import read_table, write_table

KEY = ["iso3", "year"]
REFERRED = "cybertipline_reports_referred"


def received(recipients: pd.DataFrame) -> pd.DataFrame:
    """Return referrals, informational reports and their sum per code and year; missing where no row has a number."""
    levels = ["referrals", "informational"]
    summed = recipients.groupby(KEY)[levels].sum(min_count=1).astype("Int64").reset_index()
    return summed.assign(received=summed[levels].sum(axis=1, min_count=1).astype("Int64"))


def with_people(frame: pd.DataFrame, populations: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the newest population of the year or before it, and its year."""
    people = populations[[*KEY, "population"]].rename(columns={"year": "population_year"})
    by_year = frame[KEY].merge(people, on="iso3")
    known = by_year[by_year["population_year"] <= by_year["year"]].sort_values("population_year")
    return frame.merge(known.drop_duplicates(KEY, keep="last"), on=KEY, how="left")


def recipient_warnings(frame: pd.DataFrame) -> pd.Series:
    """Return `doubtful` for rows whose referrals are of another size than what the platform prints; else nothing."""
    referrals = frame["referrals"].astype("Float64")
    is_off = (referrals < frame["platform_low"] * SMALL_PART) | (referrals * SMALL_PART > frame["platform_high"])
    is_off &= frame["platform_high"].notna() & referrals.notna()
    return is_off.fillna(False).map({True: "doubtful", False: None}).astype("string")


def recipient_jurisdictions(
    recipients: pd.DataFrame,
    platform: pd.DataFrame,
    countries: pd.DataFrame,
    populations: pd.DataFrame,
    population_floor: int,
) -> pd.DataFrame:
    """Return one row per code and year in which countries are listed as recipients.

    Parameters
    ----------
    recipients
        `data/cybertipline/recipient_reports.csv`.
    platform
        `data/cybertipline/platform_jurisdictions.parquet`: rounded referrals with their bounds.
    countries, populations
        Tables of `data/reference/`.
    population_floor
        People that a place must have for `rank_above_floor`.
    """
    rounded = platform.loc[platform["measure"] == REFERRED, [*KEY, "value_printed", "low", "high"]]
    rounded = rounded[rounded["year"].isin(set(recipients["year"]))]
    rounded = rounded.rename(columns={name: f"platform_{name.removeprefix('value_')}" for name in rounded.columns[2:]})
    frame = received(recipients).merge(rounded, on=KEY, how="outer")
    places = countries[["iso3", "name", "region", "continent"]]
    frame = with_people(frame.merge(places, on="iso3", how="left", validate="many_to_one"), populations)
    people = frame["population"].where(frame["population"] > 0).astype("Float64")
    frame["received_per_100k"] = frame["received"].astype("Float64") * 100_000 / people
    above_floor = frame["received_per_100k"].where((people >= population_floor).fillna(False))
    for column, rates in (("rank", frame["received_per_100k"]), ("rank_above_floor", above_floor)):
        frame[column] = rates.groupby(frame["year"]).rank(ascending=False, method="min").astype("Int64")
    return frame.assign(warnings=recipient_warnings(frame))


def main(tables: Sequence[Path], population_floor: int, outputs: Sequence[Path]) -> None:
    """Read, set side by side, write."""
    recipients, platform, countries, populations = map(read_table, tables)
    frame = recipient_jurisdictions(recipients, platform, countries, populations, population_floor)
    write_table(frame[list(fields_of(outputs[0]))], *outputs)


if __name__ == "__main__":
    run(
        lambda: main(
            [Path(snakemake.input[name]) for name in ("recipients", "platform", "countries", "populations")],
            snakemake.params.population_floor,
            [Path(file) for file in snakemake.output],
        ),
        snakemake.log[0],
    )
