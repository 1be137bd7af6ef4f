"""Reports by year have every count of a year, and what changed in the law and in the counting, each at its place."""

import pandas as pd
from drawn import drawn

from countback.look import color
from scripts.figures.years_figure import NARROW, bar_labels, drawn_rows, event_places, event_rows, plot_years, year_rows

YEARS = pd.DataFrame(
    {"year": [2030, 2031, 2032, 2032], "submitter": ["all", "all", "all", "public"]}
).assign(reports=[4000, 9_000_000, 5_000_000, 7], segment=[0, 0, 1, 1])  # fmt: skip
FACTS = pd.DataFrame(
    [
        ("introduction", "all", "reports", 2030, 3000),
        ("reports_by_year", "all", "reports", 2030, 4000),
        ("feedback", "all", "reports", 2031, 1),
        ("introduction", "public", "reports", 2031, 1),
    ],
    columns=["table", "item", "measure", "year", "value"],
)
INCIDENTS = pd.DataFrame({"year": [2032, 2040], "incidents": [8_000_000, 1]})
EVENTS = pd.DataFrame({"year": [2030, 1990], "kind": ["law", "law"], "title": ["a law", "too early"]})
BUNDLED = pd.DataFrame({"year": [2032], "title": ["reports may be bundled"]})


def rows():
    return year_rows(YEARS, FACTS, INCIDENTS)


def test_a_year_has_both_of_its_counts_and_incidents_where_reports_hold_several():
    assert rows()[["counted", "year", "value", "segment"]].values.tolist() == [
        ["reports", 2030, 4000, 0], ["reports", 2031, 9_000_000, 0], ["reports", 2032, 5_000_000, 1],
        ["reports_elsewhere", 2030, 3000, 0], ["incidents", 2032, 8_000_000, 1],
    ]  # fmt: skip


def test_events_are_laws_and_breaks_of_counting_within_the_years():
    events = event_rows(EVENTS, BUNDLED, rows()["year"])
    assert events.values.tolist() == [[2030, "law", "a law"], [2032, "counting", "reports may be bundled"]]


def test_bars_are_named_where_a_year_has_two_counts_and_at_the_highest_and_the_ends():
    assert bar_labels(rows())[["year", "label"]].values.tolist() == [
        [2030, "4,000 or 3,000: two counts"],
        [2031, "9.0 million"],
        [2032, "8.0 million incidents\nin 5.0 million reports"],
    ]


def test_words_of_events_do_not_run_across_the_lines_of_others():
    places = event_places(event_rows(EVENTS, BUNDLED, rows()["year"]), rows())
    assert places["label"].tolist() == ["2032: reports may be bundled", "2030: a law"]
    assert places["side"].tolist() == ["right", "left"]
    assert places["height"].is_monotonic_decreasing
    assert places["at"].tolist() == [2031.5, 2030]  # a break lies between two bars


def test_the_axis_begins_at_zero_and_all_that_is_drawn_is_in_the_data():
    events = event_rows(EVENTS, BUNDLED, rows()["year"])
    (panel,), _ = drawn(plot_years(rows(), events))
    assert panel.limits[2] == 0
    assert panel.ticks[1][0] == "0"
    data = drawn_rows(rows(), events)
    assert data["counted"].tolist() == [*["reports"] * 3, "reports_elsewhere", "incidents", "event", "event"]
    assert data["event"].dropna().tolist() == ["a law", "reports may be bundled"]
    dashes = [line[1] for line in panel.lines if line[3] == color("ink")]
    assert [dash[1] for dash in dashes] == [8_000_000]


def test_for_a_narrow_screen_words_are_broken_into_lines_and_events_stand_farther_apart():
    events = event_rows(EVENTS, BUNDLED.assign(title="reports may be bundled into one"), rows()["year"])
    wide, narrow = event_places(events, rows()), event_places(events, rows(), NARROW)
    assert narrow["label"][0] == "2032: reports may be\nbundled into one"
    assert narrow["height"].diff().abs()[1] > 1.5 * wide["height"].diff().abs()[1]
    assert bar_labels(rows(), NARROW)["label"][2] == "8.0 million\nincidents\nin 5.0 million\nreports"
