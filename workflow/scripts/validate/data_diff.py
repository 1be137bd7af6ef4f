"""Show, row by row, what changed in the tables of `data/` since a revision: `make data-diff`.

- Rows are matched by the table's primary key in `data/datapackage.json`; where it has none, or the key's columns were
  not there before, by all columns that both have. Cells are compared as they are written, Parquet as its CSV.
- Where most rows that held a value now hold the same other one, one line says so: `last_release` of a history moves on
  in every row that a new release repeats.
- Nothing is judged: what is right is for the reader to say.
"""

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from countback.io.errors import CountbackError, DataError
from countback.io.package import load_package
from countback.io.tables import to_csv

MOVED_ROWS = 20  # fewer are listed one by one, even if they all move alike
LONGEST = 60
NTH, SIDE = "\0nth", "\0side"  # no column of a table has such a name


class Move(NamedTuple):
    """A value that gave way to another in most rows that held it."""

    column: str
    old: str
    new: str
    rows: int
    held: int


class Change(NamedTuple):
    """A row with other cells than before: its key, and column, old and new value of each such cell."""

    key: dict[str, str]
    cells: list[tuple[str, str, str]]


class TableDiff(NamedTuple):
    """What changed in a table; rows are dictionaries of their cells."""

    name: str
    note: str
    key: list[str]
    columns_added: list[str]
    columns_removed: list[str]
    moves: list[Move]
    changed: list[Change]
    added: list[dict[str, str]]
    removed: list[dict[str, str]]


def git(project: Path, *arguments: str) -> bytes:
    """Return what git prints.

    Raises
    ------
    CountbackError
        If git fails: its message is passed on.
    """
    done = subprocess.run(["git", *arguments], cwd=project, capture_output=True, check=False)
    if done.returncode:
        raise CountbackError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def changed_files(project: Path, commit: str) -> list[str]:
    """Return the files of `data/` that differ from a commit, new ones included, without what git ignores."""
    tracked = git(project, "diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", "data")
    new = git(project, "ls-files", "--others", "--exclude-standard", "-z", "--", "data")
    return sorted({name for name in (tracked + new).decode().split("\0") if name})


def content_before(project: Path, commit: str, name: str) -> bytes | None:
    """Return a file as it was in a commit, or None where it was not there."""
    if not git(project, "ls-tree", "--name-only", commit, "--", name):
        return None
    return git(project, "show", f"{commit}:./{name}")


def read_cells(content: bytes, name: str) -> pd.DataFrame:
    """Return a table with every cell as text, an empty one as empty text.

    Raises
    ------
    DataError
        If it is no CSV, or no Parquet, where its name says so.
    """
    try:
        if name.endswith(".parquet"):
            text = to_csv(pd.read_parquet(BytesIO(content)).convert_dtypes())
            return pd.read_csv(StringIO(text), dtype="str", keep_default_na=False)
        return pd.read_csv(BytesIO(content), dtype="str", keep_default_na=False)
    except (ValueError, OSError) as error:
        raise DataError(name, found=str(error), expected="a table", fix="Restore the file.") from error


def primary_keys(project: Path) -> dict[str, list[str]]:
    """Return the primary key of each table of `data/`, by path."""
    keys = {}
    for resource in load_package(project / "data" / "datapackage.json")["resources"]:
        key = resource["schema"].get("primaryKey", [])
        keys[f"data/{resource['path']}"] = [key] if isinstance(key, str) else key
    return keys


def find_moves(column: str, old: pd.Series, new: pd.Series) -> list[Move]:
    """Return which values of a column gave way to one other value in most rows, of many, that held them."""
    differs = old != new
    counts = Counter(zip(old[differs], new[differs], strict=True))
    held = Counter(old)
    found = [Move(column, before, after, rows, held[before]) for (before, after), rows in counts.items()]
    return [move for move in found if move.rows >= MOVED_ROWS and move.rows * 2 > move.held]


