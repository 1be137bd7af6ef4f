"""Claims on growth: the run before a break, the forms that can fit best, what they forecast, where they break."""

import pandas as pd
import pytest
from claimed import BUNDLED, NO_BREAKS, said

from countback.claims import growth


def test_years_of_another_unit_are_told_apart_from_the_run_before():
    years = pd.DataFrame({"year": [2031, 2032, 2033], "submitter": "all", "reports": [1000, 2000, 900]})
    tables = {"cybertipline_years": years, "breaks": BUNDLED}
    text = said(growth.since_break(tables))["reports.since_break"]
    assert (
        text
        == "From 2033 on, reports may be bundled, so later counts cannot be compared with earlier ones: 900 in 2033."
    )
    assert (
        said(growth.since_break(tables | {"breaks": NO_BREAKS}))["reports.since_break"]
        == "All years count the same unit."
    )


def criteria_of(*rows):
    return pd.DataFrame(rows, columns=["model", "is_best", "is_close"])


TWO_CAN_BE_BEST = criteria_of(
    ("nb_broken_line", True, True), ("nb_log_two_breaks", False, True), ("nb_exponential", False, False),
    ("nb_broken_line", False, True), ("nb_log_two_breaks", True, True), ("nb_exponential", False, False),
    ("nb_broken_line", True, True), ("nb_log_two_breaks", False, False), ("nb_exponential", False, False),
)  # fmt: skip


def growth_rows(*rows):
    frame = pd.DataFrame(rows, columns=["subset", "parameter", "estimate"])
    return frame.assign(status="estimated", note=pd.NA)


def forecasts_of(**ratios):
    rows = [(f"nb_{form}", "delta_aicc", distance) for distance, form in enumerate(ratios)]
    rows += [
        (f"nb_{form}, horizon {horizon}", "ratio_to_naive", ratio)
        for form, pair in ratios.items()
        for horizon, ratio in zip((1, 3), pair, strict=True)
    ]
    return growth_rows(*rows)


def test_no_form_of_growth_is_named_the_best_where_choices_decide_which_is():
    found = said(growth.criteria({"growth_criteria": TWO_CAN_BE_BEST}))
    assert (
        found["criteria.best"] == "the line with one break under two and exponential growth with two breaks under one"
    )
    assert found["criteria.close"] == (
        "The line with one break is the best or close to it under every choice. "
        "Exponential growth with two breaks is the best or close to it under some choices. "
        "Exponential growth is far from the best under every choice."
    )


WORSE = "worse than repeating the last year would"


@pytest.mark.parametrize(
    ("line", "two_breaks", "text"),
    [
        ((1.2, 1.1), (1.4, 1.3), f"every form that can fit best forecasts {WORSE}"),
        ((0.8, 0.9), (0.7, 0.6), "every form that can fit best forecasts better than repeating the last year would"),
        (
            (1.2, 0.8),
            (1.7, 1.2),
            f"one year ahead, every form that can fit best forecasts {WORSE}; "
            "three years ahead, exponential growth with two breaks does",
        ),
        (
            (0.8, 0.8),
            (1.7, 0.9),
            f"one year ahead, exponential growth with two breaks forecasts {WORSE}; three years ahead, none does",
        ),
    ],
)
def test_how_the_best_forms_forecast_is_said_of_all_that_can_be_best(line, two_breaks, text):
    results = forecasts_of(broken_line=line, log_two_breaks=two_breaks)
    found = said(growth.forms({"growth_results": results, "growth_criteria": TWO_CAN_BE_BEST}))
    assert found["best_forms.forecast"] == text
    assert found["best_form.name"] == "the line with one break"


def test_a_form_that_is_best_under_each_choice_is_spoken_of_alone():
    tables = {
        "growth_results": forecasts_of(broken_line=(1.2, 1.1), log_two_breaks=(0.5, 0.5)),
        "growth_criteria": criteria_of(("nb_broken_line", True, True), ("nb_log_two_breaks", False, False)),
    }
    found = said(growth.forms(tables))["best_forms.forecast"]
    assert found == "the form that fits best forecasts worse than repeating the last year would"


def test_how_far_forecasts_err_is_said_by_factors_that_readers_can_use():
    rows = growth_rows(
        ("naive, horizon 1", "mean_absolute_log_error", 0.0),
        ("broken_line, horizon 3", "mean_absolute_log_error", 0.6931471805599453),
        ("broken_line, horizon 3", "ratio_to_naive", 9.0),
    )
    found = said(growth.factors({"growth_results": rows}))
    assert found == {
        "forecast_factors.naive_next_year": 1.0,
        "forecast_factors.broken_line_in_three_years": pytest.approx(2.0),
    }


def refitted(*rows):
    return {"growth_refits": pd.DataFrame(rows, columns=["estimate", "low", "high"])}


def test_a_break_that_moves_within_its_intervals_is_said_to_move_less_than_they_allow():
    found = said(growth.refits(refitted((2030.2, 2029.0, 2032.0), (2031.1, 2030.0, 2032.0))))
    assert found["refits.range"] == "between 2030.2 and 2031.1"
    assert found["refits.moves"] == "less than each interval allows"
    found = said(growth.refits(refitted((2030.2, 2029.0, 2031.0), (2031.1, 2030.0, 2032.0))))
    assert found["refits.moves"] == "further than each interval allows"
    assert said(growth.refits(refitted((None, None, None)))) == {}


def test_only_intervals_that_hold_are_set_against_each_other_in_words():
    rows = growth_rows(
        ("broken_line and log_two_breaks", "overlap", 0.5), ("broken_line and nb_broken_line", "overlap", 0.0)
    )
    rows["note"] = [
        "The intervals are overlapping.",
        "The intervals are disjoint. Too narrow, by simulation: nb_broken_line.",
    ]
    rows["status"] = ["estimated", "fails_check"]
    assert said(growth.agreement_on_breaks({"growth_results": rows}))["breaks.that_hold"] == (
        "Of the intervals that hold in simulations, those of the line with one break and exponential growth with two "
        "breaks overlap."
    )
    none = said(growth.agreement_on_breaks({"growth_results": rows.iloc[1:]}))["breaks.that_hold"]
    assert none == "No two models have intervals that hold in simulations."
