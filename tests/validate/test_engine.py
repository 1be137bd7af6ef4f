"""One engine checks tables: what is written in a cell, what it means, and the package that describes both."""

import json
import re

import pandas as pd
import pytest

from countback.checks.descriptor import package_faults
from countback.checks.schemas import load_table, reference_faults
from countback.io.errors import CountbackError, DataError

FIELDS = [
    {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "^[a-z]{1,3}$"}},
    {"name": "year", "type": "year"},
    {"name": "n", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "share", "type": "number", "constraints": {"maximum": 1}},
    {"name": "is_public", "type": "boolean"},
    {"name": "day", "type": "date"},
]
SCHEMA = {"fields": FIELDS, "missingValues": [""], "primaryKey": "id"}
HEADER = "id,year,n,share,is_public,day\n"
ROW = {"id": "a", "year": "2023", "n": "5", "share": "0.5", "is_public": "true", "day": "2023-12-31"}


def written(**cells):
    return ",".join((ROW | cells).values()) + "\n"


def faults(tmp_path, content, schema=SCHEMA):
    file = tmp_path / "a.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        return [str(error) for error in load_table(file, schema, "data/a.csv")[1]]
    except CountbackError as error:
        return [str(each) for each in getattr(error, "errors", [error])]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        *[("is_public", cell) for cell in ("TRUE", "True", "1", "0", "yes", "T", " true")],
        *[("n", cell) for cell in ("3_0", "31 281", "5.0", "+5", "007", "9223372036854775808", "９", "٣", "1e3", "-1")],
        *[("n", "9" * 5000), ("share", "9" * 400), ("share", "0." + "1" * 400)],
        *[("share", cell) for cell in ("NaN", "nan", "inf", "-inf", "1e308", ".5", "5%", "0x1", "½", "1_0.5", "2")],
        *[("year", cell) for cell in ("1899", "2999", "0999", "99", "２０２３", "2023.0")],
        *[("day", cell) for cell in ("2023-02-30", "31.12.2023", "1899-12-31", "2023-1-1", "20231231")],
        *[("id", cell) for cell in ("A", "abcd", "a\u200b", "a\u2028", "a\x0b", " ", "\ufeffa", "a\n")],
    ],
)
def test_a_cell_is_read_in_one_way_or_refused_as_it_is_written(tmp_path, column, cell):
    quoted = f'"{cell}"' if "\n" in cell else cell
    (message,) = faults(tmp_path, HEADER + written(id="b") + written(**{column: quoted}))
    assert message.startswith(f"data/a.csv, row 3, column {column}: found {cell!r}, expected ")


@pytest.mark.parametrize("cell", ["9007199254740992", "9007199254740993", "9007199254740991.6"])
def test_a_number_that_a_float_does_not_hold_is_refused(tmp_path, cell):
    schema = {"fields": [{"name": "value", "type": "number"}], "missingValues": [""]}
    assert "found" in faults(tmp_path, f"value\n{cell}\n", schema)[0]
    assert faults(tmp_path, "value\n9007199254740991\n", schema) == []


def test_a_carriage_return_alone_ends_no_line(tmp_path):
    (message,) = faults(tmp_path, HEADER + written() + written(id="b").replace("\n", "\r") + written(id="c"))
    assert message.startswith("data/a.csv, row 3: found 'a carriage return alone'")
    assert faults(tmp_path, (HEADER + written()).replace("\n", "\r\n")) == []


def test_cells_that_every_reader_takes_alike_pass(tmp_path):
    small = written(id="b", n="0", share="9e-05", is_public="false")
    assert faults(tmp_path, HEADER + written() + small + "c,,,,,\n") == []


def test_all_faults_of_a_table_are_told_at_once_each_with_what_to_do(tmp_path):
    rows = [written(is_public="TRUE"), "b,2023\n", "\n", written(id="", n="x"), written()[:-1] + ",more\n", written()]
    found = faults(tmp_path, HEADER + "".join(rows))
    assert found == [
        "data/a.csv, row 4: found 'a blank row', expected no blank rows. Remove the row.",
        "data/a.csv, row 3: found '2 cells', expected 6 cells. Complete the row: the file may be truncated.",
        "data/a.csv, row 6: found '7 cells', expected 6 cells. Quote cells that hold commas.",
        "data/a.csv, row 5, column id: found '', expected a value. Correct the value, or the table's schema.",
        "data/a.csv, row 5, column n: found 'x', expected a whole number in plain digits, at most "
        "9,007,199,254,740,991. Write it as the schema says: no separators, no units, a point for decimals.",
        "data/a.csv, row 2, column is_public: found 'TRUE', expected true or false. Write it in small letters.",
        "data/a.csv, row 7: found 'id=a', expected one row per key. Drop or correct one of the rows.",
    ]


