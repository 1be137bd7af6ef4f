"""What the figures of growth show is what can be shown on their axes, and no more."""

import pandas as pd
import pytest
from drawn import drawn

from countback.look import color
from countback.look.plot import save_figure
from scripts.figures.growth_figures import (
    FORECASTS,
    breaks_data,
    drawn_growth,
    forecasts_data,
    growth_data,
    plot_forecasts,
    plot_growth,
    plot_rates,
    plot_residuals,
    rates_data,
    residuals_data,
)


def points_of(model, *points, grows="reports"):
    frame = pd.DataFrame(points, columns=["time", "fitted"]).astype({"time": float})
    return frame.assign(grows=grows, model=model)


def test_a_curve_begins_where_it_is_above_zero_and_the_two_lines_are_two():
    years = pd.DataFrame({"year": [2030, 2031], "submitter": "all", "reports": [5, 9]})
    points = points_of("two_lines", (2029, -3.0), (2030, 4.0), (2031, 9.0))
    data = growth_data(years, points, {2029, 2030, 2031}, fixed_break=2031)
    lines = data[data["series"] == "two_lines"]
    assert lines["year"].tolist() == [2030, 2031]
    assert lines["is_after_break"].tolist() == [False, True]


def test_a_model_that_is_not_drawn_has_no_line_in_the_data():
    years = pd.DataFrame({"year": [2030], "submitter": "all", "reports": [5]})
    points = pd.concat([points_of(model, (2030, 4.0)) for model in ("exponential", "nb_exponential")])
    assert growth_data(years, points, {2030}, 2031)["series"].tolist() == ["observed", "exponential"]


def test_a_curve_is_drawn_through_its_breaks_between_years():
    years = pd.DataFrame({"year": [2030, 2032], "submitter": "all", "reports": [5, 9]})
    points = points_of("log_two_breaks", (2030, 5.0), (2031.4, 5.5), (2032, 9.0))
    data = growth_data(years, points, {2030, 2032}, 2031)
    assert data.loc[data["series"] == "log_two_breaks", "year"].tolist() == [2030, 2031.4, 2032]
    panels, _ = drawn(plot_growth(data, NO_BREAKS, NO_CHANGES))
    (line,) = panels[-1].lines
    assert line[0] == 3


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
    assert data["mean_factor"].tolist() == pytest.approx([2.0])


NO_CHANGES = pd.DataFrame({"year": pd.Series(dtype="int64"), "title": pd.Series(dtype="string")})


def test_years_that_models_were_not_fitted_to_are_marked():
    years = pd.DataFrame({"year": [2030, 2031], "submitter": "all", "reports": [5, 2]})
    data = growth_data(years, points_of("exponential", (2030, 4.0)), {2030}, fixed_break=2031)
    assert data[["series", "is_fitted"]].values.tolist() == [
        ["observed", True], ["observed", False], ["exponential", True]
    ]  # fmt: skip


def rates(*rows):
    columns = ["model", "year", "reports", "identities_million", "reports_per_1000", "fitted_per_1000"]
    return pd.DataFrame(rows, columns=columns)


def test_each_rate_stands_once_beside_the_curve_that_is_drawn():
    data = rates_data(
        rates(
            ("exponential", 2030, 50, 10.0, 0.005, 0.001),
            ("log_two_breaks", 2031, 90, 20.0, 0.0045, None),
            ("log_two_breaks", 2030, 50, 10.0, 0.005, 0.006),
        ),
        pd.concat(
            [
                points_of("log_two_breaks", (2030, 0.006), (2030.5, 0.004), grows="per_1000"),
                points_of("log_two_breaks", (2030, 50.0)),
                points_of("exponential", (2030, 0.001), grows="per_1000"),
            ]
        ),
    )
    assert data.values.tolist() == [
        ["observed", True, 2030, 0.005], ["observed", False, 2031, 0.0045],
        ["log_two_breaks", True, 2030, 0.006], ["log_two_breaks", True, 2030.5, 0.004],
    ]  # fmt: skip


def test_a_project_without_identities_has_a_figure_without_rates(tmp_path):
    save_figure(plot_rates(rates_data(rates(), points_of("exponential")), NO_CHANGES), tmp_path / "rates.svg", "small")
    assert "<svg" in (tmp_path / "rates.svg").read_text()


