"""What the audit of the clearinghouse against itself finds, in words made of its numbers."""

import pandas as pd

from countback.agreement import Limits
from countback.clearinghouse import KINDS, compared
from countback.io.package import fields_of
from countback.numbers import numbers_table
from scripts.clearinghouse.clearinghouse_verdicts import evidence, numbers, verdicts

LIMITS = Limits(close=0.01, near=0.05, few_reports=50)
COUNTRIES = pd.DataFrame({"iso3": ["AAA", "BBB", "CCC"], "continent": ["East", "West", "West"]})


def pairs(*rows):
    """Return pairs of a place's exact number and the bounds of a rounded one, whose middle is its value."""
    columns = ["kind", "subject", "first_value", "second_low", "second_high"]
    frame = pd.DataFrame(rows, columns=columns).assign(year=2031, reason=None, comparison="one")
    frame = frame.assign(name=frame["subject"], first_low=frame["first_value"], first_high=frame["first_value"])
    return compared(frame.assign(second_value=(frame["second_low"] + frame["second_high"]) / 2), LIMITS)


FOUND = pairs(
    ("platform", "AAA", 900, 450, 550),
    ("platform", "BBB", 5, 95, 105),
    ("platform", "CCC", 100, 95, 105),
    ("platform", "ZZZ", 9, None, None),
    ("totals", "AAA", 7, 7, 7),
)


def test_each_kind_has_a_row_for_each_verdict_that_it_has():
    table = verdicts(FOUND)
    assert table[["kind", "verdict", "n"]].values.tolist() == [
        ["platform", "agrees_within_rounding", 1],
        ["platform", "apart", 2],
        ["platform", "not_comparable", 1],
        ["totals", "equal", 1],
    ]
    assert table["share"].round(3).tolist()[:2] == [0.333, 0.667]
    assert pd.isna(table["share"][2]), "what can't be compared has no share"
    assert table["largest_difference"].tolist()[1] == 400


def test_the_evidence_names_the_largest_difference_and_the_largest_factor():
    differ = FOUND[FOUND["verdict"] == "apart"]
    assert evidence(differ, "apart", 3) == (
        "Two of three comparable pairs, in 2031. Largest difference: AAA, 2031, 900 against 500. "
        "Largest factor: BBB, 2031, 5 against 100."
    )
    assert evidence(differ[:1], "apart", 3).endswith("Largest difference: AAA, 2031, 900 against 500.")


def test_the_evidence_counts_reasons_where_nothing_can_be_compared():
    text = evidence(FOUND[FOUND["verdict"] == "not_comparable"], "not_comparable", 3)
    assert text == "One more, in 2031: only the first source prints a number (one)."


def test_a_place_with_a_mere_bound_differs_without_a_ratio():
    bound = pairs(("platform", "AAA", 104, 0, 49)).assign(second_value=None, difference=pd.NA, ratio=pd.NA)
    bound = bound.astype({"difference": "Float64", "ratio": "Float64"})
    assert evidence(bound, "apart", 1) == "One of one comparable pairs, in 2031."


def test_numbers_tell_which_way_places_differ_and_on_which_continent():
    found = numbers_table(numbers(FOUND, COUNTRIES)).set_index(["subset", "parameter"])["value"]
    assert found["platform", "n_comparable"] == 3
    assert found.loc["platform"][["n_agree", "n_differ", "n_apart", "n_above", "n_below"]].tolist() == [1, 2, 2, 1, 1]
    assert found.loc["platform West"][["n", "n_differ", "n_below"]].tolist() == [2, 1, 1]
    assert found["platform", "largest_factor"] == 20
    assert found.loc["platform"][["sum_first_value", "sum_second_low", "sum_second_high"]].tolist() == [1005, 640, 760]


def said(found):
    """Return words by subset and parameter."""
    table = numbers_table(numbers(found, COUNTRIES)).dropna(subset="text")
    return table.set_index(["subset", "parameter"])["text"].to_dict()


def test_words_name_the_places_that_stand_out_and_the_continent_above():
    doubled = pairs(("platform", "AAA", 900, 450, 550), ("platform", "BBB", 5, 95, 105), ("platform", "CCC", 5, 5, 5))
    assert said(doubled) == {
        ("platform", "n_nearly_double"): "one place",
        ("platform", "nearly_double"): "AAA",
        ("platform", "n_small_part"): "one place",
        ("platform", "small_part"): "BBB",
        ("platform", "years_that_differ"): "2031",
        ("platform most_above", "name"): "East",
    }


def test_words_say_in_which_years_two_documents_are_equal():
    rows = [("congress", "AAA", number, 9, 9) for number in (9, 9, 7, 9)]
    years = pairs(*rows).assign(comparison="abroad", year=[2030, 2031, 2032, 2033])
    assert said(years) == {
        ("abroad", "equal"): "in every year but 2032",
        ("abroad", "first_more"): "in no year",
        ("abroad", "second_more"): "only in 2032",
        ("congress", "years_that_differ"): "2032",
    }
    assert said(years[years["year"] < 2032])["congress", "years_that_differ"] == "no year"


def test_there_are_words_for_every_kind(project):
    for table in ("results/tables/clearinghouse_pairs.csv", "data/cybertipline/repeated_statements.csv"):
        assert list(KINDS) == fields_of(project / table)["kind"]["constraints"]["enum"]
