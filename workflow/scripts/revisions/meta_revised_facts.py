"""List every fact that Meta revised, by which factor and at what age, and find the quarters revised as a whole.

- A release is compared with the one before it, as `countback.revisions` says. The table of facts has one row per fact
  and release that revises it, so a fact may have several.
- The age of a fact is counted in quarters from its period to the one that the revising release is named after: what the
  older release printed as its newest has age 1.
- A cluster is what one release revises of one app, metric and period at once: at least `cluster_facts` policy areas,
  and at least the share `cluster_share` of the areas for which both releases give a number.
- A cluster's direction is that of all its facts, or mixed. A cluster is scaled if it has one direction and the
  ratios of new to old number of at least the share `cluster_share` of its facts are off their median (that of the
  logarithms) by a factor of at most 1 + `near`. A fact that was or became zero has no ratio.
- Whether the same release revises the same app, metric and period as another that it returns to is said fact by fact:
  `is_return`.
- By age, shares are of all facts of that age that two releases can be compared for, over all pairs of releases. Facts
  of a cluster change together, so no interval is given that would take them for independent; the least and the largest
  share among pairs of releases are given instead.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from countback import revisions as compare
from countback.histories import has_label
from countback.ingest import meta
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, counts, numbers_table
from countback.revisions import Form

FORM = Form(meta.KEY, ["value", "value_low", "value_high"])
FILES = ["releases", "policies", "meta"]
ENDS = ("_before", "_after")
AT_ONCE = ["from_release", "to_release", "app", "metric", "period"]
PERIOD = ["from_release", "to_release", "period"]
SUBSETS = {"all": False, "child-related": True}


def comparable_facts(history: pd.DataFrame, policies: pd.DataFrame, order: Mapping[str, str]) -> Iterator[pd.DataFrame]:
    """Yield, for each pair of consecutive releases, the facts that both give a number, with whether it was revised.

    Parameters
    ----------
    history
        `data/histories/meta.csv`.
    policies
        `data/histories/child_policies.csv`.
    order
        The period of each release by its id, in order of publication.
    """
    history = compare.number_facts(history, FORM)
    releases = list(order)
    facts = compare.InTurn(releases, lambda release: compare.facts_of(history, release, releases))
    for older, newer in pairwise(releases):
        both = compare.pair_facts(facts[older], facts[newer], FORM, [*FORM.key, "unit", "value_printed"])
        both = both[both["is_comparable"]].merge(facts[newer][["fact", "value_printed"]], on="fact", suffixes=ENDS)
        revised = both[both["is_revised"]]
        yield both.assign(
            from_release=older,
            to_release=newer,
            age_quarters=compare.age_quarters(both["period"], order[newer]),
            is_return=compare.is_return(revised, history, older, releases).reindex(both.index, fill_value=False),
            is_child_related=has_label(both, policies, "meta"),
            log_ratio=compare.log_ratio(both),
        )


class Found(NamedTuple):
    """What is kept of all pairs of releases: what was revised, the clusters, and numbers by period and by age."""

    revised: pd.DataFrame
    clusters: pd.DataFrame
    periods: pd.DataFrame
    ages: pd.DataFrame


def find(pairs: Iterable[pd.DataFrame], least_facts: int, least_share: float, near: float) -> Found:
    """Return what is found in pairs of releases, of which one at a time is in memory.

    Parameters
    ----------
    pairs
        From `comparable_facts`.
    least_facts, least_share, near
        As for `clusters_of`.
    """
    clusters: list[dict[str, object]] = []
    frames = []
    for both in pairs:
        clusters += clusters_of(both, least_facts, least_share, near)
        frames.append((both[both["is_revised"]], count_periods(both), count_ages(both)))
    revised, periods, ages = (pd.concat(parts, ignore_index=True) for parts in zip(*frames, strict=True))
    return Found(revised, numbered(clusters), periods, ages)


def clusters_of(
    comparable: pd.DataFrame, least_facts: int, least_share: float, near: float
) -> Iterator[dict[str, object]]:
    """Yield the clusters of revised facts.

    Parameters
    ----------
    comparable
        From `comparable_facts`.
    least_facts, least_share
        How many policy areas, and which share of those that can be compared, make a cluster.
    near
        By which factor above 1 a ratio may be off the median ratio, to count as near.
    """
    changed = comparable[comparable["is_revised"]].groupby(AT_ONCE).size()
    places = changed[changed >= least_facts].index.to_frame(index=False)
    for place, group in comparable.merge(places, on=AT_ONCE).groupby(AT_ONCE):
        if group["is_revised"].sum() >= least_share * len(group):
            yield dict(zip(AT_ONCE, place, strict=True)) | _cluster(group, least_share, near)


def numbered(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return clusters in order, with a number for each: one row per cluster."""
    columns = [*AT_ONCE, "n_comparable", "n_revised", "n_returned", "n_child_revised", "direction", "n_ratios"]
    columns += ["n_near", "is_scaled", "min_ratio", "median_ratio", "max_ratio"]
    clusters = pd.DataFrame(rows, columns=columns).sort_values(AT_ONCE, ignore_index=True)
    clusters.insert(0, "cluster", clusters.index + 1)
    return clusters


