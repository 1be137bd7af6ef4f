"""Draw a corporation's pieces by quarter, with the breaks in them, and a year's pieces against NCMEC's reports.

- Breaks are data: the quarter in which a brand begins to disclose, and rows that warn of a changed definition. No line
  is drawn across the latter.
- A year's pieces are the sum over all brands that disclose them, and missing where one of them does not cover the year.
- Pieces and reports are different quantities: one report may hold many pieces, or none. Each has a panel and a scale of
  its own; a year that mixes two definitions of pieces is hollow.
- Reports have breaks of their own, by the table of breaks: no line is drawn across these either.
- Rounded counts are drawn as disclosed: the bounds are narrower than the dots.
"""

from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from plotnine import (
    aes,
    facet_wrap,
    geom_blank,
    geom_line,
    geom_point,
    geom_segment,
    geom_text,
    geom_vline,
    ggplot,
    labs,
    scale_color_manual,
    scale_fill_manual,
    scale_x_continuous,
    scale_y_continuous,
    theme,
)

from countback import breaks as series_breaks
from countback.breaks import breaks_within
from countback.esp_rows import branded_rows, rows_of_one_brand
from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, look, series_colors
from countback.look.frame import framed
from countback.look.plot import LABEL_PT, NOTE_PT, plot_nothing, save_figure, spread, theme_countback, write_data
from countback.periods import parse_period

METRIC = "pieces"
CHANGED = "definition-changed"
REPORTS = ["cybertipline_reports", "esp_reports"]  # tables whose breaks are marked
ROWS = ("esp_reports", "esp_brands", "selected", "selected_brands")
PANELS = {
    "pieces": "Pieces of content acted on",
    "reports": "Reports to NCMEC",
    "reports_same_brands": "Reports to NCMEC",
}


def _has(warnings: "pd.Series[str]", word: str) -> "pd.Series[bool]":
    return warnings.fillna("").str.split("|").map(lambda words: word in words).astype(bool)


def brands_of(corporation: str, ownership: pd.DataFrame) -> list[str]:
    """Return a corporation and the brands that it owns or owned: what they disclose of their own is its."""
    return [corporation, *ownership.loc[ownership["parent"] == corporation, "organization"]]


def pieces_data(disclosures: pd.DataFrame, brands: list[str], organizations: pd.DataFrame) -> pd.DataFrame:
    """Return pieces by brand, definition and period, in order of time; `at` is the middle of the period, in years."""
    rows = disclosures[
        disclosures["organization"].isin(brands) & (disclosures["metric"] == METRIC) & ~disclosures["is_redundant"]
    ].merge(organizations[["organization", "name"]], on="organization")
    periods = rows["period"].map(parse_period)
    middle = [(period.start.month + period.end.month) / 24 - 1 / 24 + period.year for period in periods]
    rows = rows.assign(at=np.round(np.array(middle, dtype=float), 6), definition=rows["component"].fillna("all"))
    rows["pieces"] = rows["value"].astype(float)
    rows["is_changed"] = _has(rows["warnings"], CHANGED)
    columns = ["organization", "name", "definition", "period", "at", "pieces", "is_changed"]
    return rows[columns].sort_values(["organization", "at"], ignore_index=True)


def breaks_of(data: pd.DataFrame) -> pd.DataFrame:
    """Return where a series of pieces breaks, in years, with a label: a brand that joins, a definition that changes."""
    first = data.groupby(["organization", "name"], as_index=False)["at"].min()
    joins = first[first["at"] > data["at"].min()]
    breaks = [(at, f"{name} begins") for at, name in zip(joins["at"], joins["name"], strict=True)]
    breaks += [(at, "definition changed") for at in sorted(data.loc[data["is_changed"], "at"].unique())]
    table = pd.DataFrame(sorted(breaks), columns=["at", "label"]).astype({"at": float})
    # halfway to the period before
    step = np.diff(np.sort(data["at"].unique())).min() / 2 if data["at"].nunique() > 1 else 0.0
    return table.assign(at=table["at"] - step)


def _millions(breaks: list[float]) -> list[str]:
    return [f"{value / 1e6:,.0f} million" if value else "0" for value in breaks]


