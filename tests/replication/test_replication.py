"""Each published value has one verdict, and what nothing explains makes verification fail by name."""

import shutil

import pandas as pd
import pytest

from countback.io.errors import DataError, DataErrors
from countback.io.tables import write_table
from replication.inputs import as_compiled
from replication.judgment import failures, headlines, replication, summary
from replication.numbers import same, text_of
from scripts.replication.verify import main

FAULTS = {"growth.*": ("steep", "changes"), "test.p": ("looked", "withholds"), "restored.*": ("named", "remark")}
VALUES = {"growth.slope": "2.5", "growth.base": "7", "test.p": "0.003", "restored.share": "0.31", "total.n": "12"}
OWN = {"growth.slope": "4.1", "growth.base": "7", "restored.share": "0.31", "total.n": "12"}


def frame(rows, *columns):
    return pd.DataFrame(rows, columns=list(columns), dtype="string")


def published(values=VALUES):
    rows = [(key, value, "count", "a notebook", None) for key, value in values.items()]
    return frame(rows, "id", "published", "unit", "where", "note")


def reproduced(values=VALUES):
    return frame([(key, value, "module.method") for key, value in values.items()], "id", "reproduced", "computed_by")


def own(values=OWN):
    return frame(list(values.items()), "id", "corrected")


def explanations(faults=FAULTS):
    rows = [(pattern, fault, effect, f"Because of {fault}.") for pattern, (fault, effect) in faults.items()]
    return frame(rows, "pattern", "fault", "effect", "reason")


def verdicts(ours=None, reason=None, **changed):
    values = VALUES | changed
    given = OWN if ours is None else ours
    rows = replication(published(), reproduced(values), own(given), explanations(reason or FAULTS))
    return rows.set_index("id", drop=False)


def test_a_value_that_its_method_gives_and_that_no_fault_concerns_is_reproduced():
    row = verdicts().loc["total.n"]
    assert (row["verdict"], row["reproduced"], row["corrected"], row["reason"]) == ("reproduced", "12", None, None)


def test_a_wrong_value_is_corrected_with_its_reason_and_by_how_much():
    row = verdicts().loc["growth.slope"]
    assert (row["verdict"], row["corrected"], row["fault"]) == ("corrected", "4.1", "steep")
    assert row["reason"] == "Because of steep."
    assert row["relative_correction"] == pytest.approx(0.64)


def test_a_value_without_a_second_computation_is_reproduced_only_and_says_why():
    reason = {**FAULTS, "total.*": (None, "unchecked")}
    ours = {name: value for name, value in OWN.items() if name != "total.n"}
    rows = verdicts(ours=ours, reason=reason)
    assert rows.loc["total.n", ["verdict", "corrected", "reason"]].tolist() == [
        "reproduced only", None, "Because of None.",
    ]  # fmt: skip
    assert rows["is_computed_twice"].to_dict() == {name: name in ours for name in VALUES}
    assert failures(rows) == []


def test_a_value_without_a_second_computation_and_without_a_reason_fails_by_name():
    ours = {name: value for name, value in OWN.items() if name != "total.n"}
    (line,) = failures(verdicts(ours=ours))
    assert line.startswith("total.n: published 12, reproduced 12, but there is no second computation")


def test_an_estimate_by_another_model_is_no_correction():
    row = verdicts(reason={**FAULTS, "growth.*": ("steep", "estimates")}).loc["growth.slope"]
    assert (row["verdict"], row["corrected"], row["reason"]) == ("another estimate", "4.1", "Because of steep.")
    assert verdicts(reason={**FAULTS, "growth.*": ("steep", "estimates")}).loc["growth.base", "verdict"] == "reproduced"


def test_a_fault_that_leaves_a_value_as_it_was_is_not_stated():
    row = verdicts().loc["growth.base"]
    assert (row["verdict"], row["corrected"], row["reason"]) == ("reproduced", None, None)


