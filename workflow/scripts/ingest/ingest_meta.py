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

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path

import pandas as pd

from countback.histories import align_releases, fold, has_label, respelled
from countback.ingest.meta import KEY, VALUES, parse_meta
from countback.ingest.meta_disclosures import Tables, meta_disclosures
from countback.ingest.sources import read_each, read_releases
from countback.io.errors import DataError, row_text
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table

PUBLISHER = "meta"
PREFIX = f"{PUBLISHER}-"
LABELED = ["app", "policy_area", "metric"]
LABELS_TABLE = "data/histories/meta_labels.csv"


def ingest_meta(
    releases: pd.DataFrame, files: Iterable[Path], labels: pd.DataFrame, units: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the rows of every release, read as `read_each` does, with labels aligned by the rules, by its id.

    Raises
    ------
    DataError
        As `read_each` does, and if a release respells a label without a rule for it.
    """
    aligned = align_releases(read_each(releases, PREFIX, files, partial(parse_meta, units=units)), labels)
    for (_, before), (release, after) in pairwise(aligned.items()):
        check_spelling(before, after, release)
    return aligned


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


def summary(releases: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield a line per release for the log, with the labels that came and went."""
    before: dict[str, set[str]] = {}
    for release, frame in releases.items():
        now = {column: set(frame[column]) for column in LABELED}
        news = [
            f"{word} {column} {label!r}"
            for column in LABELED
            for word, labels in (
                ("new", now[column] - before.get(column, now[column])),
                ("gone", before.get(column, set()) - now[column]),
            )
            for label in sorted(labels)
        ]
        yield "; ".join([f"{release}: {len(frame)} rows", *news])
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
    aligned = ingest_meta(read_releases(releases), raw, rules, read_table(units))
    folded = fold(aligned, KEY, VALUES)
    folded = folded.assign(is_spanning=has_label(folded, read_table(spans), PUBLISHER))
    write_table(folded, history)
    tables = Tables(rules, *(read_table(file) for file in (series, remarks, organizations)))
    disclosed = meta_disclosures(folded, tables, list(aligned))
    for file in disclosures:
        write_table(disclosed[file.stem], file)
    print("\n".join(summary(aligned)))


if __name__ == "__main__":
    run_on_files(main, snakemake)
