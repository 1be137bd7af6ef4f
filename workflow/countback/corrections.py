"""Corrections to disclosed values: each a row of `data/corrections.yml`, each with the faulty value that it expects.

- A correction whose `expect` no longer matches stops the build: the source was mended, or another row is meant.
- The habit is that of Our World in Data, whose steps refuse a fix for a fault that is gone.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import yaml

from countback.errors import DataError

WARNINGS = [
    *["rounded", "restated", "redundant", "partial-year"],
    *["definition-changed", "scope-changed", "doubtful", "derived"],
]
DISCLOSURES = "disclosures/"
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


SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
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
            "warnings": {"type": "array", "items": {"enum": WARNINGS}},
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
    },
}


@dataclass(frozen=True)
class Correction:
    """One override: where, what is there, what should be, why, and who says so."""

    table: str
    key: dict[str, str | int | None]
    column: str
    expect: float | str
    value: float | str
    reason: str
    source: str
    number: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        """Return the correction's place, as an error names it."""
        return f"entry {self.number}"


def read_corrections(path: str | Path) -> list[Correction]:
    """Return the corrections of a file.

    Raises
    ------
    DataError
        If the file is not a list of complete corrections.
    """
    file = Path(path)
    try:
        entries = yaml.safe_load(file.read_text(encoding="utf-8")) or []
        jsonschema.validate(entries, SCHEMA)
    except (OSError, yaml.YAMLError) as error:
        raise DataError(file, found=str(error), expected="a list of corrections", mend="Mend the file.") from error
    except jsonschema.ValidationError as error:
        number = f"entry {error.absolute_path[0] + 1}" if error.absolute_path else None  # type: ignore[operator]
        raise DataError(
            file,
            number,
            found=error.message,
            expected="a complete correction",
            mend="Mend the entry; a period that is a mere year wants quotes.",
        ) from error
    return [Correction(**entry, number=number) for number, entry in enumerate(entries, start=1)]


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
        raise DataError(file, correction.where, "table", correction.table, expected, "Mend the name.")
    chosen = ~frame["is_redundant"] if "is_redundant" in frame else pd.Series(True, index=frame.index)
    nullable = ["component"] if correction.table.startswith(DISCLOSURES) else []
    for column in (*correction.key, *nullable):
        wanted = correction.key.get(column)
        chosen &= frame[column].isna() if wanted is None else (frame[column] == wanted).fillna(False)
    if chosen.sum() != 1:
        raise DataError(
            file, correction.where, "key", correction.key, f"one row of {correction.table}", "Mend the key."
        )
    found = frame.loc[chosen, correction.column].iloc[0]
    if pd.isna(found) or found != correction.expect:
        raise DataError(
            file,
            correction.where,
            "expect",
            found=f"{_shown(found)} in data/{correction.table}.csv",
            expected=_shown(correction.expect),
            mend="The source no longer has the fault: drop the correction, or correct its key.",
        )
    return chosen


def _shown(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


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


def add_warnings(text: object, more: list[str]) -> str | None:
    """Return warnings with more of them added, in order, none twice; None where there are none.

    Examples
    --------
    >>> add_warnings("rounded", ["restated", "rounded"])
    'rounded|restated'
    """
    words = [] if text is None or pd.isna(text) else str(text).split("|")
    return "|".join(dict.fromkeys([*words, *more])) or None