def test_a_quantity_that_nothing_can_be_said_of_has_no_corrected_value():
    row = verdicts().loc["test.p"]
    assert (row["verdict"], row["corrected"], row["reason"]) == ("corrected", None, "Because of looked.")


def test_what_is_to_be_said_of_a_value_that_stands_is_stated():
    row = verdicts().loc["restored.share"]
    assert (row["verdict"], row["reason"]) == ("reproduced", "Because of named.")


def test_a_quantity_that_the_right_method_can_not_have_is_corrected_to_nothing():
    row = verdicts(ours=OWN | {"growth.slope": None}).loc["growth.slope"]
    assert (row["verdict"], row["corrected"], row["reason"]) == ("corrected", None, "Because of steep.")


def test_of_several_patterns_that_match_the_first_holds():
    rows = verdicts(reason={"growth.slope": ("special", "changes"), **FAULTS})
    assert rows.loc["growth.slope", "fault"] == "special"


def test_all_explained_rows_pass():
    assert failures(verdicts()) == []


def test_a_row_that_is_not_reproduced_fails_by_name():
    (line,) = failures(verdicts(**{"total.n": "13"}))
    assert line.startswith("total.n: published 12, reproduced 13, which differ")


def test_a_row_that_is_corrected_fails_too_if_its_method_gives_another_value():
    assert verdicts(**{"growth.slope": "2.6"}).loc["growth.slope", "verdict"] == "not reproducible"
    assert len(failures(verdicts(**{"growth.slope": "2.6"}))) == 1


@pytest.mark.parametrize("ours", [{"total.n": "11"}, {"restored.share": "0.4"}, {"total.n": None}])
def test_an_own_number_that_differs_without_a_reason_fails_by_name(ours):
    (line,) = failures(verdicts(ours=OWN | ours))
    assert line.startswith(next(iter(ours)))


def test_a_value_that_is_known_not_to_be_reproducible_passes_up_to_ten_times():
    reason = {"lost.*": (None, "not reproducible")}
    for n, expected in {10: [], 11: ["11 values are not reproducible, expected at most 10."]}.items():
        values = {f"lost.n{number}": "1" for number in range(n)}
        rows = replication(
            published(values | {"total.n": "1"}),
            reproduced({"total.n": "1"}),
            own({"total.n": "1"}),
            explanations(reason),
        )
        assert failures(rows) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"published": published(VALUES | {"total.x": "1"})}, r"total\.x: found 'an id that no published method comp"),
        ({"explanations": explanations({**FAULTS, "gone.*": ("old", "changes")})}, r"gone\.\*: found 'a pattern that"),
        ({"explanations": explanations({"*.slope": ("a", "changes"), "*.slope?": ("b", "changes")})}, r"\*\.slope\?"),
        ({"corrected": own({})}, r"growth\.slope: found 'a fault that changes the value, but no value by the right"),
        ({"published": published({"other.n": "1"}), "reproduced": reproduced()}, r"module\.method: found 'ids of whi"),
    ],
)
def test_what_is_missing_or_superfluous_is_an_error_that_names_it(change, message):
    tables = {
        "published": published(), "reproduced": reproduced(), "corrected": own(), "explanations": explanations(),
    }  # fmt: skip
    with pytest.raises(DataErrors, match=message):
        replication(**(tables | change))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("36210368", "36210369", False),
        ("36210368.0", "36210368", True),
        ("0.1", "0.1000000000001", True),
        ("0.1", "0.10000001", False),
        ("0.0", "0", True),
        ("0.0", "1e-12", False),
        ("☪", "REU", False),
        ("NAM", "NAM", True),
        ("Infinity", "Infinity", True),
    ],
)
def test_counts_agree_exactly_and_other_numbers_to_a_billionth(left, right, expected):
    assert same(left, right) is expected


