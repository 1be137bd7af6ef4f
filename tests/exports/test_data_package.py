"""The archive is the same for the same data, sound on its own, and safe to open in a spreadsheet."""

import io
import json
import zipfile

import pandas as pd
import pytest
from frictionless import Package, system
from hypothesis import given
from hypothesis import strategies as st

from countback.io.package import load_package
from countback.io.tables import read_table
from scripts.exports.data_package import archive, data_package, escape_formulas, table_files, unescape_formulas

FIELDS = [
    {"name": "year", "type": "year", "constraints": {"required": True}},
    {"name": "printed", "type": "string"},
    {"name": "reports", "type": "integer", "unit": "count"},
    {"name": "is_redundant", "type": "boolean"},
]
SCHEMA = {"fields": FIELDS, "missingValues": [""], "primaryKey": "year"}
PACKAGE = {
    "name": "tiny",
    "version": "1",
    "resources": [{"name": "facts", "path": "some/facts.csv", "title": "Facts", "schema": SCHEMA, "bytes": 1}],
    "results": [{"name": "facts", "title": "Facts, corrected", "schema": SCHEMA}],
}
FACTS = pd.DataFrame(
    {"year": [2031, 2032], "printed": ["=HYPERLINK(1)", None], "reports": [-7, None], "is_redundant": [True, None]}
).astype({"year": "Int64", "printed": "string", "reports": "Int64", "is_redundant": "boolean"})
TABLES = {"some/facts.csv": FACTS, "results/facts": FACTS}


def unpacked(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        file.extractall(folder)
    return folder


def faults(descriptor, left_out=()):
    with system.use_context(trusted=True):
        package = Package(str(descriptor))
        for name in left_out:
            package.remove_resource(name)
        report = package.validate()
    return [error.message for error in [*report.errors, *(error for task in report.tasks for error in task.errors)]]


def test_the_unpacked_package_is_valid_and_holds_every_table_twice(tmp_path):
    folder = unpacked(archive(data_package(PACKAGE, TABLES), "tiny"), tmp_path) / "tiny"
    assert faults(folder / "datapackage.json") == []
    resources = json.loads((folder / "datapackage.json").read_text())["resources"]
    assert [entry["name"] for entry in resources] == ["facts", "results_facts"]
    for entry in resources:
        frame = pd.read_parquet(folder / entry["parquet"])
        pd.testing.assert_frame_equal(frame, FACTS)
        assert (folder / entry["path"]).read_text().splitlines()[1:] == ["2031,'=HYPERLINK(1),-7,true", "2032,,,"]


def test_a_changed_cell_makes_the_unpacked_package_invalid(tmp_path):
    folder = unpacked(archive(data_package(PACKAGE, TABLES), "tiny"), tmp_path) / "tiny"
    file = folder / "data" / "some" / "facts.csv"
    file.write_text(file.read_text().replace("-7", "-8"))
    assert faults(folder / "datapackage.json") != []


def test_the_same_files_make_the_same_bytes_in_whatever_order_they_come():
    files = data_package(PACKAGE, TABLES)
    packed = archive(files, "tiny")
    assert archive(dict(reversed(data_package(PACKAGE, TABLES).items())), "tiny") == packed
    with zipfile.ZipFile(io.BytesIO(packed)) as content:
        assert {entry.date_time for entry in content.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert content.namelist() == sorted(content.namelist())


@given(st.lists(st.one_of(st.none(), st.text("=+-@＝＋－＠'\t\r\na1 ", max_size=6)), min_size=1))
def test_no_text_of_a_csv_is_a_formula_and_the_text_can_be_had_back(texts):
    frame = pd.DataFrame({"printed": pd.array(texts, dtype="string")})
    escaped = escape_formulas(frame)
    assert not [text for text in escaped["printed"].dropna() if len(text) > 1 and text[0] in "=+-@＝＋－＠\t\r\n"]
    pd.testing.assert_frame_equal(unescape_formulas(escaped), frame)


def test_numbers_and_dashes_are_left_as_they_are_and_parquet_has_the_exact_text():
    frame = pd.DataFrame({"printed": ["-", "+1"], "change": [-1.5, 2.0]}).astype({"printed": "string"})
    csv, parquet = table_files(frame)
    assert csv.decode().splitlines() == ["printed,change", "-,-1.5", "'+1,2.0"]
    assert pd.read_parquet(io.BytesIO(parquet))["printed"].tolist() == ["-", "+1"]


@pytest.fixture(scope="module")
def committed(project):
    """Return the descriptor of `data/` without computed tables, and its tables."""
    package = load_package(project / "data" / "datapackage.json")
    tables = {entry["path"]: read_table(project / "data" / entry["path"]) for entry in package["resources"]}
    return {**package, "results": []}, tables


def test_the_tables_of_facts_are_valid_to_others_too(committed, tmp_path):
    folder = unpacked(archive(data_package(*committed), "facts"), tmp_path) / "facts"
    # forty thousand rows take a minute
    assert faults(folder / "datapackage.json", left_out=["histories_tiktok"]) == []


def test_the_tables_of_facts_read_from_csv_are_those_of_data(committed):
    package, tables = committed
    files = data_package(package, tables)
    assert len(files) == 2 * len(tables) + 1
    for path, frame in tables.items():
        stem = f"data/{path.rsplit('.', 1)[0]}"
        dtypes = {name: "string" if kind == "string" else kind for name, kind in frame.dtypes.astype(str).items()}
        read = pd.read_csv(
            io.BytesIO(files[f"{stem}.csv"]),
            dtype=dtypes,
            keep_default_na=False,
            na_values=[""],
            true_values=["true"],
            false_values=["false"],
        )
        pd.testing.assert_frame_equal(unescape_formulas(read), frame)
        pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(files[f"{stem}.parquet"])), frame)
