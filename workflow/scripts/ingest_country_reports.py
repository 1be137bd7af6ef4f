"""Read NCMEC's reports by country from its yearly PDFs.

- Which files, and which year each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `ncmec-country-`. How their files are found is said in `countback.ingest.sources`.
- The codes of printed names come from `data/reference/country_aliases.csv`; a name that is not there is refused.
- Rows stand in printed order, year by year. How a PDF is read is said in `countback.ingest.ncmec_counts`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.ingest.ncmec_country import parse_country_reports
from countback.ingest.sources import find_sources, read_releases, year_of
from countback.shim import run
from countback.tables import read_table, write_table

PREFIX = "ncmec-country-"


class CountryTables(NamedTuple):
    """One row per year and printed name, and one row per year with its printed total."""

    reports: pd.DataFrame
    totals: pd.DataFrame


def ingest_country_reports(releases: pd.DataFrame, files: Iterable[Path], codes: Mapping[str, str]) -> CountryTables:
    """Read every release by country.

    Parameters
    ----------
    releases
        The table of releases, all as text.
    files
        Where raw files lie; those of other releases are passed over.
    codes
        The three-letter code of each printed name.

    Raises
    ------
    DataError
        If a file is missing, is another than the release describes, has an unknown layout, or prints an unknown name.
    """
    sources = find_sources(releases, PREFIX, files)
    tables = [parse_country_reports(source.file, year_of(source), source.id, codes) for source in sources]
    reports, totals = zip(*tables, strict=True)
    return CountryTables(pd.concat(reports, ignore_index=True), pd.concat(totals, ignore_index=True))


def summary(tables: CountryTables) -> str:
    """Return one line per year for the log."""
    n_rows = tables.reports["source"].value_counts()
    n_dashes = tables.reports.groupby("source")["printed_as_dash"].sum()
    return "".join(
        f"{total.source}: {n_rows[str(total.source)]} rows, {n_dashes[str(total.source)]} dashes, "
        f"{total.reports_printed} reports\n"
        for total in tables.totals.itertuples()
    )


def main(releases: Path, files: Iterable[Path], aliases: Path, reports: Path, totals: Path) -> None:
    """Read the releases' files, write both tables, and print what was read."""
    codes = read_table(aliases).set_index("country_printed")["iso3"].to_dict()
    tables = ingest_country_reports(read_releases(releases), files, codes)
    write_table(tables.reports, reports)
    write_table(tables.totals, totals)
    print(summary(tables))


if __name__ == "__main__":
    run(
        lambda: main(
            releases=Path(snakemake.input.releases),
            files=map(Path, snakemake.input.raw),
            aliases=Path(snakemake.input.aliases),
            reports=Path(snakemake.output.reports),
            totals=Path(snakemake.output.totals),
        ),
        snakemake.log[0],
    )
