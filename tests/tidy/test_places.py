"""All years of a place on their sides of the break, and what a page needs to look it up."""

import json

import pandas as pd

from countback.text.place_remarks import remarks_on_rows
from scripts.world import place_cards, place_years

YEARS = (
    pd.DataFrame(
        [("UTO", "Utopia", 2031, 9, 90.0), ("UTO", "Utopia", 2032, None, None), ("NIL", "Nil", 2032, 4, None)],
        columns=["iso3", "name", "year", "reports", "reports_per_100k"],
    )
    .assign(warnings=pd.Series([None] * 3, dtype="string"))
    .convert_dtypes()
)
RANKS = pd.DataFrame([("UTO", 2031, 3, 1, 7)], columns=["iso3", "year", "rank", "rank_low", "rank_high"])
EACH = ["iso3", "name", "year", "referrals", "informational", "received", "received_per_100k", "rank"]
PLATFORM = ["platform_printed", "platform_low", "platform_high"]
RECIPIENTS = pd.DataFrame(
    [("UTO", "Utopia", 2033, 41, 9, 50, 512.3456, 2, "40", 35.0, 45.0, None)], columns=[*EACH, *PLATFORM, "warnings"]
).convert_dtypes()
PAIRS = pd.DataFrame(
    [("platform_referrals", "UTO", 2033, "agrees_within_rounding"), ("platform_kinds", "UTO", 2033, "apart")],
    columns=["comparison", "subject", "year", "verdict"],
)
TABLES = {
    "countries": pd.DataFrame(
        [("UTO", "UT", "Utopia", "official", None), ("NIL", None, "Nil's Long Land", "own", "No country. A code.")],
        columns=["iso3", "iso2", "name", "code_status", "note"],
    ).convert_dtypes(),
    "aliases": pd.DataFrame(
        [("Úthopia*", "UTO"), ("utopia", "UTO"), ("Old Nil", "NIL")], columns=["country_printed", "iso3"]
    ),
    "names": pd.DataFrame(
        [("UTO", "Nowhereland", "common"), ("NIL", "Nowhereland", "former")], columns=["iso3", "name", "kind"]
    ),
    "breaks": pd.DataFrame([("unit", "page-2033"), ("recipients", "file")], columns=["kind", "source"]),
    "platform": pd.DataFrame({"source": ["platform", "platform"]}),
    "releases": pd.DataFrame(
        [("page-2033", "Data: 2033", "https://a.test"), ("platform", "Platform: rows", "https://b.test")],
        columns=["id", "title", "url"],
    ),
    "help": pd.DataFrame(
        [
            (None, "Everywhere", "hotline", "https://e.test", None, "All", 2031),
            ("UTO", "Line", "helpline", None, "1 2", None, None),
        ],
        columns=["iso3", "name", "kind", "address", "telephone", "serves", "reference_year"],
    ).convert_dtypes(),
}


def years():
    return place_years.place_years(YEARS, RANKS, RECIPIENTS, PAIRS).convert_dtypes()


def cards(**changed):
    return json.loads(json.dumps(place_cards.place_cards(TABLES | {"years": years()} | changed)))


def test_a_year_has_numbers_of_its_own_side_of_the_break_alone():
    rows = years().set_index(["iso3", "year"])
    once, each = rows.loc[("UTO", 2031)], rows.loc[("UTO", 2033)]
    assert (once["counts_once"], once["reports"], once["rank_low"], once["rank_high"]) == ("report", 9, 1, 7)
    assert once[["referrals", "informational", "received", "received_per_100k"]].isna().all()
    assert (each["counts_once"], each["referrals"], each["informational"]) == ("recipient", 41, 9)
    assert each[["reports", "reports_per_100k", "rank_low", "rank_high"]].isna().all()
    assert each["platform_verdict"] == "agrees_within_rounding"


def test_a_card_has_every_year_of_its_place_and_null_where_a_number_is_missing():
    utopia = next(place for place in cards()["places"] if place["id"] == "UTO")
    assert utopia["report"] == [[2031, 9, 90.0, 3], [2032, None, None, None]]
    assert utopia["level"] == [2031, 1, 7]
    assert utopia["recipient"] == [[2033, 41, 9, 50, 512.3, 2]]
    assert utopia["platform"] == [[2033, 41, "40", 35.0, 45.0, "agrees_within_rounding"]]


def test_a_place_is_found_by_printed_and_other_names_codes_and_initials_each_once():
    nil, utopia = cards()["places"]
    assert utopia["also"] == ["Nowhereland", "Úthopia", "UTO", "UT"]
    assert (nil["name"], nil["also"]) == ("Nil’s Long Land", ["Nowhereland", "Old Nil", "NIL", "NLL"])


def test_help_of_a_place_is_its_own_and_that_for_people_anywhere_stands_apart():
    found = cards()
    nil, utopia = found["places"]
    assert (nil["help"], utopia["help"], found["everywhere"]) == ([], [1], [0])
    line = {"name": "Line", "kind": "helpline", "address": None, "telephone": "1 2", "serves": None}
    assert found["help"][1] == line | {"reference_year": None}
    assert found["help"][0]["reference_year"] == 2031


def test_without_any_list_of_help_there_is_still_a_card():
    found = cards(help=TABLES["help"].iloc[:0])
    assert found["everywhere"] == []
    assert [place["help"] for place in found["places"]] == [[], []]


def test_a_card_says_what_a_row_is_that_is_no_country_and_which_numbers_are_in_doubt():
    nil, utopia = cards()["places"]
    assert (nil["remarks"], nil["level"], utopia["remarks"]) == (["No country."], None, [])
    doubted = years().assign(
        warnings=lambda rows: rows["platform_low"].map(lambda low: None if pd.isna(low) else "doubtful")
    )
    _, utopia = cards(years=doubted)["places"]
    assert utopia["remarks"] == [
        "The referrals of 2033 are in doubt: they are more than ten times those on NCMEC’s Global Platform."
    ]


def test_a_note_under_the_table_names_rows_that_are_no_country_and_numbers_in_doubt():
    assert remarks_on_rows(TABLES["countries"], years()) == "Nil's Long Land: no country."
    doubted = years().assign(
        warnings=lambda rows: rows["platform_low"].map(lambda low: None if pd.isna(low) else "doubtful")
    )
    assert "In doubt: the referrals of 2033 for Utopia" in remarks_on_rows(TABLES["countries"], doubted)


def test_newer_numbers_are_at_the_pages_of_the_newest_ones():
    assert cards()["newer"] == [
        {"title": "Data", "url": "https://a.test"},
        {"title": "Platform", "url": "https://b.test"},
    ]
