"""A table against its schema, column by column: for tables that are too long to be checked cell by cell.

- What is checked is what `data/datapackage.json` states of a field: required, minimum, maximum, pattern, enumeration.
  Types and columns are checked when the table is read, keys by `foreign_key_errors` and when it is written.
- Frictionless does the same for the CSV tables; for forty thousand rows it takes a minute.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from countback.io.errors import DataError

REBUILD = "Run snakemake ingest to rebuild the table, or correct its schema in data/datapackage.json."


def schema_faults(frame: pd.DataFrame, schema: dict[str, Any], file: str) -> Iterator[DataError]:
    """Yield the first fault of each kind in each column, and the first row that shares its key with another.

    Parameters
    ----------
    frame
        The table, typed as the schema says.
    schema
        Its Table Schema.
    file
        Its name, for messages.

    Examples
    --------
    >>> schema = {"fields": [{"name": "unit", "constraints": {"enum": ["count", "share"]}}]}
    >>> print(next(schema_faults(pd.DataFrame({"unit": ["count", "shares"]}), schema, "data/a.parquet")))
    data/a.parquet, row 2, column unit: found 'shares', expected one of count, share. Run snakemake ingest to rebuild \
the table, or correct its schema in data/datapackage.json.
    """
    for field in schema["fields"]:
        column = frame[field["name"]]
        for name, limit in field.get("constraints", {}).items():
            wrong, expected = _against(column, name, limit)
            if wrong.any():
                row = int(wrong.to_numpy().argmax())
                found = None if pd.isna(column.iloc[row]) else column.iloc[row]
                yield DataError(file, row + 1, field["name"], found, expected, REBUILD)
    key = schema.get("primaryKey", [])
    repeated = frame.duplicated(key) if key else pd.Series(False, index=frame.index)
    if repeated.any():
        row = int(repeated.to_numpy().argmax())
        found = ", ".join(map(str, frame.iloc[row][key]))
        yield DataError(file, row + 1, found=found, expected="one row per key", fix=REBUILD)


def foreign_key_faults(
    frame: pd.DataFrame, schema: dict[str, Any], file: str, tables: dict[str, pd.DataFrame]
) -> Iterator[DataError]:
    """Yield the first value of each column with a reference that the table referred to lacks.

    Parameters
    ----------
    frame, schema, file
        As for `schema_faults`.
    tables
        All tables by name.
    """
    for key in schema.get("foreignKeys", []):
        name, other = key["fields"], key["reference"]
        unknown = frame[name].notna() & ~frame[name].isin(tables[other["resource"]][other["fields"]])
        if unknown.any():
            row = int(unknown.to_numpy().argmax())
            expected = f"a value of {other['fields']} in the table {other['resource']}"
            yield DataError(file, row + 1, name, frame[name].iloc[row], expected, "Add it there, or correct it.")


def _against(column: pd.Series, name: str, limit: Any) -> tuple[pd.Series, str]:
    """Return which cells break a constraint, and what it expects."""
    if name == "required":
        return column.isna() & bool(limit), "a value"
    if name == "minimum":
        return (column < limit).fillna(False), f"{limit} or more"
    if name == "maximum":
        return (column > limit).fillna(False), f"{limit} or less"
    if name == "enum":
        return column.notna() & ~column.isin(limit), f"one of {', '.join(map(str, limit))}"
    if name == "pattern":
        distinct = column.drop_duplicates().dropna()
        return column.isin(distinct[~distinct.str.fullmatch(limit)]), f"a text like {limit}"
    raise NotImplementedError(f"the constraint {name} is not checked in tables that are not CSV")