def test_a_whole_number_is_written_without_a_point_and_a_missing_one_not_at_all():
    assert [text_of(value) for value in (3.0, 2.5, float("nan"), None)] == ["3", "2.5", None, None]


def test_the_counts_of_verdicts_add_up_to_all_values():
    counts = summary(verdicts())
    assert counts[counts["topic"] == "all"]["n_values"].sum() == len(VALUES)
    assert counts[counts["topic"] != "all"]["n_values"].sum() == len(VALUES)
    assert set(counts["topic"]) == {"growth", "restored", "test", "total", "all"}


@pytest.mark.parametrize("changed", [{}, {"total.n": "13"}])
def test_verification_prints_the_counts_and_fails_where_a_row_does(changed, project, tmp_path, capsys):
    (tmp_path / "data").mkdir()
    shutil.copy2(project / "data" / "datapackage.json", tmp_path / "data")
    shutil.copytree(project / "data" / "schemas", tmp_path / "data" / "schemas")
    rows = verdicts(**changed)
    files = [str(tmp_path / "results" / f"{name}.csv") for name in ("replication", "replication_summary")]
    write_table(rows.assign(stated_in=None), files[0])
    write_table(summary(rows), files[1])
    assert main(*files) == len(changed)
    printed = capsys.readouterr()
    assert ["all", str(3 - len(changed)), "0", "2", "0", str(len(changed)), "5"] in [
        line.split() for line in printed.out.splitlines()
    ]
    assert ("total.n: published 12, reproduced 13" in printed.err) is bool(changed)


CHOSEN = [("named", "restored.share", "What was restored", "percent"), ("steep", "growth.slope", "Slope", "count")]
LISTED = [("steep", "1", "Too steep"), ("idle", "2", "Idle"), ("named", "3", "Named wrongly")]


def picked(chosen):
    listed = frame(LISTED, "fault", "rank_in_list", "title")
    return headlines(verdicts().reset_index(drop=True), frame(chosen, "fault", "id", "quantity", "unit"), listed)


def test_values_that_stand_for_faults_come_in_the_order_of_the_faults_with_their_verdicts():
    rows = picked(CHOSEN)
    assert rows["title"].tolist() == ["Too steep", "Named wrongly"]
    assert rows["published"].tolist() == ["2.5", "0.31"]
    assert (rows["corrected"][0], rows["verdict"].tolist()) == ("4.1", ["corrected", "reproduced"])
    assert rows["unit"].tolist() == ["count", "percent"]


@pytest.mark.parametrize("misplaced", [("steep", "test.p"), ("steep", "total.n"), ("steep", "gone.n")])
def test_a_value_of_another_fault_cannot_stand_for_this_one(misplaced):
    with pytest.raises(DataErrors, match=rf"headlines.csv.*{misplaced[1]}.*steep"):
        picked([(*misplaced, "A value", "count")])


CELL = {"table": "disclosures/acme", "metric": "pieces", "component": None, "period": "2031 Q4", "value": 7.0}


def disclosed():
    columns = ["metric", "component", "period", "value", "is_redundant"]
    rows = [("pieces", None, "2031 Q4", 8.0, False), ("pieces", "a", "2031 Q4", 5.0, False)]
    return {"disclosures/acme": pd.DataFrame(rows, columns=columns)}


def test_the_published_methods_get_the_value_that_the_compilation_holds_and_no_one_else_does():
    tables = disclosed()
    held = as_compiled(tables, pd.DataFrame([CELL]))
    assert held["disclosures/acme"]["value"].tolist() == [7.0, 5.0]
    assert tables["disclosures/acme"]["value"].tolist() == [8.0, 5.0]


def test_a_value_of_the_compilation_that_is_of_no_row_is_refused():
    with pytest.raises(DataError, match=r"published_values\.csv, row 2: found '0 rows of data/disclosures/acme\.csv'"):
        as_compiled(disclosed(), pd.DataFrame([CELL | {"period": "2031 Q3"}]))
