"""What the figures of service providers show: who is named, who is context, and where a line has a gap."""

import pandas as pd
from drawn import drawn

from countback.look import color
from scripts.figures.concentration_figures import (
    NAMED,
    curves_data,
    notes,
    plot_concentration,
    plot_reports,
    plot_shares,
    plot_top,
    reports_data,
    share_parts,
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
NONE_BOUGHT = pd.DataFrame(columns=["organization", "parent", "valid_from"], dtype="string")
BUNDLED = pd.DataFrame({"year": [2031], "title": ["reports may be bundled"]})


def test_a_line_is_broken_where_a_year_is_missing_and_where_the_series_breaks():
    rows = pd.DataFrame({"esp": ["a", "a", "a", "b"], "year": [2030, 2031, 2033, 2034]})
    assert unbroken(rows, "esp", NO_CHANGES).tolist() == ["a 1", "a 1", "a 2", "b 1"]
    assert unbroken(rows, "esp", BUNDLED).tolist() == ["a 1", "a 2", "a 3", "b 1"]


def test_reports_have_a_gap_and_a_mark_where_the_series_breaks_and_shares_say_what_changed():
    shares = pd.DataFrame({"provider": "acme", "year": [2029, 2030, 2031], "share": [0.1, 0.2, 0.1]})
    shares["reports"] = [10, 20, 10]
    (panel,), _ = drawn(plot_reports(reports_data(shares, NAMES, BUNDLED, NONE_BOUGHT), BUNDLED))
    assert [line[1][::2] for line in panel.lines if line[3] == ACCENT] == [[2029, 2030]]
    assert [line[1][0] for line in panel.lines if line[3] == MUTED] == [2030.5]
    assert notes("provider_reports", BUNDLED, shares["year"]) == "Dashed lines: from 2031 on, reports may be bundled."
    (panel,), _ = drawn(plot_shares(shares_data(shares, NAMES, BUNDLED), BUNDLED))
    assert [line[1][1] for line in panel.lines if line[1][1] == line[1][3]] == [-2030.5]
    assert "reports may be bundled" in [word[0] for word in panel.words]


def test_surveyed_brands_and_owners_of_brands_have_panels_and_no_one_else_has():
    shares = pd.DataFrame({"provider": ["acme", "holding", "gadget"], "year": 2031, "reports": [9, 8, 7]})
    data = reports_data(shares, NAMES, NO_CHANGES, NONE_BOUGHT)
    assert data["provider"].tolist() == ["acme", "holding"]


def test_a_provider_that_was_bought_says_whose_reports_hold_its_own_since():
    shares = pd.DataFrame(
        {"provider": ["acme", "holding", "holding"], "year": [2030, 2030, 2031], "reports": [900, 80, 70]}
    )
    bought = pd.DataFrame({"organization": ["acme"], "parent": ["holding"], "valid_from": ["2031-05-01"]})
    data = reports_data(shares, NAMES, NO_CHANGES, bought)
    assert data.set_index("provider")["counted_with"].dropna().to_dict() == {"acme": "Holding"}
    panels, _ = drawn(plot_reports(data, NO_CHANGES))
    assert [panel.words[0][0] for panel in panels] == ["70", "900 in 2030,\nthen in Holding’s"]
    early = bought.assign(valid_from="2029-05-01")
    assert reports_data(shares, NAMES, NO_CHANGES, early)["counted_with"].isna().all()


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
    assert data.loc[data["is_named"], "provider"].tolist() == names[:NAMED]


INK, ACCENT, MUTED = (color(name) for name in ("ink", "accent", "muted"))


def test_a_year_is_a_bar_of_the_largest_in_order_and_a_rest_named_below_the_last():
    rows = [
        ("big", "Big", 2030, 0.6, True), ("big", "Big", 2031, 0.4, True), ("mid", "Mid", 2030, 0.1, True),
        ("mid", "Mid", 2031, 0.5, True), ("off", "Off", 2031, 0.002, False),
    ]  # fmt: skip
    data = pd.DataFrame(rows, columns=["provider", "name", "year", "share", "is_named"])
    parts = share_parts(data)
    assert parts[["year", "name", "left", "right"]].round(3).values.tolist() == [
        [2030, "Mid", 0, 0.1], [2030, "Big", 0.1, 0.7], [2030, "All others", 0.7, 1],
        [2031, "Mid", 0, 0.5], [2031, "Big", 0.5, 0.9], [2031, "All others", 0.9, 1],
    ]  # fmt: skip
    (panel,), _ = drawn(plot_shares(data, NO_CHANGES))
    words = [word[0] for word in panel.words]
    assert words == ["10.0%", "50.0%", "Mid\n50.0%", "Big\n40.0%", "All others\n10.0%"]
    assert panel.ticks[1] == ["2030", "2031"]
    heights = {word[0]: word[2] for word in panel.words}
    assert heights["10.0%"] > heights["50.0%"]  # time runs downward


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
            ("2030", -0.05, 0.508, "right", 8.5, INK),
            ("2031", -0.05, 0.482, "right", 8.5, MUTED),
            ("2032", -0.05, 0.2, "right", 8.5, ACCENT),
        ]
        assert panel.lines == [
            (2, [0, 0.5, 2.301, 0.8], 1.063, INK),
            (2, [0, 0.49, 2.301, 0.9], 1.063, MUTED),
            (2, [0, 0.2, 2.301, 0.3], 1.063, ACCENT),
        ]
        assert panel.ticks[0] == ["1", "2", "5", "10", "20", "50", "100", "200"]
        assert panel.limits == [-0.356, 2.372, 0.165, 0.935]
    assert panels[0].ticks[1] == ["20%", "40%", "60%", "80%"]


def test_each_corporation_has_a_panel_with_its_last_number_the_largest_first():
    rows = [
        ("acme", "Acme", 2030, 100, "a 1"), ("acme", "Acme", 2031, 1000, "a 1"), ("bolt", "Bolt", 2031, 5000, "b 1"),
        ("gone", "Gone", 2030, 9000, "c 1"),
    ]  # fmt: skip
    data = pd.DataFrame(rows, columns=["provider", "name", "year", "reports", "stretch"])
    panels, _ = drawn(plot_reports(data.assign(counted_with=None), NO_CHANGES))
    assert [[word[0] for word in panel.words] for panel in panels] == [["5,000"], ["1,000"], ["9,000 in 2030"]]
    assert panels[1].points == {ACCENT: [(2030, 2, 3.8), (2031, 3, 3.8)]}
    assert len({tuple(panel.limits) for panel in panels}) == 1  # one scale for all
    assert panels[-1].ticks[0] == ["2030", "2031"]


def test_shares_and_reports_are_in_the_order_of_providers_and_years():
    shares = pd.DataFrame(
        {"provider": ["b", "a", "a"], "year": [2030, 2031, 2030], "share": [0.1, 0.3, 0.2], "reports": [1, 3, 2]}
    )
    names = pd.DataFrame({"organization": ["a", "b"], "name": ["A", "B"], "kind": "brand", "is_surveyed": True})
    data = shares_data(shares, names, NO_CHANGES).drop(columns="stretch")
    assert data.values.tolist() == [
        ["a", "A", 2030, 0.2, True], ["a", "A", 2031, 0.3, True], ["b", "B", 2030, 0.1, False]
    ]  # fmt: skip
    reports = reports_data(shares, names, NO_CHANGES, NONE_BOUGHT)
    assert reports["stretch"].tolist() == ["a 1", "a 1", "b 1"]
    assert reports["reports"].tolist() == [2, 3, 1]


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
