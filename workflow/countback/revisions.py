"""A publisher's releases set against each other: what two have in common, and what the newer one revises.

- A fact is what a key of a history says. Two releases have it in common if both state it, be it as N/A.
- Labels are aligned before facts are compared; how two releases look under their printed labels is counted beside.
- Only facts for which both releases give a number can be revised.
- A release may print fewer decimals than another. The precision of a metric in a release is the most decimals that
  it prints of it, since trailing zeros may be left out; two numbers differ if they are further apart than half a unit
  of the coarser precision. Numbers that only were rounded differently are counted apart, as `n_reprinted`.
- A revised fact returns if a release before the older one gave it the newer one's number.
- A fact is added late if no earlier release states it though the older one covers its period. A fact that an earlier
  release states and the older one lacks has come back; it is not new.
- A series that the older release states for one period only is a snapshot: that it is gone is no loss of history.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from countback.histories import SPAN, rebuild
from countback.periods import parse_period

DECIMALS = 14  # more than this is noise of binary fractions
SLACK = 1e-12  # likewise

# How files contradict themselves, each other, or the page that offers them, in words.
CONTRADICTIONS = {
    "doubtful_by_remark": "page contradicts file",
    "months_of_another_period": "months of another quarter",
    "part_exceeds_whole": "part exceeds whole",
    "repeated_row": "repeats a row with other numbers",
    "repeated_table": "repeats a table",
    "shifted_column": "column shifted by a row",
    "wrong_share": "wrong share",
    "wrong_sum": "wrong sum",
}


@dataclass(frozen=True)
class Form:
    """What the columns of a history are.

    Attributes
    ----------
    key
        Columns that say what a fact is about, `period` among them.
    numbers
        Columns with its numbers: one, or also the ends of a range.
    """

    key: Sequence[str]
    numbers: Sequence[str]

    @property
    def series(self) -> list[str]:
        """Return the columns of the key but the period."""
        return [column for column in self.key if column != "period"]


class InTurn(Mapping[str, pd.DataFrame]):
    """Tables by release, each made when it is asked for; the last two are kept, so that memory does not hold all."""

    def __init__(self, order: Sequence[str], make: Callable[[str], pd.DataFrame]) -> None:
        """Begin with the releases in order of publication, and what makes the table of one."""
        self._order, self._make = list(order), make
        self._kept: dict[str, pd.DataFrame] = {}

    def __getitem__(self, release: str) -> pd.DataFrame:
        """Return the table of a release."""
        if release not in self._kept:
            made = self._make(release)
            self._kept = dict([*self._kept.items(), (release, made)][-2:])
        return self._kept[release]

    def __iter__(self) -> Iterator[str]:
        """Return the releases in order."""
        return iter(self._order)

    def __len__(self) -> int:
        """Return how many releases there are."""
        return len(self._order)


def number_facts(history: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return a history with a number for each `fact`, its `series` (the key without the period), and its `decimals`."""
    columns = {"fact": form.key, "series": form.series}
    numbers = {
        name: history.groupby(list(key), dropna=False, sort=False).ngroup().astype("int64")
        for name, key in columns.items()
    }
    needed = pd.concat([decimals(history[column]) for column in form.numbers], axis=1).max(axis=1)
    return history.assign(**numbers, decimals=needed)


def decimals(values: pd.Series) -> pd.Series:
    """Return how many decimals each number needs.

    Examples
    --------
    >>> decimals(pd.Series([5.0, 0.25, 0.9109999999999999, None])).tolist()
    [0.0, 2.0, 3.0, nan]
    """
    numbers = values.astype("Float64").to_numpy(float, na_value=np.nan)
    needed = np.where(np.isnan(numbers), np.nan, float(DECIMALS))
    for places in range(DECIMALS, -1, -1):
        with np.errstate(invalid="ignore"):
            enough = np.abs(np.round(numbers, places) - numbers) < 10.0**-DECIMALS
        needed[enough] = places
    return pd.Series(needed, index=values.index)


def facts_of(history: pd.DataFrame, release: str, order: Sequence[str]) -> pd.DataFrame:
    """Return what a release holds, with `places`: the most decimals that it prints of the fact's metric and unit.

    Parameters
    ----------
    history
        From `number_facts`, with columns `metric` and `unit`.
    release, order
        The release's id, and all ids in order of publication.
    """
    facts = rebuild(history, release, order)
    return facts.assign(places=facts.groupby(["metric", "unit"])["decimals"].transform("max"))


def pair_facts(older: pd.DataFrame, newer: pd.DataFrame, form: Form, kept: Sequence[str] = ()) -> pd.DataFrame:
    """Return the facts that two releases have in common.

    Parameters
    ----------
    older, newer
        From `facts_of`.
    form
        What their columns are.
    kept
        Columns of the older release that are wanted beside.

    Returns
    -------
    pandas.DataFrame
        One row per fact: `fact`, `kept`, the numbers `..._before` and `..._after`, and of what kind it is:
        `is_comparable`, `is_missing_in_one`, `is_reprinted` (other numbers, but alike at the coarser precision),
        `is_revised`.
    """
    stated = ["fact", "places", *form.numbers]
    both = older[[*stated, *kept]].merge(newer[stated], on="fact", suffixes=("_before", "_after"))
    given = {end: both[[f"{column}_{end}" for column in form.numbers]].notna() for end in ("before", "after")}
    places = both[["places_before", "places_after"]].min(axis=1)
    differs, is_other = pd.Series(False, index=both.index), pd.Series(False, index=both.index)
    for column in form.numbers:
        before, after = (both[f"{column}_{end}"].astype(float) for end in ("before", "after"))
        one_only = before.isna() != after.isna()
        apart = (after - before).abs()
        is_other |= one_only | (apart > SLACK)
        differs |= one_only | (apart > 0.5 * 10.0**-places + SLACK)
    comparable = given["before"].any(axis=1) & given["after"].any(axis=1)
    return both.assign(
        is_comparable=comparable,
        is_missing_in_one=given["before"].any(axis=1) != given["after"].any(axis=1),
        is_revised=comparable & differs,
        is_reprinted=comparable & is_other & ~differs,
    )


