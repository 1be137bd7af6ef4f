"""Checks of the clearinghouse's tables that no schema can state: sums, printed forms, and codes of printed names.

- They belong to the gate as those of `countback.checks` do, and have the same form.
"""

from collections.abc import Iterator

import pandas as pd

from countback.checks import Check, Tables, line
from countback.errors import DataError

COUNTRY_REPORTS = "data/cybertipline/country_reports.csv"
COUNTRY_ALIASES = "data/reference/country_aliases.csv"


def country_rows_add_up(tables: Tables) -> Iterator[DataError]:
    """The rows of a table by country add up to its printed total."""
    sums = tables["country_reports"].groupby("year")["reports"].sum()
    totals = tables["country_totals"].set_index("year")["reports"]
    for year in sorted({*sums.index, *totals.index}):
        if sums.get(year) != totals.get(year):
            yield DataError(
                COUNTRY_REPORTS,
                f"year {year}",
                "reports",
                found=sums.get(year),
                expected=f"{totals.get(year)}, the total in country_totals.csv",
                mend="Compare the rows with the source.",
            )


def country_totals_are_all_reports(tables: Tables) -> Iterator[DataError]:
    """The total of a table by country is the number of all reports of its year."""
    reports = tables["cybertipline_reports"].query("submitter == 'all'").set_index("year")["reports"]
    for index, row in tables["country_totals"].iterrows():
        if row["reports"] != reports.get(row["year"]):
            yield DataError(
                "data/cybertipline/country_totals.csv",
                line(index),
                "reports",
                found=row["reports"],
                expected=f"{reports.get(row['year'])}, all reports of {row['year']} in data/cybertipline/reports.csv",
                mend="Compare both numbers with their sources; add the year there if it is missing.",
            )


def countries_are_as_printed(tables: Tables) -> Iterator[DataError]:
    """A count by country is the printed one, and is missing where a dash is printed: a dash is not zero."""
    for index, row in tables["country_reports"].iterrows():
        printed, is_dash = row["reports_printed"], bool(row["printed_as_dash"])
        found = "-" if pd.isna(row["reports"]) else str(row["reports"])
        if is_dash != (printed == "-") or found != str(printed).replace(",", ""):
            yield DataError(
                COUNTRY_REPORTS,
                line(index),
                "reports",
                found=None if pd.isna(row["reports"]) else row["reports"],
                expected=f"{printed}, as printed; missing and marked where that is a dash",
                mend="Correct the row, or run snakemake ingest.",
            )


def country_codes_are_decided(tables: Tables) -> Iterator[DataError]:
    """Each printed name has the code of the table of names, and each name there is printed somewhere."""
    frame, aliases = tables["country_reports"], tables["country_aliases"]
    codes = aliases.set_index("country_printed")["iso3"]
    decided = frame["country_printed"].map(codes)
    for index, row in frame[(decided != frame["iso3"]).fillna(True)].iterrows():
        yield DataError(
            COUNTRY_REPORTS,
            line(index),
            "iso3",
            found=row["iso3"],
            expected=f"{codes.get(row['country_printed'], 'a code')}, that of {row['country_printed']!r} "
            f"in {COUNTRY_ALIASES}",
            mend="Mend the table of names, then run snakemake ingest.",
        )
    for index, name in aliases.loc[
        ~aliases["country_printed"].isin(set(frame["country_printed"])), "country_printed"
    ].items():
        yield DataError(
            COUNTRY_ALIASES,
            line(index),
            "country_printed",
            found=name,
            expected="a name that data/cybertipline/country_reports.csv prints",
            mend="Copy the name as printed, star included.",
        )


CYBERTIPLINE_CHECKS: list[Check] = [
    country_rows_add_up,
    country_totals_are_all_reports,
    countries_are_as_printed,
    country_codes_are_decided,
]
