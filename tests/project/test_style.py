"""Lint, format and types of all code, and the form that the house asks of it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = {
    "lint of Python": ["ruff", "check", "."],
    "format of Python": ["ruff", "format", "--check", "."],
    "types": ["mypy", *(f"workflow/{part}" for part in ("countback", "press", "replication", "scripts"))],
    "format of the workflow": ["snakefmt", "--check", "Snakefile", "workflow/rules"],
    "lint of the workflow": ["snakemake", "--lint"],
}


@pytest.mark.parametrize("what", TOOLS)
def test_code_passes(project, what):
    import os

    tool, *arguments = TOOLS[what]
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_chapters_pass_the_linter_of_their_dialect(project):
    tool = Path(sys.executable).parent / "panache"
    done = subprocess.run(
        [tool, "lint", "chapters", "index.qmd", "references.qmd"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    n_chapters = len(list((project / "chapters").glob("*.qmd"))) + 2
    assert f"in {n_chapters} file" in done.stdout


PROGRAMS = {
    "a license for every file": ["reuse", "lint", "--lines"],
    "continuous integration": ["zizmor", "--offline", "--no-progress", "--quiet", "--strict-collection", ".github"],
}


@pytest.mark.parametrize("what", PROGRAMS)
def test_what_lies_beside_the_code_passes(project, what):
    tool, *arguments = PROGRAMS[what]
    command = [Path(sys.executable).parent / tool, *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"\t@{' '.join(PROGRAMS[what])}\n" in (project / "Makefile").read_text()


def functions(project):
    files = [file for file in sorted((project / "workflow").rglob("*.py")) if "__pycache__" not in file.parts]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file, node


def test_functions_are_short(project):
    lengths = sorted(
        (node.end_lineno - node.lineno + 1, f"{file.name}:{node.name}") for file, node in functions(project)
    )
    assert len(lengths) > 100
    assert [name for length, name in lengths if length > 60] == []
    assert lengths[len(lengths) // 2][0] <= 15


def test_public_functions_of_the_library_have_docstrings(project):
    bare = [
        f"{file.name}:{node.name}"
        for file, node in functions(project)
        if "countback" in file.parts
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and node.col_offset == 0
    ]
    assert bare == []


def test_files_are_short(project):
    files = [*(project / "workflow").rglob("*.py"), *(project / "workflow").rglob("*.R")]
    assert len(files) > 30
    assert [str(file) for file in files if len(file.read_text().splitlines()) > 400] == []


def test_a_script_a_rule_and_its_log_share_one_name(project):
    rules = "".join(file.read_text() for file in (project / "workflow" / "rules").glob("*.smk"))
    by_hand = {"checksums", "data_diff", "parity", "quarto_prerender", "quarto_postrender"}
    for script in (project / "workflow" / "scripts").iterdir():
        if script.suffix in (".py", ".R") and script.stem not in by_hand:
            assert f"rule {script.stem}:" in rules, script.name
            assert f"results/logs/{script.stem}.log" in rules, script.name


def test_every_place_in_the_project_that_a_text_names_is_there(project):
    listed = subprocess.run(["git", "ls-files"], cwd=project, capture_output=True, text=True, check=True).stdout
    kinds = {".py", ".R", ".smk", ".md", ".qmd", ".yml", ".toml", ".sh", ".json", ""}
    texts = [file for name in listed.splitlines() if (file := project / name).suffix in kinds and file.is_file()]
    place = re.compile(r"(?<![\w/.])(?:workflow|envs|config|tests)/[\w./-]*[\w-]")
    named = {(str(file.relative_to(project)), name) for file in texts for name in place.findall(file.read_text())}
    assert ("workflow/replication/judgment.py", "workflow/replication/published") in named
    assert sorted(pair for pair in named if not (project / pair[1]).exists()) == []
