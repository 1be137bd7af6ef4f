"""Runs the cells of chapters, each chapter in a process forked from one that has loaded what most of them load.

Run as `python runner.py N`: reads jobs from standard input, as JSON, and works on N of them at once. A job is the
`sources` of a chapter's cells, the `result` to write after each of them, the `key` to put in it, and a `folder` for
temporary files.

- Nothing may start a thread, R, or pyplot before a fork: none of them survives it whole.
- A process ends when the one above it is gone, so that a killed render leaves nothing running.
"""

import base64
import contextlib
import importlib
import io
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from press.project import atomic_write

LOADED = (
    "pandas", "pyarrow.parquet", "great_tables", "matplotlib.figure", "matplotlib.backends.backend_svg",
    "rpy2.rinterface",
)  # fmt: skip

Job = dict[str, Any]


class _Stream(io.TextIOBase):
    """Standard output or error, as one more output of the cell."""

    def __init__(self, shell: "_Shell", name: str) -> None:
        self.shell, self.name = shell, name

    def write(self, text: str) -> int:
        given = self.shell.given
        if given and given[-1].get("name") == self.name:
            given[-1]["text"] += text
        else:
            given.append({"name": self.name, "text": text})
        return len(text)


class _Result(DisplayHook):
    """What the last line of a cell evaluates to."""

    shell: "_Shell"

    def start_displayhook(self) -> None: ...
    def write_output_prompt(self) -> None: ...
    def finish_displayhook(self) -> None: ...
    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.given.append({"data": format_dict, "metadata": md_dict, "is_result": True})


class _Published(DisplayPublisher):
    """What a cell displays: tables, figures."""

    shell: "_Shell"

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        self.shell.given.append({"data": data, "metadata": metadata})


class _Shell(InteractiveShell):
    displayhook_class = Type(_Result)
    display_pub_class = Type(_Published)
    given: list[dict[str, Any]]
    traceback: list[str]

    def init_path(self) -> None:
        """Find modules of the project's folder last: there, IPython finds them before the packages."""
        sys.path.append("")

    def _showtraceback(self, *error: Any) -> None:
        self.traceback = error[2]


def _write(path: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, sort_keys=True, default=lambda data: base64.b64encode(data).decode())
    atomic_write(Path(path), text.encode())


def _run(job: Job) -> None:
    """Run a chapter's cells until one fails; the result tells how far it came and how it ended."""
    config = Config({
        "HistoryManager": {"enabled": False},
        "InteractiveShell": {"colors": "NoColor"},
        "InlineBackend": {"figure_formats": {"svg"}},
    })  # fmt: skip
    shell = _Shell.instance(config=config)
    sys.stdout, sys.stderr = _Stream(shell, "stdout"), _Stream(shell, "stderr")
    run_cell: Any = shell.run_cell  # untyped
    result: dict[str, Any] = {"key": job["key"], "outputs": [], "is_finished": False}
    for source in job["sources"]:
        _write(job["result"], result)
        shell.given = []
        ran = run_cell(source)
        error = ran.error_before_exec or ran.error_in_exec
        if error:
            result["error"] = f"{type(error).__name__}: {error}"
            result["traceback"] = shell.traceback
            break
        result["outputs"].append(shell.given)
    _write(job["result"], result | {"is_finished": "error" not in result})


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


def _fork(job: Job) -> int:
    parent = os.getpid()  # asked before the fork: a parent that ends at once is noticed too
    child = os.fork()
    if child == 0:
        status = 1
        try:
            threading.Thread(target=_end_with_parent, args=[parent], daemon=True).start()
            os.environ["TMPDIR"] = os.environ["IPYTHONDIR"] = job["folder"]
            tempfile.tempdir = None
            _run(job)
            status = 0
        finally:
            os._exit(status)
    return child


def _forget_matplotlibrc() -> None:
    """Take matplotlib's settings from where the environment says: one of the folder's would come before it."""
    with contextlib.suppress(ImportError):
        import matplotlib

        matplotlib.rc_file(os.environ["MATPLOTLIBRC"])


def main(n_at_once: int, jobs: list[Job]) -> None:
    """Load, then run all jobs."""
    for name in LOADED:
        # Whatever is missing is reported by the chapter that wants it.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    _forget_matplotlibrc()
    parent, running = os.getppid(), set[int]()
    while (jobs or running) and os.getppid() == parent:
        if jobs and len(running) < n_at_once:
            running.add(_fork(jobs.pop(0)))
        elif child := os.waitpid(-1, os.WNOHANG)[0]:
            running.discard(child)
        else:
            time.sleep(0.01)


if __name__ == "__main__":
    main(int(sys.argv[1]), json.load(sys.stdin))
