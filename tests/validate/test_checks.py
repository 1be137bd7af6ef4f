"""Faults that only several rows or tables together show."""

import pandas as pd
import pytest

from countback.checks import corrections, cybertipline, esps, organizations
from countback.checks import disclosures as checks
from countback.corrections import Correction


def disclosures(**columns):
    rows = {"metric": ["reports"], "component": [None], "period": ["2021"], "value": [1.0], "unit": ["count"]}
    rows |= {"is_redundant": [False], "expression": [None]}
    return pd.DataFrame(rows | columns)


def messages(check, **tables):
    return [str(error) for error in check(tables)]


def test_overlapping_periods_of_a_series_are_named_with_row_and_fix():
    frame = pd.concat([disclosures(period=["2021"]), disclosures(period=["2021 H2"])], ignore_index=True)
    (message,) = messages(checks.periods_do_not_overlap, disclosures_acme=frame)
    assert message.startswith("data/disclosures/acme.csv, row 3, column period: found '2021 H2'")
    assert "redundant" in message


def test_parts_of_different_components_may_share_a_period():
    frame = pd.concat([disclosures(component=["a"]), disclosures(component=["b"])], ignore_index=True)
    assert messages(checks.periods_do_not_overlap, disclosures_acme=frame) == []


def test_a_redundant_repeat_does_not_overlap():
    frame = pd.concat([disclosures(), disclosures(is_redundant=[True])], ignore_index=True)
    assert messages(checks.periods_do_not_overlap, disclosures_acme=frame) == []


@pytest.mark.parametrize(
    ("value", "unit", "is_fault"),
    [
        (1.5, "count", True),
        (-1, "count", True),
        (1.2, "share", True),
        (101, "percent", True),
        (0.2, "share", False),
        (0, "count", False),
    ],
)
def test_a_value_lies_in_the_range_of_its_unit(value, unit, is_fault):
    metrics = pd.DataFrame({"metric": ["reports"], "unit": [unit]})
    found = messages(
        checks.units_fit_metrics, metrics=metrics, disclosures_acme=disclosures(value=[value], unit=[unit])
    )
    assert bool(found) == is_fault


def test_what_a_source_counts_for_a_service_is_not_added_to_counts_of_others():
    tables = {
        "metrics": pd.DataFrame({"metric": ["reports"], "is_additive": [True]}),
        "organizations": pd.DataFrame({"name": ["Acme"]}),
        "selection": pd.DataFrame({"listed_as": ["Find", None]}),
    }
    parts = [disclosures(component=["Find"]), disclosures(component=["other services"])]
    frame = pd.concat(parts, ignore_index=True)
    (message,) = messages(checks.services_are_not_added, disclosures_acme=frame, **tables)
    assert message.startswith("data/disclosures/acme.csv, row 2, column component: found 'Find'")
    assert messages(checks.services_are_not_added, disclosures_acme=parts[0], **tables) == []
    by_kind = frame.assign(component=["images", "videos"])
    assert messages(checks.services_are_not_added, disclosures_acme=by_kind, **tables) == []


def test_a_file_of_disclosures_belongs_to_an_organization():
    organizations = pd.DataFrame({"organization": ["acme"]})
    (message,) = messages(checks.organizations_are_known, organizations=organizations, disclosures_acne=disclosures())
    assert "acne" in message


def test_redundant_parts_that_do_not_add_up_are_found():
    rows = [
        disclosures(value=[10.0]),
        disclosures(component=["north"], value=[4.0], is_redundant=[True]),
        disclosures(component=["south"], value=[5.0], is_redundant=[True]),
    ]
    frame = pd.concat(rows, ignore_index=True)
    (message,) = messages(checks.redundant_parts_add_up, disclosures_acme=frame)
    assert "found '9 in all'" in message
    frame.loc[2, "value"] = 6.0
    assert messages(checks.redundant_parts_add_up, disclosures_acme=frame) == []


def test_two_owners_at_a_time_are_found():
    columns = ["organization", "parent", "valid_from", "valid_to"]
    frame = pd.DataFrame([["chat", "one", None, "2021-06-25"], ["chat", "two", "2021-06-25", None]], columns=columns)
    (message,) = messages(organizations.owners_do_not_overlap, ownership=frame)
    assert "row 3" in message
    frame.loc[1, "valid_from"] = "2021-06-26"
    assert messages(organizations.owners_do_not_overlap, ownership=frame) == []


def test_submitters_that_do_not_add_up_are_found():
    frame = pd.DataFrame(
        {"year": [2020] * 3, "submitter": ["all", "public", "service_providers"], "reports": [10, 3, 6]}
    )
    (message,) = messages(cybertipline.submitters_add_up, cybertipline_reports=frame)
    assert "row 2" in message
    assert "9" in message


