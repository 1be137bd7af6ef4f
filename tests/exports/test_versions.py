"""What a version says of the one before: headline numbers, rows of tables, corrected numbers."""

import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from countback.io.documents import parse_yaml
from countback.io.package import read_json
from countback.io.tables import read_table
from countback.versions import headline_uses, version_before
from scripts.exports.record_version import main as record
from scripts.report.version_changes import version_headlines, version_tables

ROOT = Path(__file__).parents[2]
HEADLINES = pd.DataFrame({"headline": ["all", "new"], "title": ["All", "New"], "id": ["a.last.n", "b.n"]})
RECORDED = pd.DataFrame(
    {"version": ["0.1.0", "0.9.0"], "headline": "all", "value": [4.0, 5.0], "unit": "count", "shown": ["4", "5"]}
)


def test_the_version_before_is_the_newest_earlier_one() -> None:
    assert version_before({"0.9.0", "0.10.0", "1.0.0"}, "0.11.0") == "0.10.0"
    assert version_before({"1.0.0"}, "1.0.0") is None


def test_a_headline_number_stands_beside_that_of_the_version_before() -> None:
    now = {"a.last.n": {"value": 6, "text": "6"}, "b.n": {"value": 1, "text": "1"}}
    found = version_headlines(HEADLINES, RECORDED, now, "0.9.0")
    assert found[["headline", "shown_before", "shown_now", "is_changed"]].fillna("").to_numpy().tolist() == [
        ["all", "5", "6", True], ["new", "", "1", True]
    ]  # fmt: skip
    same = version_headlines(HEADLINES.head(1), RECORDED, {"a.last.n": {"value": 4, "text": "4"}}, "0.1.0")
    assert same["is_changed"].tolist() == [False]


def test_tables_are_new_gone_longer_shorter_changed_or_the_same() -> None:
    rows = {"gone": 2, "longer": 2, "shorter": 2, "changed": 2, "same": 2}
    recorded = pd.DataFrame({"version": "0.1.0", "table_name": rows.keys(), "row_count": 2, "hash": "a"})
    now = {name: {"rows": 2, "hash": "a"} for name in ("same",)} | {"changed": {"rows": 2, "hash": "b"}}
    now |= {"longer": {"rows": 3, "hash": "b"}, "shorter": {"rows": 1, "hash": "b"}, "new": {"rows": 1, "hash": "b"}}
    found = version_tables(recorded, now, {"new": "New table"}, "0.1.0").set_index("table_name")
    assert found["status"].to_dict() == {
        "changed": "changed", "gone": "gone", "longer": "more rows",
        "new": "new", "same": "same", "shorter": "fewer rows",
    }  # fmt: skip
    assert found.loc["new", "title"] == "New table"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of one table in a repository, whose number and position were edited after the last commit."""
    data, versions = tmp_path / "data", tmp_path / "data" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "values.json").write_text('{"t.n": {"value": 3, "unit": "count", "text": "3"}}')
    fields = [{"name": name, "type": "integer"} for name in ("year", "n", "position")]
    table = {"name": "t", "path": "t.csv", "schema": {"fields": fields, "primaryKey": "year"}}
    records = [
        one | {"schema": read_json(ROOT / "data" / one["schema"])}
        for one in read_json(ROOT / "data" / "datapackage.json")["resources"]
        if one["path"].startswith("versions/")
    ]
    (data / "datapackage.json").write_text(json.dumps({"version": "0.2.0", "resources": [table, *records]}))
    (data / "checksums.json").write_text('{"t.csv": {"rows": 2, "bytes": 9, "hash": "sha256:' + "0" * 64 + '"}}')
    (data / "t.csv").write_text("year,n,position\n2029,8,0\n2030,1,1\n2031,2,2\n")
    old = {"table": "t", "key": {"year": 2029}, "column": "n", "expect": 8, "value": 9}
    (data / "corrections.yml").write_text(json.dumps([old]))
    (versions / "headline_numbers.csv").write_text("headline,title,id\nsum,Sum,t.n\nold,Old,t.gone\n")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "One."]):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)
    entry = {"table": "t", "key": {"year": 2031}, "column": "n", "expect": 2, "value": 3}
    (data / "corrections.yml").write_text(json.dumps([entry]))  # the override of 2029 is gone: the table has its value
    (data / "t.csv").write_text("year,n,position\n2029,9,0\n2030,5,7\n2031,2,2\n2032,4,3\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_version_is_recorded_once_with_what_it_corrected(project: Path) -> None:
    versions = project / "data" / "versions"
    assert record(["--from", "HEAD"]) == 0
    assert record(["--from", "HEAD"]) == 0  # again: nothing is doubled
    assert (versions / "headline_values.csv").read_text() == (
        "version,headline,value,unit,shown\n0.2.0,sum,3,count,3\n"
    )
    assert (versions / "table_sizes.csv").read_text().splitlines()[1:] == [f"0.2.0,t,2,{'0' * 64}"]
    # neither the new row nor another position is a correction, nor what was overridden before; a new override is one
    assert (versions / "changed_values.csv").read_text().splitlines()[1:] == [
        "0.2.0,t,year 2030,n,1,5",
        "0.2.0,t,year 2031,n,2,3",
    ]


def test_without_a_build_nothing_is_recorded(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "results" / "values.json").unlink()
    assert record([]) == 1
    assert "results/values.json: found 'no such file', expected the numbers of a build. Run make report." in (
        capsys.readouterr().err
    )


def test_corrected_numbers_of_this_version_are_what_its_tables_hold() -> None:
    package = read_json(ROOT / "data" / "datapackage.json")
    paths = {one["name"]: ROOT / "data" / one["path"] for one in package["resources"]}
    changed = read_table(ROOT / "data/versions/changed_values.csv").query(f"version == '{package['version']}'")
    overrides = parse_yaml((ROOT / "data" / "corrections.yml").read_text(encoding="utf-8"))
    assert len(changed) > 0
    for row in changed.itertuples():
        text = paths[row.table_name].read_text(encoding="utf-8")
        assert row.number_before != row.number_now
        assert row.number_now in text or row.number_now in {str(entry["value"]) for entry in overrides}, row


def test_every_headline_number_was_recorded_in_the_version_before_or_is_new() -> None:
    known = {name for name, _ in headline_uses(ROOT / "data" / "versions" / "headline_numbers.csv")}
    recorded = read_table(ROOT / "data/versions/headline_values.csv")
    numbers = read_table(ROOT / "data/versions/headline_numbers.csv")
    assert len(known) == len(numbers)
    assert set(recorded["headline"]) <= set(numbers["headline"])
