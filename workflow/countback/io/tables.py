"""Reading and writing tables by their schemas, which `countback.io.package` finds.

- A finished file is never half-written: it is written beside its place, then moved.
- An empty cell is a missing value. It is never zero.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from countback.io.cells import DTYPES, KINDS, read_column, read_rows
from countback.io.errors import DataError
from countback.io.files import atomic_write, write_text
from countback.io.package import fields_of, schema_of

# text that a spreadsheet would take for a formula, and what it is made in the CSV of the exported data package: wide
# forms of these signs are the same to one in Japanese, and plain numbers are no formulas
NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z"
FORMULA = rf"(?s)^(?!{NUMBER})('*[=+\-@\t\r\n＝＋－＠].)"
ESCAPED = r"(?s)^'('*[=+\-@\t\r\n＝＋－＠].)"
# what both of them begin with, in what Arrow understands: it looks through a column many times as fast as Python does
SIGNS = r"^'*[=+\-@\t\r\n＝＋－＠]"


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
        If the file is missing or empty, or its columns or cells differ from the schema.
    """
    file = Path(path)
    fields = fields_of(file)
    if not file.is_file() or file.stat().st_size == 0:
        raise DataError(file, found="no content", expected="a table", fix="Restore the file.")
    if file.suffix == ".parquet":
        return typed(pd.read_parquet(file), fields, file)
    return typed(_read_csv(file, fields), fields, file)


def _read_csv(file: Path, fields: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Return a CSV table in its types, the columns of the schema in the order of the file, others as text.

    Raises
    ------
    DataError
        Where a row or a cell can be read in more ways than one: the first such.
    """
    header, *rows = read_rows(file, str(file))
    for at, row in enumerate(rows):
        if len(row) != len(header):
            expected, fix = f"{len(header)} cells", "Complete the row, or quote cells that hold commas."
            raise DataError(file, at + 2, None, f"{len(row)} cells", expected, fix)
    columns = {}
    for name, texts in zip(header, zip(*rows, strict=True) if rows else ([] for _ in header), strict=True):
        kind = fields.get(name, {}).get("type", "string")
        columns[name], wrong = read_column(texts, {"name": name, "type": kind}, [""])
        for at, text in enumerate(texts) if wrong else ():
            if text in wrong:
                raise DataError(file, at + 2, name, text, wrong[text], KINDS[kind].fix)
    if len(columns) < len(header):
        expected, fix = "each column once", "Remove one."
        raise DataError(file, 1, next(name for name in header if header.count(name) > 1), "it twice", expected, fix)
    return pd.DataFrame(columns)


def to_csv(frame: pd.DataFrame) -> str:
    """Return a table as the project's CSV: UTF-8, line feeds, `true` and `false`, 5 for 5.0, empty where missing."""
    texts = {name: frame[name].map({True: "true", False: "false"}) for name in frame if frame[name].dtype == "boolean"}
    texts |= {name: _short(frame[name]) for name in frame if frame[name].dtype == "Float64"}
    return frame.assign(**texts).to_csv(index=False, lineterminator="\n")


def _short(numbers: pd.Series) -> pd.Series:
    """Return numbers as they are written: whole ones without a point."""
    short = [int(number) if pd.notna(number) and number == number // 1 else number for number in numbers]
    return pd.Series(short, index=numbers.index, dtype="object")


def escape_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table in whose text no cell is a formula to a spreadsheet.

    Examples
    --------
    >>> escape_formulas(pd.DataFrame({"printed": ["=1+1", "-", "'=a"], "n": [-1, 2, 3]})).values.tolist()
    [["'=1+1", -1], ['-', 2], ["''=a", 3]]
    """
    return _replace(frame, FORMULA, r"'\1")


def unescape_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table that `escape_formulas` was given."""
    return _replace(frame, ESCAPED, r"\1")


def _replace(frame: pd.DataFrame, pattern: str, replacement: str) -> pd.DataFrame:
    texts = [name for name in frame if pd.api.types.is_string_dtype(frame[name])]
    signed = [name for name in texts if frame[name].str.contains(SIGNS).any()]
    return frame.assign(**{name: frame[name].str.replace(pattern, replacement, regex=True) for name in signed})


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
            write_text(to_csv(table), file)
        else:
            atomic_write(file, table.to_parquet(index=False, compression="zstd"))
