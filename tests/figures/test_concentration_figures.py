"""What the figures of service providers show: who is named, who is context, and where a line has a gap."""

import pandas as pd
import pytest
from drawn import drawn
from matplotlib.collections import LineCollection

from countback.look import color
from scripts.figures.concentration_figures import (
    curves_data,
    plot_concentration,
    plot_reports,
    plot_shares,
    plot_top,
    reports_data,
    shares_data,
    top_data,
    unbroken,
)

NAMES = pd.DataFrame(
    {
        "organization": ["acme", "holding", "gadget"],
        "name": ["Acme", "Holding", "Gadget"],
        "kind": ["brand", "corporation", "brand"],
        "is_surveyed": [True, False, False],
    }
)


NO_CHANGES = pd.DataFrame({"year": pd.Series(dtype="int64"), "title": pd.Series(dtype="string")})
BUNDLED = pd.DataFrame({"year": [2031], "title": ["reports may be bundled"]})


def test_a_line_is_broken_where_a_year_is_missing_and_where_the_series_breaks():
    rows = pd.DataFrame({"esp": ["a", "a", "a", "b"], "year": [2030, 2031, 2033, 2034]})
    assert unbroken(rows, "esp", NO_CHANGES).tolist() == ["a 1", "a 1", "a 2", "b 1"]
    assert unbroken(rows, "esp", BUNDLED).tolist() == ["a 1", "a 2", "a 3", "b 1"]


def test_shares_and_reports_have_a_gap_and_a_mark_where_the_series_breaks():
    shares = pd.DataFrame({"provider": "acme", "year": [2029, 2030, 2031], "share": [0.1, 0.2, 0.1]})
    shares["reports"] = [10, 20, 10]
    none = pd.DataFrame({name: [] for name in ("esp", "name", "year", "reports", "owner")})
    for plot in (
        plot_shares(shares_data(shares, NAMES, BUNDLED), BUNDLED),
        plot_reports(reports_data(shares, NAMES, none, BUNDLED), BUNDLED),
    ):
        (panel,), _ = drawn(plot)
        assert [line[1][::2] for line in panel.lines if line[3] not in (CONTEXT, MUTED)] == [[2029, 2030]]
        assert [line[1][0] for line in panel.lines if line[3] == MUTED] == [2030.5]
        assert "reports may be\nbundled" in [word[0] for word in panel.words]


def test_surveyed_brands_and_owners_of_brands_are_named_and_all_else_is_context():
    shares = pd.DataFrame({"provider": ["acme", "holding", "gadget"], "year": 2031, "reports": [9, 8, 7]})
    esp_years = pd.DataFrame(
        {"esp": ["acme", "hub"], "name": ["Acme", "Hub"], "year": 2031, "reports": [9, 3], "owner": ["acme", None]}
    )
    data = reports_data(shares, NAMES, esp_years, NO_CHANGES).set_index("provider")
    assert data["kind"].to_dict() == {"acme": "surveyed", "holding": "surveyed", "gadget": "other", "hub": "other"}
    assert data.loc["hub", "reports"] == 3


def test_lorenz_curves_begin_with_the_largest_and_show_first_and_last_year():
    curves = pd.DataFrame(
        {"unit_of_analysis": "owner", "year": [2030, 2030, 2031, 2032], "n_largest": [0, 1, 1, 1]},
    ).assign(largest_share=0.5, reports_share=[0.0, 0.9, 0.8, 0.7])
    assert curves_data(curves)["style"].tolist() == ["first", "between", "last"]


def test_only_the_largest_of_the_last_year_are_named():
    names = [f"p{number:02}" for number in range(12)]
    shares = pd.DataFrame({"provider": names, "year": 2031, "share": [1 / (1 + rank) for rank in range(12)]})
    organizations = pd.DataFrame({"organization": names, "name": names})
    data = shares_data(shares, organizations, NO_CHANGES)
    assert data.loc[data["is_named"], "provider"].tolist() == names[:8]


