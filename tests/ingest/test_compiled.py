"""Files of the compilation: labels by tables, years beyond the clearinghouse's own, nothing guessed."""

from pathlib import Path

import pandas as pd
import pytest

from countback.ingest.compiled import beyond, meanings, read_facts, selected_rows
from countback.io.errors import DataError
from scripts.ingest.ingest_recipient_reports import recipient_reports

LABELS = pd.DataFrame(
    {
        "source": "s",
        "first_label": ["kind"],
        "second_label": ["a"],
        "table": ["kinds"],
        "item": ["a"],
        "measure": ["reports"],
    }
)
PRINTED = pd.DataFrame({"table": ["kinds"], "item": ["a"], "measure": ["reports"], "year": [2030], "value": [5.0]})
BRANDS = pd.DataFrame(
    {"platform": ["Acme", "Acme"], "row_comment": [None, "AI"], "esp_printed": ["Acme", "Acme AI"], "brand": "acme"}
)


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "file.csv"
    file.write_text(text, encoding="utf-8")
    return file


def facts_of(tmp_path: Path, *rows: str) -> pd.DataFrame:
    file = written(tmp_path, "\n".join(["category,label,year,quantity", *rows]) + "\n")
    return meanings(read_facts(file, "s", ["category", "label"], "quantity"), LABELS)


def test_years_beyond_the_printed_ones_are_taken_with_their_row(tmp_path: Path) -> None:
    facts = beyond(facts_of(tmp_path, 'kind,a,2030,"5"', 'kind,a,2031,"1,276"'), PRINTED)
    assert facts[["item", "year", "value", "value_printed", "label_compiled", "place"]].to_numpy().tolist() == [
        ["a", 2031, 1276, "1,276", "kind: a", "row 3"]
    ]


def test_a_number_that_the_clearinghouse_prints_otherwise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"s, row 2: found '?6'?, expected 5, as the clearinghouse prints"):
        beyond(facts_of(tmp_path, "kind,a,2030,6"), PRINTED)


def test_a_label_without_meaning_is_refused_with_the_row_to_write(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"compiled_labels\.csv.*'b' of s, row 2.*Add the row s,kind,b, followed by"):
        facts_of(tmp_path, "kind,b,2031,6")


@pytest.mark.parametrize("printed", ["about 5", "1,27", "-3", "2.5"])
def test_what_is_no_count_is_refused_with_its_cell(tmp_path: Path, printed: str) -> None:
    with pytest.raises(DataError, match=r"file\.csv, row 2, column quantity"):
        facts_of(tmp_path, f'kind,a,2031,"{printed}"')


def test_a_file_without_its_columns_or_cut_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected a column quantity"):
        read_facts(written(tmp_path, "category,label,year\n"), "s", ["category", "label"], "quantity")
    with pytest.raises(DataError, match="row 2: found '2 cells', expected 4"):
        facts_of(tmp_path, "kind,a")


def selected(tmp_path: Path, *rows: str) -> pd.DataFrame:
    file = written(tmp_path, "\n".join(["year,platform,reports,comment", *rows]) + "\n")
    return selected_rows(file, "s", BRANDS, {2030})


def test_selected_rows_leave_out_totals_empty_cells_and_years_with_a_full_table(tmp_path: Path) -> None:
    rows = selected(tmp_path, "2030,Acme,3,", "2031,Acme,4,", "2031,Acme,9,AI", "2031,Mute,,", "2031,ESP Total,20,")
    assert rows[["year", "esp_printed", "reports", "place"]].to_numpy().tolist() == [
        [2031, "Acme", 4, "row 3"], [2031, "Acme AI", 9, "row 4"]
    ]  # fmt: skip


def test_a_selected_row_without_a_brand_is_refused_with_the_row_to_write(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"selected_esp_brands\.csv.*row 2.*Add the row New,Old, followed by"):
        selected(tmp_path, "2031,New,4,Old")
    row = pd.DataFrame([("New", "Old", "New and Old", "new")], columns=BRANDS.columns)
    file = written(tmp_path, "year,platform,reports,comment\n2031,New,4,Old\n")
    taken = selected_rows(file, "s", pd.concat([BRANDS, row]), {2030})
    assert taken["esp_printed"].tolist() == ["New and Old"]


def test_countries_have_referrals_and_informational_reports_apart_and_gaps_are_no_zeros(tmp_path: Path) -> None:
    file = written(tmp_path, 'country,iso3,2030,ref2031,info2031\nChad,TCD,1,"1,002",3\nMali,MLI,2,,4\nNowhere,,3,,\n')
    rows = recipient_reports(file, "s", {"Chad": "TCD", "Mali": "MLI"})
    assert rows[["year", "iso3", "referrals", "informational", "place"]].fillna("").to_numpy().tolist() == [
        [2031, "TCD", 1002, 3, "row 2"], [2031, "MLI", "", 4, "row 3"]
    ]  # fmt: skip


def test_a_country_without_a_code_is_refused_with_the_row_to_write(tmp_path: Path) -> None:
    file = written(tmp_path, "country,ref2031,info2031\nTchad,1,3\n")
    with pytest.raises(DataError, match=r"Add the row Tchad,<code of countries\.csv>, to data/reference/country_alias"):
        recipient_reports(file, "s", {"Chad": "TCD"})
