"""Draw a result under every defensible choice, as a specification curve.

- Above, one dot per specification, the lowest result first, with its ends where it has any; the one that the report
  prints is set off. Results that reach over orders of magnitude have a logarithmic axis.
- Below, a row per option, grouped by what is chosen: a cell where the specification above takes it.
- Years are those of the table that results are computed from: the longest run that means the same.
- A question's first parameter is drawn, the one that its chapter leads with; the tables hold the others too.
"""

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from plotnine import (
    aes,
    element_blank,
    element_text,
    geom_linerange,
    geom_point,
    geom_tile,
    geom_vline,
    ggplot,
    labs,
    scale_color_manual,
    scale_fill_manual,
    scale_x_continuous,
    scale_y_continuous,
    scale_y_discrete,
    scale_y_log10,
    theme,
)
from plotnine.composition import Compose

from countback.breaks import breaks_of, longest_run
from countback.io.script import run_on_files
from countback.io.tables import read_table
from countback.look import color, figure_size
from countback.look.frame import Frame, foot_text, framed, head, lines_of
from countback.look.plot import NOTE_PT, save_drawing, theme_countback, write_data
from countback.text.units import format_number

WHAT = "Result under each combination of choices that can be defended (above), and what is chosen (below)"
# what the results are, by the parameter drawn
RESULTS = {
    "typical_distance": "Typical distance, share of the mean",
    "break_year": "Year of the first break",
    "rank_apart": "Rank",
}
# the tables whose breaks bound the years of a question's results
SERIES = {"growth": ["cybertipline_reports"], "ranks": ["country_reports"]}
WIDE = 50  # a result that is as many times another asks for a logarithmic axis


def drawn(specifications: pd.DataFrame, options: pd.DataFrame, choices: pd.DataFrame) -> pd.DataFrame:
    """Return one row per specification of the first parameter and option taken, with titles for readers.

    Parameters
    ----------
    specifications, options
        The tables of one question.
    choices
        `data/reference/choices.csv`.
    """
    keys = ["question", "parameter", "specification"]
    first = specifications[specifications["parameter"] == specifications["parameter"].iloc[0]]
    named = choices[["question", "dimension", "option", "dimension_title", "title"]]
    titled = options.merge(named, on=["question", "dimension", "option"], how="left", validate="many_to_one")
    return first.merge(titled, on=keys, validate="one_to_many")


def option_rows(data: pd.DataFrame, choices: pd.DataFrame) -> dict[str, str]:
    """Return labels by row, from the bottom: what is chosen and, below it, its options, in the order of `choices`.

    Rows are named apart from their labels, since two choices may have options of one title.
    """
    rows: dict[str, str] = {}
    own = choices[choices["question"].isin(data["question"])]
    for title, options in own.groupby("dimension_title", sort=False):
        taken = [one for one in options.itertuples() if row_name(one) in set(data["row"])]
        rows |= {f"{title}:": f"{title}:"} | {row_name(one): str(one.title) for one in taken}
    return dict(reversed(rows.items()))


def row_name(option: Any) -> str:
    """Return the name of an option's row."""
    return f"{option.dimension}.{option.option}"


def plot_curve(curve: pd.DataFrame) -> ggplot:
    """Return the results of all specifications, the lowest first, with the printed one set off."""
    unit, parameter = str(curve["unit"].iloc[0]), str(curve["parameter"].iloc[0])
    result = RESULTS.get(parameter, "Result")
    low, high = curve["estimate"].min(), curve["estimate"].max()
    is_wide = low > 0 and high / low > WIDE
    scale_y = scale_y_log10 if is_wide else scale_y_continuous
    ends = curve.dropna(subset=["low", "high"])
    return (
        ggplot(curve, aes("specification", "estimate", color="is_chosen"))
        + geom_linerange(aes(ymin="low", ymax="high"), data=ends, size=0.3, alpha=0.5)
        + geom_point(size=1.4, stroke=0)
        + geom_point(data=curve[curve["is_chosen"]], size=2.6, stroke=0)
        + scale_color_manual(values={True: color("accent"), False: color("context")})
        + scale_x_continuous(expand=(0.01, 0))
        + scale_y(labels=lambda breaks: [format_number(float(value), unit) for value in breaks])
        + labs(x="", y=f"{result} (log scale)" if is_wide else result)
        + theme_countback()
        + theme(
            axis_text_x=element_blank(),
            panel_grid_major_x=element_blank(),
        )
    )


def plot_options(data: pd.DataFrame, rows: dict[str, str]) -> ggplot:
    """Return the options that each specification takes: a cell per row of options."""
    chosen = data[data["is_chosen"]].drop_duplicates("specification")
    return (
        ggplot(data, aes("specification", "row"))
        + geom_vline(aes(xintercept="specification"), data=chosen, color=color("accent"), size=0.5)
        + geom_tile(aes(fill="is_chosen"), width=1, height=0.66)
        + scale_x_continuous(expand=(0.01, 0))
        + scale_y_discrete(limits=list(rows), labels=list(rows.values()))
        + scale_fill_manual(values={True: color("accent"), False: color("muted")})
        + labs(x="Specifications, the lowest result first", y="")
        + theme_countback()
        + theme(
            axis_text_x=element_blank(),
            panel_grid_major_x=element_blank(),
            axis_text_y=element_text(
                size=NOTE_PT, color=[color("ink" if name == label else "muted") for name, label in rows.items()]
            ),
        )
    )


def draw(data: pd.DataFrame, choices: pd.DataFrame, frame: Frame) -> Figure:
    """Return the curve above its options, within a frame."""
    numbers = ["specification", "estimate", "low", "high"]
    data = data.assign(row=data["dimension"] + "." + data["option"]).astype(dict.fromkeys(numbers, float))
    width, height = figure_size("long")
    lines = lines_of(frame, width)
    whole = height + (lines.head_height + lines.foot_height) / 72
    size = theme(figure_size=(width, whole))
    curve = plot_curve(data.drop_duplicates("specification")) + head(lines) + size
    # the words below keep to the figure's edge, which the plots, aligned with each other, don't
    room = theme(plot_margin_bottom=lines.foot_height / 72 / whole)
    both: Compose = curve / (plot_options(data, option_rows(data, choices)) + room + size)
    figure = both.draw()
    foot_text(figure, lines)
    return figure


def main(
    specifications: Path, options: Path, choices: Path, years: Path, changes: Path, figure: Path, data: Path
) -> None:
    """Draw the figure and write the data under it."""
    listed = read_table(choices)
    table = drawn(read_table(specifications), read_table(options), listed)
    counted = read_table(years)["year"]
    series = SERIES.get(str(table["question"].iloc[0]), [])
    frame = framed(figure.stem, WHAT, longest_run(counted, breaks_of(series, read_table(changes))))
    save_drawing(lambda: draw(table, listed, frame), figure)
    write_data(table, data)


if __name__ == "__main__":
    run_on_files(main, snakemake)
