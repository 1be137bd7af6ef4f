"""Draw how reports grew, and how far off the models' forecasts would have been.

- The axis of counts is logarithmic, and says so: growth by a factor is a straight line.
- Each model has a panel of its own, with the same dots: curves that cross are not told apart by color.
- Curves are drawn through the points of a fine grid that holds their breaks: they bend there, and nowhere else.
- What came after a break of a series is hollow, beside a mark that says what changed; no curve was fitted to it.
- A line that falls below zero cannot be drawn on such an axis; the curve starts where it turns positive.
- Of the models, those that the eye can tell apart are drawn; those fitted by likelihood lie close to them.
- A residual is what came over what the curve gives; of a curve below zero there is none.
- A forecast is shown as its ratio to what came: half and double lie equally far from right.
"""

from typing import Any

import numpy as np
import pandas as pd
from plotnine import (
    aes,
    annotate,
    facet_wrap,
    geom_hline,
    geom_line,
    geom_point,
    geom_segment,
    geom_text,
    geom_vline,
    ggplot,
    labs,
    scale_x_continuous,
    scale_x_log10,
    scale_y_continuous,
    scale_y_log10,
    theme,
)

from countback.breaks import breaks_of
from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, look
from countback.look.frame import framed
from countback.look.plot import (
    LABEL_PT,
    NOTE_PT,
    break_marks,
    save_figure,
    theme_countback,
    write_data,
)
from countback.text.units import format_number

MODELS = {
    "exponential": "Exponential growth",
    "two_lines": "Two lines, fixed break",
    "broken_line": "One line, estimated break",
    "log_two_breaks": "Exponential, two estimated breaks",
}
FORECASTS = {
    "naive": "Last year again",
    "naive_drift": "Last year and mean step",
    "naive_growth": "Last year and mean growth",
    "exponential": "Exponential growth",
    "log_broken_line": "Exponential, one break",
    "log_two_breaks": "Exponential, two breaks",
    "broken_line": "One line, estimated break",
    "two_lines": "Two lines, break known",
}
REPORTS, IDENTITIES = "cybertipline_reports", "social_media_identities"  # tables whose breaks are marked
RATES_MODEL = "log_two_breaks"  # of the forms, the one that describes the rates best
YEARS_APART = 5  # between labels of the axis


def growth_data(years: pd.DataFrame, points: pd.DataFrame, fitted_years: set[int], fixed_break: int) -> pd.DataFrame:
    """Return what the growth figure shows: observed reports and each model's curve, where positive.

    The two lines are two: their halves are marked, so that nothing is drawn across the break. Years that the models
    were not fitted to, since they mean something else, are marked too.

    Parameters
    ----------
    years
        The table `cybertipline_years`.
    points
        The table `growth_points`.
    fitted_years
        Years that the models were fitted to.
    fixed_break
        First year of the second of the two lines.
    """
    observed = years.loc[years["submitter"] == "all", ["year", "reports"]].assign(series="observed")
    observed["is_fitted"] = observed["year"].isin(fitted_years)
    fitted = points[(points["grows"] == "reports") & points["model"].isin(list(MODELS))]
    fitted = fitted.rename(columns={"model": "series", "time": "year", "fitted": "reports"})
    data = pd.concat([observed, fitted[fitted["reports"] > 0]], ignore_index=True)
    data["is_after_break"] = (data["series"] == "two_lines") & (data["year"] >= fixed_break)
    data["is_fitted"] = data["is_fitted"].fillna(True).astype(bool)
    return data[["series", "is_after_break", "is_fitted", "year", "reports"]].astype({"year": float, "reports": float})


def log_between(limits: tuple[float, float], share: float) -> float:
    """Return the number that lies at a share of the way up a logarithmic axis."""
    low, high = np.log10(limits)
    return float(10 ** (low + share * (high - low)))


def breaks_data(models: pd.DataFrame) -> pd.DataFrame:
    """Return the breaks of the models drawn, with the ends of their intervals; one without an end is left out."""
    breaks = models[(models["unit"] == "year") & models["model"].isin(list(MODELS))]
    return breaks.dropna(subset=["low", "high"])[["model", "parameter", "estimate", "low", "high"]].reset_index(
        drop=True
    )


