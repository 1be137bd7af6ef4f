"""Draw what recipients get by year: reports that they can act on, and reports that they can't.

- Each recipient is counted, so that lines are of receipts; no scale begins above zero.
- From when on reports may be bundled both lines mean fewer, fuller reports: the line goes on as dots beyond the mark,
  since the two kinds can still be set against each other. Breaks of the table itself are gaps.
"""

import pandas as pd
from plotnine import (
    aes,
    geom_line,
    geom_point,
    geom_text,
    ggplot,
    labs,
    scale_color_manual,
    scale_x_continuous,
    scale_y_continuous,
)

from countback.breaks import breaks_of, segments
from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, look
from countback.look.frame import framed
from countback.look.plot import LABEL_PT, break_marks, plot_nothing, save_figure, spread, theme_countback, write_data

KINDS = {"actionable": "Actionable", "informational": "Informational"}
SERIES = ["cybertipline_reports", "report_recipients"]  # tables whose breaks are marked


def referral_data(referrals: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return receipts of all recipients by kind and year; `stretch` names years that mean the same in every respect."""
    data = referrals[(referrals["received_by"] == "all") & referrals["kind"].isin(list(KINDS))]
    data = data.sort_values(["kind", "year"], ignore_index=True)
    data["stretch"] = data["kind"] + " " + segments(data["year"], changes).astype(str)
    return data[["kind", "year", "segment", "received", "change", "change_share", "stretch"]]


def plot_referrals(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return both kinds as lines over years, named at their ends, with what changed in between."""
    if data.empty:
        return plot_nothing("No recipients listed")
    data = data.astype({"received": float, "year": float})
    data["series"] = data["kind"] + " " + data["segment"].astype(str)
    top = 1.25 * float(data["received"].max())
    years = sorted(data["year"].unique())
    ends = data[data["year"] == years[-1]].copy()
    ends["at"] = spread(list(ends["received"]), gap=0.07 * top)
    ends["label"] = ends["kind"].map(KINDS)
    return (
        ggplot(data, aes("year", "received", color="kind"))
        + break_marks(changes, years, [0.98 * top])
        + geom_line(aes(group="series"), size=0.7, linetype="dotted")
        + geom_line(aes(group="stretch"), size=0.7)
        + geom_point(size=1.6, stroke=0)
        + geom_text(
            aes(y="at", label="label"),
            data=ends,
            ha="left",
            nudge_x=0.08,
            size=LABEL_PT,
            family=look()["fonts"]["sans"],
        )
        + scale_color_manual(values={"actionable": color("accent"), "informational": color("muted")})
        + scale_y_continuous(
            labels=lambda breaks: [f"{float(value) / 1e6:,g} million" if value else "0" for value in breaks],
            limits=(0, top),
            expand=(0, 0),
        )
        + scale_x_continuous(
            breaks=years, labels=[f"{year:.0f}" for year in years], limits=(years[0] - 0.2, years[-1] + 0.9)
        )
        + labs(x="", y="Reports received, each recipient counted")
        + theme_countback()
    )


def main(referrals: str, changes: str, figure: str, data: str) -> None:
    """Draw the figure and write the data under it."""
    breaks = breaks_of(SERIES, read_table(changes))
    drawn = referral_data(read_table(referrals), breaks)
    frame = framed("referrals", "Reports that agencies received, each recipient counted", drawn["year"])
    save_figure(plot_referrals(drawn, breaks), figure, "small", frame)
    write_data(drawn, data)


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.referrals, snakemake.input.changes, snakemake.output.figure, snakemake.output.data
        ),
        snakemake.log[0],
    )
