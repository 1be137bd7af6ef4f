"""Two builds give the same bytes, whatever surrounds them; where they do not, the first difference is shown.

The made-up project is built in both surroundings in `test_kills.py`, where one of both builds is stopped as well.
"""

import io
import zipfile
from pathlib import Path

import pytest
from builds import committed

from countback.io.environment import PROJECT
from scripts.reproduce.compare import differences, first_difference
from scripts.reproduce.reproduce import main

# Writes a line that depends on what surrounds it, and one that does not.
SNAKEFILE = """
rule all:
    output: "results/a.txt"
    shell: "mkdir -p results; echo same > {output}; LINE >> {output}"
"""
SAME = "date -u -d @0 +%H"
OTHER = "date -d @0 +%H"


def archive(**members: str) -> bytes:
    """Return a zip of texts by their names, with a fixed date."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for name, text in members.items():
            written.writestr(zipfile.ZipInfo(name), text)
    return content.getvalue()


def checkout(folder: Path, line: str) -> Path:
    """Return a checkout whose build writes a line."""
    return committed(folder, SNAKEFILE.replace("LINE", line))


def test_a_build_that_depends_on_its_surroundings_is_told_with_the_line(tmp_path: Path, capsys) -> None:
    made = checkout(tmp_path / "of a user", OTHER)
    assert main(["--checkout", str(made), "--cores", "1"]) == 1
    said = capsys.readouterr().out
    assert "1 of 1 generated files differ." in said
    assert "results/a.txt, line 2" in said


def test_a_build_that_does_not_is_the_same_and_leaves_nothing(tmp_path: Path, capsys) -> None:
    made = checkout(tmp_path / "of a user", SAME)
    before = sorted(made.rglob("*"))
    assert main(["--checkout", str(made), "--cores", "1"]) == 0
    assert "1 generated files are the same, byte for byte" in capsys.readouterr().out
    assert sorted(made.rglob("*")) == before


@pytest.mark.parametrize(
    ("line", "commit", "expected"),
    [("false", "HEAD", "ended with status 1"), (SAME, "no-such", "git rev-parse in"), ("true", "HEAD", "")],
)
def test_a_build_that_fails_and_a_commit_that_is_missing_are_told(tmp_path, capsys, line, commit, expected) -> None:
    made = checkout(tmp_path / "of a user", line)
    assert main(["--checkout", str(made), "--from", commit]) == (1 if expected else 0)
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("first", "second", "place", "sides"),
    [
        (b"a\nb\n", b"a\nb\nc\n", "line 3", ("(no line)", "c")),
        (b"\x00\x01\x02", b"\x00\x01", "byte 2", ("02", "(no byte)")),
        (b"a\n", b"a\r\n", "byte 1", ("0a", "0d 0a")),
        (archive(a="1", b="2"), archive(b="2", a="1"), "member 1", ("a", "b")),
        (archive(a="1\n2"), archive(a="1\n3"), "line 2", ("2", "3")),
    ],
)
def test_the_first_difference_is_a_line_a_byte_or_a_member(first, second, place, sides) -> None:
    found = first_difference("a", first, second)
    assert (found.place, (found.first, found.second)) == (place, sides)


def test_a_long_line_is_shown_from_where_it_differs() -> None:
    found = first_difference("a.svg", b"x" * 5000 + b"1" + b"y" * 5000, b"x" * 5000 + b"2" + b"y" * 5000)
    assert "x1y" in found.first
    assert "x2y" in found.second
    assert len(found.first) < 200


def test_a_file_that_only_one_build_made_is_told(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name / "results").mkdir(parents=True)
    (tmp_path / "one" / "results" / "a.csv").write_text("year\n")
    assert [str(one) for one in differences(tmp_path / "one", tmp_path / "other")] == [
        "results/a.csv, one file\n  first:  there\n  second: missing"
    ]


@pytest.mark.whole_book
def test_the_whole_report_is_the_same_in_two_surroundings(capsys) -> None:
    assert main(["--checkout", str(PROJECT)]) == 0, capsys.readouterr().out
