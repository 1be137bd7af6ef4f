"""Numbers of published values and of their faults that prose prints."""

import pandas as pd

from scripts.replication.replication import numbers


def test_faults_are_counted_by_whether_a_value_is_corrected_for_them():
    frame = pd.DataFrame(
        [
            ("a.one", "corrected", "miscount"),
            ("a.two", "corrected", "miscount"),
            ("a.three", "corrected", "misread"),
            ("a.four", "reproduced", "misnomer"),
            ("a.five", "reproduced", None),
            ("a.six", "not_reproducible", "misnomer"),
        ],
        columns=["id", "verdict", "fault"],
    )
    faults = pd.DataFrame({"fault": ["miscount", "misread", "misnomer", "conclusion", "bound"]})
    assert {f"{one.subset}.{one.parameter}": one.value for one in numbers(frame, faults)} == {
        "all.n_values": 6,
        "faults.n_of_corrected": 2,
        "faults.n_reproduced_values": 1,
        "faults.n_of_no_corrected": 3,
    }