INK, ACCENT, MUTED, PAPER = (color(name) for name in ("ink", "accent", "muted", "paper"))


def test_growth_is_dots_curves_and_breaks_with_the_ends_of_their_intervals():
    rows = [
        ("observed", False, 2020, 10), ("observed", False, 2026, 1000), ("exponential", False, 2020, 12),
        ("exponential", False, 2026, 900), ("two_lines", False, 2020, 9), ("two_lines", False, 2021, 9),
        ("two_lines", True, 2022, 90), ("two_lines", True, 2026, 950),
    ]  # fmt: skip
    data = pd.DataFrame(rows, columns=["series", "is_after_break", "year", "reports"])
    breaks = pd.DataFrame(
        [("log_two_breaks", 2022.5, 2022.0, 2023.0), ("broken_line", 2024.5, 2024.0, 2025.0)],
        columns=["model", "estimate", "low", "high"],
    )
    data = data.astype({"year": float, "reports": float}).assign(is_fitted=True)
    panels, titles = drawn(plot_growth(data, breaks, NO_CHANGES))
    assert titles == ("", "Reports per year (log scale)")
    exponential, two_lines, broken, two_breaks = panels
    for panel in panels:
        assert panel.points == {INK: [(2020, 1, 6.16), (2026, 3, 6.16)]}
        assert panel.limits == [2019.88, 2026.12, 0.13, 3.398]
    assert exponential.lines == [(2, [2020, 1.079, 2026, 2.954], 1.418, ACCENT)]
    assert two_lines.lines == [
        (2, [2020, 0.954, 2021, 0.954], 1.418, ACCENT), (2, [2022, 1.954, 2026, 2.978], 1.418, ACCENT)
    ]  # fmt: skip
    assert broken.words == [("Intervals of breaks", 2023.6, 0.326, "right", 8.0, MUTED)]
    assert broken.lines == [
        (2, [2024, 0.326, 2025, 0.326], 2.836, ACCENT), (2, [2024.5, 0.228, 2024.5, 0.424], 1.772, ACCENT)
    ]  # fmt: skip
    assert [line[1][:1] for line in two_breaks.lines] == [[2022], [2022.5]]
    assert panels[-1].ticks[0] == ["2020", "2025"]


def test_all_that_the_figure_of_growth_draws_is_in_its_data():
    observed = pd.DataFrame(
        [("observed", False, True, 2030.0, 5.0), ("exponential", False, True, 2030.0, 4.0)],
        columns=["series", "is_after_break", "is_fitted", "year", "reports"],
    )
    breaks = pd.DataFrame([("exponential", 2030.5, 2030.0, 2031.0)], columns=["model", "estimate", "low", "high"])
    data = drawn_growth(observed, breaks)
    assert data["drawn_as"].tolist() == ["count", "curve", "break"]
    assert data.loc[2, ["series", "year", "low", "high"]].tolist() == ["exponential", 2030.5, 2030.0, 2031.0]


def rates_drawn(observed, fitted):
    curve = [("log_two_breaks", True, 2020.0 + at, value) for at, value in enumerate(fitted)]
    dots = [("observed", at < len(fitted), 2020.0 + at, value) for at, value in enumerate(observed)]
    return pd.DataFrame([*dots, *curve], columns=["series", "is_fitted", "year", "reports_per_1000"])


def test_rates_are_dots_and_their_curve_is_named_where_it_is_steepest():
    data = rates_drawn([1.0, 2.0, 3.0], [1.0, 3.0, 3.5])
    (panel,), titles = drawn(plot_rates(data, NO_CHANGES))
    assert titles == ("", "Reports per 1,000 identities (log scale)")
    assert panel.words == [("Exponential, two estimated breaks", 2020.4, 0.477, "right", 8.5, ACCENT)]
    assert panel.points == {INK: [(2020, 0, 6.16), (2021, 0.301, 6.16), (2022, 0.477, 6.16)]}
    assert panel.lines == [(3, [2020, 0, 2022, 0.544], 1.241, ACCENT)]
    assert panel.ticks[1] == ["1", "2", "3"]


