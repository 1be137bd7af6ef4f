"""Where a number comes from: its table and row, the rows that it was computed from, and the pages that print these.

- A number is named by its id, as chapters and `results/values.json` name it: a table, the key of a row, a column.
- `results/lineage.json`, which the workflow writes, says of each computed table which rule made it of which tables.
- A row is traced to those rows of the tables it was made of that have the same key: columns of one name mean the same
  thing everywhere (`data/dictionary.yml`), a few names mean an organization under another word, and a period lies in
  its year. Names as printed, which a row lists, narrow that further.
- Where a row shares no part of its key with a table, all of that table went in: it is listed as such.
- Tracing ends at tables of `data/`, whose rows name their source and the place in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from countback.io.catalog import PACKAGE, Entry, entries
from countback.io.documents import read_yaml
from countback.io.errors import DataError
from countback.io.package import read_json
from countback.traced_rows import Row, Rows, read_rows

VALUES = "results/values.json"
LINEAGE = "results/lineage.json"
ORGANIZATIONS = {"provider", "organization", "series"}  # names of columns that hold ids of organizations
OF_ONE = ("data/disclosures/", "data/printed/", "data/histories/")  # folders whose files are of one organization each
PRINTED = "_printed"
MOST_ROWS = 8  # of a step that are kept to be shown
MOST_VALUES = 12  # of a column by which rows are found: more of them are no key of one number


@dataclass(frozen=True)
class Step:
    """Rows of one table on the way from a number to its sources.

    Attributes
    ----------
    table
        Path of the table's file, from the root of the project.
    rule
        Rule that made the table; None for tables of `data/`.
    matched
        Columns and values by which the rows were found; empty where the whole table went in.
    n_rows
        How many rows were found.
    rows
        The first of them, with every column that holds something.
    sources
        Ids in `data/releases.csv` that the rows name; none where the whole table went in.
    """

    table: str
    rule: str | None
    matched: Row
    n_rows: int
    rows: list[Row] = field(repr=False)
    sources: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trace:
    """A number with where it comes from.

    Attributes
    ----------
    identifier, value, unit, text
        The number: its id, as stored, and as printed.
    meaning
        What its column means.
    steps
        Tables on the way to the sources, the number's own first.
    sources
        Rows of `data/releases.csv` that the steps name.
    corrections
        Rows of `data/corrections.yml` that concern one of the rows.
    """

    identifier: str
    value: Any
    unit: str
    text: str
    meaning: str
    steps: list[Step]
    sources: list[Row]
    corrections: list[Row]


def trace(identifier: str, project: str | Path | None = None) -> Trace:
    """Return where a number that the report prints comes from.

    Parameters
    ----------
    identifier
        The number's id, as `results/values.json` lists it.
    project
        The root of a checkout that was built; by default the one that this library belongs to.

    Raises
    ------
    DataError
        If the report is not built yet, or prints no number of this id: the message has the nearest ones.
    """
    root = Path(project) if project is not None else Path(__file__).resolve().parents[2]
    for file in (VALUES, LINEAGE):
        if not (root / file).is_file():
            raise DataError(file, found="no file", expected="a report that was built", fix="Run make report.")
    entry = printed_number(identifier, read_json(root / VALUES))
    steps = list(walk(entry, read_json(root / LINEAGE), root))
    named = dict.fromkeys(source for step in steps for source in step.sources)
    releases = read_rows(root / "data" / "releases.csv")
    return Trace(
        identifier,
        entry["value"],
        entry["unit"],
        entry["text"],
        meaning(entry["table"], identifier.rpartition(".")[2], root),
        steps,
        [row for name in named for row in releases.matching({"id": name}).cells],
        list(corrections_of(steps, root)),
    )


def printed_number(identifier: str, values: Mapping[str, Row]) -> Row:
    """Return the entry of a number among those that the report prints."""
    if identifier in values:
        return values[identifier]
    near = ", ".join(get_close_matches(identifier, values, 3, 0))
    raise DataError(VALUES, found=identifier, expected=f"the id of a number, such as {near}", fix="Correct the id.")


def meaning(table: str, column: str, project: Path) -> str:
    """Return what a column means, by the data package; nothing for years that an id names."""
    fields = {one["name"]: one for one in named_table(table, project).described["schema"]["fields"]}
    return str(fields[column]["description"]) if column in fields else ""


def named_table(name: str, project: Path) -> Entry:
    """Return the table that an id names: the computed one, where one of `data/` has its name too."""
    changed = (project / PACKAGE).stat().st_mtime_ns
    found = [one for one in _catalog(project, changed) if one.described["name"] == name]
    return max(found, key=lambda one: one.is_result)


@lru_cache(maxsize=2)
def _catalog(project: Path, _changed: int) -> list[Entry]:
    return entries(project)


@lru_cache(maxsize=2)
def _corrections(path: Path, _changed: int) -> list[Row]:
    return list(read_yaml(path))


def walk(entry: Row, lineage: Mapping[str, Row], project: Path) -> Iterator[Step]:
    """Yield the tables from a number's own to those of `data/`, each once, with the rows that lead to the number."""
    start = path_in(lineage, named_table(entry["table"], project).where)
    waiting = [(start, read_rows(project / start).matching(entry["row"]), entry["row"])]
    seen = {start}
    while waiting:
        path, rows, matched = waiting.pop(0)
        made = lineage.get(path, {})
        yield step_of(path, made.get("rule"), rows, matched)
        for source in went_in(rows, made.get("inputs", []), lineage):
            if source not in seen and (project / source).is_file():
                seen.add(source)
                table = read_rows(project / source)
                shared = shared_key(rows, table)
                if (kept := table.matching(shared)).cells:
                    waiting.append((source, kept, shared))


