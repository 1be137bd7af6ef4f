"""List the files that readers can take away, one line on each: what it holds, rows, size, units.

- Tables are those of `data/datapackage.json`, figures those of `data/reference/figures.csv`, all as far as they are
  there. CSV lies beside the report as spreadsheets read it, and is measured so.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from countback.io.files import atomic_write
from countback.io.package import load_package
from countback.io.script import run
from countback.io.tables import read_table
from countback.text.listings import places
from press.sheets import copied

Line = dict[str, Any]


def measured(path: str) -> Line:
    """Return a file with its size in bytes and, if it is a table, its rows, as it lies beside the report."""
    content = copied(path, Path(path).read_bytes())
    rows = None
    if path.endswith(".csv"):
        rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) - 1
    return {"file": path, "bytes": len(content), "rows": rows}


def units(entry: Mapping[str, Any]) -> str:
    """Return the columns of a table that have units, by unit."""
    by_unit: dict[str, list[str]] = {}
    for field in entry["schema"]["fields"]:
        if field.get("unit") and field["unit"] != "ordinal":
            by_unit.setdefault(field["unit"], []).append(field["name"])
    return "; ".join(f"{unit}: {', '.join(names)}" for unit, names in by_unit.items())


def _tables(package: Mapping[str, Any]) -> Iterator[Line]:
    for path, entry in places(package).items():
        if Path(path).is_file():
            kind = "facts" if path.startswith("data/") else "computed"
            said = {"title": entry["title"], "description": entry["description"], "units": units(entry)}
            yield measured(path) | {"kind": kind} | said


def _figures(figures: str) -> Iterator[Line]:
    for figure, title in read_table(figures)[["figure", "title"]].itertuples(index=False):
        for suffix in ("svg", "png", "csv"):
            path = f"figures/{figure}.{suffix}"
            if Path(path).is_file():
                yield measured(path) | {"kind": "figure", "figure": figure, "title": title}


def main(descriptor: str, figures: str, exports: list[str], output: str) -> None:
    """Measure what is there, write the list."""
    lines = [*({"kind": "export"} | measured(path) for path in exports)]
    lines += [*_tables(load_package(Path(descriptor))), *_figures(figures)]
    atomic_write(Path(output), (json.dumps(lines, indent=1, ensure_ascii=False) + "\n").encode())


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.package, snakemake.input.figures, snakemake.input.exports, snakemake.output.downloads
        ),
        snakemake.log[0],
    )
