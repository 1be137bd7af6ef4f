"""Faults in parsed tables that a release, or an edit by hand, could bring."""

import pandas as pd
import pytest

from countback.checks import histories as checks
from countback.checks.printed import values_are_as_printed
from countback.ingest import microsoft
from countback.ingest.meta import KEY, VALUES
from countback.ingest.printed import disclosed, facts

FACT = ["Facebook", "Spam", "Proactive rate", "2021 Q1"]
RELEASES = pd.DataFrame({"id": ["b", "a", "c"], "period": ["2021 Q1", "2020 Q4", "2021 Q2"]})


def history(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Return runs of one fact: value, its lower and upper end, printed form, first and last release."""
    cells = [(*FACT, *row[:3], "percent", *row[3:]) for row in rows]
    return pd.DataFrame(cells, columns=[*KEY, *VALUES, "first_release", "last_release"])


def messages(check, table: pd.DataFrame) -> list[str]:
    return [str(error) for error in check({"histories_meta": table, "releases": RELEASES})]


def test_runs_that_follow_each_other_pass_also_with_a_gap() -> None:
    table = history((3, None, None, "3%", "c", "c"), (2, None, None, "2%", "a", "a"))
    assert messages(checks.runs_follow_each_other, table) == []


def test_runs_that_share_a_release_are_named_by_their_line() -> None:
    table = history((2, None, None, "2%", "a", "b"), (3, None, None, "3%", "b", "c"))
    (message,) = messages(checks.runs_follow_each_other, table)
    assert message.startswith("data/histories/meta.csv, row 3, column first_release: found 'b to c'")


def test_a_run_that_ends_before_it_begins_is_a_fault() -> None:
    (message,) = messages(checks.runs_follow_each_other, history((2, None, None, "2%", "b", "a")))
    assert "row 2" in message


@pytest.mark.parametrize(
    ("row", "is_fault"),
    [
        ((97.3, None, None, "97.3%"), False),
        ((97.4, None, None, "97.3%"), True),
        ((None, 4, 5, "4%-5%"), False),
        ((4, None, None, "4%-5%"), True),
        ((None, None, None, "N/A"), False),
        ((0, None, None, "N/A"), True),
        ((97.3, None, None, "97.3"), True),
    ],
)
def test_a_number_is_the_printed_one(row: tuple[object, ...], is_fault: bool) -> None:
    found = messages(values_are_as_printed, history((*row, "a", "a")))
    assert bool(found) == is_fault


def test_a_label_is_aligned_with_one_that_the_history_has() -> None:
    labels = pd.DataFrame({"column": ["policy_area"] * 2, "aligned": ["Spam", "Spams"]})
    tables = {"histories_meta": history((None, None, None, "N/A", "a", "a")), "histories_meta_labels": labels}
    (error,) = checks.meta_labels_are_in_the_history(tables)
    assert "row 3, column aligned: found 'Spams'" in str(error)


def test_a_policy_about_children_is_a_label_of_its_history() -> None:
    policies = pd.DataFrame({"publisher": "meta", "column": "policy_area", "aligned": ["Spam", "Spams"]})
    tables = {"histories_meta": history((None, None, None, "N/A", "a", "a")), "histories_child_policies": policies}
    (error,) = checks.child_policies_are_in_their_history(tables)
    assert "child_policies.csv, row 3, column aligned: found 'Spams'" in str(error)


REMARK = {"organization": "microsoft", "metric": "pieces", "component": "Bing", "period": "2020 H1"}


def disclosures(value: float = 5.0, **remark: str) -> dict[str, pd.DataFrame]:
    """Return the tables of an organization that disclosed the number five throughout, with a remark on one."""
    cells = [
        ("2020 H1", *place, 5, "count", "5%" if series.unit == "percent" else "5", None, "S!A1", "microsoft-a")
        for place, series in microsoft.SERIES.items()
    ]
    remarks = pd.DataFrame([REMARK | {"warnings": "rounded", "note": None} | remark]).astype("string")
    made = disclosed(facts(cells), microsoft.SERIES, remarks.assign(**REMARK, warnings="rounded"), "microsoft")
    assert made.loc[1, ["metric", "component"]].tolist() == ["pieces", "Bing"]
    made.loc[1, "value"] = value
    return {"printed_microsoft": facts(cells), "remarks": remarks, "disclosures_microsoft": made}


def test_disclosures_that_are_the_printed_facts_with_their_remarks_pass() -> None:
    assert list(checks.disclosures_are_those_printed(disclosures())) == []


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (disclosures(6.0), "data/disclosures/microsoft.csv, row 3: found 'pieces, Bing, 2020 H1, 6.0, count, 5"),
        (disclosures(6.0), "compiled disclosures of it give: pieces, Bing, 2020 H1, 5.0, count, 5"),
        (disclosures(warnings="doubtful"), "row 3: found 'pieces, Bing, 2020 H1, 5.0, count, 5, , False, rounded"),
        (disclosures(period="2021 H1"), "data/organizations/remarks.csv, microsoft: found 'pieces, Bing, 2021 H1'"),
    ],
    ids=["value", "value that lacks", "warning", "remark on nothing"],
)
def test_disclosures_edited_by_hand_are_faults(tables: dict[str, pd.DataFrame], message: str) -> None:
    assert message in "\n".join(map(str, checks.disclosures_are_those_printed(tables)))
