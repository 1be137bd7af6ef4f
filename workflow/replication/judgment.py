"""The verdict on each published value, and the rows that nothing explains.

- reproduced: the published method gives the published value, and a second computation by the right method gives it too.
- reproduced only: the published method gives the published value, and a reason says why nothing was computed twice.
- corrected: the published method gives the published value, but it is wrong. The right one stands beside it, or none
  where the quantity can't be had from what is disclosed.
- another estimate: the published method gives the published value, and a model of this report another one. Neither is
  wrong: they are estimates by different models.
- not reproducible: the published method does not give the published value.
- An explanation is a pattern of ids with a fault and a reason; of several that match, the first holds. One that leaves
  a value as it was is not stated.
- A row is explained if its verdict is `reproduced`, or if it has a reason. The rest fails verification.
"""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pandas as pd

from countback.io.errors import DataError, DataErrors
from replication.numbers import relative_change, same

REPRODUCED, REPRODUCED_ONLY, CORRECTED, ANOTHER_ESTIMATE, NOT_REPRODUCIBLE = VERDICTS = (
    "reproduced",
    "reproduced only",
    "corrected",
    "another estimate",
    "not reproducible",
)
CHANGES, WITHHOLDS, REMARK, ESTIMATES, UNCHECKED = "changes", "withholds", "remark", "estimates", "unchecked"
MOST_NOT_REPRODUCIBLE = 10
PUBLISHED = "data/replication/published_results.csv"
EXPLANATIONS = "data/replication/explanations.csv"
HEADLINES = "data/replication/headlines.csv"
Row = dict[str, Any]


def explanation_of(identifier: str, explanations: list[Row]) -> Row | None:
    """Return the first explanation whose pattern matches an id."""
    return next((one for one in explanations if fnmatchcase(identifier, one["pattern"])), None)


def judge(published: str, reproduced: str | None, own: str | None, has_own: bool, effect: str | None) -> Row:
    """Return the verdict on a value, what is right, and whether the explanation is to be stated.

    Parameters
    ----------
    published, reproduced, own
        The values as printed; own is missing where the quantity can't be had.
    has_own
        Whether the project has a say on the quantity.
    effect
        What the explanation of the id does, if it has one.
    """
    if reproduced is None or not same(published, reproduced):
        return {"verdict": NOT_REPRODUCIBLE, "corrected": None, "is_stated": effect == NOT_REPRODUCIBLE}
    if effect == WITHHOLDS:
        return {"verdict": CORRECTED, "corrected": None, "is_stated": True}
    if not has_own:
        return {"verdict": REPRODUCED_ONLY, "corrected": None, "is_stated": effect in (UNCHECKED, REMARK)}
    if own is not None and same(published, own):
        return {"verdict": REPRODUCED, "corrected": None, "is_stated": effect == REMARK}
    if effect == ESTIMATES:
        return {"verdict": ANOTHER_ESTIMATE, "corrected": own, "is_stated": True}
    return {"verdict": CORRECTED, "corrected": own, "is_stated": effect == CHANGES}


def unknown_ids(published: pd.DataFrame, reproduced: pd.DataFrame, explained: Mapping[str, Row]) -> Iterator[DataError]:
    """Yield published ids that no method computes, and methods that compute no published id."""
    computed = set(reproduced["id"])
    for identifier in published["id"]:
        if identifier not in computed and explained[identifier].get("effect") != NOT_REPRODUCIBLE:
            yield DataError(
                PUBLISHED,
                identifier,
                found="an id that no published method computes",
                expected="one of results/replication_reproduced.csv",
                fix=f"Add the method to workflow/replication/published, or explain the id in {EXPLANATIONS}.",
            )
    used = set(reproduced.loc[reproduced["id"].isin(published["id"]), "computed_by"])
    for method in sorted(set(reproduced["computed_by"]) - used):
        yield DataError(
            "results/replication_reproduced.csv",
            method,
            found="ids of which none is published",
            expected=f"at least one in {PUBLISHED}",
            fix="Drop the method from workflow/replication/published.",
        )


def idle_explanations(ids: Iterable[str], explanations: list[Row]) -> Iterator[DataError]:
    """Yield explanations that are the first to match no id."""
    first = [explanation_of(identifier, explanations) for identifier in ids]
    matched = {one["pattern"] for one in first if one}
    for one in explanations:
        if one["pattern"] not in matched:
            yield DataError(
                EXPLANATIONS,
                one["pattern"],
                found="a pattern that is the first to match no id",
                expected="a pattern of ids",
                fix="Drop it, or move it above the pattern that takes its ids.",
            )


def without_own_value(explained: Mapping[str, Row], own: Mapping[str, str | None]) -> Iterator[DataError]:
    """Yield ids that are said to have another value, but of which no right method computes one."""
    for identifier, one in explained.items():
        if one.get("effect") in (CHANGES, ESTIMATES) and identifier not in own:
            yield DataError(
                EXPLANATIONS,
                identifier,
                found="a fault that changes the value, but no value by the right method",
                expected="one in results/replication_corrected.csv",
                fix="Compute it in workflow/replication/right, or say `withholds` if there is none.",
            )


