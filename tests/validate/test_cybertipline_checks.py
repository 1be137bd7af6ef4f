"""Faults in the clearinghouse's tables that only several rows or tables together show."""

import pandas as pd
import pytest

from countback.checks import cybertipline as checks
from countback.checks.printed import values_are_as_printed

COUNTRY = {"year": 2030, "country_printed": "Chad", "iso3": "TCD", "reports": 5, "reports_printed": "5"}
COUNTRY |= {"printed_as_dash": False}


def countries(*changes):
    return pd.DataFrame([COUNTRY | change for change in changes]).astype({"reports": "Int64"})


def totals(reports=5):
    return pd.DataFrame({"year": [2030], "reports": pd.array([reports], dtype="Int64")})


def messages(check, **tables):
    return [str(error) for error in check(tables)]


def test_rows_by_country_that_miss_their_total_are_named_by_year():
    (message,) = messages(checks.country_rows_add_up, country_reports=countries({}), country_totals=totals(6))
    assert "country_reports.csv, year 2030, column reports: found 5, expected 6" in message
    assert messages(checks.country_rows_add_up, country_reports=countries({}), country_totals=totals()) == []


def test_a_total_by_country_is_all_reports_of_its_year():
    reports = pd.DataFrame({"year": [2030], "submitter": ["all"], "reports": [7]})
    check = checks.country_totals_are_all_reports
    (message,) = messages(check, country_totals=totals(), cybertipline_reports=reports)
    assert "found 5, expected 7" in message
    assert messages(check, country_totals=totals(7), cybertipline_reports=reports) == []


@pytest.mark.parametrize(
    ("change", "is_fault"),
    [
        ({}, False),
        ({"reports": 1163, "reports_printed": "1,163"}, False),
        ({"reports": None, "reports_printed": "-", "printed_as_dash": True}, False),
        ({"reports": 0, "reports_printed": "-", "printed_as_dash": True}, True),
        ({"reports": None, "reports_printed": "-"}, True),
        ({"reports": 6}, True),
        ({"printed_as_dash": True}, True),
    ],
)
def test_a_dash_is_missing_and_no_zero(change, is_fault):
    found = [
        messages(check, country_reports=countries(change))
        for check in (checks.dashes_are_marked, values_are_as_printed)
    ]
    assert any(found) == is_fault


def test_a_code_that_is_not_the_decided_one_and_a_name_that_nobody_prints_are_faults():
    aliases = pd.DataFrame({"country_printed": ["Chad", "Tchad", "Mali"], "iso3": ["TCD", "TCD", "MLI"]})
    received = pd.DataFrame({"country_printed": ["Mali"], "iso3": ["MAL"]})
    found = messages(
        checks.country_codes_are_decided,
        country_reports=countries({"iso3": "CHA"}),
        recipient_reports=received,
        country_aliases=aliases,
    )
    assert len(found) == 3
    assert "row 2, column iso3: found 'CHA', expected TCD, that of 'Chad'" in found[0]
    assert "recipient_reports.csv, row 2, column iso3: found 'MAL', expected MLI, that of 'Mali'" in found[1]
    assert "country_aliases.csv, row 3, column country_printed: found 'Tchad'" in found[2]


def test_a_year_that_counts_each_recipient_is_in_no_series_with_years_that_count_each_report_once():
    check = checks.no_year_counts_both_ways
    rows = countries({"year": 2030}, {"year": 2031})
    (message,) = messages(check, country_reports=rows, recipient_reports=pd.DataFrame({"year": [2031, 2031]}))
    assert "country_reports.csv, row 3, column year: found 2031" in message
    assert messages(check, country_reports=rows, recipient_reports=pd.DataFrame({"year": [2032]})) == []


def test_reports_that_countries_received_are_those_of_the_table_of_recipients():
    rows = pd.DataFrame({"year": [2030, 2030], "referrals": [5, 2], "informational": pd.array([1, None], "Int64")})
    facts = pd.DataFrame(
        {"table": "recipients", "measure": ["actionable", "informational"], "year": 2030, "value": [8.0, 1.0]}
    )
    (message,) = messages(checks.recipients_add_up, recipient_reports=rows, compiled_facts=facts)
    assert "year 2030, column referrals: found 'rows that sum to 7', expected 8" in message


def test_selected_rows_that_exceed_all_reports_or_have_no_total_are_faults():
    rows = pd.DataFrame({"year": [2030, 2031], "reports": [5, 5]})
    reports = pd.DataFrame({"year": [2030], "submitter": ["service_providers"], "reports": [4]})
    found = messages(checks.selected_rows_are_parts, selected_esp_reports=rows, cybertipline_reports=reports)
    assert [error.split(",")[1] for error in found] == [" year 2030", " year 2031"]


def test_incidents_that_are_outside_of_their_bounds_or_fewer_than_the_reports_are_faults():
    reports = pd.DataFrame({"year": [2030, 2031], "submitter": "all", "reports": [90, 990]})
    rows = pd.DataFrame({"year": [2030, 2031], "incidents": [90, 1000], "low": [90, 950], "high": [90, 1050]})
    rows["warnings"] = [None, "rounded"]
    assert messages(checks.incidents_fit_their_reports, incident_counts=rows, cybertipline_reports=reports) == []
    for change, words in (
        ({"incidents": [90, 1051]}, "row 3, column incidents: found 1051, expected a number from 950 to 1,050"),
        ({"warnings": None}, "ends that differ if and only if it is rounded"),
        ({"warnings": "rounded"}, "row 2, column incidents: found 90"),
    ):
        (message,) = messages(
            checks.incidents_fit_their_reports, incident_counts=rows.assign(**change), cybertipline_reports=reports
        )
        assert words in message
    more = reports.assign(reports=[91, 990])
    (message,) = messages(checks.incidents_fit_their_reports, incident_counts=rows, cybertipline_reports=more)
    assert "row 2, column incidents: found 90, expected at least the 91 reports that hold them" in message


