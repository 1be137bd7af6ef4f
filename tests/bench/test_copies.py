"""Measurements work in a copy: they change nothing of the user's, and take their edits back."""

import subprocess

import pytest

from countback.io.errors import CountbackError
from scripts.bench.cases import CASES
from scripts.bench.copies import Edit, copy_checkout, digests, edited, forget_build, make_edit, unlike

COLOR = Edit("look.yml", r'accent: "(\w+)"', lambda color, run: f"{color}{run}")


def git(folder, *arguments):
    names = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    return subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def checkout(tmp_path):
    """Return a checkout with a commit, work that is not committed, something built, and raw sources elsewhere."""
    root = tmp_path / "my checkout"
    (root / "data").mkdir(parents=True)
    (root / "figures").mkdir()
    (root / "results").mkdir()
    (root / ".gitignore").write_text("/results/\n/figures/*\n/data/raw\n")
    (root / "look.yml").write_text('accent: "0b5c8a"\n')
    (root / "gone.py").write_text("")
    (root / "data" / "a.csv").write_text("year\n")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "Begin")
    (root / "gone.py").unlink()
    (root / "new.py").write_text("new = True\n")
    (root / "results" / "values.json").write_text("{}")
    (root / "figures" / "a.svg").write_text("<svg/>")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.pdf").write_text("a")
    (root / "data" / "raw").symlink_to(tmp_path / "sources")
    return root


@pytest.fixture
def copy(checkout, tmp_path):
    return copy_checkout(checkout, tmp_path / "elsewhere")


def test_a_copy_has_what_is_not_committed_yet_and_nothing_that_was_built(copy):
    assert (copy / "new.py").read_text() == "new = True\n"
    assert not (copy / "gone.py").exists() and not (copy / "results").exists() and not (copy / "figures").exists()
    assert (copy / "data" / "raw" / "a.pdf").read_text() == "a"


def test_an_edit_is_taken_back_even_where_the_run_fails(copy):
    with pytest.raises(ZeroDivisionError), edited(copy, [COLOR], run=2):
        assert (copy / "look.yml").read_text() == 'accent: "0b5c8a2"\n'
        _ = 1 / 0
    assert (copy / "look.yml").read_text() == 'accent: "0b5c8a"\n'


def test_an_edit_in_a_copy_changes_nothing_of_the_users(copy, checkout):
    before = git(checkout, "status", "--short")
    with edited(copy, [COLOR], run=1):
        assert (checkout / "look.yml").read_text() == 'accent: "0b5c8a"\n'
    forget_build(copy)
    assert git(checkout, "status", "--short") == before
    assert (checkout / "results" / "values.json").exists() and (checkout / "data" / "raw" / "a.pdf").exists()


def test_an_edit_whose_place_is_gone_is_an_error_that_says_where_it_is_asked_for(copy):
    lost = Edit("look.yml", "highlight: (.*)", lambda color, _: color)
    with pytest.raises(CountbackError, match=r"look\.yml: found 0 places.*expected one.*bench/cases\.py"):
        make_edit(copy / "look.yml", lost, 1)


def test_forgetting_a_build_leaves_the_sources(copy):
    for name in ("results/values.json", "_variables.yml", "figures/a.svg", "exports/a.zip"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("built")
    assert set(digests(copy)) == {"results/values.json", "_variables.yml", "figures/a.svg", "exports/a.zip"}
    forget_build(copy)
    assert digests(copy) == {}
    assert (copy / "look.yml").exists() and (copy / "data" / "raw" / "a.pdf").exists()


def test_builds_are_compared_by_what_is_in_their_files_and_not_by_what_they_logged(copy):
    (copy / "results" / "logs").mkdir(parents=True)
    (copy / "results" / "values.json").write_text("1")
    (copy / "results" / "logs" / "values.log").write_text("at noon")
    one = digests(copy)
    (copy / "results" / "logs" / "values.log").write_text("at night")
    (copy / "results" / ".snakemake_timestamp").touch()
    assert unlike(one, digests(copy)) == []
    (copy / "results" / "values.json").write_text("2")
    assert unlike(one, digests(copy)) == ["results/values.json"]


@pytest.mark.parametrize("edit", [edit for case in CASES for edit in case.edits], ids=lambda edit: edit.file)
def test_every_edit_that_is_measured_finds_its_place_and_differs_from_run_to_run(project, tmp_path, edit):
    texts = set()
    for run in (1, 2):
        file = tmp_path / "edited"
        file.write_text((project / edit.file).read_text())
        make_edit(file, edit, run)
        texts.add(file.read_text())
    assert len(texts | {(project / edit.file).read_text()}) == 3
