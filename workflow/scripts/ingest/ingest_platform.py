"""Read what the clearinghouse's Global Platform prints of jurisdictions and of the service providers that report there.

- Which files, and which year each is about, is said by `data/releases.csv`: the parsed releases whose id begins with
  `ncmec-platform-`. How they are read is said in `countback.ingest.platform`.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pandas as pd

from countback.ingest.platform import read_esps, read_jurisdictions
from countback.ingest.sources import Source, read_each, read_releases, year_of
from countback.io.script import run_on_files
from countback.io.tables import write_table

PREFIX = "ncmec-platform-"
READERS = {"reports-": read_jurisdictions, "esps-": read_esps}


def read_release(source: Source, read: Callable[[Path, int, str], pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of one release."""
    return read(source.file, year_of(source), source.id)


def main(releases: Path, raw: Iterable[Path], jurisdictions: Path, esps: Path) -> None:
    """Read the files, write both tables, and print how many rows they have."""
    table, files = read_releases(releases), list(raw)
    for (name, read), output in zip(READERS.items(), (jurisdictions, esps), strict=True):
        rows = pd.concat(read_each(table, PREFIX + name, files, partial(read_release, read=read)).values())
        write_table(rows.astype(dict.fromkeys(("value", "low", "high"), "Int64")), output)
        print(rows.groupby("source").size().to_string())


if __name__ == "__main__":
    run_on_files(main, snakemake)
