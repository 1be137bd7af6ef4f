"""Draw for each provider with comparable years both counts of its reports by year: its own and the clearinghouse's.

- Each has an axis of its own, from zero: providers differ by factors of a million.
- A count of the clearinghouse that covers other brands too is not drawn. A line joins neighboring years alone.
- The two counts differ in color and in shape, and each is named at its end, where no line crosses the name.
- A chart can travel: what it shows, the years, who counted and the caution are in it.
"""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from countback.io.manifest import write_manifest
from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, figure_size
from countback.look.plot import save_drawing, spread, write_data
from countback.text.units import format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation

SIZE = "provider"
SIDES = {"own": "provider_reports", "ncmec": "ncmec_reports"}
MARKS = {"own": "o", "ncmec": "s"}
SIZES = {"own": 3.6, "ncmec": 6.4}  # both can be seen where the counts are equal
CAUTION = "Neither count is a number of offenses or of children."
# of the chart's height: how near two names at the ends of lines may be
GAP = 0.13
# where a name may stand at the end of a line that ends early: its distance from it in points, and which edges are there
BESIDE: list[tuple[tuple[float, float], str, str]] = [
    ((0, 6), "center", "bottom"),
    ((8, 0), "left", "center"),
    ((6, 4), "left", "bottom"),
    ((6, -4), "left", "top"),
    ((0, -7), "center", "top"),
    ((-6, 4), "right", "bottom"),
    ((4, -9), "left", "top"),
    ((4, 9), "left", "bottom"),
    ((0, -16), "center", "top"),
    ((0, -26), "center", "top"),
]


