"""Draw how much of the world a corporation's services reach, and what providers restored of what they acted upon.

- Shares of people are of the world's population, on a scale from zero; rounding moves them by less than a line's width.
- Providers that count pieces and those that count accounts have panels of their own, each with its own scale.
- A year of which only a part is disclosed is hollow, and so is one in which a definition changed; no line runs to it.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from plotnine import (
    aes,
    facet_wrap,
    geom_blank,
    geom_line,
    geom_linerange,
    geom_point,
    geom_text,
    ggplot,
    labs,
    scale_fill_manual,
    scale_x_continuous,
    scale_y_continuous,
    theme,
)

from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, look
from countback.look.frame import framed
from countback.look.plot import LABEL_PT, NOTE_PT, plot_nothing, save_figure, theme_countback, write_data
from countback.periods import parse_period
from countback.text.units import format_number

SMALLEST = 0.001  # a smaller share is said to be smaller
NEAR = 0.04  # of a panel's height: two numbers beside each other would run into one
FREQUENCIES = {"monthly": "Active in a month", "daily": "Active on a day"}


def people_data(people: pd.DataFrame) -> pd.DataFrame:
    """Return shares of the world's people by quarter and frequency; `at` is the middle of the quarter, in years."""
    data = people[["frequency", "period", "year", "people_billion", "share", "share_low", "share_high"]].copy()
    periods = data["period"].map(parse_period)
    data["at"] = [period.year + (period.start.month + period.end.month) / 24 - 1 / 24 for period in periods]
    return data.round({"at": 6}).sort_values(["frequency", "at"], ignore_index=True)


def plot_people(data: pd.DataFrame) -> ggplot:
    """Return a line per frequency, named at its end with its share."""
    if data.empty:
        return plot_nothing("No active people listed")
    data = data.astype({"share": float})
    ends = data.loc[data.groupby("frequency")["at"].idxmax()].copy()
    ends["label"] = [
        f"{FREQUENCIES[frequency]}:\n{format_number(share, 'share')} in {period}"
        for frequency, share, period in zip(ends["frequency"], ends["share"], ends["period"], strict=True)
    ]
    years = range(int(data["at"].min()) + 1, int(data["at"].max()) + 1)
    return (
        ggplot(data, aes("at", "share", group="frequency"))
        + geom_line(color=color("accent"), size=0.9)
        + geom_text(
            aes(label="label"),
            data=ends,
            ha="left",
            nudge_x=0.1,
            size=LABEL_PT,
            lineheight=1.1,
            family=look()["fonts"]["sans"],
        )
        + scale_y_continuous(
            limits=(0, 1.12 * data["share"].max()),
            expand=(0, 0),
            labels=lambda breaks: [format_number(float(value), "share", 0) for value in breaks],
        )
        + scale_x_continuous(
            breaks=list(years),
            labels=[str(year) for year in years],
            limits=(data["at"].min(), data["at"].max() + 0.35 * (data["at"].max() - data["at"].min()) + 0.1),
        )
        + labs(x="", y="")
        + theme_countback()
    )


def reversals_data(shares: pd.DataFrame, organizations: pd.DataFrame, shown: list[str]) -> pd.DataFrame:
    """Return shares restored by provider and year, of the organizations shown as a whole.

    Parameters
    ----------
    shares
        The table `reversed_shares`.
    organizations
        The table of `data/organizations/`.
    shown
        Ids of organizations, as in `reversals` of the configuration.
    """
    names = organizations.set_index("organization")["name"]
    data = shares[shares["provider"].isin(shown)].assign(name=lambda rows: rows["provider"].map(names))
    is_changed = data["warnings"].fillna("").str.split("|").map(lambda words: "definition-changed" in words)
    data["is_comparable"] = data["is_full_year"].astype(bool) & ~is_changed.astype(bool)
    columns = ["provider", "name", "measure", "year", "is_full_year", "is_comparable"]
    columns += ["reversed_share", "share_low", "share_high"]
    return data[columns].sort_values(["measure", "name", "year"], ignore_index=True)


