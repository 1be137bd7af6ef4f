"""Faults in parsed tables that a release, or an edit by hand, could bring."""

import pandas as pd
import pytest

from countback import parsed_checks as checks
from countback.ingest.meta import KEY, VALUES

FACT = ["Facebook", "Spam", "Proactive rate", "2021 Q1"]
RELEASES = pd.DataFrame({"id": ["b", "a", "c"], "period": ["2021 Q1", "2020 Q4", "2021 Q2"]})


def history(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Return runs of one fact: value, its lower and upper end, printed form, first and last release."""
    cells = [(*FACT, *row[:3], "percent", *row[3:]) for row in rows]
    return pd.DataFrame(cells, columns=[*KEY, *VALUES, "first_release", "last_release"])


def messages(check, table: pd.DataFrame) -> list[str]:
    return [str(error) for error in check({"histories_meta": table, "releases": RELEASES})]


def test_runs_that_follow_each_other_pass_also_with_a_gap() -> None:
    table = history((3, None, None, "3%", "c", "c"), (2, None, None, "2%", "a", "a"))
    assert messages(checks.runs_follow_each_other, table) == []


def test_runs_that_share_a_release_are_named_by_their_line() -> None:
    table = history((2, None, None, "2%", "a", "b"), (3, None, None, "3%", "b", "c"))
    (message,) = messages(checks.runs_follow_each_other, table)
    assert message.startswith("data/histories/meta.csv, row 3, column first_release: found 'b to c'")


def test_a_run_that_ends_before_it_begins_is_a_fault() -> None:
    (message,) = messages(checks.runs_follow_each_other, history((2, None, None, "2%", "b", "a")))
    assert "row 2" in message


@pytest.mark.parametrize(
    ("row", "is_fault"),
    [
        ((97.3, None, None, "97.3%"), False),
        ((97.4, None, None, "97.3%"), True),
        ((None, 4, 5, "4%-5%"), False),
        ((4, None, None, "4%-5%"), True),
        ((None, None, None, "N/A"), False),
        ((0, None, None, "N/A"), True),
        ((97.3, None, None, "97.3"), True),
    ],
)
def test_a_number_is_the_printed_one(row: tuple[object, ...], is_fault: bool) -> None:
    found = messages(checks.meta_values_are_those_printed, history((*row, "a", "a")))
    assert bool(found) == is_fault


def test_a_label_is_aligned_with_one_that_the_history_has() -> None:
    labels = pd.DataFrame({"column": ["policy_area"] * 2, "aligned": ["Spam", "Spams"]})
    tables = {"histories_meta": history((None, None, None, "N/A", "a", "a")), "histories_meta_labels": labels}
    (error,) = checks.meta_labels_are_in_the_history(tables)
    assert "row 3, column aligned: found 'Spams'" in str(error)
