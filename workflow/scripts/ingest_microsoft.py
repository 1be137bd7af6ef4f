"""Read Microsoft's workbooks: what they print, their notes, and the disclosures among it.

- Which files, and which half-year each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `microsoft-`. How a workbook is read is said in `countback.ingest.microsoft`.
- Disclosures are what is about child sexual exploitation; `countback.ingest.printed` says how they are made.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from countback.ingest.microsoft import SERIES, Workbook, parse_microsoft
from countback.ingest.printed import disclosed
from countback.ingest.sources import find_sources, read_releases
from countback.shim import run
from countback.tables import read_table, write_table

ORGANIZATION = "microsoft"


def ingest_microsoft(releases: pd.DataFrame, files: Iterable[Path]) -> Workbook:
    """Return the facts and notes of all workbooks, by half-year.

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
    sources = find_sources(releases, f"{ORGANIZATION}-", files)
    facts, notes = zip(*(parse_microsoft(source.file, source.period, source.id) for source in sources), strict=True)
    return Workbook(pd.concat(facts, ignore_index=True), pd.concat(notes, ignore_index=True))


def main(releases: Path, files: Iterable[Path], remarks: Path, printed: Path, notes: Path, disclosures: Path) -> None:
    """Read the workbooks, write the three tables, and print what was read."""
    book = ingest_microsoft(read_releases(releases), files)
    write_table(book.facts, printed)
    write_table(book.notes, notes)
    write_table(disclosed(book.facts, SERIES, read_table(remarks), ORGANIZATION), disclosures)
    print(book.facts.groupby("source").size().to_string())


if __name__ == "__main__":
    run(
        lambda: main(
            releases=Path(snakemake.input.releases),
            files=map(Path, snakemake.input.raw),
            remarks=Path(snakemake.input.remarks),
            printed=Path(snakemake.output.printed),
            notes=Path(snakemake.output.notes),
            disclosures=Path(snakemake.output.disclosures),
        ),
        snakemake.log[0],
    )