def _cluster(group: pd.DataFrame, least_share: float, near: float) -> dict[str, object]:
    """Return what is said of one cluster, from all of its facts that can be compared."""
    revised = group[group["is_revised"]]
    ups = int((revised["value_after"] > revised["value_before"]).sum())
    direction = {0: "down", len(revised): "up"}.get(ups, "mixed")
    logs = revised["log_ratio"].dropna()
    n_near = int(((logs - logs.median()).abs() <= np.log1p(near) + compare.SLACK).sum())
    return {
        "n_comparable": len(group),
        "n_revised": len(revised),
        "n_returned": int(revised["is_return"].sum()),
        "n_child_revised": int(revised["is_child_related"].sum()),
        "direction": direction,
        "n_ratios": len(logs),
        "n_near": n_near,
        "is_scaled": direction != "mixed" and n_near >= least_share * len(revised),
        **{f"{name}_ratio": round(float(np.exp(getattr(logs, name)())), 9) for name in ("min", "median", "max")},
    }


def revised_facts(revised: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Return one row per fact and release that revises it, with the number of its cluster, if it is in one."""
    revised = revised.merge(clusters[[*AT_ONCE, "cluster"]], on=AT_ONCE, how="left")
    before, after = revised["value_before"].astype(float), revised["value_after"].astype(float)
    relative = (after / before.where(before > 0) - 1).round(9)
    columns = ["app", "policy_area", "metric", "period", "from_release", "to_release", "unit", "value_before"]
    columns += ["value_after", "value_printed_before", "value_printed_after", "relative_change", "log_change"]
    columns += ["age_quarters", "is_return", "is_child_related", "cluster"]
    facts = revised.assign(relative_change=relative, log_change=revised["log_ratio"].round(9))[columns]
    return facts.sort_values(["to_release", *meta.KEY], ignore_index=True)


def count_periods(comparable: pd.DataFrame) -> pd.DataFrame:
    """Return how many facts of each period can be compared, and how many of them were revised."""
    return comparable.groupby(PERIOD, as_index=False).agg(
        age_quarters=("age_quarters", "first"), n_comparable=("fact", "size"), n_revised=("is_revised", "sum")
    )


def by_period(counted: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Return how many facts of each period a release revises, for every pair of releases that covers the period."""
    clustered = facts[facts["cluster"].notna()].groupby(PERIOD).size().rename("n_in_clusters")
    rows = counted.sort_values(PERIOD).merge(clustered, on=PERIOD, how="left").fillna({"n_in_clusters": 0})
    return rows.assign(revised_share=rows["n_revised"] / rows["n_comparable"])


def count_ages(comparable: pd.DataFrame) -> pd.DataFrame:
    """Return how many facts of each age and subset can be compared in a release, and how many of them were revised."""
    frames = []
    for subset, only_children in SUBSETS.items():
        chosen = comparable[comparable["is_child_related"] | (not only_children)]
        counted = chosen.groupby(["age_quarters", "to_release"], as_index=False)
        frames.append(counted.agg(n_comparable=("fact", "size"), n_revised=("is_revised", "sum")).assign(subset=subset))
    return pd.concat(frames, ignore_index=True)


def by_age(counted: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Return the share of facts revised by their age, for all facts and for those about children."""
    frames = []
    for subset, only_children in SUBSETS.items():
        compared = counted[counted["subset"] == subset]
        chosen = facts[facts["is_child_related"] | (not only_children)]
        pairs = (compared["n_revised"] / compared["n_comparable"]).groupby(compared["age_quarters"])
        ages = compared.groupby("age_quarters")[["n_comparable", "n_revised"]].sum()
        revised = chosen.groupby("age_quarters")
        frames.append(
            ages.assign(
                subset=subset,
                n_releases=pairs.size(),
                n_in_clusters=revised["cluster"].count().reindex(ages.index, fill_value=0),
                revised_share=ages["n_revised"] / ages["n_comparable"],
                lowest_share=pairs.min(),
                highest_share=pairs.max(),
                median_factor=np.exp(chosen["log_change"].abs()).groupby(chosen["age_quarters"]).median().round(9),
            ).reset_index()
        )
    return pd.concat(frames, ignore_index=True)


def fact_numbers(facts: pd.DataFrame) -> Iterator[Number]:
    """Yield how many facts were revised, how often, how far, and how many of these are about children."""
    change = facts["relative_change"].abs()
    of_children = facts[facts["is_child_related"]]
    found = {
        "n_revisions": (len(facts), "all"),
        "n_facts": (len(facts.drop_duplicates(meta.KEY)), "facts"),
        "n_facts_again": (int((facts.groupby(meta.KEY).size() > 1).sum()), "facts revised more than once"),
        "n_child_facts": (len(of_children.drop_duplicates(meta.KEY)), "facts about children"),
        "n_in_clusters": (int(facts["cluster"].notna().sum()), "in a cluster"),
        "n_within_1_percent": (int((change <= 0.01).sum()), "relative_change of at most 1 percent, up or down"),
        "n_by_half": (int((change >= 0.5).sum()), "relative_change of at least 50 percent, up or down"),
    }
    yield from counts("facts", "meta_revised_facts", found)


def cluster_numbers(clusters: pd.DataFrame) -> Iterator[Number]:
    """Yield how many quarters were revised as a whole, and how many of these by one factor."""
    found = {"n": (len(clusters), "all"), "n_scaled": (int(clusters["is_scaled"].sum()), "is_scaled")}
    yield from counts("clusters", "meta_revision_clusters", found)


def main(
    files: Mapping[str, str], outputs: Mapping[str, str], least_facts: int, least_share: float, near: float
) -> None:
    """Read the history, list what was revised, write the tables."""
    tables = {name: read_table(file) for name, file in files.items()}
    order = compare.history_order(tables["releases"], tables["meta"])
    found = find(comparable_facts(tables["meta"], tables["policies"], order), least_facts, least_share, near)
    facts = revised_facts(found.revised, found.clusters)
    results = {
        "meta_revised_facts": facts,
        "meta_revision_clusters": found.clusters,
        "meta_revision_periods": by_period(found.periods, facts),
        "meta_revision_ages": by_age(found.ages, facts),
        "meta_revision_numbers": numbers_table([*fact_numbers(facts), *cluster_numbers(found.clusters)]),
    }
    for name, frame in results.items():
        write_table(frame, *(file for file in outputs.values() if Path(file).stem == name))


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in FILES},
            dict(snakemake.output.items()),
            snakemake.params.cluster_facts,
            snakemake.params.cluster_share,
            snakemake.params.near,
        ),
        snakemake.log[0],
    )
