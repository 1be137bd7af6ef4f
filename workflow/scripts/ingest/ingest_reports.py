"""Gather reports to the CyberTipline by year and submitter from the clearinghouse's parsed tables.

- All reports: the appendix of the reports to OJJDP, else their table by submitter, else the total by country.
  Service providers: the total by provider, else the table by submitter. The public: the table by submitter.
- Years that none of them is about yet come from a compilation of such tables, and are marked as secondary.
- Where several of them print a number it must be the same; the row names the first as its source, the others in
  `also_in`.
- Remarks on a row are ours and stand in `data/cybertipline/report_remarks.csv`.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from countback.io.errors import DataError
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table

REMARKS = "data/cybertipline/report_remarks.csv"
TABLES = ["reports_by_year", "submitters"]
KEY = ["submitter", "year"]
TYPES = {"page": "Int64", "place": "string"}
COLUMNS = [*KEY, "reports", "reports_printed", "source", "page", "place", "provenance"]


def printed_reports(
    facts: pd.DataFrame, esp_totals: pd.DataFrame, country_totals: pd.DataFrame, compiled: pd.DataFrame
) -> pd.DataFrame:
    """Return every printed number of reports by year and submitter (`COLUMNS`), the preferred source first.

    Parameters
    ----------
    facts, esp_totals, country_totals
        Tables parsed from the clearinghouse's documents.
    compiled
        Facts of a compilation, in the form of `data/cybertipline/compiled_facts.csv`.
    """
    named = facts.rename(columns={"value": "reports", "value_printed": "reports_printed"})
    named = named[named["reports"].notna()].sort_values("last_report", ascending=False, kind="stable")
    named = named.astype({"reports": "Int64"}).assign(source=named["last_report"], submitter=named["item"])
    repeated = named[named["first_report"] != named["last_report"]]
    sources = [
        named[named["table"] == TABLES[0]],
        esp_totals.assign(submitter="service_providers"),
        named[named["table"] == TABLES[1]],
        country_totals.assign(submitter="all"),
        repeated[repeated["table"].isin(TABLES)].assign(source=repeated["first_report"]),
    ]
    second_hand = compiled[compiled["table"].isin(TABLES)].rename(
        columns={"item": "submitter", "value": "reports", "value_printed": "reports_printed"}
    )
    sources = [source.assign(place=None, provenance="primary") for source in sources]
    sources.append(second_hand.astype({"reports": "Int64"}).assign(page=pd.NA, provenance="secondary"))
    return pd.concat([source[COLUMNS].astype(TYPES) for source in sources], ignore_index=True)


def gather(printed: pd.DataFrame) -> pd.DataFrame:
    """Return one row per submitter and year, with the other sources that print the same number.

    Raises
    ------
    DataError
        If two sources print different numbers.
    """
    return pd.DataFrame(_gathered(printed)).sort_values(KEY, ignore_index=True)


def _gathered(printed: pd.DataFrame) -> Iterator[dict[str, object]]:
    for (submitter, year), rows in printed.groupby(KEY):
        first = rows.iloc[0]
        for _, other in rows.iterrows():
            if other["reports"] != first["reports"]:
                raise DataError(
                    str(other["source"]),
                    place_of(other),
                    "reports",
                    found=f"{other['reports_printed']} for {submitter} of {year}",
                    expected=f"{first['reports_printed']}, as {first['source']} prints on {place_of(first)}",
                    fix="Look at both pages. If the publisher revised the number, correct the older one.",
                )
        others = [source for source in rows["source"].drop_duplicates() if source != first["source"]]
        yield first.to_dict() | {"also_in": "|".join(others) or None}


def place_of(row: pd.Series) -> str:
    """Return where in its source a number stands."""
    return str(row["place"]) if pd.isna(row["page"]) else f"page {row['page']}"


def with_remarks(reports: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the warnings and notes on them.

    Raises
    ------
    DataError
        If a remark is on a row that is not there.
    """
    keys = set(map(tuple, reports[KEY].to_numpy()))
    for index, remark in enumerate(remarks.itertuples(), start=2):
        if (remark.submitter, remark.year) not in keys:
            found = f"{remark.year}, {remark.submitter}"
            raise DataError(REMARKS, index, found=found, expected="a printed row", fix="Correct or drop the remark.")
    return reports.merge(remarks, on=KEY, how="left")


def main(facts: Path, compiled: Path, esp_totals: Path, country_totals: Path, remarks: Path, reports: Path) -> None:
    """Gather the reports from the parsed tables and write them with the remarks."""
    printed = printed_reports(*map(read_table, (facts, esp_totals, country_totals, compiled)))
    write_table(with_remarks(gather(printed), read_table(remarks)), reports)


if __name__ == "__main__":
    run_on_files(main, snakemake)
