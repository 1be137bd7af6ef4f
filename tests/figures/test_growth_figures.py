"""What the figures of growth show is what can be shown on their axes, and no more."""

import pandas as pd
import pytest

from countback.look.plot import save_figure
from scripts.figures.growth_figures import breaks_data, forecasts_data, growth_data, plot_rates, rates_data


def test_a_curve_begins_where_it_is_above_zero_and_the_two_lines_are_two():
    years = pd.DataFrame({"year": [2030, 2031], "submitter": "all", "reports": [5, 9]})
    curves = pd.DataFrame(
        {"model": "two_lines", "year": [2029, 2030, 2031], "fitted_reports": [-3.0, 4.0, 9.0]},
    )
    data = growth_data(years, curves, fixed_break=2031)
    lines = data[data["series"] == "two_lines"]
    assert lines["year"].tolist() == [2030, 2031]
    assert lines["is_after_break"].tolist() == [False, True]


def test_a_model_that_is_not_drawn_has_no_line_in_the_data():
    years = pd.DataFrame({"year": [2030], "submitter": "all", "reports": [5]})
    curves = pd.DataFrame({"model": ["exponential", "nb_exponential"], "year": 2030, "fitted_reports": 4.0})
    assert growth_data(years, curves, 2031)["series"].tolist() == ["observed", "exponential"]


def test_a_break_whose_interval_has_no_end_is_not_drawn():
    models = pd.DataFrame(
        {
            "model": ["broken_line", "log_two_breaks", "exponential"],
            "parameter": ["break_year", "break_year_1", "rate"],
            "unit": ["year", "year", "log_reports"],
            "estimate": [2031.5, 2030.5, 0.3],
            "low": [2030.0, None, 0.2],
            "high": [2032.0, 2031.0, 0.4],
        }
    )
    assert breaks_data(models)["model"].tolist() == ["broken_line"]


def test_a_forecast_is_a_ratio_and_one_that_was_not_made_is_left_out():
    forecasts = pd.DataFrame(
        {"model": "naive", "origin": [2029, 2030], "horizon": 1, "year": [2030, 2031], "forecast": [5.0, None]}
    ).assign(actual=[10, 20], log_error=[-0.6931471805599453, None])
    data = forecasts_data(forecasts)
    assert data["year"].tolist() == [2030]
    assert data["ratio"].tolist() == pytest.approx([0.5])


def rates(*rows):
    columns = ["model", "year", "reports", "identities_million", "reports_per_1000", "fitted_per_1000"]
    return pd.DataFrame(rows, columns=columns)


def test_each_rate_stands_once_beside_the_curve_that_is_drawn():
    data = rates_data(
        rates(
            ("exponential", 2030, 50, 10.0, 0.005, 0.001),
            ("log_two_breaks", 2031, 90, 20.0, 0.0045, 0.004),
            ("log_two_breaks", 2030, 50, 10.0, 0.005, 0.006),
        )
    )
    assert data["year"].tolist() == [2030, 2031]
    assert data["fitted_per_1000"].tolist() == [0.006, 0.004]


def test_a_project_without_identities_has_a_figure_without_rates(tmp_path):
    save_figure(plot_rates(rates_data(rates())), tmp_path / "rates.svg", "small")
    assert "<svg" in (tmp_path / "rates.svg").read_text()