def test_forecasts_are_dots_by_model_and_horizon_with_the_mean_factor_of_error():
    rows = [("naive", 1, 0.5), ("naive", 1, 2.0), ("two_lines", 3, 4.0), ("naive", 3, 0.05), ("naive_drift", 3, 20.0)]
    panels, titles = drawn(plot_forecasts(pd.DataFrame(rows, columns=["model", "horizon", "ratio"])))
    assert titles == ("Forecast over what came (log scale), and the mean factor of error", "")
    assert [panel.words for panel in panels] == [
        [("×2.0", 1.643, 0, "center", 8.5, INK)],
        [(text, 1.643, row, "center", 8.5, INK) for text, row in [("×4.0", -7), ("×20.0", -1), ("×20.0", 0)]],
    ]
    assert [panel.points for panel in panels] == [
        {ACCENT: [(-0.301, 0, 7.07), (0.301, 0, 7.07)]},
        {ACCENT: [(0.602, -7, 7.07), (-1.301, 0, 7.07), (1.301, -1, 7.07)]},
    ]
    assert [panel.lines for panel in panels] == [[(2, [0, -7.35, 0, 0.35], 0.709, MUTED)]] * 2
    assert panels[0].ticks == (["1/10", "1/2", "1", "2", "10"], list(FORECASTS.values()))


def test_curves_and_forecasts_of_zero_are_not_on_a_logarithmic_axis():
    years = pd.DataFrame({"year": [2030, 2030], "submitter": ["all", "public"], "reports": [5, 4]})
    data = growth_data(years, points_of("exponential", (2030, 0.0), (2031, 0.5)), {2030, 2031}, 2030)
    assert data.values.tolist() == [["observed", False, True, 2030, 5], ["exponential", False, True, 2031, 0.5]]


def test_what_came_after_a_break_is_hollow_beyond_a_mark_that_says_what_changed_and_on_no_curve():
    data = rates_drawn([1.0, 2.0, 3.0], [1.0, 3.0])
    changes = pd.DataFrame({"year": [2022, 2030], "title": ["reports may be bundled", "another edition"]})
    (panel,), _ = drawn(plot_rates(data, changes))
    assert panel.points == {INK: [(2020, 0, 6.16), (2021, 0.301, 6.16)], PAPER: [(2022, 0.477, 10.18)]}
    assert [line[:2] for line in panel.lines if line[3] == ACCENT] == [(2, [2020, 0, 2021, 0.477])]
    (mark,) = [line for line in panel.lines if line[3] == MUTED]
    assert mark[1][::2] == [2021.5, 2021.5]
    assert panel.words[0][0] == "reports may be\nbundled"
    assert panel.words[0][1] < 2021.5
    (panel, *_), _ = drawn(plot_growth(growth_data(*after_break(), {2020, 2021}, 2021), NO_BREAKS, changes))
    assert [place[:2] for place in panel.points[PAPER]] == [(2022, 1)]


def after_break():
    years = pd.DataFrame({"year": [2020, 2021, 2022], "submitter": "all", "reports": [10, 100, 10]})
    return years, points_of("exponential", (2020, 10.0), (2021, 100.0))


NO_BREAKS = breaks_data(pd.DataFrame({name: [] for name in ("model", "parameter", "unit", "estimate", "low", "high")}))


def test_a_residual_is_what_came_over_what_the_curve_gives_and_a_line_below_zero_has_none():
    years = pd.DataFrame({"year": [2020, 2021], "submitter": ["all", "all"], "reports": [10, 100]})
    curves = pd.DataFrame(
        {
            "model": ["broken_line", "broken_line", "nb_broken_line"],
            "year": [2020, 2021, 2021],
            "fitted_reports": [-1.0, 50.0, 40.0],
        }
    )
    data = residuals_data(years, curves)
    assert data[["model", "year", "ratio"]].values.tolist() == [["broken_line", 2021, 2.0]]


def test_residuals_are_dots_about_one_in_a_panel_per_model():
    rows = [("exponential", 2020.0, 0.5), ("exponential", 2021.0, 2.0), ("broken_line", 2021.0, 4.0)]
    panels, titles = drawn(plot_residuals(pd.DataFrame(rows, columns=["model", "year", "ratio"])))
    assert titles == ("", "Reports over what the curve gives (log scale)")
    assert [panel.points[ACCENT] for panel in panels] == [
        [(2020, -0.301, 6.16), (2021, 0.301, 6.16)], [(2021, 0.602, 6.16)]
    ]  # fmt: skip
    assert panels[0].ticks[1] == ["1/2", "1", "2", "4"]