def plot_pieces(data: pd.DataFrame) -> ggplot:
    """Return pieces by quarter, a line per brand and definition, the breaks marked and the brands named at the end."""
    if data.empty:
        return plot_nothing("No pieces disclosed")
    sans, top = look()["fonts"]["sans"], 1.12 * data["pieces"].max()
    data = data.assign(line=data["organization"] + data["definition"])
    ends = data.loc[data.groupby("organization")["at"].idxmax()].copy()
    ends["label_at"] = spread(list(ends["pieces"]), gap=0.06 * top)
    breaks = breaks_of(data)
    years = range(int(data["at"].min()), int(data["at"].max()) + 2)
    palette = dict(zip(sorted(data["organization"].unique()), series_colors(), strict=False))
    return (
        ggplot(data, aes("at", "pieces", color="organization"))
        + geom_segment(
            aes(x="at", xend="at"),
            data=breaks,
            y=0,
            yend=top,
            inherit_aes=False,
            color=color("muted"),
            size=0.4,
            linetype="dashed",
        )
        + geom_text(
            aes(x="at", label="label"),
            data=breaks,
            y=top,
            inherit_aes=False,
            ha="left",
            nudge_x=0.05,
            size=NOTE_PT,
            color=color("muted"),
            family=sans,
            va="top",
        )
        + geom_line(aes(group="line"), size=0.7)
        + geom_point(size=1.3, stroke=0)
        + geom_text(aes(y="label_at", label="name"), data=ends, ha="left", nudge_x=0.1, size=LABEL_PT, family=sans)
        + scale_color_manual(values=palette)
        + scale_y_continuous(labels=_millions, limits=(0, top), expand=(0, 0))
        + scale_x_continuous(breaks=list(years), labels=[str(year) for year in years], expand=(0.02, 0, 0.02, 0.6))
        + labs(x="", y="")
        + theme_countback()
    )


def yearly_data(
    years: pd.DataFrame, brands: list[str], shares: pd.DataFrame, rows: pd.DataFrame, corporation: str
) -> pd.DataFrame:
    """Return pieces and reports of a corporation by year, in long form; what is not known has no row.

    Parameters
    ----------
    years
        The table provider_years.
    brands
        Brands that disclose pieces.
    shares
        The table provider_shares, for the clearinghouse's count over all brands.
    rows
        Rows of the clearinghouse, as from `branded_rows`, for its count over the same brands.
    corporation
        Provider of the shares.
    """
    pieces = years[(years["metric"] == METRIC) & years["provider"].isin(brands)]
    full = pieces.groupby("year").agg(
        value=("value", lambda values: values.sum(min_count=len(brands))),
        is_changed=("warnings", lambda warnings: bool(_has(warnings, CHANGED).any())),
    )
    own = shares.loc[shares["provider"] == corporation].set_index("year")["reports"]
    apart = rows_of_one_brand(rows)
    apart = apart[apart["brand"].isin(brands)].groupby("year")
    same = apart["reports"].sum().where(apart["brand"].nunique() == len(brands))
    table = (
        pd.concat({"pieces": full["value"], "reports": own, "reports_same_brands": same}, names=["side"])
        .rename("value")
        .dropna()
        .reset_index()
    )
    changed = full.index[full["is_changed"].astype(bool)]
    table["is_changed"] = (table["side"] == "pieces") & table["year"].isin(changed)
    return table.astype({"year": int, "value": float}).sort_values(["side", "year"], ignore_index=True)


def in_lines(data: pd.DataFrame, changes: pd.DataFrame) -> pd.Series:
    """Return a name for the line that each year belongs to: none runs to a year of a changed definition, or across a
    break of the reports."""
    era = data.groupby("side")["is_changed"].cumsum() * 2 - data["is_changed"].astype(int)
    since = series_breaks.segments(data["year"], changes).where(data["side"] != "pieces", 0)
    return data["side"] + (era + since * (2 * len(data))).astype(str)


def yearly_labels(data: pd.DataFrame, brands: str) -> pd.DataFrame:
    """Return the words of the yearly figure: each number of pieces, in millions, and reports by their brands."""
    tops = data.groupby("panel", observed=True)["value"].transform("max").astype(float)
    pieces = data[data["side"] == "pieces"].assign(label=lambda rows: [f"{value / 1e6:.1f}" for value in rows["value"]])
    pieces = pieces.assign(at=pieces["year"] + 0.18, height=pieces["value"] + 0.025 * tops, side_of="left")
    reports = data[data["side"] != "pieces"]
    ends = reports.loc[reports.groupby("side")["year"].idxmax()].sort_values("value").copy()
    ends["label"] = ends["side"].map({"reports": "all brands", "reports_same_brands": fill(brands, 10)})
    # the name of the higher line is above the highest dot of its last stretch, that of the lower one below the lowest
    last = reports[reports["line"].isin(ends["line"])].groupby("line")["value"]
    ends["is_above"] = [*[False] * (len(ends) - 1), True][-len(ends) :]
    beside = np.where(ends["is_above"], ends["line"].map(last.max()), ends["line"].map(last.min()))
    shift = np.where(ends["is_above"], 0.03, -0.03) * tops[ends.index]
    ends = ends.assign(at=ends["year"] + 0.2, height=beside + shift, side_of="right")
    return pd.concat([pieces.assign(is_above=True), ends], ignore_index=True)


def yearly_words(said: pd.DataFrame, style: dict[str, Any]) -> list[Any]:
    """Return the words of `yearly_labels` as texts, above or below their places."""
    return [
        geom_text(
            aes("at", "height", label="label"),
            data=part,
            ha=side,
            va="bottom" if is_above else "top",
            lineheight=1.1,
            **style,
        )
        for (side, is_above), part in said.groupby(["side_of", "is_above"])
    ]


