"""Draw what Meta's releases revise: the quarter that a number is about against the release that changes it.

- A cell is a quarter in a release. Its shade is the share of the quarter's numbers that the release revises, and it
  bears their count; an empty cell says that none was, and where there is no cell, there is nothing to compare.
- Above each release is the share of all its numbers that it revises; a figure of its own has that share for all.
- Time runs downward and to the right. Quarters and releases of which nothing was revised are left out, and counted.
"""

from typing import Any

import pandas as pd
from plotnine import (
    aes,
    annotate,
    element_blank,
    geom_col,
    geom_text,
    geom_tile,
    ggplot,
    labs,
    scale_color_identity,
    scale_fill_gradient,
    scale_x_continuous,
    scale_y_continuous,
    theme,
)

from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, look
from countback.look.frame import framed
from countback.look.plot import LABEL_PT, NOTE_PT, plot_nothing, save_figure, theme_countback, write_data
from countback.text.units import format_number

STEPS = 5  # of the key to the shade
DARK = 0.6  # of the largest share: from here on paper reads better on the cell than ink


def triangle(periods: pd.DataFrame, revisions: pd.DataFrame, releases: pd.DataFrame) -> pd.DataFrame:
    """Return one row per quarter and release: where its cell is, how many numbers it holds, how many are revised.

    Parameters
    ----------
    periods
        `meta_revision_periods`.
    revisions
        `meta_revisions`, for the share of each release as a whole.
    releases
        `data/releases.csv`, for the quarter that each release is named after.
    """
    shares = revisions.set_index("to_release")["revised_share"]
    named = releases.set_index("id")["period"]
    data = periods.assign(release=periods["to_release"].map(named), release_share=periods["to_release"].map(shares))
    columns = ["release", "period", "age_quarters", "n_comparable", "n_revised", "revised_share", "release_share"]
    return data.sort_values(["release", "period"])[columns].reset_index(drop=True)


