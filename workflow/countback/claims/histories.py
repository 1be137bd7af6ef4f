"""Claims on revisions, on what reports contain, on victims and on reversals: the last revision, directions, peaks."""

from collections.abc import Iterator

import pandas as pd

from countback.claims import Tables, longest_run
from countback.numbers import Number, words
from countback.text.claims import counted, direction, listed

EQUALLY = 1.2  # up to this ratio, two counts are about equal
META, TIKTOK, AGES = "meta_revisions", "tiktok_revisions", "meta_revision_ages"


def revisions(tables: Tables) -> Iterator[Number]:
    """Yield which release of Meta's revised most and which one last, and whether TikTok revised anything."""
    quarters = tables["releases"].set_index("id")["period"]
    meta = tables[META].assign(quarter=lambda frame: frame["to_release"].map(quarters)).sort_values("quarter")
    most = meta.loc[meta["revised_share"].idxmax(), "quarter"]
    yield words("meta_revisions", "most", most, META, "largest revised_share")
    for name, quarter in {"first_release": meta["quarter"].iloc[0], "last_release": meta["quarter"].iloc[-1]}.items():
        yield words("meta_revisions", name, quarter, META, "newest quarter of the releases, first and last")
    revised = meta[meta["n_revised"] > 0]["quarter"]
    last = revised.iloc[-1] if len(revised) else None
    if last is None:
        text = "No release revised anything."
    elif last == meta["quarter"].iloc[-1]:
        text = "The last release revised numbers again."
    else:
        since = meta[meta["quarter"] > last]
        text = (
            f"No release since that of {last} has revised anything: "
            f"{counted(len(since), 'further comparison')}, of {since['n_comparable'].sum():,} facts in all, "
            "found no change."
        )
    yield words("meta_revisions", "last", text, META, "last release with n_revised above zero")
    n = int(tables[TIKTOK]["n_revised"].sum())
    text = "none" if n == 0 else f"{n:,} values"
    yield words("tiktok_revisions", "revised", text, TIKTOK, "sum of n_revised")
    ages = tables[AGES].query("subset == 'all'")
    first = ages[ages["age_quarters"] == ages["age_quarters"].min()]
    apart = {"ordinary": ages["n_revised"] - ages["n_in_clusters"], "in_groups": ages["n_in_clusters"]}
    for name, counts in apart.items():
        if counts.sum():
            share = counts[first.index].sum() / counts.sum()
            yield Number("meta_first_age", name, share, "share", AGES, f"youngest age, {name}, of all ages")


def contents(tables: Tables) -> Iterator[Number]:
    """Yield how reports' contents changed, and how many providers registered in each year."""
    rows = tables["report_contents"]
    for item in ("online_enticement", "obscene_material_sent_to_child"):
        found = rows[(rows["item"] == item) & (rows["measure"] == "reports")].dropna(subset="value")
        series = found.set_index("year")["value"].sort_index()
        run, where = longest_run(series.index.to_series(), tables), f"{item}, years that count the same unit"
        yield words(item, "moved", direction(series[run[0]], series[run[-1]]), "report_contents", where)
        for name, year in {"first": run[0], "last": run[-1]}.items():
            yield Number(item, f"{name}_year", year, "year", "report_contents", where)
            yield Number(item, f"{name}_reports", series[year], "count", "report_contents", where)
        later = listed(f"{number:,.0f} in {year}" for year, number in series[series.index > run[-1]].items())
        text = (
            "Later years are not known." if later == "none" else f"Later counts cannot be compared with these: {later}."
        )
        yield words(item, "after", text, "report_contents", f"{item}, years after these")
    files = rows[(rows["table"] == "files_uploaded") & rows["item"].isin(["images", "videos"])]
    wide = files.pivot(index="year", columns="item", values="value").dropna().sort_index()
    images, videos = wide.iloc[-1][["images", "videos"]]
    ratio = max(images, videos) / min(images, videos)
    text = "images and videos were about equally many" if ratio < EQUALLY else (
        f"there were more {'images than videos' if images > videos else 'videos than images'}"
    )  # fmt: skip
    yield words("contents", "images_and_videos", text, "report_contents", "files_uploaded, last year")
    new = tables["ojjdp_facts"].query("table == 'esps_registered' and item == 'new'").sort_values("year")
    parts = [f"{row.value:,.0f} in {row.year}" for row in new.itertuples()]
    yield words("contents", "registered", listed(parts), "ojjdp_facts", "esps_registered, new, by year")
    kinds = rows[(rows["table"] == "exploitation_kinds") & (rows["measure"] == "reports")].dropna(subset="value")
    span = kinds.pivot(index="item", columns="year", values="value")
    span = span[longest_run(span.columns.to_series(), tables)]
    rise = (span.iloc[:, -1] / span.iloc[:, 0]).dropna()
    leading = rise.idxmax() != span.iloc[:, -1].idxmax()
    text = "The largest rises are among the smaller kinds." if leading else "The largest kind rose most."
    yield words("contents", "largest_rises", text, "report_contents", "exploitation_kinds, last over first year")


