"""Numbers as prose and tables print them."""

import math

import pytest

from countback.text.units import UNITS, format_number


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (36210368, "count", "36,210,368"),
        (0, "count", "0"),
        (-36, "count", "−36"),
        (0.9434, "share", "94.3%"),
        (-1.8947, "share", "−189.5%"),
        (2023, "year", "2023"),
        (0.0413, "probability", "0.041"),
        (0.00004, "probability", "<0.001"),
        (1.9255, "years", "1.9"),
        (54.5, "rank", "54.5"),
        (54.0, "rank", "54"),
    ],
)
def test_a_number_is_printed_by_its_unit(value, unit, text):
    assert format_number(value, unit) == text


def test_a_positive_number_carries_a_sign_on_request():
    assert format_number(20, "count", signed=True) == "+20"


@pytest.mark.parametrize("value", [0, 0.00007, -0.00007, -0.0])
@pytest.mark.parametrize("signed", [True, False])
def test_neither_zero_nor_what_rounds_to_it_carries_a_sign(value, signed):
    assert format_number(value, "share", signed=signed) == "0.0%"
    assert format_number(value, "count", signed=signed) == "0"


def test_a_missing_number_is_not_printed():
    with pytest.raises(ValueError, match="missing"):
        format_number(math.nan, "count")


def test_an_unknown_unit_is_an_error():
    with pytest.raises(KeyError):
        format_number(1.0, "furlong")


def test_every_unit_prints_zero():
    assert all("0" in format_number(0.0, unit) for unit in UNITS)
