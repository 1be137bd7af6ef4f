"""Where a number comes from: its table and row, the rows that it was computed from, and the pages that print these.

- A number is named by its id, as chapters and `results/values.json` name it: a table, the key of a row, a column.
- `results/lineage.json`, which the workflow writes, says of each computed table which rule made it of which tables.
- A row is traced to those rows of the tables it was made of that have the same key: columns of one name mean the same
  thing everywhere (`data/dictionary.yml`), a few names mean an organization under another word, and a period lies in
  its year. Names as printed, which a row lists, narrow that further.
- Where a row shares no part of its key with a table, all of that table went in: it is listed as such.
- Tracing ends at tables of `data/`, whose rows name their source and the place in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from countback.io.catalog import Entry, entries
from countback.io.documents import read_yaml
from countback.io.errors import DataError
from countback.io.tables import fields_of, read_json, read_table

VALUES = "results/values.json"
LINEAGE = "results/lineage.json"
ORGANIZATIONS = {"provider", "organization", "series"}  # names of columns that hold ids of organizations
OF_ONE = ("data/disclosures/", "data/printed/", "data/histories/")  # folders whose files are of one organization each
PRINTED = "_printed"
# columns that say something of a row, and not which one it is
ABOUT_ROWS = {"warnings", "note", "source", "unit", "verdict", "reason", "status", "method", "question"}
ABOUT_ROWS |= {"provenance", "own_provenance", "component"}
MOST_ROWS = 5  # of a step that are kept to be shown
MOST_VALUES = 12  # of a column by which rows are found: more of them are no key of one number
Row = dict[str, Any]


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
    releases = read(root / "data" / "releases.csv").set_index("id", drop=False)
    return Trace(
        identifier,
        entry["value"],
        entry["unit"],
        entry["text"],
        meaning(entry["table"], identifier.rpartition(".")[2], root),
        steps,
        [filled(releases.loc[name]) for name in named if name in releases.index],
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
    return max((one for one in entries(project) if one.described["name"] == name), key=lambda one: one.is_result)


@lru_cache(maxsize=200)
def _read(path: Path, _changed: int) -> pd.DataFrame:
    return read_table(path)


def read(path: Path) -> pd.DataFrame:
    """Return a table, read once for as long as its file stays as it is."""
    return _read(path, path.stat().st_mtime_ns)


def walk(entry: Row, lineage: Mapping[str, Row], project: Path) -> Iterator[Step]:
    """Yield the tables from a number's own to those of `data/`, each once, with the rows that lead to the number."""
    start = path_in(lineage, named_table(entry["table"], project).where)
    waiting = [(start, matching(read(project / start), entry["row"]), entry["row"])]
    seen = {start}
    while waiting:
        path, rows, matched = waiting.pop(0)
        made = lineage.get(path, {})
        yield step_of(path, made.get("rule"), rows, matched)
        for source in went_in(rows, made.get("inputs", []), lineage):
            if source not in seen:
                seen.add(source)
                frame = read(project / source)
                shared = shared_key(rows, frame, names_and_years(project / source))
                if not (kept := matching(frame, shared)).empty:
                    waiting.append((source, kept, shared))


def step_of(path: str, rule: str | None, rows: pd.DataFrame, matched: Row) -> Step:
    """Return the step of a table: how many rows, the first of them, and the sources that they name."""
    shown = [filled(row) for _, row in rows.head(MOST_ROWS).iterrows()]
    named = sorted(rows["source"].dropna().unique()) if matched and "source" in rows else []
    return Step(path, rule, matched, len(rows), shown, named)


def path_in(lineage: Mapping[str, Row], place: str) -> str:
    """Return a table's path as the lineage has it: of a table that is there as CSV and as Parquet, one is named."""
    stem = place.rpartition(".")[0]
    return next((path for path in lineage if path.rpartition(".")[0] == stem), place)


