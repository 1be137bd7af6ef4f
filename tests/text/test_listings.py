"""What the last chapters list comes from the data whole, and nothing in it is read as markup."""

import hashlib
import json
import re
from pathlib import PurePosixPath

import pandas as pd
import pytest
import yaml

from countback.io.package import load_package
from countback.io.tables import read_table
from countback.text.codebook import escape, prose
from countback.text.listings import (
    choices,
    column_list,
    digests,
    fault_list,
    method_list,
    places,
    printed_headlines,
    python_packages,
    r_package_names,
    r_packages,
    source_list,
    system,
    table_listing,
)
from countback.text.units import UNITS


@pytest.fixture(scope="module")
def package(project):
    return load_package(project / "data" / "datapackage.json")


def test_a_value_that_stands_or_is_lost_says_so_in_words():
    rows = pd.DataFrame(
        [
            ("1909740", "count", "716474", "corrected"),
            ("4", "ratio", None, "corrected"),
            ("12.758", "percent", None, "reproduced"),
        ],
        columns=["published", "unit", "corrected", "verdict"],
    )
    shown = printed_headlines(rows.assign(reproduced=rows["published"]))
    assert shown["published"].tolist() == ["1,909,740", "4.00", "12.8%"]
    assert shown["corrected"].tolist() == ["716,474", "cannot be computed", "as published"]


def test_every_value_that_stands_for_a_fault_has_a_unit_that_can_be_printed(project):
    chosen = read_table(project / "data" / "replication" / "headlines.csv")
    assert set(chosen["unit"]) <= set(UNITS)
    assert chosen["fault"].nunique() >= 16


def test_faults_are_listed_in_their_order_and_their_text_stays_text():
    columns = ["fault", "rank_in_list", "title", "done", "right", "consequence"]
    rows = [("b", 2, "Second", "D", "R", "C"), ("a", 1, "First *", "<b>x</b>", "[y](z)", "$1$")]
    listed = fault_list(pd.DataFrame(rows, columns=columns))
    assert listed.index("First") < listed.index("Second")
    assert "First \\*\n: \\<b\\>x\\</b\\>\n: *Right:* \\[y\\]\\(z\\)\n: *What changes:* \\$1\\$\n" in listed


def test_every_table_is_listed_once_and_facts_with_their_rows(package):
    rows = {one["path"]: {"rows": position} for position, one in enumerate(package["resources"])}
    listing = table_listing(package, rows)
    assert listing["place"].is_unique
    assert len(listing) == len(package["resources"]) + len(package["results"])
    facts = listing[listing["kind"] == "Facts"]
    assert facts["rows"].tolist() == list(range(len(facts)))
    assert listing.loc[listing["kind"] == "Computed", "rows"].isna().all()


def test_the_chapter_shows_the_columns_of_every_table(project, package):
    chapter = (project / "chapters" / "codebook.qmd").read_text()
    shown = [re.findall(r'"([\w/]+)"', call) for call in re.findall(r"column_list\(package, (.*?)\)\)", chapter)]
    folders = [folder for call in shown for folder in call]
    assert sorted(folders) == sorted({str(PurePosixPath(place).parent) for place in places(package)})
    text = "".join(column_list(package, *call) for call in shown)
    for place, table in places(package).items():
        assert f"`{place}`" in text
        assert all(f"| {escape(field['name'])} | {field['type']} |" in text for field in table["schema"]["fields"])


def test_tables_with_the_same_columns_are_described_together(package):
    text = column_list(package, "data/disclosures")
    assert text.count("| column |") == 1
    assert text.count("`data/disclosures/") == sum(
        one["path"].startswith("disclosures/") for one in package["resources"]
    )


def test_every_source_stands_under_its_publisher_with_link_and_terms(project):
    releases = read_table(project / "data" / "releases.csv")
    text = source_list(releases, {"amazon": "Amazon"})
    assert len(re.findall(r"^(?::  |   ) - ", text, re.MULTILINE)) == len(releases)
    assert text.index("Amazon\n\n:   - ") < text.index("\n\nRobert Grimm\n\n:   - ")
    for row in releases.itertuples():
        assert prose(row.title) in text
        assert row.terms == "none stated" or f"Terms: {prose(row.terms)}." in text
        assert (prose(row.note) if pd.isna(row.url) else f"](<{row.url}>)") in text
    assert "none stated." not in text


