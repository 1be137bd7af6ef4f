"""Read NCMEC's reports by electronic service provider (ESP) from its yearly PDFs.

- Which files, and which year each is about, is said by `data/releases.csv`: the parsed releases whose id begins with
  `ncmec-esp-`. How their files are found is said in `countback.ingest.sources`.
- Rows stand in printed order, year by year. How a PDF is read is said in `countback.ingest.ncmec_counts`.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from countback.ingest.ncmec_counts import CountTables, join_years, write_counts
from countback.ingest.ncmec_esp import parse_esp_reports
from countback.ingest.sources import read_each, read_releases
from countback.io.script import run_on_files

PREFIX = "ncmec-esp-"


def ingest_esp_reports(releases: pd.DataFrame, files: Iterable[Path]) -> CountTables:
    """Read every release by ESP, as `read_each` does."""
    return join_years(read_each(releases, PREFIX, files, parse_esp_reports).values())


def summary(tables: CountTables) -> str:
    """Return one line per year for the log."""
    n_rows = tables.reports["source"].value_counts()
    return "".join(
        f"{total.source}: {n_rows[str(total.source)]} rows, {total.reports_printed} reports\n"
        for total in tables.totals.itertuples()
    )


def main(releases: Path, raw: Iterable[Path], reports: Path, totals: Path) -> None:
    """Read the releases' files, write both tables, and print what was read."""
    tables = ingest_esp_reports(read_releases(releases), raw)
    write_counts(tables, reports, totals)
    print(summary(tables))


if __name__ == "__main__":
    run_on_files(main, snakemake)
