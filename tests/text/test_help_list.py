"""The list of services stands by country, each with the page that says so; every reference is in the bibliography."""

import re

import pandas as pd
import pytest

from countback.io.tables import read_table
from countback.text.help_list import KINDS, help_list

COUNTRIES = pd.DataFrame({"iso3": ["AAA", "BBB"], "name": ["Zembla", "Aland"]})


def services(*rows):
    columns = ["iso3", "name", "kind", "address", "telephone", "serves", "reference", "reference_year"]
    return pd.DataFrame(rows, columns=columns, dtype="string")


def test_services_for_people_anywhere_come_first_and_countries_by_name():
    text = help_list(
        services(
            ["AAA", "One", "hotline", "https://one.org", None, "All", "one", None],
            ["BBB", "Two", "helpline", "https://two.org", "116", "Children", "two", "2031"],
            [None, "Three", "prevention", "https://three.org", None, "All", "three", None],
        ),
        COUNTRIES,
    )
    assert re.findall(r"^(\w+)$", text, re.MULTILINE) == ["Anywhere", "Aland", "Zembla"]
    assert (
        ":   *For children and young people:* [Two](https://two.org), telephone [116](tel:116), as of 2031 [@two]."
        in text
    )


def test_a_place_has_a_line_per_kind_and_names_all_services_of_it():
    two = [["AAA", name, "hotline", f"https://{name}.org", None, "All", "one", None] for name in ("a", "b")]
    text = help_list(services(*two, ["AAA", "c", "helpline", "https://c.org", None, "All", "one", None]), COUNTRIES)
    assert text.count("\n:   ") == 2
    assert "[a](https://a.org) [@one]; [b](https://b.org) [@one]." in text


def test_names_are_shown_as_text():
    assert r"\[x\]" in help_list(
        services(["AAA", "[x]", "hotline", "https://a.org", None, "All", "one", None]), COUNTRIES
    )


@pytest.fixture(scope="module")
def listed(project):
    return read_table(project / "data" / "reference" / "help.csv")


def test_every_service_names_a_page_that_the_bibliography_has(project, listed):
    entries = set(re.findall(r"^@\w+\{(\w+),", (project / "references.bib").read_text(), re.MULTILINE))
    assert set(listed["reference"]) - entries == set()


def test_a_service_is_dated_by_the_year_of_its_page(project, listed):
    text = (project / "references.bib").read_text()
    entries = re.finditer(r"^@\w+\{(\w+),.*?^\}", text, re.MULTILINE | re.DOTALL)
    years = {entry[1]: re.search(r"^  year = \{(\d{4})\}", entry[0], re.MULTILINE) for entry in entries}
    expected = [years[key] and int(years[key][1]) for key in listed["reference"]]
    assert [None if pd.isna(year) else int(year) for year in listed["reference_year"]] == expected


def test_what_has_images_removed_is_no_hotline_and_no_helpline(listed):
    assert listed.set_index("name").loc["Take It Down", "kind"] == "removal"


def test_there_is_help_of_every_kind_for_people_anywhere(listed):
    assert set(listed.loc[listed["iso3"].isna(), "kind"]) == set(KINDS) == set(listed["kind"])
