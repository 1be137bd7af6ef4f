"""What an ingest changed is shown row by row, against the state of a commit."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from countback.io.errors import CountbackError
from scripts.validate.data_diff import data_diff

HISTORY = "key,period,value,note,last_release\n"


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def put(folder: Path, name: str, text: str) -> None:
    (folder / "data" / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / "data" / name).write_text(text)


def history(rows: int, last: str = "q1", **values: str) -> str:
    """Return a history with 2023 as the period of every row, and values of single rows changed."""
    lines = [f"k{n},2023,{values.get(f'k{n}', n)},,{last}\n" for n in range(rows)]
    return HISTORY + "".join(lines)


def put_parquet(folder: Path, values: list[float | None]) -> None:
    frame = pd.DataFrame({"year": range(2020, 2020 + len(values)), "value": pd.array(values, dtype="Float64")})
    frame.to_parquet(folder / "data" / "years.parquet")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    resources = [
        {"path": "history.csv", "schema": {"primaryKey": ["key", "period"]}},
        {"path": "years.parquet", "schema": "years.json"},
        {"path": "notes.csv", "schema": {}},
    ]
    put(tmp_path, "datapackage.json", json.dumps({"resources": resources}))
    put(tmp_path, "years.json", json.dumps({"primaryKey": "year"}))
    put(tmp_path, "history.csv", history(30))
    put(tmp_path, "notes.csv", "note\nsame\nsame\nother\n")
    put_parquet(tmp_path, [1, 2.5, None])
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "First")
    git(tmp_path, "tag", "v1")
    return tmp_path


def test_nothing_changed_says_so(checkout):
    assert data_diff(checkout, "HEAD", 20).startswith("No table changed since HEAD (")


def test_changed_added_and_removed_rows_are_told_by_key_with_old_and_new_values(checkout):
    text = history(30, k3="33").replace("k5,2023,5,,q1\n", "").replace("k7,", "k7b,")
    put(checkout, "history.csv", text)
    lines = data_diff(checkout, "HEAD", 20).splitlines()
    assert any(line.split() == ["data/history.csv", "1", "2", "1"] for line in lines)
    assert "data/history.csv, by key, period" in lines
    assert "    key=k3, period=2023: value 3 → 33" in lines
    assert lines[lines.index("  1 added") + 1] == "    key=k7b, period=2023, value=7, last_release=q1"
    assert "    key=k5, period=2023, value=5, last_release=q1" in lines[lines.index("  2 removed") :]


def test_a_column_that_moves_in_most_rows_is_one_line_and_hides_no_other_change(checkout):
    text = history(30, last="q2", k3="33").replace("k4,2023,4,,q2", "k4,2023,4,,q1")
    put(checkout, "history.csv", text)
    lines = data_diff(checkout, "HEAD", 20).splitlines()
    assert "  last_release: q1 → q2 in 29 of 30 rows that held it" in lines
    assert "    key=k3, period=2023: value 3 → 33" in lines
    assert "  1 changed" in lines


def test_few_rows_that_change_alike_are_still_listed(checkout):
    put(checkout, "history.csv", history(30).replace(",,q1", ",,q2", 19))
    found = data_diff(checkout, "HEAD", 100)
    assert found.count("last_release q1 → q2") == 19


def test_long_lists_are_cut_with_their_count(checkout):
    put(checkout, "history.csv", history(95))
    lines = data_diff(checkout, "HEAD", 10).splitlines()
    assert "  65 added" in lines
    assert lines[-1] == "    … and 55 more"
    assert sum(line.startswith("    key=") for line in lines) == 10


def test_parquet_is_compared_by_content(checkout):
    put_parquet(checkout, [1, 2.75, None, 4])
    lines = data_diff(checkout, "HEAD", 20).splitlines()
    assert "    year=2021: value 2.5 → 2.75" in lines
    assert lines[-1] == "    year=2023, value=4"


def test_rows_of_a_table_without_a_key_are_counted_as_often_as_they_stand(checkout):
    put(checkout, "notes.csv", "note\nother\nsame\nnew\n")
    lines = data_diff(checkout, "HEAD", 20).splitlines()
    assert lines[lines.index("  1 added") + 1] == "    note=new"
    assert lines[lines.index("  1 removed") + 1] == "    note=same"


def test_a_table_in_another_order_has_the_same_rows(checkout):
    put(checkout, "notes.csv", "note\nother\nsame\nsame\n")
    assert "data/notes.csv  same rows, in another order or form" in data_diff(checkout, "HEAD", 20)


def test_new_and_removed_tables_columns_and_other_files_are_told(checkout):
    (checkout / "data" / "notes.csv").unlink()
    put(checkout, "new.csv", "a\n1\n2\n")
    put(checkout, "corrections.yml", "[]\n")
    put(checkout, "history.csv", history(30).replace("note", "remark"))
    found = data_diff(checkout, "HEAD", 20)
    assert "data/new.csv      new, 2 rows" in found
    assert "data/notes.csv    gone, 3 rows" in found
    assert "Other files that changed: data/corrections.yml" in found
    assert "  column added: remark\n  column removed: note" in found


def test_another_revision_can_be_compared_with(checkout):
    put(checkout, "history.csv", history(30, k3="33"))
    git(checkout, "commit", "-q", "-a", "-m", "Second")
    assert data_diff(checkout, "HEAD", 20).startswith("No table changed")
    assert "value 3 → 33" in data_diff(checkout, "v1", 20)


def test_a_cell_can_neither_steer_the_terminal_nor_flood_it(checkout):
    put(checkout, "history.csv", history(30, k3="\x1b[2J", k4="x" * 500 + "y", k5='"two\nlines"'))
    found = data_diff(checkout, "HEAD", 20)
    assert "\x1b" not in found and "value 3 → \\x1b[2J" in found
    assert "value 5 → two\\nlines" in found
    assert max(map(len, found.splitlines())) < 200


def test_long_cells_are_shown_from_where_they_differ(checkout):
    put(checkout, "history.csv", history(30, k3="word" * 40 + "old"))
    git(checkout, "commit", "-q", "-a", "-m", "Second")
    put(checkout, "history.csv", history(30, k3="word" * 40 + "new"))
    assert "wordold → …" in data_diff(checkout, "HEAD", 20)


@pytest.mark.parametrize(("revision", "says"), [("v9", "v9"), ("--help", "--help")])
def test_an_unknown_revision_is_named(checkout, revision, says):
    with pytest.raises(CountbackError, match=says):
        data_diff(checkout, revision, 20)


def test_a_table_that_cannot_be_read_is_named(checkout):
    put(checkout, "history.csv", 'key,period\n"a,2023\n')
    with pytest.raises(CountbackError, match=r"data/history\.csv"):
        data_diff(checkout, "HEAD", 20)


def test_the_command_prints_it_and_fails_outside_a_checkout(checkout, project, tmp_path_factory):
    def run(folder: Path) -> subprocess.CompletedProcess[str]:
        script = project / "workflow" / "scripts" / "validate" / "data_diff.py"
        command = [sys.executable, script, "--from", "v1", "--rows", "5"]
        environment = {"PYTHONPATH": str(project / "workflow"), "PATH": "/usr/bin:/bin"}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    put(checkout, "history.csv", history(30, k3="33"))
    done = run(checkout)
    assert done.returncode == 0 and "value 3 → 33" in done.stdout, done.stderr
    outside = run(tmp_path_factory.mktemp("outside"))
    assert outside.returncode == 1 and "not a git repository" in outside.stderr
