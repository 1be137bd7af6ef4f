"""Reports to OJJDP: from made-up tagged documents to facts, stocks and the committed tables."""

import hashlib
import os
import re
from pathlib import Path

import pandas as pd
import pytest
import typst
from documents import tagged_document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countback.corrections import read_corrections
from countback.ingest.ncmec_ojjdp import Labels, Place, parse_ojjdp_facts, read_cell, read_head
from countback.ingest.ncmec_ojjdp_text import parse_ojjdp_stocks, parse_opening
from countback.ingest.tagged_pdf import Document, Paragraph, Table, join_paragraphs, read_document
from countback.io.errors import DataError
from countback.io.tables import read_table
from scripts.ingest.ingest_ojjdp_facts import ingest_ojjdp_facts, main, merge_reports
from scripts.tidy.ojjdp_facts import ojjdp_facts

ROOT = Path(__file__).parents[2]
FILE = Path("ojjdp.pdf")
LABELS = pd.DataFrame(
    [
        ("senders", "title", "Reports by Sender", "senders", "reports", None),
        ("senders", "item", "Public", "public", None, None),
        ("senders", "item", "All", "all", None, None),
        ("hashes", "title", "Hashes Added", "hashes", "hashes", "added"),
        ("files", "title", "Files | Kind", "files", None, None),
        ("files", "item", "Images", "images", None, None),
        ("files", "measure", "Total", "all_files", None, None),
        ("files", "measure", "Unique", "unique_files", None, None),
        ("victims", "title", "Victims by Age | Gender", "victims", None, None),
        ("victims", "item", "Male", "male", None, None),
        ("victims", "measure", "Infant", "infant", None, None),
        ("victims", "measure", "Grand Total", "total", None, None),
        ("recipients", "title", "Recipients", "recipients", None, None),
        ("recipients", "item", "Federal", "federal", None, None),
        ("recipients", "measure", "Actionable", "actionable", None, None),
        ("recipients", "measure", "Total", "total", None, None),
        ("reports_by_year", "title", "Date Range | Total Number", "reports_by_year", "reports", "all"),
    ],
    columns=["table", "role", "label_printed", "id", "measure", "item"],
)
YEARS = ["CY 2029", "CY 2030", "CY 2031"]
SENDERS = [["Reports by Sender", *YEARS], ["Public", "1", "2", "3"], ["All", "10 4%", "1,020 5%", "30 6.5%"]]
TABLES = [
    SENDERS,
    [["Hashes Added"], YEARS, ["56", "7", "-"]],
    [["Files", *YEARS], ["Kind", *["Total", "Unique"] * 3], ["Images", "9", "8", "7", "6", "5", "4"]],
    *([[f"Victims by Age in {year}"], ["Gender", "Infant", "Grand Total"], ["Male", "1", "2"]] for year in YEARS),
    [["Recipients", *YEARS], ["Federal", *["Actionable: 3 Total: 3"] * 3]],
    [["Date Range", "Total Number"], *([f"CY20{year} (1/1/{year}-12/31/{year})", "9"] for year in range(31, 26, -1))],
]
TITLE = "CY 2031 Report to the Committees on Appropriations"
STOCK = "As of December 31, 2031, NCMEC has contributed 296,222 hashes to the Exploitative Hash-Sharing Initiative, "
STOCK += "and 18 ESPs and 5 other organizations have voluntarily chosen to access this hash-sharing initiative."


def document(tables: list[list[list[str]]], prose: str = STOCK, title: str = TITLE) -> Document:
    return Document([Paragraph(1, f"{title}."), Paragraph(2, prose)], [Table(3, rows) for rows in tables])


def facts(tables: list[list[list[str]]], **changes: str) -> pd.DataFrame:
    return parse_ojjdp_facts(document(tables, **changes), FILE, 2031, "ncmec-ojjdp-2031", Labels(LABELS))


def values(frame: pd.DataFrame, table: str) -> dict[tuple[str, str, int], float]:
    rows = frame[frame["table"] == table]
    return {(row.item, row.measure, row.year): row.value for row in rows.itertuples()}


def test_years_over_the_columns_and_percentages_beside_the_counts_are_facts_of_their_own() -> None:
    found = values(facts(TABLES), "senders")
    assert found["all", "reports", 2030] == 1020
    assert found["all", "reports_percent", 2031] == 6.5
    assert found["public", "reports", 2029] == 1
    assert len(found) == 9


