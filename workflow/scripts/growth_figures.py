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


def plot_growth(data: pd.DataFrame, break_years: tuple[float, float]) -> ggplot:
    """Return reports per year on a logarithmic axis, with the models' curves and the interval of the break."""
    data = data.assign(curve=data["series"] + data["is_after_break"].astype(str))
    observed, fitted = data[data["series"] == "observed"], data[data["series"] != "observed"]
    first = fitted.sort_values("year").groupby("series", as_index=False).first()
    first = first.assign(label=first["series"].map(MODELS), at=first["reports"])
    colors = dict(zip(MODELS, series_colors(), strict=False))
    sans = look()["fonts"]["sans"]
    return (
        ggplot(mapping=aes("year", "reports"))
        + annotate("rect", xmin=break_years[0], xmax=break_years[1], ymin=3e3, ymax=1e8, fill=color("line"), alpha=0.6)
        + annotate(
            "text",
            x=break_years[0] - 0.2,
            y=5e3,
            label="95% interval of the break",
            ha="right",
            size=7.5,
            color=color("muted"),
            family=sans,
        )
        + geom_line(aes(color="series", group="curve"), data=fitted, size=0.7)
        + geom_point(data=observed, color=color("ink"), size=1.6, stroke=0)
        + geom_text(
            aes(y="at", label="label", color="series"), data=label_places(first), ha="left", size=8, family=sans
        )
        + scale_color_manual(values=colors)
        + scale_y_log10(
            labels=lambda breaks: [format_number(value, "count") for value in breaks], limits=(3e3, 1e8), expand=(0, 0)
        )
        + scale_x_continuous(breaks=list(range(1998, 2030, 5)), expand=(0.02, 0))
        + labs(x="", y="Reports per year (log scale)")
        + theme_countback()
    )


def label_places(first: pd.DataFrame) -> pd.DataFrame:
    """Return labels of curves placed in the free upper left corner, in the order of the curves' ends."""
    order = list(MODELS)
    rows = first.assign(rank=first["series"].map(order.index)).sort_values("rank")
    return rows.assign(year=1998.2, at=10 ** (7.6 - 0.32 * rows["rank"].astype(float)))


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
