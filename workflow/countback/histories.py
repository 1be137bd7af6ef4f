"""Histories that a publisher releases again and again: one row per fact and run of releases that state it alike.

- A release is one published file; a history is all releases of a publisher, folded. Releases are in the order of
  publication, which is that of the mapping or list that a function gets, not that of their names.
- A row says that every release from `first_release` to `last_release` holds the key with these values. What a release
  does not hold has no row, so a key may vanish and return, and a value may change and change back.
- A value that a release states as missing (N/A) is a fact with a row; a key that it lacks has none.
- Releases are folded and aligned one by one, so that memory holds the history and one release, however many there are.
- Labels that a publisher respelled are aligned by an explicit table. A rule that can't be undone is refused, so the
  printed labels stay recoverable and every release can be rebuilt.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from countback.io.errors import DataError

SPAN = ["first_release", "last_release"]
Releases = Mapping[str, pd.DataFrame] | Iterable[tuple[str, pd.DataFrame]]
LABELS = [*SPAN, "column", "printed", "aligned", "where_column", "where_label"]


def fold(releases: Releases, key: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """Fold releases into one history.

    Parameters
    ----------
    releases
        The rows of each release by its name, in order of publication: a mapping, or names and rows in turn.
    key
        Columns that say what a row is about; a missing value is a value of its own.
    values
        Columns that say what the release states of it. A change in any of them ends a run; two missing are the same.

    Returns
    -------
    pandas.DataFrame
        `key`, `values`, `first_release`, `last_release`; by key, then by release.

    Raises
    ------
    DataError
        If a release holds a key twice.

    Examples
    --------
    >>> a, b = ({"of": ["x", "y"], "value": [1, 2]}, {"of": ["x", "y"], "value": [1, 3]})
    >>> print(fold({"r1": pd.DataFrame(a), "r2": pd.DataFrame(b)}, ["of"], ["value"]).to_string(index=False))
    of  value first_release last_release
     x      1            r1           r2
     y      2            r1           r1
     y      3            r2           r2
    """
    names: list[str] = []
    runs: list[pd.DataFrame] = []
    current: pd.DataFrame | None = None
    for number, (name, frame) in enumerate(in_turn(releases)):
        check_key(frame, key, name)
        names.append(name)
        ended, current = _continued(current, frame[[*key, *values]], number)
        runs.append(ended)
    if current is None:
        return pd.DataFrame(columns=[*key, *values, *SPAN])
    rows = pd.concat([*(ended for ended in runs if len(ended)), current.assign(_last=len(names) - 1)])
    history = rows.sort_values([*key, "_first"], ignore_index=True)
    named = pd.Series(names)
    history = history.assign(first_release=history["_first"].map(named), last_release=history["_last"].map(named))
    return history[[*key, *values, *SPAN]]


def in_turn(releases: Releases) -> Iterable[tuple[str, pd.DataFrame]]:
    """Return names and rows of releases, in order."""
    return releases.items() if isinstance(releases, Mapping) else releases


def _continued(current: pd.DataFrame | None, frame: pd.DataFrame, number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the runs that end before a release, and those that it is part of.

    Parameters
    ----------
    current
        The runs that the release before it is part of, with the number of the release that each began with: `_first`.
    frame
        Key and values of the release.
    number
        Its own.
    """
    if current is None:
        return frame[:0].assign(_first=0, _last=0), frame.assign(_first=number)
    # what all columns say is the same fact stated alike; a merge takes two missing values for the same
    both = frame.merge(current.assign(_place=range(len(current))), on=list(frame), how="left")
    goes_on = np.zeros(len(current), dtype=bool)
    goes_on[both["_place"].dropna().astype("int64")] = True
    first = both["_first"].fillna(number).astype("int64")
    return current[~goes_on].assign(_last=number - 1), both.drop(columns="_place").assign(_first=first)


def check_key(frame: pd.DataFrame, key: Sequence[str], place: str) -> None:
    """Refuse rows that share a key.

    Raises
    ------
    DataError
        If rows do; it names the release (or file) and the first of them.
    """
    repeated = frame.loc[frame.duplicated(list(key), keep=False), list(key)]
    if len(repeated):
        raise DataError(
            place,
            found=f"{len(repeated)} rows that share a key, first {', '.join(map(str, repeated.iloc[0]))}",
            expected=f"one row per {', '.join(key)}",
            fix="Look at the rows: one is a repeat, or a column that tells them apart is new.",
        )


