"""Corrections to disclosed values and printed labels: rows of `data/corrections.yml` with the fault that each expects.

- A value is corrected in a table of disclosures. A label is corrected in a table of printed facts, where a publisher
  put a right number beside a wrong label; the number stays.
- A correction whose `expect` no longer matches stops the build: the source was fixed, or another row is meant.
- The habit is that of Our World in Data, whose steps refuse a fix for a fault that is gone.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import jsonschema
import pandas as pd

from countback.io.documents import read_yaml
from countback.io.errors import DataError
from countback.row_warnings import WARNINGS, add_warnings

LABEL_KEYS = ["period", "block", "item", "measure", "place"]
LABELS = {
    "required": ["table", "key", "column", "expect", "value", "reason", "source"],
    "additionalProperties": False,
    "properties": {
        "table": {"type": "string", "pattern": "^printed/[a-z0-9_]+$"},
        "key": {
            "type": "object",
            "required": ["period"],
            "minProperties": 2,
            "additionalProperties": False,
            "properties": {name: {"type": "string"} for name in LABEL_KEYS},
        },
        "column": {"const": "item"},
        "expect": {"type": ["string", "null"]},
        "value": {"type": ["string", "null"]},
        "reason": {"type": "string", "minLength": 20},
        "source": {"type": "string"},
    },
}
DISCLOSURES = "disclosures/"
PRINTED = "printed/"

FACTS = "cybertipline/ojjdp_facts"
ACTIVE_PEOPLE = "reference/family_active_people"
KEYS = {
    FACTS: {**dict.fromkeys(("table", "item", "measure"), "string"), "year": "integer"},
    ACTIVE_PEOPLE: {"period": "string", "frequency": "string"},
}
DISCLOSED = ["metric", "period"]


def _key_schema(fields: dict[str, Any], required: list[str]) -> dict[str, Any]:
    properties = {name: {"type": kind} for name, kind in fields.items()}
    return {"required": required, "additionalProperties": False, "properties": properties}


VALUES: dict[str, Any] = {
    "required": ["table", "key", "column", "expect", "value", "reason", "source"],
    "additionalProperties": False,
    "properties": {
        "table": {"type": "string", "pattern": f"^({DISCLOSURES}[a-z0-9_]+|{'|'.join(KEYS)})$"},
        "key": {"type": "object"},
        "column": {"type": "string"},
        "expect": {"type": ["number", "string"]},
        "value": {"type": ["number", "string"]},
        "reason": {"type": "string", "minLength": 20},
        "source": {"type": "string"},
        "warnings": {"type": "array", "items": {"enum": list(WARNINGS)}},
    },
    "allOf": [
        {
            "if": {"properties": {"table": {"const": table}}},
            "then": {"properties": {"key": _key_schema(fields, list(fields))}},
        }
        for table, fields in KEYS.items()
    ],
    "if": {"properties": {"table": {"pattern": f"^{DISCLOSURES}"}}},
    "then": {
        "properties": {
            "key": _key_schema({key: ["string", "null"] for key in (*DISCLOSED, "component")}, DISCLOSED),
            "column": {"const": "value"},
            "expect": {"type": "number"},
            "value": {"type": "number"},
        },
    },
}
OF_LABEL = {"properties": {"table": {"type": "string", "pattern": f"^{PRINTED}"}}, "required": ["table"]}
SCHEMA = {"type": "array", "items": {"type": "object", "if": OF_LABEL, "then": LABELS, "else": VALUES}}

Content = TypeVar("Content")


@dataclass(frozen=True)
class Entry(Generic[Content]):
    """One entry of the file: where, what is there, what should be, why, and who says so."""

    table: str
    key: dict[str, Any]
    column: str
    expect: Content
    value: Content
    reason: str
    source: str
    number: int = 0

    @property
    def where(self) -> str:
        """Return the entry's place, as an error names it."""
        return f"entry {self.number}"


@dataclass(frozen=True)
class Correction(Entry[float | str]):
    """One override of a value."""

    warnings: list[str] = field(default_factory=list)


class LabelCorrection(Entry[str | None]):
    """One label that its publisher put beside the wrong numbers."""


def read_corrections(path: str | Path) -> list[Correction]:
    """Return the corrections of values in a file.

    Raises
    ------
    DataError
        If the file is not a list of complete corrections.
    """
    return [Correction(**entry) for entry in _read(path) if not entry["table"].startswith(PRINTED)]


def read_label_corrections(path: str | Path) -> list[LabelCorrection]:
    """Return the corrections of labels in a file, which must be complete as for `read_corrections`."""
    return [LabelCorrection(**entry) for entry in _read(path) if entry["table"].startswith(PRINTED)]


