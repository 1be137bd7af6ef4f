"""Faults that only several rows or tables together show."""

import pandas as pd
import pytest

from countback import checks


def disclosures(**columns):
    rows = {"metric": ["reports"], "component": [None], "period": ["2021"], "value": [1.0], "unit": ["count"]}
    rows |= {"is_redundant": [False], "expression": [None]}
    return pd.DataFrame(rows | columns)


def messages(check, **tables):
    return [str(error) for error in check(tables)]


def test_overlapping_periods_of_a_series_are_named_with_row_and_mend():
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
    (message,) = messages(checks.owners_do_not_overlap, ownership=frame)
    assert "row 3" in message
    frame.loc[1, "valid_from"] = "2021-06-26"
    assert messages(checks.owners_do_not_overlap, ownership=frame) == []


def test_submitters_that_do_not_add_up_are_found():
    frame = pd.DataFrame(
        {"year": [2020] * 3, "submitter": ["all", "public", "service_providers"], "reports": [10, 3, 6]}
    )
    (message,) = messages(checks.submitters_add_up, cybertipline_reports=frame)
    assert "row 2" in message
    assert "9" in message


def test_a_total_of_which_one_part_is_unknown_is_not_compared():
    frame = pd.DataFrame({"year": [2019] * 2, "submitter": ["all", "service_providers"], "reports": [10, 6]})
    assert messages(checks.submitters_add_up, cybertipline_reports=frame) == []
