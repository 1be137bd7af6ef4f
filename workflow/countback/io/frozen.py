"""What Quarto keeps of chapters' cells, dropped where something that they depend on has changed.

- Quarto keeps what the cells of a chapter gave under the chapter's text alone, and takes it for every chapter that a
  render does not name: a PDF is of the whole book. What the cells read is no part of the key.
- Before each render, what was kept under another digest than that of now is dropped, then the digests of now are
  written: all that is kept afterwards was made of them. A chapter without a digest counts as changed.
- What is missing then is put in from where the press keeps it (scripts/report/quarto_cells.py).
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from countback.dependencies import closure, code_files
from countback.io.chapters import BOOK, Chapter, book_chapters
from countback.io.errors import DataError
from countback.io.files import write_json
from countback.io.package import read_json, schema_file

# the first is Quarto's own, which it keeps whatever `freeze` says; the other is there where that is not false
FROZEN = (Path(".quarto/_freeze"), Path("_freeze"))
DIGESTS = Path(".quarto/frozen.json")
# every cell may depend on these: its options, its interpreter's packages, how it draws
SHARED = (BOOK, "_environment", "envs/requirements.lock", "config/look.yml", "workflow/press/templates/matplotlibrc")
INCLUDE = re.compile(r"\{\{<\s*include\s+(\S+)\s*>\}\}")


def _included(file: Path, project: Path) -> set[Path]:
    """Return the files that a chapter includes, directly or not; Quarto's key has the line that names them alone."""

    def follow(path: Path) -> list[Path]:
        names = INCLUDE.findall(path.read_text(encoding="utf-8")) if path.is_file() else []
        places = (project / name.lstrip("/") if name.startswith("/") else path.parent / name for name in names)
        return [Path(os.path.normpath(place)) for place in places]

    return closure([file], follow)


def _schemas(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        try:
            found = schema_file(file) if file.suffix in (".csv", ".parquet") else None
        except DataError:  # the data of a figure
            continue
        if found:
            yield found


def depends_on(chapter: Chapter) -> list[Path]:
    """Return the files that what a chapter's cells give depends on, beside the chapter itself.

    The functions of R are all of `workflow/R/` where a cell is written in R: a cell sources them by names that it puts
    together, and what stands at their top level is run then.
    """
    root = chapter.project
    inputs = [root / path for path in chapter.inputs]
    code = [root / path for path in code_files([chapter.path], root)]
    r_code = [*(root / "workflow" / "R").glob("*.R")] if "%%R" in chapter.text else []
    shared = [root / path for path in SHARED]
    return sorted({*inputs, *_schemas(inputs), *_included(root / chapter.path, root), *code, *r_code, *shared})


def digest(chapter: Chapter) -> str:
    """Return the SHA-256 of the names and the contents of all that a chapter's cells depend on."""
    found = hashlib.sha256()
    for path in depends_on(chapter):
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
        found.update(f"{Path(os.path.relpath(path, chapter.project)).as_posix()} {content}\n".encode())
    return found.hexdigest()


def _digests_before(project: Path) -> dict[str, object]:
    try:
        return read_json(project / DIGESTS)
    except (DataError, TypeError, ValueError):
        return {}


def drop_stale(project: Path) -> list[str]:
    """Drop what Quarto keeps of chapters whose cells may give something else now; return those it kept something of.

    Raises
    ------
    ConfigError
        If the book or a chapter is not there, or can't be read.
    """
    before, now = _digests_before(project), {chapter.path: digest(chapter) for chapter in book_chapters(project)}
    dropped = []
    for path in now:
        entries = [project / folder / Path(path).with_suffix("") for folder in FROZEN]
        if before.get(path) != now[path] and any(entry.exists() for entry in entries):
            dropped.append(path)
            for entry in entries:
                shutil.rmtree(entry, ignore_errors=True)
    write_json(now, project / DIGESTS)
    return dropped
