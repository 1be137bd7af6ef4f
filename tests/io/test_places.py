"""The library finds the data: a folder that is named, an unzipped data package, a checkout above; installed or not."""

import io
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from builds import copy_project

import countback
from countback.io import places
from countback.io.errors import DataError
from scripts.exports.data_package import archive, data_package

FIELDS = [
    {"name": "place", "type": "string", "description": "The place."},
    {"name": "day", "type": "date", "description": "The day."},
    {"name": "reports", "type": "integer", "unit": "count", "description": "The reports."},
]
SOURCES = [{"name": name, "type": "string", "description": name} for name in ("id", "title", "url")]
DESCRIBED = {"title": "Facts", "description": "What it holds.", "schema": {"fields": FIELDS}}
PACKAGE = {
    "name": "countback",
    "version": "3.1.0",
    "sources": [{"title": "All of it", "path": "https://example.org/"}],
    "resources": [
        DESCRIBED | {"name": "facts", "path": "deep/facts.csv", "route": "parsed"},
        {"name": "releases", "path": "releases.csv", "title": "Sources", "schema": {"fields": SOURCES}},
    ],
    "results": [DESCRIBED | {"name": "facts"}, DESCRIBED | {"name": "fact_years"}],
}
FACTS = pd.DataFrame({"place": ["=A1", None], "day": ["2031-02-03", None], "reports": [3_000_000_000, None]}).astype(
    {"place": "string", "day": "string", "reports": "Int64"}
)
RELEASES = pd.DataFrame({"id": ["a-1"], "title": ["First"], "url": [None]}, dtype="string")
TABLES = {"deep/facts.csv": FACTS, "releases.csv": RELEASES} | dict.fromkeys(
    ("results/facts", "results/fact_years"), FACTS
)


@pytest.fixture(scope="module")
def unzipped(project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("far away")
    code = {f"R/{name}": (project / "workflow" / "R" / name).read_bytes() for name in ("load.R", "tables.R")}
    with zipfile.ZipFile(io.BytesIO(archive(data_package(PACKAGE, TABLES) | code))) as packed:
        packed.extractall(folder / "countback")
    return folder / "countback"


@pytest.fixture
def no_checkout(monkeypatch):
    monkeypatch.setattr(places, "CHECKOUT", Path("/nowhere"))
    monkeypatch.delenv(places.VARIABLE, raising=False)


def test_a_table_of_an_unzipped_package_has_the_names_types_and_texts_of_the_checkout(unzipped):
    years = countback.load("fact_years", unzipped)
    assert years["place"].tolist()[0] == "=A1"
    assert years.loc[0, "day"] == pd.Timestamp(2031, 2, 3)
    assert years.loc[0, "reports"] == 3_000_000_000 and pd.isna(years.loc[1, "reports"])
    assert years.attrs["route"] == "computed"
    assert years.attrs["units"] == {"reports": "count"}
    assert years.attrs["citation"] == "countback, version 3.1.0, table fact_years"
    assert countback.load("results/tables/fact_years.csv", unzipped).equals(years)


def test_a_name_that_facts_and_results_share_is_told_apart_by_its_place_in_a_package_too(unzipped):
    with pytest.raises(DataError, match=r"data/deep/facts\.csv or results/facts\.csv have this name"):
        countback.load("facts", unzipped)
    assert countback.load("data/deep/facts.csv", unzipped).attrs["route"] == "parsed"
    assert countback.tables(unzipped)[["name", "rows"]].values.tolist() == [
        ["facts", 2],
        ["releases", 1],
        ["facts", 2],
        ["fact_years", 2],
    ]


@pytest.mark.usefixtures("no_checkout")
def test_the_folder_is_that_of_the_variable_else_the_nearest_above_the_current_one(unzipped, monkeypatch, tmp_path):
    monkeypatch.chdir(unzipped / "data" / "deep")
    assert places.find_project() == unzipped
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(places.VARIABLE, str(unzipped))
    assert len(countback.load("fact_years")) == 2


@pytest.mark.usefixtures("no_checkout")
def test_a_data_package_of_others_above_the_current_folder_is_passed_by(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"name": "other", "resources": []}')
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=r"found 'no data in it or above'.*as the argument `project`.*COUNTBACK_DATA"):
        countback.load("facts")


