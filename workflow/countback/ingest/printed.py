"""From what a document prints to an organization's disclosures.

- `data/printed/` holds what a source prints, all of it: the heads of blocks, rows and columns beside each number.
- `data/disclosures/` holds what of it is about the sexual exploitation of minors, under the names of metrics. It is
  made from the printed facts and from `data/organizations/remarks.csv`, and from nothing else, but for periods whose
  documents are not at hand: `data/organizations/compiled_disclosures.csv` has what a compilation says of these.
- A share is disclosed as it is printed: its number is the printed one, also where the source stores more digits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.ingest.sources import Source, read_each, read_releases
from countback.io.errors import DataError
from countback.io.tables import read_table, write_table

COLUMNS = [
    "metric",
    "component",
    "period",
    "value",
    "unit",
    "value_printed",
    "expression",
    "is_redundant",
    "warnings",
    "provenance",
    "source",
    "place",
    "note",
]
FACTS = ["period", "block", "item", "measure", "value", "unit", "value_printed", "mark", "place", "source"]
NOTES = ["period", "block", "note_printed", "place", "source"]
KEY = ["metric", "component", "period"]
REMARKS = "data/organizations/remarks.csv"
COMPILED = "data/organizations/compiled_disclosures.csv"


class Series(NamedTuple):
    """What a printed number is, in the project's words."""

    metric: str
    component: str | None = None
    unit: str = "count"


class Document(NamedTuple):
    """What a document holds: its facts (`FACTS`), in printed order, and its notes and footnotes (`NOTES`)."""

    facts: pd.DataFrame
    notes: pd.DataFrame


Heads = tuple[str, str | None, str]  # heads of block, row and column


class Publisher(NamedTuple):
    """Whose documents are read, by what, and which of the printed numbers are disclosures.

    The ids of its releases begin with its own id; `series` says what is disclosed, by the heads of block, row and
    column.
    """

    id: str
    parse: Callable[[Source], Document]
    series: Mapping[Heads, Series]


