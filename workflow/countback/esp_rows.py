"""The clearinghouse's rows by service provider: all of a year's full table, else those of surveyed organizations alone.

A year without its full table is known in part: what it does not list is unknown, not absent and not zero.
"""

import pandas as pd


def branded_rows(
    esp_reports: pd.DataFrame, esp_brands: pd.DataFrame, selected_reports: pd.DataFrame, selected_brands: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows of listed organizations in all years, once for each brand that a row covers.

    Parameters
    ----------
    esp_reports, esp_brands
        Full tables, and the brands of their rows.
    selected_reports, selected_brands
        Rows of surveyed organizations in other years, and the brands of these.

    Returns
    -------
    pandas.DataFrame
        With `year`, `esp_printed`, `brand`, `reports` as a count, and `is_full_table`: whether the year's whole table
        is at hand.
    """
    others = selected_reports[~selected_reports["year"].isin(set(esp_reports["year"]))]
    parts = [
        rows.merge(brands[["esp_printed", "brand"]].dropna(), on="esp_printed").assign(is_full_table=is_full)
        for rows, brands, is_full in ((esp_reports, esp_brands, True), (others, selected_brands, False))
    ]
    columns = ["year", "esp_printed", "brand", "reports", "is_full_table"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def rows_of_one_brand(rows: pd.DataFrame) -> pd.DataFrame:
    """Return those of `branded_rows` that cover one brand alone: counts of that brand, and of no other."""
    n_brands = rows.groupby(["year", "esp_printed"])["brand"].transform("nunique")
    return rows[n_brands == 1].reset_index(drop=True)
