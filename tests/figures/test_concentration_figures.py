"""What the figures of service providers show: who is named, who is context, and where a line has a gap."""

import pandas as pd
import pytest
from matplotlib.collections import LineCollection

from scripts.figures.concentration_figures import curves_data, plot_shares, reports_data, shares_data, unbroken

NAMES = pd.DataFrame(
    {
        "organization": ["acme", "holding", "gadget"],
        "name": ["Acme", "Holding", "Gadget"],
        "kind": ["brand", "corporation", "brand"],
        "is_surveyed": [True, False, False],
    }
)


def test_a_line_is_broken_where_a_year_is_missing():
    rows = pd.DataFrame({"esp": ["a", "a", "a", "b"], "year": [2030, 2031, 2033, 2034]})
    assert unbroken(rows, "esp").tolist() == ["a 1", "a 1", "a 2", "b 1"]


def test_surveyed_brands_and_owners_of_brands_are_named_and_all_else_is_context():
    shares = pd.DataFrame({"provider": ["acme", "holding", "gadget"], "year": 2031, "reports": [9, 8, 7]})
    esp_years = pd.DataFrame(
        {"esp": ["acme", "hub"], "name": ["Acme", "Hub"], "year": 2031, "reports": [9, 3], "owner": ["acme", None]}
    )
    data = reports_data(shares, NAMES, esp_years).set_index("provider")
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
    data = shares_data(shares, organizations)
    assert data.loc[data["is_named"], "provider"].tolist() == names[:8]


def test_a_label_that_was_moved_is_led_to_the_end_of_its_own_line():
    shares = pd.DataFrame(
        {"provider": ["a", "a", "b", "b"], "name": ["A", "A", "B", "B"], "year": [2030, 2031] * 2, "is_named": True}
    ).assign(share=[0.02, 0.0201, 0.02, 0.0199])
    figure = plot_shares(shares).draw()
    leads = [lines for lines in figure.axes[0].collections if isinstance(lines, LineCollection)]
    ends = [lines.get_paths()[0].vertices for lines in leads]
    assert [10 ** end[0][1] for end in ends] == pytest.approx([0.0201, 0.0199])
    assert ends[0][-1][1] > ends[0][0][1]
    assert ends[1][-1][1] < ends[1][0][1]
