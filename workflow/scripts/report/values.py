"""Find every number and word that the prose takes from a table: id, value, unit, text, the row and the column.

- An id is the name of a table, the key of one of its rows, part by part in the order of the schema, and a column:
  `provider_shares.meta.y2023.share`. Parts at the key's end may be left out where those before are of one row only.
- In place of a year, `last`, `before` and `first` mean the last year, the last but one and the first of those rows that
  match the rest of the id and hold a value in its column: `provider_shares.meta.last.share`. They stand for the digits
  wherever a part has them: `concentration.before_to_last_owners.entries.estimate` is of `2022 to 2023, owners`. A part
  that is spelled `last` means itself.
- The column `year` of such an id is the year itself, `start_year` that of its first word; `share_year` is the year for
  the column `share`, where other columns go on for longer. A line that prints a year so must print those of all its
  numbers that are picked by year: or 2024 would be said of a number of 2023.
- An id means one row: its whole key and the column stand beside the value. A number that counts or adds several rows is
  a row of its own in a table of numbers, which says which rows it counts; so are words.
- No line calls an interval a 95 percent one whose coverage by simulation falls short of that.
- The unit is the column's, by the schema, or that of the row. A missing cell has no id, so that prose can't print it.
- A column of unit `text` holds words: names and turns of phrase that the data pick.
- A count below ten is printed in words by `_in_words` after its column: `rounding_numbers.no_sign.n.value_in_words`
  gives `seven`, and `12` of twelve; `_In_words` gives `Seven`, for the beginning of a sentence.
- Only ids that chapters use are looked up. They go to `_variables.yml` too, where `{{< var id >}}` finds them.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from countback.io.chapters import Chapter, book_chapters
from countback.io.errors import DataError, DataErrors
from countback.io.files import write_json, write_text
from countback.io.package import schema_of
from countback.io.script import run
from countback.io.tables import read_table
from countback.text.claims import number_word, sentence
from countback.text.intervals import overstated
from countback.text.typography import TEXT
from countback.text.units import UNITS, format_estimate, format_number
from countback.text.words import slug
from countback.versions import headline_uses

Value = dict[str, Any]
PLACES = {"first": 0, "before": -2, "last": -1}  # among the years of the rows that an id matches, in their order
WORD = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(PLACES)})(?![a-z0-9])")
YEARS = re.compile(r"(?:(\w+?)_)??(start_year|year)")  # a column that stands for a year, and the column it is of
IN_WORDS = re.compile(r"(?P<column>\w+)_(?P<first>[iI])n_words")
ENDS = ("low", "high")  # of an interval, whose method the row names
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


def spelling(pattern: str) -> re.Pattern[str]:
    """Return what matches the parts that a part of an id means: any four digits stand where it has `last` and so on.

    Examples
    --------
    >>> spelling("last_owners").fullmatch("y2023_owners").groups(), spelling("last_owners").fullmatch("y2023_all")
    (('2023',), None)
    """
    return re.compile(WORD.sub(lambda word: ("" if word.start() else "y") + r"(\d{4})", pattern))


def plain(cell: Any) -> Any:
    """Return a cell as JSON can hold it."""
    return cell.item() if hasattr(cell, "item") else cell


def in_words(value: Value, at_start: bool) -> Value | None:
    """Return a count as prose has it, in words below ten; None where it is no count.

    Examples
    --------
    >>> in_words({"value": 7, "unit": "count", "text": "7"}, at_start=True)["text"]
    'Seven'
    >>> in_words({"value": 1200, "unit": "count", "text": "1,200"}, at_start=False)["text"]
    '1,200'
    >>> in_words({"value": 0, "unit": "count", "text": "0"}, at_start=False)["text"]
    'none'
    """
    if value["unit"] != "count" or not isinstance(value["value"], int):
        return None
    text = (number_word(value["value"]) if value["value"] else "none") if value["value"] < 10 else value["text"]
    return value | {"text": sentence(text) if at_start else text}


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
        if unit == TEXT and isinstance(row[column], str):
            return {"value": row[column], "unit": TEXT, "text": row[column]} | self.place(position, column)
        try:
            number = math.nan if field["type"] == "boolean" else float(row[column])
        except (TypeError, ValueError):
            number = math.nan
        if unit not in UNITS or not math.isfinite(number):
            return None
        text = format_estimate(number, unit) if field.get("isEstimated") else format_number(number, unit)
        whole = int(number) if unit in ("count", "year") and number.is_integer() else number
        return {"value": whole, "unit": unit, "text": text} | self.place(position, column)

    def place(self, position: int, column: str) -> Value:
        """Return where a cell stands: the table, the whole key of its row, and its column."""
        row = self.frame.iloc[position]
        where = {"table": self.name, "row": {name: plain(row[name]) for name in self.key}, "column": column}
        method = row.get("interval_method") if column in ENDS else self.fields.get(column, {}).get("interval_method")
        return where if pd.isna(method) else where | {"interval_method": method}

    def ids(self) -> Iterator[str]:
        """Yield the full ids of all numbers."""
        for position, parts in enumerate(self.parts):
            for column in self.fields:
                if column not in self.key and self.value(position, column):
                    yield ".".join([self.name, *parts, column])

    def years(self, parts: Sequence[str], column: str) -> dict[int, tuple[int, ...]]:
        """Return the years in the keys of the rows that the parts match, where the column holds a value."""
        found, patterns, year = {}, [spelling(one) for one in parts], YEARS.fullmatch(column)
        asked = year[1] if year else column
        for position, key in enumerate(self.parts):
            matches = [pattern.fullmatch(one) for pattern, one in zip(patterns, key, strict=False)]
            if len(parts) <= len(key) and all(matches) and (asked is None or self.value(position, asked)):
                found[position] = tuple(int(year) for match in matches if match for year in match.groups())
        return found

    def picks(self, parts: Sequence[str], column: str) -> tuple[list[int], tuple[int, ...]]:
        """Return the rows that an id means in which `last`, `before` and `first` stand for years, and these years."""
        places = [PLACES[word] for one in parts for word in WORD.findall(one)]
        found = self.years(parts, column)
        known = sorted({year for years in found.values() for year in years})
        if not places or len(known) < max(-min(places), 1):
            return [], ()
        wanted = tuple(known[place] for place in places)
        return [position for position, years in found.items() if years == wanted], wanted

    def picked(self, parts: Sequence[str], column: str) -> Value | None:
        """Return the value of an id in which words stand for years, with these years; None for several rows."""
        rows, wanted = self.picks(parts, column)
        if len(rows) != 1:
            return None
        if asked := YEARS.fullmatch(column):
            year = wanted[-1] if asked[2] == "year" else wanted[0]
            with_word = [name for name, one in zip(self.key, parts, strict=False) if WORD.search(one)]
            place = self.place(rows[0], with_word[-1 if asked[2] == "year" else 0])
            return {"value": year, "unit": "year", "text": str(year)} | place
        value = self.value(rows[0], column)
        return value and value | {"years": list(wanted)}

    def holds(self, value: Value) -> bool:
        """Tell whether a value stands in the one row and column that it points at."""
        wanted = [part(cell) for cell in value["row"].values()]
        rows = self.rows(wanted) if list(value["row"]) == self.key else []
        if len(rows) != 1 or value["column"] not in self.fields:
            return False
        cell = self.frame.iloc[rows[0]][value["column"]]
        if value["unit"] == "year":  # the year of a row may be a part of a text in its key
            return str(value["value"]) in str(cell)
        return bool(cell == value["value"] or pd.to_numeric(cell, errors="coerce") == value["value"])

    def find(self, name: str) -> Value | None:
        """Return the value that an id means; None where it means none, or more than one."""
        if words := IN_WORDS.fullmatch(name.rpartition(".")[2]):
            value = self.find(f"{name.rpartition('.')[0]}.{words['column']}")
            return value and in_words(value, at_start=words["first"] == "I")
        _, *parts, column = name.split(".")
        found = self.rows(parts)
        if not found:
            return self.picked(parts, column)
        return self.value(found[0], column) if len(found) == 1 else None


def fault(name: str, place: tuple[str, int], table: Table) -> DataError:
    """Return what to say of an id that means no number: where it stands, and the ids nearest to it."""
    file, line = place
    _, *parts, column = name.split(".")
    is_vague = max(len(table.rows(parts)), len(table.picks(parts, column)[0])) > 1
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


def lost_values(found: Mapping[str, Value], tables: Iterable[Table]) -> Iterator[DataError]:
    """Yield a fault for each value that does not stand in the one row and column that it points at."""
    named = {table.name: table for table in tables}
    for name, value in found.items():
        table = named[value["table"]]
        if not table.holds(value):
            yield DataError(
                "results/values.json",
                name,
                found=f"{value['text']}, said to be {value['column']} of {value['row']}",
                expected=f"one row of {value['table']} that holds it in this column",
                fix="Correct workflow/scripts/report/values.py, or the primary key in the table's schema.",
            )


def unsaid_years(uses: Iterable[tuple[str, tuple[str, int]]], found: Mapping[str, Value]) -> Iterator[DataError]:
    """Yield a fault for each number whose year was picked and that its line doesn't name, although it names a year.

    Parameters
    ----------
    uses
        Ids with the chapter and the line of each use.
    found
        Their values.
    """
    lines: dict[tuple[str, int], list[str]] = {}
    for name, place in uses:
        lines.setdefault(place, []).append(name)
    for (file, line), names in lines.items():
        if not any(YEARS.fullmatch(name.rpartition(".")[2]) and WORD.search(name) for name in names):
            continue
        said = {found[name]["value"] for name in names if found[name]["unit"] == "year"}
        for name in names:
            if unsaid := set(found[name].get("years", [])) - said:
                yield DataError(
                    file,
                    f"line {line}",
                    found=f"{name}, which is of {', '.join(map(str, sorted(unsaid)))}",
                    expected=f"a number of {', '.join(map(str, sorted(said)))}, the years that the line prints",
                    fix="Print the number's own year, by its id with `year` as the column, or part the sentence.",
                )


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


def printed_lines(chapters: Iterable[Chapter]) -> Iterator[tuple[str, int, str, list[str]]]:
    """Yield chapter, number and text of each line that prints numbers, with their ids."""
    for chapter in chapters:
        names: dict[int, list[str]] = {}
        for name, line in chapter.variables:
            names.setdefault(line, []).append(name)
        texts = chapter.text.split("\n")
        for line, listed in names.items():
            yield chapter.path, line, texts[line - 1], listed


def main(
    ids: Sequence[str], files: Mapping[str, str], coverage: str, tolerance: float, output: str, variables: str
) -> None:
    """Read the tables, write the values and the variables."""
    uses = [(name, (chapter.path, line)) for chapter in book_chapters(Path()) for name, line in chapter.variables]
    uses = [(name, place) for name, place in [*uses, *headline_uses()] if name in ids]
    places = dict(reversed(uses))
    tables = [Table(name, read_table(file), schema_of(file)) for name, file in files.items()]
    found = values(places, tables)
    overdone = overstated(printed_lines(book_chapters(Path())), found, read_table(coverage), tolerance)
    if faults := [*unsaid_years(uses, found), *lost_values(found, tables), *overdone]:
        raise DataErrors(faults)
    write_json(found, output)
    write_text(HEADER + yaml.safe_dump(nested(found), allow_unicode=True, width=200), variables)


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.params.ids,
            dict(zip(snakemake.params.names, snakemake.input.tables, strict=True)),
            snakemake.input.coverage,
            snakemake.params.tolerance,
            snakemake.output.values,
            snakemake.output.variables,
        ),
        snakemake.log[0],
    )