def rebuild(history: pd.DataFrame, release: str, releases: Sequence[str]) -> pd.DataFrame:
    """Return what one release holds: the history's rows of that release, without its span.

    Parameters
    ----------
    history
        From `fold`.
    release
        The release's name.
    releases
        The names of all releases in order of publication.

    Raises
    ------
    DataError
        If the release is not among them.
    """
    number = {name: number for number, name in enumerate(releases)}
    at = _place_of(release, number)
    holds = (history["first_release"].map(number) <= at) & (history["last_release"].map(number) >= at)
    return history[holds].drop(columns=SPAN).reset_index(drop=True)


def overlapping_runs(history: pd.DataFrame, key: Sequence[str], releases: Sequence[str]) -> list[object]:
    """Return the index of each row whose run ends before it begins, or begins before the one above it has ended.

    Parameters are those of `rebuild`, and the columns of the key.
    """
    number = {name: number for number, name in enumerate(releases)}
    runs = history.assign(_first=history["first_release"].map(number), _last=history["last_release"].map(number))
    runs = runs.sort_values([*key, "_first"])
    before = runs.groupby(list(key), dropna=False)["_last"].shift()
    return list(runs.index[(runs["_first"] > runs["_last"]) | (runs["_first"] <= before)])


def has_label(history: pd.DataFrame, labels: pd.DataFrame, publisher: str) -> pd.Series:
    """Tell of each row of a history whether one of its labels is listed, such as those of policies about children.

    Parameters
    ----------
    history
        With the columns that the list names.
    labels
        `data/histories/child_policies.csv` or `spanning_labels.csv`.
    publisher
        As in the list.
    """
    about = pd.Series(False, index=history.index)
    ours = labels[labels["publisher"] == publisher]
    for column, label in zip(ours["column"], ours["aligned"], strict=True):
        about |= (history[column] == label).fillna(False).astype(bool)
    return about


def align(frame: pd.DataFrame, labels: pd.DataFrame, release: str, releases: Sequence[str]) -> pd.DataFrame:
    """Return a release's rows with the labels that other releases print.

    Parameters
    ----------
    frame
        Rows as printed.
    labels
        One rule per row (`LABELS`, more columns are welcome): in the releases from `first_release` to `last_release`
        (either may be missing: without end) the label `printed` of `column` stands for `aligned`; only in rows whose
        `where_column` holds `where_label`, where these are given. A bar parts labels of which any will do; a semicolon
        parts columns, and the labels of each, that must all hold. Rules apply one after the other.
    release, releases
        The release's name, and all names in order of publication.

    Raises
    ------
    DataError
        If a rule can't be undone, because the release prints the aligned label too.
    """
    aligned = frame.copy()
    for rule, rows in _rules(aligned, labels, release, releases):
        taken = rows & (aligned[rule["column"]] == rule["aligned"])
        if taken.any():
            raise DataError(
                release,
                column=rule["column"],
                found=f"{rule['aligned']} in {taken.sum()} rows",
                expected=f"only {rule['printed']}, which the table of labels aligns with it",
                fix="Correct the releases of the rule, or say where it holds.",
            )
        aligned.loc[rows & (aligned[rule["column"]] == rule["printed"]), rule["column"]] = rule["aligned"]
    return aligned


def respelled(before: pd.DataFrame, after: pd.DataFrame, column: str, key: Sequence[str], value: str) -> dict[str, str]:
    """Return labels that a release prints for the first time, each with the label it stands for by what it counts.

    A label stands for one that is gone if it has all of its facts, most of them unchanged: a series that is new, or one
    that ends, has none in common with another.

    Parameters
    ----------
    before, after
        The aligned rows of two releases that follow each other.
    column
        Where the labels stand.
    key
        Columns that say what a row is about, among them the column.
    value
        The column of what is printed.

    Examples
    --------
    >>> before = pd.DataFrame({"area": ["Hate", "Spam"], "year": [2030, 2030], "value": ["5", "7"]})
    >>> respelled(before, before.replace("Hate", "Hateful"), "area", ["area", "year"], "value")
    {'Hateful': 'Hate'}
    """
    others = [name for name in key if name != column]
    gone = before[~before[column].isin(after[column].unique())]
    come = after[~after[column].isin(before[column].unique())]
    if gone.empty or come.empty:
        return {}
    both = gone.merge(come, on=others, suffixes=("_before", "_after"))
    both["is_same"] = both[f"{value}_before"] == both[f"{value}_after"]
    pairs = both.groupby([f"{column}_before", f"{column}_after"])["is_same"].agg(["size", "mean"])
    n_facts = gone[column].value_counts()
    return {
        str(new): str(old)
        for (old, new), (size, share) in zip(pairs.index, pairs.to_numpy(), strict=True)
        if size == n_facts[old] and share > 0.5
    }


