"""Draw how often intervals of each method hold, under errors as assumed and as observed, against what they promise.

- One row per method, by topic, the lowest coverage under observed errors on top of its topic.
- A bar is the coverage give or take two standard errors of the simulation.
"""

import pandas as pd
from plotnine import (
    aes,
    annotate,
    element_blank,
    element_text,
    geom_point,
    geom_segment,
    geom_vline,
    ggplot,
    labs,
    scale_fill_manual,
    scale_x_continuous,
    scale_y_continuous,
    theme,
)

from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color
from countback.look.frame import framed
from countback.look.plot import NOTE_PT, save_figure, theme_countback, write_data
from countback.text.units import format_number

ERRORS = {"as_observed": "Errors as observed", "as_assumed": "Errors as the method assumes"}


def coverage_data(coverage: pd.DataFrame, methods: pd.DataFrame) -> pd.DataFrame:
    """Return the coverage of each method under each kind of errors, with titles, the lowest first within topics."""
    data = coverage.merge(methods[["interval_method", "topic", "title"]], on="interval_method", validate="many_to_one")
    data["errors_title"] = data["errors"].map(ERRORS)
    worst = data[data["errors"] == "as_observed"].set_index("interval_method")["held_share"]
    data["order"] = data["interval_method"].map(worst).astype(float)
    data = data.sort_values(["topic", "order", "interval_method", "errors"], ignore_index=True)
    held, error = data["held_share"].astype(float), data["held_share_error"].astype(float)
    data["low"], data["high"] = (held - 2 * error).clip(lower=0), (held + 2 * error).clip(upper=1)
    shown = ["topic", "interval_method", "title", "errors", "errors_title", "nominal", "held_share", "held_share_error"]
    return data[[*shown, "low", "high", "n_draws"]]


def plot_coverage(data: pd.DataFrame, tolerance: float) -> ggplot:
    """Return a row per method with its two coverages; the band is what may be called by the nominal coverage."""
    data = data.astype({"held_share": float, "held_share_error": float, "nominal": float})
    data["label"] = data["topic"].str.capitalize() + ": " + data["title"]
    labels = list(dict.fromkeys(data["label"]))[::-1]
    beside = data["errors"].map({"as_observed": -0.14, "as_assumed": 0.14}).astype(float)
    data["row"] = data["label"].map(labels.index) + beside
    nominal = float(data["nominal"].iloc[0])
    fills = {ERRORS["as_observed"]: color("accent"), ERRORS["as_assumed"]: color("paper")}
    return (
        ggplot(data, aes("held_share", "row"))
        + annotate("rect", xmin=nominal - tolerance, xmax=1, ymin=-0.6, ymax=len(labels) - 0.4, fill=color("panel"))
        + geom_vline(xintercept=nominal, color=color("ink"), size=0.5)
        + geom_segment(aes("low", "row", xend="high", yend="row"), color=color("accent"), size=0.5)
        + geom_point(aes(fill="errors_title"), color=color("accent"), size=2)
        + scale_x_continuous(labels=lambda breaks: [format_number(float(value), "share", 0) for value in breaks])
        + scale_y_continuous(breaks=list(range(len(labels))), labels=labels, expand=(0, 0.6))
        + scale_fill_manual(values=fills, limits=list(fills))
        + labs(x="Share of simulated intervals that hold the truth", y="", fill="")
        + theme_countback()
        + theme(legend_position="top", panel_grid_major_y=element_blank(), axis_text_y=element_text(size=NOTE_PT))
    )


def main(coverage: str, methods: str, figure: str, data: str, tolerance: float) -> None:
    """Draw the figure and write the data under it."""
    table = coverage_data(read_table(coverage), read_table(methods))
    nominal = format_number(float(table["nominal"].iloc[0]), "share", 0)
    what = f"Share of simulated intervals that hold the truth, by method; all are meant to hold in {nominal}"
    save_figure(plot_coverage(table, tolerance), figure, "rows", framed("interval_coverage", what))
    write_data(table, data)


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.coverage,
            snakemake.input.methods,
            snakemake.output.figure,
            snakemake.output.data,
            snakemake.params.tolerance,
        ),
        snakemake.log[0],
    )