def test_a_label_that_was_moved_is_led_to_the_end_of_its_own_line():
    shares = pd.DataFrame(
        {"provider": ["a", "a", "b", "b"], "name": ["A", "A", "B", "B"], "year": [2030, 2031] * 2, "is_named": True}
    ).assign(share=[0.02, 0.0201, 0.02, 0.0199])
    shares["stretch"] = shares["provider"]
    figure = plot_shares(shares, NO_CHANGES).draw()
    leads = [lines for lines in figure.axes[0].collections if isinstance(lines, LineCollection)]
    ends = [lines.get_paths()[0].vertices for lines in leads]
    assert [10 ** end[0][1] for end in ends] == pytest.approx([0.0201, 0.0199])
    assert ends[0][-1][1] > ends[0][0][1]
    assert ends[1][-1][1] < ends[1][0][1]


INK, ACCENT, MUTED, CONTEXT, LINE = (color(name) for name in ("ink", "accent", "muted", "context", "line"))


def test_shares_are_drawn_from_a_ten_thousandth_up_and_named_at_their_end():
    rows = [
        ("big", "Big", 2030, 0.6, True), ("big", "Big", 2031, 0.4, True), ("mid", "Mid", 2030, 0.02, True),
        ("mid", "Mid", 2031, 0.02, True), ("nil", "Nil", 2031, 0.019, True), ("off", "Off", 2029, 0.00009, False),
        ("off", "Off", 2030, 0.0001, False), ("off", "Off", 2031, 0.002, False), ("half", "Half", 2030, 0.5, True),
    ]  # fmt: skip
    data = pd.DataFrame(rows, columns=["provider", "name", "year", "share", "is_named"])
    (panel,), titles = drawn(plot_shares(data.assign(stretch=data["provider"]), NO_CHANGES))
    assert titles == ("", "Share of service providers' reports (log scale)")
    assert panel.words == [
        ("Big 40.0%", 2031.2, -0.398, "left", 8.0, ACCENT),  # made more than half of a year's reports
        ("Mid 2.0%", 2031.2, -1.62, "left", 8.0, INK),
        ("Nil 1.9%", 2031.2, -1.8, "left", 8.0, INK),
    ]
    assert panel.points == {
        ACCENT: [(2030, -0.222, 3.8), (2031, -0.398, 3.8)],
        INK: [(2030, -1.699, 3.8), (2031, -1.699, 3.8), (2031, -1.721, 3.8), (2030, -0.301, 3.8)],
        LINE: [(2030, -4, 3.8), (2031, -2.699, 3.8)],
    }
    assert [line for line in panel.lines if line[3] != CONTEXT] == [
        (2, [2030, -0.222, 2031, -0.398], 1.063, ACCENT),
        (2, [2030, -1.699, 2031, -1.699], 1.063, INK),
        (2, [2030, -4, 2031, -2.699], 1.063, LINE),
    ]
    assert panel.ticks == (["2030", "2031"], ["0.01%", "0.1%", "1%", "10%"])
    assert panel.limits == [2029.885, 2032.415, -4.237, -0.031]


def test_lorenz_curves_are_named_where_they_begin_the_first_and_the_last_year_in_color():
    shares = {2030: (0.5, 0.8), 2031: (0.49, 0.9), 2032: (0.2, 0.3)}
    rows = [
        (unit, year, n, share)
        for unit in ("owner", "provider")
        for year, ends in shares.items()
        for n, share in zip((1, 200), ends, strict=True)
    ]
    curves = pd.DataFrame(rows, columns=["unit_of_analysis", "year", "n_largest", "reports_share"])
    panels, titles = drawn(plot_concentration(curves_data(curves)))
    assert titles == ("Largest taken together (log scale)", "Share of service providers' reports")
    assert len(panels) == 2
    for panel in panels:
        assert panel.words == [
            ("2030", -0.05, 0.508, "right", 8.0, INK),
            ("2031", -0.05, 0.482, "right", 8.0, MUTED),
            ("2032", -0.05, 0.2, "right", 8.0, ACCENT),
        ]
        assert panel.lines == [
            (2, [0, 0.5, 2.301, 0.8], 1.063, INK),
            (2, [0, 0.49, 2.301, 0.9], 1.063, CONTEXT),
            (2, [0, 0.2, 2.301, 0.3], 1.063, ACCENT),
        ]
        assert panel.ticks[0] == ["1", "2", "5", "10", "20", "50", "100", "200"]
        assert panel.limits == [-0.356, 2.372, 0.165, 0.935]
    assert panels[0].ticks[1] == ["20%", "40%", "60%", "80%"]


