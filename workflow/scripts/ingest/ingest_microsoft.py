"""Read Microsoft's workbooks: what they print, their notes, and the disclosures among it.

- Which files, and which half-year each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `microsoft-`. How a workbook is read is said in `countback.ingest.microsoft`.
- Disclosures are what is about child sexual exploitation; `countback.ingest.printed` says how they are made.
"""

from collections.abc import Iterable
from pathlib import Path

from countback.ingest.microsoft import SERIES, parse_microsoft
from countback.ingest.printed import Tables, read_documents, write_documents
from countback.ingest.sources import read_releases
from countback.io.script import run


def main(releases: Path, files: Iterable[Path], remarks: Path, tables: Tables) -> None:
    """Read the documents' files, write the tables, and print what was read."""
    found = read_documents(read_releases(releases), "microsoft-", files, parse_microsoft)
    write_documents(found, SERIES, remarks, "microsoft", tables)


if __name__ == "__main__":
    run(
        lambda: main(
            Path(snakemake.input.releases),
            map(Path, snakemake.input.raw),
            Path(snakemake.input.remarks),
            Tables(*map(Path, snakemake.output)),
        ),
        snakemake.log[0],
    )
