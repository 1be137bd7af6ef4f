"""What is wrong with the header, the rows and the cells of a CSV table, all of it at once.

`countback.io.cells` says what a cell may be.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from countback.checks.registry import faults
from countback.io.cells import KINDS, read_column, read_rows
from countback.io.errors import DataError, DataErrors


def header_faults(found: list[str], fields: list[str], name: str) -> list[DataError]:
    """Return what is wrong with a header."""
    if not set(found) & set(fields):
        expected, fix = ",".join(fields), "Restore the header; commas separate cells."
        return [DataError(name, 1, None, ",".join(found), expected, fix)]
    expected, fix = "the columns of the schema", "Remove the column, or describe it in the table's schema."
    repeated = {it for it in found if found.count(it) > 1}
    lost = [it for it in fields if it not in found]
    wrong = [DataError(name, 1, it, "no such column", expected, "Restore the column.") for it in lost]
    wrong += [DataError(name, 1, it, it, expected, fix) for it in found if it not in fields]
    wrong += [DataError(name, 1, it, "it twice", expected, "Remove one.") for it in sorted(repeated)]
    if not wrong and found != fields:
        wrong = [DataError(name, 1, None, ",".join(found), ",".join(fields), "Put the columns in this order.")]
    return wrong


def row_faults(rows: list[list[str]], width: int, name: str) -> list[DataError]:
    """Return which rows are blank, or have another number of cells than the header."""
    wrong = pd.DataFrame([(len(row), at) for at, row in enumerate(rows) if len(row) != width], columns=["cells", "at"])
    wrong = wrong.set_index("at")
    kinds = (
        (wrong["cells"] == 0, "no blank rows", "Remove the row.", "a blank row"),
        (wrong["cells"].between(1, width - 1), f"{width} cells", "Complete the row: the file may be truncated.", None),
        (wrong["cells"] > width, f"{width} cells", "Quote cells that hold commas.", None),
    )
    return [
        error
        for chosen, expected, fix, found in kinds
        for error in faults(name, wrong[chosen], None, expected, fix, found or "{cells} cells")
    ]


def cell_faults(
    cells: Sequence[Any], wrong: Mapping[Any, str], index: Sequence[int], field: Mapping[str, Any], file: str
) -> Iterator[DataError]:
    """Yield an error for each cell of a column that is at fault.

    Parameters
    ----------
    cells, index
        What stands in the column, and the index of each cell's row.
    wrong
        What is expected, by each cell at fault.
    field, file
        The column's field, and the table's file, for messages.
    """
    kind = KINDS[field["type"]]
    for expected in dict.fromkeys(wrong.values()):
        rows = {at: cell for at, cell in zip(index, cells, strict=True) if wrong.get(cell) == expected}
        frame = pd.DataFrame({field["name"]: list(rows.values())}, index=list(rows), dtype="object")
        fix = kind.fix if expected == kind.expected else "Correct the value, or the table's schema."
        # a pattern may hold braces, which a template would take for its own
        template = expected.replace("{", "{{").replace("}", "}}")
        yield from faults(file, frame, field["name"], template, fix)


def read_csv(file: Path, schema: Mapping[str, Any], name: str) -> tuple[pd.DataFrame, list[DataError]]:
    """Return a CSV table as far as it can be read, and what is wrong with its cells.

    Parameters
    ----------
    file
        The table.
    schema
        Its Table Schema.
    name
        The file, for messages.

    Raises
    ------
    DataError, DataErrors
        If no cell can be said to belong to a column.
    """
    header, *rows = read_rows(file, name)
    fields = schema["fields"]
    if wrong := header_faults(header, [field["name"] for field in fields], name):
        raise DataErrors(wrong)
    found = row_faults(rows, len(fields), name)
    index = [at for at, row in enumerate(rows) if len(row) == len(fields)]
    columns = {}
    for field, texts in zip(fields, zip(*(rows[at] for at in index), strict=True), strict=True) if index else ():
        column, wrong_cells = read_column(texts, field, schema.get("missingValues", [""]))
        columns[field["name"]] = column.set_axis(index)
        found += cell_faults(texts, wrong_cells, index, field, name)
    return pd.DataFrame(columns, columns=header), found
