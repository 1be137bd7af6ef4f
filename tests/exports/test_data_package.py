"""The archive is the same for the same data, sound on its own, and safe to open in a spreadsheet."""

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from exports_of import FACTS, PACKAGE, TABLES
from frictionless import Package, system
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv

from countback.io.package import load_package
from countback.io.tables import escape_formulas, read_table, unescape_formulas
from scripts.exports.data_package import archive, data_package, table_files


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
    folder = unpacked(archive(data_package(PACKAGE, TABLES)), tmp_path)
    assert faults(folder / "datapackage.json") == []
    resources = json.loads((folder / "datapackage.json").read_text())["resources"]
    assert [entry["name"] for entry in resources] == ["facts", "results_facts"]
    for entry in resources:
        frame = pd.read_parquet(folder / entry["parquet"])
        pd.testing.assert_frame_equal(frame, FACTS)
        assert (folder / entry["path"]).read_text().splitlines()[1:] == ["2031,'=HYPERLINK(1),-7,true", "2032,,,"]


def test_a_changed_cell_makes_the_unpacked_package_invalid(tmp_path):
    folder = unpacked(archive(data_package(PACKAGE, TABLES)), tmp_path)
    file = folder / "data" / "some" / "facts.csv"
    file.write_text(file.read_text().replace("-7", "-8"))
    assert faults(folder / "datapackage.json") != []


def test_the_same_files_make_the_same_bytes_in_whatever_order_they_come():
    files = data_package(PACKAGE, TABLES)
    packed = archive(files)
    assert archive(dict(reversed(data_package(PACKAGE, TABLES).items()))) == packed
    with zipfile.ZipFile(io.BytesIO(packed)) as content:
        assert {entry.date_time for entry in content.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert content.namelist() == sorted(content.namelist())


def is_number(text):
    return re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", text) is not None


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text("=+-@＝＋－＠'\t\r\na1 ", max_size=6)), min_size=1))
def test_no_text_of_a_csv_is_a_formula_and_the_text_can_be_had_back(texts):
    frame = pd.DataFrame({"printed": pd.array(texts, dtype="string")})
    escaped = escape_formulas(frame)
    assert not [
        text
        for text in escaped["printed"].dropna()
        if len(text) > 1 and text[0] in "=+-@＝＋－＠\t\r\n" and not is_number(text)
    ]
    pd.testing.assert_frame_equal(unescape_formulas(escaped), frame)


def test_numbers_and_dashes_are_left_as_they_are_and_parquet_has_the_exact_text():
    frame = pd.DataFrame({"printed": ["-", "-41249", "+1-2"], "change": [-1.5, 2.0, 3.0]}).astype({"printed": "string"})
    csv, parquet = table_files(frame)
    assert csv.decode().splitlines() == ["printed,change", "-,-1.5", "-41249,2.0", "'+1-2,3.0"]
    assert pd.read_parquet(io.BytesIO(parquet))["printed"].tolist() == ["-", "-41249", "+1-2"]


def test_a_column_of_dates_has_that_type_in_parquet_also_where_none_is_known():
    frame = pd.DataFrame({"day": ["2031-02-28", None], "none": [None, None]}, dtype="string")
    _, parquet = table_files(frame, ["day", "none"])
    assert [field.type for field in pq.read_schema(io.BytesIO(parquet))] == [pa.date32()] * 2
    assert pd.read_parquet(io.BytesIO(parquet))["day"].tolist() == [date(2031, 2, 28), pd.NA]


def test_the_plain_command_of_frictionless_checks_the_tables_in_the_archive(tmp_path):
    good, bad = archive(data_package(PACKAGE, TABLES)), data_package(PACKAGE, TABLES)
    bad["data/some/facts.csv"] = bad["data/some/facts.csv"].replace(b"-7", b"x")
    for content, is_valid in ((good, True), (archive(bad), False)):
        (tmp_path / "tiny.zip").write_bytes(content)
        command = [sys.executable, "-m", "frictionless", "validate", "tiny.zip", "--json"]
        said = json.loads(subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout)
        assert said["valid"] is is_valid
        assert said["stats"]["tasks"] == 2


