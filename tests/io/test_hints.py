"""A build that fails by a fault of the machine says what to do, from the logs of this build alone."""

import os

import pytest

from countback.io.hints import hints, text_since


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("Error in library(mgcv) : there is no package called ‘mgcv’", "make setup"),
        ("ModuleNotFoundError: No module named 'geopandas'", "make doctor"),
        ("Error writing to connection:  No space left on device", "free some space"),
        ("Error: cannot allocate vector of size 2.1 Gb", "fewer cores"),
        ("cannot open file 'figures/a.svg': Read-only file system", "a copy of the checkout"),
    ],
)
def test_a_fault_of_the_machine_that_r_or_a_library_reports_has_its_hint(log, said):
    (hint,) = hints(log)
    assert said in hint


def test_logs_of_earlier_builds_give_no_hint(tmp_path):
    for name, time in (("old.log", 100), ("new.log", 300)):
        (tmp_path / name).write_bytes(f"{name} \xff".encode("latin-1"))
        os.utime(tmp_path / name, (time, time))
    assert text_since([*tmp_path.iterdir(), tmp_path / "none.log"], 200) == "new.log \ufffd"
