"""Rounded numbers of the Global Platform: each with what it can stand for, none taken for exact."""

from pathlib import Path

import pytest

from countback.ingest.platform import read_esps, read_jurisdictions, read_rounded
from countback.io.errors import DataError


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("90", 85, 95),
        ("100", 95, 150),
        ("700", 650, 750),
        ("1000", 950, 1050),
        ("1300", 1250, 1350),
        ("10000", 9950, 10500),
        ("58000", 57500, 58500),
        ("100000", 99500, 105000),
        ("250000", 245000, 255000),
    ],
)
def test_a_rounded_number_has_the_bounds_of_its_step(printed: str, low: int, high: int) -> None:
    assert read_rounded(printed, 0) == (int(printed), low, high)


def test_a_small_number_is_a_bound_without_a_value() -> None:
    assert read_rounded("<50", 0) == (None, 0, 49)
    assert read_rounded("<10", 1) == (None, 1, 9)


@pytest.mark.parametrize("printed", ["123", "1250", "58100", "about 50", "<", ""])
def test_a_number_that_is_not_in_its_step_is_refused(tmp_path: Path, printed: str) -> None:
    file = tmp_path / "file.csv"
    file.write_text(f"id,iso3,url_friendly_name,referred\nTD,TCD,chad,{printed}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"file\.csv, row 2, column referred"):
        read_jurisdictions(file, 2030, "s")


def test_the_column_that_repeats_another_year_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    text = "id,iso3,url_friendly_name,cybertipline_reports_total,incident_type_a\nTD,TCD,chad,1163,<50\n"
    file.write_text(text, encoding="utf-8")
    rows = read_jurisdictions(file, 2030, "s")
    assert rows[["measure", "value_printed", "high"]].to_numpy().tolist() == [["incident_type_a", "<50", 49]]


def test_a_provider_that_is_listed_made_at_least_one_report(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("id,iso3,rank,esp,reports\nTD,TCD,1,Acme,40\nTD,TCD,2,null,<10\n", encoding="utf-8")
    rows = read_esps(file, 2030, "s")
    assert rows["esp_printed"].fillna("").tolist() == ["Acme", ""]
    assert rows[["low", "high"]].to_numpy().tolist() == [[35, 45], [1, 9]]
