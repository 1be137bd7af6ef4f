"""What the data package says of its tables. Nothing here needs pandas: every start of Snakemake asks it.

- A column's type, unit, key and enumeration are stated once, in `data/schemas/`; code asks for them here.
- `data/datapackage.json` says which schema is whose: tables of `data/` are its `resources`, tables that the workflow
  computes its `results`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from countback.io.errors import DataError


def find_package(path: Path) -> Path:
    """Return the descriptor of the data package that a table belongs to.

    Raises
    ------
    DataError
        If there is none in the folders above the table.
    """
    for folder in path.resolve().parents:
        for candidate in (folder / "datapackage.json", folder / "data" / "datapackage.json"):
            if candidate.is_file():
                return candidate
    raise DataError(
        path, expected="a data/datapackage.json in a folder above", fix="Run this in a checkout of the project."
    )


@cache
def _read_json(path: Path, _changed_ns: int) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(path, found=str(error), expected="a JSON file", fix="Restore the file.") from None
    if not isinstance(content, dict):
        raise DataError(path, found=type(content).__name__, expected="a JSON object", fix="Restore the file.")
    return content


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file, which is read again only when the file has changed.

    Raises
    ------
    DataError
        If there is no file, or it holds no JSON.
    """
    return _read_json(path, path.stat().st_mtime_ns if path.is_file() else 0)


def check_entries(package: Path) -> None:
    """Refuse a descriptor in which tables cannot even be looked up; the gate judges the rest.

    Raises
    ------
    DataError
        If resources or results are no lists, or an entry lacks a name, a path or a schema.
    """
    descriptor = read_json(package)
    for kind, wanted in {"resources": ("name", "path"), "results": ("name",)}.items():
        entries = descriptor.get(kind)
        if not isinstance(entries, list):
            raise DataError(package, column=kind, found=entries, expected="a list of tables", fix="Restore the file.")
        for number, entry in enumerate(entries):
            for key in wanted:
                value = entry.get(key) if isinstance(entry, dict) else None
                if not isinstance(value, str) or not value:
                    expected = f"a {key} for each table"
                    raise DataError(package, f"{kind} {number}", key, value, expected, "Restore the file.")


def schema_in(entry: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the schema of an entry of a data package: as it stands there, or from the file that it names."""
    schema = entry["schema"]
    return read_json(folder / schema) if isinstance(schema, str) else dict(schema)


def load_package(path: Path) -> dict[str, Any]:
    """Return a data package's descriptor, with schemas that live in files of their own put in place."""
    descriptor = read_json(path)
    return descriptor | {
        kind: [entry | {"schema": schema_in(entry, path.parent)} for entry in descriptor.get(kind, [])]
        for kind in ("resources", "results")
    }


def load_checksums(package: Path) -> dict[str, dict[str, Any]]:
    """Return rows, bytes and hash of each table of `data/`, by its path there; they lie beside the descriptor."""
    return read_json(package.parent / "checksums.json")


def _entry_of(file: Path) -> tuple[dict[str, Any], Path]:
    """Return the entry that describes a table, and the folder of its data package."""
    descriptor = find_package(file)
    package = read_json(descriptor)
    # names first: to resolve the links in a path takes long, and the Snakefile asks of hundreds
    for entry in (one for one in package["resources"] if one["path"].rpartition("/")[2] == file.name):
        is_table = (descriptor.parent / entry["path"]).resolve() == file.resolve()
        # `ingest` writes beside the data first, under the same path
        if is_table or file.as_posix().endswith(f"results/ingest/{entry['path']}"):
            return entry, descriptor.parent
    for entry in package.get("results", []):
        if entry["name"] == file.stem and file.parent.name != "data":
            return entry, descriptor.parent
    raise DataError(file, expected="a table described in data/datapackage.json", fix="Describe it there.")


def schema_file(path: str | Path) -> Path | None:
    """Return the file with a table's schema, or None where the schema stands in the descriptor itself."""
    entry, folder = _entry_of(Path(path))
    return folder / entry["schema"] if isinstance(entry["schema"], str) else None


def schema_of(path: str | Path) -> dict[str, Any]:
    """Return the Table Schema of a table, found by its path in `data/` or its name in `results/`.

    Raises
    ------
    DataError
        If the data package does not describe the table.
    """
    return schema_in(*_entry_of(Path(path)))


def fields_of(path: str | Path) -> dict[str, dict[str, Any]]:
    """Return a table's fields by name: type, unit, title, description, constraints."""
    return {field["name"]: field for field in schema_of(path)["fields"]}