def test_a_column_that_is_at_fault_throughout_is_told_by_its_first_rows_and_their_number(tmp_path):
    rows = "".join(written(id=f"{first}{second}", n="x") for first in "abcdef" for second in "abcdef")
    found = faults(tmp_path, HEADER + rows)
    assert len(found) == 21
    assert found[-1].startswith("data/a.csv, column n: found '16 more rows like these'")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("id,year,n,share,day,is_public", "row 1: found 'id,year,n,share,day,is_public', expected id,year,n,share,is"),
        ("id,year,n,share,is_public", "row 1, column day: found 'no such column', expected the columns of the schema"),
        ("id,year,n,share,is_public,day,id", "row 1, column id: found 'it twice'"),
        ("id,year,n,share,is_public,day,x", "row 1, column x: found 'x', expected the columns of the schema. Remove"),
        ("id;year;n;share;is_public;day", "row 1: found 'id;year;n;share;is_public;day', expected id,year,n"),
    ],
)
def test_a_header_is_that_of_the_schema(tmp_path, header, message):
    (found,) = faults(tmp_path, f"{header}\n{written()}")
    assert message in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "found 'an empty file', expected a header"),
        (HEADER.encode()[:-1], "row 1: found 'no line end'"),
        ((HEADER + written() * 2).encode()[:-1], "row 3: found 'no line end'"),
        (b"\xef\xbb\xbf" + (HEADER + written()).encode(), "row 1: found 'a byte order mark'"),
        ((HEADER + written()).encode("utf-16"), "row 1: found 'the byte 0xff', expected UTF-8"),
        ((HEADER + written() + written(id="\xe9")).encode("latin-1"), "row 3: found 'the byte 0xe9', expected UTF-8"),
        ((HEADER + written(id='"a')).encode(), "row 2: found 'unexpected end of data'"),
        ((HEADER + written(id='"a"b')).encode(), "row 2: found "),
    ],
)
def test_a_file_that_is_no_table_is_refused_where_it_breaks(tmp_path, content, message):
    (found,) = faults(tmp_path, content)
    assert message in found


def test_a_quoted_cell_of_many_kilobytes_is_read(tmp_path):
    schema = {"fields": [{"name": "boundary", "type": "string"}]}
    assert faults(tmp_path, "boundary\n" + "1 2 " * 100_000 + "3\n", schema) == []


def test_a_value_that_only_one_row_may_have_is_found_in_another(tmp_path):
    schema = {"fields": [{"name": "code", "type": "string", "constraints": {"unique": True}}]}
    (found,) = faults(tmp_path, 'code\nx\n""\n""\nx\n', schema)
    assert "row 5, column code: found 'x', expected a value that no row before has" in found


def test_a_parquet_table_is_held_to_the_same_limits(tmp_path):
    frame = pd.DataFrame(
        {"id": ["a", "a", "\u202e", "d"], "year": [2023, 1899, 2023, 2023], "n": [1, -1, 1, 2**60], "share": [0.5] * 4}
    ).assign(is_public=True, day=["2023-12-31", "2023-02-30", None, None])
    frame.loc[3, "share"] = float("inf")
    frame.to_parquet(tmp_path / "a.parquet")
    _, found = load_table(tmp_path / "a.parquet", SCHEMA, "data/a.parquet")
    places = [re.sub(", expected.*", "", str(error)) for error in found]
    assert places == [
        "data/a.parquet, row 4, column id: found '\\u202e'",
        "data/a.parquet, row 3, column year: found 1899",
        "data/a.parquet, row 3, column n: found -1",
        "data/a.parquet, row 5, column n: found 1152921504606846976",
        "data/a.parquet, row 5, column share: found inf",
        "data/a.parquet, row 3, column day: found '2023-02-30'",
        "data/a.parquet, row 3: found 'id=a'",
    ]


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "a.parquet").write_text("id\n")
    for name in ("a", "b"):
        with pytest.raises(DataError, match="expected a Parquet file"):
            load_table(tmp_path / f"{name}.parquet", SCHEMA, f"data/{name}.parquet")


