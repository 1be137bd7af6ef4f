"""Histories: folding releases into runs, and taking every release out again."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countback.histories import LABELS, align, align_releases, at_release, fold, overlapping_runs, rebuild, restore
from countback.io.errors import DataError

KEY, VALUES = ["policy", "period"], ["value", "value_printed"]
CELLS = st.sampled_from([(None, "N/A"), (1.0, "1"), (1.0, "1.0"), (2.0, "2"), (0.0, "0")])
KEYS = st.tuples(st.sampled_from(["Spam", "Hate", "Fake", None]), st.sampled_from(["2021 Q1", "2021 Q2"]))
RELEASES = st.lists(st.dictionaries(KEYS, CELLS, max_size=8), min_size=1, max_size=6)


def release(cells: dict[tuple[str | None, str], tuple[float | None, str]]) -> pd.DataFrame:
    frame = pd.DataFrame([(*key, *cell) for key, cell in cells.items()], columns=[*KEY, *VALUES])
    return frame.astype({"policy": "string", "period": "string", "value": "Float64", "value_printed": "string"})


def named(cells: list[dict]) -> dict[str, pd.DataFrame]:
    """Name releases so that the order of their names is not that of their publication."""
    return {f"release {9 - number}": release(rows) for number, rows in enumerate(cells)}


def one(*printed: str | None) -> pd.DataFrame:
    """Fold releases of one fact, each with its printed value, or None where the release lacks it."""
    rows = [{} if text is None else {("Spam", "2021 Q1"): (None, text)} for text in printed]
    return fold({f"r{number}": release(cells) for number, cells in enumerate(rows)}, KEY, VALUES)


def runs(history: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(history[["value_printed", "first_release", "last_release"]].itertuples(index=False, name=None))


def rules(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=LABELS).astype("string")


@given(RELEASES)
@settings(max_examples=30)
def test_every_release_can_be_rebuilt(cells: list[dict]) -> None:
    releases = named(cells)
    history = fold(releases, KEY, VALUES)
    for name, frame in releases.items():
        expected = frame.sort_values(KEY, ignore_index=True)
        pd.testing.assert_frame_equal(rebuild(history, name, list(releases)), expected)


@given(RELEASES)
@settings(max_examples=30)
def test_a_history_has_no_two_runs_that_could_be_one(cells: list[dict]) -> None:
    names = list(named(cells))
    history = fold(named(cells), KEY, VALUES)
    for _, rows in history.groupby(KEY, dropna=False):
        for (_, earlier), (_, later) in zip(rows.iloc[:-1].iterrows(), rows.iloc[1:].iterrows(), strict=True):
            distance = names.index(later["first_release"]) - names.index(earlier["last_release"])
            is_alike = earlier["value_printed"] == later["value_printed"]
            assert distance > is_alike


def test_a_value_that_returns_begins_a_run_of_its_own() -> None:
    assert runs(one("5", "6", "5")) == [("5", "r0", "r0"), ("6", "r1", "r1"), ("5", "r2", "r2")]


def test_a_fact_that_is_missing_from_a_release_leaves_a_gap() -> None:
    assert runs(one("5", None, "5")) == [("5", "r0", "r0"), ("5", "r2", "r2")]


def test_a_value_stated_as_missing_is_not_the_absence_of_the_fact() -> None:
    assert runs(one("N/A", "N/A", None)) == [("N/A", "r0", "r1")]
    assert rebuild(one("N/A", None), "r0", ["r0", "r1"])["value_printed"].tolist() == ["N/A"]
    assert rebuild(one("N/A", None), "r1", ["r0", "r1"]).empty


@pytest.mark.parametrize("numbers", [(1.0, None), (None, 1.0)])
def test_a_value_that_is_lost_or_found_begins_a_run_whatever_is_printed(
    numbers: tuple[float | None, float | None],
) -> None:
    releases = {f"r{at}": release({("Spam", "2021 Q1"): (value, "1")}) for at, value in enumerate(numbers)}
    assert len(fold(releases, KEY, ["value"])) == 2
    assert len(fold(releases, KEY, ["value_printed"])) == 1


@pytest.mark.parametrize(
    ("spans", "faulty"),
    [
        ([("r0", "r1"), ("r2", "r3")], []),
        ([("r2", "r3"), ("r0", "r2")], [0]),  # begins in the release in which the one before it ends
        ([("r0", "r3"), ("r1", "r2")], [1]),
        ([("r3", "r1")], [0]),
        ([("r0", "r2"), ("r2", "r1")], [1]),  # both at once
    ],
)
def test_runs_of_a_fact_that_overlap_or_end_before_they_begin_are_found(spans: list, faulty: list[int]) -> None:
    rows = [("Spam", None, *span) for span in spans] + [("Hate", None, "r0", "r3")]
    history = pd.DataFrame(rows, columns=[*KEY, "first_release", "last_release"])
    assert overlapping_runs(history, KEY, ["r0", "r1", "r2", "r3"]) == faulty


def test_a_key_that_a_release_holds_twice_is_refused() -> None:
    frame = release({("Spam", "2021 Q1"): (1.0, "1")})
    with pytest.raises(DataError, match="r0: found '2 rows that share a key, first Spam, 2021 Q1', expected one row"):
        fold({"r0": pd.concat([frame, frame])}, KEY, VALUES)


def test_a_release_that_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(DataError, match="r7: found 'no such release', expected one of r0, r1"):
        rebuild(one("5", "5"), "r7", ["r0", "r1"])


RULES = rules(
    ("r1", "r1", "policy", "Fake accounts", "Fake", None, None),
    ("r1", "r1", "period", "Q1 of 2021", "2021 Q1", "policy", "Fake"),
)


@given(st.sets(st.sampled_from(["Fake accounts", "Spam", "Hate"])))
def test_aligned_labels_can_be_taken_back(policies: set[str]) -> None:
    rows = {(policy, "Q1 of 2021" if policy == "Fake accounts" else "2021 Q1"): (1.0, "1") for policy in policies}
    frame, order = release(rows), ["r0", "r1", "r2"]
    aligned = align(frame, RULES, "r1", order)
    assert set(aligned["period"]) <= {"2021 Q1"}
    pd.testing.assert_frame_equal(restore(aligned, RULES, "r1", order), frame)


def test_a_rule_holds_only_in_its_releases_and_rows() -> None:
    frame = release({("Fake accounts", "Q1 of 2021"): (1.0, "1"), ("Spam", "Q1 of 2021"): (1.0, "1")})
    order = ["r0", "r1", "r2"]
    assert align(frame, RULES, "r0", order).equals(frame)
    assert align(frame, RULES, "r2", order).equals(frame)
    assert align(frame, RULES, "r1", order)["policy"].tolist() == ["Fake", "Spam"]
    assert align(frame, RULES, "r1", order)["period"].tolist() == ["2021 Q1", "Q1 of 2021"]


def test_a_rule_without_a_first_or_a_last_release_has_no_end() -> None:
    frame, order = release({("Old", "2021 Q1"): (1.0, "1")}), ["r0", "r1", "r2"]
    until, since = (rules((*span, "policy", "Old", "New", None, None)) for span in [(None, "r1"), ("r1", None)])
    assert [align(frame, until, name, order)["policy"].item() for name in order] == ["New", "New", "Old"]
    assert [align(frame, since, name, order)["policy"].item() for name in order] == ["Old", "New", "New"]


def test_a_rule_that_could_not_be_undone_is_refused() -> None:
    frame = release({("Fake", "2021 Q1"): (1.0, "1"), ("Fake accounts", "2021 Q2"): (1.0, "1")})
    with pytest.raises(DataError, match="r1, column policy: found 'Fake in 1 rows', expected only Fake accounts"):
        align(frame, RULES, "r1", ["r1"])


@pytest.mark.parametrize("printed", ["Spam", "Animals"])
def test_a_rule_without_anything_to_do_is_refused(printed: str) -> None:
    frame = release({(printed, "2021 Q1"): (1.0, "1")})
    with pytest.raises(DataError, match="a rule for Fake accounts, which no release prints"):
        dict(align_releases({"r1": frame}, RULES, ["r1"]))


def test_a_rule_that_looks_at_the_column_that_it_changes_is_refused() -> None:
    frame = release({("Spam", "2021 Q1"): (1.0, "1")})
    with pytest.raises(DataError, match="found 'policy', expected another column"):
        align(frame, rules(("r1", "r1", "policy", "Spam", "Junk", "policy", "Spam")), "r1", ["r1"])


@pytest.mark.parametrize(
    ("release", "held"),
    [("release 9", ["open", "until"]), ("release 8", ["open", "until"]), ("release 7", ["open", "from"])],
)
def test_rules_hold_in_the_releases_of_their_span_in_the_order_of_publication(release: str, held: list[str]) -> None:
    spans = [("open", None, None), ("until", None, "release 8"), ("from", "release 7", None)]
    table = pd.DataFrame(spans, columns=["name", "first_release", "last_release"])
    assert at_release(table, release, ["release 9", "release 8", "release 7"])["name"].tolist() == held
