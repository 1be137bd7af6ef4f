"""A version is tagged only where everything says the same and passes; otherwise every reason is told at once."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from countback.io.package import read_json
from scripts.exports.record_version import main as record
from scripts.exports.release import main
from scripts.validate.checksums import write_checksums

ROOT = Path(__file__).parents[2]
TODAY = date(2031, 2, 3)
PUBLICATION = """\
  address: https://count.report.eu
  repository: https://code.report.eu/count
  contact: ask@report.eu
  doi: 10.5281/zenodo.7
  publisher: The Press
"""
FILES = {
    "_quarto.yml": "project: {type: book}\nbook:\n  title: A book\n  date: 2031-02-03\n  chapters: [index.qmd]\n"
    f"publication:\n{PUBLICATION}",
    "index.qmd": "# Summary\n",
    "CITATION.cff": 'version: 1.3.0\ndate-released: "2031-02-03"\nurl: https://count.report.eu/\n'
    "repository-code: https://code.report.eu/count\ndoi: 10.5281/zenodo.7\n",
    "pyproject.toml": '[project]\nversion = "1.3.0"\n',
    "README.md": "*countback, version 1.3.0, table t*\n",
    "data/README.md": "Cite *countback, version 1.3.0, table t*.\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.3.0, 2031-02-03\n\n### Data\n- A year more.\n\n## 1.2.0\n\n- Older.\n",
    "data/t.csv": "year,n\n2030,1\n",
    "data/corrections.yml": "[]\n",
    "data/versions/headline_numbers.csv": "headline,title,id\nsum,Sum,t.n\n",
    "results/values.json": '{"t.n": {"value": 3, "unit": "count", "text": "3"}}',
    ".gitignore": "results\n",
}
Commit = Callable[[str], None]


@pytest.fixture
def commit(tmp_path: Path) -> Commit:
    """Return a way to commit all that there is."""

    def run(message: str) -> None:
        subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
        subprocess.run(["git", "commit", "-qm", message], cwd=tmp_path, check=True)

    return run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commit: Commit) -> Path:
    """Return a repository of one table in which version 1.3.0 is ready to be released."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    fields = [{"name": name, "type": "integer"} for name in ("year", "n")]
    records = [
        one | {"schema": read_json(ROOT / "data" / one["schema"])}
        for one in read_json(ROOT / "data" / "datapackage.json")["resources"]
        if one["path"].startswith("versions/")
    ]
    tables = [{"name": "t", "path": "t.csv", "schema": {"fields": fields, "primaryKey": "year"}}, *records]
    package = json.dumps({"version": "1.3.0", "resources": tables}, indent=2)
    (tmp_path / "data/datapackage.json").write_text(package)
    for one in records[1:]:
        header = ",".join(field["name"] for field in one["schema"]["fields"])
        (tmp_path / "data" / one["path"]).write_text(f"{header}\n")
    monkeypatch.chdir(tmp_path)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "a")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@example.org")
    write_checksums(tmp_path / "data")
    assert record([]) == 0
    write_checksums(tmp_path / "data")
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=tmp_path, check=True)
    commit("All.")
    return tmp_path


def git(project: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=project, check=True, capture_output=True, text=True).stdout.strip()


def release(version: str = "1.3.0", passing: str = "true") -> int:
    return main([version, "--passing", passing], TODAY)


def test_what_is_ready_is_tagged_with_what_changed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert release() == 0
    assert git(project, "cat-file", "-t", "v1.3.0") == "tag"
    assert git(project, "rev-parse", "v1.3.0^{commit}") == git(project, "rev-parse", "main")
    told = git(project, "tag", "--list", "--format=%(contents)", "v1.3.0")
    assert told == "countback 1.3.0\n\n### Data\n- A year more."
    assert "git push origin main v1.3.0" in capsys.readouterr().out


def test_every_reason_is_told_at_once_and_nothing_is_run(
    project: Path, capsys: pytest.CaptureFixture[str], commit: Commit
) -> None:
    config = project / "_quarto.yml"
    config.write_text(config.read_text().replace("doi: 10.5281/zenodo.7", "doi: to be set"))
    (project / "data/t.csv").write_text("year,n\n2030,2\n")
    commit("A number.")
    subprocess.run(["git", "switch", "-qc", "other"], cwd=project, check=True)
    (project / "note.txt").touch()
    assert release("1.4.0", passing="touch ran") == 1
    assert not (project / "ran").exists()
    assert git(project, "tag") == ""
    said = capsys.readouterr().err
    for reason in (
        "pyproject.toml: found 1.3.0, expected 1.4.0. Write it there.",
        "CITATION.cff: found 1.3.0, expected 1.4.0.",
        "data/datapackage.json: found 1.3.0, expected 1.4.0.",
        "data/README.md: found 1.3.0, expected 1.4.0.",
        "CHANGELOG.md: found nothing on 1.4.0, expected a section with the heading `## 1.4.0, 2031-02-03`.",
        "_quarto.yml, publication.doi: found to be set, expected a DOI",
        "data/checksums.json: found others than now of t.csv, expected those of the tables. Run: make checksums",
        "data/versions/table_sizes.csv: found no record of t as now, expected that of version 1.4.0. Run: make report",
        "The checkout: found changes of note.txt, expected none that are not committed.",
        "The checkout: found branch other, expected branch main.",
    ):
        assert f"- {reason}" in said
    assert said.startswith(f"No tag was made, for {said.count(chr(10)) - 1} reasons:")


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("CHANGELOG.md", ", 2031-02-03", "", "CHANGELOG.md: found `## 1.3.0`, expected the day of the release"),
        ("CHANGELOG.md", "2031-02-03", "2031-02-04", "found 2031-02-04, expected a day that is not after 2031-02-03"),
        ("CITATION.cff", "2031-02-03", "2031-02-02", "CITATION.cff, date-released: found 2031-02-02, expected 2031-02"),
        ("_quarto.yml", "  date: 2031-02-03\n", "", "_quarto.yml, book.date: found nothing, expected 2031-02-03"),
        ("_quarto.yml", "title: A book", "subtitle: A book", "`book.title` is missing."),
    ],
)
def test_the_day_and_the_book_are_looked_at(
    project: Path, commit: Commit, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, reason: str
) -> None:
    text = (project / file).read_text()
    assert old in text
    (project / file).write_text(text.replace(old, new))
    commit("Edit.")
    assert release() == 1
    assert reason in capsys.readouterr().err
    assert git(project, "tag") == ""


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("", "VERSION: found nothing, expected three numbers with dots. Run: make release VERSION=0.3.0"),
        ("v1.3.0", "VERSION: found v1.3.0, expected three numbers with dots."),
        ("1.3.0", "VERSION: found 1.3.0, expected a version later than 1.10.0, which has a tag."),
    ],
)
def test_a_version_has_a_form_and_is_later_than_those_that_have_a_tag(
    project: Path, capsys: pytest.CaptureFixture[str], version: str, reason: str
) -> None:
    for tag in ("v1.9.0", "v1.10.0", "vague"):
        git(project, "tag", tag)
    assert release(version) == 1
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("passing", "reason"),
    [
        ("exit 3", "exit 3: found exit status 3, expected 0. Correct what it says, commit, and run this again."),
        ("echo >> index.qmd", "found another checkout than before, expected the same. The checkout: found changes of "),
    ],
)
def test_what_fails_or_changes_the_checkout_keeps_the_tag_away(
    project: Path, capsys: pytest.CaptureFixture[str], passing: str, reason: str
) -> None:
    assert release(passing=passing) == 1
    assert reason in capsys.readouterr().err
    assert git(project, "tag") == ""
