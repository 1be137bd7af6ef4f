"""The codebook: what every table holds, and what every name of a column means, from the data package.

- One dictionary for all tables: a name has one type wherever it stands, and one unit unless the row says which.
- A name that tables describe differently is in `data/dictionary.yml`, with what it means in all of them, or with the
  reason why it means several things. A new one stops the build.
- A column that is one end of something says of what, unless a column of its table does.
- A number has a unit, be it that of its row; years need none, numbers that only order or locate rows are ordinal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from countback.io.errors import DataError, DataErrors
from countback.io.files import result_path
from countback.row_warnings import WARNINGS
from countback.text.typography import typographic
from countback.text.words import escape, prose

PACKAGE = "data/datapackage.json"
BY_ROW = "as the row says"
EMPTY = "An empty cell is never zero: mostly nothing was disclosed or known, otherwise the column says what it means."
Package = Mapping[str, Any]
Dictionary = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Use:
    """One column of one table: how a name is used there."""

    table: str
    name: str
    kind: str
    unit: str
    description: str


def tables_of(package: Package) -> list[dict[str, Any]]:
    """Return all tables: those of `data/`, then those that the workflow computes."""
    return [*package["resources"], *package.get("results", [])]


def uses(package: Package) -> list[Use]:
    """Return every column of every table; its unit is empty where it has none."""
    return [
        Use(table["name"], field["name"], field["type"], _unit(field, table), field["description"])
        for table in tables_of(package)
        for field in table["schema"]["fields"]
    ]


def _unit(field: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    by_row = field["type"] in ("number", "integer") and any(other["name"] == "unit" for other in _fields(table))
    return str(field.get("unit") or (BY_ROW if by_row else ""))


def _fields(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return table["schema"]["fields"]  # type: ignore[no-any-return]


def dictionary_faults(package: Package, dictionary: Dictionary) -> Iterator[DataError]:
    """Yield where a name of columns has several types, units or meanings that no entry accounts for."""
    by_name: dict[str, list[Use]] = {}
    for use in uses(package):
        by_name.setdefault(use.name, []).append(use)
        if use.kind in ("number", "integer") and not use.unit:
            yield DataError(
                PACKAGE,
                use.table,
                use.name,
                found="a number without unit",
                expected="a unit, or a column `unit` in the table",
                fix="State the unit of the field; `ordinal` for one that only orders or locates rows.",
            )
    for name, same in by_name.items():
        for what, found in {
            "type": {use.kind for use in same},
            "unit": {use.unit for use in same} - {BY_ROW},
        }.items():
            if len(found) > 1:
                yield DataError(
                    PACKAGE,
                    column=name,
                    found=f"{what}s {', '.join(sorted(text or 'none' for text in found))} in "
                    f"{', '.join(sorted({use.table for use in same}))}",
                    expected=f"one {what} for a name",
                    fix="Rename one of the columns.",
                )
        if len({use.description for use in same}) > 1 and not any(name in names for names in dictionary.values()):
            yield DataError(
                PACKAGE,
                column=name,
                found=f"several descriptions, in {', '.join(sorted({use.table for use in same}))}",
                expected="one meaning for a name",
                fix="Describe it alike, or say in data/dictionary.yml what all of them mean.",
            )


def warning_list() -> str:
    """Return the words that the column `warnings` is made of, with what each says of a row, as Markdown."""
    return "\n\n".join(f"{escape(word)}\n: The number is {text}." for word, text in WARNINGS.items())


def _table(columns: Mapping[str, int], rows: list[list[str]]) -> str:
    """Return a table of Markdown; where its lines are long, the columns are as wide as their numbers ask."""
    lines = [
        list(columns),
        ["-" * width for width in columns.values()],
        *([escape(cell) for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _values(field: Mapping[str, Any]) -> str:
    constraints = field.get("constraints", {})
    words = [", ".join(map(str, constraints["enum"]))] if "enum" in constraints else []
    return "; ".join(words + (["never empty"] if constraints.get("required") else []))


def _meaning(field: Mapping[str, Any]) -> str:
    """Return what a column means, and of what it is one end."""
    kind = field.get("interval_kind", "").replace("_", " ")
    return typographic(" ".join([field["description"], *([f"Kind of interval: {kind}."] if kind else [])]))


def describe_key(table: Mapping[str, Any]) -> list[str]:
    """Return a sentence on what a row of a table is, if it has a key."""
    key = table["schema"].get("primaryKey", [])
    keys = [key] if isinstance(key, str) else key
    return [f"One row per {escape(', '.join(keys))}."] if keys else []


def describe_fields(table: Mapping[str, Any]) -> str:
    """Return a table's columns as a table of Markdown."""
    rows = [
        [field["name"], field["type"], _unit(field, table), _meaning(field), _values(field)] for field in _fields(table)
    ]
    return _table({"column": 20, "type": 10, "unit": 10, "meaning": 40, "values": 20}, rows)


def describe_table(table: Mapping[str, Any], place: str) -> str:
    """Return what a table holds, its key and its columns, as a section of Markdown."""
    parts = [
        f"### {prose(table['title'])}",
        f"`{place}`",
        prose(table["description"]),
        *describe_key(table),
        describe_fields(table),
    ]
    return "\n\n".join(parts)


def describe_names(package: Package, dictionary: Dictionary) -> str:
    """Return the dictionary of names: each once, with type, unit, meaning and the number of its tables."""
    meanings = {name: text for names in dictionary.values() for name, text in names.items()}
    by_name: dict[str, list[Use]] = {}
    for use in uses(package):
        by_name.setdefault(use.name, []).append(use)
    rows = [
        [
            name,
            same[0].kind,
            ", ".join(sorted({use.unit for use in same if use.unit})),
            typographic(meanings.get(name, same[0].description)),
            str(len(same)),
        ]
        for name, same in sorted(by_name.items())
    ]
    return _table({"column": 20, "type": 10, "unit": 10, "meaning": 50, "tables": 10}, rows)


def codebook(package: Package, dictionary: Dictionary) -> str:
    """Return the codebook as Markdown.

    Raises
    ------
    DataErrors
        If a name has several types, units or meanings that no entry of the dictionary accounts for.
    """
    faults = list(dictionary_faults(package, dictionary))
    if faults:
        raise DataErrors(faults)
    sections = [
        f"# Codebook of {escape(package['name'])} {escape(package['version'])}",
        prose(package["description"]),
        EMPTY,
        "## Warnings",
        warning_list(),
        "## Tables of facts",
        *(describe_table(table, f"data/{table['path']}") for table in package["resources"]),
        "## Tables that are computed",
        *(describe_table(table, result_path(table).removesuffix(".csv")) for table in package.get("results", [])),
        "## Names of columns",
        "A name has one type in all tables; its unit is given or stands in the row.",
        describe_names(package, dictionary),
    ]
    return "\n\n".join(sections) + "\n"
