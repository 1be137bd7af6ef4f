"""Settings, the data package and chapters that can't be read stop Snakemake with a sentence, before any rule."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from builds import copy_project, snakemake

from countback.io.chapters import book_chapters
from countback.io.errors import ConfigError, DataError
from countback.io.package import check_entries
from countback.io.settings import wrong_settings

ROOT = Path(__file__).resolve().parents[2]


def test_each_wrong_setting_is_told_with_its_place_and_no_schema_is_printed() -> None:
    settings = {"renderer": "x" * 5000, "agreement": {"factor": 1}, "colour": True}
    lines = str(wrong_settings(settings, ROOT / "config" / "config.schema.json")).splitlines()
    assert any(line.startswith("config/config.yaml, agreement, factor: 1 is less than or equal to") for line in lines)
    assert any("'colour' was unexpected" in line for line in lines)
    assert all(len(line) < 300 and "description" not in line for line in lines)
    assert lines[-1].startswith("Correct the file, or what follows --config")


@pytest.mark.parametrize(
    ("package", "message"),
    [
        ({"resources": {"a": 1}, "results": []}, "column resources: found {'a': 1}, expected a list of tables"),
        ({"resources": []}, "column results: expected a list of tables"),
        ({"resources": [{"name": "a", "path": ["b"]}], "results": []}, "resources 0, column path: found ['b']"),
        ({"resources": [], "results": [{"name": "a"}, 7]}, "results 1, column name: expected a name"),
    ],
)
def test_a_package_in_which_no_table_can_be_looked_up_is_refused(tmp_path: Path, package: object, message: str) -> None:
    file = tmp_path / "datapackage.json"
    file.write_text(json.dumps(package))
    with pytest.raises(DataError, match=re.escape(message)):
        check_entries(file)


@pytest.mark.parametrize(
    ("chapter", "message"),
    [
        (b"# \xff\n", "one.qmd: byte 2 is not UTF-8"),
        (b"---\ninputs: !!bool x\n---\n", "one.qmd: the front matter can't be read"),
        (b"---\ndate: 2024-06-31\n---\n", "one.qmd: the front matter can't be read: day is out of range"),
        (
            b"---\ninputs: ../outside.csv\n---\n",
            "one.qmd: `inputs:` names ../outside.csv, expected a path",
        ),
        (b"---\ninputs: [/etc/*]\n---\n", "one.qmd: `inputs:` names /etc/*"),
    ],
)
def test_a_chapter_that_cannot_be_read_is_named(tmp_path: Path, chapter: bytes, message: str) -> None:
    (tmp_path / "_quarto.yml").write_text("book:\n  chapters: [one.qmd]\n")
    (tmp_path / "one.qmd").write_bytes(chapter)
    with pytest.raises(ConfigError, match=re.escape(message)):
        book_chapters(tmp_path)


@pytest.mark.parametrize("place", ["../one.qmd", "/etc/hostname", "folder/../one.qmd"])
def test_a_chapter_outside_of_the_project_is_none(tmp_path: Path, place: str) -> None:
    (tmp_path / "one.qmd").write_text("# One\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "one.qmd").write_text("# One\n")
    (project / "_quarto.yml").write_text(f"book:\n  chapters: [{place}]\n")
    with pytest.raises(ConfigError, match=f"the chapter {re.escape(place)} is missing"):
        book_chapters(project)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("settings"))


def without_a_table(file: Path) -> None:
    package = json.loads(file.read_text())
    package["results"] = [one for one in package["results"] if one["name"] != "disclosures"]
    file.write_text(json.dumps(package))


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("config/config.yaml", lambda file: file.write_bytes(b"\xfe\xff"), "config/config.yaml: found"),
        ("config/config.yaml", lambda file: file.write_text("maps: !!timestamp x"), "none of its kind"),
        (
            "config/config.yaml",
            lambda file: file.write_text("maps: {}"),
            "config/config.yaml: 'renderer' is",
        ),
        ("data/datapackage.json", without_a_table, "found 'no table disclosures'"),
        ("index.qmd", lambda file: file.write_bytes(b"\xfe"), "index.qmd: byte 0 is not UTF-8"),
    ],
)
def test_snakemake_says_what_is_wrong_in_a_sentence(
    checkout: Path, name: str, change: Callable[[Path], object], message: str
) -> None:
    kept = (checkout / name).read_bytes()
    change(checkout / name)
    run = snakemake(checkout, "-n")
    (checkout / name).write_bytes(kept)
    assert run.status != 0
    assert message in run.output
    assert "Traceback" not in run.output and "$schema" not in run.output
    assert len(run.output) < 3000
