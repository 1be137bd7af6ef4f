"""Read X's reports: what they print of user reports and enforcement, their footnotes, and the disclosures among it.

- Which files, and which half-year each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `x-`. How a report is read is said in `countback.ingest.x`.
- Disclosures are what is about the safety of children; `countback.ingest.printed` says how they are made.
"""

from collections.abc import Iterable
from pathlib import Path

from countback.ingest.printed import disclosed, read_documents
from countback.ingest.sources import read_releases
from countback.ingest.x import SERIES, parse_x
from countback.shim import run
from countback.tables import read_table, write_table

ORGANIZATION = "x"


def main(releases: Path, files: Iterable[Path], remarks: Path, printed: Path, notes: Path, disclosures: Path) -> None:
    """Read the reports, write the three tables, and print what was read."""
    found = read_documents(read_releases(releases), f"{ORGANIZATION}-", files, parse_x)
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
