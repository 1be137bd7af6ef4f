"""Checks of the clearinghouse's tables that no schema can state: sums, printed forms, and codes of printed names.

- They belong to the gate as those of `countback.checks.disclosures` do, and have the same form.
"""

from collections.abc import Iterator

import pandas as pd

from countback.checks.disclosures import Check, Tables, line
from countback.io.errors import DataError

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
                fix="Compare the rows with the source.",
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
                fix="Compare both numbers with their sources; add the year there if it is missing.",
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
                fix="Correct the row, or run snakemake ingest.",
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
            fix="Correct the table of names, then run snakemake ingest.",
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
            fix="Copy the name as printed, star included.",
        )


def ojjdp_parts_add_up(tables: Tables) -> Iterator[DataError]:
    """Items and measures that the labels name as parts of another add up to it, in each table, year and report."""
    labels = tables["ojjdp_labels"].dropna(subset="part_of")
    facts = tables["ojjdp_facts"].query("unit == 'count'")
    for role, other in (("item", "measure"), ("measure", "item")):
        parts = labels[labels["role"] == role][["table", "id", "part_of"]].drop_duplicates()
        context = ["table", other, "year", "last_report"]
        named = facts.merge(parts, left_on=["table", role], right_on=["table", "id"])
        sums = named.groupby([*context, "part_of"])["value"].sum().rename("parts").reset_index()
        compared = sums.merge(facts, left_on=[*context, "part_of"], right_on=[*context, role], how="left")
        for row in compared[(compared["parts"] != compared["value"]).fillna(True)].itertuples():
            yield DataError(
                "data/cybertipline/ojjdp_facts.csv",
                f"{row.table}, {getattr(row, other)}, {row.part_of}, year {row.year}",
                "value",
                found=f"parts that sum to {row.parts:,.0f}",
                expected=f"{row.value:,.0f}, the value of {row.part_of}"
                if pd.notna(row.value)
                else "a row with that sum",
                fix="Compare the rows with the source; a part that is not exhaustive has no part_of in the labels.",
            )


def ojjdp_values_are_as_printed(tables: Tables) -> Iterator[DataError]:
    """A value is the printed one without separators and percent sign, and is missing where a dash is printed."""
    for name in ("ojjdp_facts", "ojjdp_stocks"):
        frame = tables[name]
        plain = frame["value_printed"].str.replace(r",|%$", "", regex=True).str.replace(" million", "000000")
        wanted = pd.to_numeric(plain.where(plain != "-")).astype("Float64")
        differs = (wanted != frame["value"]).fillna(False) | (wanted.isna() != frame["value"].isna())
        for index, row in frame[differs].iterrows():
            yield DataError(
                f"data/cybertipline/{name}.csv",
                line(index),
                "value",
                found=None if pd.isna(row["value"]) else row["value"],
                expected=f"{row['value_printed']}, as printed; missing where that is a dash",
                fix="Correct the row, or run snakemake ingest.",
            )


def remarks_are_in_place(tables: Tables) -> Iterator[DataError]:
    """Warnings and notes on reports by year are those of the table of remarks."""
    key = ["year", "submitter"]
    remarks = tables["report_remarks"].set_index(key)
    for index, row in tables["cybertipline_reports"].iterrows():
        found = [None if pd.isna(row[name]) else row[name] for name in ("warnings", "note")]
        place = (row["year"], row["submitter"])
        wanted = list(remarks.loc[place, ["warnings", "note"]]) if place in remarks.index else [None, None]
        if found != [None if pd.isna(value) else value for value in wanted]:
            yield DataError(
                "data/cybertipline/reports.csv",
                line(index),
                "warnings",
                found=found[0],
                expected=f"{wanted[0]}, as in report_remarks.csv",
                fix="Edit report_remarks.csv, then run snakemake ingest.",
            )


CYBERTIPLINE_CHECKS: list[Check] = [
    country_rows_add_up,
    country_totals_are_all_reports,
    countries_are_as_printed,
    country_codes_are_decided,
    ojjdp_parts_add_up,
    ojjdp_values_are_as_printed,
    remarks_are_in_place,
]