def facts(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Return printed facts with the columns `FACTS`, in their types."""
    types = {name: "Float64" if name == "value" else "string" for name in FACTS}
    return pd.DataFrame(rows, columns=FACTS).astype(types)


def read_documents(publisher: Publisher, releases: pd.DataFrame, files: Iterable[Path]) -> Document:
    """Return the facts and notes of all documents of a publisher, by period, read as `read_each` does."""
    documents = read_each(releases, f"{publisher.id}-", files, publisher.parse)
    facts, notes = zip(*documents.values(), strict=True)
    return Document(pd.concat(facts, ignore_index=True), pd.concat(notes, ignore_index=True))


def ingest_documents(
    publisher: Publisher,
    releases: Path,
    raw: Iterable[Path],
    remarks: Path,
    compiled: Path,
    printed: Path,
    notes: Path,
    disclosures: Path,
) -> None:
    """Write what a publisher's documents hold and what of it is disclosures, and print how many facts each holds.

    Parameters
    ----------
    publisher
        Whose documents.
    releases, remarks, compiled
        The tables of releases, of remarks and of compiled disclosures.
    raw
        Where raw files lie; those of other releases are passed over.
    printed, notes, disclosures
        Where to write.
    """
    found = read_documents(publisher, read_releases(releases), raw)
    write_table(found.facts, printed)
    write_table(found.notes, notes)
    own = disclosed(found.facts, publisher.series, read_table(remarks), publisher.id)
    write_table(with_compiled(own, read_table(compiled), publisher.id), disclosures)
    print(found.facts.groupby("source").size().to_string())


def notes(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Return notes with the columns `NOTES`, as text."""
    return pd.DataFrame(rows, columns=NOTES).astype("string")


def disclosed(
    printed: pd.DataFrame, series: Mapping[Heads, Series], remarks: pd.DataFrame, organization: str
) -> pd.DataFrame:
    """Return an organization's disclosures, by metric, component and period.

    Parameters
    ----------
    printed
        Facts as printed (`FACTS`).
    series
        Which of them are disclosures, by the heads of their block, row and column.
    remarks
        Warnings and notes on disclosures of any organization.
    organization
        Its id.

    Raises
    ------
    DataError
        If a document lacks one of the disclosures, or a remark is about a row that is not there.
    """
    check_complete(printed, series)
    rows = [
        (*disclosure(fact, series[heads]), fact["source"], fact["place"])
        for fact in printed.astype("object").where(printed.notna(), None).to_dict("records")
        if (heads := (fact["block"], fact["item"], fact["measure"])) in series
    ]
    return with_remarks(rows, remarks, organization)


def with_remarks(rows: Sequence[tuple[object, ...]], remarks: pd.DataFrame, organization: str) -> pd.DataFrame:
    """Return disclosures (`COLUMNS`), by metric, component and period, with the warnings and notes on them.

    Parameters
    ----------
    rows
        Metric, component, period, value, unit, printed value, source and place of each disclosure.
    remarks
        Warnings and notes on disclosures of any organization.
    organization
        Whose disclosures they are, by its id.

    Raises
    ------
    DataError
        If a remark is about a row that is not there.
    """
    columns = [*KEY, "value", "unit", "value_printed", "source", "place"]
    types = {name: "Float64" if name == "value" else "string" for name in columns}
    frame = pd.DataFrame(rows, columns=columns).astype(types)
    own = remarks[remarks["organization"] == organization].drop(columns="organization")
    check_remarks(frame, own, organization)
    frame = frame.merge(own, on=KEY, how="left").assign(is_redundant=False, provenance="primary", expression=pd.NA)
    return frame[COLUMNS].sort_values(KEY, ignore_index=True)


def with_compiled(own: pd.DataFrame, compiled: pd.DataFrame, organization: str) -> pd.DataFrame:
    """Return disclosures that were read off documents together with those of periods whose documents are not at hand.

    Parameters
    ----------
    own
        Disclosures (`COLUMNS`) made from documents.
    compiled
        Disclosures of any organization (`COLUMNS` and `organization`) that a compilation gives.
    organization
        Whose disclosures they are, by its id.

    Raises
    ------
    DataError
        If the compiled ones are about a period that a document covers: what was read off it stands.
    """
    rows = compiled.loc[compiled["organization"] == organization, COLUMNS]
    both = sorted(set(rows["period"]) & set(own["period"]))
    if both:
        raise DataError(
            COMPILED,
            organization,
            "period",
            found=f"{both[0]}, of which a document of {organization} is at hand",
            expected="periods without a document",
            fix="Drop the rows of this period: what was read off the document stands.",
        )
    if rows.empty:
        return own
    return pd.concat([own, rows.astype(own.dtypes.to_dict())]).sort_values(KEY, ignore_index=True)


def check_complete(printed: pd.DataFrame, series: Mapping[Heads, Series]) -> None:
    """Refuse a document that lacks one of the disclosures that the others have.

    Raises
    ------
    DataError
        If there is one: its head may have been renamed.
    """
    for source, rows in printed.groupby("source", sort=False):
        there = set(rows[["block", "item", "measure"]].fillna("").itertuples(index=False, name=None))
        for heads in series:
            if tuple(part or "" for part in heads) not in there:
                raise DataError(
                    str(source),
                    found=f"no number under {', '.join(filter(None, heads))}",
                    expected="one, as in the other documents",
                    fix="Look whether it was renamed or dropped, and say so in SERIES in the publisher's parser.",
                )


def disclosure(fact: Mapping[str, object], series: Series) -> tuple[object, ...]:
    """Return metric, component, period, value, unit and printed value of a fact."""
    printed = str(fact["value_printed"])
    value = float(printed.removesuffix("%")) if series.unit == "percent" else fact["value"]
    return series.metric, series.component, fact["period"], value, series.unit, printed


def check_remarks(frame: pd.DataFrame, remarks: pd.DataFrame, organization: str) -> None:
    """Refuse remarks on rows that are not there.

    Raises
    ------
    DataError
        If there is one.
    """
    there = {tuple(row) for row in frame[KEY].fillna("").itertuples(index=False)}
    for row in remarks[KEY].fillna("").itertuples(index=False):
        if tuple(row) not in there:
            raise DataError(
                REMARKS,
                organization,
                found=", ".join(filter(None, row)),
                expected=f"metric, component and period of a row of data/disclosures/{organization}.csv",
                fix="Correct the remark, or drop it.",
            )


def differences(found: pd.DataFrame, expected: pd.DataFrame) -> Iterator[tuple[object, str]]:
    """Yield the index of each row that is not among the expected ones; then None for each that is lacking."""
    wanted = {_text(row) for _, row in expected[COLUMNS].iterrows()}
    there = {_text(row): index for index, row in found[COLUMNS].iterrows()}
    yield from ((index, text) for text, index in there.items() if text not in wanted)
    yield from ((None, text) for text in sorted(wanted - set(there)))


def _text(row: pd.Series) -> str:
    return ", ".join("" if pd.isna(cell) else str(cell) for cell in row)
