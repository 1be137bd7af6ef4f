"""Draw who makes the reports: shares of corporations, concentration, and reports of each provider by year.

- Shares of a year are parts of one bar: the largest are named below the last, all others together are its rest.
- Counts, which span powers of ten, are on a logarithmic axis, the same in a panel per corporation surveyed.
- A line is broken where a provider has no row in a year: not listed is not zero; and where the clearinghouse's rows or
  what a report is change, which a mark says.
"""

import math

import numpy as np
import pandas as pd
from plotnine import (
    aes,
    element_blank,
    facet_wrap,
    geom_label,
    geom_line,
    geom_point,
    geom_rect,
    geom_segment,
    geom_text,
    geom_vline,
    ggplot,
    labs,
    scale_color_manual,
    scale_fill_manual,
    scale_x_continuous,
    scale_x_log10,
    scale_y_continuous,
    scale_y_log10,
    theme,
)

from countback.breaks import breaks_of, breaks_within, segments
from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, look, sequential_colors
from countback.look.frame import framed
from countback.look.plot import LABEL_PT, NOTE_PT, break_marks, save_figure, spread, theme_countback, write_data
from countback.text.units import format_number

HIGH = 100  # reports in each year, above which a line leaves the lower corner free
NAMED = len(sequential_colors())  # more parts of a bar than there are colors can't be told apart
REST = "All others"
LABEL_WIDTH = 0.125  # of a name below the last bar, of the bar's width
PANELS_IN_A_ROW = 5
SERIES = ["cybertipline_reports", "esp_reports"]  # tables whose breaks are marked
COUNTED = {"provider": "Providers as printed", "owner": "Owners, with their brands added"}


