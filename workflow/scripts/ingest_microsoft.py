"""Read Microsoft's workbooks: what they print, their notes, and the disclosures among it.

- Which files, and which half-year each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `microsoft-`. How a workbook is read is said in `countback.ingest.microsoft`.
- Disclosures are what is about child sexual exploitation; `countback.ingest.printed` says how they are made.
"""

from collections.abc import Iterable
from pathlib import Path

from countback.ingest.microsoft import SERIES, parse_microsoft
from countback.ingest.printed import disclosed, read_documents
from countback.ingest.sources import read_releases
from countback.shim import run
from countback.tables import read_table, write_table

ORGANIZATION = "microsoft"


def main(releases: Path, files: Iterable[Path], remarks: Path, printed: Path, notes: Path, disclosures: Path) -> None:
    """Read the workbooks, write the three tables, and print what was read."""
    found = read_documents(read_releases(releases), f"{ORGANIZATION}-", files, parse_microsoft)
    write_table(found.facts, printed)
    write_table(found.notes, notes)
    write_table(disclosed(found.facts, SERIES, read_table(remarks), ORGANIZATION), disclosures)
    print(found.facts.groupby("source").size().to_string())


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
