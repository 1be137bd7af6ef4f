"""Read NCMEC's reports by electronic service provider (ESP) from its yearly PDFs.

- Which files, and which year each is about, is said by `data/releases.csv`: the releases whose id begins with
  `ncmec-esp-`. A file is known by its name, wherever it lies below `data/raw/`.
- A file whose SHA-256 differs from its release's is not read: NCMEC may have replaced it, and that is a new release.
- Rows stand in printed order, year by year. How a PDF is read is said in `countback.ingest.ncmec_esp`.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.errors import DataError
from countback.ingest.ncmec_esp import parse_esp_reports
from countback.shim import run
from countback.tables import write_table

PREFIX = "ncmec-esp-"
RELEASES = "data/releases.csv"


class EspTables(NamedTuple):
    """One row per year and printed name, and one row per year with its printed total."""

    reports: pd.DataFrame
    totals: pd.DataFrame


def esp_releases(releases: pd.DataFrame) -> pd.DataFrame:
    """Return the releases to read, by year, with the column `year` (int).

    Raises
    ------
    DataError
        If there is none, or the period of one is not a calendar year.
    """
    chosen = releases[releases["id"].str.startswith(PREFIX)]
    if chosen.empty:
        raise DataError(RELEASES, column="id", found="no release of it", expected=f"ids that begin with {PREFIX}")
    for release in chosen.itertuples():
        if not str(release.period).isdigit():
            raise DataError(
                RELEASES, str(release.id), "period", release.period, "a calendar year", "Correct the period."
            )
    return chosen.assign(year=chosen["period"].astype(int)).sort_values("year")


def check_digest(file: Path, sha256: str) -> None:
    """Refuse a file that is not the one that the release describes.

    Raises
    ------
    DataError
        If its SHA-256 is another.
    """
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != sha256:
        raise DataError(
            file,
            found=f"SHA-256 {found}",
            expected=f"{sha256}, as in {RELEASES}",
            mend="Restore the file; if the publisher replaced it, add a release of its own.",
        )


def ingest_esp_reports(releases: pd.DataFrame, files: Iterable[Path]) -> EspTables:
    """Read every release by ESP.

    Parameters
    ----------
    releases
        The table of releases; `id`, `period`, `file` and `sha256` are used, all as text.
    files
        Where raw files lie; those of other releases are passed over.

    Raises
    ------
    DataError
        If a file is missing, is another than the release describes, or has an unknown layout.
    """
    places = {file.name: file for file in files}
    tables = []
    for release in esp_releases(releases).itertuples():
        name = Path(str(release.file)).name
        if name not in places:
            raise DataError(f"data/raw/{name}", found="no such file", expected=f"the file of {release.id}")
        check_digest(places[name], str(release.sha256))
        tables.append(parse_esp_reports(places[name], int(str(release.year)), str(release.id)))
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
    tables = ingest_esp_reports(pd.read_csv(releases, dtype=str, keep_default_na=False), files)
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
