"""Meta's pieces, reach and revisions, as published.

Published methods, faults included: only to reproduce the published values, not to be used.

- Pieces are Facebook's and Instagram's under both definitions, as the compilation holds them: seven cells of one
  quarter are of an older release than the rest. Instagram's begin a quarter later than Facebook's.
- Changes to the quarter a year before run across the changes of scope and of definition.
- Releases are joined by labels as printed: a row whose label was respelled counts as neither changed nor lost. The
  rate of divergence divides by all rows of the earlier release, empty ones included.
"""

from itertools import pairwise

import pandas as pd

from countback.ingest.meta import rebuild_release
from replication.definitions import APPS, BRANDS, CHILD_POLICIES
from replication.inputs import Method, Tables, Value, Values, by_year, published_releases
from replication.published.clearinghouse import brand_reports, provider_reports
from replication.published.shared import reports_by_year

FIRST_YEAR = 2019
KEY = ["app", "policy_area", "metric", "period"]
PREFIX = "meta-"


def quarterly(tables: Tables, metrics: list[str]) -> pd.Series:
    """Return both apps' sums over metrics and definitions by quarter, as the compilation holds them."""
    rows = pd.concat(tables[f"disclosures/{app}"] for app in APPS)
    sums = rows[rows["metric"].isin(metrics)].groupby("period")["value"].sum()
    return sums.astype(int).rename(lambda period: str(period).replace(" ", ""))


def pieces(tables: Tables) -> Values:
    """Return pieces by quarter and year, their changes in percent, and pieces per report."""
    quarters = quarterly(tables, ["pieces"])
    before = quarters.rename(lambda quarter: f"{int(quarter[:4]) + 1}{quarter[4:]}").reindex(quarters.index)
    years = quarters.groupby(quarters.index.str[:4].astype(int)).sum().loc[FIRST_YEAR:]  # type: ignore[misc]
    return (
        by_year("meta.pieces", quarters)
        | by_year("meta.pieces_yoy_pct", (quarters / before - 1) * 100)
        | by_year("meta.pieces_per_year", years)
        | by_year("meta.pieces_per_report", years / provider_reports(tables)["meta"])
    )


def clearinghouse(tables: Tables) -> Values:
    """Return the clearinghouse's reports by brand and year, and shares in percent."""
    brands = brand_reports(tables)
    counts = brands.groupby(["organization", "year"])["reports"].sum()
    total = provider_reports(tables)["meta"]
    values: Values = by_year("meta.share_of_total", total / reports_by_year(tables) * 100)
    for brand in BRANDS:
        values |= by_year(f"meta.ncmec.{brand}", counts[brand])
    return values | by_year("meta.whatsapp_share", counts["whatsapp"] / total * 100)


def reach(tables: Tables) -> Values:
    """Return people active on Meta's apps in second quarters, in percent of the world's population."""
    people = tables["reference/family_active_people"]
    world = tables["reference/world_populations"].set_index("year")["population"].astype(float)
    second = people[people["period"].str.endswith("Q2")]
    values: dict[str, Value] = {}
    for frequency, rows in second.groupby("frequency"):
        active = pd.Series(rows["people_billion"].to_numpy(dtype=float), index=rows["period"].str[:4].astype(int))
        values |= by_year(f"meta.reach.{frequency}", active * 1_000_000_000 / world * 100)
    return values


def parsed(printed: pd.Series) -> pd.Series:
    """Return printed values as numbers: counts without separators, percentages, a range as its middle."""
    parts = printed.str.replace(r"[,%]", "", regex=True).str.split("-", expand=True)
    return parts.apply(pd.to_numeric, errors="coerce").mean(axis=1)


def divergence(tables: Tables) -> Values:
    """Return, for each release, how many rows differ from those of the release before."""
    history, labels, blocks = (tables[f"histories/{name}"] for name in ("meta", "meta_labels", "meta_blocks"))
    order = sorted(set(history["first_release"]) | set(history["last_release"]))
    known = published_releases(order)
    printed = {release: rebuild_release(history, labels, blocks, release, order) for release in known}
    values: dict[str, Value] = {}
    for earlier, later in pairwise(known):
        both = printed[earlier].merge(printed[later], on=KEY, suffixes=("_before", "_after"))
        before, after = parsed(both["value_before"]), parsed(both["value_after"])
        changed = both[(before != after) & ~(before.isna() & after.isna())]
        family = f"meta.divergence.{later.removeprefix(PREFIX).replace('-', '').upper()}"
        values |= {
            f"{family}.changed": len(changed),
            f"{family}.total": len(printed[earlier]),
            f"{family}.rate_pct": len(changed) / len(printed[earlier]) * 100,
            f"{family}.csam_changed": int(changed["policy_area"].isin(CHILD_POLICIES).sum()),
        }
        values |= {f"{family}.by_period.{period}": int(n) for period, n in changed["period"].value_counts().items()}
    return values


METHODS: dict[str, Method] = {
    "meta.pieces": pieces,
    "meta.clearinghouse": clearinghouse,
    "meta.reach": reach,
    "meta.divergence": divergence,
}
