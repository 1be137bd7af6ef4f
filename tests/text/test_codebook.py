"""One dictionary for all tables, and a codebook that shows every column."""

import copy
import re

import pytest
import yaml

from countback.io.errors import DataErrors
from countback.io.package import load_package
from countback.row_warnings import WARNINGS
from countback.text.codebook import codebook, dictionary_faults, escape, uses


@pytest.fixture(scope="module")
def package(project):
    return load_package(project / "data" / "datapackage.json")


@pytest.fixture(scope="module")
def dictionary(project):
    return yaml.safe_load((project / "data" / "dictionary.yml").read_text())


def field(name, kind="integer", unit="count", description="What it is."):
    return {"name": name, "type": kind, "description": description} | ({"unit": unit} if unit else {})


def tiny(*fields):
    tables = [
        {
            "name": f"t{number}",
            "title": "T",
            "description": "A | table.",
            "path": "t.csv",
            "schema": {"fields": [entry]},
        }
        for number, entry in enumerate(fields)
    ]
    return {"name": "p", "version": "1", "description": "P.", "resources": tables}


NONE = {"meanings": {}, "exceptions": {}}


def test_every_name_has_one_type_one_unit_and_one_meaning_or_an_entry_that_says_why_not(package, dictionary):
    assert len(uses(package)) > 600
    assert [str(fault) for fault in dictionary_faults(package, dictionary)] == []


def test_the_codebook_has_no_contraction_such_as_those_of_speech(package, dictionary):
    assert re.findall(r"\b\w+n['’]t\b", codebook(package, dictionary)) == []


def test_no_entry_of_the_dictionary_is_stale_or_double(package, dictionary):
    described = {}
    for use in uses(package):
        described.setdefault(use.name, set()).add(use.description)
    several = {name for name, texts in described.items() if len(texts) > 1}
    assert set(dictionary["meanings"]) & set(dictionary["exceptions"]) == set()
    assert {*dictionary["meanings"], *dictionary["exceptions"]} == several


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (field("n", unit="share"), "units count, share"),
        (field("n", kind="number"), "types integer, number"),
        (field("n", description="Something else."), "several descriptions"),
        (field("m", unit=None), "a number without unit"),
    ],
)
def test_a_name_used_for_something_else_is_refused(other, found):
    with pytest.raises(DataErrors, match=found):
        codebook(tiny(field("n"), other), NONE)


def test_a_meaning_in_the_dictionary_accounts_for_several_descriptions_but_not_for_several_units():
    described = {"meanings": {"n": "All of it."}, "exceptions": {}}
    text = codebook(tiny(field("n"), field("n", description="Something else.")), described)
    assert "| n | integer | count | All of it. | 2 |" in text
    with pytest.raises(DataErrors, match="units"):
        codebook(tiny(field("n"), field("n", unit="share")), described)


def test_every_column_of_every_table_is_in_the_codebook(package, dictionary):
    lines = codebook(package, dictionary).splitlines()
    for use in uses(package):
        assert any(line.startswith(f"| {escape(use.name)} | {use.kind} |") for line in lines), use
    assert sum(line.startswith("### ") for line in lines) == len(package["resources"]) + len(package["results"])


def test_every_word_of_the_closed_list_of_warnings_is_explained(package, dictionary):
    text = codebook(package, dictionary)
    assert all(f"{word}\n: The number is " in text for word in WARNINGS)


def test_every_column_of_warnings_takes_the_words_of_the_closed_list_and_no_others(package):
    word = f"({'|'.join(WARNINGS)})"
    tables = [*package["resources"], *package["results"]]
    columns = {
        table["name"]: field["constraints"]["pattern"]
        for table in tables
        for field in table["schema"]["fields"]
        if field["name"] == "warnings"
    }
    assert "disclosures" in columns
    assert set(columns.values()) == {rf"^{word}(\|{word})*$"}


def test_descriptions_have_the_apostrophes_of_print_and_values_stay_as_they_are():
    described = field("n", kind="string", unit=None, description="NCMEC's count.") | {"constraints": {"enum": ["'a"]}}
    assert "| n | string |  | NCMEC’s count. | \\'a |" in codebook(tiny(described), NONE)


def test_markup_in_a_description_stays_text():
    markup = copy.deepcopy(tiny(field("n", description="<script>a|b</script> [x](y) `z`")))
    line = next(line for line in codebook(markup, NONE).splitlines() if "script" in line)
    assert r"\<script\>a\|b\</script\> \[x\]\(y\) \`z\`" in line


def test_a_column_that_is_one_end_of_something_says_of_what():
    entry = field("share_low", kind="number", unit="share", description="Lower end.") | {
        "interval_kind": "leave_one_out"
    }
    text = codebook(tiny(entry, field("n")), NONE)
    assert f"| {escape('share_low')} | number | share | Lower end. Kind of interval: leave one out. |" in text
    assert "| n | integer | count | What it is. |" in text
