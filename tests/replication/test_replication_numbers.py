"""Numbers of published values and of their faults that prose prints."""

import pandas as pd

from scripts.replication.replication import SLOPE, numbers, published_slope


def test_faults_are_counted_by_whether_a_value_is_corrected_for_them():
    frame = pd.DataFrame(
        [
            ("a.one", "corrected", "miscount", True, "areas"),
            ("a.two", "corrected", "miscount", True, None),
            ("a.three", "corrected", "misread", True, "areas"),
            ("a.four", "reproduced", "misnomer", True, None),
            ("a.five", "reproduced only", None, False, None),
            ("a.six", "not_reproducible", "misnomer", True, None),
        ],
        columns=["id", "verdict", "fault", "is_computed_twice", "stated_in"],
    ).assign(relative_correction=[0.5, -0.0002, 0.0009, None, None, None])
    faults = pd.DataFrame({"fault": ["miscount", "misread", "misnomer", "conclusion", "bound"]})
    assert {f"{one.subset}.{one.parameter}": one.value for one in numbers(frame, faults)} == {
        "all.n_values": 6,
        "all.n_computed_twice": 5,
        "all.n_stated": 2,
        "all.n_small_corrections": 2,
        "faults.n_of_corrected": 2,
        "faults.n_reproduced_values": 1,
        "faults.n_of_no_corrected": 3,
    }


def test_whether_the_interval_holds_the_published_slope_is_picked_by_the_data():
    frame = pd.DataFrame({"id": [SLOPE], "published": ["5"]})
    for low, expected in {4.0: "holds", 6.0: "does not hold"}.items():
        models = pd.DataFrame({"model": ["broken_line"], "parameter": ["slope_before"], "low": [low], "high": [9.0]})
        assert [one.text for one in published_slope(frame, models)] == [expected]
