"""Tables as tracing reads them: rows as plain values, found by what stands in their columns, each table read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from countback.io.package import fields_of
from countback.io.tables import read_table

Row = dict[str, Any]
# columns that say something of a row, and not which one it is
ABOUT_ROWS = {"warnings", "note", "source", "unit", "verdict", "reason", "status", "method", "question"}
ABOUT_ROWS |= {"provenance", "own_provenance", "component", "interval_kind"}


@dataclass(frozen=True)
class Rows:
    """A table, or some rows of one.

    Attributes
    ----------
    cells
        The rows, each with the cells that hold something.
    columns
        Names of all columns.
    keys
        Columns that can tell rows apart.
    """

    cells: list[Row]
    columns: list[str]
    keys: set[str]
    _places: dict[str, dict[Any, list[int]]] = field(default_factory=dict, repr=False)

    def places(self, column: str) -> dict[Any, list[int]]:
        """Return at which places in the table each value of a column stands."""
        if column not in self._places:
            found: dict[Any, list[int]] = {}
            for place, row in enumerate(self.cells):
                if column in row:
                    found.setdefault(row[column], []).append(place)
            self._places[column] = found
        return self._places[column]

    def values(self, column: str) -> list[Any]:
        """Return the values of a column, each once, in the order of the rows."""
        return list(self.places(column))

    def matching(self, wanted: Mapping[str, Any]) -> "Rows":
        """Return the rows whose cells are among the wanted values; all rows where nothing is wanted."""
        if not wanted:
            return self
        kept: set[int] = set(range(len(self.cells)))
        for column, values in wanted.items():
            places = self.places(column)
            kept &= {at for value in (values if isinstance(values, list) else [values]) for at in places.get(value, [])}
        return Rows([self.cells[at] for at in sorted(kept)], self.columns, self.keys)

    @cached_property
    def words(self) -> set[str]:
        """The words of all cells, names that a cell lists parted by a bar: each table of a step asks for them."""
        cells = {cell for row in self.cells for cell in row.values() if isinstance(cell, str)}
        return {name for cell in cells for name in cell.split("|")}


def rows_of(frame: pd.DataFrame, keys: Iterable[str]) -> Rows:
    """Return the rows of a table whose `keys` can tell them apart."""
    columns = [str(column) for column in frame.columns]
    filled = frame.notna().to_numpy()
    lists = [frame[column].tolist() for column in frame.columns]
    cells = [
        {name: values[at] for name, values, is_filled in zip(columns, lists, filled[at], strict=True) if is_filled}
        for at in range(len(frame))
    ]
    return Rows(cells, columns, set(keys))


def names_and_years(path: Path) -> set[str]:
    """Return the columns of a table that can tell rows apart: words and years, no measures."""
    return {
        str(one["name"])
        for one in fields_of(path).values()
        if one["type"] in ("string", "year") and "unit" not in one and one["name"] not in ABOUT_ROWS
    }


@lru_cache(maxsize=200)
def _read(path: Path, _changed: int) -> Rows:
    return rows_of(read_table(path), names_and_years(path))


def read_rows(path: Path) -> Rows:
    """Return a table, read once for as long as its file stays as it is."""
    return _read(path, path.stat().st_mtime_ns)
