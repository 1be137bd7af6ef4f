"""Read TikTok's releases into one history.

- Which files, and which quarter each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `tiktok-`. How they are read is said in `countback.ingest.tiktok` and `tiktok_workbooks`; how they are folded, in
  `tiktok_history`.
- What printed labels mean is said by three tables that are edited by hand: `data/histories/tiktok_labels.csv`,
  `tiktok_sheets.csv` and `tiktok_units.csv`.
- The log names the labels that a release is the first to use and those that it no longer uses: a label that was only
  spelled anew stands in both lists, and wants a rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from countback.ingest.sources import Source, read_each, read_releases
from countback.ingest.tiktok import read_csv_release
from countback.ingest.tiktok_history import KEY, Tables, fold_facts, release_facts
from countback.ingest.tiktok_workbooks import read_workbook
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table

PREFIX = "tiktok-"


def read_release(source: Source) -> pd.DataFrame:
    """Return the rows of one release as printed, from a workbook or a CSV file."""
    read = read_workbook if source.file.suffix == ".xlsx" else read_csv_release
    return read(source.file, source.period.label)


def read_printed(releases: pd.DataFrame, files: Iterable[Path]) -> dict[str, pd.DataFrame]:
    """Return the rows of every release as printed, by its id, read as `read_each` does."""
    return read_each(releases, PREFIX, files, read_release)


def summary(facts: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield a line per release with its number of facts, and the aligned labels that came and went."""
    labels = [column for column in KEY if column != "period"]
    seen: dict[str, set[str]] = {column: set() for column in labels}
    before = seen
    for release, frame in facts.items():
        now = {column: set(frame[column].unique()) for column in labels}
        yield f"{release}: {len(frame)} facts"
        for column in labels:
            for what, names in (("new", now[column] - seen[column]), ("gone", before[column] - now[column])):
                if names and seen[column]:
                    yield f"  {what} in {column}: {'; '.join(sorted(names))}"
        before, seen = now, {column: seen[column] | now[column] for column in labels}


def main(releases: Path, raw: Iterable[Path], labels: Path, sheets: Path, units: Path, history: Path) -> None:
    """Read the releases' files, write the history, and print what was read."""
    tables = Tables(labels=read_table(labels), sheets=read_table(sheets), units=read_table(units))
    facts = release_facts(read_printed(read_releases(releases), raw), tables)
    write_table(fold_facts(facts), history)
    print("\n".join(summary(facts)))


if __name__ == "__main__":
    run_on_files(main, snakemake)
