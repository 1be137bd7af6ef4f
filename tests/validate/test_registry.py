"""Checks are found in the modules of their package, and say which rows are at fault."""

import pandas as pd
import pytest

from countback.checks import registry
from countback.checks.registry import check, differ, faults, file_of, unknown
from countback.checks.validation import all_checks
from countback.io.errors import DataError

YEARS = pd.DataFrame({"year": [2022, 2023], "reports": [5, 6]})


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    all_checks()
    monkeypatch.setattr(registry, "_CHECKS", list(registry._CHECKS))


def messages(one, **tables):
    return [str(error) for error in one(tables)]


def test_every_check_of_the_package_is_found_once_and_says_what_it_asks():
    names = [one.__name__ for one in all_checks()]
    assert len(names) == len(set(names)) > 25
    assert all(one.__doc__ for one in all_checks())
    homes = {"outlines_are_sound", "esps_have_a_name", "periods_do_not_overlap", "submitters_add_up"}
    assert homes | {"nobody_owns_itself", "runs_follow_each_other", "values_are_as_printed"} <= set(names)


def test_a_new_check_is_asked_by_being_written():
    @check("years")
    def years_are_even(years):
        """A year is even."""
        yield from faults("data/years.csv", years[years["year"] % 2 == 1], "year", "an even year", "Correct it.")

    assert all_checks()[-1] is years_are_even
    expected = ["data/years.csv, row 3, column year: found 2023, expected an even year. Correct it."]
    assert messages(years_are_even, years=YEARS) == expected


def test_a_check_of_a_table_that_is_not_there_is_not_asked():
    @check("years", "places")
    def fails(*_):
        raise AssertionError

    assert messages(fails, years=YEARS) == messages(fails, places=YEARS) == []


def test_a_check_of_many_tables_is_asked_of_each_with_its_file():
    @check("of_*", "years")
    def is_asked(file, frame, years):
        assert years is YEARS
        yield DataError(file, found=len(frame))

    moved = YEARS.head(1).copy()
    moved.attrs["file"] = "data/elsewhere.parquet"
    found = messages(is_asked, of_a=YEARS, years=YEARS, of_b=moved, other=YEARS)
    assert found == ["data/of/a.csv: found 2.", "data/elsewhere.parquet: found 1."]


def test_an_error_that_a_check_runs_into_is_a_fault_like_others():
    @check("years")
    def runs_into(_):
        raise DataError("data/years.csv", found="2023 H3")

    assert messages(runs_into, years=YEARS) == ["data/years.csv: found '2023 H3'."]


def test_what_is_missing_on_one_side_differs_and_on_both_does_not():
    left, right = (pd.array(values, dtype="Int64") for values in ([1, 1, None, None], [1, 2, 2, None]))
    assert differ(pd.Series(left), pd.Series(right)).tolist() == [False, True, True, False]


def test_a_value_that_is_not_known_is_named_once():
    frame = pd.DataFrame({"name": ["a", "b", None, "b"]})
    (error,) = unknown("data/a.csv", frame, "name", ["a"], "a known name", "Correct it.")
    assert (error.row, error.found) == (3, "b")


def test_a_table_that_was_not_read_from_a_file_is_named_after_its_folder():
    assert file_of("printed_microsoft_notes") == "data/printed/microsoft_notes.csv"
