"""Read NCMEC's reports by electronic service provider (ESP) from its yearly PDFs.

- Which files, and which year each is about, is said by `data/releases.csv`: the parsed releases whose id begins with
  `ncmec-esp-`. How their files are found is said in `countback.ingest.sources`.
- Rows stand in printed order, year by year. How a PDF is read is said in `countback.ingest.ncmec_counts`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.ingest.ncmec_esp import parse_esp_reports
from countback.ingest.sources import find_sources, read_releases, year_of
from countback.shim import run
from countback.tables import write_table

PREFIX = "ncmec-esp-"


class EspTables(NamedTuple):
    """One row per year and printed name, and one row per year with its printed total."""

    reports: pd.DataFrame
    totals: pd.DataFrame


def ingest_esp_reports(releases: pd.DataFrame, files: Iterable[Path]) -> EspTables:
    """Read every release by ESP.

    Parameters
    ----------
    releases
        The table of releases, all as text.
    files
        Where raw files lie; those of other releases are passed over.

    Raises
    ------
    DataError
        If a file is missing, is another than the release describes, or has an unknown layout.
    """
    sources = find_sources(releases, PREFIX, files)
    tables = [parse_esp_reports(source.file, year_of(source), source.id) for source in sources]
    reports, totals = zip(*tables, strict=True)
    return EspTables(pd.concat(reports, ignore_index=True), pd.concat(totals, ignore_index=True))


def summary(tables: EspTables) -> str:
    """Return one line per year for the log."""
    n_rows = tables.reports["source"].value_counts()
    return "".join(
        f"{total.source}: {n_rows[str(total.source)]} rows, {total.reports_printed} reports\n"
        for total in tables.totals.itertuples()
    )


def main(releases: Path, files: Iterable[Path], reports: Path, totals: Path) -> None:
    """Read the releases' files, write both tables, and print what was read."""
    tables = ingest_esp_reports(read_releases(releases), files)
    write_table(tables.reports, reports)
    write_table(tables.totals, totals)
    print(summary(tables))


if __name__ == "__main__":
    run(
        lambda: main(
            releases=Path(snakemake.input.releases),
            files=map(Path, snakemake.input.raw),
            reports=Path(snakemake.output.reports),
            totals=Path(snakemake.output.totals),
        ),
        snakemake.log[0],
    )
