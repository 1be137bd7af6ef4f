"""Draw what reports are filed under, and how many of them agencies can act upon.

- Kinds of exploitation have a panel and a scale of their own, which begins at zero; the kind that nearly all reports
  are filed under is left out, since all others together are a small part of it: its share is in the table.
- Bars of years that mean something else by a report are hollow, beyond a dashed line.
- Shares of actionable reports go on as dots across such a line, since both kinds can still be set against each other.
"""

from pathlib import Path
from textwrap import fill

import numpy as np
import pandas as pd
from plotnine import (
    aes,
    element_blank,
    element_text,
    facet_wrap,
    geom_col,
    geom_line,
    geom_point,
    geom_text,
    geom_vline,
    ggplot,
    labs,
    scale_color_manual,
    scale_fill_manual,
    scale_linetype_manual,
    scale_x_continuous,
    scale_y_continuous,
    theme,
)

from countback.breaks import breaks_of, breaks_within, segments
from countback.io.script import run_on_files
from countback.io.tables import read_table
from countback.look import color, look, series_colors
from countback.look.frame import framed
from countback.look.plot import (
    LABEL_PT,
    NOTE_PT,
    break_marks,
    plot_nothing,
    save_figure,
    spread,
    theme_countback,
    write_data,
)
from countback.text.units import format_number

SERIES = "cybertipline_reports"  # the table whose breaks are marked
TABLE = "exploitation_kinds"
TITLE_WIDTH = 27  # letters in a line of a panel's title
MOST = 0.5  # a kind with a larger share of a year's reports would hide all others


