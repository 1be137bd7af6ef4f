"""Draw how reports grew, and who made them.

- Both axes of counts and shares are logarithmic, and say so: growth by a factor is a straight line.
- A line that falls below zero cannot be drawn on such an axis; the curve starts where it turns positive.
- Labels stand beside their lines, moved apart where lines end close together.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from plotnine import (
    aes,
    annotate,
    geom_line,
    geom_point,
    geom_text,
    ggplot,
    labs,
    scale_color_manual,
    scale_x_continuous,
    scale_y_log10,
)

from countback.look import color, look, series_colors
from countback.plot import save_figure, spread, theme_countback
from countback.shim import run
from countback.tables import read_table, write_text
from countback.units import format_number

MODELS = {
    "exponential": "Exponential growth",
    "two_lines": "Two lines, fixed break",
    "broken_line": "One line, estimated break",
}
YEARS_APART = 5  # between labels of the axis
SMALLEST = 1e-4  # shares below this are left out: the axis would be mostly theirs
NAMED = 8  # more labels than this can't be told apart at print size


def growth_data(years: pd.DataFrame, curves: pd.DataFrame, fixed_break: int) -> pd.DataFrame:
    """Return what the growth figure shows: observed reports and each model's curve, where positive.

    The two lines are two: their halves are marked, so that nothing is drawn across the break.
    """
    observed = years.loc[years["submitter"] == "all", ["year", "reports"]].assign(series="observed")
    fitted = curves.rename(columns={"model": "series", "fitted_reports": "reports"})
    data = pd.concat([observed, fitted[fitted["reports"] > 0]], ignore_index=True)
    data["is_after_break"] = (data["series"] == "two_lines") & (data["year"] >= fixed_break)
    return data[["series", "is_after_break", "year", "reports"]].astype({"year": float, "reports": float})


def log_between(limits: tuple[float, float], share: float) -> float:
    """Return the number that lies at a share of the way up a logarithmic axis."""
    low, high = np.log10(limits)
    return float(10 ** (low + share * (high - low)))


def plot_growth(data: pd.DataFrame, break_years: tuple[float, float]) -> ggplot:
    """Return reports per year on a logarithmic axis, with the models' curves and the interval of the break."""
    data = data.assign(curve=data["series"] + data["is_after_break"].astype(str))
    observed, fitted = data[data["series"] == "observed"], data[data["series"] != "observed"]
    limits = (0.6 * data["reports"].min(), 2.0 * data["reports"].max())
    years = range(int(observed["year"].min()), int(observed["year"].max()) + 1, YEARS_APART)
    sans = look()["fonts"]["sans"]
    interval = dict(zip(("xmin", "xmax"), break_years, strict=True)) | dict(zip(("ymin", "ymax"), limits, strict=True))
    note = {"x": break_years[0] - 0.2, "y": log_between(limits, 0.05), "label": "95% interval of the break"}
    return (
        ggplot(mapping=aes("year", "reports"))
        + annotate("rect", fill=color("line"), alpha=0.6, **interval)
        + annotate("text", ha="right", size=7.5, color=color("muted"), family=sans, **note)
        + geom_line(aes(color="series", group="curve"), data=fitted, size=0.7)
        + geom_point(data=observed, color=color("ink"), size=1.6, stroke=0)
        + geom_text(
            aes("year", "at", label="label", color="series"),
            data=label_places(years[0], limits),
            ha="left",
            size=8,
            family=sans,
        )
        + scale_color_manual(values=dict(zip(MODELS, series_colors(), strict=False)))
        + scale_y_log10(
            labels=lambda breaks: [format_number(value, "count") for value in breaks], limits=limits, expand=(0, 0)
        )
        + scale_x_continuous(breaks=list(years), expand=(0.02, 0))
        + labs(x="", y="Reports per year (log scale)")
        + theme_countback()
    )


def label_places(first_year: int, limits: tuple[float, float]) -> pd.DataFrame:
    """Return the names of the models, below each other in the corner that growth leaves free."""
    heights = [log_between(limits, 0.91 - 0.07 * rank) for rank in range(len(MODELS))]
    return pd.DataFrame(
        {"series": list(MODELS), "label": list(MODELS.values()), "year": first_year + 0.2, "at": heights}
    )


def shares_data(shares: pd.DataFrame, organizations: pd.DataFrame) -> pd.DataFrame:
    """Return each corporation's share by year, the largest of the last year marked to be named."""
    data = shares.merge(organizations[["organization", "name"]], left_on="provider", right_on="organization")
    last = data[data["year"] == data["year"].max()].nlargest(NAMED, "share")["provider"]
    data["is_named"] = data["provider"].isin(last)
    return data[["provider", "name", "year", "share", "is_named"]].sort_values(["provider", "year"], ignore_index=True)


def plot_shares(data: pd.DataFrame) -> ggplot:
    """Return the corporations' shares of service providers' reports, on a logarithmic axis, labelled at their end."""
    data = data[data["share"] >= SMALLEST].astype({"share": float, "year": float})
    data["style"] = np.select(
        [data["share"].groupby(data["provider"]).transform("max") > 0.5, data["is_named"]], ["first", "named"], "other"
    )
    ends = data[data["is_named"] & (data["year"] == data["year"].max())].copy()
    ends["at"] = 10 ** np.array(spread(list(np.log10(ends["share"])), gap=0.24))
    ends["label"] = [
        f"{name} {format_number(share, 'share')}" for name, share in zip(ends["name"], ends["share"], strict=True)
    ]
    years = sorted(data["year"].unique())
    palette = {"first": color("accent"), "named": color("ink"), "other": color("line")}
    return (
        ggplot(data, aes("year", "share", group="provider", color="style"))
        + geom_line(size=0.6)
        + geom_point(size=1.1, stroke=0)
        + geom_text(
            aes(x="year", y="at", label="label"),
            data=ends,
            ha="left",
            nudge_x=0.08,
            size=8,
            family=look()["fonts"]["sans"],
        )
        + scale_color_manual(values=palette)
        + scale_y_log10(
            breaks=[10.0**power for power in range(-4, 1)],
            labels=lambda breaks: [f"{100 * value:,.6f}".rstrip("0").rstrip(".") + "%" for value in breaks],
        )
        + scale_x_continuous(
            breaks=years, limits=(years[0], years[-1] + 1.3), labels=lambda breaks: [f"{value:.0f}" for value in breaks]
        )
        + labs(x="", y="Share of service providers' reports (log scale)")
        + theme_countback()
    )


def main(inputs: dict[str, str], outputs: dict[str, str], fixed_break: int) -> None:
    """Draw both figures and write the data under them."""
    tables = {name: read_table(file) for name, file in inputs.items()}
    growth = growth_data(tables["years"], tables["curves"], fixed_break)
    models = tables["models"].set_index(["model", "parameter"])
    break_years = models.loc[("broken_line", "break_year")]
    save_figure(plot_growth(growth, (float(break_years["low"]), float(break_years["high"]))), outputs["growth"], "wide")
    shares = shares_data(tables["shares"], tables["organizations"])
    save_figure(plot_shares(shares), outputs["shares"], "wide")
    for name, data in {"growth": growth, "shares": shares}.items():
        write_text(data.to_csv(index=False, lineterminator="\n"), Path(outputs[f"{name}_data"]))


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in ("years", "curves", "models", "shares", "organizations")},
            dict(snakemake.output.items()),
            snakemake.params.fixed_break,
        ),
        snakemake.log[0],
    )
