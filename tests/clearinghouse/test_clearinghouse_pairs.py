"""The clearinghouse against itself: which numbers make a pair, and what a pair shows."""

import csv
import os
from pathlib import Path

import pandas as pd
import pytest

from countback.agreement import DIFFER, Limits
from countback.clearinghouse import REASONS, SIDES, VERDICTS, Statement, compared, matching, numbers_of, side_by_side
from countback.io.errors import DataError
from countback.io.package import fields_of
from countback.io.tables import read_table
from scripts.clearinghouse.clearinghouse_pairs import (
    clearinghouse_pairs,
    printed_facts,
    reprints,
    statement_pairs,
)

ROUNDED = pd.DataFrame(
    [("AAA", 1000.0, 950.0, 1050.0), ("BBB", None, 0.0, 49.0)], columns=["iso3", "value", "low", "high"]
).assign(year=2031, source="platform", place="row 2")
EXACT = pd.DataFrame({"iso3": ["AAA", "BBB", "CCC"], "referrals": [1050, 50, None], "year": 2031, "page": 3})
EXACT = EXACT.astype({"referrals": "Int64"}).assign(source="table")
LIMITS = Limits(close=0.01, near=0.05, few_reports=100)
COUNTRIES = pd.DataFrame({"iso3": ["AAA", "BBB"], "name": ["Aland", "Beland"]})


def pair(first, second, reason=None):
    """Return what is found of two numbers, each a number, or bounds, or None."""
    row = {"reason": reason}
    for side, number in zip(SIDES, (first, second), strict=True):
        low, high = number if isinstance(number, tuple) else (number, number)
        value = None if isinstance(number, tuple) else number
        row |= {f"{side}_value": value, f"{side}_low": low, f"{side}_high": high}
    return compared(pd.DataFrame([row]), LIMITS).iloc[0]


@pytest.mark.parametrize(
    ("first", "second", "verdict", "gap"),
    [
        (7, 7, "equal", 0),
        (7, 8, "too_few_to_tell", 1),
        (1000, 1005, "close", 5),
        (1000, 1040, "near", 40),
        (1000, 1200, "apart", 200),
        (1050, (950, 1050), "agrees_within_rounding", 0),
        (950, (950, 1050), "agrees_within_rounding", 0),
        (1051, (950, 1050), "close", 1),
        (949, (950, 1050), "close", 1),
        ((0, 49), (49, 60), "agrees_within_rounding", 0),
        ((0, 49), (50, 60), "near", 1),
    ],
)
def test_numbers_agree_up_to_the_edge_of_what_rounding_allows(first, second, verdict, gap):
    found = pair(first, second)
    assert (found["verdict"], found["gap"]) == (verdict, gap)
    assert pd.isna(found["reason"])


def test_a_difference_and_a_ratio_are_of_the_first_number_to_the_second():
    assert pair(30, 40)[["difference", "ratio"]].tolist() == [-10, 0.75]
    assert pair(30, (0, 49))[["difference", "ratio"]].isna().all()
    assert pair(30, 0)["difference"] == 30
    assert pd.isna(pair(30, 0)["ratio"])


@pytest.mark.parametrize(
    ("first", "second", "reason", "why"),
    [
        (None, 5, None, "no_first_number"),
        (5, None, None, "no_second_number"),
        (5, 5, "each_recipient_counted", "each_recipient_counted"),
    ],
)
def test_what_is_not_printed_or_counts_something_else_is_not_comparable(first, second, reason, why):
    found = pair(first, second, reason)
    assert (found["verdict"], found["reason"]) == ("not_comparable", why)


def test_a_condition_names_values_all_but_some_or_any_that_begin_alike():
    rows = pd.DataFrame({"item": ["us", "unknown", "total", None], "year": [2031, 2031, 2032, 2032]})
    assert matching(rows, "").all()
    assert matching(rows, "item=us|total").tolist() == [True, False, True, False]
    assert matching(rows, "item!=us|total").tolist() == [False, True, False, True]
    assert matching(rows, "item=u*;year=2031").tolist() == [True, True, False, False]


def test_bounds_are_added_and_a_sum_with_a_mere_bound_has_no_value():
    (row,) = numbers_of(ROUNDED, Statement("t", "", ["value"]), None).to_dict("records")
    assert pd.isna(row["value"])
    assert (row["low"], row["high"], row["place"]) == (950, 1099, "sum of 2 numbers")


def test_a_dash_adds_nothing_and_is_no_zero():
    (total,) = numbers_of(EXACT, Statement("t", "", ["referrals"]), None).to_dict("records")
    assert (total["value"], total["place"]) == (1100, "sum of 2 numbers")
    by_place = numbers_of(EXACT, Statement("t", "", ["referrals"]), "iso3").set_index("subject")
    assert pd.isna(by_place.loc["CCC", "value"])
    assert by_place.loc["AAA", ["value", "low", "high", "place"]].tolist() == [1050, 1050, 1050, "page 3"]


def test_several_columns_are_added():
    rows = pd.DataFrame({"year": [2031], "referrals": [3], "informational": [4], "source": "s", "place": "row 2"})
    assert numbers_of(rows, Statement("t", "", ["referrals", "informational"]), None)["value"].tolist() == [7]


def test_a_sum_of_named_parts_is_no_number_where_one_is_missing():
    rows = pd.DataFrame(
        [(2031, "public", 1), (2031, "providers", 9), (2032, "providers", 8)], columns=["year", "item", "value"]
    ).assign(source="s", place="row 2")
    found = numbers_of(rows, Statement("t", "item=public|providers", ["value"]), None)
    assert found[["year", "value"]].values.tolist() == [[2031, 10]]
    assert len(numbers_of(rows, Statement("t", "item=p*", ["value"]), None)) == 2


