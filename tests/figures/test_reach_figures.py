"""People reached are shares of the world, and what was restored is compared within one provider only."""

import pandas as pd
from drawn import drawn

from countback.look import color
from scripts.figures.reach_figures import people_data, plot_people, plot_reversals, reversals_data

ORGANIZATIONS = pd.DataFrame({"organization": ["acme", "chat", "vine"], "name": ["Acme", "Chat", "Vine"]})


def test_quarters_are_at_their_middle_and_each_line_is_named_with_its_last_share():
    people = pd.DataFrame(
        {"period": ["2030 Q4", "2031 Q1"], "year": [2030, 2031], "frequency": "daily", "share": [0.3, 0.4]}
    ).assign(people_billion=1.0, share_low=0.3, share_high=0.4)
    data = people_data(people)
    assert data["at"].tolist() == [2030.875, 2031.125]
    (panel,), _ = drawn(plot_people(data))
    assert [word[0] for word in panel.words] == ["Active on a day:\n40.0% in 2031 Q1"]
    assert panel.limits[2] == 0


def restored():
    rows = [
        ("acme", "pieces", 2030, True, 0.01, None), ("acme", "pieces", 2031, True, 0.02, "definition-changed"),
        ("acme", "pieces", 2032, True, 0.04, "rounded"), ("acme", "pieces", 2033, True, 0.02, None),
        ("chat", "accounts", 2033, False, 0.0005, None), ("vine", "accounts", 2033, True, 0.5, None),
    ]  # fmt: skip
    columns = ["provider", "measure", "year", "is_full_year", "reversed_share", "warnings"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(share_low=frame["reversed_share"], share_high=frame["reversed_share"])


def test_only_the_organizations_asked_for_are_drawn_by_their_names():
    data = reversals_data(restored(), ORGANIZATIONS, ["acme", "chat"])
    assert data["name"].drop_duplicates().tolist() == ["Chat", "Acme"]
    assert data.loc[data["name"] == "Acme", "is_comparable"].tolist() == [True, False, True, True]


def test_each_provider_has_a_panel_and_no_line_runs_to_a_year_that_does_not_compare():
    panels, _ = drawn(plot_reversals(reversals_data(restored(), ORGANIZATIONS, ["acme", "chat"])))
    chat, acme = panels
    assert [word[0] for word in chat.words] == ["<0.1%"]
    lines = [line[1][::2] for line in acme.lines if line[3] == color("accent") and line[1][0] != line[1][2]]
    assert lines == [[2032, 2033]]
    assert [place[0] for place in acme.points[color("paper")]] == [2031]
