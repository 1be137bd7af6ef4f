"""Every number that the report prints is traced to the rows, documents and pages that it comes from."""

import json

import pandas as pd
import pytest
from builds import PROJECT

from countback.__main__ import main
from countback.io.errors import DataError
from countback.trace import Step, Trace, periods_of, shared_key, told, trace, went_in
from countback.traced_rows import names_and_years, rows_of

PAIR = rows_of(
    pd.DataFrame({"provider": ["acme"], "year": [2031], "own": [5.0], "rows_printed_there": ["Acme Inc.|Acme"]}),
    {"provider", "year"},
)


def test_a_row_leads_to_rows_of_its_year_its_organization_and_the_names_that_it_lists() -> None:
    printed = pd.DataFrame({"esp_printed": ["Acme", "Acme Inc.", "Bolt"], "year": [2031, 2030, 2031]})
    found = shared_key(PAIR, rows_of(printed, printed.columns))
    assert found == {"year": [2031], "esp_printed": ["Acme", "Acme Inc."]}
    disclosed = pd.DataFrame({"organization": ["acme", "bolt"], "period": ["2031 H1", "2031 H1"]})
    found = shared_key(PAIR, rows_of(disclosed, disclosed.columns))
    assert found == {"organization": ["acme"], "period": ["2031 H1"]}


def test_how_sure_a_number_is_tells_no_rows_apart() -> None:
    keys = names_and_years(PROJECT / "results" / "tables" / "relationship_shares.csv")
    assert {"study", "year", "group"} <= keys
    assert keys.isdisjoint({"interval_kind", "unit"})


def test_periods_lie_in_their_years_and_nowhere_else() -> None:
    assert periods_of([2031], ["2030 Q4", "2031 Q1", "2031"]) == ["2031", "2031 Q1"]


def test_of_files_of_one_organization_each_only_its_own_went_in() -> None:
    inputs = ["data/disclosures/acme.csv", "data/disclosures/bolt.csv", "data/reference/breaks.csv"]
    assert went_in(PAIR, inputs, {}) == ["data/disclosures/acme.csv", "data/reference/breaks.csv"]


def test_a_number_of_prose_comes_from_the_table_that_its_row_names() -> None:
    number = rows_of(pd.DataFrame({"subset": ["all"], "derived_from": ["pairs"]}), {"subset"})
    lineage = {"results/tables/pairs.csv": {}, "results/tables/others.csv": {}}
    assert went_in(number, ["data/reference/breaks.csv"], lineage) == ["results/tables/pairs.csv"]


@pytest.fixture(scope="module")
def printed(built):
    return json.loads((built / "results" / "values.json").read_text())


def test_a_count_is_traced_to_the_page_that_prints_it(built, printed) -> None:
    """Of each pair in the prose, the clearinghouse's count is that of the printed rows, with document and page."""
    asked = [name for name in printed if name.startswith("agreement_pairs.") and name.endswith(".ncmec_reports")]
    assert asked
    for name in asked:
        found = trace(name, built)
        rows = {step.table: step.rows for step in found.steps if step.matched}
        counted = [row for table in rows if "esp_reports" in table for row in rows[table]]
        assert (
            found.value in {row["reports"] for row in counted} or sum(row["reports"] for row in counted) >= found.value
        )
        assert all(row["source"] in {source["id"] for source in found.sources} for row in counted)
        assert all("page" in row or "place" in row for row in counted)


def test_a_number_of_every_table_leads_to_tables_of_data(built, printed) -> None:
    one_each = {entry["table"]: name for name, entry in printed.items()}
    assert len(one_each) > 20
    for name in one_each.values():
        found = trace(name, built)
        assert any(step.table.startswith("data/") for step in found.steps), name
        assert found.text == printed[name]["text"]


def test_the_command_tells_table_row_and_source(built, printed, capsys) -> None:
    name = next(name for name in printed if name.startswith("agreement_pairs."))
    assert main(["trace", name, "--project", str(built)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(printed[name]["text"]) and "results/tables/agreement_pairs.csv" in said
    assert "Source ncmec-" in said or "Source diaphanous-" in said


def test_an_unknown_id_is_refused_with_the_nearest_ones(built, printed, capsys) -> None:
    name = next(iter(printed))
    assert main(["trace", f"{name}x", "--project", str(built)]) == 1
    assert name in capsys.readouterr().err


def test_a_project_that_was_not_built_says_what_to_do(tmp_path) -> None:
    with pytest.raises(DataError, match="make report"):
        trace("a.b.c", tmp_path)


def test_a_whole_table_is_named_without_its_rows() -> None:
    step = Step("data/reference/breaks.csv", None, {}, 5, [{"year": 2031}], [])
    lines = list(told(Trace("a.b.c", 1, "count", "1", "", [step], [], [])))
    assert lines == ["1 (count): a.b.c", "All rows of: data/reference/breaks.csv"]
