"""The report by Quarto, for which a script stands in: it is heard while it runs; if it fails, the old book stays."""

import shlex
import subprocess
import sys

import pytest
from builds import PROJECT

from countback.io.errors import ConfigError
from scripts.report import report

STAND_IN = """import os, pathlib, sys, time
if sys.argv[1] == "--version":
    sys.exit(print("1.9.38"))
assert sys.argv[1:3] == ["render", "--output-dir"] and "PYTHONSAFEPATH" not in os.environ
part = pathlib.Path(sys.argv[3])
part.mkdir()
(part / "index.html").write_text("new")
for name in ("index.typ", "chapters/one.html", "chapters/one_files/a.svg", "site_libs/a.js"):
    file = pathlib.Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
print("[1/2] index.qmd", flush=True)
{then}
"""
SLOW = "while not pathlib.Path('heard').exists(): time.sleep(0.02)\nprint('done')"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project with a book, and a function that says what the Quarto on the path does after its first line."""
    for name in ("index.qmd", "chapters/one.qmd", "_book/index.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("old")
    (tmp_path / "_quarto.yml").write_text("book: {chapters: [index.qmd, chapters/one.qmd]}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYTHONSAFEPATH", "1")  # the workflow's jobs have it, Quarto can't
    quarto_does(tmp_path, "")
    return tmp_path


def quarto_does(project, then):
    quarto = project / "bin" / "quarto"
    quarto.parent.mkdir(exist_ok=True)
    quarto.with_suffix(".py").write_text(STAND_IN.replace("{then}", then))
    # by a shell, since the path of the interpreter may hold spaces
    quarto.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$0.py" "$@"\n')
    quarto.chmod(0o755)


def left(project):
    """Return what lies beside the sources, other than these and the book."""
    sources = {"_quarto.yml", "bin", "chapters", "index.qmd", "one.qmd", "_book"}
    return {path.name for folder in (project, project / "chapters") for path in folder.iterdir()} - sources


def test_the_new_book_takes_the_place_of_the_old(project):
    assert report.report("auto") == "quarto"
    assert (project / "_book" / "index.html").read_text() == "new"
    assert left(project) == set()


@pytest.mark.parametrize(
    ("then", "found"),
    [
        ("sys.exit('error: failed to compile')", "error: failed to compile"),
        ("print('WARN: Unable to resolve crossref @fig-x')", "Unable to resolve crossref @fig-x"),
    ],
)
def test_a_render_that_fails_leaves_the_book_as_it_was_and_nothing_beside_the_chapters(project, then, found):
    quarto_does(project, then)
    with pytest.raises(ConfigError, match=r"The book in _book stays as it was\.") as raised:
        report.report("auto")
    assert found in str(raised.value)
    assert (project / "_book" / "index.html").read_text() == "old"
    assert left(project) == set()


def test_each_line_is_on_the_terminal_and_in_the_log_before_the_next_is_said(project):
    quarto_does(project, SLOW)
    code = (
        "from countback.io.script import run; from scripts.report.report import report\n"
        "run(lambda: print('Rendered by', report('auto')), 'report.log')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={"PATH": f"{project / 'bin'}:/usr/bin:/bin", "PYTHONPATH": str(PROJECT / "workflow")},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stderr.readline() == "[1/2] index.qmd\n"
        assert (project / "report.log").read_text() == "[1/2] index.qmd\n"
        assert running.poll() is None
        (project / "heard").touch()
        assert running.stderr.read() == "done\n"
    assert running.returncode == 0
    assert (project / "report.log").read_text() == "[1/2] index.qmd\ndone\nRendered by quarto\n"