def shares_data(shares: pd.DataFrame, organizations: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return each corporation's share by year, the largest of the last year marked to be named.

    Parameters
    ----------
    shares
        The table `provider_shares`.
    organizations
        The table of `data/organizations/`.
    changes
        Breaks of the series; `stretch` names years that a line may join.
    """
    data = shares.merge(organizations[["organization", "name"]], left_on="provider", right_on="organization")
    last = data[data["year"] == data["year"].max()].nlargest(NAMED, "share")["provider"]
    data["is_named"] = data["provider"].isin(last)
    data = data[["provider", "name", "year", "share", "is_named"]]
    data = data.sort_values(["provider", "year"], ignore_index=True)
    return data.assign(stretch=unbroken(data, "provider", changes))


def share_parts(data: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of each year's bar, from left to right: the named corporations, then the rest.

    Parameters
    ----------
    data
        What `shares_data` returns.

    Returns
    -------
    pandas.DataFrame
        `year`, `name`, `share`, and `left` and `right`, the ends of the part as shares.
    """
    named = data[data["is_named"]].astype({"share": float})
    order = named[named["year"] == named["year"].max()].sort_values("share", ascending=False)["name"].tolist()
    rest = 1 - named.groupby("year")["share"].sum()
    parts = pd.concat([named[["year", "name", "share"]], rest.reset_index().assign(name=REST)], ignore_index=True)
    parts["rank"] = parts["name"].map([*order, REST].index)
    parts = parts.sort_values(["year", "rank"], ignore_index=True)
    parts["right"] = parts.groupby("year")["share"].cumsum()
    return parts.assign(left=parts["right"] - parts["share"])


def leftward(positions: list[float], gap: float, last: float) -> list[float]:
    """Return ascending positions moved to the left until none lies beyond `last` and neighbors are `gap` away.

    Examples
    --------
    >>> leftward([0.2, 0.8, 1.0], gap=0.25, last=0.9)
    [0.2, 0.65, 0.9]
    """
    moved: list[float] = []
    for position in reversed(positions):
        moved.append(round(min(position, moved[-1] - gap if moved else last), 10))
    return moved[::-1]


def as_share(value: float) -> str:
    """Return a share as text."""
    return format_number(value, "share")


def plot_shares(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return a bar per year, time downward, with the shares of the largest corporations as its parts."""
    parts = share_parts(data)
    years = sorted(int(year) for year in parts["year"].unique())
    parts["row"] = -parts["year"].astype(float)
    last = parts[parts["year"] == years[-1]].copy()
    last["middle"] = last["left"] / 2 + last["right"] / 2
    last["at"] = leftward(spread(list(last["middle"]), LABEL_WIDTH), LABEL_WIDTH, 1 - LABEL_WIDTH / 2)
    last["label"] = [
        f"{name}\n{format_number(share, 'share')}" for name, share in zip(last["name"], last["share"], strict=True)
    ]
    largest = parts[parts["rank"] == 0].assign(
        label=lambda rows: [format_number(one, "share") for one in rows["share"]]
    )
    marks = breaks_within(changes, years).assign(row=lambda rows: -rows["at"], start=0.0, end=1.0)
    fills = dict(zip(sorted(parts["rank"].unique()), [*sequential_colors()[::-1], color("line")], strict=False))
    fills[last["rank"].max()] = color("line")
    style = {"family": look()["fonts"]["sans"], "size": LABEL_PT}
    dashed = {"color": color("muted"), "size": 0.4}
    return (
        ggplot(parts)
        + geom_rect(
            aes(xmin="left", xmax="right", ymin="row - 0.3", ymax="row + 0.3", fill="factor(rank)"),
            color=color("paper"),
            size=0.4,
        )
        + geom_text(aes("left + 0.012", "row", label="label"), data=largest, ha="left", color=color("paper"), **style)
        + geom_segment(aes("start", "row", xend="end", yend="row"), data=marks, linetype="dashed", **dashed)
        + geom_label(
            aes("end", "row", label="label"),
            data=marks,
            ha="right",
            color=color("muted"),
            fill=color("paper"),
            label_size=0,
            label_padding=0.12,
            family=style["family"],
            size=NOTE_PT,
        )
        + geom_segment(
            aes("middle", "row - 0.38", xend="at", yend="row - 0.62"), data=last, color=color("muted"), size=0.3
        )
        + geom_text(aes("at", "row - 0.68", label="label"), data=last, va="top", lineheight=1.1, **style)
        + scale_fill_manual(values=fills)
        + scale_y_continuous(
            breaks=[-year for year in years],
            labels=[str(year) for year in years],
            limits=(-years[-1] - 1.5, -years[0] + 0.4),
            expand=(0, 0),
        )
        + scale_x_continuous(
            breaks=[0, 0.25, 0.5, 0.75, 1], labels=["0", "25%", "50%", "75%", "100%"], expand=(0.005, 0, 0.03, 0)
        )
        + labs(x="", y="")
        + theme_countback()
        + theme(panel_grid_major_y=element_blank(), panel_grid_major_x=element_blank(), axis_text_x=element_blank())
    )


def curves_data(curves: pd.DataFrame) -> pd.DataFrame:
    """Return the Lorenz curves from the first provider on, first and last year marked to be in color."""
    data = curves[curves["n_largest"] > 0].copy()
    ends = {data["year"].min(): "first", data["year"].max(): "last"}
    data["style"] = data["year"].map(ends).fillna("between")
    return data.sort_values(["unit_of_analysis", "year", "n_largest"], ignore_index=True)


def plot_concentration(data: pd.DataFrame) -> ggplot:
    """Return what share of reports the largest make, by how many are taken together; a curve per year."""
    data = data.astype({"n_largest": float, "reports_share": float})
    data["counted"] = pd.Categorical(data["unit_of_analysis"].map(COUNTED), list(COUNTED.values()))
    starts = data[data["n_largest"] == 1].copy()
    starts["at"] = starts.groupby("unit_of_analysis")["reports_share"].transform(lambda part: spread(list(part), 0.026))
    starts["label"] = starts["year"].astype(str)
    palette = {"first": color("ink"), "last": color("accent"), "between": color("muted")}
    written = starts["style"].map(palette)
    numbers = [1, 2, 5, 10, 20, 50, 100, 200]
    return (
        ggplot(data, aes("n_largest", "reports_share", group="year", color="style"))
        + facet_wrap("counted")
        + geom_line(size=0.6)
        + geom_text(
            aes(y="at", label="label"),
            data=starts,
            color=list(written),
            ha="right",
            nudge_x=-0.05,
            size=LABEL_PT,
            family=look()["fonts"]["sans"],
        )
        + scale_color_manual(values=palette)
        + scale_x_log10(breaks=numbers, labels=[str(number) for number in numbers], expand=(0.13, 0, 0.03, 0))
        + scale_y_continuous(labels=lambda breaks: [format_number(value, "share", decimals=0) for value in breaks])
        + labs(x="Largest taken together (log scale)", y="Share of service providers' reports")
        + theme_countback()
        + theme(panel_spacing=0.04)
    )


def top_data(concentration: pd.DataFrame, bounds: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of the largest by year: known, or from the least to the most that the unlisted rest allows.

    Parameters
    ----------
    concentration, bounds
        The tables of these names.
    changes
        Breaks of the series; `stretch` names years that a line may join.
    """
    known = concentration.assign(low=concentration["estimate"], high=concentration["estimate"], is_bound=False)
    rows = pd.concat([known, bounds.assign(is_bound=True)], ignore_index=True)
    rows["number"] = rows["parameter"].str.extract(r"^top_(\d+)_share$", expand=False)
    rows = rows[rows["number"].notna()].astype({"number": "int64", "low": float, "high": float})
    rows["year"] = rows["subset"].str.slice(0, 4).astype("int64")
    rows["series"] = rows["unit_of_analysis"] + " " + rows["number"].astype(str)
    rows = rows.sort_values(["series", "year"], ignore_index=True)
    rows["stretch"] = unbroken(rows, "series", changes)
    return rows[["unit_of_analysis", "number", "year", "low", "high", "is_bound", "stretch"]]


def plot_top(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return the shares of the largest by year; where not all rows are known, open marks at the least and the most."""
    data = data.assign(counted=pd.Categorical(data["unit_of_analysis"].map(COUNTED), list(COUNTED.values())))
    known, bounds = data[~data["is_bound"]], data[data["is_bound"]]
    ends = pd.concat([bounds.assign(at=bounds["low"]), bounds.assign(at=bounds["high"])])
    said = data[data["year"] == data["year"].max()].copy()
    said["at"] = said["low"] / 2 + said["high"] / 2
    said["at"] = said.groupby("unit_of_analysis")["at"].transform(lambda part: spread(list(part), 0.07))
    said["label"] = [f"{number} largest" if number > 1 else "Largest" for number in said["number"]]
    years = sorted(int(year) for year in data["year"].unique())
    return (
        ggplot(data, aes("year"))
        + facet_wrap("counted")
        + break_marks(changes, years, [1.27])
        + geom_line(aes(y="low", group="stretch"), data=known, color=color("accent"), size=0.6)
        + geom_point(aes(y="low"), data=known, color=color("accent"), size=1.4, stroke=0)
        + geom_segment(aes(y="low", xend="year", yend="high"), data=bounds, color=color("accent"), size=0.6)
        + geom_point(aes(y="at"), data=ends, color=color("accent"), fill=color("paper"), size=1.5, stroke=0.5)
        + geom_text(
            aes(y="at", label="label"),
            data=said,
            ha="left",
            nudge_x=0.25,
            size=LABEL_PT,
            color=color("ink"),
            family=look()["fonts"]["sans"],
        )
        + scale_y_continuous(
            limits=(0, 1.28),
            breaks=[0, 0.25, 0.5, 0.75, 1],
            labels=lambda breaks: [format_number(value, "share", decimals=0) for value in breaks],
            expand=(0, 0),
        )
        + scale_x_continuous(
            breaks=years[::2],
            limits=(years[0] - 0.18 * len(years), years[-1] + 0.4 * len(years)),
            labels=[str(year) for year in years[::2]],
        )
        + labs(x="", y="Share of service providers' reports")
        + theme_countback()
        + theme(panel_spacing=0.04)
    )


def unbroken(data: pd.DataFrame, key: str, changes: pd.DataFrame) -> pd.Series:
    """Return a name for each stretch of years in a row that mean the same, so that no line is drawn across others."""
    years = data["year"].astype(int)
    follows = (years.groupby(data[key]).diff() == 1) & (segments(years, changes).groupby(data[key]).diff() == 0)
    starts = (~follows).groupby(data[key]).cumsum()
    return data[key] + " " + starts.astype(str)


def reports_data(
    shares: pd.DataFrame, organizations: pd.DataFrame, changes: pd.DataFrame, ownership: pd.DataFrame
) -> pd.DataFrame:
    """Return reports by year of the corporations surveyed, with the brands they owned.

    `counted_with` is the name of the owner to which a provider's later reports belong; missing without one.
    """
    owned = shares.merge(organizations, left_on="provider", right_on="organization")
    # a corporation is among the organizations because a brand of its was surveyed, if it was not itself
    data = owned.loc[owned["is_surveyed"] | owned["kind"].eq("corporation"), ["provider", "name", "year", "reports"]]
    data = data.sort_values(["provider", "year"], ignore_index=True)
    owners = data["provider"].map(later_owners(data, organizations, ownership)).astype("string")
    return data.assign(stretch=unbroken(data, "provider", changes), counted_with=owners)


def later_owners(data: pd.DataFrame, organizations: pd.DataFrame, ownership: pd.DataFrame) -> dict[str, str]:
    """Return the name of the owner that bought a provider after its last year in the data, by provider."""
    names = organizations.set_index("organization")["name"]
    last = data.groupby("provider")["year"].max().to_dict()
    bought = ownership.dropna(subset="valid_from")
    return {
        row.organization: names[row.parent]
        for row in bought.itertuples()
        if int(str(row.valid_from)[:4]) > last.get(row.organization, math.inf)
    }


def plot_reports(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return reports per year on a logarithmic axis, in a panel per corporation, those with most reports first."""
    data = data.astype({"reports": float, "year": float})
    last = data.loc[data.groupby("name")["year"].idxmax()]
    order = last.sort_values(["year", "reports"], ascending=False)["name"].tolist()
    data, last = (frame.assign(panel=pd.Categorical(frame["name"], order)) for frame in (data, last))
    last["label"] = [
        format_number(row.reports, "count")
        + (f" in {row.year:.0f}" if row.year < data["year"].max() else "")
        + (f",\nthen in {row.counted_with}’s" if pd.notna(row.counted_with) else "")
        for row in last.itertuples()
    ]
    years = sorted(data["year"].unique())
    named_years = sorted({years[len(years) // 6], years[-1 - len(years) // 6]})
    marks = breaks_within(changes, years)
    powers = range(0, math.ceil(np.log10(data["reports"].max())) + 1, 2)
    # the number has the corner that the line leaves free
    is_high = last["panel"].map(data.groupby("panel", observed=True)["reports"].min()).astype(float) > HIGH
    last["at"] = np.where(is_high, 10.0 ** powers[0] * 1.2, 10.0 ** powers[-1] * 2)
    last["year"] = years[-1]
    style = {"ha": "right", "size": NOTE_PT, "lineheight": 1.1, "family": look()["fonts"]["sans"]}
    style |= {"label_size": 0, "label_padding": 0.06, "fill": color("paper")}
    return (
        ggplot(data, aes("year", "reports", group="stretch"))
        + facet_wrap("panel", ncol=PANELS_IN_A_ROW)
        + geom_vline(aes(xintercept="at"), data=marks, color=color("muted"), size=0.3, linetype="dashed")
        + geom_line(color=color("accent"), size=0.7)
        + geom_point(color=color("accent"), size=1.1, stroke=0)
        + [
            geom_label(aes(y="at", label="label"), data=part, va="bottom" if is_below else "top", **style)
            for is_below, part in last.groupby(is_high)
        ]
        + scale_y_log10(
            breaks=[10**power for power in powers], labels=[format_number(10**power, "count") for power in powers]
        )
        + scale_x_continuous(breaks=named_years, labels=[f"{year:.0f}" for year in named_years])
        + labs(x="", y="")
        + theme_countback()
        + theme(panel_spacing=0.02)
    )


def notes(figure: str, changes: pd.DataFrame, years: pd.Series) -> str:
    """Return what dashed lines mark that have no words beside them, for the foot of a figure."""
    marks = breaks_within(changes, list(years.astype(float)))
    if figure != "provider_reports" or marks.empty:
        return ""
    said = [f"from {at + 0.5:.0f} on, {label}" for at, label in zip(marks["at"], marks["label"], strict=True)]
    return f"Dashed lines: {'; '.join(said)}."


def main(inputs: dict[str, str], outputs: dict[str, str]) -> None:
    """Draw the figures and write the data under them."""
    tables = {name: read_table(file) for name, file in inputs.items()}
    changes = breaks_of(SERIES, tables["changes"])
    shares = shares_data(tables["shares"], tables["organizations"], changes)
    curves = curves_data(tables["curves"])
    reports = reports_data(tables["shares"], tables["organizations"], changes, tables["ownership"])
    top = top_data(tables["concentration"], tables["bounds"], changes)
    together, owners = "Share of reports that the largest make together", "brands added to their owners"
    plots = {"shares": plot_shares(shares, changes), "concentration": plot_concentration(curves)}
    plots |= {"reports": plot_reports(reports, changes), "top": plot_top(top, changes)}
    drawings = {
        "shares": ("shares", "wide", f"Share of service providers’ reports, {owners}", shares),
        "concentration": ("concentration", "wide", together, curves),
        "reports": ("provider_reports", "long", f"Reports per year, {owners}, on a logarithmic scale", reports),
        "top": ("top_shares", "small", together, top),
    }
    for output, (name, size, what, data) in drawings.items():
        frame = framed(name, what, data["year"], notes(name, changes, data["year"]))
        save_figure(plots[output], outputs[output], size, frame)
        write_data(data, outputs[f"{output}_data"])


NEEDED = ("shares", "organizations", "ownership", "concentration", "curves", "bounds", "changes")

if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in NEEDED},
            dict(snakemake.output.items()),
        ),
        snakemake.log[0],
    )
