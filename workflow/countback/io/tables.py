"""Reading and writing tables by their schemas.

- A column's type, unit, key and enumeration are stated once, in `data/schemas/`; code asks for them here.
- `data/datapackage.json` says which schema is whose: tables of `data/` are its `resources`, tables that the workflow
  computes its `results`.
- A finished file is never half-written: it is written beside its place, then moved.
- An empty cell is a missing value. It is never zero.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from countback.io.errors import DataError
from countback.io.files import atomic_write

DTYPES = {
    "string": "string",
    "integer": "Int64",
    "year": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "string",
}


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


def typed(frame: pd.DataFrame, fields: dict[str, dict[str, Any]], file: Path) -> pd.DataFrame:
    """Return the frame with the schema's columns, in its order, in its types.

    Raises
    ------
    DataError
        If its columns or types are others.
    """
    missing, unknown = [c for c in fields if c not in frame], [c for c in frame if c not in fields]
    if missing or unknown:
        raise DataError(
            file,
            found=f"columns {', '.join(map(str, frame.columns))}",
            expected=f"columns {', '.join(fields)}",
            fix=f"Missing: {', '.join(missing) or 'none'}; unknown: {', '.join(map(str, unknown)) or 'none'}.",
        )
    try:
        return frame[list(fields)].astype({name: DTYPES[field["type"]] for name, field in fields.items()})
    except (TypeError, ValueError) as error:
        raise DataError(file, found=str(error), expected="the types in data/datapackage.json") from error


def read_table(path: str | Path) -> pd.DataFrame:
    """Return a table as the data package describes it: typed columns, nothing guessed.

    Parameters
    ----------
    path
        A CSV or Parquet file that `data/datapackage.json` describes.

    Raises
    ------
    DataError
        If the file is missing or empty, or its columns or types differ from the schema.
    """
    file = Path(path)
    fields = fields_of(file)
    if not file.is_file() or file.stat().st_size == 0:
        raise DataError(file, found="no content", expected="a table", fix="Restore the file.")
    if file.suffix == ".parquet":
        return typed(pd.read_parquet(file), fields, file)
    dtypes = {name: DTYPES[field["type"]] for name, field in fields.items()}
    try:
        frame = pd.read_csv(
            file, dtype=dtypes, keep_default_na=False, na_values=[""], true_values=["true"], false_values=["false"]
        )  # type: ignore[call-overload]
    except ValueError as error:
        raise DataError(file, found=str(error), expected="the types in data/datapackage.json") from error
    return typed(frame, fields, file)


def _write(content: str | bytes, path: Path) -> None:
    atomic_write(path, content.encode() if isinstance(content, str) else content)


def to_csv(frame: pd.DataFrame) -> str:
    """Return a table as the project's CSV: UTF-8, line feeds, `true` and `false`, 5 for 5.0, empty where missing."""
    texts = {name: frame[name].map({True: "true", False: "false"}) for name in frame if frame[name].dtype == "boolean"}
    texts |= {name: _short(frame[name]) for name in frame if frame[name].dtype == "Float64"}
    return frame.assign(**texts).to_csv(index=False, lineterminator="\n")


def _short(numbers: pd.Series) -> pd.Series:
    """Return numbers as they are written: whole ones without a point."""
    short = [int(number) if pd.notna(number) and number == number // 1 else number for number in numbers]
    return pd.Series(short, index=numbers.index, dtype="object")


def check_keys(frame: pd.DataFrame, schema: dict[str, Any], file: Path) -> None:
    """Raise a DataError where rows share a primary key."""
    key = schema.get("primaryKey", [])
    repeated = frame[frame.duplicated(key, keep=False)] if key else frame.iloc[:0]
    if len(repeated):
        found = ", ".join(f"{name}={repeated.iloc[0][name]}" for name in key)
        raise DataError(
            file,
            int(repeated.index[1]) + 2,
            found=found,
            expected="one row per key",
            fix="Drop or correct one.",
        )


def check_characters(frame: pd.DataFrame, file: Path) -> None:
    """Raise a DataError where text holds what R writes for a character that its locale lacks, such as `<U+00F4>`."""
    for name in frame.select_dtypes(["object", "string"]):
        lost = frame[name].str.contains("<U+", regex=False).fillna(False).to_numpy(dtype=bool)
        if lost.any():
            row = int(lost.argmax())
            expected = "the character itself"
            fix = "Run what wrote it in a locale that writes UTF-8."
            raise DataError(file, row + 2, str(name), frame[name].iloc[row], expected, fix)


def write_table(frame: pd.DataFrame, *paths: str | Path) -> None:
    """Write a table as CSV or Parquet, or both, after checking it against its schema.

    Parameters
    ----------
    frame
        Columns as in the schema, in any order.
    paths
        Files ending in `.csv` or `.parquet` that `data/datapackage.json` describes.

    Raises
    ------
    DataError
        If columns, types or keys differ from the schema, or text holds a character that R has lost.
    """
    for file in map(Path, paths):
        table = typed(frame.reset_index(drop=True), fields_of(file), file)
        check_keys(table, schema_of(file), file)
        check_characters(table, file)
        if file.suffix == ".csv":
            _write(to_csv(table), file)
        else:
            _write(table.to_parquet(index=False, compression="zstd"), file)


def write_json(content: object, path: str | Path) -> None:
    """Write JSON for readers and diffs: indented, keys as given, whole or not at all."""
    _write(json.dumps(content, indent=2, ensure_ascii=False) + "\n", Path(path))


def write_text(content: str, path: str | Path) -> None:
    """Write text whole or not at all."""
    _write(content, Path(path))