def went_in(rows: pd.DataFrame, inputs: list[str], lineage: Mapping[str, Row]) -> list[str]:
    """Return the tables that rows were made of.

    Rows of numbers name theirs, which the same rule may make. Of files of one organization each, those of the rows'
    organizations are taken.
    """
    if "derived_from" in rows:
        named = set(rows["derived_from"].dropna())
        return [path for path in dict.fromkeys([*inputs, *lineage]) if Path(path).stem in named]
    owners = organizations_of(rows)
    return [path for path in inputs if not owners or not path.startswith(OF_ONE) or Path(path).stem in owners]


def organizations_of(rows: pd.DataFrame) -> set[str]:
    """Return the ids of organizations in rows."""
    return {str(value) for column in ORGANIZATIONS & set(rows.columns) for value in rows[column].dropna().unique()}


def names_and_years(path: Path) -> set[str]:
    """Return the columns of a table that can tell rows apart: words and years, no measures."""
    return {
        str(one["name"])
        for one in fields_of(path).values()
        if one["type"] in ("string", "year") and "unit" not in one and one["name"] not in ABOUT_ROWS
    }


def shared_key(rows: pd.DataFrame, frame: pd.DataFrame, keys: set[str]) -> Row:
    """Return by which columns and values rows of another table belong to these rows.

    Parameters
    ----------
    rows
        Rows of a computed table, with all columns.
    frame
        A table that it was made of.
    keys
        Columns of that table that can tell its rows apart.
    """
    found: Row = {}
    for column in sorted(keys & set(rows.columns) - ORGANIZATIONS):
        values = rows[column].dropna().unique().tolist()
        # a year that a table does not have leads to none of its rows
        if frame[column].isin(values).any() or (column == "year" and values):
            found[column] = values
    owners = organizations_of(rows)
    for column in sorted(ORGANIZATIONS & keys):
        if frame[column].isin(owners).any():
            found[column] = sorted(owners)
    if "period" in keys and "year" in rows and "period" not in found:
        found["period"] = periods_of(rows["year"], frame["period"])
    found |= printed_names(rows, frame)
    return {column: values for column, values in found.items() if 0 < len(values) <= MOST_VALUES}


def periods_of(years: pd.Series, periods: pd.Series) -> list[str]:
    """Return the periods that begin in one of the years.

    Examples
    --------
    >>> periods_of(pd.Series([2022]), pd.Series(["2022 H1", "2022 H2", "2023 H1"]))
    ['2022 H1', '2022 H2']
    """
    wanted = {str(year) for year in years.dropna().unique()}
    return sorted({str(period) for period in periods.dropna().unique() if str(period)[:4] in wanted})


def printed_names(rows: pd.DataFrame, frame: pd.DataFrame) -> Row:
    """Return the printed names that rows list, where another table has a column of such names."""
    words = rows.select_dtypes(["object", "string"]).stack().dropna().unique()
    listed = {name for cell in words for name in str(cell).split("|")}
    columns = [str(column) for column in frame.columns if str(column).endswith(PRINTED) and column not in rows]
    return {column: sorted(listed & set(frame[column].dropna())) for column in columns}


def matching(frame: pd.DataFrame, wanted: Row) -> pd.DataFrame:
    """Return the rows whose cells are among the wanted values; all rows where nothing is wanted."""
    kept = pd.Series(True, index=frame.index)
    for column, values in wanted.items():
        kept &= frame[column].isin(values if isinstance(values, list) else [values])
    return frame[kept]


def filled(row: pd.Series) -> Row:
    """Return the cells of a row that hold something, as plain values."""
    return {str(name): cell.item() if hasattr(cell, "item") else cell for name, cell in row.dropna().items()}


def corrections_of(steps: list[Step], project: Path) -> Iterator[Row]:
    """Yield the corrections whose table is on the way and whose key is that of one of the rows."""
    on_the_way = {step.table.removeprefix("data/").rpartition(".")[0]: step for step in steps}
    for correction in read_yaml(project / "data" / "corrections.yml"):
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
