"""Read the compilation's numbers of years for which the clearinghouse's own reports are not at hand.

- Which files is said by `data/releases.csv`, by their ids; how they are read, by `countback.ingest.compiled`.
- What their labels mean is said by `data/reference/compiled_labels.csv`.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from countback.ingest.compiled import beyond, meanings, read_facts
from countback.ingest.sources import read_releases, release_file
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table

# release without the compilation's version -> columns that name a number, column of the number
LAYOUTS = {
    "reports-per-year": ([], "reports"),
    "report-contents": (["category", "label"], "quantity"),
    "report-recipients": (["recipients", "level_of_detail"], "reports"),
    "esp-reports": (["platform"], "reports"),
}


def compiled_facts(
    releases: pd.DataFrame, files: Iterable[Path], labels: pd.DataFrame, printed: pd.DataFrame
) -> pd.DataFrame:
    """Return the facts of all files about years that no report to OJJDP prints, in the order of the labels' sources."""
    held, gathered = list(files), []
    for source in labels["source"].drop_duplicates():
        columns, value = next(layout for name, layout in LAYOUTS.items() if source.endswith(name))
        facts = read_facts(release_file(releases, source, held), source, columns, value)
        if columns == ["platform"]:  # its other rows are those of single providers
            facts = facts[facts["first_label"].isin(set(labels["first_label"]))]
        gathered.append(beyond(meanings(facts, labels), printed))
    return pd.concat(gathered, ignore_index=True)


def main(releases: Path, raw: Iterable[Path], labels: Path, printed: Path, facts: Path) -> None:
    """Read the files, write the facts, and print what was read."""
    table = compiled_facts(read_releases(releases), raw, read_table(labels), read_table(printed))
    write_table(table, facts)
    print(table.groupby(["source", "year"]).size().to_string())


if __name__ == "__main__":
    run_on_files(main, snakemake)
