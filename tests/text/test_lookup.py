"""Every provider of the clearinghouse's tables has one row, found by former names, with an address of its own."""

import pandas as pd
import pytest

from countback.text.lookup import addresses, beyond_full, links, lookup, other_names


def frame(rows, columns):
    return pd.DataFrame(rows, columns=columns.split())


@pytest.fixture
def rows():
    years = [("acme", 2031, 5, True), ("acme", 2032, 6, False), ("old_new", 2031, 7, False), ("inhope", 2032, 1, False)]
    esps = [("acme", "Acme", "service", "acme"), ("old_new", "Old / New", "service", "old")]
    esps += [("inhope", "INHOPE", "hotline_network", None)]
    aliases = [("Acme*", "acme"), ("Acme, Inc.", "acme"), ("Boom (Acme)", "acme"), ("Old", "old_new")]
    aliases += [("New Corp", "old_new"), ("INHOPE", "inhope")]
    selected = [(2032, "Acme", 99), (2033, "Acme", 8), (2033, "New", 9), (2033, "Novel", 4)]
    organizations = [("acme", "Acme", True), ("old", "Old", True), ("new", "New", True), ("novel", "Novel", False)]
    tables = {
        "esp_years": frame(years, "esp year reports is_combined"),
        "esps": frame(esps, "esp name reporter_kind brand"),
        "aliases": frame(aliases, "esp_printed esp"),
        "esp_brands": frame([("Acme*", "acme"), ("Old", "old"), ("New Corp", "new")], "esp_printed brand"),
        "selected": frame(selected, "year esp_printed reports"),
        "selected_brands": frame([("Acme", "acme"), ("New", "new"), ("Novel", "novel")], "esp_printed brand"),
        "organizations": frame([*organizations, ("firm", "Firm", True)], "organization name is_surveyed"),
        "ownership": frame([("novel", "firm", None, None)], "organization parent valid_from valid_to"),
    }
    found, full, selected = lookup(tables)
    assert (full, selected) == ([2031, 2032], [2033])
    return found.set_index("name")


def test_each_provider_has_one_row_with_a_count_for_each_year(rows):
    assert list(rows.index) == ["Acme", "INHOPE", "Novel", "Old / New"]
    assert rows.loc["Acme", ["2031", "2032", "2033"]].tolist() == [5, 6, 8]  # the full table, where there is one
    assert rows.loc["Old / New", "2033"] == 9  # under another brand of the same rows
    assert rows.loc["Novel", ["2031", "2033"]].tolist() == [pd.NA, 4]


def test_other_names_combined_years_owners_and_kinds_are_said(rows):
    assert rows.loc["Acme", "remarks"] == "also Boom (Acme), combined with others in 2031"
    assert rows.loc["Old / New", "remarks"] == "also Old; New Corp"
    assert rows.loc["Novel", "remarks"] == "owned by Firm"
    assert rows.loc["INHOPE", "remarks"] == "a network of hotlines"


def test_a_row_has_an_address_of_its_own_unless_a_section_has_it_and_leads_to_that(rows):
    assert addresses(rows).dropna().to_dict() == {
        "INHOPE": "provider-inhope",
        "Novel": "provider-novel",
        "Old / New": "provider-old_new",
    }
    assert links(rows).dropna().to_dict() == {
        "Acme": "platforms.qmd#provider-acme", "Old / New": "platforms.qmd#provider-old",
    }  # fmt: skip


def test_another_spelling_is_no_other_name():
    assert other_names("eBay", ["Ebay", "Ebay Inc.", "eBay Inc."]) is None


def test_rows_that_no_full_table_lists_are_counted_for_the_note(rows):
    said = beyond_full(rows, [2031, 2032], [2033])
    assert said == "No full table lists one of these rows: the rows at hand of 2033 alone have it."
    assert beyond_full(rows.drop("Novel"), [2031, 2032], [2033]) == ""