def step_of(path: str, rule: str | None, rows: Rows, matched: Row) -> Step:
    """Return the step of a table: how many rows, the first of them, and the sources that they name."""
    named = sorted(rows.values("source")) if matched else []
    return Step(path, rule, matched, len(rows.cells), rows.cells[:MOST_ROWS], named)


def path_in(lineage: Mapping[str, Row], place: str) -> str:
    """Return a table's path as the lineage has it: of a table that is there as CSV and as Parquet, one is named."""
    stem = place.rpartition(".")[0]
    return next((path for path in lineage if path.rpartition(".")[0] == stem), place)


def went_in(rows: Rows, inputs: list[str], lineage: Mapping[str, Row]) -> list[str]:
    """Return the tables that rows were made of.

    Rows of numbers name theirs, which the same rule may make. Of files of one organization each, those of the rows'
    organizations are taken.
    """
    if "derived_from" in rows.columns:
        named = set(rows.values("derived_from"))
        return [path for path in dict.fromkeys([*inputs, *lineage]) if Path(path).stem in named]
    owners = organizations_of(rows)
    return [path for path in inputs if not owners or not path.startswith(OF_ONE) or Path(path).stem in owners]


def organizations_of(rows: Rows) -> set[str]:
    """Return the ids of organizations in rows."""
    return {str(value) for column in ORGANIZATIONS & set(rows.columns) for value in rows.values(column)}


def shared_key(rows: Rows, table: Rows) -> Row:
    """Return by which columns and values rows of another table belong to these rows.

    Parameters
    ----------
    rows
        Rows of a computed table, with all columns.
    table
        A table that it was made of.
    """
    found: Row = {}
    for column in sorted(table.keys & set(rows.columns) - ORGANIZATIONS):
        values = rows.values(column)
        # a year that a table does not have leads to none of its rows
        if (column == "year" and values) or not table.places(column).keys().isdisjoint(values):
            found[column] = values
    owners = organizations_of(rows)
    for column in sorted(ORGANIZATIONS & table.keys):
        if not table.places(column).keys().isdisjoint(owners):
            found[column] = sorted(owners)
    if "period" in table.keys and "year" in rows.columns and "period" not in found:
        found["period"] = periods_of(rows.values("year"), table.values("period"))
    found |= printed_names(rows, table)
    return {column: values for column, values in found.items() if 0 < len(values) <= MOST_VALUES}


def periods_of(years: Iterable[int], periods: Iterable[str]) -> list[str]:
    """Return the periods that begin in one of the years.

    Examples
    --------
    >>> periods_of([2022], ["2022 H1", "2022 H2", "2023 H1"])
    ['2022 H1', '2022 H2']
    """
    wanted = {str(year) for year in years}
    return sorted({period for period in periods if period[:4] in wanted})


def printed_names(rows: Rows, table: Rows) -> Row:
    """Return the printed names that rows list, where another table has a column of such names."""
    columns = [column for column in table.columns if column.endswith(PRINTED) and column not in rows.columns]
    listed = rows.words if columns else set()
    return {column: sorted(listed & table.places(column).keys()) for column in columns}


def corrections_of(steps: list[Step], project: Path) -> Iterator[Row]:
    """Yield the corrections whose table is on the way and whose key is that of one of the rows."""
    on_the_way = {step.table.removeprefix("data/").rpartition(".")[0]: step for step in steps}
    path = project / "data" / "corrections.yml"
    for correction in _corrections(path, path.stat().st_mtime_ns):
        step = on_the_way.get(correction["table"])
        if step and any(correction["key"].items() <= row.items() for row in step.rows):
            yield correction


def told(found: Trace) -> Iterator[str]:
    """Yield lines that tell a reader where a number comes from."""
    unit = "" if found.unit == "text" else f" ({found.unit})"
    yield f"{found.text}{unit}: {found.identifier}"
    if found.meaning:
        yield f"  {found.meaning}"
    whole = [step.table for step in found.steps if not step.matched]
    for step in found.steps:
        if step.matched:
            yield from _told_step(step)
    if whole:
        yield f"All rows of: {', '.join(whole)}"
    for source in found.sources:
        yield f"Source {source['id']}: {source['title']}. {source.get('url', 'no address')}"
    for one in found.corrections:
        yield f"Corrected in {one['table']}: {one['expect']} to {one['value']}. {one['reason']}"


def _told_step(step: Step) -> Iterator[str]:
    made = f", made by the rule {step.rule}" if step.rule else ""
    yield f"{step.table}{made}: {step.n_rows} row{'' if step.n_rows == 1 else 's'}"
    for row in step.rows:
        yield "    " + ", ".join(f"{name} {value}" for name, value in row.items())
    if step.n_rows > len(step.rows):
        yield f"    and {step.n_rows - len(step.rows)} more"
