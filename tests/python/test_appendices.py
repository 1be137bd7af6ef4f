"""What the last chapters list comes from the data whole, and nothing in it is read as markup."""

import hashlib
import re
from pathlib import PurePosixPath

import pandas as pd
import pytest

from countback.appendices import (
    column_list,
    digests,
    fault_list,
    places,
    printed_headlines,
    python_packages,
    r_package_names,
    r_packages,
    source_list,
    system,
    table_listing,
)
from countback.codebook import escape
from countback.tables import load_package, read_table
from countback.units import UNITS


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
    assert shown["corrected"].tolist() == ["716,474", "can’t be had", "as published"]


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
    listing = table_listing(package)
    assert listing["place"].is_unique
    assert len(listing) == len(package["resources"]) + len(package["results"])
    facts = listing[listing["kind"] == "Facts"]
    assert facts["rows"].tolist() == [one["rows"] for one in package["resources"]]
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
    assert text.count("\n- ") == len(releases)
    assert text.index("**Amazon**") < text.index("**Robert Grimm**")
    for row in releases.itertuples():
        assert escape(row.title) in text
        assert escape(row.terms) in text
        assert pd.isna(row.url) or f"](<{row.url}>)" in text


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
