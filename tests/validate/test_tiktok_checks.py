"""Faults in TikTok's history and its tables that a release, or an edit by hand, could bring."""

import pandas as pd
import pytest

from countback.checks import histories as checks
from countback.checks.printed import values_are_as_printed
from countback.ingest import tiktok_history

RELEASES = pd.DataFrame({"id": ["b", "a", "c"], "period": ["2021 Q1", "2020 Q4", "2021 Q2"]})


def tiktok(*rows: tuple[object, ...]) -> dict[str, pd.DataFrame]:
    """Return a history of shares, each with its printed form, and tables that speak of its labels."""
    cells = [("Category share", "Policy", "Gambling", "All", "All", "All", "All", "2021 Q1", *row) for row in rows]
    columns = [*tiktok_history.KEY, "value", "value_printed", "first_release", "last_release"]
    label = pd.DataFrame({"column": ["issue", "period_type"], "aligned": ["Gambling", "Quarterly"]})
    sheet = pd.DataFrame({"metric": ["Category share"], "issue": [None]})
    history = pd.DataFrame(cells, columns=columns)
    history.attrs["file"] = "data/histories/tiktok.parquet"
    return {
        "histories_tiktok": history,
        "histories_tiktok_labels": label,
        "histories_tiktok_sheets": sheet,
        "histories_tiktok_units": pd.DataFrame({"metric": ["Category share"]}),
        "releases": RELEASES,
    }


def test_a_number_of_tiktok_is_the_printed_one_without_its_noise() -> None:
    sound = tiktok((0.007, "0.006999999999999999", "a", "a"), (0.007, "0.007", "b", "b"))
    assert list(values_are_as_printed(sound)) == []
    (error,) = values_are_as_printed(tiktok((0.7, "0.07", "a", "a")))
    assert "tiktok.parquet, row 2, column value: found 0.7, expected 0.07, as printed" in str(error)


def test_runs_of_tiktok_that_share_a_release_are_named() -> None:
    tables = tiktok((0.1, "0.1", "a", "b"), (0.2, "0.2", "b", "c"))
    (error,) = checks.runs_follow_each_other(tables)
    assert "data/histories/tiktok.parquet, row 3" in str(error)


@pytest.mark.parametrize(
    ("table", "changes", "place"),
    [
        ("labels", {"column": ["issue"], "aligned": ["Gamblin"]}, "tiktok_labels.csv, row 2, column aligned"),
        ("sheets", {"metric": ["Share"], "issue": [None]}, "tiktok_sheets.csv, row 2, column metric"),
        ("sheets", {"metric": ["Category share"], "issue": ["Spam"]}, "tiktok_sheets.csv, row 2, column issue"),
        ("units", {"metric": ["Share"]}, "tiktok_units.csv, row 2, column metric"),
    ],
)
def test_tables_that_speak_of_labels_that_tiktok_does_not_have_are_faults(
    table: str, changes: dict[str, list[str | None]], place: str
) -> None:
    tables = tiktok((0.1, "0.1", "a", "b"))
    assert list(checks.tiktok_tables_fit_the_history(tables)) == []
    (error,) = checks.tiktok_tables_fit_the_history(tables | {f"histories_tiktok_{table}": pd.DataFrame(changes)})
    assert place in str(error)