def plot_reversals(data: pd.DataFrame) -> ggplot:
    """Return shares restored by year, in a panel per provider with a scale of its own, each year with its number."""
    if data.empty:
        return plot_nothing("Nothing restored disclosed")
    data = data.astype({"reversed_share": float, "share_low": float, "share_high": float, "year": float})
    data["panel"] = data["name"] + ", of " + data["measure"]
    data["panel"] = pd.Categorical(data["panel"], list(data["panel"].drop_duplicates()))
    joins = data["is_comparable"] & data["is_comparable"].groupby(data["panel"], observed=True).shift(fill_value=False)
    joins &= data["year"].groupby(data["panel"], observed=True).diff() == 1
    data["run"] = data["panel"].astype(str) + (~joins).cumsum().astype(str)
    top = data.groupby("panel", observed=True)["share_high"].max()
    said = data.assign(
        label=[format_number(share, "share") if share >= SMALLEST else "<0.1%" for share in data["reversed_share"]],
        at=data["share_high"] + 0.04 * data["panel"].map(top).astype(float),
    )
    # of two numbers beside each other at one height, the earlier is written higher
    nears = (
        said["at"].groupby(said["panel"], observed=True).diff(-1).abs() / said["panel"].map(top).astype(float)
    ) < NEAR
    said["at"] += np.where(nears, 0.09 * said["panel"].map(top).astype(float), 0.0)
    # numbers keep clear of lines: of one that falls to the dot, and of one that rises from it
    in_line = said["reversed_share"].groupby(said["run"])
    falls, rises = in_line.diff() < 0, in_line.diff(-1) < 0
    said["side"] = np.select([falls, rises], ["left", "right"], "center")
    said["x"] = said["year"] + np.select([falls, rises], [0.12, -0.05], 0.0)
    years = sorted(data["year"].unique())
    sans = look()["fonts"]["sans"]
    room = pd.DataFrame({"panel": top.index, "year": years[0], "reversed_share": 1.2 * top.to_numpy()})
    return (
        ggplot(data, aes("year", "reversed_share"))
        + facet_wrap("panel", scales="free_y")
        + geom_blank(data=room)
        + geom_line(aes(group="run"), color=color("accent"), size=0.8)
        + geom_linerange(aes(ymin="share_low", ymax="share_high"), color=color("accent"), size=1.6, alpha=0.4)
        + geom_point(aes(fill="is_comparable"), color=color("accent"), size=1.8, stroke=0.6)
        + [
            geom_text(aes("x", "at", label="label"), data=part, ha=side, va="bottom", size=NOTE_PT, family=sans)
            for side, part in said.groupby("side")
        ]
        + scale_fill_manual(values={True: color("accent"), False: color("paper")})
        + scale_y_continuous(
            limits=(0, None), expand=(0, 0), labels=lambda breaks: [f"{100 * value:.3g}%" for value in breaks]
        )
        + scale_x_continuous(
            breaks=years[::2], labels=[f"{year:.0f}" for year in years[::2]], limits=(years[0] - 1.1, years[-1] + 1.1)
        )
        + labs(x="", y="")
        + theme_countback()
        + theme(panel_spacing=0.03)
    )


def main(
    people: Path,
    shares: Path,
    organizations: Path,
    people_figure: Path,
    people_file: Path,
    reversals: Path,
    reversals_file: Path,
    shown: list[str],
    corporation: str,
) -> None:
    """Draw the figures and write the data under them."""
    of_people = people_data(read_table(people))
    what = "People active on at least one of its services, as a share of the world’s people"
    note = "Compiled by Robert Grimm; populations by the United Nations."
    known = read_table(organizations)
    owner = known.loc[known["organization"] == corporation, "name"]
    frame = framed("active_people", what, of_people["year"], note, providers=owner)
    save_figure(plot_people(of_people), people_figure, "low", frame)
    write_data(of_people, people_file)
    restored = reversals_data(read_table(shares), known, shown)
    what = "Share of what was acted upon that was restored, each provider on a scale of its own"
    note = "Hollow: part of a year, or of two definitions; bars: what rounding allows."
    frame = framed("reversals", what, restored["year"], note, providers=restored["name"])
    save_figure(plot_reversals(restored), reversals, "small", frame)
    write_data(restored, reversals_file)


if __name__ == "__main__":
    run(
        lambda: main(
            **{name: Path(snakemake.input[name]) for name in ("people", "shares", "organizations")},
            **{
                name: Path(snakemake.output[name])
                for name in ("people_figure", "people_file", "reversals", "reversals_file")
            },
            shown=snakemake.params.shown,
            corporation=snakemake.params.corporation,
        ),
        snakemake.log[0],
    )
