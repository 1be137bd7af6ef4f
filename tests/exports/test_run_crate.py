"""The record of the build says what was made of what, holds each file that it tells of, and is an RO-Crate."""

import json
import subprocess

import pytest
from crates import damaged, musts
from exports_of import FACTS_OF_TINY, PACKED
from rocrate.rocrate import ROCrate

from countback.metadata.crate import METADATA, Run, Tool, run_crate
from scripts.exports.data_package import archive
from scripts.exports.run_crate import commit_of

RELEASE = dict.fromkeys(["period", "note", "terms", "url", "bytes", "sha256", "file"], "")
SOURCES = [
    RELEASE | {"id": "a-1", "publisher": "a", "title": "Read", "file": "a.pdf", "bytes": "12", "sha256": "ab" * 32},
    RELEASE | {"id": "b-1", "publisher": "b", "title": "Typed", "url": "https://example.org/b"},
]
RUN = Run(
    tools=[Tool("snakemake", "9.9", "runs the workflow"), Tool("lme4", "1.1", of="R")],
    sources=SOURCES,
    based_on={"results/facts": ["data/some/facts.csv"]},
    commit="c0ffee",
)
KEPT = {
    "Snakefile": b"rule all:\n",
    "workflow/rules/common.smk": b"",
    "config/config.yaml": b"",
    "README.md": b"# Tiny\n",
}
FILES = PACKED | KEPT


def read_back(folder, files):
    """Return a crate that was written, zipped and read again by the library for them."""
    (folder / "crate.zip").write_bytes(archive(files))
    return ROCrate(folder / "crate.zip")


@pytest.fixture(scope="module")
def crate(tmp_path_factory):
    return read_back(tmp_path_factory.mktemp("crate"), FILES | {METADATA: run_crate(FACTS_OF_TINY, RUN, FILES)})


def test_a_crate_has_what_its_profiles_ask_for_and_tells_of_every_file_as_it_is(crate):
    assert list(musts(crate.metadata.generate())) == []
    assert damaged(crate, FILES) == set()
    assert damaged(crate, FILES | {"results/facts.csv": b"else"}) == {"results/facts.csv"}


def test_sources_come_in_and_tables_come_out_each_with_what_it_was_made_of(crate):
    build = crate.dereference("#build")
    read, made = ({one.id for one in build[name]} for name in ("object", "result"))
    assert {"#source-a-1", "#source-b-1", "data/some/facts.csv", "config/config.yaml"} <= read
    assert made == {"results/facts.csv", "results/facts.parquet"}
    assert crate.dereference("results/facts.csv")["isBasedOn"].id == "data/some/facts.csv"
    source = crate.dereference("#source-a-1")
    assert (source["sha256"], source["contentSize"], source["alternateName"]) == ("ab" * 32, "12", "a.pdf")
    assert source["publisher"]["name"] == "a"
    assert "sha256" not in crate.dereference("#source-b-1").properties()


def test_versions_and_the_commit_stand_at_the_workflow(crate):
    assert crate.mainEntity["version"] == "c0ffee"
    assert {one["name"]: one["softwareVersion"] for one in crate.mainEntity["softwareRequirements"]} == {
        "snakemake": "9.9",
        "lme4": "1.1",
    }
    assert crate.mainEntity["programmingLanguage"]["version"] == "9.9"


def test_the_same_build_gives_the_same_bytes_without_a_time_of_day():
    first, second = (run_crate(FACTS_OF_TINY, RUN, dict(files)) for files in (FILES, reversed(FILES.items())))
    assert first == second
    assert json.loads(first)["@graph"] and b"2031-02-03" in first
    assert b"T00:" not in first and b"endTime" not in first


def test_a_commit_is_named_only_where_the_checkout_is_exactly_that(tmp_path):
    def git(*arguments):
        told = ["-c", "user.name=a", "-c", "user.email=a@b.eu", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *told, *arguments], cwd=tmp_path, check=True, capture_output=True)

    assert commit_of(tmp_path) == ""
    git("init")
    (tmp_path / "a").write_text("1")
    assert commit_of(tmp_path) == ""
    git("add", "a")
    git("commit", "-m", "First")
    found = commit_of(tmp_path)
    assert len(found) == 40
    (tmp_path / "inner").mkdir()
    assert commit_of(tmp_path / "inner") == "", "a copy within another checkout is none itself"
    (tmp_path / "a").write_text("2")
    assert commit_of(tmp_path) == ""
