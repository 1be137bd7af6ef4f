"""What others take away is made by one command, and is sound on its own."""

import csv
import io
import json
import zipfile

import pandas as pd
import pytest
from builds import copy_built, snakemake
from crates import damaged, musts
from frictionless import Package, system
from rocrate.rocrate import ROCrate

import countback
from countback.metadata.crate import METADATA


@pytest.fixture(scope="module")
def exports(built, tmp_path_factory):
    project = copy_built(built, tmp_path_factory.mktemp("exports"))
    run = snakemake(project, "exports")
    assert run.status == 0, run.output
    return project / "exports"


@pytest.fixture(scope="module")
def unpacked(exports, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(exports / "countback.zip") as content:
        content.extractall(folder)
    return folder


def test_the_unpacked_data_package_is_valid_with_facts_and_computed_tables(unpacked, project):
    described = json.loads((project / "data" / "datapackage.json").read_text())
    with system.use_context(trusted=True):
        package = Package(str(unpacked / "datapackage.json"))
        assert len(package.resources) == len(described["resources"]) + len(described["results"])
        report = package.validate()
    assert [
        error.message for error in [*report.errors, *(error for task in report.tasks for error in task.errors)]
    ] == []


def test_the_data_package_holds_codebook_terms_changes_and_corrections(unpacked, project):
    assert "## Names of columns" in (unpacked / "codebook.md").read_text()
    assert "Attribution 4.0 International" in (unpacked / "LICENSE.txt").read_text()
    for name, place in {"CHANGELOG.md": "CHANGELOG.md", "corrections.yml": "data/corrections.yml"}.items():
        assert (unpacked / name).read_bytes() == (project / place).read_bytes()
    kept = ("README.md", "CITATION.cff", "data/releases.parquet", "croissant.json", "R/load.R")
    assert all((unpacked / name).exists() for name in kept)


def test_every_table_loads_from_the_unpacked_package_as_from_the_checkout(unpacked, built):
    listed = countback.tables(built)
    assert len(listed) == len(countback.tables(unpacked))
    for place in listed["where"]:
        pd.testing.assert_frame_equal(countback.load(place, unpacked), countback.load(place, built), check_like=False)


def test_the_published_structure_and_views_stand_beside_it(exports):
    platforms = json.loads((exports / "ocse-reports-per-platform.json").read_text())
    assert platforms["GitHub"]["columns"] == ["accounts", "reports"]
    views = {
        "comparable-reports-by-provider": "year observer count topic",
        "comparable-reports": "id year observer count",
    }
    for name, head in views.items():
        rows = list(csv.reader(io.StringIO((exports / f"{name}.csv").read_text())))
        assert rows[0] == head.split()
        assert len(rows) > 50


def test_the_record_of_this_build_is_a_sound_crate_that_names_every_source(built):
    crate = ROCrate(built / "exports" / "countback-crate.zip")
    with zipfile.ZipFile(built / "exports" / "countback-crate.zip") as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert list(musts(json.loads(files[METADATA]))) == []
    assert damaged(crate, files) == set()
    releases = (built / "data" / "releases.csv").read_text().splitlines()[1:]
    sources = {one.id for one in crate.dereference("#build")["object"] if one.id.startswith("#source-")}
    assert sources == {f"#source-{line.partition(',')[0]}" for line in releases}
    pairs = {one.id for one in crate.dereference("results/provider_pairs.csv")["isBasedOn"]}
    assert {"results/disclosures.csv", "data/cybertipline/esp_reports.csv"} <= pairs
    tools = {one["name"]: one["softwareVersion"] for one in crate.mainEntity["softwareRequirements"]}
    assert {"pandas", "snakemake", "R", "lme4"} <= tools.keys() and all(tools.values())
