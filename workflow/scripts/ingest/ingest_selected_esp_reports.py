"""Read the clearinghouse's rows of surveyed organizations in years of which its full table is not at hand.

How the file is read is said in `countback.ingest.compiled`.
"""

from collections.abc import Iterable
from pathlib import Path

from countback.ingest.compiled import selected_rows
from countback.ingest.sources import only_release, read_releases, release_file
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table

SOURCE = "esp-reports"


def main(releases: Path, raw: Iterable[Path], brands: Path, esp_totals: Path, reports: Path) -> None:
    """Read the file, write the rows, and print how many there are."""
    table = read_releases(releases)
    source = only_release(table, SOURCE)
    years = set(read_table(esp_totals)["year"])
    rows = selected_rows(release_file(table, source, raw), source, read_table(brands), years)
    write_table(rows, reports)
    print(rows.groupby("year").size().to_string())


if __name__ == "__main__":
    run_on_files(main, snakemake)
