"""Readers load any table by its name, and learn from it what it is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from builds import snakemake

import countback
from countback.io.errors import DataError

ROUTES = {"parsed", "transcribed", "reference", "ours"}


def field(name: str, kind: str, **more: str) -> dict[str, str]:
    return {"name": name, "type": kind, "title": name, "description": f"The {name}."} | more


SMALL = {
    "title": "A table",
    "description": "What it holds.",
    "schema": {
        "fields": [
            field("place", "string"),
            field("day", "date"),
            field("reports", "integer", unit="count"),
            field("is_new", "boolean"),
        ]
    },
}
CELLS = "place,day,reports,is_new\nNA,2023-12-31,3000000000,true\n007,,,\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    field_names = ["id", "publisher", "title", "url"]
    releases = {"schema": {"fields": [field(name, "string") for name in field_names]}}
    package = {
        "name": "small",
        "version": "3.1.0",
        "sources": [{"title": "All of it", "path": "https://example.org/"}],
        "resources": [
            SMALL | {"name": "facts", "path": "deep/facts.csv", "route": "parsed"},
            releases | {"name": "releases", "path": "releases.csv", "title": "Sources", "route": "ours"},
        ],
        "results": [SMALL | {"name": "fact_years"}],
    }
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps(package))
    (tmp_path / "data" / "deep" / "facts.csv").write_text(CELLS)
    (tmp_path / "data" / "checksums.json").write_text('{"deep/facts.csv": {"rows": 2}}')
    (tmp_path / "data" / "releases.csv").write_text("id,publisher,title,url\na-1,a,First,https://example.org/1\n")
    return tmp_path


def test_a_table_comes_with_the_types_of_its_schema_and_missing_cells_missing(checkout):
    facts = countback.load("facts", checkout)
    assert list(facts.dtypes.astype(str).str.replace(r"\[.*", "", regex=True)) == [
        "string",
        "datetime64",
        "Int64",
        "boolean",
    ]
    assert facts["place"].tolist() == ["NA", "007"]
    assert facts.loc[0, "day"] == pd.Timestamp(2023, 12, 31)
    assert facts.loc[0, "reports"] == 3_000_000_000
    assert facts.loc[1, ["day", "reports", "is_new"]].isna().all()


def test_a_table_brings_its_description_units_sources_and_how_to_cite_it(checkout):
    attrs = countback.load("facts", checkout).attrs
    assert attrs["description"] == "What it holds."
    assert attrs["units"] == {"reports": "count"}
    assert attrs["columns"]["day"] == "The day."
    assert attrs["sources"] == [{"title": "All of it", "path": "https://example.org/"}]
    assert attrs["citation"] == "small, version 3.1.0, table facts"
    assert attrs["route"] == "parsed"


def test_sources_are_the_releases_that_the_rows_name(project):
    sources = countback.load("cybertipline_reports", project).attrs["sources"]
    assert {"ncmec-ojjdp-2022", "ncmec-esp-2019"} <= {source["name"] for source in sources}
    own = [source for source in sources if source["name"].startswith("ncmec-")]
    assert all(source["path"].startswith("https://www.missingkids.org/") for source in own)
    assert {source["name"] for source in sources} - {source["name"] for source in own} == {
        "diaphanous-2025-esp-reports",
        "diaphanous-2025-reports-per-year",
    }
    first, *_ = countback.load("histories_meta", project).attrs["sources"]
    assert first["name"] == "meta-2021-q2"


def test_a_computed_table_is_loaded_by_its_name(checkout):
    (checkout / "results" / "tables").mkdir(parents=True)
    (checkout / "results" / "tables" / "fact_years.csv").write_text(CELLS)
    years = countback.load("fact_years", checkout)
    assert len(years) == len(countback.load("results/tables/fact_years.parquet", checkout)) == 2
    assert years.attrs["route"] == "computed"


def test_a_computed_table_that_is_missing_is_answered_with_the_command_that_makes_it(checkout):
    with pytest.raises(DataError, match=r"Make it: snakemake results/tables/fact_years\.csv --cores 2"):
        countback.load("fact_years", checkout)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("esp_repots", "such as esp_reports"),
        ("amazon", "disclosures_amazon"),
        ("", "expected the name of a table. countback"),
        ("zzz", "expected the name of a table. countback.tables() lists them all."),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_ones(project, asked, answered):
    with pytest.raises(DataError, match=re.escape(answered)):
        countback.load(asked, project)


def test_a_name_that_two_tables_share_is_refused_and_their_places_are_named(checkout):
    descriptor = checkout / "data" / "datapackage.json"
    descriptor.write_text(descriptor.read_text().replace("fact_years", "facts"))
    with pytest.raises(DataError, match=r"data/deep/facts\.csv or results/tables/facts\.csv have this name"):
        countback.load("facts", checkout)
    assert countback.load("data/deep/facts.csv", checkout).attrs["route"] == "parsed"
    assert countback.tables(checkout)["name"].tolist().count("facts") == 2


def test_tables_lists_what_there_is_and_leaves_rows_missing_where_nothing_is_computed(checkout):
    listed = countback.tables(checkout).set_index("name")
    assert listed.loc["facts"].tolist() == ["A table", 2, "data/deep/facts.csv", "parsed"]
    assert listed.loc["releases", "rows"] == 1
    assert pd.isna(listed.loc["fact_years", "rows"])
    assert listed.loc["fact_years", ["where", "route"]].tolist() == ["results/tables/fact_years.csv", "computed"]
    (checkout / "results" / "tables").mkdir(parents=True)
    (checkout / "results" / "tables" / "fact_years.csv").write_text(CELLS)
    assert countback.tables(checkout).set_index("name").loc["fact_years", "rows"] == 2


def test_every_table_of_the_project_loads_by_its_place(project):
    listed = countback.tables(project)
    assert listed["where"].is_unique
    for row in listed[listed["route"] != "computed"].itertuples():
        frame = countback.load(row.where, project)
        assert frame.attrs["name"] == row.name
        assert len(frame) == row.rows, row.name
        assert frame.attrs["description"] and frame.attrs["sources"], row.name


def test_every_table_states_its_route_and_those_that_ingest_makes_are_parsed(project):
    rules = (project / "workflow" / "rules" / "ingest.smk").read_text()
    made = {f"data/{path}" for path in re.findall(r'"results/ingest/([\w/]+\.\w+)"', rules)}
    listed = countback.tables(project)
    assert set(listed["route"]) <= ROUTES | {"computed"}
    assert set(listed.loc[listed["route"] == "parsed", "where"]) == made


def test_every_computed_table_has_a_command_that_makes_it(project):
    listed = countback.tables(project)
    files = listed.loc[listed["route"] == "computed", "where"].str.replace(".parquet", ".csv").tolist()
    run = snakemake(project, *files, "--dry-run", "--quiet")
    assert run.status == 0, run.output


def test_importing_the_library_loads_no_pandas_until_a_table_is_asked_for(project):
    code = (
        "import sys, countback; assert 'pandas' not in sys.modules; "
        "assert len(countback.tables()) > 30; assert 'pandas' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=project / "workflow", check=True)


def test_a_name_that_the_library_lacks_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
        _ = countback.nothing
