"""Draw who makes the reports: shares of corporations, concentration, and reports of each provider by year.

- Axes of counts and shares are logarithmic where they span powers of ten, and say so.
- What was surveyed is in ink and named at the end of its line; other service providers are gray, for comparison.
- A line is broken where a provider has no row in a year: not listed is not zero; and where the clearinghouse's rows or
  what a report is change, which a mark says.
"""

import numpy as np
import pandas as pd
from plotnine import (
    aes,
    facet_wrap,
    geom_line,
    geom_point,
    geom_segment,
    geom_text,
    ggplot,
    labs,
    scale_color_manual,
    scale_x_continuous,
    scale_x_log10,
    scale_y_continuous,
    scale_y_log10,
    theme,
)

from countback.breaks import breaks_of, segments
from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, look
from countback.look.plot import break_marks, named_ends, save_figure, spread, theme_countback, write_data
from countback.text.units import format_number

SMALLEST = 1e-4  # shares below this are left out: the axis would be mostly theirs
NAMED = 8  # more labels than this can't be told apart at print size
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


def plot_shares(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return the corporations' shares of service providers' reports, on a logarithmic axis, labeled at their end."""
    data = data[data["share"] >= SMALLEST].astype({"share": float, "year": float})
    data["style"] = np.select(
        [data["share"].groupby(data["provider"]).transform("max") > 0.5, data["is_named"]], ["first", "named"], "other"
    )
    ends = data[data["is_named"] & (data["year"] == data["year"].max())].copy()
    ends["at"] = 10 ** np.array(spread(list(np.log10(ends["share"])), gap=0.18))
    ends["label"] = [
        f"{name} {format_number(share, 'share')}" for name, share in zip(ends["name"], ends["share"], strict=True)
    ]
    years = sorted(data["year"].unique())
    palette = {"first": color("accent"), "named": color("ink"), "other": color("line")}
    return (
        ggplot(data, aes("year", "share", group="stretch", color="style"))
        + break_marks(changes, years, [2.5])
        + geom_line(size=0.6)
        + geom_point(size=1.1, stroke=0)
        + named_ends(ends, "share", 0.9 * SMALLEST)
        + scale_color_manual(values=palette)
        + scale_y_log10(
            breaks=[10.0**power for power in range(-4, 1)],
            labels=lambda breaks: [f"{100 * value:,.6f}".rstrip("0").rstrip(".") + "%" for value in breaks],
        )
        + scale_x_continuous(
            breaks=years,
            limits=(years[0], years[-1] + max(1.3, 0.3 * len(years))),
            labels=lambda breaks: [f"{value:.0f}" for value in breaks],
        )
        + labs(x="", y="Share of service providers' reports (log scale)")
        + theme_countback()
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
    palette = {"first": color("ink"), "last": color("accent"), "between": color("context")}
    written = starts["style"].map(palette | {"between": color("muted")})  # words need more contrast than lines
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
            size=8,
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
        + break_marks(changes, years, [1.17, 1.09])
        + geom_line(aes(y="low", group="stretch"), data=known, color=color("accent"), size=0.6)
        + geom_point(aes(y="low"), data=known, color=color("accent"), size=1.4, stroke=0)
        + geom_segment(aes(y="low", xend="year", yend="high"), data=bounds, color=color("accent"), size=0.6)
        + geom_point(aes(y="at"), data=ends, color=color("accent"), fill=color("paper"), size=1.5, stroke=0.5)
        + geom_text(
            aes(y="at", label="label"),
            data=said,
            ha="left",
            nudge_x=0.25,
            size=8,
            color=color("ink"),
            family=look()["fonts"]["sans"],
        )
        + scale_y_continuous(
            limits=(0, 1.18),
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
    shares: pd.DataFrame, organizations: pd.DataFrame, esp_years: pd.DataFrame, changes: pd.DataFrame
) -> pd.DataFrame:
    """Return reports by year of the surveyed corporations, and of every other service provider, for comparison."""
    owned = shares.merge(organizations, left_on="provider", right_on="organization")
    # a corporation is among the organizations because a brand of its was surveyed, if it was not itself
    owned["kind"] = np.where(owned["is_surveyed"] | owned["kind"].eq("corporation"), "surveyed", "other")
    others = esp_years[esp_years["owner"].isna()].rename(columns={"esp": "provider"}).assign(kind="other")
    data = pd.concat([frame[["kind", "provider", "name", "year", "reports"]] for frame in (owned, others)])
    data = data.sort_values(["kind", "provider", "year"], ignore_index=True)
    data["stretch"] = unbroken(data.assign(series=data["kind"] + " " + data["provider"]), "series", changes)
    return data


def plot_reports(data: pd.DataFrame, changes: pd.DataFrame) -> ggplot:
    """Return reports per corporation and year on a logarithmic axis, the surveyed ones labeled at their end."""
    data = data.astype({"reports": float, "year": float})
    surveyed, others = data[data["kind"] == "surveyed"], data[data["kind"] == "other"]
    alone = others[~others["stretch"].duplicated(keep=False)]
    years = sorted(data["year"].unique())
    ends = surveyed[surveyed["year"] == years[-1]].copy()
    gap = 0.026 * float(np.log10(data["reports"].max()) - np.log10(data["reports"].min()))
    ends["at"] = 10 ** np.array(spread(list(np.log10(ends["reports"])), gap=gap))
    ends["label"] = [
        f"{name} {format_number(count, 'count')}" for name, count in zip(ends["name"], ends["reports"], strict=True)
    ]
    return (
        ggplot(mapping=aes("year", "reports", group="stretch"))
        + break_marks(changes, years, [2.5 * data["reports"].max()])
        + geom_line(data=others, color=color("line"), size=0.25)
        + geom_point(data=alone, color=color("line"), size=0.35, stroke=0)
        + geom_line(data=surveyed, color=color("accent"), size=0.6)
        + geom_point(data=surveyed, color=color("accent"), size=1.1, stroke=0)
        + named_ends(ends, "reports", data["reports"].min())
        + scale_y_log10(labels=lambda breaks: [format_number(value, "count") for value in breaks])
        + scale_x_continuous(
            breaks=years,
            limits=(years[0], years[-1] + max(1.5, 0.3 * len(years))),
            labels=lambda breaks: [f"{value:.0f}" for value in breaks],
        )
        + labs(x="", y="Reports per year (log scale)")
        + theme_countback()
    )


def main(inputs: dict[str, str], outputs: dict[str, str]) -> None:
    """Draw the figures and write the data under them."""
    tables = {name: read_table(file) for name, file in inputs.items()}
    changes = breaks_of(SERIES, tables["changes"])
    shares = shares_data(tables["shares"], tables["organizations"], changes)
    curves = curves_data(tables["curves"])
    reports = reports_data(tables["shares"], tables["organizations"], tables["esp_years"], changes)
    save_figure(plot_shares(shares, changes), outputs["shares"], "wide")
    save_figure(plot_concentration(curves), outputs["concentration"], "wide")
    top = top_data(tables["concentration"], tables["bounds"], changes)
    save_figure(plot_reports(reports, changes), outputs["reports"], "tall")
    save_figure(plot_top(top, changes), outputs["top"], "small")
    for name, data in {"shares": shares, "concentration": curves, "reports": reports, "top": top}.items():
        write_data(data, outputs[f"{name}_data"])


NEEDED = ("shares", "organizations", "esp_years", "concentration", "curves", "bounds", "changes")

if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in NEEDED},
            dict(snakemake.output.items()),
        ),
        snakemake.log[0],
    )