def test_a_period_that_stands_in_a_title_in_whatever_order_is_not_said_again():
    columns = ["publisher", "title", "period", "url", "route", "terms", "note"]
    rows = [
        ("A", "H1 2021 Report", "2021 H1", "https://a.org", "parsed", "none stated", None),
        ("A", "Mid-year report", "2021 H1", "https://a.org", "parsed", "none stated", None),
    ]
    listed = source_list(pd.DataFrame(rows, columns=columns), {}).splitlines()
    assert listed[2:] == [
        ":   - [H1 2021 Report](<https://a.org>). Parsed.",
        "    - [Mid-year report](<https://a.org>), 2021 H1. Parsed.",
    ]


def test_every_choice_has_a_title_of_its_own_and_no_id_for_a_value(project):
    settings = yaml.safe_load((project / "config" / "config.yaml").read_text())
    schema = json.loads((project / "config" / "config.schema.json").read_text())
    names = {"discord": "Discord", "github": "GitHub", "meta": "Meta", "USA": "United States", "ZZZ": "None listed"}
    found = choices(settings, schema, names)
    assert len(found) == sum(len(part) for part in settings.values() if isinstance(part, dict))
    assert found["title"].is_unique
    assert not any("_" in text for text in found["title"])
    shown = dict(zip(found["title"], found["value"], strict=True))
    assert shown["Few reports are fewer than"] == "100"
    assert shown["Smallest population ranked"] == "1,000,000"
    assert set(shown.values()).isdisjoint({"discord", "meta", "USA", "ZZZ"})


def test_every_table_in_the_listing_leads_to_its_columns(package):
    folders = {str(PurePosixPath(place).parent) for place in places(package)}
    anchors = re.findall(r"\]\{#([\w-]+)\}", column_list(package, *folders))
    targets = table_listing(package, {})["title"].str.extract(r"\]\(#(.+)\)$")[0].tolist()
    assert sorted(anchors) == sorted(targets)
    assert len(set(anchors)) == len(places(package))


def test_packages_are_those_of_the_project_with_their_versions_and_purposes(project):
    found = python_packages((project / "pyproject.toml").read_text()).set_index("package")
    assert found.loc["pandas", "version"] == pd.__version__
    assert found.loc["typst", "purpose"] == "the press: typesets the PDF"
    assert "pytest" not in found.index
    assert found["version"].notna().all()


def test_packages_of_r_have_the_names_that_r_gives_them():
    apt = "git  # history\nr-base-core # R\nr-cran-glmmtmb # models\nr-cran-gone   # lost\n"
    assert r_package_names(apt) == ["glmmtmb", "gone"]
    found = r_packages(apt, pd.DataFrame({"package": ["R", "glmmTMB"], "version": ["4.2.2", "1.1.5"]}))
    assert found["package"].tolist() == ["glmmTMB", "gone"]
    assert found["version"].fillna("none").tolist() == ["1.1.5", "none"]


def test_checksums_are_those_of_the_files_and_the_system_names_no_folder(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"a\n")
    assert digests([str(file)])["checksum"].tolist() == [hashlib.sha256(b"a\n").hexdigest()[:16]]
    assert not any("/usr" in text or "/home" in text for text in system()["version"])


def test_a_method_is_five_lines_and_says_what_its_intervals_are_worth() -> None:
    methods = pd.DataFrame(
        [
            [
                "limits",
                "Limits",
                "How far?",
                "A pair.",
                "A mean.",
                "Of each limit.",
                "one|other|third",
                "More pairs.",
            ],
            ["shares", "Shares", "How many?", "A file.", "Counts.", "None.", None, "More files."],
        ],
        columns=[
            *("method_id", "title", "question", "unit_of_analysis", "model", "interval", "interval_methods"),
            "what_would_change",
        ],
    )
    coverage = pd.DataFrame(
        {
            "interval_method": ["one", "one", "other", "third"],
            "errors": ["as_assumed", "as_observed", "as_observed", "as_observed"],
            "held_share": [0.95, 0.81, 0.9, 0.7],
        }
    )
    limits, shares = method_list(methods, coverage).strip().split("\n\n")
    assert limits.split("\n") == [
        "Limits",
        ": *Question:* How far?",
        ": *Unit:* A pair.",
        ": *Model:* A mean.",
        ": *Interval:* Of each limit. *Coverage* by simulation, with errors as observed: "
        "70.0% to 90.0%, by the interval.",
        ": *What would change the conclusion:* More pairs.",
    ]
    assert "Coverage" not in shares and shares.count("\n") == 5
