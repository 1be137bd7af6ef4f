"""Draw what Meta's releases revise: the quarter that a number is about against the release that changes it.

- A cell is a quarter in a release. It is filled by the share of the quarter's numbers that the release revises and
  bears their count; an empty cell says that none was, and where there is no cell, there is nothing to compare.
- Above each release stands the share of all its numbers that it revises.
- The newest quarter is on top, so that what a release revises of the quarter before it stands on the edge.
"""

import pandas as pd
from plotnine import (
    aes,
    annotate,
    element_blank,
    element_text,
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
from countback.look.plot import save_figure, theme_countback, write_data
from countback.text.units import format_number

DARK = 0.75  # of the largest share: from here on paper reads better on the cell than ink
NOTE = "Numbers in a quarter that a release\nrevises; shade: their share of the\nquarter’s numbers"
TOPS = "Above each release: revised share\nof all its numbers"


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


def plot_triangle(data: pd.DataFrame) -> ggplot:
    """Return the triangle of revisions."""
    quarters, releases = (sorted(data[name].unique()) for name in ("period", "release"))
    cells = data.assign(
        x=data["release"].map(releases.index).astype(float),
        y=data["period"].map(quarters.index).astype(float),
        share=data["revised_share"].astype(float),
        label=data["n_revised"].astype(str).where(data["n_revised"] > 0, ""),
    )
    is_dark = cells["share"] > DARK * cells["share"].max()
    cells["ink"] = is_dark.map({True: color("paper"), False: color("ink")})
    tops = cells.loc[cells.groupby("x")["y"].idxmax()].copy()
    tops["label"] = [format_number(float(share), "share") if share else "0" for share in tops["release_share"]]
    sans = look()["fonts"]["sans"]
    words = {"ha": "left", "va": "top", "family": sans, "size": 10, "x": -0.45}
    return (
        ggplot(cells, aes("x", "y"))
        + geom_tile(aes(fill="share"), color=color("paper"), size=0.6)
        + geom_text(aes(label="label", color="ink"), size=10, family=sans)
        + geom_text(aes(y="y", label="label"), data=tops, nudge_y=0.95, size=9, color=color("muted"), family=sans)
        + annotate("text", y=len(quarters) - 0.4, label=NOTE, color=color("ink"), **words)
        + annotate("text", y=len(quarters) - 4.0, label=TOPS, color=color("muted"), **words)
        + scale_fill_gradient(low=color("panel"), high=color("accent"), limits=(0, cells["share"].max()))
        + scale_color_identity()
        + scale_x_continuous(
            breaks=list(range(len(releases))),
            labels=axis_labels(releases),
            expand=(0, 0.1),
            limits=(-0.55, len(releases) - 0.45),
        )
        + scale_y_continuous(
            breaks=list(range(len(quarters))),
            labels=[label if label.endswith("Q1") or label == quarters[0] else label[-2:] for label in quarters],
            expand=(0, 0),
            limits=(-0.55, len(quarters) + 0.6),
        )
        + labs(x="Release, by its newest quarter", y="Quarter that the numbers are about")
        + theme_countback()
        + theme(panel_grid_major=element_blank(), axis_text=element_text(size=9))
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


def main(inputs: dict[str, str], figure: str, data_file: str) -> None:
    """Draw the figure and write the data under it."""
    data = triangle(**{name: read_table(file) for name, file in inputs.items()})
    save_figure(plot_triangle(data), figure, "tall")
    write_data(data, data_file)


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in ("periods", "revisions", "releases")},
            snakemake.output.figure,
            snakemake.output.data,
        ),
        snakemake.log[0],
    )