def restore(frame: pd.DataFrame, labels: pd.DataFrame, release: str, releases: Sequence[str]) -> pd.DataFrame:
    """Return a release's rows with the labels that it printed: what `align` undoes.

    Parameters are those of `align`.
    """
    printed = frame.copy()
    for rule, rows in _rules(printed, labels[::-1], release, releases):
        printed.loc[rows & (printed[rule["column"]] == rule["aligned"]), rule["column"]] = rule["printed"]
    return printed


def align_releases(
    releases: Releases, labels: pd.DataFrame, order: Sequence[str]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each release, aligned, with its name; at the end, refuse rules that had nothing to do.

    Parameters
    ----------
    releases
        The rows of each release as printed, by its name, in order of publication.
    labels
        As for `align`.
    order
        The names of all releases, in order of publication.

    Raises
    ------
    DataError
        If a rule can't be undone, or no release prints its label.
    """
    idle = labels.to_dict("records")
    for name, frame in in_turn(releases):
        idle = [rule for rule in idle if not (frame[rule["column"]] == rule["printed"]).any()]
        yield name, align(frame, labels, name, order)
    for rule in idle:
        raise DataError(
            "labels",
            column=rule["column"],
            found=f"a rule for {rule['printed']}, which no release prints",
            expected="a printed label",
            fix="Correct the rule or drop it.",
        )


def at_release(rules: pd.DataFrame, release: str, releases: Sequence[str]) -> pd.DataFrame:
    """Return the rules that hold in a release: those whose span, which may be open at either end, it lies in.

    Parameters
    ----------
    rules
        With `first_release` and `last_release`.
    release, releases
        The release's name, and all names in order of publication.
    """
    number = {name: number for number, name in enumerate(releases)}
    at = _place_of(release, number)
    return rules[[_is_within(rule, at, number) for rule in rules.to_dict("records")]]


def _is_within(rule: Mapping[str, str], at: int, number: Mapping[str, int]) -> bool:
    first = 0 if pd.isna(rule["first_release"]) else _place_of(rule["first_release"], number)
    last = at if pd.isna(rule["last_release"]) else _place_of(rule["last_release"], number)
    return first <= at <= last


def _rules(
    frame: pd.DataFrame, labels: pd.DataFrame, release: str, releases: Sequence[str]
) -> Iterator[tuple[dict[str, str], pd.Series]]:
    """Yield the rules that hold in a release, each with the rows that it may concern as they are at its turn."""
    number = {name: number for number, name in enumerate(releases)}
    at = _place_of(release, number)
    for rule in labels.to_dict("records"):
        if rule["column"] in str(rule["where_column"]).split(";"):
            raise DataError("labels", column="where_column", found=rule["column"], expected="another column than it")
        if _is_within(rule, at, number):
            yield rule, _where(frame, rule)


def _where(frame: pd.DataFrame, rule: Mapping[str, str]) -> pd.Series:
    """Tell row by row whether a rule's conditions hold."""
    holds = pd.Series(True, index=frame.index)
    if pd.notna(rule["where_column"]):
        columns, labels = rule["where_column"].split(";"), rule["where_label"].split(";")
        for column, alternatives in zip(columns, labels, strict=True):
            holds &= frame[column].isin(alternatives.split("|"))
    return holds


def _place_of(release: str, number: Mapping[str, int]) -> int:
    if release not in number:
        raise DataError(
            release,
            found="no such release",
            expected=f"one of {', '.join(number)}",
            fix="Correct its name, or add it to data/releases.csv.",
        )
    return number[release]
