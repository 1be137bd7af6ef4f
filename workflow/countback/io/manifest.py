"""What a rule wrote into a folder whose files it can't name beforehand, so that a build notices what is lost there.

- A book has such files: faces, scripts, figures, downloads; each renderer has its own. Which providers have a chart,
  the data say.
- Snakemake runs a rule again when a parameter changes. Such a rule has the number of repairs as one: it is that of the
  manifest while the folder is whole, and one more while it is not. The rule writes the number that it was run with, so
  that the next build finds both in agreement, and does nothing.
"""

import hashlib
import json
import sys
from functools import cache
from pathlib import Path

from countback.io.files import write_json

BOOK, MANIFEST = Path("_book"), Path("results/book.json")
CHARTS, CHARTS_MANIFEST = Path("figures/providers"), Path("results/look/provider_charts.json")
N_NAMED = 3


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder, by its path there."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def write_manifest(folder: Path, manifest: Path, n_repairs: int) -> None:
    """Write down what a folder holds, and how many repairs led to it."""
    write_json({"n_repairs": n_repairs, "files": digests(folder)}, manifest)


def damage(folder: Path, manifest: Path) -> tuple[int, list[str]]:
    """Return the number of repairs so far, and the files that are missing from a folder or changed since.

    A manifest that can't be read counts as one without files, of one repair less than none.
    """
    try:
        written = json.loads(manifest.read_text(encoding="utf-8"))
        n_repairs, files = int(written["n_repairs"]), dict(written["files"])
    except FileNotFoundError:
        return 0, []
    except (ValueError, KeyError, TypeError):
        return -1, []
    held = digests(folder)
    return n_repairs, [name for name, digest in files.items() if held.get(name) != digest]


@cache
def repairs(folder: Path, manifest: Path, done: str) -> int:
    """Return the number of repairs that make a folder whole, and say what is damaged and what is done about it."""
    n_repairs, damaged = damage(folder, manifest)
    if damaged:
        more = ", ..." if len(damaged) > N_NAMED else ""
        names = ", ".join(f"{folder}/{name}" for name in damaged[:N_NAMED])
        print(f"Missing or changed since they were made: {names}{more}. {done}", file=sys.stderr)
    return n_repairs + bool(damaged)


def book_repairs(_wildcards: object = None) -> int:
    """Return the number of repairs that make the book whole, and say what is damaged."""
    return repairs(BOOK, MANIFEST, "The report is rendered again.")


def chart_repairs(_wildcards: object = None) -> int:
    """Return the number of repairs that make the charts of providers whole, and say what is damaged."""
    return repairs(CHARTS, CHARTS_MANIFEST, "The charts are drawn again.")