def yearly_breaks(
    changes: pd.DataFrame, years: list[int], panels: pd.Index, height: float, words: dict[str, Any]
) -> list[Any]:
    """Return marks of the breaks of reports, in their panel, which is the last, with words at a height beside them."""
    marks = breaks_within(changes, years)
    marks = marks.assign(
        panel=pd.Categorical.from_codes([len(panels) - 1] * len(marks), panels),
        label=[fill(label, 14) for label in marks["label"]],
        height=height,
    )
    return [
        geom_vline(aes(xintercept="at"), data=marks, color=color("muted"), size=0.4, linetype="dashed"),
        geom_text(
            aes("at", "height", label="label"),
            data=marks,
            inherit_aes=False,
            ha="right",
            va="bottom",
            nudge_x=-0.08,
            lineheight=1.1,
            color=color("muted"),
            **words,
        ),
    ]


def plot_yearly(data: pd.DataFrame, names: list[str], changes: pd.DataFrame) -> ggplot:
    """Return pieces and reports by year in panels of their own; a year that mixes definitions is hollow, on no line.

    Parameters
    ----------
    data
        What `yearly_data` returns.
    names
        Brands that disclose pieces, for readers.
    changes
        Breaks of the reports.
    """
    if data.empty:
        return plot_nothing("No pieces disclosed")
    sans, brands = look()["fonts"]["sans"], " and ".join(names)
    titles = {side: f"{title}, {brands}" if side == "pieces" else title for side, title in PANELS.items()}
    data = data.assign(
        line=in_lines(data, changes),
        fill=data["side"].where(~data["is_changed"], "hollow"),
        panel=pd.Categorical(data["side"].map(titles), list(dict.fromkeys(titles.values()))),
    )
    top = data.groupby("panel", observed=True)["value"].max()
    said = yearly_labels(data, brands)
    years = sorted(data["year"].unique())
    middle = -0.05 * float(top.iloc[0])
    empty = pd.DataFrame({"year": years[0], "value": 1.15 * top.to_numpy(), "panel": top.index})
    palette = dict(zip(PANELS, [color("accent"), color("ink"), color("muted")], strict=True))
    words = {"family": sans, "size": NOTE_PT}
    return (
        ggplot(data, aes("year", "value", color="side"))
        + facet_wrap("panel", scales="free_y")
        + geom_blank(aes("year", "value"), data=empty, inherit_aes=False)
        + yearly_breaks(changes, years, data["panel"].cat.categories, 0.02 * float(top.iloc[-1]), words)
        + geom_line(aes(group="line"), size=0.7)
        + geom_point(aes(fill="fill"), shape="o", size=2, stroke=0.7)
        + yearly_words(said, words)
        + geom_text(
            data=data[data["is_changed"]],
            label="definition\nchanged\nwithin\nthe year",
            ha="center",
            va="top",
            nudge_y=middle,
            lineheight=1.1,
            color=color("muted"),
            **words,
        )
        + scale_color_manual(values=palette)
        + scale_fill_manual(values=palette | {"hollow": color("paper")})
        + scale_y_continuous(labels=_millions, limits=(0, None), expand=(0, 0))
        + scale_x_continuous(breaks=years[::2], labels=[str(year) for year in years[::2]], expand=(0.08, 0, 0.12, 0))
        + labs(x="", y="")
        + theme_countback()
        + theme(panel_spacing=0.04)
    )


def main(inputs: dict[str, str], outputs: dict[str, str], corporation: str) -> None:
    """Draw both figures and write the data under them."""
    tables = {name: read_table(file) for name, file in inputs.items()}
    pieces = pieces_data(tables["disclosures"], brands_of(corporation, tables["ownership"]), tables["organizations"])
    brands = sorted(pieces["organization"].unique())
    rows = branded_rows(*(tables[name] for name in ROWS))
    yearly = yearly_data(tables["provider_years"], brands, tables["shares"], rows, corporation)
    changes = series_breaks.breaks_of(REPORTS, tables["changes"])
    if not brands:
        yearly = yearly[:0]
    names = sorted(pieces["name"].unique())
    quarters = pieces["period"].str.slice(0, 4).astype(int)
    owner = tables["organizations"].loc[tables["organizations"]["organization"] == corporation, "name"]
    what = "Pieces of content per quarter, for child sexual exploitation"
    frame = framed("pieces", what, quarters, providers=owner)
    save_figure(plot_pieces(pieces), outputs["pieces"], "wide", frame)
    what = "Each per year, in millions, each on a scale of its own"
    frame = framed("pieces_and_reports", what, yearly["year"], providers=owner)
    save_figure(plot_yearly(yearly, names, changes), outputs["yearly"], "small", frame)
    for name, data in {"pieces": pieces, "yearly": yearly}.items():
        write_data(data, outputs[f"{name}_data"])


if __name__ == "__main__":
    run(
        lambda: main(
            {
                name: snakemake.input[name]
                for name in (
                    "disclosures",
                    "ownership",
                    "organizations",
                    "provider_years",
                    "shares",
                    *ROWS,
                    "changes",
                )
            },
            dict(snakemake.output.items()),
            snakemake.params.corporation,
        ),
        snakemake.log[0],
    )
