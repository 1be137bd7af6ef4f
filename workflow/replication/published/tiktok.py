"""TikTok's releases and one derived count, as published.

Published methods, faults included: only to reproduce the published values, not to be used.

- A release is compared with the one before, its newest quarter left out, by columns of the same heading; values are
  rounded to three digits first. Rows that find no counterpart are passed over, so renamed labels look unchanged.
- The release for the fourth quarter of 2023 spells its headings in another case. No row of it found a counterpart,
  and the comparison said that there are no differences. Later releases were not compared.
- The last of the derived counts multiplies a share of one category into a count of another.
"""

from itertools import pairwise

import pandas as pd

from countback.ingest.tiktok_history import Tables as Labels
from countback.ingest.tiktok_history import print_release
from replication.definitions import FIRST_RELEASE, LAST_RELEASE
from replication.inputs import Method, Tables, Value, Values

PREFIX = "tiktok-"
HEADINGS_CHANGED = LAST_RELEASE
KEY = ["metric", "period_type", "period", "policy_type", "issue", "task_type", "task", "location", "market"]
SHARE = "Category share"


def printed_releases(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the compared releases as printed, by id in order of publication."""
    history = tables["histories/tiktok"]
    order = sorted(set(history["first_release"]) | set(history["last_release"]))
    labels = Labels(*(tables[f"histories/tiktok_{name}"] for name in Labels._fields))
    return {
        release: print_release(history, release, order, labels)
        for release in order
        if FIRST_RELEASE <= release <= LAST_RELEASE
    }


def without_newest(frame: pd.DataFrame, release: str) -> pd.DataFrame:
    """Return a release's rows but those of the quarter that it is about."""
    year, quarter = release.removeprefix(PREFIX).split("-q")
    newest = ["Jan-Mar", "Apr-Jun", "Jul-Sep", "Oct-Dec"][int(quarter) - 1]
    return frame[frame["period"] != f"{newest} {year}"]


def folded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a release's key without case, and its values rounded to three digits."""
    key = frame[KEY].apply(lambda column: column.str.casefold())
    return key.assign(value=pd.to_numeric(frame["value_printed"], errors="coerce").round(3))


def comparisons(tables: Tables) -> Values:
    """Return the rows of each release, and how many of the release before it changed."""
    printed = printed_releases(tables)
    values: dict[str, Value] = {}
    for release, frame in printed.items():
        family = f"tiktok.rows.{_name(release)}"
        values |= {f"{family}.all": len(frame), f"{family}.without_new": len(without_newest(frame, release))}
    for earlier, later in pairwise(printed):
        before, after = folded(printed[earlier]), folded(without_newest(printed[later], later))
        found = before.merge(after, on=KEY, suffixes=("_before", "_after"))
        if later == HEADINGS_CHANGED:
            found = found.iloc[:0]
        differs = (found["value_before"] != found["value_after"]) & found["value_before"].notna()
        values[f"tiktok.differences.{_name(earlier)}-{_name(later)}"] = int(differs.sum())
    return values


def _name(release: str) -> str:
    return release.removeprefix(PREFIX).replace("-", "").upper()


def derived_counts(tables: Tables) -> Values:
    """Return the share of one category of removals, and counts multiplied out of it."""
    disclosed = tables["disclosures/tiktok"].query("period == '2023 Q4'").set_index("metric")["value"]
    history = tables["histories/tiktok"]
    unrelated = history[
        (history["period"] == "2023 Q4")
        & (history["issue"] == "Youth Safety & Well-Being - Youth Exploitation & Abuse")
        & (history["metric"] == SHARE)
        & (history[["task_type", "task", "location", "market"]] == "All").all(axis=1)
    ]["value"].iloc[0]
    share = disclosed["youth_exploitation_category_share"]
    total, civility = disclosed["videos_removed_all_content"], disclosed["safety_and_civility_share_all_content"]
    count = total * civility * share // 1
    return {
        "tiktok.2023Q4.subcategory-share-youth-exploitation-abuse": float(share),
        "tiktok.2023Q4.subcategory-count-youth-exploitation-abuse": float(count),
        "tiktok.2023Q4.subcategory-share-youth-safety-well-being-youth-exploitation-abuse": float(unrelated),
        "tiktok.2023Q4.subcategory-count-youth-safety-well-being-youth-exploitation-abuse": float(
            count * unrelated // 1
        ),
    }


METHODS: dict[str, Method] = {"tiktok.comparisons": comparisons, "tiktok.derived_counts": derived_counts}
