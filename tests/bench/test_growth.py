"""Releases are read and compared in time that grows with their rows, and never all at once in memory."""

import weakref
from collections.abc import Iterator
from itertools import pairwise
from time import process_time

import pandas as pd
import pytest

from countback import revisions as compare
from countback.histories import LABELS, fold, restore
from countback.revisions import Form, InTurn
from scripts.bench.grown import LAYOUTS, multiplied, next_quarter, one_later
from scripts.bench.growth import exponents, in_words
from scripts.revisions.revisions import Releases, paired, revisions

FORM = Form(["metric", "policy", "period"], ["value"])
STATED = ["value", "unit", "value_printed"]
NO_RULES = pd.DataFrame(columns=[*LABELS, "reason"], dtype="string")


def release(number: int, n_policies: int) -> pd.DataFrame:
    """Return a release of ten quarters, in which a number in a hundred differs from the one of the release before."""
    places = [(policy, quarter) for policy in range(n_policies) for quarter in range(10)]
    values = [at + (number if at % 100 == 0 else 0) for at, _ in enumerate(places)]
    frame = pd.DataFrame(
        {
            "metric": "Actions",
            "policy": [f"Policy {policy}" for policy, _ in places],
            "period": [f"{2020 + quarter // 4} Q{quarter % 4 + 1}" for _, quarter in places],
            "value": values,
            "unit": "count",
            "value_printed": [str(value) for value in values],
        }
    )
    return frame.astype(dict.fromkeys([*FORM.key, "unit", "value_printed"], "string") | {"value": "Float64"})


def released(n_releases: int, n_policies: int) -> Iterator[tuple[str, pd.DataFrame]]:
    for number in range(n_releases):
        yield f"r{number:03}", release(number, n_policies)


def compared(order: list[str], history: pd.DataFrame) -> pd.DataFrame:
    numbered = compare.number_facts(history.assign(is_child_related=False), FORM)
    facts = InTurn(order, lambda name: compare.facts_of(numbered, name, order))
    printed = InTurn(order, lambda name: restore(facts[name][[*FORM.key, "fact"]], NO_RULES, name, order))
    side = Releases("made up", FORM, numbered, facts, printed, paired(facts, FORM))
    return revisions(side, NO_RULES)[0]


def seconds(n_releases: int, n_policies: int) -> float:
    """Return the CPU that folding and comparing takes, of two runs the least; making releases up is not counted."""
    releases, taken = dict(released(n_releases, n_policies)), []
    for _ in range(2):
        start = process_time()
        pairs = compared(list(releases), fold(releases, FORM.key, STATED))
        taken.append(process_time() - start)
    assert (pairs["n_revised"] == n_policies // 10).all()
    return min(taken)


def test_releases_of_four_times_the_rows_take_about_four_times_as_long() -> None:
    # a step that looks at each row once for each other row would take sixteen times as long
    assert seconds(3, 1600) < 6 * seconds(3, 400)


def rows_handled(n_releases: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many rows are merged, sorted, grouped, searched or joined while releases are folded and compared."""
    releases, n_rows = dict(released(n_releases, 10)), 0

    def counted(kind: type, name: str) -> None:
        plain = getattr(kind, name)

        def wrapper(self: pd.DataFrame, *given: object, **named: object) -> object:
            nonlocal n_rows
            n_rows += len(self)
            return plain(self, *given, **named)

        patch.setattr(kind, name, wrapper)

    with monkeypatch.context() as patch:
        for name in ("merge", "sort_values", "groupby", "duplicated", "drop_duplicates", "astype"):
            counted(pd.DataFrame, name)
        for name in ("isin", "map", "groupby", "astype"):
            counted(pd.Series, name)
        compared(list(releases), fold(releases, FORM.key, STATED))
    return n_rows


def test_three_times_the_releases_handle_about_three_times_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    # a step that takes up all earlier releases for each new one would handle nine times its rows
    assert rows_handled(24, monkeypatch) < 3.6 * rows_handled(8, monkeypatch)


def test_releases_are_folded_without_holding_them_all() -> None:
    alive: list[weakref.ref[pd.DataFrame]] = []
    most = 0

    def watched() -> Iterator[tuple[str, pd.DataFrame]]:
        nonlocal most
        for name, frame in released(8, 10):
            alive.append(weakref.ref(frame))
            most = max(most, sum(ref() is not None for ref in alive))
            yield name, frame

    assert len(fold(watched(), FORM.key, STATED)) == 100 + 7
    assert len(alive) == 8
    assert most <= 3


def test_each_release_is_made_once_for_both_pairs_that_it_is_in() -> None:
    made: list[str] = []
    releases = dict(released(6, 2))
    facts = InTurn(list(releases), lambda name: made.append(name) or releases[name])
    assert sum(len(facts[older]) + len(facts[newer]) for older, newer in pairwise(facts)) == 200
    assert made == list(releases)


def test_a_made_up_release_holds_a_quarter_more_and_revises_some_counts() -> None:
    columns = ["app", "policy_area", "metric", "period", "value"]
    rows = [("App", f"Area {number}", "Content Actioned", "2025Q4", "9,999") for number in range(97)]
    later = one_later(pd.DataFrame(rows, columns=columns, dtype="str"), LAYOUTS["meta"], "2025 Q4", 1)
    assert later["period"].value_counts().to_dict() == {"2025Q4": 97, "2026Q1": 97}
    assert (later["value"] != "9,999").sum() == 2
    assert next_quarter("2025 Q4") == "2026 Q1"


def test_copies_bear_the_label_that_later_releases_print() -> None:
    frame = pd.DataFrame({"Market": ["Laos", "All"], "Result": ["1", "2"]}, dtype="str")
    aligned = pd.Series(["Lao PDR", "All"], dtype="str")
    made = multiplied(frame, aligned, LAYOUTS["tiktok"], 3)
    assert made["Market"].tolist() == ["Lao PDR 2", "Lao PDR 3", "Laos", "All"]


def test_the_exponent_stands_beside_the_largest_size() -> None:
    sizes = {"factor": [1, 10, 100], "n_rows": [5, 50, 500], "cpu_s": [2.0, 3.0, 30.0], "peak_mb": [90, 100, 200]}
    rows = pd.DataFrame({"publisher": "meta", "step": "revisions", "n_releases": 3, **sizes})
    assert exponents(rows).tolist() == [1.0]
    assert in_words(rows).splitlines()[-1] == "| meta | revisions | 3 | 500 | 30.0 s | 200 MB | 1.00 |"