def test_years_and_measures_in_two_rows_of_the_head_go_together() -> None:
    found = values(facts(TABLES), "files")
    assert [found["images", "all_files", year] for year in (2029, 2030, 2031)] == [9, 7, 5]
    assert [found["images", "unique_files", year] for year in (2029, 2030, 2031)] == [8, 6, 4]


def test_a_year_in_the_title_and_a_year_before_the_row_are_read() -> None:
    frame = facts(TABLES)
    assert values(frame, "victims")["male", "total", 2030] == 2
    assert sorted(year for _, _, year in values(frame, "reports_by_year")) == list(range(2027, 2032))


def test_a_dash_is_missing_and_keeps_its_printed_form() -> None:
    rows = facts(TABLES).query("table == 'hashes'")
    assert rows["value"].isna().tolist() == [False, False, True]
    assert rows["value_printed"].tolist() == ["56", "7", "-"]


def test_a_year_may_stand_before_each_label_of_a_column() -> None:
    head = read_head([["Title"], ["", "CY 2030–Unique", "CY 2030–Similar", "CY 2031– Unique", "CY 2031–Similar"]])
    assert [(column.year, column.label) for column in head.columns][2] == (2031, "Unique")


def test_every_labeled_count_of_a_cell_is_read_and_stray_text_is_not_passed_over() -> None:
    found = [
        (value.label, value.printed) for value in read_cell("Actionable: 1,356 Informational: 9 Total: 1,365", placed())
    ]
    assert found == [("Actionable", "1,356"), ("Informational", "9"), ("Total", "1,365")]
    for cell in ("Actionable: 1,356 about Total: 9", "n/a", "1,38", "4-5", "<5", "12 13", ""):
        with pytest.raises(DataError, match=r"ojjdp\.pdf, page 3, 'Title': found "):
            read_cell(cell, placed())


def placed() -> Place:
    return Place(FILE, 3, "Title")