def both_counts(pairs: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return the counts of providers that have comparable years, in long form: provider, name, side, year, reports."""
    comparable = set(pairs.loc[pairs["is_comparable"], "provider"])
    rows = pairs[pairs["provider"].isin(comparable)]
    rows = rows.assign(ncmec_reports=rows["ncmec_reports"].where(rows["ncmec_other_brands"].isna()))
    sides = {
        side: rows[["provider", "year", column]].rename(columns={column: "reports"}) for side, column in SIDES.items()
    }
    long = pd.concat(sides, names=["side"]).reset_index("side").dropna(subset="reports")
    long = long.assign(name=long["provider"].map(names)).sort_values(["provider", "side", "year"], ignore_index=True)
    return long[["provider", "name", "side", "year", "reports"]].astype({"year": int, "reports": int})


def short_count(value: float, top: float) -> str:
    """Return the label of an axis, in millions where its end is that high.

    Examples
    --------
    >>> short_count(2_500_000, 5_000_000), short_count(50_000, 100_000), short_count(0, 5_000_000)
    ('2.5 million', '50,000', '0')
    """
    if top >= 2_000_000 and value:
        return f"{value / 1e6:g} million"
    return format_number(value, "count")


def draw_lines(axes: "Axes", rows: pd.DataFrame, labels: dict[str, str], colors: dict[str, str]) -> None:
    """Draw the counts of each side, a line through years in a row, and name the sides at their ends."""
    top = 1.16 * rows["reports"].max()
    axes.set_ylim(0, top)
    axes.set_xlim(rows["year"].min() - 0.25, rows["year"].max() + 0.1)
    counts = {str(side): one.set_index("year")["reports"].astype(float) for side, one in rows.groupby("side")}
    for side, by_year in sorted(counts.items()):  # the provider's marks lie on those of the clearinghouse
        years = range(by_year.index.min(), by_year.index.max() + 1)
        look = {"marker": MARKS[side], "ms": SIZES[side], "mew": 1.2, "color": colors[side], "lw": 1.3}
        fill = colors[side] if side == "own" else color("paper")
        axes.plot(years, by_year.reindex(years), mfc=fill, clip_on=False, zorder=3, **look)
    name_lines(axes, counts, labels, colors, GAP * top)


def name_lines(
    axes: "Axes", counts: dict[str, pd.Series], labels: dict[str, str], colors: dict[str, str], gap: float
) -> None:
    """Write the name of each line at its end: beside it at the last year, else where no line is in its way."""
    last = max(by_year.index[-1] for by_year in counts.values())
    shared = {"textcoords": "offset points", "fontsize": 8.5, "fontweight": 600, "annotation_clip": False}
    at_end = [side for side, by_year in counts.items() if by_year.index[-1] == last]
    heights = spread([counts[side].iloc[-1] for side in at_end], gap)
    for side, height in zip(at_end, heights, strict=True):
        axes.annotate(labels[side], (last, height), xytext=(8, 0), va="center", color=colors[side], **shared)
    points = drawn_points(axes, counts)
    for side in counts.keys() - set(at_end):
        at = (counts[side].index[-1], counts[side].iloc[-1])
        # a name above the end would stand nearer to the other line, where this is a little higher
        is_below = 0.2 * gap < counts[at_end[0]].get(at[0], 0) - at[1] < 2 * gap
        tried = [
            axes.annotate(labels[side], at, xytext=offset, ha=ha, va=va, color=colors[side], **shared)
            for offset, ha, va in BESIDE
            if not (is_below and offset[1] > 0)
        ]
        crossed = [n_within(one, points) for one in tried]
        for place, one in enumerate(tried):
            if place != crossed.index(min(crossed)):
                one.remove()


def drawn_points(axes: "Axes", counts: dict[str, pd.Series]) -> "np.ndarray":
    """Return points along all lines and the axis of years, on the screen, near enough to find what they cross."""
    ends = [segment for by_year in counts.values() for segment in pairwise(by_year.items()) if neighbors(*segment)]
    (left, right), on_axis = axes.get_xlim(), axes.get_ylim()[0]
    ends.append(((left, on_axis), (right, on_axis)))
    steps = np.linspace(0, 1, 60)[:, None]
    along = [np.asarray(start) + steps * (np.asarray(end) - np.asarray(start)) for start, end in ends]
    return axes.transData.transform(np.concatenate(along))  # type: ignore[no-any-return]


def neighbors(one: tuple[Any, float], other: tuple[Any, float]) -> bool:
    """Tell whether two counts are of years in a row, so that a line joins them."""
    return bool(other[0] - one[0] == 1)


def n_within(text: "Annotation", points: "np.ndarray") -> int:
    """Return how many points a text covers, with a little room around it."""
    box = text.get_window_extent().padded(2)
    x, y = points.T
    return int(((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)).sum())


def draw_chart(rows: pd.DataFrame) -> "Figure":
    """Return the chart of one provider."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    name, (width, height) = str(rows["name"].iloc[0]), figure_size(SIZE)
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0.18, 0.25, 0.61, 0.5))
    draw_lines(axes, rows, {"own": name, "ncmec": "NCMEC"}, {"own": color("accent"), "ncmec": color("ink")})
    top = rows["reports"].max()
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short_count(value, top)))
    axes.set_xticks(range(rows["year"].min(), rows["year"].max() + 1))
    axes.tick_params(length=0, pad=5, labelsize=8.5, labelcolor=color("muted"))
    axes.grid(axis="y", color=color("line"), lw=0.6)
    axes.set_axisbelow(True)
    for edge in ("top", "right", "left"):
        axes.spines[edge].set_visible(False)
    axes.spines["bottom"].set_color(color("muted"))
    first, last = rows["year"].min(), rows["year"].max()
    years = f"{first} to {last}" if first < last else str(first)
    muted = {"fontsize": 8.5, "color": color("muted"), "va": "top"}
    figure.text(0.02, 0.965, f"Reports by {name}", fontsize=10.5, fontweight=600, color=color("ink"), va="top")
    figure.text(0.02, 0.87, f"per year, {years}, by its own count and by NCMEC’s", **muted)
    foot = f"Counted by {name} and by NCMEC. {CAUTION}\nSource: countback."
    figure.text(0.02, 0.135, foot, **(muted | {"fontsize": 7.5}), linespacing=1.25)
    return figure


def main(pairs: str, organizations: str, data: str, charts: str) -> None:
    """Draw all charts, and write what they show."""
    names = read_table(organizations).set_index("organization")["name"].to_dict()
    table = both_counts(read_table(pairs), names)
    Path(charts).mkdir(parents=True, exist_ok=True)
    for provider, rows in table.groupby("provider"):
        save_drawing(lambda rows=rows: draw_chart(rows), Path(charts) / f"{provider}.svg")  # type: ignore[misc]
    write_data(table, data)


if __name__ == "__main__":

    def draw() -> None:
        given, made = snakemake.input, snakemake.output
        main(given.pairs, given.organizations, made.data, made.charts)
        write_manifest(Path(made.charts), Path(made.manifest), snakemake.params.n_repairs)

    run(draw, snakemake.log[0])
