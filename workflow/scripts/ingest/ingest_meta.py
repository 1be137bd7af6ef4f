"""Read Meta's releases into one history, and take the disclosures of its apps from it.

- Which files, and which quarter each is named after, is said by `data/releases.csv`: the parsed releases whose id
  begins with `meta-`. How a file is read is said in `countback.ingest.meta`, what of the history is disclosed in
  `countback.ingest.meta_disclosures`.
- Labels that Meta respelled are aligned by `data/histories/meta_labels.csv`, which is written by hand; the history
  bears the aligned ones, and the printed ones can be restored from that table.
- Policy areas that span others are those of `data/histories/spanning_labels.csv`; the history marks their rows.
- A label that has the numbers of another, which the release no longer prints, is that label respelled: without a rule
  it is refused, with the row to write. The log names the labels that are new in a release and those that are gone.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from countback.histories import align_releases, fold, has_label, respelled
from countback.ingest.meta import KEY, VALUES, parse_meta
from countback.ingest.meta_disclosures import Tables, meta_disclosures
from countback.ingest.sources import Source, find_sources, read_releases
from countback.io.errors import DataError, row_text
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table

PUBLISHER = "meta"
PREFIX = f"{PUBLISHER}-"
LABELED = ["app", "policy_area", "metric"]
LABELS_TABLE = "data/histories/meta_labels.csv"


def ingest_meta(
    sources: Sequence[Source], labels: pd.DataFrame, units: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of every release, with labels aligned by the rules, after its id: one file is read at a time.

    Raises
    ------
    DataError
        If a file is refused, or a release respells a label without a rule for it.
    """
    printed = ((source.id, parse_meta(source, units)) for source in sources)
    before: pd.DataFrame | None = None
    for release, frame in align_releases(printed, labels, [source.id for source in sources]):
        if before is not None:
            check_spelling(before, frame, release)
        yield release, frame
        before = frame


def check_spelling(before: pd.DataFrame, after: pd.DataFrame, release: str) -> None:
    """Refuse a release that respells a label of the release before it, if no rule aligns the two.

    Raises
    ------
    DataError
        With the rows to write.
    """
    rows, found = [], []
    for column in LABELED:
        for new, old in respelled(before, after, column, KEY, "value_printed").items():
            rows.append(row_text(release, "", column, new, old, "", ""))
            found.append(f"{new!r}, with the numbers that {old!r} had in the release before")
    if rows:
        raise DataError(
            LABELS_TABLE,
            found=f"no rule for {'; '.join(found)}, in {release}",
            expected="a rule for a label that is respelled",
            fix=f"Add the row {' and the row '.join(rows)}, followed by the reason.",
        )


def told(releases: Iterable[tuple[str, pd.DataFrame]]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Pass releases on, and print a line for each, with the labels that came and went."""
    before: dict[str, set[str]] = {}
    for release, frame in releases:
        now = {column: set(frame[column].unique()) for column in LABELED}
        news = [
            f"{word} {column} {label!r}"
            for column in LABELED
            for word, labels in (
                ("new", now[column] - before.get(column, now[column])),
                ("gone", before.get(column, set()) - now[column]),
            )
            for label in sorted(labels)
        ]
        print("; ".join([f"{release}: {len(frame)} rows", *news]))
        yield release, frame
        before = now


def main(
    releases: Path,
    raw: Iterable[Path],
    labels: Path,
    units: Path,
    spans: Path,
    series: Path,
    remarks: Path,
    organizations: Path,
    history: Path,
    disclosures: Iterable[Path],
) -> None:
    """Read the releases' files, write the history and the disclosures, and print what was read."""
    rules = read_table(labels)
    sources = find_sources(read_releases(releases), PREFIX, raw)
    folded = fold(told(ingest_meta(sources, rules, read_table(units))), KEY, VALUES)
    folded = folded.assign(is_spanning=has_label(folded, read_table(spans), PUBLISHER))
    write_table(folded, history)
    tables = Tables(rules, *(read_table(file) for file in (series, remarks, organizations)))
    disclosed = meta_disclosures(folded, tables, [source.id for source in sources])
    for file in disclosures:
        write_table(disclosed[file.stem], file)


if __name__ == "__main__":
    run_on_files(main, snakemake)
