"""Draw what the clearinghouse prints twice by place: the exact number against what the rounded one can stand for.

- Each place whose numbers differ by more than rounding allows has a row: a bar for the bounds of the rounded number, a
  dot for the exact one, both as a ratio to the rounded number, on a logarithmic axis. Where only a bound is printed, it
  is the ratio's base.
- Those furthest off are named, up to `NAMED`; all others, most of them within rounding, share rows at the bottom. Those
  that agree with a mere bound are counted there, but have no dot: a ratio to a bound would seem to be a difference.
- A dot beyond the axis stands at its end as a triangle; both numbers stand beside each row.
"""

from pathlib import Path

import pandas as pd
from plotnine import (
    aes,
    element_blank,
    element_line,
    element_text,
    geom_point,
    geom_segment,
    geom_text,
    geom_vline,
    ggplot,
    labs,
    scale_x_log10,
    scale_y_continuous,
    theme,
)

from countback.agreement import DIFFER
from countback.io.script import run_on_files
from countback.io.tables import read_table
from countback.look import color, look
from countback.look.frame import framed
from countback.look.plot import NOTE_PT, save_figure, theme_countback, write_data
from countback.text.units import format_number

KIND = "platform"
NAMED = 40  # rows that a figure of the size can hold
LIMIT = 6.0  # ratio at which the axis ends
TICKS = [0.2, 0.5, 1, 2, 5]


def places(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return comparable places of the last year: ratios of the exact number and of the bounds to the rounded number.

    Parameters
    ----------
    pairs
        `clearinghouse_pairs`.

    Returns
    -------
    pandas.DataFrame
        One row per place, furthest off first, with `row`, the heading that it is drawn under.
    """
    found = pairs[(pairs["kind"] == KIND) & (pairs["verdict"] != "not_comparable")]
    found = found[found["year"] == found["year"].max()]
    base = found["second_value"].fillna(found["second_high"]).astype(float)
    data = found[["name", "year", "first_value", "second_value", "second_low", "second_high", "gap", "verdict"]].copy()
    for column in ("first_value", "second_low", "second_high"):
        data[f"{column}_ratio"] = data[column].astype(float).clip(lower=1) / base
    ratio = data["first_value_ratio"]
    data["factor"] = ratio.where(ratio >= 1, 1 / ratio)
    data["differs"] = data["verdict"].isin(DIFFER)
    data = data.sort_values(["differs", "factor"], ascending=False, kind="stable", ignore_index=True)
    data["row"] = data["name"].where(data["differs"] & (data.index < NAMED))
    for differs, words in ((True, "Others outside"), (False, "Within rounding")):
        unnamed = data["row"].isna() & (data["differs"] == differs)
        data.loc[unnamed, "row"] = f"{words} ({unnamed.sum()})"
    return data


def heights(data: pd.DataFrame) -> dict[str, int]:
    """Return the height of each row: named places by their ratio, the smallest above those that share a row."""
    named = data[data["row"] == data["name"]].sort_values("first_value_ratio")
    shared = [row for row in data["row"].unique() if row not in set(named["row"])]
    return {row: height for height, row in enumerate([*reversed(shared), *named["row"]])}


def both_numbers(data: pd.DataFrame) -> list[str]:
    """Return the exact number and the rounded one as text, the latter as a bound where only that is printed."""
    return [
        f"{format_number(float(exact), 'count')} · "
        + (f"≤{format_number(float(high), 'count')}" if pd.isna(value) else format_number(float(value), "count"))
        for exact, value, high in zip(data["first_value"], data["second_value"], data["second_high"], strict=True)
    ]


def plot_places(data: pd.DataFrame) -> ggplot:
    """Return the figure: rows of places, bars of bounds, dots of exact numbers."""
    at = heights(data)
    drawn = data.assign(
        at=data["row"].map(at).astype(float),
        ratio=data["first_value_ratio"].clip(1 / LIMIT, LIMIT),
        low=data["second_low_ratio"].clip(lower=1 / LIMIT),
        high=data["second_high_ratio"].clip(upper=LIMIT),
    )
    named = drawn[drawn["row"] == drawn["name"]]
    others = drawn[(drawn["row"] != drawn["name"]) & drawn["second_value"].notna()]
    marks = {"o": named["factor"] <= LIMIT, "<": named["first_value_ratio"] < 1 / LIMIT}
    marks[">"] = named["first_value_ratio"] > LIMIT
    top = pd.DataFrame({"at": [max(at.values()) + 1.0], "label": ["by country · platform"]})
    sans = look()["fonts"]["sans"]
    return (
        ggplot(drawn, aes("ratio", "at"))
        + geom_vline(xintercept=1, color=color("context"), size=0.4)
        + geom_segment(aes("low", "at", xend="high", yend="at"), data=named, color=color("context"), size=2.6)
        + geom_point(data=others, color=color("context"), size=1.2, stroke=0, alpha=0.6)
        + [
            geom_point(data=named[is_so], color=color("accent"), size=1.8, stroke=0, shape=mark)
            for mark, is_so in marks.items()
        ]
        + geom_text(
            aes(x=LIMIT * 1.15, y="at", label="label"),
            data=pd.concat([top, named.assign(label=both_numbers(named))]),
            ha="left",
            size=NOTE_PT,
            color=color("muted"),
            family=sans,
        )
        + scale_x_log10(breaks=TICKS, labels=[f"{tick:g}" for tick in TICKS], limits=(1 / LIMIT, LIMIT * 4.2))
        + scale_y_continuous(breaks=list(at.values()), labels=list(at), expand=(0.01, 0.3))
        + labs(x="Exact number over rounded one (log scale)", y="")
        + theme_countback()
        + theme(
            axis_text_y=element_text(size=NOTE_PT, color=color("ink")),
            panel_grid_major_y=element_blank(),
            panel_grid_major_x=element_line(color=color("line"), size=0.4),
        )
    )


def main(pairs: Path, figure: Path, data: Path) -> None:
    """Draw the figure and write the data under it."""
    drawn = places(read_table(pairs))
    what = "Exact number of the table by country over the platform’s rounded one, on a logarithmic scale"
    note = "Gray bars: what rounding allows."
    save_figure(plot_places(drawn), figure, "long", framed("clearinghouse", what, drawn["year"], note))
    write_data(drawn, data)


if __name__ == "__main__":
    run_on_files(main, snakemake)
