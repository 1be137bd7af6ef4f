"""Read TikTok's releases into one history.

- Which files, and which quarter each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `tiktok-`. How they are read is said in `countback.ingest.tiktok` and `tiktok_workbooks`; how they are folded, in
  `tiktok_history`.
- What printed labels mean is said by three tables that are edited by hand: `data/histories/tiktok_labels.csv`,
  `tiktok_sheets.csv` and `tiktok_units.csv`.
- The log names the labels that a release is the first to use and those that it no longer uses: a label that was only
  spelled anew stands in both lists, and wants a rule.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from countback.ingest.sources import Source, find_sources, read_releases
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


def read_printed(sources: Iterable[Source]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of every release as printed, after its id: one file is read at a time."""
    for source in sources:
        yield source.id, read_release(source)


def told(facts: Iterable[tuple[str, pd.DataFrame]]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Pass releases on, and print of each its number of facts, and the aligned labels that came and went."""
    labels = [column for column in KEY if column != "period"]
    seen: dict[str, set[str]] = {column: set() for column in labels}
    before = seen
    for release, frame in facts:
        now = {column: set(frame[column].unique()) for column in labels}
        print(f"{release}: {len(frame)} facts")
        for column in labels:
            for what, names in (("new", now[column] - seen[column]), ("gone", before[column] - now[column])):
                if names and seen[column]:
                    print(f"  {what} in {column}: {'; '.join(sorted(names))}")
        yield release, frame
        before, seen = now, {column: seen[column] | now[column] for column in labels}


def main(releases: Path, raw: Iterable[Path], labels: Path, sheets: Path, units: Path, history: Path) -> None:
    """Read the releases' files, write the history, and print what was read."""
    tables = Tables(labels=read_table(labels), sheets=read_table(sheets), units=read_table(units))
    sources = find_sources(read_releases(releases), PREFIX, raw)
    facts = release_facts(read_printed(sources), tables, [source.id for source in sources])
    write_table(fold_facts(told(facts)), history)


if __name__ == "__main__":
    run_on_files(main, snakemake)
