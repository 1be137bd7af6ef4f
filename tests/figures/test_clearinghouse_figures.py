"""The figure of numbers printed twice by place: what is in its rows, and that the same data draw the same bytes."""

import pandas as pd
import pytest

from countback.agreement import Limits
from countback.clearinghouse import compared
from countback.look.plot import save_figure
from scripts.figures import clearinghouse_figures as figures


@pytest.fixture
def drawn():
    rows = [
        ("Aland", 2031, 900, 500, 450, 550),
        ("Beland", 2031, 5, 700, 650, 750),
        ("Celand", 2031, 100, 100, 95, 105),
        ("Deland", 2031, 104, None, 0, 49),
        ("Eland", 2031, 3, None, 0, 49),
        ("Feland", 2031, None, 200, 195, 205),
        ("Geland", 2030, 900, 500, 450, 550),
    ]
    columns = ["name", "year", "first_value", "second_value", "second_low", "second_high"]
    pairs = pd.DataFrame(rows, columns=columns).assign(kind="platform", reason=None)
    return figures.places(
        compared(pairs.assign(first_low=pairs["first_value"], first_high=pairs["first_value"]), Limits(0.01, 0.05, 10))
    )


def test_places_that_differ_have_rows_of_their_own_and_the_others_share_one(drawn):
    assert drawn["row"].tolist() == ["Beland", "Deland", "Aland", *["Within rounding (2)"] * 2]
    assert figures.heights(drawn) == {"Within rounding (2)": 0, "Beland": 1, "Aland": 2, "Deland": 3}


def test_beyond_as_many_rows_as_fit_places_that_differ_share_one_too(drawn, monkeypatch):
    monkeypatch.setattr(figures, "NAMED", 1)
    pairs = drawn.drop(columns="row").assign(kind="platform")
    rows = figures.places(pairs)["row"].tolist()
    assert rows == ["Beland", *["Others outside (2)"] * 2, *["Within rounding (2)"] * 2]


def test_a_mere_bound_is_the_base_of_a_ratio_and_is_printed_as_one(drawn):
    bound = drawn[drawn["name"] == "Deland"]
    assert bound["first_value_ratio"].round(2).tolist() == [2.12]
    assert figures.both_numbers(bound) == ["104 · ≤49"]


def test_the_same_data_draw_the_same_bytes(tmp_path, drawn):
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for file in files:
        save_figure(figures.plot_places(drawn), file, "tall")
    assert files[0].read_bytes() == files[1].read_bytes()
