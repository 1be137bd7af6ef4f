"""Write where each number of the prose comes from, for pages that are asked: a script that works from disk.

`window.bookOrigins` has three parts, so that nothing is written twice:

- `numbers`: by id the printed text, unit and meaning; the table, its row and the rule that made it; `from`, the rows
  that were read in documents; `also`, other tables on the way; `sources`, the documents; `corrections`.
- `sources`: title and address of a document, by id.
- `tables`: the tables that `also` means by their places in this list.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from countback.io.files import write_text
from countback.io.package import read_json
from countback.io.script import run
from countback.trace import Step, Trace, trace
from countback.traced_rows import Row

MOST_ROWS = 8  # of one table that a page shows: of a number made of more, it says how many there are
MOST_SOURCES = 8  # that a page names: of more, it says how many there are
UNTOLD = {"note", "warnings", "status", "route", "unit", "provenance", "position"}  # no part of where a number was read


def told(row: Row) -> Row:
    """Return the cells of a row that a page shows: what a document prints, in place of what was read from that."""
    return {
        name: cell
        for name, cell in row.items()
        if name not in UNTOLD and not isinstance(cell, bool) and f"{name}_printed" not in row
    }


def read_in(steps: list[Step], value: object) -> Iterator[dict[str, Any]]:
    """Yield the tables of `data/` whose rows were read in documents, those that hold the number itself first."""
    found = [step for step in steps if step.table.startswith("data/") and step.sources]
    for step in sorted(found, key=lambda step: not any(value in row.values() for row in step.rows)):
        rows = [told(row) for row in step.rows] if step.n_rows <= MOST_ROWS else []
        yield {"table": step.table, "n": step.n_rows} | ({"rows": rows} if rows else {})


def origin(found: Trace, places: dict[str, int]) -> dict[str, Any]:
    """Return what a page tells of a number; `places` of tables in the list of tables are added to."""
    own, *others = found.steps
    also = [step.table for step in others if not (step.sources and step.table.startswith("data/"))]
    parts = {
        "text": found.text,
        "unit": found.unit,
        "means": found.meaning,
        "table": own.table.replace(".parquet", ".csv"),
        "row": own.matched,
        "rule": own.rule,
        "from": list(read_in(found.steps, found.value)),
        "also": [places.setdefault(table, len(places)) for table in also],
        "sources": [source["id"] for source in found.sources][: MOST_SOURCES + 1],
        "n_sources": len(found.sources),
        "corrections": [{key: one[key] for key in ("table", "expect", "value", "reason")} for one in found.corrections],
    }
    return {name: value for name, value in parts.items() if value}


def origins(traces: list[Trace]) -> dict[str, Any]:
    """Return what pages tell of all numbers."""
    places: dict[str, int] = {}
    numbers = {found.identifier: origin(found, places) for found in traces}
    named = {name for one in numbers.values() for name in one.get("sources", [])}
    documents = {source["id"]: source for found in traces for source in found.sources if source["id"] in named}
    sources = {name: {key: documents[name].get(key, "") for key in ("title", "url")} for name in sorted(documents)}
    return {"numbers": numbers, "sources": sources, "tables": list(places)}


def main(values: str, output: str) -> None:
    """Trace all numbers, and write what pages tell of them."""
    traces = [trace(identifier, Path.cwd()) for identifier in read_json(Path(values))]
    text = json.dumps(origins(traces), ensure_ascii=False, separators=(",", ":"), default=str)
    write_text(f"window.bookOrigins = {text};\n", Path(output))


if __name__ == "__main__":
    run(lambda: main(snakemake.input.values, snakemake.output.origins), snakemake.log[0])
