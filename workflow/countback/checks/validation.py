"""The gate before everything: no table is computed from data that has a fault.

- Frictionless checks each table against its schema: columns, types, patterns, enumerations, keys, references.
- `countback.checks.disclosures` adds what no schema can state. It runs only on tables that are sound.
- All faults are reported at once, each with file, row, column, what was found and expected, and what to do.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from countback.checks.boundaries import BOUNDARY_CHECKS
from countback.checks.cybertipline import CYBERTIPLINE_CHECKS
from countback.checks.disclosures import CHECKS, corrections_match
from countback.checks.esps import ESP_CHECKS
from countback.checks.parsed import PARSED_CHECKS, label_corrections_match
from countback.checks.schemas import foreign_key_faults, schema_faults
from countback.checks.tiktok import TIKTOK_CHECKS
from countback.corrections import Correction, LabelCorrection, read_corrections, read_label_corrections
from countback.io.errors import DataError, DataErrors
from countback.io.tables import load_checksums, load_package, read_table, write_json

PACKAGE = "datapackage.json"

FIXES = {
    "type-error": (
        "a value of the column's type",
        "Write it as the schema says: no separators, no units, a point for decimals.",
    ),
    "constraint-error": (
        "a value that the column allows",
        "Correct the value, or the schema in data/datapackage.json.",
    ),
    "primary-key": ("one row per key", "Drop or correct one of the rows."),
    "foreign-key": ("a value of the table referred to", "Correct the value, or add it to that table."),
    "missing-label": ("the columns of the schema", "Restore the column."),
    "extra-label": ("the columns of the schema", "Remove the column, or describe it in data/datapackage.json."),
    "incorrect-label": ("the columns of the schema, in their order", "Rename the column."),
    "blank-row": ("no blank rows", "Remove the row."),
    "missing-cell": ("as many cells as columns", "Complete the row: the file may be truncated."),
    "extra-cell": ("as many cells as columns", "Quote cells that hold commas."),
    "source-error": ("a table with a header and rows", "Restore the file: it is empty or truncated."),
}


def _as_data_error(error: object, file: str) -> DataError:
    """Return a Frictionless error in the project's own form."""
    kind = str(getattr(error, "type", ""))
    expected, fix = FIXES.get(kind, ("a table as data/datapackage.json describes it", "Correct the file."))
    note = str(getattr(error, "note", "")).strip()
    found = getattr(error, "cell", None) or getattr(error, "label", None) or note
    return DataError(
        file,
        getattr(error, "row_number", None),
        getattr(error, "field_name", None) or getattr(error, "label", None),
        found=found,
        expected=f"{expected} ({note})" if note and note != found else expected,
        fix=fix,
    )


def unlisted_files(data: Path) -> list[DataError]:
    """Return an error for each table in `data/` that the data package does not list: nothing would read it."""
    listed = {(data / resource["path"]).resolve() for resource in load_package(data / PACKAGE)["resources"]}
    raw = data / "raw"
    return [
        DataError(
            f"data/{file.relative_to(data)}",
            expected="an entry in data/datapackage.json",
            fix="Describe the table there, or remove it.",
        )
        for file in sorted([*data.rglob("*.csv"), *data.rglob("*.parquet")])
        if file.resolve() not in listed and raw not in file.parents
    ]


def unfinished_files(data: Path) -> list[DataError]:
    """Return an error for each table that is missing, empty, cut off, or shorter than the data package says."""
    resources = load_package(data / PACKAGE)["resources"]
    stated = load_checksums(data / PACKAGE)
    rows = {resource["path"]: stated.get(resource["path"], {}).get("rows", 1) for resource in resources}
    found = (_unfinished(data / path, f"data/{path}", n_rows) for path, n_rows in rows.items())
    return [error for error in found if error is not None]


def _unfinished(file: Path, name: str, rows: int) -> DataError | None:
    if not file.is_file():
        return DataError(name, found="no file", expected="a table", fix="Restore the file.")
    if file.suffix == ".parquet":
        return _unfinished_parquet(file, name, rows)
    content = file.read_bytes()
    lines = content.count(b"\n")
    if lines < 2:
        return DataError(
            name, found=f"{lines} lines", expected="a header and at least one row", fix="Restore the file."
        )
    if not content.endswith(b"\n"):
        fix = "The file is truncated: restore it."
        return DataError(name, lines + 1, found="no line end", expected="a complete last line", fix=fix)
    return _too_short(name, lines - 1, rows)


def _unfinished_parquet(file: Path, name: str, rows: int) -> DataError | None:
    try:
        found = pq.read_metadata(file).num_rows
    except (pa.ArrowInvalid, OSError) as error:
        fix = "Restore the file, or run snakemake ingest to rebuild it."
        return DataError(name, found=str(error), expected="a Parquet file", fix=fix)
    return _too_short(name, found, rows)


def _too_short(name: str, found: int, rows: int) -> DataError | None:
    if found >= rows:
        return None
    fix = "The file is truncated: restore it; or run make checksums, if rows were dropped on purpose."
    return DataError(name, found=f"{found} rows", expected=f"{rows} rows or more, as in data/checksums.json", fix=fix)


