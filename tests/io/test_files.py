"""A file is whole under its name or not there, whatever stops its writing; and nothing writes otherwise."""

import ast
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from countback.io.files import PARTIAL, atomic_write, written_whole
from countback.look.plot import save_drawing

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
# What else than the one function may write, since it leaves no half-written file.
WRITERS = {
    ("countback/io/files.py", "write_bytes"),  # the one function
    ("countback/ingest/opened.py", "ZipFile"),  # reads a workbook
    ("countback/io/script.py", "open"),  # logs, which are read while they grow
    ("countback/look/plot.py", "savefig"),  # matplotlib, within the one function
    ("countback/look/__init__.py", "save"),  # a face, into memory
    ("scripts/bench/copies.py", "copy2"),  # a copy of the checkout, to measure in
    ("scripts/bench/growth.py", "savefig"),  # a figure, into memory
    ("scripts/exports/workbook.py", "save"),  # a workbook, into memory
    ("scripts/kills/kills.py", "open"),  # what a build says, which is read while it grows
    ("scripts/ingest/fetch.py", "open"),  # a part, which the next transfer goes on with
}
METHODS = {"write_text", "write_bytes", "savefig", "save", "copyfile", "copy2"}
R_WRITER = re.compile(
    r"\b(write\.\w+|svglite|writeLines|saveRDS|sink(?!\(\)|\(type)|ggsave|file\.copy|(?:svg|png|pdf))\("
)


def stopped(path: Path) -> None:
    with written_whole(path) as partial:
        partial.write_text("half of it")
        raise KeyboardInterrupt


def test_an_exception_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        stopped(file)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"table.csv": "old"}


def test_a_full_disk_leaves_nothing(tmp_path):
    file = tmp_path / "table.csv"
    file.with_name(f"table.csv.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        atomic_write(file, b"one\n")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_leaves_a_part_that_bears_another_name(tmp_path):
    code = (
        "import os, pathlib, sys\nfrom countback.io.files import written_whole\n"
        "with written_whole(pathlib.Path(sys.argv[1])) as partial:\n"
        "    partial.write_text('half')\n    os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "map.svg")]
    done = subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": str(WORKFLOW)})
    assert done.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert PARTIAL.fullmatch(left.name)


def test_a_drawing_that_fails_while_it_is_written_leaves_nothing(tmp_path):
    class Breaks:
        def savefig(self, file, **_):
            Path(file).write_text("<svg>")
            raise ValueError("no such color")

    with pytest.raises(ValueError, match="no such color"):
        save_drawing(Breaks, tmp_path / "maps.svg")
    assert list(tmp_path.iterdir()) == []


def writer(call: ast.Call) -> str:
    """Return the name of what a call writes to a path with: a method that does, or `open` for writing; else nothing."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [*call.args, *(option.value for option in call.keywords if option.arg == "mode")]
    parts = [part for text in texts for part in ast.walk(text) if isinstance(part, ast.Constant)]
    modes = {part.value for part in parts if isinstance(part.value, str)}
    opens = name == "open" and any(re.fullmatch(r"[wax]b?\+?", mode) for mode in modes)
    into_path = name in {"to_csv", "to_parquet", "ZipFile"} and call.args and getattr(call.args[0], "id", "") in PATHS
    return name if opens or into_path or (name in METHODS and isinstance(call.func, ast.Attribute)) else ""


PATHS = {"path", "file", "target", "output", "folder"}


def test_nothing_in_python_writes_but_through_the_one_function():
    found = {
        (file.relative_to(WORKFLOW).as_posix(), name): node.lineno
        for file in sorted(WORKFLOW.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and (name := writer(node))
    }
    assert {where: line for where, line in found.items() if where not in WRITERS} == {}
    assert set(found) >= WRITERS, "an exception that is none any more"


@pytest.mark.parametrize(
    "code",
    [
        "p.write_text('a')",
        "p.open('w')",
        "p.open('ab' if is_rest else 'wb')",
        "open(p, 'ab')",
        "open(p, mode='w')",
        "figure.savefig(p)",
        "shutil.copyfile(a, b)",
        "frame.to_csv(path)",
    ],
)
def test_the_search_knows_a_writer(code):
    assert writer(ast.parse(code, mode="eval").body)


def test_nothing_in_r_writes_but_through_the_one_function():
    found = []
    for file in sorted(WORKFLOW.rglob("*.R")):
        lines = file.read_text().splitlines()
        in_one = file.name == "tables.R"
        found += [
            f"{file.relative_to(WORKFLOW)}:{at}"
            for at, line in enumerate(lines, 1)
            if R_WRITER.search(line.split("#")[0]) and not line.startswith("sink(log") and "partial" not in line
        ]
        assert not in_one or any("utils::write.csv(frame, partial" in line for line in lines), "the search is blind"
    assert found == []