@pytest.fixture(scope="module")
def committed(project):
    """Return the descriptor of `data/` without computed tables, and its tables."""
    package = load_package(project / "data" / "datapackage.json")
    tables = {entry["path"]: read_table(project / "data" / entry["path"]) for entry in package["resources"]}
    return {**package, "results": []}, tables


@pytest.fixture(scope="module")
def packed(committed):
    """Return the files of the package of `data/`, which no test changes."""
    return data_package(*committed)


def test_the_tables_of_facts_are_valid_to_others_too(packed, tmp_path):
    folder = unpacked(archive(packed), tmp_path)
    # forty thousand rows take a minute
    assert faults(folder / "datapackage.json", left_out=["histories_tiktok"]) == []


IN_PARQUET = {"integer": pa.int64(), "year": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()} | {
    "date": pa.date32(),
    "string": pa.large_string(),
}


def test_every_column_of_parquet_has_the_type_of_its_schema(committed, packed):
    for entry in committed[0]["resources"]:
        schema = pq.read_schema(io.BytesIO(packed[f"data/{entry['path'].rsplit('.', 1)[0]}.parquet"]))
        types = dict(zip(schema.names, schema.types, strict=True))
        assert types == {field["name"]: IN_PARQUET[field["type"]] for field in entry["schema"]["fields"]}, entry["name"]


def test_a_reader_that_infers_the_types_of_a_whole_csv_finds_the_numbers_and_the_missing_cells_of_parquet(packed):
    """What polars and DuckDB do by the lines of the package's README; each would add 70 MB or more to the tests."""
    whole = csv.ConvertOptions(null_values=[""], strings_can_be_null=True)
    names = [name.removesuffix(".csv") for name in packed if name.endswith(".csv")]
    assert len(names) > 50
    for name in names:
        content = packed[f"{name}.csv"]
        inferred = csv.read_csv(io.BytesIO(content), csv.ReadOptions(block_size=len(content)), convert_options=whole)
        parquet = pq.read_table(io.BytesIO(packed[f"{name}.parquet"]))
        assert inferred.column_names == parquet.column_names
        for column in parquet.column_names:
            found, exact = inferred[column], parquet[column]
            assert found.is_null().equals(exact.is_null()), (name, column)
            if exact.type in (pa.int64(), pa.float64(), pa.bool_()) and exact.null_count < len(exact):
                assert found.cast(exact.type).equals(exact), (name, column)


def test_the_tables_of_facts_read_from_csv_are_those_of_data(committed, packed):
    files, tables = packed, committed[1]
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
        parquet = pd.read_parquet(io.BytesIO(files[f"{stem}.parquet"]))
        dates = [name for name, kind in parquet.dtypes.items() if isinstance(kind, pd.ArrowDtype)]
        pd.testing.assert_frame_equal(parquet.astype(dict.fromkeys(dates, "string")), frame)


def test_the_lines_of_the_readme_read_na_as_text_and_empty_cells_as_missing(project, tmp_path):
    readme = (project / "data" / "package-readme.md").read_text()
    (tmp_path / "table.csv").write_text("code,share\nNA,1\nN/A,2.5\n,\n")
    lines = dict(re.findall(r"^\| (pandas|R|DuckDB|polars) \| `(.+)` \|$", readme, re.MULTILINE))
    assert set(lines) == {"pandas", "R", "DuckDB", "polars"}
    python = f"import pandas as pd; frame = {lines['pandas']}; print(*frame['code'].fillna('missing'), *frame['share'])"
    r = f"frame <- {lines['R']}; cat(ifelse(is.na(frame$code), 'missing', frame$code), frame$share)"
    for command in ([sys.executable, "-c", python], ["Rscript", "--vanilla", "-e", r]):
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()
        assert said[:3] == ["NA", "N/A", "missing"]
        assert [float(share) for share in said[3:5]] == [1, 2.5]