def test_surveyed_corporations_are_named_with_their_counts_and_a_lone_year_is_a_dot():
    rows = [
        ("surveyed", "Acme", 2030, 100, "a 1"), ("surveyed", "Acme", 2031, 1000, "a 1"),
        ("surveyed", "Bolt", 2031, 990, "b 1"), ("other", "X", 2030, 10, "x 1"), ("other", "X", 2031, 20, "x 1"),
        ("other", "Y", 2031, 1, "y 1"),
    ]  # fmt: skip
    (panel,), titles = drawn(
        plot_reports(pd.DataFrame(rows, columns=["kind", "name", "year", "reports", "stretch"]), NO_CHANGES)
    )
    assert titles == ("", "Reports per year (log scale)")
    assert [word[:5] for word in panel.words] == [
        ("Acme 1,000", 2031.2, 3.037, "left", 8.0), ("Bolt 990", 2031.2, 2.959, "left", 8.0)
    ]  # fmt: skip
    assert panel.points == {ACCENT: [(2030, 2, 3.8), (2031, 3, 3.8), (2031, 2.996, 3.8)], LINE: [(2031, 0, 0.38)]}
    assert [line for line in panel.lines if line[3] != CONTEXT] == [
        (2, [2030, 1, 2031, 1.301], 0.443, LINE), (2, [2030, 2, 2031, 3], 1.063, ACCENT)
    ]  # fmt: skip
    assert panel.ticks == (["2030", "2031"], ["1", "10", "100", "1,000"])
    assert panel.limits == [2029.875, 2032.625, -0.152, 3.189]


def test_shares_and_reports_are_in_the_order_of_providers_and_years():
    shares = pd.DataFrame(
        {"provider": ["b", "a", "a"], "year": [2030, 2031, 2030], "share": [0.1, 0.3, 0.2], "reports": [1, 3, 2]}
    )
    names = pd.DataFrame({"organization": ["a", "b"], "name": ["A", "B"], "kind": "brand", "is_surveyed": True})
    data = shares_data(shares, names, NO_CHANGES).drop(columns="stretch")
    assert data.values.tolist() == [
        ["a", "A", 2030, 0.2, True], ["a", "A", 2031, 0.3, True], ["b", "B", 2030, 0.1, False]
    ]  # fmt: skip
    esp_years = pd.DataFrame(
        {"esp": ["hub", "hub"], "name": "Hub", "year": [2032, 2030], "reports": [9, 8], "owner": None}
    )
    reports = reports_data(shares, names, esp_years, NO_CHANGES)
    assert reports["stretch"].tolist() == ["other hub 1", "other hub 2", "surveyed a 1", "surveyed a 1", "surveyed b 1"]
    assert reports["reports"].tolist() == [8, 9, 2, 3, 1]


def test_shares_that_are_not_known_are_open_marks_at_the_least_and_the_most_the_rest_allows():
    known = pd.DataFrame(
        {"subset": ["2029, owners", "2030, owners", "2030, owners"], "parameter": ["top_1_share", "top_1_share", "n"]}
    ).assign(unit_of_analysis="owner", estimate=[0.5, 0.6, 9], low=None, high=None)
    bounds = pd.DataFrame({"subset": "2031, owners", "parameter": ["top_1_share", "herfindahl"]})
    bounds = bounds.assign(unit_of_analysis="owner", estimate=None, low=0.2, high=0.3)
    data = top_data(known, bounds, BUNDLED)
    assert data[["year", "low", "high", "is_bound"]].values.tolist() == [
        [2029, 0.5, 0.5, False], [2030, 0.6, 0.6, False], [2031, 0.2, 0.3, True]
    ]  # fmt: skip
    panels, _ = drawn(plot_top(data, BUNDLED))
    panel = next(panel for panel in panels if panel.points)
    assert panel.points[ACCENT] == [(2029, 0.5, 6.16), (2030, 0.6, 6.16)]
    assert [place[:2] for place in panel.points[color("paper")]] == [(2031, 0.2), (2031, 0.3)]
    assert sorted(line[1] for line in panel.lines if line[3] == ACCENT) == [
        [2029, 0.5, 2030, 0.6], [2031, 0.2, 2031, 0.3]
    ]  # fmt: skip
    assert [word[:3] for word in panel.words if word[0] == "Largest"] == [("Largest", 2031.25, 0.25)]
