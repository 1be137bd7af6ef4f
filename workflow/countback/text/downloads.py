"""The files that readers can take away, as the page of downloads lists them: from `results/downloads.json`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

SUFFIXES = {"svg": "SVG", "png": "PNG", "csv": "CSV"}
NBSP = "\u00a0"
SIZES = ((1_000_000, "MB"), (1_000, "kB"))


def file_size(n_bytes: int) -> str:
    """Return a size as readers know it, in units of a thousand.

    Examples
    --------
    >>> [file_size(one) for one in (120, 1_234, 45_678, 1_560_000)]
    ['1\xa0kB', '1.2\xa0kB', '46\xa0kB', '1.6\xa0MB']
    """
    for unit, name in SIZES:
        if n_bytes >= unit:
            number = n_bytes / unit
            return f"{number:.1f}{NBSP}{name}" if number < 10 else f"{number:.0f}{NBSP}{name}"
    return f"1{NBSP}kB"


def file_link(path: str, words: str = "") -> str:
    """Return a link from a chapter to a file of the project, as Markdown.

    Examples
    --------
    >>> file_link("exports/countback.zip")
    '[countback.zip](../exports/countback.zip)'
    """
    return f"[{words or Path(path).name}](../{path})"


def read_downloads(file: str | Path) -> list[dict[str, Any]]:
    """Return what the workflow measured of each file."""
    return list(json.loads(Path(file).read_text(encoding="utf-8")))


def main_files(lines: Iterable[dict[str, Any]], titles: dict[str, str]) -> pd.DataFrame:
    """Return the files that most readers want, in the order of their titles: what each is, and its size.

    Parameters
    ----------
    lines
        All files.
    titles
        What each file holds, by its name.
    """
    found = {Path(line["file"]).name: line for line in lines}
    rows = [
        (file_link(found[name]["file"]), text, file_size(found[name]["bytes"]))
        for name, text in titles.items()
        if name in found
    ]
    return pd.DataFrame(rows, columns=["file", "description", "size"])


def units_of(stated: str) -> str:
    """Return the units of a table's numbers, without the columns that have them; text has none.

    Examples
    --------
    >>> units_of("text; count: reports, pairs; per_100k: rate")
    'count, per 100k'
    """
    units = [part.partition(":")[0].replace("_", " ") for part in stated.split("; ")]
    return ", ".join(unit for unit in units if unit != "text")


def table_files(lines: Iterable[dict[str, Any]], kind: str) -> pd.DataFrame:
    """Return a line for each table of a kind, `facts` or `computed`: what it holds, rows, size, units."""
    rows = [
        (
            line["title"],
            line["description"],
            file_link(line["file"]),
            line["rows"],
            file_size(line["bytes"]),
            units_of(line["units"]),
        )
        for line in lines
        if line["kind"] == kind
    ]
    columns = ["title", "description", "file", "rows", "size", "units"]
    return pd.DataFrame(rows, columns=columns).astype({"rows": "Int64"})


def figure_files(lines: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Return a line for each figure: its title, and its files with their sizes."""
    by_figure: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        if line["kind"] == "figure":
            by_figure.setdefault(line["title"], []).append(line)
    rows = [
        {"title": title}
        | {
            suffix: f"{file_link(one['file'], SUFFIXES[suffix])} ({file_size(one['bytes'])})"
            for one in files
            for suffix in [one["file"].rpartition(".")[2]]
        }
        for title, files in by_figure.items()
    ]
    return pd.DataFrame(rows, columns=["title", *SUFFIXES])
