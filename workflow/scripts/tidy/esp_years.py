"""Reports of every service provider by year, under one name each.

- A printed row belongs to the provider of `esp_aliases.csv`; several rows of one provider in one year are added.
- A share is of all reports that service providers made in the year: the total that the table prints.
- The scope of a provider's rows changes when the clearinghouse begins or ceases to combine platforms in them: the
  year in which it differs from the last year before with a row is marked.
- The owner is that of the provider's brand on the last day of the year; of a provider whose brand is not among the
  organizations, the owner is not known here.
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, counts, numbers_table
from countback.ownership import owner_of


def esp_years(
    esp_reports: pd.DataFrame,
    esp_totals: pd.DataFrame,
    aliases: pd.DataFrame,
    esps: pd.DataFrame,
    ownership: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per provider and year in which it has a printed row.

    Parameters
    ----------
    esp_reports, esp_totals, aliases, esps
        Tables of `data/cybertipline/`.
    ownership
        The table of `data/organizations/`.

    Returns
    -------
    pandas.DataFrame
        With `reports` as a count, `share` from 0 to 1, and the printed rows behind them counted in `n_rows`.
    """
    rows = esp_reports.merge(aliases[["esp_printed", "esp", "row_scope"]], on="esp_printed", validate="many_to_one")
    rows["is_combined"] = rows["row_scope"] == "combined"
    summed = rows.groupby(["esp", "year"], as_index=False).agg(
        reports=("reports", "sum"), n_rows=("reports", "size"), is_combined=("is_combined", "any")
    )
    totals = esp_totals.set_index("year")["reports"].astype("Float64")
    summed["share"] = summed["reports"].astype("Float64") / summed["year"].map(totals)
    before = summed.groupby("esp")["is_combined"].shift()
    changed = before.notna() & before.ne(summed["is_combined"])
    summed["warnings"] = pd.Series("scope-changed", index=summed.index, dtype="string").where(changed)
    named = summed.merge(esps[["esp", "name", "reporter_kind", "brand"]], on="esp", validate="many_to_one")
    named["owner"] = pd.Series(
        [
            None if pd.isna(brand) else owner_of(brand, int(year), ownership)
            for brand, year in zip(named["brand"], named["year"], strict=True)
        ],
        index=named.index,
        dtype="string",
    )
    return named.drop(columns="brand")


def numbers(years: pd.DataFrame) -> Iterator[Number]:
    """Yield how many service providers the yearly tables list: ever, in each year, in one, with few reports."""
    listed = years.groupby("esp")["year"].nunique()
    n_every_year = int((listed == years["year"].nunique()).sum())
    found = {
        "n_ever": (len(listed), "service providers"),
        "n_every_year": (n_every_year, "service providers listed in every year"),
        "n_one_year": (int((listed == 1).sum()), "service providers listed in one year"),
    }
    yield from counts("all", "esp_years", found)
    for year, rows in years.groupby("year"):
        few = {
            "n_single": (int((rows["reports"] == 1).sum()), f"{year}, one report"),
            "n_below_ten": (int((rows["reports"] < 10).sum()), f"{year}, fewer than ten reports"),
        }
        yield from counts(str(year), "esp_years", few)


def main(files: Sequence[str], outputs: Mapping[str, str]) -> None:
    """Read, bring together, write."""
    years = esp_years(*map(read_table, files))
    write_table(years, outputs["csv"], outputs["parquet"])
    write_table(numbers_table(numbers(years)), outputs["numbers"])


if __name__ == "__main__":
    run(lambda: main(snakemake.input.tables, dict(snakemake.output.items())), snakemake.log[0])
