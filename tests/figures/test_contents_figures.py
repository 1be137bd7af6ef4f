"""Kinds of exploitation are compared with themselves only, and shares of what can be acted upon go across a break."""

import pandas as pd
from drawn import drawn

from countback.look import color
from scripts.figures.contents_figures import actionable_data, kinds_data, plot_actionable, plot_kinds

BUNDLED = pd.DataFrame({"year": [2032], "title": ["reports may be bundled"]})
CONTENTS = pd.DataFrame(
    [
        ("exploitation_kinds", item, item.title(), "reports", year, value, value / 1000)
        for item, values in {"images": (990, 980), "luring": (6, 15), "other": (4, 5)}.items()
        for year, value in zip((2031, 2032), values, strict=True)
    ]
    + [("files_uploaded", "total", "Total", "files", 2031, 9, None)],
    columns=["table", "item", "label", "measure", "year", "value", "share"],
)


def test_the_kind_of_nearly_all_reports_is_left_out_and_the_largest_other_comes_first():
    data = kinds_data(CONTENTS, BUNDLED)
    assert data[["item", "year", "value", "segment"]].values.tolist() == [
        ["luring", 2031, 6, 0], ["luring", 2032, 15, 1], ["other", 2031, 4, 0], ["other", 2032, 5, 1]
    ]  # fmt: skip


def test_each_kind_has_a_panel_that_begins_at_zero_and_names_the_first_and_the_last_number():
    panels, _ = drawn(plot_kinds(kinds_data(CONTENTS, BUNDLED), BUNDLED))
    assert [[word[0] for word in panel.words] for panel in panels] == [["6", "15"], ["4", "5"]]
    assert [panel.limits[2] for panel in panels] == [0, 0]


def test_a_share_goes_across_a_break_as_dots_and_each_recipient_is_named_with_its_last():
    recipients = pd.DataFrame(
        {"recipient": "local", "label": "Local", "year": [2030, 2031, 2032], "actionable_share": [0.5, 0.6, 0.25]}
    ).assign(actionable_reports=1, reports=2)
    data = actionable_data(recipients, BUNDLED)
    assert data["segment"].tolist() == [0, 0, 1]
    (panel,), _ = drawn(plot_actionable(data, BUNDLED))
    lines = [line[1][::2] for line in panel.lines if line[3] == color("ink")]
    assert lines == [[2030, 2032], [2030, 2031]]  # dotted over all, full within years that mean the same
    assert "Local 25%" in [word[0] for word in panel.words]


def test_a_project_without_such_tables_has_figures_that_say_so():
    assert drawn(plot_kinds(kinds_data(CONTENTS[:0], BUNDLED), BUNDLED))[0][0].words[0][0] == (
        "No kinds of exploitation listed"
    )
