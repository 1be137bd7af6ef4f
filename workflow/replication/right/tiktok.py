"""TikTok's quantities by the right methods, under the ids of the published values.

- Releases are compared after labels are aligned: earlier ones than those compared print other digits of the same
  values.
- A count of videos is that of all videos removed times shares along one chain of categories.
"""

from itertools import pairwise

import pandas as pd

from countback.histories import rebuild
from replication.definitions import FIRST_RELEASE, LAST_RELEASE
from replication.inputs import Method, Tables, Values
from replication.right.meta import compared, name_of, releases

CELL = ["metric", "policy_type", "issue", "task_type", "task", "location", "market", "period"]
CHAIN = ["videos_removed_all_content", "safety_and_civility_share_all_content", "youth_exploitation_category_share"]
CATEGORY = "youth-exploitation-abuse"
OTHER_PARENT = "youth-safety-well-being-youth-exploitation-abuse"
OTHER_ISSUE = "Youth Safety & Well-Being - Youth Exploitation & Abuse"


def period_of(release: str) -> str:
    """Return the quarter that a release is about.

    Examples
    --------
    >>> period_of("tiktok-2023-q4")
    '2023 Q4'
    """
    return release.split("-", 1)[1].replace("-", " ").upper()


def compared_releases(history: pd.DataFrame) -> list[str]:
    """Return the releases that the published analysis compares, in order."""
    return [release for release in releases(history) if FIRST_RELEASE <= release <= LAST_RELEASE]


def revisions(tables: Tables) -> Values:
    """Return the rows of releases, and how many values were revised from one to the next, after labels are aligned."""
    history = tables["tiktok"]
    order = releases(history)
    held = {release: rebuild(history, release, order) for release in compared_releases(history)}
    values: Values = {}
    for release, rows in held.items():
        family = f"tiktok.rows.{name_of(release)}"
        older = rows["period"] != period_of(release)
        values |= {f"{family}.all": len(rows), f"{family}.without_new": int(older.sum())}
    for earlier, later in pairwise(held):
        facts = compared(held[earlier], held[later], CELL, ["value"])
        values[f"tiktok.differences.{name_of(earlier)}-{name_of(later)}"] = int(facts["is_revised"].sum())
    return values


def removed_videos(tables: Tables) -> Values:
    """Return the share of youth exploitation under each of its parents, and the count under the parent of the chain."""
    period = period_of(LAST_RELEASE)
    own = tables["disclosures"].query("organization == 'tiktok' and period == @period").set_index("metric")["value"]
    history = tables["tiktok"]
    rows = rebuild(history, LAST_RELEASE, releases(history))
    whole = (rows[["task", "location", "market"]] == "All").all(axis=1)
    rows = rows[whole & (rows["metric"] == "Category share") & (rows["period"] == period)]
    other = rows.loc[rows["issue"] == OTHER_ISSUE, "value"]
    family = f"tiktok.{name_of(LAST_RELEASE)}.subcategory"
    return {
        f"{family}-share-{CATEGORY}": float(own[CHAIN[-1]]),
        f"{family}-share-{OTHER_PARENT}": float(other.iloc[0]) if len(other) == 1 else None,
        # whole videos; the shares have three digits, so that only the first ones of the product are known
        f"{family}-count-{CATEGORY}": int(own[CHAIN].prod()),
    }


METHODS: list[Method] = [revisions, removed_videos]
