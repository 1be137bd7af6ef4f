"""Corrections override what they expect, and nothing else."""

import pandas as pd
import pytest

from countback.checks.corrections import label_corrections_match
from countback.corrections import (
    FACTS,
    Correction,
    LabelCorrection,
    apply_corrections,
    correct_labels,
    read_corrections,
    read_label_corrections,
)
from countback.io.errors import DataError
from countback.row_warnings import add_warnings

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


def printed():
    columns = ["period", "block", "item", "measure", "place"]
    rows = [("2022 Q4", "NCMEC", "January", "Reports", "B2"), ("2022 Q4", "NCMEC", "January", "Total", "C2")]
    return pd.DataFrame([*rows, ("2022 Q4", "NCMEC", None, "Total", "C3")], columns=columns, dtype="string")


def label_correction(**changes):
    fields = {"table": "printed/acme", "key": {"period": "2022 Q4", "item": "January"}, "column": "item"}
    fields |= {"expect": "January", "value": "October", "reason": "mislabeled by the provider", "source": "acme-2023"}
    return LabelCorrection(**(fields | {"number": 1} | changes))


def test_a_correction_of_a_label_changes_all_rows_that_its_key_finds():
    total = label_correction(key={"period": "2022 Q4", "place": "C3"}, expect=None, value="Sum")
    frame = correct_labels(printed(), "printed/acme", [label_correction(), total])
    assert frame["item"].tolist() == ["October", "October", "Sum"]
    assert correct_labels(printed(), "printed/other", [label_correction()]).equals(printed())


def test_a_correction_of_a_label_finds_rows_by_what_is_printed():
    there = label_correction(key={"period": "2022 Q4", "place": "B2"}, value="February")
    frame = correct_labels(printed(), "printed/acme", [there, label_correction()])
    assert frame["item"].tolist() == ["October", "October", pd.NA]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"expect": "February"}, "found 'January in data/printed/acme.csv', expected February"),
        ({"expect": None}, "found 'January in data/printed/acme.csv', expected no label"),
        ({"key": {"period": "2022 Q4", "place": "C3"}}, "found '<NA> in data/printed/acme.csv', expected January"),
        ({"key": {"period": "2023 Q4", "item": "January"}}, "expected rows of printed/acme"),
    ],
)
def test_a_correction_of_a_label_whose_fault_is_gone_stops(changes, message):
    with pytest.raises(DataError, match=message):
        correct_labels(printed(), "printed/acme", [label_correction(**changes)])


def test_corrections_of_labels_are_checked_against_tables_and_releases():
    tables = {"releases": pd.DataFrame({"id": ["acme-2023"]}), "printed_acme": printed()}
    assert list(label_corrections_match(tables, [label_correction()])) == []
    wrong = [label_correction(source="x"), label_correction(table="printed/x"), label_correction(expect="May")]
    messages = "\n".join(map(str, label_corrections_match(tables, wrong)))
    assert all(column in messages for column in ("column source", "column table", "column expect"))


def test_values_and_labels_are_read_apart_and_incomplete_ones_refused(tmp_path):
    file = tmp_path / "corrections.yml"
    head = "- table: printed/acme\n  key: {period: 2022 Q4, item: January}\n  column: item\n  expect: January\n"
    file.write_text(head + "  value: October\n  reason: mislabeled by the provider\n  source: acme-2023\n")
    assert read_corrections(file) == []
    assert [correction.value for correction in read_label_corrections(file)] == ["October"]
    for broken in (head, file.read_text().replace("item: January", "metric: January")):
        file.write_text(broken)
        with pytest.raises(DataError, match=r"corrections\.yml, entry 1"):
            read_label_corrections(file)
