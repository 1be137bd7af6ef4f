"""Claims on places: they turn with the year that is known last, and with the places that the configuration names."""

import pandas as pd
import pytest
from claimed import BUNDLED, NO_BREAKS, said

from countback.claims import world

PLACES = world.Places("Utopia", "Nowhere", 1)


def areas(*rows):
    frame = pd.DataFrame(rows, columns=["area", "year", "reports", "reports_per_100k"])
    return {"jurisdiction_areas": frame.assign(kind="continent", share=0.5, population_share=0.4)}


def test_leaps_are_of_rates_that_more_than_double_within_a_year():
    tables = areas(
        ("Utopia", 2031, 1, 10),
        ("Utopia", 2032, 1, 21),
        ("East", 2031, 1, 5),
        ("East", 2032, 1, 10),
        ("West", 2031, 1, 1),
        ("West", 2032, 1, 3),
    )
    assert (
        said(world.leaps(tables, PLACES))["area_rates.leaps"]
        == "those of the Utopia and West more than doubled from 2031 to 2032"
    )
    calm = areas(("East", 2031, 1, 5), ("East", 2032, 1, 6))
    assert said(world.leaps(calm, PLACES))["area_rates.leaps"] == "none more than doubled from one year to the next"


def test_the_continent_with_most_reports_is_of_the_last_year_whose_populations_are_known():
    tables = areas(("Utopia", 2031, 2, 10), ("East", 2031, 9, 5), ("East", 2032, 1, None), ("West", 2032, 9, None))
    frame = tables["jurisdiction_areas"]
    frame.loc[frame["year"] == 2032, "population_share"] = None
    found = said(world.largest_area(tables, PLACES))
    assert (found["largest_area.name"], found["largest_area.year"]) == ("East", 2031)
    assert found["largest_area.home_share"] == 0.5
    assert said(world.largest_area({"jurisdiction_areas": frame[frame["year"] == 2032]}, PLACES)) == {}


def test_the_course_of_reports_at_home_ends_where_their_unit_changes():
    counts = {2031: 5, 2032: 7, 2033: 40}
    rows = [(area, year, number, 1) for year, number in counts.items() for area in ("Utopia", "Nowhere")]
    facts = pd.DataFrame(
        [("user_locations", item, "reports", 2031, 6) for item in ("us", "unknown")],
        columns=["table", "item", "measure", "year", "value"],
    )
    found = said(world.home(areas(*rows) | {"ojjdp_facts": facts, "breaks": BUNDLED}, PLACES))
    assert (found["home.course"], found["home.highest_year"]) == ("rose in 2032", 2032)
    found = said(world.home(areas(*rows) | {"ojjdp_facts": facts, "breaks": NO_BREAKS}, PLACES))
    assert found["home.highest_year"] == 2033


def test_the_share_of_reports_abroad_is_told_by_both_documents():
    placed = pd.Series({"Utopia": 3.0, "Nowhere": 5.0, "East": 92.0})
    congress = pd.Series({"us": 4.0, "unknown": 5.0, "international": 91.0, "total": 100.0})
    found = said(world.abroad(placed, congress, PLACES))
    assert found == {"home.placed_abroad": pytest.approx(0.92), "home.congress_abroad": 0.91}
    assert set(said(world.abroad(placed, congress[["us", "unknown"]], PLACES))) == {"home.placed_abroad"}


def test_places_are_new_at_the_top_only_if_no_year_before_had_them_there():
    rows = [("AAA", "A", 2031, 1), ("BBB", "B", 2031, 2), ("AAA", "A", 2032, 2), ("BBB", "B", 2032, 1)]
    ranks = pd.DataFrame(rows, columns=["iso3", "name", "year", "rank"])
    found = said(world.new_at_top({"jurisdiction_ranks": ranks}, PLACES))
    assert found["ranks.new"] == "B is among the first 1 of that year, and was not in any year before"
    old = pd.concat([ranks, ranks.assign(year=ranks["year"] + 2)])
    assert said(world.new_at_top({"jurisdiction_ranks": old}, PLACES))["ranks.new"].startswith("none is among")


def test_the_first_places_and_small_ones_are_those_of_the_configuration():
    results = pd.DataFrame([("median_width_all", 81.0), ("other", 3.0)], columns=["parameter", "estimate"])
    places = world.Places("Utopia", "Nowhere", 10, 5000)
    found = said(world.limits({"jurisdiction_results": results}, places))
    assert found == {"ranks.top": 10, "ranks.floor": 5000, "ranks.half_width": 40}


def test_a_check_of_the_ranks_that_fails_is_said_to_fail():
    results = pd.DataFrame(
        [("neighboring_correlation", "estimated"), ("distant_correlation", "fails_check")],
        columns=["parameter", "status"],
    )
    found = said(world.checks({"jurisdiction_results": results}))
    assert found["rank_checks.neighboring"] == "as the model itself would leave it"
    assert found["rank_checks.distant"] == "which the model would not leave: the check fails"