@pytest.mark.parametrize("is_by_variable", [False, True])
def test_a_folder_without_data_is_refused_with_what_to_do(is_by_variable, monkeypatch, tmp_path):
    if is_by_variable:
        monkeypatch.setenv(places.VARIABLE, str(tmp_path))
    said = r"\(from COUNTBACK_DATA\)" if is_by_variable else ""
    with pytest.raises(DataError, match=f"{said}: found 'no data/datapackage.json and .* Unzip the data package and"):
        countback.load("facts", None if is_by_variable else tmp_path)


def test_an_archive_is_answered_with_to_unzip_it(tmp_path):
    (tmp_path / "countback.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"countback\.zip: found 'an archive'.* Unzip it, and name the folder"):
        countback.tables(tmp_path / "countback.zip")


def test_a_table_that_was_not_unzipped_is_named(unzipped, tmp_path):
    (tmp_path / "datapackage.json").write_bytes((unzipped / "datapackage.json").read_bytes())
    with pytest.raises(DataError, match=r"results/fact_years\.csv: found 'no file'.* Unzip the data package again"):
        countback.load("fact_years", tmp_path)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return the Python of an environment into which the library alone was installed, as a wheel, without a network."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--isolated", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-index"]
    build = [*pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", folder, copy_project(folder)]
    subprocess.run(build, check=True)
    (wheel,) = folder.glob("countback-*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", *offline, wheel], check=True)
    # what the library needs is taken from where the tests run
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    (site / "needed.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}))
    return python


def run(command, folder, variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COUNTBACK"))}
    return subprocess.run(command, cwd=folder, env=environment | variables, capture_output=True, text=True, check=False)


def ask(python, folder, code, **variables):
    return run([python, "-c", f"import countback; {code}"], folder, variables)


def test_an_installed_library_loads_from_an_unzipped_package_however_it_is_found(installed, unzipped, tmp_path):
    asked = "print(len(countback.load('fact_years'{})), countback.__file__)"
    for done in (
        ask(installed, tmp_path, asked.format(f", {str(unzipped)!r}")),
        ask(installed, tmp_path, asked.format(""), COUNTBACK_DATA=str(unzipped)),
        ask(installed, unzipped / "results", asked.format("")),
    ):
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("2 ") and "site-packages" in done.stdout


def test_an_installed_library_without_data_still_says_which_tables_there_are(installed, project, tmp_path):
    done = ask(installed, tmp_path, "print(*countback.tables()['where'], sep='\\n')")
    assert (
        done.stdout.split()
        == countback.tables(project)["where"].str.replace(r"(results/.*)\.parquet", r"\1.csv", regex=True).tolist()
    ), done.stderr
    done = ask(installed, tmp_path, "countback.load('esp_reports')")
    assert (
        "esp_reports.csv: found 'no file', expected a table. The library was installed without tables." in done.stderr
    )


def r(folder, code, **variables):
    return run(["Rscript", "--vanilla", "-e", code], folder, variables)


def test_r_loads_from_an_unzipped_package_by_the_file_that_lies_in_it(unzipped, project, tmp_path):
    asked = 'years <- load_table("fact_years"); cat(years$place[1], format(years$day[1]), years$reports[1])'
    apart = tmp_path / "code"
    apart.mkdir()
    for name in ("load.R", "tables.R"):
        (apart / name).write_bytes((project / "workflow" / "R" / name).read_bytes())
    for done in (
        r(tmp_path, f'source("{unzipped}/R/load.R"); {asked}'),
        r(tmp_path, f'source("{apart}/load.R"); {asked}', COUNTBACK_DATA=str(unzipped)),
        r(unzipped / "data" / "deep", f'source("{apart}/load.R"); {asked}'),
    ):
        assert done.stdout == "=A1 2031-02-03 3e+09", done.stderr
    done = r(tmp_path, f'source("{apart}/load.R"); load_table("fact_years")')
    assert "found no data in it or above" in done.stderr and "COUNTBACK_DATA" in done.stderr
    done = r(tmp_path, f'source("{apart}/load.R"); tables("{unzipped}")[, c("name", "rows")]')
    assert done.stdout.split()[-3:] == ["4", "fact_years", "2"], done.stderr
