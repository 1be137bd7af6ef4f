"""Find every number that the prose prints: id, value, unit, text, and the table and row it comes from.

- An id is the name of a table, the key of one of its rows, part by part in the order of the schema, and a column:
  `provider_shares.meta.y2023.share`. Parts at the key's end may be left out where those before are of one row only.
- The unit is the column's, by the schema, or that of the row. A missing cell has no id, so that prose can't print it.
- Only ids that chapters use are looked up. They go to `_variables.yml` too, where `{{< var id >}}` finds them.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from countback.io.chapters import book_chapters
from countback.io.errors import DataError, DataErrors
from countback.io.script import run
from countback.io.tables import read_table, schema_of, write_json, write_text
from countback.text.units import UNITS, format_estimate, format_number
from countback.text.words import slug

Value = dict[str, Any]
HEADER = "# Written by the rule `values` from results/values.json: change nothing here.\n"


def part(cell: object) -> str:
    """Return a cell of a key as a part of an id, with a leading `y` before a number.

    Examples
    --------
    >>> part("without discord and github"), part(2023)
    ('without_discord_and_github', 'y2023')
    """
    name = slug(cell)
    return f"y{name}" if name[:1].isdigit() else name


def plain(cell: Any) -> Any:
    """Return a cell as JSON can hold it."""
    return cell.item() if hasattr(cell, "item") else cell


@dataclass(frozen=True)
class Table:
    """A table with its schema, whose numbers have ids.

    Attributes
    ----------
    name
        As in `data/datapackage.json`.
    frame
        Its rows.
    schema
        Its Table Schema: `primaryKey`, and of each field its type, its `unit` and whether it `isEstimated`.
    """

    name: str
    frame: pd.DataFrame
    schema: Mapping[str, Any]

    @cached_property
    def key(self) -> list[str]:
        """Columns that tell rows apart."""
        key = self.schema["primaryKey"]
        return [key] if isinstance(key, str) else list(key)

    @cached_property
    def fields(self) -> dict[str, Mapping[str, Any]]:
        """Fields of the schema by their names."""
        return {field["name"]: field for field in self.schema["fields"]}

    @cached_property
    def parts(self) -> list[tuple[str, ...]]:
        """Key of each row as its ids spell it."""
        return [tuple(map(part, row)) for row in self.frame[self.key].itertuples(index=False)]

    def rows(self, parts: Sequence[str]) -> list[int]:
        """Return the positions of the rows whose key begins with these parts."""
        return [position for position, key in enumerate(self.parts) if key[: len(parts)] == tuple(parts)]

    def value(self, position: int, column: str) -> Value | None:
        """Return what a cell gives prose to print; None where it is missing, or no number in a known unit."""
        row, field = self.frame.iloc[position], self.fields.get(column, {"type": "boolean"})
        unit = field.get("unit") or ("year" if field["type"] == "year" else row.get("unit"))
        try:
            number = math.nan if field["type"] == "boolean" else float(row[column])
        except (TypeError, ValueError):
            number = math.nan
        if unit not in UNITS or not math.isfinite(number):
            return None
        text = format_estimate(number, unit) if field.get("isEstimated") else format_number(number, unit)
        whole = int(number) if unit in ("count", "year") and number.is_integer() else number
        where = {name: plain(row[name]) for name in self.key}
        return {"value": whole, "unit": unit, "text": text, "table": self.name, "row": where}

    def ids(self) -> Iterator[str]:
        """Yield the full ids of all numbers."""
        for position, parts in enumerate(self.parts):
            for column in self.fields:
                if column not in self.key and self.value(position, column):
                    yield ".".join([self.name, *parts, column])

    def find(self, name: str) -> Value | None:
        """Return the value that an id means; None where it means none, or more than one."""
        _, *parts, column = name.split(".")
        found = self.rows(parts)
        return self.value(found[0], column) if len(found) == 1 else None


def fault(name: str, place: tuple[str, int], table: Table) -> DataError:
    """Return what to say of an id that means no number: where it stands, and the ids nearest to it."""
    file, line = place
    _, *parts, _ = name.split(".")
    is_vague = len(table.rows(parts)) > 1
    near = get_close_matches(name, list(table.ids()), 3, 0)
    return DataError(
        file,
        f"line {line}",
        found=f"{name}, which means several rows" if is_vague else name,
        expected=f"the id of a number of {table.name}, such as {', '.join(near) or 'none: it holds no number'}",
        fix="Correct the id: a table, the key of a row, a column.",
    )


def values(places: Mapping[str, tuple[str, int]], tables: Iterable[Table]) -> dict[str, Value]:
    """Return the values that ids mean, sorted by id.

    Parameters
    ----------
    places
        For each id the chapter and the line that use it first.
    tables
        Those that the ids name.

    Raises
    ------
    DataErrors
        If ids mean no number.
    """
    named = {table.name: table for table in tables}
    found = {name: named[name.partition(".")[0]].find(name) for name in sorted(places)}
    faults = [
        fault(name, places[name], named[name.partition(".")[0]]) for name, value in found.items() if value is None
    ]
    if faults:
        raise DataErrors(faults)
    return {name: value for name, value in found.items() if value is not None}


def nested(found: Mapping[str, Value]) -> dict[str, Any]:
    """Return the texts by the parts of their ids, as `_variables.yml` wants them."""
    tree: dict[str, Any] = {}
    for name, entry in found.items():
        *parents, leaf = name.split(".")
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
        branch[leaf] = entry["text"]
    return tree


def main(ids: Sequence[str], files: Mapping[str, str], output: str, variables: str) -> None:
    """Read the tables, write the values and the variables."""
    uses = [(name, (chapter.path, line)) for chapter in book_chapters(Path()) for name, line in chapter.variables]
    places = {name: place for name, place in reversed(uses) if name in ids}
    tables = [Table(name, read_table(file), schema_of(file)) for name, file in files.items()]
    found = values(places, tables)
    write_json(found, output)
    write_text(HEADER + yaml.safe_dump(nested(found), allow_unicode=True, width=200), variables)


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.params.ids,
            dict(zip(snakemake.params.names, snakemake.input.tables, strict=True)),
            snakemake.output.values,
            snakemake.output.variables,
        ),
        snakemake.log[0],
    )
