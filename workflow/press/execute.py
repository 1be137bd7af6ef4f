"""Runs what has to be run of the chapters' cells, and keeps outputs under a key of all that they depend on.

- Prose and variables are no part of the key: they are put in when the book is rendered.
- Two chapters run at once: the machine that the workflow is made for has two cores.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from press.book import Book
from press.cells import Cell, Document
from press.errors import PressError, all_of
from press.project import SHARED, environment

CACHE = "results/press"
N_AT_ONCE = 2
WORKFLOW = Path(__file__).resolve().parents[1]
RUNNER = Path(__file__).with_name("runner.py")
TRACEBACK_LINES = 8

Output = dict[str, Any]
Outputs = list[list[Output]]


def option(book: Book, document: Document, cell: Cell, name: str, default: object = None) -> Any:
    """Return an option of a cell: its own, else its chapter's, else the book's."""
    for options in (cell.options, document.front.get("execute") or {}, book.execute):
        if name in options:
            return options[name]
    return default


def _runs(book: Book, document: Document, cell: Cell) -> bool:
    return bool(option(book, document, cell, "eval", True)) and bool(cell.source.strip())


def inputs(book: Book, document: Document) -> list[Path]:
    """Return the files whose content is part of a chapter's key.

    Raises
    ------
    PressError
        Where a pattern under `inputs:` in the front matter matches no file.
    """
    patterns = document.front.get("inputs") or []
    files = {path for pattern in SHARED for path in book.project.glob(pattern)}
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        found = {path for path in book.project.glob(str(pattern)) if path.is_file()}
        if not found:
            fix = "Correct the pattern, or run the workflow first."
            raise document.error(f"The input {pattern} matches no file.", fix, str(pattern))
        files |= found
    return sorted(files)


def cache_key(book: Book, document: Document) -> str:
    """Return the key of a chapter's outputs: its cells, their options, and the content of its inputs."""
    digest = hashlib.sha256(f"press 3 {document.entry.file}".encode())
    for cell in document.cells:
        runs = _runs(book, document, cell)
        digest.update(json.dumps([cell.source, cell.options, runs], sort_keys=True, default=str).encode())
    for path in inputs(book, document):
        digest.update(path.relative_to(book.project).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _result_file(book: Book, document: Document) -> Path:
    return book.project / CACHE / "cells" / f"{document.entry.file.removesuffix('.qmd').replace('/', '--')}.json"


def _read(path: Path, key: str) -> dict[str, Any]:
    """Return the result of a chapter's last run, empty if there is none under this key."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return result if result.get("key") == key else {}


def _environment(book: Book) -> dict[str, str]:
    paths = dict.fromkeys([str(book.project / "workflow"), str(WORKFLOW)])
    return {
        **os.environ,
        **environment(),
        "PYTHONPATH": os.pathsep.join(paths),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
    }


def _failure(cell: Cell, result: dict[str, Any]) -> PressError:
    name = f"The cell {cell.label}" if cell.label else "A cell without label"
    if "error" not in result:
        fix = "Look for a crash in R or in a compiled library."
        return cell.error(f"{name} ends the process that runs the chapter.", fix)
    lines = "\n".join(result["traceback"]).rstrip().splitlines()[-TRACEBACK_LINES:]
    return cell.error(f"{name} fails: {result['error']}", "\n" + "\n".join(f"    {line}" for line in lines))


def _run(book: Book, missing: dict[str, tuple[Document, list[Cell]]]) -> None:
    """Run chapters by key; all that fail are told of at once, and what the others gave is kept."""
    with tempfile.TemporaryDirectory(prefix="press-", ignore_cleanup_errors=True) as folder:
        jobs = [
            {
                "key": key,
                "sources": [cell.source for cell in cells],
                "result": str(_result_file(book, document)),
                "folder": tempfile.mkdtemp(dir=folder),
            }
            for key, (document, cells) in missing.items()
        ]
        (book.project / CACHE / "cells").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-P", str(RUNNER), str(N_AT_ONCE)]
        said = subprocess.run(
            command, input=json.dumps(jobs), env=_environment(book), cwd=book.project, capture_output=True, text=True
        )
    failures = []
    for key, (document, cells) in missing.items():
        result = _read(_result_file(book, document), key)
        if not result:
            failures.append(document.error("The cells can't be run.", f"Python says: {said.stderr.strip()[-1000:]}"))
        elif not result["is_finished"]:
            failures.append(_failure(cells[len(result["outputs"])], result))
    if failures:
        raise all_of(failures)


def _by_cell(book: Book, document: Document, result: dict[str, Any]) -> Outputs:
    ran = iter(result.get("outputs", []))
    return [next(ran) if _runs(book, document, cell) else [] for cell in document.cells]


def kept(book: Book, document: Document) -> Outputs | None:
    """Return the outputs of every cell of a chapter where they are kept, or None where the chapter has to be run.

    Raises
    ------
    PressError
        Where a pattern under `inputs:` in the front matter matches no file.
    """
    result = _read(_result_file(book, document), cache_key(book, document))
    return _by_cell(book, document, result) if result.get("is_finished") else None


def execute(book: Book, documents: list[Document], use_cache: bool = True) -> list[Outputs]:
    """Return the outputs of every cell of every chapter, run or kept.

    Parameters
    ----------
    book
        The book, whose project is the working folder of the cells.
    documents
        Its chapters.
    use_cache
        Whether outputs of an earlier run may be taken.

    Raises
    ------
    PressError
        Where a cell fails: its file, line, label and the end of the traceback; all chapters' failures at once.
    """
    running = [[cell for cell in document.cells if _runs(book, document, cell)] for document in documents]
    keys = [cache_key(book, document) if cells else "" for document, cells in zip(documents, running, strict=True)]
    missing = {
        key: (document, cells)
        for document, cells, key in zip(documents, running, keys, strict=True)
        if key and not (use_cache and _read(_result_file(book, document), key).get("is_finished"))
    }
    if missing:
        _run(book, missing)
    results = [_read(_result_file(book, document), key) for document, key in zip(documents, keys, strict=True)]
    return [_by_cell(book, document, result) for document, result in zip(documents, results, strict=True)]
