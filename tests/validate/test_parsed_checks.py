"""Faults in parsed tables that a release, or an edit by hand, could bring."""

import pandas as pd
import pytest

from countback.checks import histories as checks
from countback.checks.printed import values_are_as_printed
from countback.histories import LABELS
from countback.ingest import microsoft
from countback.ingest.meta import KEY, VALUES
from countback.ingest.meta_disclosures import Tables, meta_disclosures
from countback.ingest.printed import disclosed, facts

FACT = ["Facebook", "Spam", "Proactive rate", "2021 Q1"]
RELEASES = pd.DataFrame({"id": ["b", "a", "c"], "period": ["2021 Q1", "2020 Q4", "2021 Q2"]})


def history(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Return runs of one fact: value, its lower and upper end, printed form, first and last release."""
    cells = [(*FACT, *row[:3], "percent", row[3], False, *row[4:]) for row in rows]
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
        ((3, None, None, "approximately 3%"), False),
        ((4, None, None, "approximately 3%"), True),
        ((3, None, None, "about 3%"), True),
    ],
)
def test_a_number_is_the_printed_one(row: tuple[object, ...], is_fault: bool) -> None:
    found = messages(values_are_as_printed, history((*row, "a", "a")))
    assert bool(found) == is_fault


UNITS = pd.DataFrame({"metric": ["Proactive rate"], "unit": ["percent"]})
NO_BLOCKS = pd.DataFrame({"metric": [], "block_number": []})


def of_meta(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables of Meta's history, which knows spam only, with some of them replaced."""
    labels = pd.DataFrame({"column": ["policy_area"], "aligned": ["Spam"]})
    known = {"labels": labels, "units": UNITS, "blocks": NO_BLOCKS} | tables
    table = history((None, None, None, "N/A", "a", "a"))
    return {"histories_meta": table, **{f"histories_meta_{name}": frame for name, frame in known.items()}}


@pytest.mark.parametrize(
    ("name", "table", "message"),
    [
        (
            "labels",
            pd.DataFrame({"column": ["policy_area"] * 2, "aligned": ["Spam", "Spams"]}),
            "meta_labels.csv, row 3, column aligned: found 'Spams'",
        ),
        (
            "blocks",
            pd.DataFrame({"metric": ["Proactive rate", "UBP"], "block_number": [1, 2]}),
            "meta_blocks.csv, row 3, column metric: found 'UBP'",
        ),
        ("units", UNITS.assign(unit="count"), "meta.csv, row 2, column unit: found 'percent'"),
    ],
)
def test_what_the_tables_on_meta_speak_of_is_in_its_history(name: str, table: pd.DataFrame, message: str) -> None:
    assert list(checks.meta_tables_fit_the_history(of_meta())) == []
    (error,) = checks.meta_tables_fit_the_history(of_meta(**{name: table}))
    assert message in str(error)


@pytest.mark.parametrize("table", ["child_policies", "spanning_labels"])
def test_a_listed_label_is_one_of_its_history(table: str) -> None:
    listed = pd.DataFrame({"publisher": "meta", "column": "policy_area", "aligned": ["Spam", "Spams"]})
    tables = {"histories_meta": history((None, None, None, "N/A", "a", "a")), f"histories_{table}": listed}
    (error,) = checks.listed_labels_are_in_their_history(tables)
    assert f"{table}.csv, row 3, column aligned: found 'Spams'" in str(error)


@pytest.mark.parametrize("table", ["child_policies", "spanning_labels"])
def test_a_listed_label_is_in_a_column_that_its_history_has(table: str) -> None:
    listed = pd.DataFrame({"publisher": "meta", "column": ["policy_area", "area"], "aligned": ["Spam", "Spam"]})
    marked = history((None, None, None, "N/A", "a", "a")).assign(is_spanning=True)
    tables = {"histories_meta": marked, f"histories_{table}": listed}
    (error,) = checks.listed_labels_are_in_their_history(tables)
    assert f"{table}.csv, row 3, column column: found 'area', expected a column of data/histories/meta.csv" in str(
        error
    )
    assert list(checks.spanning_rows_are_marked(tables)) == []


SPANS = pd.DataFrame({"publisher": ["meta"], "column": ["policy_area"], "aligned": ["Spam"]})


@pytest.mark.parametrize("is_spanning", [True, False])
def test_rows_of_an_area_that_spans_others_are_marked(is_spanning: bool) -> None:
    marked = history((None, None, None, "N/A", "a", "a")).assign(is_spanning=is_spanning)
    tables = {"histories_meta": marked, "histories_spanning_labels": SPANS}
    found = [str(error) for error in checks.spanning_rows_are_marked(tables)]
    assert len(found) == (not is_spanning)
    assert all("row 2, column is_spanning: found" in message for message in found)


def test_an_area_that_spans_others_is_no_disclosure() -> None:
    series = pd.DataFrame({"policy_area": ["Hate", "Spam"], "metric": ["pieces", "pieces"]})
    tables = {"histories_meta_series": series, "histories_spanning_labels": SPANS}
    (error,) = checks.no_series_spans_others(tables)
    assert "meta_series.csv, row 3, column policy_area: found 'Spam'" in str(error)


def meta_tables(value: float = 97.0) -> dict[str, pd.DataFrame]:
    """Return the tables that Meta's disclosures are made of, with one disclosure of the value 97."""
    columns = ["policy_area", "printed_metric", "metric", "component", "warnings"]
    none = pd.DataFrame(columns=["organization", "metric", "component", "period", "warnings", "note"], dtype="string")
    tables = {
        "histories_meta": history((97.0, None, None, "97%", "a", "c")),
        "histories_meta_labels": pd.DataFrame(columns=[*LABELS, "reason"]),
        "histories_meta_series": pd.DataFrame([("Spam", "Proactive rate", "spam", None, "rounded")], columns=columns),
        "remarks": none,
        "organizations": pd.DataFrame({"organization": ["facebook"], "name": ["Facebook"]}),
        "releases": RELEASES,
    }
    parts = [tables[name] for name in checks.OF_HISTORY[1:]]
    made = meta_disclosures(tables["histories_meta"], Tables(*parts), ["a", "b", "c"])["facebook"]
    return tables | {"disclosures_facebook": made.assign(value=value)}


def test_a_disclosure_that_is_not_the_one_of_the_history_is_named() -> None:
    assert list(checks.disclosures_are_those_of_the_history(meta_tables())) == []
    found = [str(error) for error in checks.disclosures_are_those_of_the_history(meta_tables(98.0))]
    assert found[0].startswith("data/disclosures/facebook.csv, row 2: found 'spam")
    assert "expected what data/histories/meta.csv" in found[1]
    assert len(found) == 2


REMARK = {"organization": "microsoft", "metric": "indexed_pieces", "component": "Bing", "period": "2020 H1"}


def disclosures(value: float = 5.0, **remark: str) -> dict[str, pd.DataFrame]:
    """Return the tables of an organization that disclosed the number five throughout, with a remark on one."""
    cells = [
        ("2020 H1", *place, 5, "count", "5%" if series.unit == "percent" else "5", None, "S!A1", "microsoft-a")
        for place, series in microsoft.SERIES.items()
    ]
    remarks = pd.DataFrame([REMARK | {"warnings": "rounded", "note": None} | remark]).astype("string")
    made = disclosed(facts(cells), microsoft.SERIES, remarks.assign(**REMARK, warnings="rounded"), "microsoft")
    assert made.loc[1, ["metric", "component"]].tolist() == ["indexed_pieces", "Bing"]
    made.loc[1, "value"] = value
    return {"printed_microsoft": facts(cells), "remarks": remarks, "disclosures_microsoft": made}


def test_disclosures_that_are_the_printed_facts_with_their_remarks_pass() -> None:
    assert list(checks.disclosures_are_those_printed(disclosures())) == []


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            disclosures(6.0),
            "data/disclosures/microsoft.csv, row 3: found 'indexed_pieces, Bing, 2020 H1, 6.0, count, 5",
        ),
        (disclosures(6.0), "compiled disclosures of it give: indexed_pieces, Bing, 2020 H1, 5.0, count, 5"),
        (
            disclosures(warnings="doubtful"),
            "row 3: found 'indexed_pieces, Bing, 2020 H1, 5.0, count, 5, , False, rounded",
        ),
        (
            disclosures(period="2021 H1"),
            "data/organizations/remarks.csv, microsoft: found 'indexed_pieces, Bing, 2021 H1'",
        ),
    ],
    ids=["value", "value that lacks", "warning", "remark on nothing"],
)
def test_disclosures_edited_by_hand_are_faults(tables: dict[str, pd.DataFrame], message: str) -> None:
    assert message in "\n".join(map(str, checks.disclosures_are_those_printed(tables)))