def test_a_reference_of_one_or_several_columns_finds_its_row_in_the_other_table_or_its_own():
    places = pd.DataFrame({"year": [2022, 2023, None], "place": ["a", "b", None], "above": ["b", "c", None]})
    others = pd.DataFrame({"year": [2022, 2022], "place": ["a", "b"]})
    both = {"fields": ["year", "place"], "reference": {"resource": "others", "fields": ["year", "place"]}}
    own = {"fields": "above", "reference": {"resource": "", "fields": "place"}}
    found = [
        str(error) for error in reference_faults(places, {"foreignKeys": [both, own]}, "a.csv", {"others": others})
    ]
    assert len(found) == 2
    assert found[0].startswith("a.csv, row 3, column year, place: found '2023.0, b', expected a value of the table")
    assert found[1].startswith("a.csv, row 3, column above: found 'c', expected a value of the table referred to, this")


@pytest.fixture
def package(tmp_path):
    """Return a function that writes a package of one table with changes, and returns its faults."""

    def write(described=SCHEMA, **changes):
        entry = {"name": "a", "path": "a.csv", "format": "csv", "schema": "a.json"} | changes
        (tmp_path / "checksums.json").write_text('{"a.csv": {"rows": 1}}')
        (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [entry]}))
        content = described if isinstance(described, bytes) else json.dumps(described).encode()
        (tmp_path / "a.json").write_bytes(content)
        return "\n".join(map(str, package_faults(tmp_path)))

    return write


def field(**changes):
    return {"fields": [{"name": "a", "type": "string"} | changes]}


def test_a_sound_package_passes_whether_its_schema_is_in_a_file_or_in_place(package):
    assert package() == ""
    assert package(schema=SCHEMA | {"foreignKeys": []}) == ""


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (b"", "expected a JSON file"),
        (b"\xef\xbb\xbf{}", "expected a JSON file"),
        (b"\xff\xfe", "expected a JSON file"),
        (json.dumps(SCHEMA).encode()[:40], "expected a JSON file"),
        (b"[" * 100_000, "expected a JSON file"),
        (b"[]", "found 'list', expected a JSON object"),
        (b"null", "expected a JSON object"),
        ({}, "'fields' is a required property"),
        ({"fields": []}, "data/a.json, fields: found"),
        ({"fields": [{"type": "string"}]}, "data/a.json, fields 0: found \"'name' is a required property\""),
        (field(type="money"), "data/a.json, fields 0 type: found"),
        (field(constraints={"maxLength": 5}), "data/a.json, fields 0 constraints: found"),
        (field(constraints={"pattern": "("}), "data/a.json, fields 0 constraints pattern: found"),
        (field(constraints={"minimum": 5}), "data/a.json, fields 0 constraints: found"),
        (field(type="integer", constraints={"pattern": "5"}), "data/a.json, fields 0 constraints: found"),
        (field() | {"primaryKey": ["a", "b"]}, "data/a.json, primaryKey: found 'a, b of a', expected columns"),
        (
            field() | {"foreignKeys": [{"fields": "a", "reference": {"resource": "b", "fields": "c"}}]},
            "data/a.json, foreignKeys: found 'c of b', expected columns of a table",
        ),
    ],
)
def test_a_schema_that_cannot_be_checked_by_is_refused_with_its_place(package, schema, message):
    assert message in package(schema).replace("\\'", "'")


@pytest.mark.parametrize("path", ["../../../../../etc/passwd", "/etc/passwd", "sub/../../a.csv", "a\0.csv"])
@pytest.mark.parametrize("kind", ["path", "schema"])
def test_a_path_that_leaves_the_data_is_refused_unread(package, kind, path):
    found = package(**{kind: path})
    assert f"resource a, column {kind}: found {path!r}, expected a path inside data/" in found
    assert "root:" not in found


def test_links_in_a_circle_are_refused(package, tmp_path):
    (tmp_path / "a.csv").symlink_to("a.csv")
    assert "resource a, column path: found 'a.csv', expected a path inside data/" in package()


def test_a_link_that_leaves_the_data_is_refused(package, tmp_path, tmp_path_factory):
    (tmp_path / "a.csv").symlink_to(tmp_path_factory.mktemp("elsewhere") / "a.csv")
    assert "expected a path inside data/" in package()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"path": None}, "data/datapackage.json, resources 0 path: found"),
        ({"format": "xlsx"}, "data/datapackage.json, resources 0 format: found"),
        ({"schema": 5}, "data/datapackage.json, resources 0 schema: found"),
    ],
)
def test_a_descriptor_that_is_not_one_is_refused_with_its_place(package, changes, message):
    assert message in package(**changes)


def test_a_long_descriptor_is_not_printed_as_a_whole(package):
    assert len(package({"fields": "x" * 100_000})) < 1000