def dots(data: pd.DataFrame, y: str) -> list[Any]:
    """Return the dots of observed years: full where models were fitted to them, else hollow."""
    fitted, others = data[data["is_fitted"]], data[~data["is_fitted"]]
    return [
        geom_point(aes("year", y), data=fitted, color=color("ink"), size=1.4, stroke=0),
        geom_point(aes("year", y), data=others, color=color("ink"), fill=color("paper"), size=1.3, stroke=0.5),
    ]


def drawn_growth(data: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return all that the growth figure draws, as one table: counts, curves, and breaks with their intervals."""
    lines = data.assign(drawn_as=np.where(data["series"] == "observed", "count", "curve"))
    bars = breaks.rename(columns={"model": "series", "estimate": "year"}).assign(drawn_as="break")
    table = pd.concat([lines, bars], ignore_index=True)
    return table[["drawn_as", "series", "is_after_break", "is_fitted", "year", "reports", "low", "high"]]


def titled(models: pd.Series) -> pd.Categorical:
    """Return the models' titles, in the order of panels."""
    return pd.Categorical(models.map(MODELS), list(MODELS.values()))


def plot_growth(data: pd.DataFrame, breaks: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return reports per year on a logarithmic axis, in a panel per model with its curve and intervals of its breaks.

    Parameters
    ----------
    data
        What `growth_data` returns.
    breaks
        The breaks that models estimate.
    changes
        The breaks of the series itself, from which on a report means something else.
    """
    data = data.assign(curve=data["series"] + data["is_after_break"].astype(str))
    observed, fitted = data[data["series"] == "observed"], data[data["series"] != "observed"]
    limits = (0.15 * data["reports"].min(), 2.5 * data["reports"].max())
    years = range(int(observed["year"].min()), int(observed["year"].max()) + 1, YEARS_APART)
    foot = log_between(limits, 0.06)
    bars = breaks.assign(title=titled(breaks["model"])).astype({"low": float, "high": float})
    said = bars.loc[bars.groupby("model")["low"].idxmin()].assign(label="Intervals of breaks")
    first = {"title": titled(pd.Series(list(MODELS)))[:1]}
    return (
        ggplot(mapping=aes("year", "reports"))
        + facet_wrap("title", ncol=2)
        + geom_segment(
            aes("low", "at", xend="high", yend="at"), data=bars.assign(at=foot), color=color("accent"), size=1.6
        )
        + geom_segment(
            aes("estimate", "low_end", xend="estimate", yend="high_end"),
            data=bars.assign(low_end=log_between(limits, 0.03), high_end=log_between(limits, 0.09)),
            color=color("accent"),
            size=1.0,
        )
        + geom_text(
            aes("low", "at", label="label"),
            data=said.assign(at=foot),
            ha="right",
            nudge_x=-0.4,
            size=NOTE_PT,
            color=color("muted"),
            family=look()["fonts"]["sans"],
        )
        + geom_line(
            aes(group="curve"), data=fitted.assign(title=titled(fitted["series"])), color=color("accent"), size=0.8
        )
        + break_marks(changes, list(observed["year"]), [log_between(limits, share) for share in (0.3, 0.45)], first)
        + dots(observed, "reports")
        + scale_y_log10(
            labels=lambda breaks: [format_number(value, "count") for value in breaks], limits=limits, expand=(0, 0)
        )
        + scale_x_continuous(breaks=list(years), expand=(0.02, 0))
        + labs(x="", y="Reports per year (log scale)")
        + theme_countback()
        + theme(panel_spacing=0.03)
    )


def rates_data(rates: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return reports per 1,000 social media identities by year, and the curve of the model drawn, where positive.

    Parameters
    ----------
    rates
        The table `growth_rates`.
    points
        The table `growth_points`.
    """
    observed = rates[rates["model"] == RATES_MODEL].sort_values("year").assign(series="observed")
    observed["is_fitted"] = observed["fitted_per_1000"].notna()
    curve = points[(points["grows"] == "per_1000") & (points["model"] == RATES_MODEL) & (points["fitted"] > 0)]
    curve = curve.rename(columns={"model": "series", "time": "year", "fitted": "reports_per_1000"})
    columns = ["series", "is_fitted", "year", "reports_per_1000"]
    data = pd.concat([observed[columns], curve.assign(is_fitted=True)[columns]], ignore_index=True)
    return data.astype({"is_fitted": bool, "year": float, "reports_per_1000": float})


def plot_rates(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return reports per 1,000 social media identities on a logarithmic axis, with the model's curve.

    Parameters
    ----------
    data
        What `rates_data` returns.
    changes
        The breaks of the reports and of the identities.
    """
    observed, curve = data[data["series"] == "observed"], data[data["series"] != "observed"]
    # where the curve is steepest there is room on its left
    rise = np.log(curve["reports_per_1000"]).diff() / curve["year"].diff()
    said = curve[rise >= rise.max() - 1e-6].tail(1).assign(label=MODELS[RATES_MODEL])
    return (
        ggplot(data, aes("year", "reports_per_1000"))
        + geom_line(data=curve, color=color("accent"), size=0.7)
        + break_marks(
            changes, list(observed["year"]), [0.8 * observed["reports_per_1000"].median() * part for part in (1, 0.6)]
        )
        + dots(observed, "reports_per_1000")
        + geom_text(
            aes(label="label"),
            data=said,
            ha="right",
            nudge_x=-0.6,
            size=LABEL_PT,
            color=color("accent"),
            family=look()["fonts"]["sans"],
        )
        + scale_y_log10(labels=lambda breaks: [f"{value:g}" for value in breaks], minor_breaks=[])
        + scale_x_continuous(labels=lambda breaks: [f"{value:.0f}" for value in breaks], minor_breaks=[])
        + labs(x="", y="Reports per 1,000 identities (log scale)")
        + theme_countback()
    )


def residuals_data(years: pd.DataFrame, curves: pd.DataFrame) -> pd.DataFrame:
    """Return for each model drawn and year the reports over what its curve gives, where that is above zero.

    Parameters
    ----------
    years
        The table `cybertipline_years`.
    curves
        The table `growth_curves`.
    """
    observed = years.loc[years["submitter"] == "all", ["year", "reports"]]
    drawn = curves[curves["model"].isin(list(MODELS)) & (curves["fitted_reports"] > 0)]
    data = drawn.merge(observed, on="year")
    data["ratio"] = data["reports"].astype(float) / data["fitted_reports"].astype(float)
    return data[["model", "year", "reports", "fitted_reports", "ratio"]].astype({"year": float})


def plot_residuals(data: pd.DataFrame) -> ggplot:
    """Return what came over what the curve gives, by year, on a logarithmic axis, one panel per model."""
    data = data.assign(title=pd.Categorical(data["model"].map(MODELS), list(MODELS.values())))
    fractions = {0.1: "1/10", 0.25: "1/4", 0.5: "1/2", 1.0: "1", 2.0: "2", 4.0: "4", 10.0: "10"}
    return (
        ggplot(data, aes("year", "ratio"))
        + facet_wrap("title", ncol=2)
        + geom_hline(yintercept=1, color=color("muted"), size=0.4)
        + geom_segment(aes(xend="year", yend=1), color=color("accent"), size=0.4)
        + geom_point(color=color("accent"), size=1.4, stroke=0)
        + scale_y_log10(
            breaks=list(fractions), labels=lambda shown: [fractions[round(at, 6)] for at in shown], minor_breaks=[]
        )
        + scale_x_continuous(labels=lambda breaks: [f"{value:.0f}" for value in breaks], minor_breaks=[])
        + labs(x="", y="Reports over what the curve gives (log scale)")
        + theme_countback()
    )


def forecasts_data(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the forecasts drawn as ratios to what came, where they are above zero, and each model's mean factor of
    error."""
    data = forecasts[forecasts["model"].isin(list(FORECASTS)) & forecasts["log_error"].notna()].copy()
    errors = data["log_error"].astype(float)
    data["ratio"] = np.exp(errors)
    data["mean_factor"] = np.exp(errors.abs().groupby([data["model"], data["horizon"]]).transform("mean"))
    columns = ["model", "origin", "horizon", "year", "forecast", "actual", "ratio", "mean_factor"]
    return data[columns].reset_index(drop=True)


def plot_forecasts(data: pd.DataFrame) -> ggplot:
    """Return each forecast over what came, by model and horizon, and by what factor each model erred on average."""
    rows = {model: -rank for rank, model in enumerate(FORECASTS)}
    data = data.assign(row=data["model"].map(rows).astype(float))
    data["ahead"] = [
        f"{horizon} year{'s' if horizon > 1 else ''} ahead" for horizon in data["horizon"].astype(int).tolist()
    ]
    order = data.sort_values("horizon")["ahead"].unique().tolist()
    data["ahead"] = pd.Categorical(data["ahead"], order)
    errors = data.assign(size=np.abs(np.log(data["ratio"])))
    errors = errors.groupby(["ahead", "row"], observed=True, as_index=False)["size"].mean()
    largest = float(data["ratio"].max())
    errors = errors.assign(ratio=2.2 * largest, label=[f"×{value:.1f}" for value in np.exp(errors["size"])])
    fractions = {0.1: "1/10", 0.5: "1/2", 1.0: "1", 2.0: "2", 10.0: "10"}
    return (
        ggplot(data, aes("ratio", "row"))
        + facet_wrap("ahead")
        # a ground for the numbers: lines of the grid would strike them through
        + annotate("rect", xmin=1.5 * largest, xmax=np.inf, ymin=-np.inf, ymax=np.inf, fill=color("paper"))
        + geom_vline(xintercept=1, color=color("muted"), size=0.4)
        + geom_point(color=color("accent"), size=1.5, stroke=0, alpha=0.65)
        + geom_text(
            aes(label="label"),
            data=errors,
            size=LABEL_PT,
            color=color("ink"),
            family=look()["fonts"]["sans"],
        )
        + scale_x_log10(breaks=list(fractions), labels=list(fractions.values()))
        + scale_y_continuous(breaks=list(rows.values()), labels=list(FORECASTS.values()), minor_breaks=[])
        + labs(x="Forecast over what came (log scale), and the mean factor of error", y="")
        + theme_countback()
        + theme(panel_spacing=0.03)
    )


def main(inputs: dict[str, str], outputs: dict[str, str], fixed_break: int) -> None:
    """Draw the figures and write the data under them."""
    tables = {name: read_table(file) for name, file in inputs.items()}
    of_reports = breaks_of(REPORTS, tables["changes"])
    fitted_years = set(tables["curves"]["year"].astype(int))
    growth = growth_data(tables["years"], tables["points"], fitted_years, fixed_break)
    breaks = breaks_data(tables["models"])
    of_years = growth.loc[growth["series"] == "observed", "year"]
    frame = framed("growth", "Reports per year (dots) and the curve of each model, on a logarithmic scale", of_years)
    save_figure(plot_growth(growth, breaks, of_reports), outputs["growth"], "tall", frame)
    forecasts = forecasts_data(tables["forecasts"])
    frame = framed("forecasts", "Each forecast over the reports that came, on a logarithmic scale", forecasts["year"])
    save_figure(plot_forecasts(forecasts), outputs["forecasts"], "small", frame)
    rates = rates_data(tables["rates"], tables["points"])
    of_rates = breaks_of([REPORTS, IDENTITIES], tables["changes"])
    what = "Reports per 1,000 user identities, on a logarithmic scale"
    frame = framed("growth_rates", what, rates["year"], "Identities counted by Kepios: identities, not people.")
    save_figure(plot_rates(rates, of_rates), outputs["rates"], "small", frame)
    residuals = residuals_data(tables["years"], tables["curves"])
    what = "Reports over what the curve of each model gives, on a logarithmic scale"
    save_figure(
        plot_residuals(residuals), outputs["residuals"], "wide", framed("growth_residuals", what, residuals["year"])
    )
    data_of = {"growth": drawn_growth(growth, breaks), "forecasts": forecasts, "rates": rates, "residuals": residuals}
    for name, data in data_of.items():
        write_data(data, outputs[f"{name}_data"])


if __name__ == "__main__":
    run(
        lambda: main(
            {
                name: snakemake.input[name]
                for name in ("years", "curves", "points", "models", "forecasts", "rates", "changes")
            },
            dict(snakemake.output.items()),
            snakemake.params.fixed_break,
        ),
        snakemake.log[0],
    )
