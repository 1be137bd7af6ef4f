"""The workbook opens as a reader expects: types, frozen heads, a sheet that explains all, the same bytes each time."""

import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from countback.io.tables import typed
from scripts.exports.workbook import README, chosen, workbook

FIELDS = [
    {"name": "place", "type": "string", "description": "Where."},
    {"name": "year", "type": "year", "description": "When."},
    {"name": "share", "type": "number", "description": "How much.", "unit": "share"},
    {"name": "is_known", "type": "boolean", "description": "Whether it is known."},
]
PACKAGE = {
    "title": "Counts", "description": "Made up.", "version": "1.2.3",
    "licenses": [{"title": "CC BY 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "contributors": [{"title": "Ada"}],
    "sources": [{"title": "A page", "path": "https://page.eu"}],
    "resources": [
        {"name": "sources", "path": "sources.csv", "title": "Sources", "description": "Them.", "sheet": "Sources",
         "schema": {"fields": FIELDS[:1]}},
        {"name": "left", "path": "left.csv", "title": "Left", "description": "Out.", "schema": {"fields": FIELDS[:1]}},
    ],
    "results": [
        {"name": "places", "title": "Places", "description": "All of them.", "sheet": "By place",
         "schema": {"fields": FIELDS}},
    ],
}  # fmt: skip
PLACES = pd.DataFrame(
    {"place": ["Côte d'Ivoire", "=1+1"], "year": [2031, None], "share": [0.25, None], "is_known": [True, None]}
)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    places = typed(PLACES, {field["name"]: field for field in FIELDS}, tmp_path_factory.mktemp("x") / "places.csv")
    frames = {"results/tables/places.csv": places, "data/sources.csv": pd.DataFrame({"place": ["here"]})}
    return workbook(PACKAGE, frames, "Ada (2031). Counts.")


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_only_tables_that_name_a_sheet_get_one_computed_ones_first(book):
    assert [one["name"] for _, one in chosen(PACKAGE)] == ["places", "sources"]
    assert book.sheetnames == [README, "By place", "Sources"]


def test_cells_have_their_types_and_what_is_missing_is_empty(book):
    head, first, second = book["By place"].iter_rows(values_only=True)
    assert head == ("place", "year", "share", "is_known")
    assert first == ("Côte d'Ivoire", 2031, 0.25, True)
    assert [type(one) for one in first] == [str, int, float, bool]
    assert second == ("=1+1", None, None, None)
    assert book["By place"]["A3"].data_type == "s"  # no formula


def test_heads_stay_in_sight_and_filter_the_rows(book):
    sheet = book["By place"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D3"
    assert sheet["A1"].font.bold


def test_the_first_sheet_explains_sheets_columns_sources_and_terms(book):
    rows = [tuple(cell for cell in row if cell is not None) for row in book[README].iter_rows(values_only=True)]
    for row in (
        ("Counts",),
        ("Version 1.2.3",),
        ("How to cite: Ada (2031). Counts.",),
        ("By place", "Places", "All of them.", 2, "results/tables/places.csv"),
        ("By place", "share", "How much.", "share", "number"),
        ("A page", "https://page.eu"),
    ):
        assert row in rows
    assert any(row and str(row[0]).startswith("Terms: CC BY 4.0") for row in rows)


def test_it_bears_no_date_of_the_day_so_that_same_data_give_same_bytes(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