def kinds_data(contents: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return reports by kind and year, the kind with most reports in the last year first, without the one that has
    nearly all; `segment` tells years apart that mean something else."""
    rows = contents[(contents["table"] == TABLE) & (contents["measure"] == "reports")]
    largest = rows.loc[rows["share"].astype(float) > MOST, "item"]
    data = rows.loc[~rows["item"].isin(largest), ["item", "label", "year", "value", "share"]]
    last = data[data["year"] == data["year"].max()].set_index("item")["value"]
    data = data.assign(segment=segments(data["year"], changes), order=-data["item"].map(last).astype(float))
    return data.sort_values(["order", "item", "year"], ignore_index=True).drop(columns="order")


def plot_kinds(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return bars by year in a panel per kind, the first and the last year with their numbers."""
    if data.empty:
        return plot_nothing("No kinds of exploitation listed")
    data = data.astype({"value": float, "year": float})
    order = [fill(label, TITLE_WIDTH) for label in data["label"].drop_duplicates()]
    data["panel"] = pd.Categorical([fill(label, TITLE_WIDTH) for label in data["label"]], order)
    data["since"] = np.where(data["segment"] == 0, "same", "other")
    years = sorted(data["year"].unique())
    said = data[data["year"].isin([years[0], years[-1]])].assign(
        label=lambda rows: [format_number(value, "count") for value in rows["value"]],
        side=lambda rows: np.where(rows["year"] == years[-1], "left", "center"),
        at=lambda rows: rows["year"] - np.where(rows["year"] == years[-1], 0.35, 0.0),
    )
    marks = breaks_within(changes, years)
    return (
        ggplot(data, aes("year", "value"))
        + facet_wrap("panel", scales="free_y", ncol=4)
        + geom_vline(aes(xintercept="at"), data=marks, color=color("muted"), size=0.4, linetype="dashed")
        + geom_col(aes(fill="since"), color=color("accent"), size=0.4, width=0.7)
        # the last number begins beside the dashed line, which would cross it
        + [
            geom_text(
                aes("at", label="label"), data=part, ha=side, va="bottom", size=NOTE_PT, family=look()["fonts"]["sans"]
            )
            for side, part in said.groupby("side")
        ]
        + scale_fill_manual(values={"same": color("accent"), "other": color("paper")})
        + scale_x_continuous(
            breaks=years[::2], labels=[f"{year:.0f}" for year in years[::2]], expand=(0.12, 0, 0.22, 0)
        )
        + scale_y_continuous(breaks=[], labels=[], expand=(0, 0, 0.2, 0))
        + labs(x="", y="")
        + theme_countback()
        + theme(
            panel_grid_major_x=element_blank(),
            panel_spacing=0.02,
            strip_text=element_text(size=NOTE_PT, weight="semibold", color=color("ink"), ha="left"),
        )
    )


def actionable_data(recipients: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the actionable share of reports by recipient and year; `segment` tells years apart that mean something
    else."""
    data = recipients[["recipient", "label", "year", "actionable_reports", "reports", "actionable_share"]]
    data = data.assign(segment=segments(data["year"], changes))
    return data.sort_values(["recipient", "year"], ignore_index=True)


def plot_actionable(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return a line per recipient, named at its end."""
    if data.empty:
        return plot_nothing("No recipients listed")
    data = data.astype({"actionable_share": float, "year": float})
    data["stretch"] = data["recipient"] + " " + data["segment"].astype(str)
    years = sorted(data["year"].unique())
    ends = data.loc[data.groupby("recipient")["year"].idxmax()].copy()
    ends["at"] = spread(list(ends["actionable_share"]), gap=0.13)
    ends["label"] = [
        fill(f"{label} {format_number(share, 'share', 0)}", 26)
        for label, share in zip(ends["label"], ends["actionable_share"], strict=True)
    ]
    recipients = sorted(data["recipient"].unique())
    dashes = dict(zip(recipients, ["solid", "dashed", "solid", "dashdot"] * len(recipients), strict=False))
    palette = [color("ink"), color("accent"), series_colors()[1], color("muted")]
    hues = dict(zip(recipients, palette * len(recipients), strict=False))
    return (
        ggplot(data, aes("year", "actionable_share", color="recipient"))
        + break_marks(changes, years, [0.24])
        + geom_line(aes(group="recipient"), size=0.7, linetype="dotted")
        + geom_line(aes(group="stretch", linetype="recipient"), size=0.8)
        + geom_point(size=1.8, stroke=0)
        + geom_text(
            aes(y="at", label="label"),
            data=ends,
            ha="left",
            nudge_x=0.1,
            size=LABEL_PT,
            lineheight=1.1,
            family=look()["fonts"]["sans"],
        )
        + scale_color_manual(values=hues)
        + scale_linetype_manual(values=dashes)
        + scale_y_continuous(
            limits=(0, 1.06), expand=(0, 0), breaks=[0, 0.25, 0.5, 0.75, 1], labels=["0", "25%", "50%", "75%", "100%"]
        )
        + scale_x_continuous(
            breaks=years,
            labels=[f"{year:.0f}" for year in years],
            limits=(years[0] - 0.1, years[-1] + max(1.0, 0.45 * len(years))),
        )
        + labs(x="", y="")
        + theme_countback()
    )


def main(
    contents: Path, recipients: Path, changes: Path, kinds: Path, kinds_data_file: Path, shares: Path, shares_data: Path
) -> None:
    """Draw the figures and write the data under them."""
    breaks = breaks_of(SERIES, read_table(changes))
    of_kinds = kinds_data(read_table(contents), breaks)
    what = "Reports per year of each kind but the largest, each on a scale of its own"
    marks = breaks_within(breaks, list(of_kinds["year"]))
    note = "".join(f"Hollow, from {at + 0.5:.0f} on: {label}." for at, label in marks.tail(1).values)
    frame = framed(TABLE, what, of_kinds["year"], note)
    save_figure(plot_kinds(of_kinds, breaks), kinds, "wide", frame)
    write_data(of_kinds, kinds_data_file)
    of_shares = actionable_data(read_table(recipients), breaks)
    frame = framed(
        "actionable_shares", "Share of reports that NCMEC calls actionable, by who received them", of_shares["year"]
    )
    save_figure(plot_actionable(of_shares, breaks), shares, "small", frame)
    write_data(of_shares, shares_data)


if __name__ == "__main__":
    run_on_files(main, snakemake)
