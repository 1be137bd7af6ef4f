"""A table against its Table Schema: constraints of columns, primary keys, and references to other tables.

- The same for CSV and Parquet: a CSV table comes from `countback.checks.cells`, a Parquet table from its own types.
- A missing part of a key is a value of its own; a reference that is missing altogether refers to nothing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from countback.checks.cells import cell_faults, read_csv
from countback.checks.registry import faults
from countback.io.cells import breaks
from countback.io.errors import DataError
from countback.io.tables import typed

CORRECT = "Correct the value, or the table's schema."


def load_table(file: Path, schema: dict[str, Any], name: str) -> tuple[pd.DataFrame, list[DataError]]:
    """Return a table as far as it can be read, and what breaks its schema within it.

    Parameters
    ----------
    file
        A CSV or Parquet file.
    schema
        Its Table Schema.
    name
        The file, for messages.

    Raises
    ------
    DataError, DataErrors
        If no cell can be said to belong to a column.
    """
    frame, found = (read_csv if file.suffix == ".csv" else read_parquet)(file, schema, name)
    for field in schema["fields"]:
        if field.get("constraints", {}).get("unique"):
            rows = frame[frame[field["name"]].notna() & frame[field["name"]].duplicated()]
            found += faults(name, rows, field["name"], "a value that no row before has", "Correct one of them.")
    frame.attrs["file"] = name
    return frame, [*found, *key_faults(frame, schema, name)]


def read_parquet(file: Path, schema: dict[str, Any], name: str) -> tuple[pd.DataFrame, list[DataError]]:
    """Return a Parquet table, and what is wrong with its cells; parameters and errors as for `load_table`."""
    fix = "Restore the file, or run snakemake ingest to rebuild it."
    try:
        frame = typed(pd.read_parquet(file), {field["name"]: field for field in schema["fields"]}, Path(name))
    except (pa.ArrowException, OSError) as error:
        reason = str(error) if file.is_file() else "no file"
        raise DataError(name, found=reason, expected="a Parquet file", fix=fix) from None
    found: list[DataError] = []
    for field in schema["fields"]:
        column = frame[field["name"]]
        distinct = [None if pd.isna(value) else value for value in column.unique().astype("object")]
        wrong = {value: expected for value in distinct if (expected := breaks(value, field)) is not None}
        if wrong:
            cells = column.astype("object").where(column.notna(), None)
            found += cell_faults(list(cells), wrong, list(frame.index), field, name)
    return frame, found


def key_faults(frame: pd.DataFrame, schema: dict[str, Any], file: str) -> Iterator[DataError]:
    """Yield the rows that share their primary key with one before."""
    key = names(schema.get("primaryKey", []))
    rows = frame[frame.duplicated(key)] if key else frame.iloc[:0]
    found = ", ".join(f"{name}={{{name}}}" for name in key)
    yield from faults(file, rows, None, "one row per key", "Drop or correct one of the rows.", found)


def reference_faults(
    frame: pd.DataFrame, schema: dict[str, Any], file: str, tables: dict[str, pd.DataFrame]
) -> Iterator[DataError]:
    """Yield the rows with a reference that the table referred to lacks.

    Parameters
    ----------
    frame, schema, file
        A table, its Table Schema, and its file for messages.
    tables
        All tables that could be read, by name; references to others are passed over.
    """
    for key in schema.get("foreignKeys", []):
        own, other, table = names(key["fields"]), names(key["reference"]["fields"]), key["reference"]["resource"]
        referred = tables.get(table) if table else frame
        if referred is None:
            continue
        known = set(referred[other].drop_duplicates().itertuples(index=False, name=None))
        cells = frame[own].dropna(how="all")
        distinct = cells.drop_duplicates()
        unknown = {row for row in distinct.itertuples(index=False, name=None) if row not in known}
        rows = cells[[row in unknown for row in cells.itertuples(index=False, name=None)]] if unknown else cells[:0]
        expected = f"a value of the table referred to, {table or 'this one'}: {', '.join(other)}"
        found = ", ".join(f"{{{name}}}" for name in own)
        fix = "Correct the value, or add it to that table."
        yield from faults(file, rows, ", ".join(own), expected, fix, found)


def names(key: str | list[str]) -> list[str]:
    """Return the columns of a key, which a schema may give as one name."""
    return [key] if isinstance(key, str) else key