def changed(number: int, rows: list[list[str]]) -> list[list[list[str]]]:
    return [rows if n == number else table for n, table in enumerate(TABLES)]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (changed(0, [["Reports by Origin", *YEARS], *SENDERS[1:]]), "found 'Reports by Origin', expected the title"),
        (changed(0, [*SENDERS, ["Robots", "1", "2", "3"]]), "found 'Robots', expected a label that data/reference"),
        (changed(0, [["Reports by Sender", *YEARS[:2]], *SENDERS[1:]]), "expected values for 2 columns"),
        (changed(0, [[*row[:3], "9", row[3]] for row in SENDERS]), "ojjdp.pdf, page 3"),
        (changed(0, [*SENDERS, SENDERS[1]]), "found 'a second value, 1'"),
        (changed(0, [SENDERS[0], ["Public", "1", "2", "x"]]), "found 'x', expected a count"),
        (TABLES[1:], "table senders: found 'no year', expected the years 2029, 2030, 2031"),
        ([*TABLES, TABLES[0]], "found 'a second value"),
        (TABLES[:-1], "table reports_by_year: found 'no year'"),
        (changed(7, [*TABLES[7][:3], *TABLES[7][4:]]), "table reports_by_year"),
        (changed(6, [["Recipients", *YEARS], ["Federal", *["Actionable: 3 Other: 3"] * 3]]), "found 'Other'"),
        (changed(6, [["Recipients", *YEARS], ["Federal", "1", "2", "3"]]), "found 'no label of the measure'"),
        (changed(0, [SENDERS[0], ["1", "2", "3"]]), "found 'no label of the item'"),
    ],
    ids=[
        "renamed title",
        "new row",
        "dropped year",
        "added column",
        "row twice",
        "stray text",
        "dropped table",
        "table twice",
        "truncated",
        "gap in the appendix",
        "new measure",
        "counts without labels",
        "row without label",
    ],
)
def test_what_is_not_as_known_stops_with_place_and_fix(tables: list[list[list[str]]], message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as error:
        facts(tables)
    assert error.value.fix


def test_a_new_row_stops_with_the_row_to_write_and_is_taken_with_it() -> None:
    tables = changed(0, [*SENDERS, ["Robots, all", "1", "2", "3"]])
    with pytest.raises(
        DataError, match=r'knows as item of senders.*add the row senders,item,"Robots, all",<id>,,, there'
    ):
        facts(tables)
    row = pd.DataFrame([("senders", "item", "Robots, all", "robots", None, None)], columns=LABELS.columns)
    labels = Labels(pd.concat([LABELS, row]))
    found = parse_ojjdp_facts(document(tables), FILE, 2031, "ncmec-ojjdp-2031", labels)
    assert values(found, "senders")["robots", "reports", 2031] == 3


def test_a_report_of_another_year_is_refused() -> None:
    with pytest.raises(DataError, match=r"found 'CY 2030 Report .*expected the title 'CY 2031 Report"):
        facts(TABLES, title="CY 2030 Report to the Committees on Appropriations")
    with pytest.raises(DataError, match="no such title"):
        facts(TABLES, title="Annual Report")


def stocks(prose: str) -> pd.DataFrame:
    return parse_ojjdp_stocks(document([], prose), FILE, "x")


def test_stocks_are_read_with_their_day_and_what_is_rounded_says_so() -> None:
    read = stocks(f"{STOCK} As of January 31, 2032, NCMEC has reviewed over 406 million images and videos submitted.")
    assert read[["subject", "item", "as_of", "value"]].to_numpy().tolist() == [
        ["hashes_exploitative", "added_by_ncmec", "2031-12-31", 296_222],
        ["hashes_exploitative", "service_providers", "2031-12-31", 18],
        ["hashes_exploitative", "other_organizations", "2031-12-31", 5],
        ["identification", "reviewed", "2032-01-31", 406_000_000],
    ]
    assert read["warnings"].fillna("").tolist() == ["", "", "", "rounded"]
    assert read["value_printed"].iloc[-1] == "406 million"


def test_a_number_that_no_pattern_reads_is_refused() -> None:
    with pytest.raises(DataError, match=r"page 2, 'As of .*found '77 in a sentence about December 31, 2031'"):
        stocks("As of December 31, 2031, NCMEC has trained 77 dogs.")


def test_the_introduction_is_a_fact_of_its_own() -> None:
    prose = "When the CyberTipline became operational in CY 1998, NCMEC received 2,772 reports relating to this."
    (row,) = parse_opening(document([], prose), "x").itertuples()
    assert (row.table, row.year, row.value, row.value_printed) == ("introduction", 1998, 2772, "2,772")


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    pieces = {(1, 0): "As of", (1, 1): " ", (2, 0): "December 31.", (2, 1): "Next."}
    assert join_paragraphs(pieces) == [Paragraph(1, "As of December 31."), Paragraph(2, "Next.")]


def test_a_revised_value_gets_a_row_of_its_own_and_a_repeated_one_does_not() -> None:
    fact = {"table": "t", "item": "i", "measure": "m", "year": 2030, "page": 1}
    printed = {"a": "5", "b": "5", "c": "6", "d": "5"}
    merged = merge_reports(
        [pd.DataFrame([fact | {"value_printed": printed[name], "report": name}]) for name in printed]
    )
    runs = merged[["value_printed", "first_report", "last_report"]].to_numpy().tolist()
    assert runs == [["5", "a", "b"], ["6", "c", "c"], ["5", "d", "d"]]


def test_a_made_up_next_report_is_read_without_change_of_code(tmp_path: Path) -> None:
    content = tagged_document(TABLES, TITLE, STOCK)
    (tmp_path / "next.pdf").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    release = {"id": "ncmec-ojjdp-2031", "period": "2031", "file": "next.pdf", "sha256": digest, "route": "parsed"}
    tables = ingest_ojjdp_facts(pd.DataFrame([release]), [tmp_path / "next.pdf"], Labels(LABELS))
    assert len(tables.facts) == len(facts(TABLES))
    assert values(tables.facts, "recipients")["federal", "total", 2031] == 3
    assert tables.stocks["value"].tolist() == [296_222, 18, 5]


def test_a_number_broken_over_two_lines_is_one_number(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(typst.compile(b"#table(columns: 2, [Images], [24,768,90#linebreak()3])"))
    (table,) = read_document(tmp_path / "a.pdf").tables
    assert table.rows == [["Images", "24,768,903"]]


def test_formulas_and_markup_in_cells_stay_text(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(tagged_document([[["<script>x</script>", "=1+1"]]], TITLE, STOCK))
    assert read_document(tmp_path / "a.pdf").tables[0].rows == [["<script>x</script>", "=1+1"]]


def test_a_file_that_is_no_tagged_pdf_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(typst.compile(b"Words.", pdf_tags=False) if "pdf_tags" in typst.compile.__doc__ else b"%PDF-1.7\n")
    with pytest.raises(DataError, match=r"a\.pdf"):
        read_document(file)
    file.write_bytes(b"Table,Item\r\n")
    with pytest.raises(DataError, match="expected a PDF with text"):
        read_document(file)


CELLS = st.sampled_from(["1,020", "0", "-", "n/a", "12%", "1.020", "4-5", "7 8", "", "1,0200", "=1", "10 4%"])


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(cells=st.lists(CELLS, min_size=3, max_size=3), drop=st.sampled_from([None, 0, 1, 2]), twice=st.booleans())
def test_a_mutated_table_gives_the_same_facts_or_an_error(cells: list[str], drop: int | None, twice: bool) -> None:
    rows = [SENDERS[0], ["Public", *cells], *SENDERS[2:]]
    rows = [row for number, row in enumerate(rows) if number != drop] + ([SENDERS[2]] if twice else [])
    try:
        found = facts(changed(0, rows)).query("table == 'senders' and item == 'public' and unit == 'count'")
    except DataError:
        return
    assert drop != 0
    assert found["value_printed"].tolist() == ([] if drop == 1 else [cell.split(" ")[0] for cell in cells])


def committed(name: str) -> pd.DataFrame:
    return read_table(ROOT / "data" / name)


@pytest.fixture(scope="module")
def tidy() -> pd.Series:
    """Return the corrected facts by their key."""
    frame = ojjdp_facts(
        committed("cybertipline/ojjdp_facts.csv"),
        committed("cybertipline/compiled_facts.csv"),
        committed("reference/ojjdp_labels.csv"),
        read_corrections(ROOT / "data/corrections.yml"),
    )
    return frame.set_index(["table", "item", "measure", "year"])["value"].sort_index()


def test_all_tables_of_both_reports_are_there_with_every_value() -> None:
    frame = committed("cybertipline/ojjdp_facts.csv")
    tables = frame[frame["table"] != "introduction"]
    assert tables["table"].nunique() == 20  # 22 printed ones: that of victims comes once for each of three years
    assert len(tables) == 660
    assert len(committed("cybertipline/ojjdp_stocks.csv")) == 26
    assert not tables.duplicated(["table", "item", "measure", "year"]).any()


def test_one_printed_value_is_a_dash(tidy: pd.Series) -> None:
    assert tidy[tidy.isna()].index.tolist() == [("hashes_exploitative", "added_by_ncmec", "md5_hashes", 2023)]


def test_kinds_and_places_each_sum_to_all_reports(tidy: pd.Series) -> None:
    places = tidy["user_locations"].drop(index="total", level="item").xs("reports", level="measure")
    every = tidy["submitters", "all", "reports"].loc[: places.index.get_level_values("year").max()]
    assert places.groupby("year").sum().equals(every)
    assert tidy["exploitation_kinds"].groupby("year").sum().equals(every)
    assert tidy["reports_with_hashed_files", "all", "reports"].equals(every)
    assert tidy["reports_by_year", "all", "reports"].loc[every.index].equals(every)


def test_files_reviewed_are_those_with_and_without_relationship(tidy: pd.Series) -> None:
    reviewed = tidy["series_categories", "total"].sort_index()
    assert tidy["series_relationships"].groupby(["measure", "year"]).sum().equals(reviewed)


def test_parts_that_overlap_exceed_their_total(tidy: pd.Series) -> None:
    recipients = tidy["recipients"].xs("total", level="measure").groupby("year").sum()
    assert (recipients > tidy["submitters", "all", "reports"].loc[recipients.index]).all()
    series = tidy["series_categories"].drop(index="total", level="item").groupby(["measure", "year"]).sum()
    assert (series > tidy["series_categories", "total"]).all()


def test_a_number_that_the_report_breaks_over_two_lines_is_whole(tidy: pd.Series) -> None:
    assert tidy["series_relationships", "relationship_not_provided", "all_files", 2021] == 24_768_903


def test_the_mislabeled_number_is_corrected_in_the_tidy_table_alone(tidy: pd.Series) -> None:
    printed = committed("cybertipline/ojjdp_facts.csv").query("measure_printed == 'International'")
    assert printed[["table", "item", "year", "value"]].to_numpy().tolist() == [["recipients", "federal", 2021, 590_383]]
    assert tidy["recipients", "federal", "informational", 2021] == 590_383
    assert ("recipients", "federal", "international", 2021) not in tidy.index


def test_the_text_and_the_appendix_disagree_about_the_first_year() -> None:
    frame = committed("cybertipline/ojjdp_facts.csv").query("year == 1998")
    assert frame.set_index(["table", "last_report"])["value"].to_dict() == {
        ("reports_by_year", "ncmec-ojjdp-2023"): 4_560,
        ("introduction", "ncmec-ojjdp-2022"): 4_560,
        ("introduction", "ncmec-ojjdp-2023"): 2_772,
    }


@pytest.mark.raw
def test_the_raw_files_give_the_committed_facts_and_stocks_byte_for_byte(tmp_path: Path) -> None:
    files = sorted(Path(os.environ["COUNTBACK_RAW"]).rglob("*.pdf"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    folder = tmp_path / "results" / "ingest" / "cybertipline"
    made = folder / "ojjdp_facts.csv", folder / "ojjdp_stocks.csv"
    main(ROOT / "data" / "releases.csv", files, ROOT / "data/reference/ojjdp_labels.csv", *made)
    for table in made:
        assert table.read_bytes() == (ROOT / "data" / "cybertipline" / table.name).read_bytes()


def transcribed(name: str) -> pd.DataFrame:
    file = Path(os.environ["COUNTBACK_RAW"]) / "transcribed" / name
    return pd.read_csv(file, thousands=",").dropna(how="all")


@pytest.mark.raw
def test_the_transcribed_contents_are_the_parsed_ones(tidy: pd.Series) -> None:
    frame = transcribed("ocse-report-contents.csv")
    assert len(frame) == 84
    uploaded, places = tidy["files_uploaded"], tidy["user_locations"].drop(index="reports_percent", level="measure")
    whole = {"index": "total", "level": "item"}
    ours = {
        "reports": tidy["reports_with_hashed_files"],
        "user location": places.drop(**whole),
        "kind of exploitation": tidy["exploitation_kinds"],
        "attachments": pd.concat([uploaded.drop(**whole), tidy["hashed_files"].drop(**whole)]),
    }
    for (category, year), rows in frame.groupby(["category", "year"]):
        assert sorted(ours[category].xs(year, level="year")) == sorted(rows["quantity"].astype(int))


@pytest.mark.raw
def test_the_transcribed_recipients_are_the_parsed_ones(tidy: pd.Series) -> None:
    frame = transcribed("ocse-report-recipients.csv")
    assert len(frame) == 32
    items = {"internet crimes against children units": "icac_units"}
    for row in frame.itertuples():
        item = items.get(row.recipients, row.recipients.removesuffix(" law enforcement"))
        assert tidy["recipients", item, row.level_of_detail, row.year] == row.reports


@pytest.mark.raw
def test_the_transcribed_relationships_are_the_parsed_ones(tidy: pd.Series) -> None:
    frame = transcribed("csam-pieces-by-relationship-to-victim.csv").set_index("relationship")
    printed = committed("cybertipline/ojjdp_facts.csv").query("table == 'relationships'")
    labels = printed.drop_duplicates("item", keep="last").set_index("item")["item_printed"]
    ours = {
        (labels[item], f"{year} {'unique ' * (measure == 'unique_files')}pieces"): value
        for (item, measure, year), value in tidy["relationships"].items()
    }
    theirs = {(relationship, column): value for column in frame for relationship, value in frame[column].items()}
    assert len(theirs) == 208
    assert ours == theirs


@pytest.mark.raw
def test_the_transcribed_reports_per_year_are_the_parsed_ones(tidy: pd.Series) -> None:
    frame = transcribed("ocse-reports-per-year.csv").set_index("year")["reports"]
    assert tidy["reports_by_year", "all", "reports"].loc[: frame.index.max()].to_dict() == frame.to_dict()
