"""Checks of corrections: each finds its row and the fault that it expects there, and names a known source."""

from collections.abc import Iterator
from pathlib import Path

from countback.checks.registry import Tables
from countback.corrections import KEYS, Correction, LabelCorrection, match_correction, match_label
from countback.io.errors import DataError

FILE = "data/corrections.yml"


def sources_are_known(tables: Tables, corrections: list[Correction] | list[LabelCorrection]) -> Iterator[DataError]:
    """The source of a correction is a release."""
    known = set(tables["releases"]["id"])
    for one in corrections:
        if one.source not in known:
            yield DataError(FILE, one.where, "source", one.source, "a release of data/releases.csv", "Add it there.")


def corrections_match(tables: Tables, corrections: list[Correction]) -> Iterator[DataError]:
    """Every correction finds its row, the faulty value that it expects there, and a known source; none is repeated."""
    yield from sources_are_known(tables, corrections)
    frames = {name.replace("_", "/", 1): rows for name, rows in tables.items() if name.startswith("disclosures_")}
    frames |= {table: tables[Path(table).name] for table in KEYS if Path(table).name in tables}
    places = [(one.table, one.column, tuple(one.key.items())) for one in corrections]
    for number, one in enumerate(corrections):
        if places[number] in places[:number]:
            yield DataError(FILE, one.where, "key", one.key, "one correction per row", "Drop one of them.")
        try:
            match_correction(frames, one)
        except DataError as error:
            yield error


def label_corrections_match(tables: Tables, corrections: list[LabelCorrection]) -> Iterator[DataError]:
    """Every correction of a label finds its table, its rows with the label that it expects, and a known source."""
    yield from sources_are_known(tables, corrections)
    for one in corrections:
        frame = tables.get(one.table.replace("/", "_"))
        if frame is None:
            yield DataError(FILE, one.where, "table", one.table, "a table of printed facts", "Correct the name.")
            continue
        try:
            match_label(frame, one)
        except DataError as error:
            yield error
