"""Claims on what happened where the reports’ unit changes: they turn with what fell, and with what is known."""

import pandas as pd
from claimed import BUNDLED, NO_BREAKS, said

from countback.claims import breaks


def break_tables(actionable, informational, incidents):
    years = pd.DataFrame({"year": [2031, 2032, 2033], "submitter": "all", "reports": [1000, 2000, 900]})
    received = {"actionable": actionable, "informational": informational}
    rows = [("all", kind, 2032 + at, number) for kind, pair in received.items() for at, number in enumerate(pair)]
    referrals = pd.DataFrame(rows, columns=["received_by", "kind", "year", "received"])
    counts = pd.DataFrame({"year": list(incidents), "value_printed": incidents.values()})
    return {"cybertipline_years": years, "breaks": BUNDLED, "referrals": referrals, "incident_counts": counts}


def test_the_summary_says_what_was_counted_before_and_after_a_break_and_what_fell():
    found = said(breaks.claims(break_tables((900, 800), (1100, 100), {2033: "1.2 thousand"})))
    assert found["break.counts"] == (
        "The US clearinghouse, NCMEC, received fewer reports in 2033 than in 2032: 2,000 in 2032 and 900 in 2033. "
        "That does not mean that there was less abuse."
    )
    assert found["break.unit"] == (
        "From 2033 on, reports may be bundled: those of 2033 hold 1.2 thousand incidents, "
        "a count of NCMEC’s as others quote it."
    )
    assert found["break.kinds"] == (
        "Most of the fall is in informational reports, which cannot be acted upon: 1,100 in 2032 and 100 in 2033. "
        "Recipients also got reports that can be acted upon: 900 in 2032 and 800 in 2033. "
        "From 2033 on, these numbers cannot be compared with earlier ones, either."
    )


def test_the_summary_turns_where_the_other_kind_changed_more_and_where_nothing_is_known():
    found = said(breaks.claims(break_tables((900, 1800), (1100, 1000), {})))
    assert found["break.unit"] == "From 2033 on, reports may be bundled."
    assert found["break.kinds"].startswith("Most of the rise is in reports that can be acted upon: 900 in 2032")
    unknown = break_tables((900, None), (1100, 1000), {})
    assert said(breaks.claims(unknown))["break.kinds"] == breaks.NOT_KNOWN
    same = said(breaks.claims(unknown | {"breaks": NO_BREAKS}))
    assert same["break.counts"] == "All years of reports count the same unit."
