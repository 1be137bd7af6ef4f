"""A specification curve shows every specification with all that it takes, and the printed one set off."""

import pandas as pd
import pytest

from countback.look import color
from countback.look.frame import framed
from countback.look.plot import save_drawing
from scripts.figures import coverage_figure
from scripts.figures import specification_figures as figures

CHOICES = pd.DataFrame(
    [
        ("growth", "form", "line", True, "Form", "Line", "r"),
        ("growth", "form", "curve", False, "Form", "Curve", "r"),
        ("growth", "first", "all", True, "Years", "All", "r"),
        ("ranks", "floor", "none", True, "Floor", "All", "r"),
    ],
    columns=["question", "dimension", "option", "is_chosen", "dimension_title", "title", "reason"],
)


def specifications(*estimates: float, parameter: str = "growth") -> pd.DataFrame:
    """Return specifications with these results, the second being the one that is printed."""
    rows = [("growth", parameter, n, one, n == 2, "share") for n, one in enumerate(estimates, 1)]
    frame = pd.DataFrame(rows, columns=["question", "parameter", "specification", "estimate", "is_chosen", "unit"])
    return frame.assign(low=pd.NA, high=pd.NA).astype({"low": "Float64", "high": "Float64"})


OPTIONS = pd.DataFrame(
    [
        ("growth", parameter, number, dimension, option)
        for parameter in ("growth", "year")
        for number, form in ((1, "curve"), (2, "line"))
        for dimension, option in (("form", form), ("first", "all"))
    ],
    columns=["question", "parameter", "specification", "dimension", "option"],
)


def test_the_data_under_the_figure_hold_every_option_of_every_specification_of_the_first_parameter() -> None:
    both = pd.concat([specifications(0.1, 0.2), specifications(2013, 2014, parameter="year")])
    data = figures.drawn(both, OPTIONS, CHOICES)
    assert set(data["parameter"]) == {"growth"}
    assert data[["specification", "dimension", "title"]].values.tolist() == [
        [1, "form", "Curve"],
        [1, "first", "All"],
        [2, "form", "Line"],
        [2, "first", "All"],
    ]


def test_options_stand_below_what_is_chosen_in_the_order_of_the_table_and_others_questions_are_left_out() -> None:
    data = figures.drawn(specifications(0.1, 0.2), OPTIONS, CHOICES)
    rows = figures.option_rows(data.assign(row=data["dimension"] + "." + data["option"]), CHOICES)
    assert list(rows.values())[::-1] == ["Form:", "Line", "Curve", "Years:", "All"]


@pytest.mark.parametrize(("estimates", "label"), [((0.1, 0.2), "Result"), ((0.001, 0.2), "Result (log scale)")])
def test_results_over_orders_of_magnitude_have_a_logarithmic_axis(estimates, label) -> None:
    curve = specifications(*estimates).astype({"low": float, "high": float})
    assert figures.plot_curve(curve).labels.y == label


def test_the_printed_specification_is_set_off(tmp_path) -> None:
    data = figures.drawn(specifications(0.1, 0.2), OPTIONS, CHOICES)
    save_drawing(
        lambda: figures.draw(data, CHOICES, framed("growth_specifications", "Results")), tmp_path / "curve.svg"
    )
    assert color("accent") in (tmp_path / "curve.svg").read_text().lower()


def test_the_coverage_of_each_method_is_shown_under_both_kinds_of_errors_the_worst_first(tmp_path) -> None:
    methods = pd.DataFrame({"interval_method": ["good", "bad"], "topic": "growth", "title": ["Good", "Bad"]})
    coverage = pd.DataFrame(
        [
            (name, errors, 0.95, held, 0.01, 100)
            for name, errors, held in [
                ("good", "as_assumed", 0.95),
                ("good", "as_observed", 0.94),
                ("bad", "as_assumed", 0.95),
                ("bad", "as_observed", 0.7),
            ]
        ],
        columns=["interval_method", "errors", "nominal", "held_share", "held_share_error", "n_draws"],
    )
    data = coverage_figure.coverage_data(coverage, methods)
    assert data["title"].tolist() == ["Bad", "Bad", "Good", "Good"]
    save_drawing(lambda: coverage_figure.plot_coverage(data, 0.02).draw(), tmp_path / "coverage.svg")
    assert (tmp_path / "coverage.svg").stat().st_size > 1000
