"""Periods: labels, spans, and how they cover a year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countback.io.errors import DataError
from countback.periods import Coverage, coverage, covers_year, parse_period, year_period

LABELS = st.builds(
    lambda year, part: f"{year} {part}".strip(),
    st.integers(1990, 2040),
    st.sampled_from(["", "H1", "H2", "Q1", "Q2", "Q3", "Q4"]),
)


def test_a_half_ends_on_the_last_day_of_its_last_month():
    period = parse_period("2023 H1")
    assert (period.start.isoformat(), period.end.isoformat()) == ("2023-01-01", "2023-06-30")


def test_the_first_quarter_of_a_leap_year_ends_in_march():
    assert parse_period("2024 Q1").end.isoformat() == "2024-03-31"


@pytest.mark.parametrize(
    "label", ["20l9", "2023 H3", "2023 Q5", "2023 Q0", "2023Q1", "2023 ", "Q1 2023", "", "2023 M1"]
)
def test_a_label_that_is_no_period_is_refused_with_what_to_write(label):
    with pytest.raises(DataError, match="2023 Q4"):
        parse_period(label)


@given(LABELS)
def test_a_period_lies_within_its_year_and_keeps_its_label(label):
    period = parse_period(label)
    assert period.start <= period.end
    assert period.start.year == period.end.year == period.year
    assert period.label == label


@given(LABELS, LABELS)
def test_overlap_has_no_direction(one, other):
    assert parse_period(one).overlaps(parse_period(other)) == parse_period(other).overlaps(parse_period(one))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["2021"], Coverage.COMPLETE),
        (["2021 H2", "2021 H1"], Coverage.COMPLETE),
        (["2021 Q1", "2021 Q2", "2021 H2"], Coverage.COMPLETE),
        (["2021 H1"], Coverage.GAP),
        (["2021 Q1", "2021 Q2", "2021 Q4"], Coverage.GAP),
        (["2021 H1", "2021 H2", "2021 Q4"], Coverage.OVERLAP),
        (["2021", "2021 H1"], Coverage.OVERLAP),
        (["2020", "2022"], Coverage.NONE),
        ([], Coverage.NONE),
    ],
)
def test_coverage_tells_gap_from_overlap_from_completeness(labels, expected):
    assert coverage([parse_period(label) for label in labels], year_period(2021)) is expected


def test_first_and_last_month_alone_do_not_make_a_year():
    assert not covers_year(["2021 Q1", "2021 Q4"], 2021)


def test_a_year_does_not_cover_another():
    assert not covers_year(["2022"], 2021)
