"""Read the tables and stocks of NCMEC's yearly reports to OJJDP.

- Which files, and which year each is about, is said by `data/releases.csv`: the parsed releases whose id begins with
  `ncmec-ojjdp-`. How their files are found is said in `countback.ingest.sources`.
- Each report covers three years, so most facts are printed more than once. A fact has one row as long as its value
  stays the same, with the first and the last report that print it; a value that a later report revises gets a row of
  its own. Labels, printed form and page are those of the last report.
- Rows stand in the order of the newest report; what only older ones print follows.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.ingest.ncmec_ojjdp import Labels, parse_ojjdp_facts
from countback.ingest.ncmec_ojjdp_text import parse_ojjdp_stocks, parse_opening
from countback.ingest.sources import Source, read_each, read_releases, year_of
from countback.ingest.tagged_pdf import read_document
from countback.io.script import run_on_files
from countback.io.tables import read_table, write_table

PREFIX = "ncmec-ojjdp-"
SERIES = ["table", "item", "measure"]
KEY = [*SERIES, "year"]


class OjjdpTables(NamedTuple):
    """Facts about years, and stocks as of a day."""

    facts: pd.DataFrame
    stocks: pd.DataFrame


def read_report(source: Source, labels: Labels) -> OjjdpTables:
    """Return the facts and stocks of one report."""
    document = read_document(source.file)
    facts = parse_ojjdp_facts(document, source.file, year_of(source), source.id, labels)
    opening = parse_opening(document, source.id)
    stocks = parse_ojjdp_stocks(document, source.file, source.id)
    return OjjdpTables(pd.concat([facts, opening] if len(opening) else [facts], ignore_index=True), stocks)


def merge_reports(reports: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the facts of all reports, each once as long as its value stays the same.

    Parameters
    ----------
    reports
        The facts of each report, the oldest first.

    Examples
    --------
    >>> fact = {"table": "t", "item": "i", "measure": "m", "year": 2021, "value_printed": "5", "page": 4}
    >>> reports = [pd.DataFrame([fact | {"report": name}]) for name in ("a", "b")]
    >>> merge_reports(reports)[["year", "first_report", "last_report"]].to_numpy().tolist()
    [[2021, 'a', 'b']]
    """
    printed = pd.concat(reports, ignore_index=True)
    order = pd.concat(reports[::-1])[SERIES].drop_duplicates().reset_index(drop=True)
    printed = printed.merge(order.reset_index(names="place"), on=SERIES)
    printed["nth"] = printed["report"].map({frame["report"].iloc[0]: n for n, frame in enumerate(reports)})
    printed = printed.sort_values(["place", "year", "nth"], ignore_index=True)
    is_new = printed.groupby(KEY)["value_printed"].transform(lambda value: value != value.shift())
    runs = printed.groupby(is_new.cumsum())
    merged = printed[runs.cumcount(ascending=False) == 0]
    first = printed.loc[is_new.to_numpy(dtype=bool), "report"].to_numpy()
    return merged.rename(columns={"report": "last_report"}).assign(first_report=first).drop(columns=["place", "nth"])


def ingest_ojjdp_facts(releases: pd.DataFrame, files: Iterable[Path], labels: Labels) -> OjjdpTables:
    """Read every report, as `read_each` does, given what titles and labels mean.

    Raises
    ------
    DataError
        As `read_each` does, and if a report has a title or a label without a meaning.
    """
    reports = read_each(releases, PREFIX, files, partial(read_report, labels=labels))
    facts, stocks = zip(*reports.values(), strict=True)
    return OjjdpTables(merge_reports(list(facts)), pd.concat(stocks, ignore_index=True))


def summary(tables: OjjdpTables) -> str:
    """Return what was read, and which facts a later report no longer prints, for the log."""
    counts = tables.facts.groupby(["first_report", "last_report"]).size()
    lines = [f"{first} to {last}: {n} facts" for (first, last), n in counts.items()]
    lines += [f"{source}: {n} stocks" for source, n in tables.stocks["source"].value_counts(sort=False).items()]
    revised = tables.facts[tables.facts.duplicated(KEY)]
    lines += [f"revised in {row.first_report}: {row.table} {row.item} {row.year}" for row in revised.itertuples()]
    return "\n".join(lines)


def main(releases: Path, raw: Iterable[Path], labels: Path, facts: Path, stocks: Path) -> None:
    """Read the reports, write both tables, and print what was read."""
    tables = ingest_ojjdp_facts(read_releases(releases), raw, Labels(read_table(labels)))
    write_table(tables.facts, facts)
    write_table(tables.stocks, stocks)
    print(summary(tables))


if __name__ == "__main__":
    run_on_files(main, snakemake)
