"""Reports by country or territory and year, with what they are set against.

- Rows of one code in one year are added, and the sum is marked as derived: one place can be printed twice.
- Reports without a country are a row of their own and belong to no country.
- A dash in the source is a missing count, not zero; a place without a row in a year has none here either.
- A rate is of the population of the same year and is missing where that is. Internet users are missing in the years
  and places that their source lacks: the last year known is not carried on.
- Outlines stay in `data/reference/boundaries.csv`, joined by their code; a row says whether there is one.
- A row of a country that is no more, by the status of its code, is marked as doubtful.
"""

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table

KEY = ["iso3", "year"]
PLACE = ["iso3", "name", "code_status", "region", "subregion", "continent"]


def summed_reports(country_reports: pd.DataFrame) -> pd.DataFrame:
    """Return reports per code and year, with the printed rows behind them; missing where every row is a dash."""
    rows = country_reports.groupby(KEY)["reports"]
    return pd.DataFrame({"reports": rows.sum(min_count=1), "n_rows": rows.size()}).reset_index()


def jurisdiction_warnings(frame: pd.DataFrame) -> pd.Series:
    """Return the warnings of each row, separated by a bar; missing where there are none."""
    words = pd.DataFrame({"doubtful": frame["code_status"] == "withdrawn", "derived": frame["n_rows"] > 1})
    joined = ["|".join(words.columns[list(row)]) or None for row in words.astype(bool).itertuples(index=False)]
    return pd.Series(joined, index=frame.index, dtype="string")


def jurisdiction_years(
    country_reports: pd.DataFrame,
    countries: pd.DataFrame,
    populations: pd.DataFrame,
    internet_users: pd.DataFrame,
    arab_league: pd.DataFrame,
    boundaries: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per code and year in which the clearinghouse prints it.

    Parameters
    ----------
    country_reports, countries, populations, internet_users, arab_league, boundaries
        Tables of `data/`.

    Returns
    -------
    pandas.DataFrame
        With `reports`, `population` and `internet_users` as counts, and `reports_per_100k` of the population.
    """
    frame = summed_reports(country_reports).merge(countries[PLACE], on="iso3", how="left", validate="many_to_one")
    people = populations[[*KEY, "population", "is_projection"]]
    online = internet_users.dropna(subset="iso3")[[*KEY, "internet_users"]]
    for table in (people, online):
        frame = frame.merge(table, on=KEY, how="left", validate="one_to_one")
    people_there = frame["population"].where(frame["population"] > 0).astype("Float64")
    frame["reports_per_100k"] = frame["reports"].astype("Float64") * 100_000 / people_there
    frame["is_arab_league"] = frame["iso3"].isin(set(arab_league["iso3"]))
    frame["has_boundary"] = frame["iso3"].isin(set(boundaries["iso3"]))
    return frame.assign(warnings=jurisdiction_warnings(frame))


if __name__ == "__main__":
    run(
        lambda: write_table(jurisdiction_years(*map(read_table, snakemake.input.tables)), *snakemake.output),
        snakemake.log[0],
    )