def is_return(revised: pd.DataFrame, history: pd.DataFrame, older: str, order: Sequence[str]) -> pd.Series:
    """Tell of each revised fact whether a release before the older one gave it the newer number.

    Parameters
    ----------
    revised
        Rows of `pair_facts`.
    history
        From `number_facts`.
    older, order
        The older release's id, and all ids in order of publication.
    """
    if revised.empty:
        return pd.Series(False, index=revised.index, dtype=bool)
    number = {name: place for place, name in enumerate(order)}
    # only the facts in question: of all others the history grows with every release
    asked = history[history["fact"].isin(revised["fact"])]
    earlier = asked[asked["first_release"].map(number) < number[older]]
    known = set(zip(earlier["fact"], earlier["value"].astype(float), strict=True))
    pairs = zip(revised["fact"], revised["value_after"].astype(float), strict=True)
    return pd.Series([pair in known for pair in pairs], index=revised.index, dtype=bool)


def log_ratio(revised: pd.DataFrame) -> pd.Series:
    """Return the natural logarithm of the newer over the older number; missing where one is zero or a range."""
    before, after = revised["value_before"].astype(float), revised["value_after"].astype(float)
    positive = (before > 0) & (after > 0)
    return np.log(after.where(positive) / before.where(positive))


def age_quarters(periods: pd.Series, release_period: str) -> pd.Series:
    """Return how many quarters before the release's own each period ends.

    Examples
    --------
    >>> age_quarters(pd.Series(["2020 Q4", "2021 H1"]), "2021 Q3").tolist()
    [3, 1]
    """
    ends = {label: _quarter_number(label) for label in set(periods)}
    return _quarter_number(release_period) - periods.map(ends).astype("int64")


def _quarter_number(label: str) -> int:
    end = parse_period(label).end
    return end.year * 4 + (end.month - 1) // 3


def gone(older: pd.DataFrame, newer: pd.DataFrame) -> dict[str, int]:
    """Return how many facts of the older release the newer one lacks, and how many of these are of snapshots."""
    lost = ~older["fact"].isin(newer["fact"])
    snapshot = older.groupby("series")["fact"].transform("size") == 1
    return {"n_vanished": int(lost.sum()), "n_vanished_snapshot": int((lost & snapshot).sum())}


def come(older: pd.DataFrame, newer: pd.DataFrame, stated_before: pd.Index) -> dict[str, int]:
    """Return how many facts about periods that the older release covers stand in the newer one only: new, or back.

    Parameters
    ----------
    older, newer
        From `facts_of`.
    stated_before
        Facts that any release before the newer one states.
    """
    only = newer[~newer["fact"].isin(older["fact"]) & newer["period"].isin(set(older["period"]))]
    known = only["fact"].isin(stated_before)
    return {"n_added_late": int((~known).sum()), "n_come_back": int(known.sum())}


def sizes(revised: pd.DataFrame) -> dict[str, float | None]:
    """Return the median and the largest size of revisions: the factor, up or down, whichever is above 1."""
    factors = np.exp(log_ratio(revised).abs()).dropna()
    if factors.empty:
        return {"median_factor": None, "largest_factor": None}
    return {"median_factor": round(float(factors.median()), 9), "largest_factor": round(float(factors.max()), 9)}


def printed_pair(older: pd.DataFrame, newer: pd.DataFrame, revised: set[int]) -> dict[str, int | None]:
    """Return what two releases have in common under the labels that they print.

    Parameters
    ----------
    older, newer
        Rows as printed, with `fact`; all other columns are labels.
    revised
        Facts whose number the newer release revises.

    Returns
    -------
    dict
        `n_common_raw` and `n_vanished_raw` in rows of the older release, `n_revised_raw` in facts whose labels are the
        same in both. All missing where the two have other columns, so that no row of one has labels of the other.
    """
    labels = [column for column in older if column != "fact"]
    if set(labels) != set(newer) - {"fact"}:
        return dict.fromkeys(("n_common_raw", "n_revised_raw", "n_vanished_raw"))
    keys = newer[labels].drop_duplicates()
    found = older[labels].merge(keys, on=labels, how="left", indicator=True)["_merge"].eq("both").to_numpy()
    moved = older[older["fact"].isin(revised)]
    same = moved.merge(newer, on=[*labels, "fact"])["fact"]
    return {
        "n_common_raw": int(found.sum()),
        "n_revised_raw": len(same),
        "n_vanished_raw": int((~found).sum()),
    }


def since_last_revision(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of releases after the last one of which the newer release revises anything.

    Parameters
    ----------
    pairs
        With `n_revised`, in order of publication.
    """
    revised = (pairs["n_revised"] > 0).to_numpy()
    return pairs[revised[::-1].cumsum()[::-1] == 0]


def history_order(releases: pd.DataFrame, history: pd.DataFrame) -> dict[str, str]:
    """Return the period of each release of a history by its id, in order of publication.

    Parameters
    ----------
    releases
        `data/releases.csv`.
    history
        With its span; which releases are meant is taken from it.
    """
    named = set(history[SPAN[0]]) | set(history[SPAN[1]])
    rows = releases[releases["id"].isin(named)]
    ordered = sorted(zip(rows["id"], rows["period"], strict=True), key=lambda row: parse_period(row[1]))
    return dict(ordered)
