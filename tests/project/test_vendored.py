"""What others wrote and the project carries is in one table, with name, version, license and hash."""

import csv
import hashlib
import subprocess
import tomllib
from pathlib import Path

import pytest

FOLDER = Path("workflow") / "press"
CODE = {".js", ".mjs", ".css", ".scss", ".lua", ".typ", ".woff2"}
LONGEST_LINE = 500  # nobody writes longer ones by hand


@pytest.fixture(scope="module")
def vendored(project: Path) -> list[dict[str, str]]:
    with (project / FOLDER / "vendored.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    return rows


def is_of_others(content: bytes) -> bool:
    """Tell whether a file carries somebody's license, was minified, or is no text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return True
    is_licensed = "copyright" in text.lower() or "@license" in text
    return is_licensed or max(map(len, text.splitlines()), default=0) > LONGEST_LINE


def test_each_file_is_the_one_that_the_table_names(project, vendored):
    for row in vendored:
        content = (project / FOLDER / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], row["file"]
        opening = content.decode()[:2000]
        assert f"{row['name']} {row['version']}" in opening and row["copyright"] in opening
        assert row["made_from"] and row["license"] in opening


def test_the_terms_are_those_that_the_licenses_of_the_project_name(project, vendored):
    annotations = tomllib.loads((project / "REUSE.toml").read_text())["annotations"]
    for row in vendored:
        (terms,) = [one for one in annotations if one["path"] == (FOLDER / row["file"]).as_posix()]
        assert terms["SPDX-License-Identifier"] == row["license"]
        assert terms["SPDX-FileCopyrightText"] == row["copyright"]
        assert terms["precedence"] == "override"


def test_no_file_of_others_is_missing_from_the_table(project, vendored):
    listed = subprocess.run(["git", "ls-files"], cwd=project, capture_output=True, text=True, check=True).stdout
    files = [Path(name) for name in listed.splitlines() if Path(name).suffix in CODE]
    assert len(files) > len(vendored)
    found = {name.as_posix() for name in files if is_of_others((project / name).read_bytes())}
    assert found == {(FOLDER / row["file"]).as_posix() for row in vendored}


@pytest.mark.parametrize("content", [b"/*! Copyright 2020 A */", b"x" * 501, b"wOF2\xff\x00"])
def test_files_of_others_are_told_by_what_they_hold(content):
    assert is_of_others(content) and not is_of_others(b"// The search of the pages.\nlet a = 1\n")
