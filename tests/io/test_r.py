"""Data frames between Python and R: each type as itself, and what is missing stays missing, both ways."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from countback.io.errors import CountbackError
from countback.io.r import for_r

COLUMNS = {
    "flag": (pd.array([True, None, False], dtype="boolean"), "logical"),
    "flag without type": (pd.Series([True, None, False], dtype=object), "logical"),
    "whole": (pd.array([3_000_000_000, None, 0], dtype="Int64"), "numeric"),
    "number": (pd.array([0.5, None, 2], dtype="Float64"), "numeric"),
    "text": (pd.array(["Côte d'Ivoire", None, ""], dtype="string"), "character"),
    "text without type": (pd.Series(["a", None, "NA"], dtype=object), "character"),
    "no text": (pd.array([None, None, None], dtype="string"), "character"),
    "category": (pd.Categorical(["b", None, "a"], categories=["b", "a"]), "factor"),
    "order": (pd.Categorical(["b", None, "a"], categories=["b", "a"], ordered=True), "ordered factor"),
    "day": (pd.to_datetime(["2023-12-31", None, "1969-02-28"]), "Date"),
    "day without type": (pd.Series([date(2023, 12, 31), None, date(1969, 2, 28)], dtype=object), "Date"),
}


@pytest.fixture(scope="module")
def shell():
    """Return a shell with R in it, as chapters have one, and an environment that is as it was afterwards."""
    kept = dict(os.environ)
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "countback.io.r")
    yield shell
    InteractiveShell.clear_instance()
    os.environ.clear()
    os.environ.update(kept)


def through_r(shell, frame: pd.DataFrame) -> pd.DataFrame:
    shell.user_ns["given"] = for_r(frame)
    shell.run_cell_magic("R", "-i given -o taken", "taken <- given")
    return shell.user_ns["taken"]


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.filterwarnings("error")
def test_a_column_goes_to_r_in_its_type_and_comes_back_with_what_is_missing(shell, name):
    values, kind = COLUMNS[name]
    frame = pd.DataFrame({"column": values})
    back = through_r(shell, frame)["column"]
    shell.run_cell_magic("R", "-o kind", 'kind <- paste(class(given[["column"]]), collapse = " ")')
    assert shell.user_ns["kind"][0] == kind
    assert list(back.isna()) == list(frame["column"].isna())
    expected = pd.to_datetime(frame["column"]) if kind == "Date" else frame["column"]
    assert list(back.dropna()) == list(expected.dropna())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("c(1L, NA)", [1, pd.NA]),
        ("c(TRUE, NA)", [True, pd.NA]),
        ("c('a', NA)", ["a", None]),
        ("as.Date(c('2024-02-29', NA))", [pd.Timestamp("2024-02-29"), pd.NaT]),
        ("structure(c(19782L, NA), class = 'Date')", [pd.Timestamp("2024-02-29"), pd.NaT]),
        ("factor(c('a', NA))", ["a", float("nan")]),
        ("c(0.5, NA)", [0.5, float("nan")]),
    ],
)
def test_what_r_misses_is_missing_in_python_in_a_vector_and_in_a_column(shell, code, expected):
    shell.run_cell_magic("R", "-o vector,frame", f"vector <- {code}; frame <- data.frame(column = vector)")
    for found in (pd.Series(shell.user_ns["vector"]), shell.user_ns["frame"]["column"]):
        assert list(found.isna()) == [False, True]
        assert found.iloc[0] == expected[0]


def test_a_frame_without_rows_keeps_its_types(shell):
    empty = pd.DataFrame({name: values for name, (values, _) in COLUMNS.items() if "without" not in name}).iloc[:0]
    shell.user_ns["given"] = for_r(empty)
    shell.run_cell_magic("R", "-i given -o kinds", "kinds <- vapply(given, function(column) class(column)[1], '')")
    kinds = [kind.split()[0] for name, (_, kind) in COLUMNS.items() if "without" not in name]
    assert list(shell.user_ns["kinds"]) == kinds


def test_what_r_has_no_type_for_is_refused_by_the_name_of_its_column():
    for values in ([pd.Period("2023Q1")], [{"a": 1}], ["a", 1], [pd.Timestamp("2023-01-01 10:00")]):
        with pytest.raises(CountbackError, match=r"Column odd of type .* has no counterpart in R"):
            for_r(pd.DataFrame({"odd": values}))


HOSTILE = """
import os, sys
os.chdir(sys.argv[1])
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "countback.io.r")
shell.run_cell_magic("R", "-o found", 'found <- c(exists("left"), getOption("digits"), l10n_info()[["UTF-8"]])')
print("found", *shell.user_ns["found"])
"""


def test_r_in_a_cell_reads_no_file_of_its_users_and_writes_utf8(tmp_path: Path, project: Path):
    (tmp_path / ".Rprofile").write_text('message("READ"); options(digits = 3)')
    (tmp_path / ".Renviron").write_text("R_DEFAULT_PACKAGES=NULL")
    saved = subprocess.run(["Rscript", "--vanilla", "-e", "left <- 1; save.image()"], cwd=tmp_path, check=True)
    assert saved.returncode == 0 and (tmp_path / ".RData").exists()
    environment = os.environ | {"LC_ALL": "C", "LANG": "C", "PYTHONPATH": str(project / "workflow")}
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE, str(tmp_path)], env=environment, capture_output=True, text=True, check=False
    )
    assert "found 0 7 1" in done.stdout, done.stdout + done.stderr
    assert "READ" not in done.stdout + done.stderr
