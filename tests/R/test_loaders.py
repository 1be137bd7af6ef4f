"""The loaders in Python and in R are given the same files: each is read alike by both, or refused at the same place."""

import json
import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest

import countback
from countback.io.errors import DataError

KINDS = {"place": "string", "day": "date", "n": "integer", "share": "number", "year": "year", "is_new": "boolean"}
FIELDS = [{"name": name, "type": kind, "title": name, "description": name} for name, kind in KINDS.items()]
HEADER = ",".join(KINDS) + "\n"
ROW = {"place": "a", "day": "2023-12-31", "n": "1", "share": "0.5", "year": "2023", "is_new": "true"}
REFUSED = [
    *[("is_new", cell) for cell in ("TRUE", "True", "FALSE", "1", "0", "1.0", "T", "yes", "NA", " true")],
    *[("n", cell) for cell in ("9007199254740993", "9223372036854775808", "1e3", "1.0", "+1", "007", " 1", "0x1")],
    *[("n", cell) for cell in ("NA", "inf", "3L", "1_0", "٣", "1" * 400)],
    *[("share", cell) for cell in ("NaN", "inf", "1e308", "1e400", ".5", "5.", "1D2", "0x1p3", "9007199254740991.6")],
    *[("year", cell) for cell in ("2023.0", "0999", "2100", "99999999999", "Q1")],
    *[("day", cell) for cell in ("2023-02-30", "2023-1-1", "2023-12-31x", "1899-12-31", "31/12/2023")],
    *[("place", cell) for cell in (" ", "\u00a0", "a\u200b", "\u2028", "a\u0085", "a\x0b")],
]
READ = {
    "place": ["NA", "N/A", " a ", '"a""b"', '"a, b"', "a'b", "#x", "a\\nb", "Côte", '""', ""],
    "n": ["9007199254740991", "-3", '"12"', ""],
    "share": ["1e-05", "0.1234567890123456789", "-3", ""],
    "is_new": ["false", ""],
    "day": ["1990-01-01", "2024-02-29", ""],
    "year": ["1990", "2099", ""],
}


def row(**cells: str) -> str:
    return ",".join((ROW | cells).values()) + "\n"


# what is wrong beside cells, and the row in which it is told
FILES = {
    "a byte order mark": ("\ufeff" + HEADER + row(), 1),
    "a byte order mark in the first row": (HEADER + row(place="\ufeffa"), 2),
    "a carriage return alone": (HEADER + row() + row(place="a\rb"), 3),
    "a carriage return alone in quotes": (HEADER + row(place='"a\rb"'), 2),
    "carriage returns for line ends": ((HEADER + row()).replace("\n", "\r"), 1),
    "a zero byte": (HEADER + row() + row(place="a\0b"), 3),
    "a line end in a cell": (HEADER + row() + row(place='"a\nb"'), 3),
    "a text after a quote": (HEADER + row(place='"a"b'), 2),
    "no line end": (HEADER + row() + row()[:-8], 3),
    "a blank row": (HEADER + row() + "\n" + row(), 3),
    "a row cut off": (HEADER + "a,2023-12-31\n" + row(), 2),
    "cells too many in each row": (HEADER + 2 * row(is_new="true,x"), 2),
    "nothing": ("", None),
}
LOAD = """
source(commandArgs(TRUE)[1])
text <- function(column) {
  is_number <- is.double(column) && !inherits(column, "Date")
  ifelse(is.na(column), NA, if (is_number) sprintf("%.17g", column) else tolower(as.character(column)))
}
read <- function(folder) tryCatch(lapply(load_table("small", folder), text), error = conditionMessage)
cat(jsonlite::toJSON(lapply(commandArgs(TRUE)[-1], read), na = "null"))
"""


def write_checkout(folder: Path, text: str) -> Path:
    """Write a checkout of one table, and of the list of releases that every checkout has."""
    releases = {
        "schema": {"fields": [field | {"name": name} for name in ("id", "title", "url") for field in FIELDS[:1]]}
    }
    small = {"schema": {"fields": FIELDS}}
    described = [
        {"name": name, "path": f"{name}.csv", "title": name, "description": name} | table
        for name, table in {"small": small, "releases": releases}.items()
    ]
    package = {"name": "small", "version": "1", "sources": [], "resources": described}
    (folder / "data").mkdir()
    (folder / "data" / "datapackage.json").write_text(json.dumps(package))
    (folder / "data" / "releases.csv").write_text("id,title,url\n")
    (folder / "data" / "small.csv").write_bytes(text.encode())
    return folder


@pytest.fixture(scope="module")
def by_r(project, tmp_path_factory):
    """Return a function that gives a checkout with a table, and what R says of it; R reads all tables at once."""
    texts = [HEADER + row() + row(**{name: cell}) for name, cell in REFUSED]
    texts += [text for text, _ in FILES.values()]
    texts += [HEADER + row(**{name: cell}) for name, cells in READ.items() for cell in cells]
    folders = {text: write_checkout(tmp_path_factory.mktemp("checkout"), text) for text in texts}
    script = tmp_path_factory.mktemp("r") / "load.R"
    script.write_text(LOAD)
    command = ["Rscript", "--vanilla", script, project / "workflow" / "R" / "load.R", *folders.values()]
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    said = dict(zip(folders, json.loads(done.stdout), strict=True))
    return lambda text: (folders[text], said[text])


def both_refuse(folder: Path, by_r: object, place: str) -> None:
    """Assert that both loaders refuse a table, and say the place first: Python's message and R's are returned."""
    with pytest.raises(DataError) as by_python:
        countback.load("small", folder)
    for said in (str(by_python.value), "".join(by_r)):
        assert said.startswith(f"{folder}/data/small.csv{place}")
        assert ", expected " in said


@pytest.mark.parametrize(("column", "cell"), REFUSED)
def test_a_cell_that_readers_take_for_different_values_is_refused_by_both_with_row_and_column(by_r, column, cell):
    folder, said = by_r(HEADER + row() + row(**{column: cell}))
    both_refuse(folder, said, f", row 3, column {column}: found '")


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_can_be_read_in_more_ways_than_one_is_refused_by_both_with_its_row(by_r, what):
    text, at = FILES[what]
    folder, said = by_r(text)
    both_refuse(folder, said, f", row {at}" if at else ": found ")


def in_text(value: object) -> str | None:
    """Return a value as the test's R code writes it."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.17g}" if isinstance(value, float) else str(value).lower()


@pytest.mark.parametrize(("column", "cell"), [(name, cell) for name, cells in READ.items() for cell in cells])
def test_what_both_read_is_the_same_to_the_last_digit(by_r, column, cell):
    folder, said = by_r(HEADER + row(**{column: cell}))
    frame = countback.load("small", folder)
    assert {name: [in_text(frame.loc[0, name])] for name in KINDS} == said
