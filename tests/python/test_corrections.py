"""Corrections override what they expect, and nothing else."""

import pandas as pd
import pytest

from countback.corrections import FACTS, Correction, add_warnings, apply_corrections, read_corrections
from countback.errors import DataError

KEY = {"metric": "pieces", "component": "images", "period": "2022 Q4"}


def tables():
    frame = pd.DataFrame(
        {
            "metric": ["pieces", "pieces"],
            "component": ["images", None],
            "period": ["2022 Q4", "2022 Q4"],
            "value": [100.0, 7.0],
            "is_redundant": [False, False],
            "warnings": ["rounded", None],
        }
    )
    return {"disclosures/acme": frame}


def correction(**changes):
    fields = {"table": "disclosures/acme", "key": KEY, "column": "value", "expect": 100.0, "value": 120.0, "number": 1}
    return Correction(
        **(fields | {"reason": "revised by the provider", "source": "acme-2023", "warnings": ["restated"]} | changes)
    )


def test_a_correction_changes_its_row_only_and_keeps_the_disclosed_value():
    frame = apply_corrections(tables(), [correction()])["disclosures/acme"]
    assert frame["value"].tolist() == [120.0, 7.0]
    assert frame["value_disclosed"].tolist() == [100.0, 7.0]
    assert frame["is_corrected"].tolist() == [True, False]
    assert frame.loc[0, "warnings"] == "rounded|restated"


def test_a_correction_of_the_whole_does_not_touch_a_part():
    frame = apply_corrections(tables(), [correction(key=KEY | {"component": None}, expect=7.0, value=8.0)])
    assert frame["disclosures/acme"]["value"].tolist() == [100.0, 8.0]


def test_a_correction_whose_fault_is_gone_stops():
    with pytest.raises(DataError, match=r"found '100 in .*', expected 99\. The source no longer has the fault"):
        apply_corrections(tables(), [correction(expect=99.0)])


def test_a_correction_of_a_row_that_is_not_there_stops():
    with pytest.raises(DataError, match="one row"):
        apply_corrections(tables(), [correction(key=KEY | {"period": "2023 Q1"})])


def test_a_correction_of_an_unknown_table_stops():
    with pytest.raises(DataError, match="disclosures/nobody"):
        apply_corrections(tables(), [correction(table="disclosures/nobody")])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- table: disclosures/acme\n", "entry 1.*required"),
        (
            "- {table: reports, key: {metric: a, period: '2022'}, column: value, expect: 1, value: 2, "
            "reason: long enough to say, source: x}\n",
            "entry 1",
        ),
        ("{a: [", "list of corrections"),
    ],
)
def test_an_incomplete_correction_is_refused_with_its_place(tmp_path, text, found):
    file = tmp_path / "corrections.yml"
    file.write_text(text)
    with pytest.raises(DataError, match=found):
        read_corrections(file)


def test_warnings_are_joined_once_and_in_order():
    assert add_warnings(None, []) is None
    assert add_warnings("rounded|doubtful", ["restated", "rounded"]) == "rounded|doubtful|restated"


FACT = {"table": "recipients", "item": "federal", "measure": "international", "year": 2021}


def test_a_wrong_label_of_a_fact_is_corrected_and_its_value_kept():
    frame = pd.DataFrame(
        [FACT | {"value": 5.0, "warnings": None}, FACT | {"year": 2022, "value": 6.0, "warnings": None}]
    )
    wanted = correction(table=FACTS, key=FACT, column="measure", expect="international", value="informational")
    corrected = apply_corrections({FACTS: frame}, [wanted])[FACTS]
    assert corrected["measure"].tolist() == ["informational", "international"]
    assert corrected["value"].tolist() == [5.0, 6.0]
    assert corrected["is_corrected"].tolist() == [True, False]


def test_a_correction_of_a_label_that_is_gone_stops():
    frame = pd.DataFrame([FACT | {"item": "local", "value": 5.0}])
    wanted = correction(table=FACTS, key=FACT | {"item": "local"}, column="item", expect="federal", value="icac_units")
    with pytest.raises(DataError, match=r"found 'local in data/cybertipline/ojjdp_facts\.csv', expected federal"):
        apply_corrections({FACTS: frame}, [wanted])


def test_a_correction_of_a_fact_needs_the_whole_key(tmp_path):
    file = tmp_path / "corrections.yml"
    entry = "- {table: cybertipline/ojjdp_facts, key: {table: a, item: b}, column: measure, expect: c, value: d, "
    file.write_text(entry + "reason: long enough to say what is wrong, source: x}\n")
    with pytest.raises(DataError, match=r"entry 1.*required"):
        read_corrections(file)
