"""Reports of each surveyed corporation in the clearinghouse's tables, with its share of all.

- A printed row counts for the owner, on the last day of the year, of the brand it names; a brand without owner
  counts for itself. Ownership is dated, so that a brand moves with its sale.
- Rows that combine brands count once: their brands have one owner.
- Of years without the full table only rows of surveyed organizations are known; a corporation's sum is then of what is
  listed, and `is_full_table` says so.
"""

import pandas as pd

from countback.esp_rows import branded_rows
from countback.io.errors import DataError
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.ownership import owner_of


def owned_rows(branded: pd.DataFrame, ownership: pd.DataFrame) -> pd.DataFrame:
    """Return the clearinghouse's rows of known brands with their owner of the year, each row once.

    Parameters
    ----------
    branded
        What `branded_rows` returns.
    ownership
        The table of `data/organizations/`.

    Raises
    ------
    DataError
        If the brands of one row have several owners.
    """
    owners = [
        owner_of(brand, int(year), ownership) for brand, year in zip(branded["brand"], branded["year"], strict=True)
    ]
    once = branded.assign(provider=owners).drop_duplicates(["year", "esp_printed", "provider"])
    split = once[once.duplicated(["year", "esp_printed"])]
    if len(split):
        raise DataError(
            "data/cybertipline/esp_brands.csv",
            found=f"{split.iloc[0]['esp_printed']} of {split.iloc[0]['year']}, whose brands have several owners",
            expected="brands of one owner",
            fix="Correct the brands or data/organizations/ownership.csv.",
        )
    return once


def provider_shares(
    esp_reports: pd.DataFrame,
    selected_reports: pd.DataFrame,
    esp_brands: pd.DataFrame,
    selected_brands: pd.DataFrame,
    ownership: pd.DataFrame,
    years: pd.DataFrame,
) -> pd.DataFrame:
    """Return one row per corporation and year: reports, share of service providers' reports, share of all reports.

    Parameters
    ----------
    esp_reports, selected_reports, esp_brands, selected_brands, ownership
        Tables of `data/`.
    years
        The tidy table of reports per year and submitter.
    """
    rows = owned_rows(branded_rows(esp_reports, esp_brands, selected_reports, selected_brands), ownership)
    frame = rows.groupby(["provider", "year"], as_index=False).agg(
        reports=("reports", "sum"), is_full_table=("is_full_table", "all")
    )
    totals = years.pivot(index="year", columns="submitter", values="reports").astype("Float64")
    for column, submitter in {"share": "service_providers", "share_of_all": "all"}.items():
        frame[column] = frame["reports"].astype("Float64") / frame["year"].map(totals[submitter])
    return frame


if __name__ == "__main__":
    run(
        lambda: write_table(
            provider_shares(*map(read_table, snakemake.input.tables)),
            *snakemake.output,
        ),
        snakemake.log[0],
    )
