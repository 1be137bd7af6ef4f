"""Draw reports to the CyberTipline by year, with what changed in the law and in the counting.

- A bar is a year's reports, on a scale that begins at zero; bars of years that mean something else are hollow.
- A year with two counts has both: another count of reports is written beside the bar's own, and incidents, which
  bundled reports hold, are a dash above it.
- Events are said in words, at their year, one above the other: laws, and breaks of the series by the table of breaks.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from plotnine import (
    aes,
    element_blank,
    geom_col,
    geom_label,
    geom_segment,
    ggplot,
    labs,
    scale_fill_manual,
    scale_x_continuous,
    scale_y_continuous,
    theme,
)

from countback.breaks import breaks_of
from countback.io.script import run_on_files
from countback.io.tables import read_table
from countback.look import color, look
from countback.look.frame import framed
from countback.look.plot import LABEL_PT, NOTE_PT, save_figure, theme_countback, write_data
from countback.text.units import format_number

SERIES = "cybertipline_reports"  # the table whose breaks are marked
TABLES = ["reports_by_year", "introduction"]  # of NCMEC's reports, those that state the reports of a year
SECOND = ["reports_elsewhere", "incidents"]  # counts of a year beside the one taken
MILLION = 1e6


@dataclass(frozen=True)
class Room:
    """What fits a width: letters in a line of an event and at a bar, and what of the highest bar events take.

    `row` is between events, `top` where the latest is; `after` is years of room for words right of the last bar.
    """

    event_letters: int
    bar_letters: int
    row: float
    top: float
    after: float
    named_years: int


WIDE = Room(event_letters=80, bar_letters=24, row=0.085, top=1.44, after=3.4, named_years=9)
NARROW = Room(event_letters=27, bar_letters=15, row=0.17, top=1.86, after=9, named_years=4)


def year_rows(years: pd.DataFrame, facts: pd.DataFrame, incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of each year: the one taken, others of the same reports, and incidents within them.

    Parameters
    ----------
    years
        The table `cybertipline_years`.
    facts
        The table `ojjdp_facts`, for counts of the same year that differ.
    incidents
        `data/cybertipline/incident_counts.csv`.

    Returns
    -------
    pandas.DataFrame
        One row per `year` and `counted` (reports, reports_elsewhere, incidents), with `value` and `segment`.
    """
    taken = years.loc[years["submitter"] == "all", ["year", "reports", "segment"]].rename(columns={"reports": "value"})
    stated = facts[facts["table"].isin(TABLES) & (facts["item"] == "all") & (facts["measure"] == "reports")]
    both = stated[["year", "value"]].drop_duplicates().merge(taken, on="year", suffixes=("", "_taken"))
    others = both.loc[both["value"] != both["value_taken"], ["year", "value", "segment"]]
    held = incidents[["year", "incidents"]].rename(columns={"incidents": "value"}).merge(taken[["year", "segment"]])
    parts = {"reports": taken, "reports_elsewhere": others, "incidents": held}
    rows = pd.concat([part.assign(counted=name) for name, part in parts.items()], ignore_index=True)
    return rows[["counted", "year", "value", "segment"]].astype({"year": "int64", "value": float, "segment": "int64"})


def event_rows(events: pd.DataFrame, changes: pd.DataFrame, years: pd.Series) -> pd.DataFrame:
    """Return events within the years of the figure, in order of time: those of the table and breaks of the series.

    Parameters
    ----------
    events
        `data/reference/events.csv`.
    changes
        Breaks of the series, as `breaks_of` returns them.
    years
        Years of the figure.
    """
    breaks = changes[["year", "title"]].assign(kind="counting")
    listed = pd.concat([events[["year", "kind", "title"]], breaks], ignore_index=True)
    within = listed[listed["year"].between(years.min(), years.max())]
    return within.sort_values(["year", "kind"], kind="stable", ignore_index=True)