def feedback(tables: Tables) -> Iterator[Number]:
    """Yield how often agencies gave feedback, and how many reports they received, in the last year that has both."""
    given = tables["ojjdp_facts"].query("table == 'feedback' and measure == 'instances'")
    instances = given.pivot(index="year", columns="item", values="value")
    reports = tables["report_recipients"].pivot(index="year", columns="recipient", values="reports")
    years = instances.index.intersection(reports.index)
    if not len(years):
        return
    year, rows = years.max(), "last year of feedback and recipients"
    yield Number("feedback", "year", year, "year", "ojjdp_facts", rows)
    for who in instances.columns.intersection(reports.columns):
        yield Number("feedback", f"{who}_instances", instances.loc[year, who], "count", "ojjdp_facts", rows)
        yield Number("feedback", f"{who}_reports", reports.loc[year, who], "count", "report_recipients", rows)


def victims(tables: Tables) -> Iterator[Number]:
    """Yield in which year most victims were identified, and how that compares with the last."""
    table = "disclosed_share_results"
    found = tables[table].query("parameter == 'female' and question.str.contains('identified victims')")
    n = found.set_index(found["subset"].astype(int))["n"].sort_index()
    rows = "identified victims by year"
    yield Number("victims", "most_year", n.idxmax(), "year", table, rows)
    yield Number("victims", "most", n.max(), "count", table, rows)
    yield Number("victims", "most_over_last", n.max() / n.iloc[-1], "ratio", table, rows)


def reversals(tables: Tables) -> Iterator[Number]:
    """Yield of each provider the share restored in its first, last but one and last full years."""
    full = tables["reversed_shares"].query("is_full_year").dropna(subset="reversed_share").sort_values("year")
    for (provider, measure), rows in full.groupby(["provider", "measure"]):
        subset = f"restored_by_{provider}"
        chosen = {"first": 0, "before": -2, "last": -1}
        for name, place in chosen.items():
            if len(rows) < 2:
                continue
            row, where = rows.iloc[place], f"{provider}, {measure}, {name} full year"
            yield Number(subset, f"{name}_year", row["year"], "year", "reversed_shares", where)
            yield Number(subset, f"{name}_share", row["reversed_share"], "share", "reversed_shares", where)
            for column in ("restored", "acted_upon"):
                yield Number(subset, f"{name}_{column}", row[column], "count", "reversed_shares", where)
        moved = direction(rows["reversed_share"].iloc[0], rows["reversed_share"].iloc[-1])
        yield words(subset, "moved", moved, "reversed_shares", f"{provider}, {measure}, first and last full year")


def pieces(tables: Tables, corporation: str) -> Iterator[Number]:
    """Yield how the pieces that apps acted on moved in their last two full years, and those of a corporation's apps.

    The corporation's are set beside its reports, in the last two years that have both.
    """
    rows = tables["rounding_bounds"].query("metric == 'pieces'")
    bounds = rows.pivot(index="year", columns="organization", values="value").sort_index()
    for organization, found in bounds.items():
        series, where = found.dropna(), f"{organization}, last two years"
        if len(series) > 1:
            word = direction(series.iloc[-2], series.iloc[-1])
            yield words(f"pieces_of_{organization}", "moved", word, "rounding_bounds", where)
    owned = tables["ownership"].query("parent == @corporation")["organization"]
    together = bounds[[one for one in bounds.columns if one in set(owned)]].dropna().sum(axis="columns")
    reports = tables["provider_shares"].query("provider == @corporation").set_index("year")["reports"]
    both = pd.DataFrame({"pieces": together, "reports": reports}).dropna()
    if len(both) < 2:
        return
    subset, where = f"pieces_of_{corporation}", f"{corporation}, last two years with pieces and reports"
    for name, place in {"before": -2, "last": -1}.items():
        yield Number(subset, f"{name}_year", both.index[place], "year", "provider_shares", where)
        yield Number(subset, f"{name}_reports", both["reports"].iloc[place], "count", "provider_shares", where)
    moved = {name: direction(series.iloc[-2], series.iloc[-1]) for name, series in both.items()}
    text = f"pieces {moved['pieces']} while reports {moved['reports']}"
    if moved["pieces"] == moved["reports"]:
        text = f"pieces and reports both {moved['pieces']}"
    yield words(subset, "together", text, "provider_shares", where)


def claims(tables: Tables, corporation: str) -> Iterator[Number]:
    """Yield all claims on what is told over time."""
    yield from revisions(tables)
    yield from contents(tables)
    yield from feedback(tables)
    yield from victims(tables)
    yield from reversals(tables)
    yield from pieces(tables, corporation)