def test_years_that_one_source_lacks_make_no_pair_and_places_that_it_lacks_name_it():
    first = numbers_of(pd.concat([EXACT, EXACT.assign(year=2030)]), Statement("t", "", ["referrals"]), "iso3")
    second = numbers_of(ROUNDED[ROUNDED["iso3"] == "AAA"], Statement("p", "", ["value"]), "iso3")
    both = side_by_side(first, second).set_index("subject")
    assert both["year"].tolist() == [2031, 2031], "what neither has a number of is left out"
    assert both.loc["BBB", "second_source"] == "platform"
    assert pd.isna(both.loc["BBB", "second_value"])


def statement(**changes):
    row = {"comparison": "places", "kind": "platform", "by": "iso3", "subject": None, "reason": None}
    row |= {"first_table": "exact", "first_where": None, "first_column": "referrals"}
    row |= {"second_table": "rounded", "second_where": None, "second_column": "value"}
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"first_table": "exakt"}, "row 2, column first_table: found 'exakt', expected one of exact, rounded"),
        ({"second_where": "item=x"}, "row 2, column second_where"),
        ({"second_where": "iso3"}, "which has no ="),
        ({"first_column": "reports"}, "reports"),
        ({"second_where": "iso3=XXX"}, "found 'places', expected a year that both tables cover"),
    ],
)
def test_a_statement_that_finds_nothing_stops_with_its_row(change, message):
    with pytest.raises(DataError, match=r"repeated_statements\.csv, row 2") as error:
        list(statement_pairs(statement(**change), {"exact": EXACT, "rounded": ROUNDED}))
    assert message in str(error.value)


def printed(*rows):
    columns = ["year", "value", "first_report", "last_report", "page"]
    frame = pd.DataFrame(rows, columns=columns).astype({"value": "Float64", "page": "Int64"})
    return frame.assign(table="locations", item="us", measure="reports", unit="count")


def test_a_value_that_two_reports_print_is_a_pair_and_so_are_two_values_of_one_fact():
    found = reprints(
        printed(
            (2030, 5, "r2031", "r2031", 3),
            (2030, 4, "r2032", "r2033", 4),
            (2031, 9, "r2031", "r2031", 3),
            (2031, None, "r2032", "r2032", 3),
        )
    )
    columns = ["year", "first_value", "first_source", "first_place", "second_value", "second_source", "second_place"]
    rows = found[columns].astype(object).where(found[columns].notna(), None).values.tolist()
    assert rows == [
        [2030, 4, "r2032", None, 4, "r2033", "page 4"],
        [2030, 5, "r2031", "page 3", 4, "r2032", None],
    ]


def test_all_pairs_have_verdicts_and_names():
    found = clearinghouse_pairs(
        statement(), printed((1998, 5, "r1", "r1", 3), (1998, 4, "r2", "r2", 3)), COUNTRIES,
        {"exact": EXACT, "rounded": ROUNDED}, LIMITS,
    )  # fmt: skip
    assert found[["comparison", "name", "verdict"]].values.tolist() == [
        ["places", "Aland", "agrees_within_rounding"],
        ["places", "Beland", "near"],
        ["reprints", "Locations, us, reports", "too_few_to_tell"],
    ]


def test_sums_that_no_source_prints_are_no_statements():
    fact = {"table": "recipients", "item": "all", "measure": "total", "year": 2031, "source": "s"}
    facts = pd.DataFrame([fact | {"value": 3, "warnings": "derived"}, fact | {"item": "us", "warnings": None}])
    compiled = pd.DataFrame([fact | {"item": "us", "place": "row 7"}])
    assert printed_facts(facts.astype({"warnings": "string"}), compiled)["place"].tolist() == ["row 7"]


def test_there_are_words_for_every_verdict_and_reason(project):
    fields = fields_of(project / "results" / "tables" / "clearinghouse_pairs.csv")
    assert list(VERDICTS) == fields["verdict"]["constraints"]["enum"]
    assert sorted(REASONS) == sorted(fields["reason"]["constraints"]["enum"])


@pytest.mark.raw
def test_places_that_differ_are_those_of_the_comparison_made_by_hand_but_for_edges_and_gaps(project):
    with (Path(os.environ["COUNTBACK_RAW"]) / "later" / "check-country-2024.csv").open(encoding="utf-8") as file:
        by_hand = {row["iso3"]: int(row["ref2024_annual_table"]) for row in csv.DictReader(file)}
    data = project / "data" / "cybertipline"
    statements = read_table(data / "repeated_statements.csv").query("comparison == 'platform_referrals'")
    files = [data / "recipient_reports.csv", data / "platform_jurisdictions.parquet"]
    tables = {file.stem: read_table(file) for file in files}
    (pairs,) = statement_pairs(statements, tables)
    found = compared(pairs, LIMITS).set_index("subject")
    differ = found[found["verdict"].isin(DIFFER)]
    assert {place: int(number) for place, number in differ["first_value"].items()}.items() <= by_hand.items()
    others = found.loc[sorted(set(by_hand) - set(differ.index))]
    # at an edge of rounding, bounds hold both; what the table by country does not list is no zero
    at_edge = others[others["first_value"].notna()]
    assert (at_edge["first_value"] == at_edge["second_high"]).all()
    assert others.loc[others["first_value"].isna(), "reason"].eq("no_first_number").all()
    assert len(found[found["verdict"] == "agrees_within_rounding"]) == 190
