"""The gate before everything: no table is computed from data that has a fault.

- One engine checks each table against its schema, CSV and Parquet alike: `countback.checks.cells` what is written,
  `countback.checks.schemas` what it means.
- The checks of `countback.checks.registry` add what no schema can state. They run only on tables that are sound.
- All faults are reported at once, each with file, row, column, what was found and expected, and what to do.
- Checksums are compared by a test, not here: whoever tries another number must not need to update them first.
"""

import hashlib
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pandas as pd

from countback.checks.corrections import corrections_match, label_corrections_match
from countback.checks.descriptor import PACKAGE, package_faults
from countback.checks.registry import Check, registered
from countback.checks.schemas import load_table, reference_faults
from countback.corrections import read_corrections, read_label_corrections
from countback.io.errors import DataError, DataErrors
from countback.io.files import write_json
from countback.io.package import load_checksums, load_package

# Reads a table: its file, its Table Schema, and the file's name for messages.
Load = Callable[[Path, dict[str, Any], str], tuple[pd.DataFrame, list[DataError]]]


def all_checks() -> list[Check]:
    """Return the checks of all modules of this package, which are found."""
    package = __name__.rpartition(".")[0]
    for module in iter_modules(import_module(package).__path__):
        import_module(f"{package}.{module.name}")
    return registered()


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


def load_tables(data: Path, load: Load = load_table) -> tuple[dict[str, pd.DataFrame], list[DataError]]:
    """Return the tables of a sound data package by name, as far as they can be read, and what breaks their schemas.

    Parameters
    ----------
    data
        The folder with the data package.
    load
        Reads a table; who checks many states of the same data may pass one that remembers.
    """
    resources = load_package(data / PACKAGE)["resources"]
    stated = load_checksums(data / PACKAGE)
    tables: dict[str, pd.DataFrame] = {}
    faults: list[DataError] = []
    for resource in resources:
        path, file = resource["path"], f"data/{resource['path']}"
        try:
            frame, found = load(data / path, resource["schema"], file)
        except DataErrors as several:
            faults += several.errors
        except DataError as error:
            faults.append(error)
        else:
            tables[resource["name"]] = frame
            faults += found or too_short(frame, stated.get(path, {}).get("rows", 1), file)
    for resource in resources:
        if (name := resource["name"]) in tables:
            faults += reference_faults(tables[name], resource["schema"], f"data/{resource['path']}", tables)
    return tables, faults


def too_short(frame: pd.DataFrame, rows: int, file: str) -> list[DataError]:
    """Return an error if a table has fewer rows than are stated beside the data package."""
    if len(frame) >= rows:
        return []
    fix = "The file is truncated: restore it; or run make checksums, if rows were dropped on purpose."
    expected = f"{rows} rows or more, as in data/checksums.json"
    return [DataError(file, found=f"{len(frame)} rows", expected=expected, fix=fix)]


def validate_data(data: Path, load: Load = load_table) -> dict[str, int]:
    """Check everything in `data/` and return the number of rows of each table.

    Parameters
    ----------
    data
        The folder with the data package.
    load
        Reads a table, as for `load_tables`.

    Raises
    ------
    DataErrors
        With every fault found. Tables are read where the package is sound, and compared where they are.
    """
    refuse(package_faults(data))
    tables, faults = load_tables(data, load)
    faults += unlisted_files(data)
    try:
        corrections = read_corrections(data / "corrections.yml")
        labels = read_label_corrections(data / "corrections.yml")
    except DataError as error:
        faults.append(error)
    refuse(faults)
    faults = [error for check in all_checks() for error in check(tables)]
    refuse([*faults, *corrections_match(tables, corrections), *label_corrections_match(tables, labels)])
    return {name: len(frame) for name, frame in tables.items()}


def refuse(faults: list[DataError]) -> None:
    """Raise faults together, if there are any."""
    if faults:
        raise DataErrors(faults)


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
        write_json(validate_data(data), record)
    return dict(json.loads(record.read_text(encoding="utf-8")))
