"""Read NCMEC's reports by country from its yearly PDFs.

- Which files, and which year each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `ncmec-country-`. How their files are found is said in `countback.ingest.sources`.
- The codes of printed names come from `data/reference/country_aliases.csv`; a name that is not there is refused.
- Rows stand in printed order, year by year. How a PDF is read is said in `countback.ingest.ncmec_counts`.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from countback.ingest.ncmec_country import parse_country_reports
from countback.ingest.ncmec_counts import CountTables, join_years, write_counts
from countback.ingest.sources import read_each, read_releases
from countback.io.script import run_on_files
from countback.io.tables import read_table

PREFIX = "ncmec-country-"


def ingest_country_reports(releases: pd.DataFrame, files: Iterable[Path], codes: Mapping[str, str]) -> CountTables:
    """Read every release by country, as `read_each` does, given the code of each printed name.

    Raises
    ------
    DataError
        As `read_each` does, and if a release prints a name without a code.
    """
    return join_years(read_each(releases, PREFIX, files, partial(parse_country_reports, codes=codes)).values())


def summary(tables: CountTables) -> str:
    """Return one line per year for the log."""
    n_rows = tables.reports["source"].value_counts()
    n_dashes = tables.reports.groupby("source")["printed_as_dash"].sum()
    return "".join(
        f"{total.source}: {n_rows[str(total.source)]} rows, {n_dashes[str(total.source)]} dashes, "
        f"{total.reports_printed} reports\n"
        for total in tables.totals.itertuples()
    )


def main(releases: Path, raw: Iterable[Path], aliases: Path, reports: Path, totals: Path) -> None:
    """Read the releases' files, write both tables, and print what was read."""
    codes = read_table(aliases).set_index("country_printed")["iso3"].to_dict()
    tables = ingest_country_reports(read_releases(releases), raw, codes)
    write_counts(tables, reports, totals)
    print(summary(tables))


if __name__ == "__main__":
    run_on_files(main, snakemake)
