"""What CONTRIBUTING.md tells a maintainer to run, edit and read is there, and no kind of release is left out."""

import csv
import re
from pathlib import Path

import pytest

from scripts.exports.release import VERSIONED

KINDS = "cff|csv|json|lock|md|py|qmd|sh|toml|yml"
# What a build makes, or a maintainer brings.
MADE = ("results/", "exports/", "_book/", "data/raw/")


@pytest.fixture(scope="module")
def text(project: Path) -> str:
    return (project / "CONTRIBUTING.md").read_text()


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, to the next one."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def code(text: str) -> list[str]:
    """Return what is set as code: within a line, and in lines of its own."""
    return [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ {4,}(.+)$", text, re.MULTILINE)]


def test_every_target_of_make_that_it_names_is_there(project, text):
    named = {name for one in code(text) for name in re.findall(r"\bmake ([a-z-]+)", one)}
    assert {"report", "checksums", "data-diff", "lint", "test", "release", "release-check", "record"} <= named
    makefile = (project / "Makefile").read_text()
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_every_rule_that_it_names_is_there(project, text):
    named = {name for one in code(text) for name in re.findall(r"^snakemake (\w+)", one)}
    assert {"fetch", "ingest", "ingest_discord"} <= named
    rules = "".join(file.read_text() for file in (project / "workflow" / "rules").glob("*.smk"))
    assert [name for name in named if f"\nrule {name}:" not in rules] == []


def test_every_file_that_it_names_is_there(project, text):
    words = {word.strip(",") for one in code(text) for word in one.split()}
    files = {word for word in words if re.fullmatch(rf"[\w.][\w./-]*(?:/|\.(?:{KINDS}))", word) and "..." not in word}
    files = {word for word in files if not word.startswith(("../", *MADE))}
    assert {"data/releases.csv", "histories/meta_labels.csv", "workflow/countback/ingest/"} <= files
    roots = [project, project / "data", project / "data" / "organizations"]
    assert sorted(name for name in files if not any((root / name).exists() for root in roots)) == []


def test_every_link_leads_somewhere(project, text):
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links
    for file, _, anchor in (link.partition("#") for link in links):
        target = project / file
        assert target.is_file(), file
        headings = re.findall(r"^##+ (.+)", target.read_text(), re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs, anchor


def test_every_kind_of_release_that_is_parsed_has_its_row(project, text):
    rows = section(text, "Add a release of a transparency report") + section(text, "Add a year of NCMEC's tables")
    ids = re.findall(r"^ *\| [^|]+ \| `([^`]+)`(?:, `([^`]+)`)* \|", rows, re.MULTILINE)
    prefixes = {re.sub(r"\d{4}(?:-[hq]\d)?$", "", one) for pair in ids for one in pair if one}
    with (project / "data" / "releases.csv").open(encoding="utf-8", newline="") as file:
        parsed = [row["id"] for row in csv.DictReader(file) if row["route"] == "parsed"]
    assert len(parsed) > 50
    assert [one for one in parsed if not one.startswith(tuple(prefixes))] == []
    assert [prefix for prefix in prefixes if not any(one.startswith(prefix) for one in parsed)] == []


def test_all_that_states_a_version_is_named(text):
    step = section(text, "Make a release").partition("\n1. ")[2].partition("\n2. ")[0]
    assert set(re.findall(r"`([\w./]+\.\w+)`", step)) == set(VERSIONED)


def test_the_steps_of_each_task_end_with_the_tests_and_a_commit(text):
    tasks = [heading for heading in re.findall(r"^## (.+)$", text, re.MULTILINE) if re.match("Correct|Add a", heading)]
    assert len(tasks) == 5
    for task in tasks:
        told = section(text, task)
        assert "make test" in told or "those of a release" in told, task