def revised_part(data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `triangle` whose release revised something, and whose quarter was revised."""
    revised = data[data["n_revised"] > 0]
    return data[data["release"].isin(revised["release"]) & data["period"].isin(revised["period"])]


def shade_key(largest: float, width: int) -> list[Any]:
    """Return what the shade means, in a row above the cells: steps from nothing to the largest share.

    Parameters
    ----------
    largest
        The largest share.
    width
        Columns that the figure has.
    """
    shares = [largest * step / (STEPS - 1) for step in range(STEPS)]
    key = pd.DataFrame({"share": shares, "x": [width * (0.68 + 0.06 * step) - 0.5 for step in range(STEPS)], "y": 2.6})
    key["label"] = [format_number(share, "share", 0) for share in shares]
    key["ink"] = [color("paper") if share > DARK * largest else color("ink") for share in shares]
    words = {"family": look()["fonts"]["sans"], "size": NOTE_PT}
    said = "Shade: revised share of the quarter’s numbers"
    return [
        geom_tile(aes(fill="share"), data=key, width=0.058 * width, height=0.9),
        geom_text(aes(label="label", color="ink"), data=key, **words),
        annotate("text", x=width * 0.64 - 0.5, y=2.6, label=said, ha="right", color=color("muted"), **words),
    ]


def plot_triangle(data: pd.DataFrame) -> ggplot:
    """Return the triangle of revisions."""
    if data.empty:
        return plot_nothing("Nothing revised")
    quarters, releases = (sorted(data[name].unique()) for name in ("period", "release"))
    cells = data.assign(
        x=data["release"].map(releases.index).astype(float),
        y=-data["period"].map(quarters.index).astype(float),
        share=data["revised_share"].astype(float),
        label=data["n_revised"].astype(str).where(data["n_revised"] > 0, ""),
    )
    is_dark = cells["share"] > DARK * cells["share"].max()
    cells["ink"] = is_dark.map({True: color("paper"), False: color("ink")})
    tops = cells.drop_duplicates("x").assign(y=1.0)
    tops["label"] = [format_number(float(share), "share") for share in tops["release_share"]]
    sans = look()["fonts"]["sans"]
    return (
        ggplot(cells, aes("x", "y"))
        + geom_tile(aes(fill="share"), color=color("paper"), size=0.6)
        + geom_text(aes(label="label", color="ink"), size=9, family=sans)
        + geom_text(aes(label="label"), data=tops, size=LABEL_PT, color=color("muted"), family=sans)
        + shade_key(float(cells["share"].max()), len(releases))
        + scale_fill_gradient(low=color("panel"), high=color("accent"), limits=(0, cells["share"].max()))
        + scale_color_identity()
        + scale_x_continuous(
            breaks=list(range(len(releases))),
            labels=axis_labels(releases),
            expand=(0, 0.1),
            limits=(-0.55, len(releases) - 0.45),
        )
        + scale_y_continuous(
            breaks=[1, *(-at for at in range(len(quarters)))],
            labels=["All", *quarters],
            expand=(0, 0),
            limits=(-len(quarters) + 0.45, 3.1),
        )
        + labs(x="Release, by its newest quarter", y="Quarter that the numbers are about")
        + theme_countback()
        + theme(panel_grid_major=element_blank())
    )


def plot_shares(data: pd.DataFrame) -> ggplot:
    """Return the share of all its numbers that each release revises, as bars, with the number revised."""
    if data.empty:
        return plot_nothing("Nothing to compare")
    bars = data.assign(x=range(len(data)), share=data["revised_share"].astype(float))
    bars["label"] = [format_number(share, "share") if share else "0" for share in bars["share"]]
    return (
        ggplot(bars, aes("x", "share"))
        + geom_col(fill=color("accent"), width=0.7)
        + geom_text(
            aes(label="label"),
            va="bottom",
            nudge_y=0.01 * bars["share"].max(),
            size=NOTE_PT,
            family=look()["fonts"]["sans"],
        )
        + scale_x_continuous(breaks=bars["x"].tolist(), labels=axis_labels(bars["release"].tolist()), expand=(0.02, 0))
        + scale_y_continuous(labels=lambda breaks: [f"{100 * value:g}%" for value in breaks], expand=(0, 0, 0.12, 0))
        + labs(x="Release, by its newest quarter", y="")
        + theme_countback()
        + theme(panel_grid_major_x=element_blank())
    )


def axis_labels(quarters: list[str]) -> list[str]:
    """Return quarters for a narrow axis: the year stands below the first of its quarters only.

    Examples
    --------
    >>> axis_labels(["2021 Q4", "2022 Q1", "2022 Q2"])
    ['Q4\\n2021', 'Q1\\n2022', 'Q2']
    """
    years = [label[:4] for label in quarters]
    return [
        f"{label[5:]}\n{year}" if index == 0 or years[index - 1] != year else label[5:]
        for index, (label, year) in enumerate(zip(quarters, years, strict=True))
    ]


def said_of_cells(part: pd.DataFrame) -> str:
    """Return what the triangle shows, with the quarters and the releases that it has, from the first to the last."""
    spans = [span(part[name]) for name in ("period", "release")]
    rows, columns = (f", {found}" if found else "" for found in spans)
    return f"Numbers revised, by the quarter that they are about (row{rows}) and the release (column{columns})"


def span(periods: pd.Series) -> str:
    """Return the first and the last period of some.

    Examples
    --------
    >>> span(pd.Series(["2030 Q4", "2031 Q1", "2030 Q4"])), span(pd.Series(["2030 Q4"])), span(pd.Series([]))
    ('2030 Q4 to 2031 Q1', '2030 Q4', '')
    """
    return " to ".join(dict.fromkeys([periods.min(), periods.max()])) if len(periods) else ""


def publishers(revisions: pd.DataFrame, releases: pd.DataFrame, organizations: pd.DataFrame) -> list[str]:
    """Return the names of those whose releases are compared: they counted."""
    ids = releases.loc[releases["id"].isin(revisions["to_release"]), "publisher"]
    return organizations.loc[organizations["organization"].isin(ids), "name"].tolist()


def main(inputs: dict[str, str], outputs: dict[str, str]) -> None:
    """Draw the figures and write the data under them."""
    tables = {name: read_table(file) for name, file in inputs.items()}
    organizations = tables.pop("organizations")
    data = triangle(**tables)
    owners = publishers(tables["revisions"], tables["releases"], organizations)
    part = revised_part(data)
    left_out = (data[name].nunique() - part[name].nunique() for name in ("period", "release"))
    note = "Releases ({1}) and quarters ({0}) without a revision are left out.".format(*left_out)
    frame = framed("meta_revisions", said_of_cells(part), note=note, providers=owners)
    save_figure(plot_triangle(part), outputs["figure"], "tall", frame)
    write_data(part, outputs["data"])
    shares = data.drop_duplicates("release")[["release", "release_share"]]
    shares = shares.rename(columns={"release_share": "revised_share"}).reset_index(drop=True)
    released = shares["release"].str.slice(0, 4).astype(int)
    what = "Share of the numbers in the release before that each release changed"
    frame = framed("revised_shares", what, released, providers=owners)
    save_figure(plot_shares(shares), outputs["shares"], "small", frame)
    write_data(shares, outputs["shares_data"])


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in ("periods", "revisions", "releases", "organizations")},
            dict(snakemake.output.items()),
        ),
        snakemake.log[0],
    )
