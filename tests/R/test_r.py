"""The tests of the R library, run by testthat, and what lintr says of the R code."""

import os
import re
import subprocess
from collections import Counter

import pytest


def rscript(code, folder):
    return subprocess.run(
        ["Rscript", "--vanilla", "-e", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )


def test_the_r_library_passes_its_tests(project):
    code = 'testthat::test_dir(".", reporter = "summary", stop_on_failure = TRUE)'
    done = rscript(code, project / "tests" / "R")
    assert done.returncode == 0, done.stdout + done.stderr
    files = list((project / "tests" / "R").glob("test-*.R"))
    assert len(re.findall(r"^[a-z_]+: \.+", done.stdout, re.MULTILINE)) == len(files), done.stdout


@pytest.mark.parametrize("folder", ["workflow/R", "workflow/scripts", "tests/R"])
def test_r_code_is_free_of_lint(project, folder):
    code = (
        f'lints <- lintr::lint_dir("{folder}", pattern = "\\\\.R$", parse_settings = TRUE); print(lints); '
        'cat("files:", length(list.files("'
        + folder
        + '", pattern = "\\\\.R$", recursive = TRUE)), "\\n"); quit(status = length(lints) > 0)'
    )
    done = rscript(code, project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"files: [1-9]", done.stdout)


def test_no_name_is_defined_in_two_files_of_the_r_library(project):
    names = [
        name
        for file in (project / "workflow" / "R").glob("*.R")
        for name in re.findall(r"^([\w.]+) <- ", file.read_text(), re.MULTILINE)
    ]
    assert len(names) > 100
    assert [name for name, n in Counter(names).items() if n > 1] == []


def test_r_functions_are_short(project):
    long = {}
    for file in (project / "workflow" / "R").glob("*.R"):
        starts = [
            number for number, text in enumerate(file.read_text().split("\n")) if re.match(r"\w+ <- function", text)
        ]
        ends = [number for number, text in enumerate(file.read_text().split("\n")) if text == "}"]
        long |= {
            f"{file.name}:{at + 1}": end - at
            for at in starts
            for end in [min(e for e in [*ends, at] if e >= at)]
            if end - at > 60
        }
    assert long == {}
