"""Referrals and informational reports by year, each recipient counted."""

import pandas as pd

from scripts.tidy.report_contents import referrals

NO_BREAKS = pd.DataFrame({name: pd.Series(dtype="string") for name in ("table_name", "period", "title")})
RECIPIENTS = pd.DataFrame(
    [("local", 2030, 4, 6, 10), ("local", 2031, 6, 3, 9), ("federal", 2030, 1, 1, 2), ("federal", 2031, 0, 5, 5)],
    columns=["recipient", "year", "actionable_reports", "informational_reports", "reports"],
)


def found(table):
    return table.set_index(["received_by", "kind", "year"])


def test_all_recipients_are_added_up_with_changes_to_the_year_before():
    table = found(referrals(RECIPIENTS, NO_BREAKS))
    assert table.loc[("all", "actionable", 2031), ["received", "change"]].tolist() == [6, 1]
    assert table.loc[("all", "informational", 2030), "received"] == 7
    assert table.loc[("local", "informational", 2031), "change_share"] == -0.5
    assert pd.isna(table.loc[("all", "total", 2030), "change"])


def test_no_change_is_computed_across_a_break_or_a_missing_year_and_an_unknown_part_makes_no_sum():
    breaks = pd.DataFrame({"table_name": ["report_recipients"], "period": ["2031"], "title": ["counted anew"]})
    table = found(referrals(RECIPIENTS, breaks))
    assert table["change"].isna().all()
    assert table.loc[("local", "total", 2031), "segment"] == 1
    gap = found(referrals(RECIPIENTS.replace({"year": {2031: 2032}}), NO_BREAKS))
    assert gap["change"].isna().all()
    unknown = RECIPIENTS.astype({"actionable_reports": "Float64"})
    unknown.loc[0, "actionable_reports"] = pd.NA
    table = found(referrals(unknown, NO_BREAKS))
    assert ("all", "actionable", 2030) not in table.index
    assert table.loc[("all", "actionable", 2031), "received"] == 6