def _read(path: str | Path) -> list[dict[str, Any]]:
    """Return the entries of a file, each with its `number` from 1."""
    file = Path(path)
    entries = read_yaml(file, "a list of corrections, [] for none")
    try:
        jsonschema.validate(entries, SCHEMA)
    except jsonschema.ValidationError as error:
        number = f"entry {error.absolute_path[0] + 1}" if error.absolute_path else None  # type: ignore[operator]
        raise DataError(
            file,
            number,
            found=error.message,
            expected="a complete correction",
            fix="Correct the entry; write a period that is a mere year in quotes.",
        ) from error
    return [{**entry, "number": number} for number, entry in enumerate(entries, start=1)]


def correct_labels(frame: pd.DataFrame, table: str, corrections: list[LabelCorrection]) -> pd.DataFrame:
    """Return printed facts with corrected labels.

    Parameters
    ----------
    frame
        Facts as printed: `countback.ingest.printed.FACTS`.
    table
        Their name, such as `printed/discord`.
    corrections
        From `read_label_corrections`; those of other tables are passed over.

    Raises
    ------
    DataError
        If a correction finds no row, or another label than it expects.
    """
    corrected = frame.copy()
    for correction in corrections:
        if correction.table == table:
            # rows are found by what is printed, so that no correction depends on another
            corrected.loc[match_label(frame, correction), correction.column] = correction.value
    return corrected


def match_label(frame: pd.DataFrame, correction: LabelCorrection) -> pd.Series:
    """Return which rows a correction of a label is about: one or more, all with the label that it expects.

    Raises
    ------
    DataError
        If there is none, or one has another label.
    """
    file = "data/corrections.yml"
    chosen = pd.Series(True, index=frame.index)
    for column, wanted in correction.key.items():
        chosen &= (frame[column] == wanted).fillna(False)
    if not chosen.any():
        expected = f"rows of {correction.table}"
        raise DataError(file, correction.where, "key", correction.key, expected, "Correct the key.")
    labels = frame.loc[chosen, correction.column]
    unlike = labels[labels.notna() if correction.expect is None else (labels != correction.expect).fillna(True)]
    if len(unlike):
        raise DataError(
            file,
            correction.where,
            "expect",
            found=f"{unlike.iloc[0]} in data/{correction.table}.csv",
            expected=correction.expect or "no label",
            fix="The source no longer has the fault: drop the correction, or correct its key.",
        )
    return chosen


def match_correction(tables: dict[str, pd.DataFrame], correction: Correction) -> pd.Series:
    """Return which rows of its table a correction is about: exactly one.

    Raises
    ------
    DataError
        If table or row are not there, or the row does not hold the faulty value.
    """
    file = "data/corrections.yml"
    frame = tables.get(correction.table)
    if frame is None:
        expected = f"a table of disclosures, or {' or '.join(KEYS)}"
        raise DataError(file, correction.where, "table", correction.table, expected, "Correct the name.")
    chosen = ~frame["is_redundant"] if "is_redundant" in frame else pd.Series(True, index=frame.index)
    nullable = ["component"] if correction.table.startswith(DISCLOSURES) else []
    for column in (*correction.key, *nullable):
        wanted = correction.key.get(column)
        chosen &= frame[column].isna() if wanted is None else (frame[column] == wanted).fillna(False)
    if chosen.sum() != 1:
        raise DataError(
            file, correction.where, "key", correction.key, f"one row of {correction.table}", "Correct the key."
        )
    found = frame.loc[chosen, correction.column].iloc[0]
    if pd.isna(found) or found != correction.expect:
        raise DataError(
            file,
            correction.where,
            "expect",
            found=f"{_shown(found)} in data/{correction.table}.csv",
            expected=_shown(correction.expect),
            fix="The source no longer has the fault: drop the correction, or correct its key.",
        )
    return chosen


def _shown(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def correct_values(frame: pd.DataFrame, table: str, corrections: list[Correction]) -> pd.DataFrame:
    """Return one table as `apply_corrections` does; corrections of other tables are passed over."""
    return apply_corrections({table: frame}, [one for one in corrections if one.table == table])[table]


def apply_corrections(tables: dict[str, pd.DataFrame], corrections: list[Correction]) -> dict[str, pd.DataFrame]:
    """Return the tables with corrected values; `is_corrected` marks rows, `value_disclosed` keeps what was there.

    Parameters
    ----------
    tables
        Tables by name, such as `disclosures/facebook`, with `warnings` where they have such a column.
    corrections
        From `read_corrections`, those of these tables.
    """
    corrected = {
        name: frame.assign(
            is_corrected=pd.array([False] * len(frame), dtype="boolean"),
            **({"value_disclosed": frame["value"]} if "value" in frame else {}),
        )
        for name, frame in tables.items()
    }
    for correction in corrections:
        chosen = match_correction(tables, correction)
        frame = corrected[correction.table]
        frame.loc[chosen, correction.column] = correction.value
        frame.loc[chosen, "is_corrected"] = True
        if "warnings" in frame:
            frame.loc[chosen, "warnings"] = add_warnings(frame.loc[chosen, "warnings"].iloc[0], correction.warnings)
    return corrected
