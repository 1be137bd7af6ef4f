"""Imports between the parts of the project go one way."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from countback.dependencies import imported_files

Imports = dict[str, set[str]]


def imports_below(folder: Path) -> Imports:
    """Return the Python files below a folder, each with the files of the workflow that it imports itself."""
    root = folder.parent
    return {
        file.relative_to(root).as_posix(): {found.relative_to(root).as_posix() for found in imported_files(file)}
        for file in folder.rglob("*.py")
    }


@pytest.fixture(scope="module")
def imports(project: Path) -> Imports:
    found = imports_below(project / "workflow")
    assert len(found) > 100
    return found


def taken(imports: Imports, of: str, by: str = "") -> dict[str, set[str]]:
    """Return the files in a place that import some of another place, with what these are."""
    rows = {file: {name for name in names if name.startswith(of)} for file, names in imports.items()}
    return {file: names for file, names in rows.items() if names and file.startswith(by)}


def test_no_modules_import_each_other_in_a_circle(imports):
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_imports_name_the_whole_path_of_a_module(project):
    # the circle, and the files that a rule depends on, are found by these paths
    relative = [
        f"{file.relative_to(project)}:{node.lineno}"
        for file in (project / "workflow").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_only_the_step_that_reproduces_and_their_own_tests_import_published_methods(project, imports):
    published = "workflow/replication/published/"
    outside = {file for file in taken(imports | imports_below(project / "tests"), published) if published not in file}
    assert outside == {
        "workflow/scripts/replication/replication_reproduced.py",
        "tests/replication/test_replication_published.py",
    }


def test_what_both_kinds_of_methods_share_and_the_verdicts_know_neither(imports):
    package = "workflow/replication/"
    for file in ("definitions", "inputs", "numbers", "judgment"):
        assert not taken(imports, f"{package}published/", by=f"{package}{file}.py")
        assert not taken(imports, f"{package}right/", by=f"{package}{file}.py")
    assert not taken(imports, f"{package}right/", by=f"{package}published/")


@pytest.mark.parametrize("kind", ["published", "right"])
def test_every_module_of_methods_is_gathered_or_used_by_one_that_is(project, imports, kind):
    package = f"workflow/replication/{kind}"
    sources = {file.stem: file.read_text(encoding="utf-8") for file in (project / package).glob("*.py")}
    nodes = ast.walk(ast.parse(sources.pop("__init__")))
    gathered = {ast.unparse(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == "METHODS"}
    assert gathered == {name for name, source in sources.items() if "\nMETHODS: " in source}
    used = set().union(*(imports[f"{package}/{name}.py"] for name in gathered))
    assert {f"{package}/{name}.py" for name in sources.keys() - gathered} <= used


def test_the_press_takes_of_the_project_what_one_module_names(imports):
    elsewhere = {
        file
        for file in taken(imports, "workflow/", by="workflow/press/")
        if any(not name.startswith("workflow/press/") for name in imports[file])
    }
    assert elsewhere == {"workflow/press/project.py"}


def test_the_library_imports_neither_scripts_nor_the_press(imports):
    for library in ("workflow/countback/", "workflow/replication/"):
        assert not taken(imports, "workflow/scripts/", by=library)
        assert not taken(imports, "workflow/press/", by=library)
    assert not taken(imports, "workflow/replication/", by="workflow/countback/")
