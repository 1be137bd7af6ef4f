"""Claims on who makes the reports: the largest provider, rows that leap, and how far a second count reaches."""

import pandas as pd
import pytest
from claimed import BUNDLED, NO_BREAKS, ORGANIZATIONS, said

from countback.claims import providers


def provider_tables(*verdicts, shares=(("acme", 2031, 90, 0.9), ("bolt", 2031, 10, 0.1)), reports=100):
    columns = ["provider", "year", "verdict", "is_comparable", "ncmec_reports"]
    return {
        "organizations": ORGANIZATIONS,
        "provider_shares": pd.DataFrame(shares, columns=["provider", "year", "reports", "share"]),
        "provider_pairs": pd.DataFrame(verdicts, columns=columns),
        "cybertipline_years": pd.DataFrame({"year": [2031], "submitter": "service_providers", "reports": [reports]}),
        "breaks": NO_BREAKS,
    }


@pytest.mark.parametrize(
    ("verdict", "clause"),
    [
        ("no_own_reports", "and this study found no yearly count of its own"),
        ("comparable", "and its own count is among those that can be compared"),
        ("own_year_incomplete", "and this study found no count of its own for that year that can be compared"),
    ],
)
def test_the_own_count_of_the_largest_provider_is_said_by_its_verdict(verdict, clause):
    found = said(providers.largest(provider_tables(("acme", 2031, verdict, verdict == "comparable", 90))))
    assert (found["largest.name"], found["second.name"], found["largest.own_count"]) == ("Acme", "Bolt", clause)


def test_an_own_count_of_some_brands_says_how_much_of_the_reports_it_covers():
    found = said(providers.largest(provider_tables(("acme", 2031, "comparable", True, 70))))
    clause = "and its own count, which covers the brands that made 78% of these, is among those that can be compared"
    assert found["largest.own_count"] == clause
    assert found["largest.meaning"] == "both sides have a count too, of the brands that made 78% of its reports"


def rows_of(*rows):
    columns = ["provider_name", "reports", "reports_before", "share", "share_before"]
    frame = pd.DataFrame(rows, columns=columns)
    return {"provider_changes": frame.assign(counted_as="row", year=2032, year_before=2031)}


def test_rows_that_leap_are_named_with_both_numbers_and_small_ones_are_not():
    rows = [("Acme", 900, 300, 0.9, 0.3), ("Bolt", 5, 50, 0.005, 0.05), ("Cove", 6, None, 0.006, None)]
    found = said(providers.leaps(rows_of(*rows, ("Dale", 4, 1, 0.004, 0.001), ("Elm", 50, 40, 0.05, 0.04))))
    assert found["rows.leaps"] == (
        "Of the rows with at least half a percent of the reports in 2031 or 2032, one at least tripled: "
        "Acme from 300 to 900. One fell to a third or less: Bolt from 50 to 5. "
        "No row of the year before is known for Cove, with 6."
    )
    calm = said(providers.leaps(rows_of(("Elm", 50, 40, 0.05, 0.04))))
    assert calm["rows.leaps"].endswith("in 2031 or 2032, none at least tripled. None fell to a third or less.")
    gone = said(providers.leaps(rows_of(("Acme", None, 900, None, 0.9), ("Elm", 50, 40, 0.05, 0.04))))
    assert gone["rows.leaps"].endswith(
        "None fell to a third or less. No row of 2032 is known for Acme, which had 900 the year before."
    )


def test_whether_most_reports_can_be_checked_depends_on_those_that_pairs_cover():
    small = said(
        providers.coverage(
            provider_tables(("bolt", 2031, "comparable", True, 10), ("acme", 2031, "no_own_reports", False, 90))
        )
    )
    large = said(
        providers.coverage(
            provider_tables(("acme", 2031, "comparable", True, 90), ("bolt", 2031, "no_own_reports", False, 10))
        )
    )
    assert small["coverage.heading"] == "Most reports cannot be checked against a second count."
    assert large["coverage.heading"] == "Most reports can be checked against a second count."
    assert (small["coverage.largest_without"], large["coverage.largest_without"]) == ("Acme", "Bolt")


def test_a_fall_across_a_break_of_the_unit_is_no_fall():
    shares = [("acme", 2031, 90, 0.9), ("acme", 2032, 80, 0.8), ("acme", 2033, 30, 0.3)]
    years = pd.DataFrame({"year": [2031, 2032, 2033], "submitter": "service_providers", "reports": 100})
    tables = provider_tables(shares=shares) | {"cybertipline_years": years}
    assert said(providers.largest_fall(tables))["largest.fall"].startswith("its share fell most from 2032 to 2033")
    found = said(providers.largest_fall(tables | {"breaks": BUNDLED}))["largest.fall"]
    assert found == "its share fell most from 2031 to 2032, when others’ reports grew by 100% and its own fell by 11%"
