"""A number that stands beside its printed form is that number, in every table that has both."""

import pandas as pd
import pytest

from countback.checks.printed import columns_printed, read_printed, values_are_as_printed
from countback.checks.validation import load_tables


@pytest.fixture(scope="module")
def tables(project):
    return load_tables(project / "data")[0]


@pytest.mark.parametrize(
    ("printed", "unit", "number"),
    [
        *[("9,000,000", "count", 9e6), ("0", "count", 0), ("1234", "count", 1234), ("2,600*", "count", 2600)],
        *[("97.3%", "percent", 97.3), ("8 %", "percent", 8), ("0.1%", "share", 0.001), ("0.07", "share", 0.07)],
        *[("406 million", None, 406e6), ("1.2 million", "count", 1.2e6), ("3.98", None, 3.98)],
        *[("12K", "count", 12_000), ("1.5M", "count", 1.5e6), ("2B", "count", 2e9), ("3 thousand", "count", 3000)],
        *[(text, "count", None) for text in ("-", "--", "–", "—", "N/A")],
        *[("<0.0001%", "share", None)],
    ],
)
def test_a_printed_form_stands_for_a_number_or_for_none(printed, unit, number):
    assert read_printed(printed, unit).value == (None if number is None else pytest.approx(number, rel=1e-12))


def test_a_range_stands_for_its_ends():
    assert read_printed("4%-5%", "percent")[:3] == (None, 4, 5)


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        *[(text, "count") for text in ("9,00", "1,2345", "9 000", "many", "５", "", "1_0", "5%")],
        *[(text, "percent") for text in ("97.3", "101%", "5%-4%")],
    ],
)
def test_what_is_no_printed_number_of_its_unit_is_none(printed, unit):
    assert read_printed(printed, unit) is None


def faults(**columns):
    frame = pd.DataFrame(columns)
    return [str(error) for error in values_are_as_printed({"disclosures_acme": frame})]


def test_a_number_without_its_printed_form_is_not_compared():
    assert faults(value=[5.0, 6.0], value_printed=["5", None]) == []


def test_a_share_may_have_more_digits_than_are_printed_but_not_others():
    assert faults(value=[0.97284], unit=["share"], value_printed=["97.3%"]) == []
    (message,) = faults(value=[0.97355], unit=["share"], value_printed=["97.3%"])
    assert "row 2, column value: found 0.97355, expected 97.3%, as printed" in message


def test_a_printed_form_that_cannot_be_read_is_named_itself():
    (message,) = faults(value=[5.0], unit=["count"], value_printed=["five"])
    assert "row 2, column value_printed: found 'five', expected a printed number" in message


def test_a_heading_that_is_repeated_in_place_of_a_number_is_none():
    assert faults(value=[None, 7], measure=["Accounts", pd.NA], value_printed=["Accounts", "7"]) == []
    (message,) = faults(value=[5.0], measure=["Accounts"], value_printed=["Accounts"])
    assert "column value: found 5.0, expected Accounts, as printed; missing where no number is" in message


def test_a_column_without_a_value_is_compared_in_the_scale_of_its_name():
    (message,) = faults(people_billion=[3.19, 0.0], value_printed=["3.19", "3.98"])
    assert "row 3, column people_billion: found 0.0, expected 3.98" in message


def test_every_number_beside_its_printed_form_would_be_found_if_it_were_another(tables):
    pairs = {
        name: pair for name, frame in tables.items() for pair in columns_printed(frame) if frame[pair[1]].notna().any()
    }
    assert len(pairs) > 20
    for name, (column, printed) in pairs.items():
        frame = tables[name]
        row = frame.index[frame[printed].notna() & frame[column].notna()][-1]
        for other in (0, 1.5 * float(frame.loc[row, column]) + 1):
            changed = frame.head(row + 1).copy()
            changed[column] = changed[column].astype("Float64")
            changed.loc[row, column] = other if frame.loc[row, column] else other + 1
            (error,) = values_are_as_printed({name: changed})
            assert (error.file, error.row, error.column) == (frame.attrs["file"], row + 2, column)