def _mark(data: Path, resource: dict[str, Any], paths: dict[str, str]) -> str:
    """Return a digest of all that the schema check of one table reads: schema, table, the tables it refers to."""
    keys = resource["schema"].get("foreignKeys", [])
    referred = sorted({paths[key["reference"]["resource"]] for key in keys if key["reference"]["resource"]})
    digest = hashlib.sha256(json.dumps(resource["schema"], sort_keys=True).encode() + Path(__file__).read_bytes())
    for path in [resource["path"], *referred]:
        digest.update(hashlib.sha256((data / path).read_bytes()).digest())
    return digest.hexdigest()


def schema_errors(data: Path, passed: Path | None = None) -> list[DataError]:
    """Return what Frictionless finds in the tables of the data package; those that are not CSV are checked apart.

    Checksums are compared by a test, not here: whoever tries another number must not need to update them first.

    Parameters
    ----------
    data
        The folder with the data package.
    passed
        A folder that remembers which tables have passed as they are: these are not checked again.
    """
    resources = [it for it in load_package(data / PACKAGE)["resources"] if it["format"] == "csv"]
    paths = {resource["name"]: resource["path"] for resource in resources}
    marks = {name: passed / _mark(data, it, paths) for it in resources if (name := it["name"])} if passed else {}
    names = [name for name in paths if name not in marks or not marks[name].is_file()]
    found = _frictionless_errors(data, names) if names else {}
    for name in names:
        if passed and name not in found and PACKAGE not in found:
            passed.mkdir(parents=True, exist_ok=True)
            marks[name].touch()
    return [error for errors in found.values() for error in errors]


def _frictionless_errors(data: Path, names: list[str]) -> dict[str, list[DataError]]:
    """Return what is wrong with the tables of these names, by name, or with the package itself."""
    from frictionless import Checklist, FrictionlessException, Package, system

    logging.getLogger("frictionless").setLevel(logging.ERROR)
    checklist = Checklist(skip_errors=["byte-count", "hash-count", "row-count"])
    found: dict[str, list[DataError]] = {}
    with system.use_context(trusted=True):
        package = Package(str(data / PACKAGE))
        for resource in [resource for resource in package.resources if resource.format != "csv"]:
            package.remove_resource(resource.name)
        try:
            package.to_descriptor(validate=True)
        except FrictionlessException as error:
            return {PACKAGE: [_as_data_error(part, f"data/{PACKAGE}") for part in error.to_errors()]}
        for name in names:
            for task in package.get_resource(name).validate(checklist).tasks:
                errors = [_as_data_error(error, _shown_place(data, task.place)) for error in task.errors]
                found |= {name: errors} if errors else {}
    return found


def _shown_place(data: Path, place: str) -> str:
    return f"data/{Path(place).relative_to(data)}" if Path(place).is_relative_to(data) else f"data/{place}"


def validate_data(data: Path, passed: Path | None = None) -> dict[str, int]:
    """Check everything in `data/` and return the number of rows of each table.

    Parameters
    ----------
    data
        The folder with the data package.
    passed
        A folder that remembers which tables have passed the check of their schema.

    Raises
    ------
    DataErrors
        With every fault found. Checks across tables run only where the tables themselves are sound.
    """
    corrections: list[Correction] = []
    labels: list[LabelCorrection] = []
    faults = unfinished_files(data) or [*unlisted_files(data), *schema_errors(data, passed)]
    try:
        corrections = read_corrections(data / "corrections.yml")
        labels = read_label_corrections(data / "corrections.yml")
    except DataError as error:
        faults.append(error)
    if faults:
        raise DataErrors(faults)
    resources = load_package(data / PACKAGE)["resources"]
    tables = {resource["name"]: read_table(data / resource["path"]) for resource in resources}
    faults = list(long_table_faults(resources, tables))
    if faults:
        raise DataErrors(faults)
    checks = (*CHECKS, *PARSED_CHECKS, *CYBERTIPLINE_CHECKS, *ESP_CHECKS, *TIKTOK_CHECKS, *BOUNDARY_CHECKS)
    faults = [error for check in checks for error in check(tables)]
    faults += [*corrections_match(tables, corrections), *label_corrections_match(tables, labels)]
    if faults:
        raise DataErrors(faults)
    return {name: len(frame) for name, frame in tables.items()}


def long_table_faults(resources: list[dict[str, Any]], tables: dict[str, pd.DataFrame]) -> Iterator[DataError]:
    """Yield what breaks the schema of tables that are not CSV."""
    for resource in resources:
        if resource["format"] != "csv":
            about = tables[resource["name"]], resource["schema"], f"data/{resource['path']}"
            yield from schema_faults(*about)
            yield from foreign_key_faults(*about, tables)


def data_digest(data: Path) -> str:
    """Return a digest of everything in `data/` that is checked, and of the code that checks it."""
    raw = data / "raw"
    files = [file for file in sorted(data.rglob("*")) if file.is_file() and raw not in file.parents]
    files += sorted(Path(__file__).parents[1].rglob("*.py"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def validate_once(data: Path, passed: Path) -> dict[str, int]:
    """Do what `validate_data` does, unless the same data have passed before.

    Parameters
    ----------
    data
        The folder with the data package.
    passed
        A folder with one file for each state of the data that has passed.
    """
    record = passed / f"{data_digest(data)}.json"
    if not record.is_file():
        write_json(validate_data(data, passed / "tables"), record)
    return dict(json.loads(record.read_text(encoding="utf-8")))