def drawn_rows(rows: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return all that the figure draws, as one table: counts, then events."""
    said = events.assign(counted="event").rename(columns={"title": "event", "kind": "event_kind"})
    table = pd.concat([rows, said], ignore_index=True)
    return table[["counted", "year", "value", "segment", "event_kind", "event"]].astype({"segment": "Int64"})


def in_millions(value: float) -> str:
    """Return a count as people say it: in millions from the first on, else in full.

    Examples
    --------
    >>> in_millions(36_210_368), in_millions(4_560)
    ('36.2 million', '4,560')
    """
    return f"{value / MILLION:.1f} million" if value >= MILLION else format_number(value, "count")


def bar_labels(rows: pd.DataFrame, room: Room = WIDE) -> pd.DataFrame:
    """Return the words at bars, with the side on which they begin: of the first year, the last, the highest, and those
    with two counts."""
    bars = rows[rows["counted"] == "reports"].set_index("year")["value"]
    other, held = (
        rows[rows["counted"] == counted].groupby("year")["value"].max()
        for counted in ("reports_elsewhere", "incidents")
    )
    said = {year: in_millions(bars[year]) for year in (bars.index.min(), bars.idxmax(), bars.index.max())}
    said |= {year: f"{in_millions(bars[year])} or {in_millions(value)}: two counts" for year, value in other.items()}
    said |= {
        year: "\n".join(
            fill(words, room.bar_letters)
            for words in (f"{in_millions(value)} incidents", f"in {in_millions(bars[year])} reports")
        )
        for year, value in held.items()
    }
    table = pd.DataFrame({"year": list(said), "label": list(said.values())})
    table["value"] = [max(bars[year], held.get(year, 0)) for year in said]
    # the highest bar ends where later ones, with words of their own, begin
    table["side"] = np.where(table["year"] == bars.idxmax(), "right", "left")
    return table


def event_places(events: pd.DataFrame, rows: pd.DataFrame, room: Room = WIDE) -> pd.DataFrame:
    """Return events with their words, heights and sides.

    The latest is on top. Words of the earlier half lie to the right of their line, of the later half to the left: so
    none runs across the line of another.
    """
    top, years = float(rows["value"].max()), rows["year"]
    highest = rows.groupby("year")["value"].max()
    data = events.iloc[::-1].reset_index(drop=True)
    said = zip(data["year"], data["title"], strict=True)
    data["label"] = [fill(f"{year}: {title}", room.event_letters) for year, title in said]
    data["height"] = room.top * top - room.row * top * np.arange(len(data))
    # words at bars lie below lines; a break of the series runs between two bars, down to the axis
    data["foot"] = [float(highest.get(year, 0)) + WIDE.row * top for year in data["year"]]
    is_held = data["year"].isin(rows.loc[rows["counted"] == "incidents", "year"])
    data["foot"] += np.where(is_held, (0.7 if room is WIDE else 3.2) * WIDE.row * top, 0)
    data["foot"] = data["foot"].where(data["kind"] != "counting", 0)
    data["side"] = np.where(data["year"] > (years.min() + years.max()) / 2, "right", "left")
    data["at"] = data["year"] - np.where(data["kind"] == "counting", 0.5, 0.0)
    return data


def words(data: pd.DataFrame, x: str, y: str, size: float, hue: str, up: float = 0) -> list[Any]:
    """Return texts that begin or end at their place, by `side`, on a ground of their own; `up` moves them above it."""
    style = {"size": size, "family": look()["fonts"]["sans"], "color": color(hue), "lineheight": 1.1}
    style |= {"label_size": 0, "label_padding": 0.06, "fill": color("paper")}
    return [
        geom_label(aes(x, y, label="label"), data=part, ha=side, va="bottom" if up else "center", nudge_y=up, **style)
        for side, part in data.groupby("side")
    ]


def plot_years(rows: pd.DataFrame, events: pd.DataFrame, room: Room = WIDE) -> ggplot:
    """Return bars by year, with second counts, and events in words above them, for a figure of a width."""
    bars, incidents = (rows[rows["counted"] == name] for name in ("reports", "incidents"))
    bars = bars.assign(since=np.where(bars["segment"] == 0, "same", "other"))
    top, years = float(rows["value"].max()), sorted(bars["year"])
    named = bar_labels(rows, room)
    named["at"] = named["year"] + np.where(named["side"] == "left", -0.36, 0.36)
    said = event_places(events, rows, room)
    said["beside"] = said["at"] + np.where(said["side"] == "left", 0.2, -0.2)
    step = 10 ** math.floor(math.log10(top))
    return (
        ggplot()
        + geom_col(aes("year", "value", fill="since"), data=bars, width=0.72, color=color("accent"), size=0.4)
        + geom_segment(
            aes("year - 0.36", "value", xend="year + 0.36", yend="value"), data=incidents, color=color("ink"), size=1.1
        )
        + geom_segment(
            aes("at", "foot", xend="at", yend="height"), data=said, color=color("muted"), size=0.4, linetype="dashed"
        )
        + words(named, "at", "value", NOTE_PT, "ink", 0.012 * top)
        + words(said, "beside", "height", LABEL_PT, "muted")
        + scale_fill_manual(values={"same": color("accent"), "other": color("paper")})
        + scale_x_continuous(
            breaks=years[:: max(1, len(years) // room.named_years)], limits=(years[0] - 0.5, years[-1] + room.after)
        )
        + scale_y_continuous(
            breaks=[step * turn for turn in range(math.ceil(top / step))],
            labels=lambda breaks: [in_millions(at).replace(".0 ", " ") if at else "0" for at in breaks],
            limits=(0, (room.top + room.row / 2) * top),
            expand=(0, 0),
        )
        + labs(x="", y="")
        + theme_countback()
        + theme(panel_grid_major_x=element_blank())
    )


def main(
    years: Path, facts: Path, incidents: Path, events: Path, changes: Path, figure: Path, narrow: Path, data: Path
) -> None:
    """Draw the figure and write the data under it."""
    rows = year_rows(read_table(years), read_table(facts), read_table(incidents))
    marked = event_rows(read_table(events), breaks_of(SERIES, read_table(changes)), rows["year"])
    frame = framed("reports_by_year", "Reports that NCMEC received in each year", rows["year"])
    save_figure(plot_years(rows, marked), figure, "wide", frame)
    save_figure(plot_years(rows, marked, NARROW), narrow, "narrow", frame, has_png=False)
    write_data(drawn_rows(rows, marked), data)


if __name__ == "__main__":
    run_on_files(main, snakemake)