def compare(name: str, old: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> TableDiff:
    """Return what changed between two states of a table with text in every cell.

    Parameters
    ----------
    name
        The table's path.
    old, new
        Its rows before and now.
    key
        Its primary key, empty where it has none. Rows that share one are matched in their order.
    """
    common = [column for column in new if column in old]
    by = key if key and set(key) <= set(common) else common
    numbered = [frame.assign(**{NTH: frame.groupby(by, sort=False).cumcount() if by else 0}) for frame in (old, new)]
    sides = (f"{SIDE}old", f"{SIDE}new")
    merged = numbered[1].merge(
        numbered[0], how="outer", on=[*by, NTH], suffixes=sides[::-1], indicator=SIDE, sort=False
    )
    both = merged[merged[SIDE] == "both"]
    values = [column for column in common if column not in by]
    pairs = {column: (both[f"{column}{sides[0]}"], both[f"{column}{sides[1]}"]) for column in values}
    moves = [move for column, pair in pairs.items() for move in find_moves(column, *pair)]
    return TableDiff(
        name,
        "",
        by,
        [column for column in new if column not in old],
        [column for column in old if column not in new],
        moves,
        list(_changes(both[by], pairs, moves)),
        _unmatched(numbered[1], numbered[0], [*by, NTH]),
        _unmatched(numbered[0], numbered[1], [*by, NTH]),
    )


def _changes(keys: pd.DataFrame, pairs: dict[str, tuple[pd.Series, pd.Series]], moves: list[Move]) -> Iterator[Change]:
    """Yield the rows with changed cells, but for cells that only move as most do."""
    told = {(move.column, move.old, move.new) for move in moves}
    cells: dict[int, list[tuple[str, str, str]]] = {}
    for column, (old, new) in pairs.items():
        differs = old != new
        for row, before, after in zip(old.index[differs], old[differs], new[differs], strict=True):
            if (column, before, after) not in told:
                cells.setdefault(row, []).append((column, before, after))
    for row in sorted(cells):
        yield Change(dict(keys.loc[row]), cells[row])


def _unmatched(rows: pd.DataFrame, others: pd.DataFrame, by: list[str]) -> list[dict[str, str]]:
    """Return the rows of a table that another has no partner for."""
    side = rows[by].merge(others[by], how="left", on=by, indicator=SIDE)[SIDE]
    found = rows.drop(columns=NTH)[(side == "left_only").to_numpy()]
    return [dict(row) for _, row in found.iterrows()]


def diff_file(project: Path, commit: str, name: str, key: list[str]) -> TableDiff:
    """Return what changed in a table since a commit; a table that is new or gone is noted, its rows are not listed."""
    before, file = content_before(project, commit, name), project / name
    nothing: list[str] = []
    if before is None or not file.is_file():
        state, content = ("gone", before or b"") if before is not None else ("new", file.read_bytes())
        note = f"{state}, {len(read_cells(content, name)):,} rows"
        return TableDiff(name, note, key, nothing, nothing, [], [], [], [])
    found = compare(name, read_cells(before, name), read_cells(file.read_bytes(), name), key)
    return found if any(found[3:]) else found._replace(note="same rows, in another order or form")


def shown(text: str) -> str:
    """Return a cell for the terminal: quoted where it is empty or has spaces, without control characters, cut."""
    plain = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    cut = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
    return cut if cut and " " not in cut else f'"{cut}"'


def shown_pair(old: str, new: str) -> str:
    """Return an old and a new cell, of long ones the part from shortly before they differ."""
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - 20) if max(len(old), len(new)) > LONGEST else 0
    mark = "…" if start else ""
    return f"{shown(mark + old[start:])} → {shown(mark + new[start:])}"


def shown_row(row: dict[str, str]) -> str:
    """Return a row's cells that are not empty."""
    return ", ".join(f"{column}={shown(value)}" for column, value in row.items() if value)


def _listed(title: str, lines: list[str], limit: int) -> list[str]:
    if not lines:
        return []
    rest = [f"    … and {len(lines) - limit:,} more"] if len(lines) > limit else []
    return [f"  {len(lines):,} {title}", *(f"    {line}" for line in lines[:limit]), *rest]


def details(diff: TableDiff, limit: int) -> list[str]:
    """Return the lines on one table: columns, moves, then rows, at most `limit` of each kind."""
    moves = [
        f"  {move.column}: {shown_pair(move.old, move.new)} in {move.rows:,} of {move.held:,} rows that held it"
        for move in diff.moves
    ]
    changed = [
        f"{shown_row(change.key)}: {'; '.join(f'{column} {shown_pair(*pair)}' for column, *pair in change.cells)}"
        for change in diff.changed
    ]
    return [
        f"{diff.name}, by {', '.join(diff.key)}",
        *(f"  column added: {column}" for column in diff.columns_added),
        *(f"  column removed: {column}" for column in diff.columns_removed),
        *moves,
        *_listed("changed", changed, limit),
        *_listed("added", [shown_row(row) for row in diff.added], limit),
        *_listed("removed", [shown_row(row) for row in diff.removed], limit),
    ]


def summary(diffs: list[TableDiff]) -> list[str]:
    """Return one line for each table with its numbers of rows."""
    width = max(len(diff.name) for diff in diffs)
    lines = [f"{'':{width}}  {'added':>8}{'removed':>9}{'changed':>9}"]
    for diff in diffs:
        counts = f"{len(diff.added):>8,}{len(diff.removed):>9,}{len(diff.changed):>9,}"
        moved = "".join(f"  {move.column} moved in {move.rows:,}" for move in diff.moves)
        lines.append(f"{diff.name:{width}}  {diff.note or counts + moved}")
    return lines


def data_diff(project: Path, revision: str, limit: int) -> str:
    """Return what changed in `data/` since a revision: a summary, then the rows.

    Parameters
    ----------
    project
        The root of a checkout.
    revision
        What git takes for one: HEAD, a tag, a commit.
    limit
        How many rows of a kind are listed for each table.

    Raises
    ------
    CountbackError
        If this is no checkout, the revision is unknown, or a table can't be read.
    """
    commit = git(project, "rev-parse", "--verify", "--short", f"{revision}^{{commit}}").decode().strip()
    since = revision if commit == revision else f"{revision} ({commit})"
    files = changed_files(project, commit)
    keys = primary_keys(project)
    names = [name for name in files if name.endswith((".csv", ".parquet"))]
    diffs = [diff_file(project, commit, name, keys.get(name, [])) for name in names]
    others = [name for name in files if name not in names]
    lines = [f"Changes in data/ since {since}", "", *summary(diffs)] if diffs else [f"No table changed since {since}."]
    if others:
        lines += ["", f"Other files that changed: {', '.join(others)}"]
    for diff in diffs:
        lines += ["", *details(diff, limit)] if not diff.note else []
    return "\n".join(lines)


def main() -> None:
    """Print what changed, or why that can't be said."""
    parser = argparse.ArgumentParser(description="Show, row by row, what changed in the tables of data/.")
    parser.add_argument("--from", dest="revision", default="HEAD", help="a commit or tag to compare with (HEAD)")
    parser.add_argument("--rows", type=int, default=20, help="rows of a kind listed for each table (20)")
    chosen = parser.parse_args()
    try:
        print(data_diff(Path.cwd(), chosen.revision, chosen.rows))
    except CountbackError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
