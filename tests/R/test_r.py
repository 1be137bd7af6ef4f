"""The tests of the R library, run by testthat, and what lintr says of the R code."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter

import pytest

from countback.io.catalog import entries


def rscript(code, folder, **variables):
    return subprocess.run(
        ["Rscript", "--vanilla", "-e", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"} | variables,
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


@pytest.mark.parametrize("how", ["", ", chdir = TRUE", ", local = new.env()"])
def test_tables_are_found_from_any_folder_by_the_place_of_the_file_that_is_read(project, tmp_path, how):
    file = f"{project}/workflow/R/load.R"
    code = f'source("{file}"{how}); cat(nrow(load_table("esp_reports")))'
    if "local" in how:
        code = f'place <- new.env(); source("{file}", local = place); cat(nrow(place$load_table("esp_reports")))'
    done = rscript(code, tmp_path)
    assert done.stdout == "1029", done.stderr


def test_python_and_r_list_the_same_tables_at_the_same_places(project, tmp_path):
    shutil.copytree(project / "data" / "schemas", tmp_path / "data" / "schemas")
    shutil.copy(project / "data" / "datapackage.json", tmp_path / "data")
    done = rscript(
        f'source("{project}/workflow/R/load.R"); listed <- package_tables("."); '
        "fields <- lapply(listed$described, function(name) table_fields(name)$name); "
        "cat(jsonlite::toJSON(list(listed$name, listed$where, fields)))",
        tmp_path,
    )
    names, places, fields = json.loads(done.stdout)
    listed = entries(tmp_path)
    assert names == [entry.described["name"] for entry in listed]
    assert places == [entry.where for entry in listed]
    assert fields == [[field["name"] for field in entry.described["schema"]["fields"]] for entry in listed]


def test_r_in_another_encoding_is_refused_before_it_writes_anything(project):
    done = rscript('source("workflow/R/tables.R")', project, LC_ALL="C")
    assert done.returncode != 0
    assert "R: found the locale C, expected one that writes UTF-8" in done.stderr