def test_kinds_that_cannot_add_up_to_the_referrals_are_a_fault_and_rounding_is_none():
    measures = ["cybertipline_reports_referred", "incident_type_a", "incident_type_b"]
    rows = pd.DataFrame({"year": 2030, "iso3": "TCD", "measure": measures, "value_printed": ["1000", "900", "<50"]})
    rows = rows.assign(low=[950, 850, 0], high=[1050, 950, 49])
    assert messages(checks.kinds_can_add_up, platform_jurisdictions=rows) == []
    (message,) = messages(checks.kinds_can_add_up, platform_jurisdictions=rows.assign(high=[1050, 860, 49]))
    assert "found '1000', expected a number that kinds between 850 and 909 can add up to" in message


LABELS = pd.DataFrame(
    [("t", "item", "a", "all"), ("t", "item", "b", "all"), ("t", "measure", "x", "sum"), ("t", "item", "c", None)],
    columns=["table", "role", "id", "part_of"],
)


@pytest.mark.parametrize(
    ("printed", "low", "high", "n_faults"),
    [("96000", 95_500, 96_500, 0), ("96000", 0, 96_500, 1), ("<10", 1, 9, 0), ("<10", 1, 96_500, 1), ("many", 1, 2, 0)],
)
def test_bounds_that_are_not_those_of_the_printed_number_are_a_fault(printed, low, high, n_faults):
    rows = pd.DataFrame({"esp_printed": ["Acme"], "value_printed": [printed], "low": [low], "high": [high]})
    found = messages(checks.bounds_are_those_of_what_is_printed, platform_esps=rows)
    assert len(found) == n_faults
    assert all("snakemake ingest" in message for message in found)


def facts(**values):
    rows = [
        {"table": "t", "item": item, "measure": measure, "value": value}
        for (item, measure), value in ((name.split("_"), value) for name, value in values.items())
    ]
    return pd.DataFrame(rows).assign(year=2030, last_report="r", unit="count").astype({"value": "Float64"})


def test_a_relationship_without_a_group_is_named_with_the_row_to_write():
    labels = pd.DataFrame(
        [("relationships", "item", "Aunt", "aunt"), ("relationships", "item", "Aunt, Great", "aunt")],
        columns=["table", "role", "label_printed", "id"],
    )
    printed = pd.DataFrame({"study": ["learcat"], "relationship": ["Stranger"]})
    groups = pd.DataFrame({"study": ["ncmec", "learcat"], "relationship": ["Aunt, Great", "Stranger"]})
    tables = {"ojjdp_labels": labels, "victim_relationships": printed, "relationship_groups": groups}
    tables["ojjdp_facts"] = pd.DataFrame({"table": ["relationships"], "item": ["aunt"]})
    assert messages(checks.relationships_have_a_group, **tables) == []
    tables["relationship_groups"] = groups[1:]
    (message,) = messages(checks.relationships_have_a_group, **tables)
    assert message.startswith("data/reference/relationship_groups.csv, study ncmec: found \"no row for 'Aunt, Great'")
    assert message.endswith('Add the row ncmec,"Aunt, Great",<group>,<subgroup>, there.')


def test_parts_of_a_row_and_of_a_column_add_up():
    check = checks.ojjdp_parts_add_up
    assert messages(check, ojjdp_labels=LABELS, ojjdp_facts=facts(a_m=1, b_m=2, all_m=3, c_m=9)) == []
    assert messages(check, ojjdp_labels=LABELS, ojjdp_facts=facts(c_x=4, c_sum=4)) == []
    (message,) = messages(check, ojjdp_labels=LABELS, ojjdp_facts=facts(a_m=1, b_m=3, all_m=3))
    assert "t, m, all, year 2030, column value: found 'parts that sum to 4', expected 3" in message
    (message,) = messages(check, ojjdp_labels=LABELS, ojjdp_facts=facts(c_x=4, c_sum=5))
    assert "parts that sum to 4" in message
    (message,) = messages(check, ojjdp_labels=LABELS, ojjdp_facts=facts(a_m=1))
    assert "expected a row with that sum" in message


@pytest.mark.parametrize(
    ("value", "printed", "is_fault"),
    [
        (1163, "1,163", False),
        (2.5, "2.5%", False),
        (406_000_000, "406 million", False),
        (None, "-", False),
        (0, "-", True),
        (None, "0", True),
        (4, "5", True),
    ],
)
def test_values_are_as_printed(value, printed, is_fault):
    frame = pd.DataFrame({"value": pd.array([value], dtype="Float64"), "value_printed": [printed]})
    found = messages(values_are_as_printed, ojjdp_facts=frame, ojjdp_stocks=frame[:0])
    assert bool(found) == is_fault


def test_a_remark_that_is_not_that_of_the_table_of_remarks_is_a_fault():
    reports = pd.DataFrame({"year": [2030], "submitter": ["all"], "warnings": ["doubtful"], "note": ["Look."]})
    check = checks.remarks_are_in_place
    assert messages(check, cybertipline_reports=reports, report_remarks=reports) == []
    (message,) = messages(check, cybertipline_reports=reports, report_remarks=reports[:0])
    assert "reports.csv, row 2, column warnings: found 'doubtful'" in message
