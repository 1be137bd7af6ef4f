"""Read Discord's data files: what they print, and the disclosures among it.

- Which files, and which half-year or quarter each is about, is said by `data/releases.csv`: the parsed releases whose
  id begins with `discord-`. How a file is read, and what of it is disclosed, is said in `countback.ingest.discord`.
- Faults inside the files stay in the table of what is printed. Months must be those of the release after the labels
  are corrected that `data/corrections.yml` names.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pandas as pd

from countback.corrections import correct_labels, read_label_corrections
from countback.ingest.discord import ORGANIZATION, check_months, parse_discord, reports_disclosed
from countback.ingest.sources import read_each, read_releases
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table


def ingest_discord(releases: pd.DataFrame, files: Iterable[Path], labels: pd.DataFrame) -> pd.DataFrame:
    """Return the printed facts of all files, by period, read as `read_each` does."""
    read = read_each(releases, f"{ORGANIZATION}-", files, partial(parse_discord, labels=labels))
    return pd.concat(read.values(), ignore_index=True)


def main(
    releases: Path,
    raw: Iterable[Path],
    labels: Path,
    remarks: Path,
    corrections: Path,
    printed: Path,
    disclosures: Path,
) -> None:
    """Read the files, write what they print and what of it is disclosed, and print what was read."""
    known = read_table(labels)
    facts = ingest_discord(read_releases(releases), raw, known)
    corrected = correct_labels(facts, f"printed/{ORGANIZATION}", read_label_corrections(corrections))
    check_months(corrected, known)
    write_table(facts, printed)
    write_table(reports_disclosed(facts, known, read_table(remarks)), disclosures)
    print(facts.groupby("source").size().to_string())


if __name__ == "__main__":
    run_on_files(main, snakemake)