def test_a_total_of_which_one_part_is_unknown_is_not_compared():
    frame = pd.DataFrame({"year": [2019] * 2, "submitter": ["all", "service_providers"], "reports": [10, 6]})
    assert messages(cybertipline.submitters_add_up, cybertipline_reports=frame) == []


def test_a_total_beside_its_counted_components_is_found():
    frame = pd.concat(
        [disclosures(value=[9.0]), disclosures(component=["a"]), disclosures(component=["b"])], ignore_index=True
    )
    (message,) = messages(checks.a_whole_excludes_its_parts, disclosures_acme=frame)
    assert "row 2" in message
    frame.loc[0, "is_redundant"] = True
    assert messages(checks.a_whole_excludes_its_parts, disclosures_acme=frame) == []


def test_redundant_halves_that_do_not_add_up_to_their_year_are_found():
    halves = [disclosures(period=[f"2021 H{half}"], value=[4.0], is_redundant=[True]) for half in (1, 2)]
    frame = pd.concat([disclosures(value=[9.0]), *halves], ignore_index=True)
    (message,) = messages(checks.redundant_periods_add_up, disclosures_acme=frame)
    assert "found '8 in all'" in message
    frame.loc[2, "value"] = 5.0
    assert messages(checks.redundant_periods_add_up, disclosures_acme=frame) == []


def test_one_redundant_half_is_not_compared_with_its_year():
    frame = pd.concat(
        [disclosures(value=[9.0]), disclosures(period=["2021 H1"], is_redundant=[True])], ignore_index=True
    )
    assert messages(checks.redundant_periods_add_up, disclosures_acme=frame) == []


def test_a_value_that_its_expression_does_not_give_is_found():
    frame = disclosures(expression=["2.5 / 100 * 1000"], value=[26.0])
    (message,) = messages(checks.expressions_give_their_values, disclosures_acme=frame)
    assert "25" in message
    assert messages(checks.expressions_give_their_values, disclosures_acme=frame.assign(value=25.0)) == []


def test_a_missing_year_is_found():
    frame = pd.DataFrame({"year": [2019, 2021], "submitter": "all", "reports": [1, 2]})
    (message,) = messages(cybertipline.years_follow_each_other, cybertipline_reports=frame)
    assert "year 2020" in message


def test_a_printed_name_without_a_decision_on_its_brand_is_found_and_a_decision_without_a_name():
    names = pd.DataFrame({"esp_printed": ["Acme", "Acme Inc"]})
    decided = pd.DataFrame({"esp_printed": ["Acme", "Acne"]})
    found = messages(esps.esp_names_are_known, esp_reports=names, esp_brands=decided)
    assert ["Acme Inc" in found[0], "Acne" in found[1], len(found)] == [True, True, 2]


def test_owners_in_a_circle_are_found():
    frame = pd.DataFrame({"organization": ["a", "b", "c"], "parent": ["b", "a", "a"]})
    assert len(messages(organizations.nobody_owns_itself, ownership=frame)) == 2


def test_a_span_that_ends_before_it_begins_is_found():
    spans = pd.DataFrame({"valid_from": ["2022-01-01", None], "valid_to": ["2021-01-01", "2021-01-01"]})
    tables = dict.fromkeys(("organization_names", "comparisons"), spans.iloc[1:]) | {"ownership": spans}
    (message,) = messages(organizations.spans_run_forward, **tables)
    assert "ownership.csv, row 2" in message


def test_a_brand_for_two_providers_at_a_time_is_found():
    columns = ["provider", "brand", "valid_from", "valid_to"]
    frame = pd.DataFrame([["one", "chat", None, None], ["two", "chat", "2021-06-25", None]], columns=columns)
    (message,) = messages(organizations.brands_belong_to_one_provider, comparisons=frame)
    assert "one and two" in message
    frame.loc[0, "valid_to"] = "2021-06-24"
    assert messages(organizations.brands_belong_to_one_provider, comparisons=frame) == []


def test_a_correction_needs_a_known_source_and_is_the_only_one_of_its_row():
    frame = disclosures().assign(warnings=None)
    key = {"metric": "reports", "period": "2021"}
    fields = {
        "table": "disclosures/acme",
        "key": key,
        "column": "value",
        "expect": 1.0,
        "value": 2.0,
        "reason": "because it is",
    }
    twice = [Correction(**fields, source="known", number=1), Correction(**fields, source="unknown", number=2)]
    tables = {"disclosures_acme": frame, "releases": pd.DataFrame({"id": ["known"]})}
    found = [str(error) for error in corrections.corrections_match(tables, twice)]
    assert len(found) == 2
    assert "column source: found 'unknown'" in found[0]
    assert "one correction per row" in found[1]
