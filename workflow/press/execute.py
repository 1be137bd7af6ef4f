"""Runs the cells of chapters, and keeps their outputs under a key that holds all they depend on.

- Two chapters run at once: each has a kernel of its own, and the machine has two cores.
- Prose and variables are no part of the key: they are put in when the book is rendered.
"""

import hashlib
import json
import os
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.book import Book
from press.cells import Cell, Document
from press.errors import PressError, all_of

if TYPE_CHECKING:
    from press.kernels import Kernels

CACHE = "results/press"
N_AT_ONCE = 2
SHARED = ("workflow/countback/**/*.py", "workflow/R/*.R", "envs/requirements.lock", "config/look.yml")
WORKFLOW = Path(__file__).resolve().parents[1]
MATPLOTLIBRC = Path(__file__).parent / "templates" / "matplotlibrc"

Output = dict[str, Any]


def atomic_write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(path)


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
    files: set[Path] = set()
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        found = {path for path in book.project.glob(str(pattern)) if path.is_file()}
        if not found:
            text = (book.project / document.entry.file).read_text(encoding="utf-8").splitlines()
            line = next((number for number, line in enumerate(text, 1) if str(pattern) in line), 1)
            mend = "Correct the pattern, or run the workflow first."
            raise PressError(document.entry.file, line, f"The input {pattern} matches no file.", mend)
        files |= found
    for pattern in SHARED:
        files |= set(book.project.glob(pattern))
    return sorted(files)


def cache_key(book: Book, document: Document) -> str:
    """Return the key of a chapter's outputs: its cells, their options, and the content of its inputs."""
    digest = hashlib.sha256(b"press 1")
    for cell in document.cells:
        runs = _runs(book, document, cell)
        digest.update(json.dumps([cell.source, cell.options, runs], sort_keys=True, default=str).encode())
    for path in inputs(book, document):
        digest.update(path.relative_to(book.project).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _environment(book: Book) -> dict[str, str]:
    paths = [str(book.project / "workflow"), str(WORKFLOW), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path for path in paths if path)),
        "RPY2_CFFI_MODE": "ABI",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MATPLOTLIBRC": str(MATPLOTLIBRC),
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _tail(traceback: list[str], n_lines: int = 8) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(traceback))
    return "\n".join(f"    {line}" for line in plain.rstrip().splitlines()[-n_lines:])


def _failure(cell: Cell, output: Output) -> PressError:
    name = f"The cell {cell.label}" if cell.label else "A cell without label"
    found = f"{name} fails: {output['ename']}: {output['evalue']}"
    return PressError(cell.start.file, cell.start.number, found, f"\n{_tail(output['traceback'])}")


def _client(book: Book, notebook: Any, kernels: "Kernels", folder: str) -> Any:
    from nbclient import NotebookClient
    from traitlets.config import Config

    # Sockets in a folder of their own: no ports, and kernels of two chapters never meet.
    manager = {"transport": "ipc", "connection_file": f"{folder}/kernel.json"}
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        kernel_manager_class=kernels.manager_class(),
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(book.project)}},
        config=Config({"KernelManager": manager}),
    )
    client.extra_arguments = ["--InlineBackend.figure_formats=svg"]
    return client


def _run_notebook(book: Book, cells: list[Cell], kernels: "Kernels") -> list[list[Output]]:
    # Loaded here: a render whose outputs are all kept needs no kernel.
    import nbformat
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    new: Any = nbformat.v4
    notebook = new.new_notebook(cells=[new.new_code_cell(cell.source) for cell in cells])
    with tempfile.TemporaryDirectory(prefix="press-", ignore_cleanup_errors=True) as folder:
        # A kernel that is ended at once cleans nothing up: what it leaves, R's session folder too, goes with this one.
        environment = kernels.environment | {"TMPDIR": folder}
        try:
            _client(book, notebook, kernels, folder).execute(env=environment)
        except CellExecutionError:
            pass  # the failing output says more than the exception: it is looked for below
        except (DeadKernelError, RuntimeError) as error:
            mend = f"Look for a crash in R or in a compiled library: {error}"
            raise PressError(cells[0].start.file, None, "The kernel died.", mend) from None
    for cell, ran in zip(cells, notebook.cells, strict=True):
        for output in ran.outputs:
            if output["output_type"] == "error":
                raise _failure(cell, output)
    return [[dict(output) for output in ran.outputs] for ran in notebook.cells]


def _cache_file(book: Book, document: Document) -> Path:
    name = document.entry.file.removesuffix(".qmd").replace("/", "--")
    return book.project / CACHE / "cells" / f"{name}.json"


def _kept(path: Path, key: str) -> list[list[Output]] | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept["outputs"] if kept.get("key") == key else None


def _running(book: Book, document: Document) -> list[Cell]:
    return [cell for cell in document.cells if _runs(book, document, cell)]


def _run_and_keep(book: Book, document: Document, key: str, kernels: "Kernels") -> list[list[Output]]:
    outputs = _run_notebook(book, _running(book, document), kernels)
    kept = json.dumps({"key": key, "outputs": outputs}, sort_keys=True, indent=0)
    atomic_write(_cache_file(book, document), kept.encode())
    return outputs


def _run_all(book: Book, keys: dict[int, str], documents: list[Document]) -> dict[int, list[list[Output]]]:
    """Return the outputs of the chapters at these places, two run at a time; their failures are raised together."""
    from press.kernels import Kernels

    with Kernels(_environment(book)) as kernels, ThreadPoolExecutor(N_AT_ONCE) as pool:
        runs = {at: pool.submit(_run_and_keep, book, documents[at], key, kernels) for at, key in keys.items()}
        failures = [error for run in runs.values() if (error := run.exception())]
    for error in failures:
        if not isinstance(error, PressError):
            raise error
    if failures:
        raise all_of(error for error in failures if isinstance(error, PressError))
    return {at: run.result() for at, run in runs.items()}


def execute(book: Book, documents: list[Document], use_cache: bool = True) -> list[list[list[Output]]]:
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
    found: dict[int, list[list[Output]]] = {}
    missing: dict[int, str] = {}
    for at, document in enumerate(documents):
        key = cache_key(book, document) if _running(book, document) else ""
        kept = _kept(_cache_file(book, document), key) if use_cache else None
        if not key:
            found[at] = []
        elif kept is None:
            missing[at] = key
        else:
            found[at] = kept
    found |= _run_all(book, missing, documents) if missing else {}
    return [_by_cell(book, document, found[at]) for at, document in enumerate(documents)]


def _by_cell(book: Book, document: Document, outputs: list[list[Output]]) -> list[list[Output]]:
    ran = iter(outputs)
    return [next(ran) if _runs(book, document, cell) else [] for cell in document.cells]
