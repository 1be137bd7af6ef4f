"""Tables are read and written by the schema, and by nothing else."""

import json
from pathlib import Path

import pandas as pd
import pytest

from countback.io.errors import DataError
from countback.io.package import fields_of, schema_of
from countback.io.tables import read_table, to_csv, write_table

FIELDS = [
    {"name": "provider", "type": "string", "title": "Provider"},
    {"name": "year", "type": "year", "title": "Year"},
    {"name": "reports", "type": "integer", "title": "Reports", "unit": "count"},
    {"name": "share", "type": "number", "title": "Share", "unit": "share"},
    {"name": "is_derived", "type": "boolean", "title": "Derived"},
]


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    schema = {"fields": FIELDS, "primaryKey": ["provider", "year"], "missingValues": [""]}
    package = {"name": "small", "resources": [{"name": "small", "path": "small.csv", "schema": schema}]}
    package["results"] = [{"name": "result", "schema": schema}]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps(package))
    return tmp_path


def frame(**columns):
    rows = {
        "provider": ["a", "b"],
        "year": [2022, 2023],
        "reports": [1, None],
        "share": [0.5, None],
        "is_derived": [True, False],
    }
    return pd.DataFrame(rows | columns)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_what_is_written_is_read_back_with_types_and_missing_values(tables, suffix):
    file = tables / "results" / "tables" / f"result.{suffix}"
    write_table(frame(), file)
    read = read_table(file)
    assert list(read.dtypes.astype(str)) == ["string", "Int64", "Int64", "Float64", "boolean"]
    assert read["reports"].isna().tolist() == [False, True]
    assert read["is_derived"].tolist() == [True, False]


def test_an_empty_cell_stays_missing_and_the_text_na_stays_text(tables):
    file = tables / "data" / "small.csv"
    file.write_text("provider,year,reports,share,is_derived\nNA,2023,,,true\n")
    read = read_table(file)
    assert read.loc[0, "provider"] == "NA"
    assert pd.isna(read.loc[0, "reports"])


def test_csv_has_line_feeds_lower_case_booleans_and_no_index(tables):
    file = tables / "results" / "tables" / "result.csv"
    write_table(frame(), file)
    assert file.read_bytes() == b"provider,year,reports,share,is_derived\na,2022,1,0.5,true\nb,2023,,,false\n"


@pytest.mark.parametrize(
    ("columns", "named"),
    [({"extra": [1, 2]}, "extra"), ({"reports": ["12", "1,380"]}, "1,380")],
)
def test_columns_and_types_that_differ_from_the_schema_are_refused(tables, columns, named):
    with pytest.raises(DataError, match=named):
        write_table(frame(**columns), tables / "results" / "tables" / "result.csv")


def test_a_repeated_key_is_refused_before_anything_is_written(tables):
    file = tables / "results" / "tables" / "result.csv"
    with pytest.raises(DataError, match="one row per key"):
        write_table(frame(provider=["a", "a"], year=[2022, 2022]), file)
    assert not file.exists()


def test_a_character_that_a_locale_has_lost_is_refused_before_anything_is_written(tables):
    file = tables / "results" / "tables" / "result.csv"
    lost = ["a", "C<U+00F4>te d'Ivoire"]
    with pytest.raises(DataError, match=r"result\.csv, row 3, column provider: found .*<U\+00F4>.*UTF-8"):
        write_table(frame(provider=lost), file)
    assert not file.exists()


def test_a_table_that_the_package_does_not_describe_is_refused(tables):
    with pytest.raises(DataError, match="Describe it"):
        fields_of(tables / "results" / "tables" / "unknown.csv")


def test_a_missing_column_in_a_file_is_named(tables):
    file = tables / "data" / "small.csv"
    file.write_text("provider,year,share,is_derived\na,2023,0.5,true\n")
    with pytest.raises(DataError, match="reports"):
        read_table(file)


def test_an_empty_file_is_not_an_empty_table(tables):
    (tables / "data" / "small.csv").write_text("")
    with pytest.raises(DataError, match="no content"):
        read_table(tables / "data" / "small.csv")


def test_a_failed_write_leaves_the_old_file(tables):
    file = tables / "results" / "tables" / "result.csv"
    write_table(frame(), file)
    before = file.read_bytes()
    with pytest.raises(DataError):
        write_table(frame(reports=["x", "y"]), file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["result.csv"]


def test_every_table_of_the_project_has_fields_with_descriptions(project):
    package = json.loads((project / "data" / "datapackage.json").read_text())
    paths = [project / "data" / resource["path"] for resource in package["resources"]]
    paths += [project / "results" / "tables" / f"{result['name']}.csv" for result in package["results"]]
    assert len(paths) > 30
    for path in paths:
        assert all(field["description"] and field["title"] for field in schema_of(path)["fields"]), path


def test_the_same_field_has_the_same_type_and_unit_in_every_table(project):
    package = json.loads((project / "data" / "datapackage.json").read_text())
    types: dict[str, set[str]] = {}
    units: dict[str, set[str]] = {}
    for entry in package["resources"] + package["results"]:
        schema = entry["schema"]
        schema = json.loads((project / "data" / schema).read_text()) if isinstance(schema, str) else schema
        for field in schema["fields"]:
            types.setdefault(field["name"], set()).add(field["type"])
            # numbers without a unit of their own have that of their row: the codebook's check sees to it
            units.setdefault(field["name"], set()).update({field["unit"]} if "unit" in field else {})
    assert len(types) > 60
    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {}
    assert {name: kinds for name, kinds in units.items() if len(kinds) > 1} == {}


def test_numbers_are_written_as_short_as_they_are():
    numbers = pd.Series([5.0, 97.3, None, 0.0, 25200000.0, 0.1 + 0.2], dtype="Float64")
    frame = pd.DataFrame({"value": numbers, "whole": pd.array([1, 2, None, 4, 5, 6], dtype="Int64")})
    assert to_csv(frame) == "value,whole\n5,1\n97.3,2\n,\n0,4\n25200000,5\n0.30000000000000004,6\n"