def replication(
    published: pd.DataFrame, reproduced: pd.DataFrame, corrected: pd.DataFrame, explanations: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per published value, with its verdict.

    Parameters
    ----------
    published, explanations
        Tables of `data/replication/`.
    reproduced, corrected
        What the published and the right methods give, by id; a missing value of the latter can't be had.

    Raises
    ------
    DataErrors
        If ids, methods or explanations are missing or superfluous.
    """
    own, theirs = _by_id(corrected, "corrected"), _by_id(reproduced, "reproduced")
    listed = _records(explanations)
    explained = {name: explanation_of(name, listed) or {} for name in published["id"]}
    faults = [
        *unknown_ids(published, reproduced, explained),
        *idle_explanations({*published["id"], *reproduced["id"]}, listed),
        *without_own_value(explained, own),
    ]
    if faults:
        raise DataErrors(faults)
    rows = []
    for row in _records(published):
        name, one = row["id"], explained[row["id"]]
        judged = judge(row["published"], theirs.get(name), own.get(name), name in own, one.get("effect"))
        is_stated = judged.pop("is_stated")
        row["is_computed_twice"] = name in theirs and name in own
        row |= judged | {"reproduced": theirs.get(name), "topic": name.split(".")[0]}
        row |= {key: one.get(key) if is_stated else None for key in ("fault", "reason")}
        row["relative_correction"] = relative_change(row["published"], row["corrected"])
        row["is_explained"] = row["verdict"] == REPRODUCED or is_stated
        rows.append(row)
    return _objects(pd.DataFrame(rows))


def _records(frame: pd.DataFrame) -> list[Row]:
    return [{str(key): value for key, value in row.items()} for row in _objects(frame).to_dict("records")]


def _objects(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(object).where(frame.notna(), None)


def _by_id(frame: pd.DataFrame, column: str) -> dict[str, str | None]:
    rows = _objects(frame)
    return dict(zip(rows["id"], rows[column], strict=True))


def misplaced_headlines(verdicts: Mapping[str, Row], chosen: list[Row]) -> Iterator[DataError]:
    """Yield values that are to stand for a fault, but have another one, or none."""
    for one in chosen:
        found = verdicts.get(one["id"], {}).get("fault")
        if found != one["fault"]:
            yield DataError(
                HEADLINES,
                one["id"],
                found=f"fault {one['fault']}, where the verdict names {found or 'none'}",
                expected="a published value whose verdict names the fault",
                fix="Choose a value of results/replication.csv with this fault.",
            )


def headlines(frame: pd.DataFrame, chosen: pd.DataFrame, faults: pd.DataFrame) -> pd.DataFrame:
    """Return the values that stand for the faults, in the order of the faults and with their titles.

    Parameters
    ----------
    frame
        Verdicts, as `replication` returns them.
    chosen, faults
        Tables of `data/replication/`: which values stand for which fault, and the faults.

    Raises
    ------
    DataErrors
        If a chosen value is not one of its fault.
    """
    verdicts = {row["id"]: row for row in _records(frame)}
    misplaced = list(misplaced_headlines(verdicts, _records(chosen)))
    if misplaced:
        raise DataErrors(misplaced)
    stated = chosen.merge(frame[["id", "published", "reproduced", "corrected", "verdict"]], on="id", how="left")
    order = faults.sort_values("rank_in_list")[["fault", "title"]]
    return order.merge(stated, on="fault", how="inner")


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how many values have which verdict: one row per topic and verdict, and for all topics."""
    both = pd.concat([frame, frame.assign(topic="all")])
    counts = both.groupby(["topic", "verdict"]).size().unstack("verdict").reindex(columns=list(VERDICTS)).fillna(0)
    order = [*sorted(set(frame["topic"])), "all"]
    return counts.loc[order].stack().astype(int).rename("n_values").reset_index()


def failures(frame: pd.DataFrame) -> list[str]:
    """Return what makes verification fail, one line each: rows that nothing explains, and too many of one verdict."""
    lines = []
    for row in _records(frame[~frame["is_explained"].astype(bool)]):
        values = {name: "nothing" if row[name] is None else row[name] for name in ("reproduced", "corrected")}
        but = {
            CORRECTED: f"but the project's own number is {values['corrected']}",
            REPRODUCED_ONLY: "but there is no second computation",
        }.get(row["verdict"], "which differ")
        lines.append(
            f"{row['id']}: published {row['published']}, reproduced {values['reproduced']}, {but}, "
            f"and no row of {EXPLANATIONS} says why."
        )
    n_lost = int((frame["verdict"] == NOT_REPRODUCIBLE).sum())
    if n_lost > MOST_NOT_REPRODUCIBLE:
        lines.append(f"{n_lost} values are not reproducible, expected at most {MOST_NOT_REPRODUCIBLE}.")
    return lines
