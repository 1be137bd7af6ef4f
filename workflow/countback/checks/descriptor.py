"""The data package itself: its descriptor, its Table Schemas and its checksums, before any table is read by them.

- Only what the gate knows how to check may stand in a Table Schema: a constraint that nobody checks would be a promise.
- Paths stay inside `data/`.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

from countback.checks.schemas import names
from countback.io.cells import KINDS
from countback.io.errors import DataError
from countback.io.package import read_json, schema_in

PACKAGE = "datapackage.json"
CHECKSUMS = "checksums.json"
TEXT = {"type": "string", "minLength": 1}
NUMBERS = ("integer", "number", "year")
KEY = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
# a schema stands in the descriptor, or in the file that it names
SCHEMA = {"type": ["string", "object"], "minLength": 1}
RESOURCE = {
    "type": "object",
    "required": ["name", "path", "format", "schema"],
    "properties": {"name": TEXT, "path": TEXT, "format": {"enum": ["csv", "parquet"]}, "schema": SCHEMA},
}
RESULT = {"type": "object", "required": ["name", "schema"], "properties": {"name": TEXT, "schema": SCHEMA}}
DESCRIPTOR = {
    "type": "object",
    "required": ["resources"],
    "properties": {
        "resources": {"type": "array", "minItems": 1, "items": RESOURCE},
        "results": {"type": "array", "items": RESULT},
    },
}
CONSTRAINTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "required": {"type": "boolean"},
        "unique": {"type": "boolean"},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "enum": {"type": "array", "minItems": 1},
        "pattern": {"type": "string", "format": "regex"},
    },
}
OF_NUMBERS = {"properties": {"constraints": {"not": {"required": ["pattern"]}}}}
OF_OTHERS = {"properties": {"constraints": {"not": {"anyOf": [{"required": ["minimum"]}, {"required": ["maximum"]}]}}}}
# what a column is one end of; a table whose rows differ has a column of this name instead
INTERVAL_KINDS = ("confidence", "prediction", "rounding", "bounds", "leave_one_out", "range")
FIELD = {
    "type": "object",
    "required": ["name", "type"],
    "properties": {
        "name": TEXT,
        "type": {"enum": list(KINDS)},
        "constraints": CONSTRAINTS,
        "interval_kind": {"enum": list(INTERVAL_KINDS)},
        "interval_method": TEXT,
    },
    "if": {"properties": {"type": {"enum": ["string", "date"]}}},
    "then": OF_OTHERS,
    "else": OF_NUMBERS,
}
REFERENCE = {
    "type": "object",
    "required": ["resource", "fields"],
    "properties": {"resource": {"type": "string"}, "fields": KEY},
}
TABLE_SCHEMA = {
    "type": "object",
    "required": ["fields"],
    "properties": {
        "fields": {"type": "array", "minItems": 1, "items": FIELD},
        "missingValues": {"type": "array", "items": {"type": "string"}},
        "primaryKey": KEY,
        "foreignKeys": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["fields", "reference"],
                "properties": {"fields": KEY, "reference": REFERENCE},
            },
        },
    },
}
ROWS = {"type": "object", "required": ["rows"], "properties": {"rows": {"type": "integer"}}}
SUMS = {"type": "object", "additionalProperties": ROWS}


def shape_faults(content: Any, shape: dict[str, Any], file: str) -> Iterator[DataError]:
    """Yield where a document has not the shape that a JSON Schema describes."""
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    for error in jsonschema.Draft202012Validator(shape, format_checker=checker).iter_errors(content):
        place = " ".join(str(step) for step in error.absolute_path) or None
        # a message quotes all that is wrong, which may be the whole document
        found, expected = shortened(error.message), shortened(f"{error.validator}: {error.validator_value}")
        yield DataError(file, place, None, found, expected, "Correct it, or restore the file.")


def shortened(text: str, length: int = 160) -> str:
    """Return a text, or its beginning."""
    return text if len(text) <= length else f"{text[:length]}…"


def package_faults(data: Path) -> list[DataError]:
    """Return what is wrong with the descriptor, the schemas and the checksums of a data package.

    Parameters
    ----------
    data
        The folder with the data package.
    """
    try:
        descriptor, sums = (read_json(data / file) for file in (PACKAGE, CHECKSUMS))
    except DataError as error:
        return [error]
    found = [*shape_faults(descriptor, DESCRIPTOR, f"data/{PACKAGE}"), *shape_faults(sums, SUMS, f"data/{CHECKSUMS}")]
    if found:
        return found
    entries = [*descriptor["resources"], *descriptor.get("results", [])]
    found = [*path_faults(data, entries), *repeated_names(descriptor)]
    if found:
        return found
    # many tables share a schema
    for entry in {str(entry["schema"]): entry for entry in entries}.values():
        try:
            found += shape_faults(schema_in(entry, data), TABLE_SCHEMA, schema_place(entry))
        except DataError as error:
            found.append(error)
    if found:
        return found
    schemas = {entry["name"]: schema_in(entry, data) for entry in descriptor["resources"]}
    return [error for entry in descriptor["resources"] for error in key_faults(entry, schemas)]


def schema_place(entry: dict[str, Any]) -> str:
    """Return where a table's schema stands, for messages."""
    return f"data/{entry['schema'] if isinstance(entry['schema'], str) else PACKAGE}"


def path_faults(data: Path, entries: list[dict[str, Any]]) -> Iterator[DataError]:
    """Yield paths that leave the folder of the data."""
    for entry in entries:
        for kind in ("path", "schema"):
            path = entry.get(kind, "")
            if isinstance(path, str) and not _is_inside(data / path, data):
                expected, fix = "a path inside data/", "Correct the path."
                yield DataError(f"data/{PACKAGE}", f"resource {entry['name']}", kind, path, expected, fix)


def _is_inside(path: Path, folder: Path) -> bool:
    """Tell whether a path leads into a folder; one of links in a circle, or with a sign that no path has, does not."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def repeated_names(descriptor: dict[str, Any]) -> Iterator[DataError]:
    """Yield names and paths that two tables share."""
    for kind in ("name", "path"):
        for value, number in Counter(entry[kind] for entry in descriptor["resources"]).items():
            if number > 1:
                expected, fix = f"one resource of this {kind}", "Rename one, or drop it."
                yield DataError(f"data/{PACKAGE}", "resources", kind, value, expected, fix)


def key_faults(entry: dict[str, Any], schemas: dict[str, dict[str, Any]]) -> Iterator[DataError]:
    """Yield columns that a schema's keys name but that the tables do not have.

    Parameters
    ----------
    entry
        A resource.
    schemas
        The schemas of all resources, by name.
    """
    schema = schemas[entry["name"]]
    used = [("primaryKey", entry["name"], names(schema.get("primaryKey", [])))]
    for key in schema.get("foreignKeys", []):
        referred = key["reference"]["resource"] or entry["name"]
        used += [("foreignKeys", entry["name"], names(key["fields"]))]
        used += [("foreignKeys", referred, names(key["reference"]["fields"]))]
    for key, table, columns in used:
        unknown = set(columns) - {field["name"] for field in schemas.get(table, {}).get("fields", [])}
        if unknown or table not in schemas:
            found = f"{', '.join(columns)} of {table}"
            yield DataError(schema_place(entry), key, None, found, "columns of a table", "Correct the key.")
