"""Referrals and informational reports are two lines, with what changed between years said at its place."""

import pandas as pd
from drawn import drawn

from countback.look import color
from scripts.figures.referral_figures import plot_referrals, referral_data

ACCENT, MUTED = color("accent"), color("muted")
BUNDLED = pd.DataFrame({"year": [2032], "title": ["reports may be bundled"]})


def received(*segments):
    rows = [
        (recipient, kind, year, segment, 2 * number if kind == "actionable" else number)
        for recipient in ("all", "local")
        for kind in ("actionable", "informational", "total")
        for year, segment, number in zip((2030, 2031, 2032), segments, (10, 20, 5), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["received_by", "kind", "year", "segment", "received"])
    return frame.assign(change=None, change_share=None)


def test_lines_are_of_all_recipients_by_kind_and_named_at_their_ends():
    (panel,), _ = drawn(plot_referrals(referral_data(received(0, 0, 0), BUNDLED), BUNDLED))
    assert [word[:2] for word in panel.words if word[0] != "reports may be\nbundled"] == [
        ("Actionable", 2032.08), ("Informational", 2032.08)
    ]  # fmt: skip
    assert panel.points[ACCENT] == [(2030, 20, 8.04), (2031, 40, 8.04), (2032, 10, 8.04)]
    assert panel.limits[2] == 0


def test_a_line_goes_on_as_dots_beyond_a_change_of_reports_and_has_a_gap_where_its_own_table_breaks():
    def ends(segments):
        (panel,), _ = drawn(plot_referrals(referral_data(received(*segments), BUNDLED), BUNDLED))
        return [line[1][::2] for line in panel.lines if line[3] == ACCENT]

    assert ends((0, 0, 0)) == [[2030, 2032], [2030, 2031]]
    assert ends((0, 0, 1)) == [[2030, 2031], [2030, 2031]]


def test_a_project_without_recipients_says_so():
    empty = received(0, 0, 0)[:0]
    (panel,), _ = drawn(plot_referrals(referral_data(empty, BUNDLED), BUNDLED))
    assert panel.words[0][0] == "No recipients listed"
