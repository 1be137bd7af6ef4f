"""Microsoft's workbooks: from cells under their heads to printed facts and disclosures."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from countback.ingest.microsoft import BING, BLOCKS, HOSTED, REPORTS, SERIES, parse_microsoft, shown_share
from countback.ingest.printed import disclosed, ingest_documents, read_documents
from countback.ingest.sources import Source
from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest.ingest_microsoft import MICROSOFT

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
BESIDE = [DATA / "organizations" / f"{name}.csv" for name in ("remarks", "compiled_disclosures")]
TVEC, NCII = list(BLOCKS)[2:]
COUNT = "#,##0_);(#,##0)"

NOTE = "Note: Data in this report, etc.\n The total NCMEC CyberTip Reports for this period is 32,622. For Bing, more."
VALUES = {
    HOSTED: [(84581, COUNT), (0.9920180980023903, "0.0%"), ("15,935*", "General"), (0.0056, "0.00%")],
    BING: [(200000, COUNT), (1, "0.0%")],
    TVEC: [(2650.0, COUNT), (0.997, "0.0%"), (0, COUNT), (0, "0%")],
    NCII: [(248, COUNT), (188, COUNT), (0.76, "0%")],
}


def place(sheet: Worksheet, row: int, column: int, title: str, order: list[int] | None = None) -> None:
    """Set a block: its title, its headings, its values, in another order of columns where one is given."""
    sheet.cell(row, column, title)
    for offset, index in enumerate(order or range(len(BLOCKS[title]))):
        value, shown = VALUES[title][index]
        sheet.cell(row + 1, column + offset, BLOCKS[title][index])
        sheet.cell(row + 2, column + offset, value).number_format = shown


def workbook(half: str = "January - June 2020", top: int = 3, gap: int = 5, order: list[int] | None = None):
    """Make a half-year's workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Digital Safety Content"
    sheet.cell(1, 2, "Digital Safety Content Report ")
    place(sheet, top, 3, HOSTED, order)
    place(sheet, top, 3 + len(BLOCKS[HOSTED]), BING)
    sheet.cell(top + 3, 2, NOTE)
    sheet.cell(top + 4, 2, "* Accounts Actioned number has been restated")
    for number, title in enumerate([TVEC, NCII], start=1):
        place(sheet, top + number * (gap + 2), 3, title)
        sheet.cell(top + number * (gap + 2) + 4, 2, "Note: <b>=SUM(A1)</b>")
    for row in (top, top + gap + 2, top + 2 * (gap + 2)):
        sheet.cell(row, 2, half)
    sheet.merge_cells(start_row=top, end_row=top + 2, start_column=2, end_column=2)
    return book


def parsed(folder: Path, book: openpyxl.Workbook, period: str = "2020 H1"):
    file = folder / "microsoft.xlsx"
    book.save(file)
    return parse_microsoft(Source("microsoft-x", parse_period(period), file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("microsoft")


def cells(facts: pd.DataFrame) -> dict[tuple[str, str], tuple[float, str]]:
    keys = zip(facts["block"], facts["measure"], strict=True)
    return dict(zip(keys, zip(facts["value"], facts["value_printed"], strict=True), strict=True))


EXPECTED = {
    (HOSTED, "Content Actioned"): (84581, "84,581"),
    (HOSTED, "Content Detected Proactively"): (0.9920180980023903, "99.2%"),
    (HOSTED, "Accounts Actioned"): (15935, "15,935*"),
    (HOSTED, "Accounts Reinstated"): (0.0056, "0.56%"),
    (BING, "Content Actioned"): (200000, "200,000"),
    (BING, "Content Detected Proactively"): (1, "100.0%"),
    (TVEC, "Content Actioned"): (2650, "2,650"),
    (TVEC, "Content Detected Proactively"): (0.997, "99.7%"),
    (TVEC, "Accounts Actioned"): (0, "0"),
    (TVEC, "Accounts Reinstated"): (0, "0%"),
    (NCII, "Requests Reported"): (248, "248"),
    (NCII, "Requests Actioned"): (188, "188"),
    (NCII, "Percentage of Requests Actioned"): (0.76, "76%"),
    (HOSTED, REPORTS): (32622, "32,622"),
}


@given(st.integers(2, 6), st.integers(4, 8), st.permutations(range(4)))
@settings(max_examples=15)
def test_the_same_facts_are_read_wherever_the_blocks_stand(folder: Path, top: int, gap: int, order: list[int]) -> None:
    assert cells(parsed(folder, workbook(top=top, gap=gap, order=order)).facts) == EXPECTED


@pytest.mark.parametrize(
    ("half", "period"),
    [("Jul - Dec 2020", "2020 H2"), ("July - December 2022", "2022 H2"), ("Jan - Jun 2031", "2031 H1")],
)
def test_a_later_half_year_is_read_without_a_change_of_code(tmp_path: Path, half: str, period: str) -> None:
    book = parsed(tmp_path, workbook(half), period)
    assert set(book.facts["period"]) == set(book.notes["period"]) == {period}
    assert cells(book.facts) == EXPECTED


def test_facts_have_their_cell_their_mark_and_their_source(tmp_path: Path) -> None:
    facts = parsed(tmp_path, workbook()).facts.set_index(["block", "measure"])
    assert facts.loc[(HOSTED, "Accounts Actioned"), ["place", "mark"]].tolist() == ["Digital Safety Content!E5", "*"]
    assert facts.loc[(HOSTED, REPORTS), "place"] == "Digital Safety Content!B6"
    assert facts["mark"].notna().sum() == 1
    assert set(facts["source"]) == {"microsoft-x"}


def test_notes_are_kept_as_text_below_their_blocks(tmp_path: Path) -> None:
    notes = parsed(tmp_path, workbook()).notes
    assert notes["block"].tolist() == [HOSTED, HOSTED, TVEC, NCII]
    assert notes["note_printed"].tolist()[1:3] == [
        "* Accounts Actioned number has been restated",
        "Note: <b>=SUM(A1)</b>",
    ]
    assert notes["note_printed"][0] == NOTE.replace("\n ", " ")


def change(cell: str, value: object, shown: str | None = None) -> Callable[[Worksheet], None]:
    def apply(sheet: Worksheet) -> None:
        sheet[cell] = value
        if shown:
            sheet[cell].number_format = shown

    return apply


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (change("C4", "Content Removed"), "!C3: found 'headings Content Removed, Content Detected Proactively"),
        (change("D4", "Content Actioned"), "!C3: found 'headings Content Actioned, Content Actioned"),
        (change("F4", None), "!C3: found 'headings Content Actioned, Content Detected Proactively, Accounts Actioned'"),
        (change("C5", None), "!C4: found 'no value below it', expected a value of Content Actioned"),
        (change("C5", "n/a"), "!C5: found 'n/a', expected a count of Content Actioned"),
        (change("C5", "84.581"), "!C5: found '84.581', expected a count"),
        (change("C5", "1,23"), "!C5: found '1,23', expected a count"),
        (change("C5", "=1+1"), "!C4: found 'no value below it'"),
        (change("C5", 84581.5), "!C5: found '84581.5 in the format"),
        (change("C5", -1), "!C5: found '-1 in the format"),
        (change("C5", 84581, "0.0%"), "!C5: found '84581 in the format 0.0%', expected a count"),
        (change("C5", 84581, "#,##0,"), "!C5: found '84581 in the format #,##0,'"),
        (change("D5", 99.2), "!D5: found '99.2 in the format 0.0%', expected a share"),
        (change("D5", "99.2%"), "!D5: found '99.2%', expected a share"),
        (change("D5", 0.992, "General"), "!D5: found '0.992 in the format General'"),
        (change("D5", True), "!D5: found True"),
        (change("B3", "January - June 2021"), "!B3: found 'January - June 2021', expected 2020 H1"),
        (change("B3", None), f"!C3: found '{HOSTED}', expected 2020 H1"),
        (change("B10", "Jul - Dec 2020"), "!B10: found 'Jul - Dec 2020', expected 2020 H1"),
        (change("C3", "CSEAI - OneDrive"), f"found '{HOSTED} 0 times ()', expected each block once"),
        (change("J3", BING), f"found '{BING} 2 times (Digital Safety Content!G3, Digital Safety Content!J3)'"),
        (change("J9", "see our blog"), "!J9: found 'see our blog', expected a title, a heading, a value or a note"),
        (change("J9", 17), "!J9: found 17, expected a title"),
        (change("B6", "Note: nothing."), "found '0 of them ()', expected one note below Child"),
        (change("B14", NOTE), "found '2 of them (Digital Safety Content!B6, Digital Safety Content!B14)'"),
        (change("B7", None), "found 'a star alone below Child"),
        (change("E5", "15,935"), "found 'a footnote alone below Child"),
    ],
)
def test_a_workbook_in_an_unknown_layout_is_refused_with_its_cell(
    tmp_path: Path, damage: Callable[[Worksheet], None], message: str
) -> None:
    book = workbook()
    damage(book.active)
    with pytest.raises(DataError, match=re.escape(message)) as error:
        parsed(tmp_path, book)
    assert "microsoft.xlsx" in str(error.value)
    assert error.value.fix


STRAY = st.one_of(
    st.none(),
    st.integers(-5, 10**6),
    st.floats(0, 2),
    st.sampled_from(["15,935", "1,59", "97%", "~5", "=A1", "TVEC", "Note: x", "* x", HOSTED, "Content Actioned", "-"]),
)


@given(st.integers(1, 21), st.integers(2, 9), STRAY)
@settings(max_examples=30)
def test_a_stray_cell_is_refused_or_read_as_what_it_holds(folder: Path, row: int, column: int, value: object) -> None:
    book = workbook()
    book.active.unmerge_cells("B3:B5")
    book.active.cell(row, column).value = value
    try:
        facts = parsed(folder, book).facts
    except DataError as error:
        assert "microsoft.xlsx" in str(error) and error.expected and error.fix
        return
    for fact in facts.to_dict("records"):
        held = book.active[fact["place"].split("!")[1]].value
        assert fact["measure"] == REPORTS or float(str(held).replace(",", "").rstrip("*")) == fact["value"]
    assert len(facts) == len(EXPECTED)


def test_a_file_that_is_no_workbook_or_has_more_sheets_is_refused(tmp_path: Path) -> None:
    book = workbook()
    book.create_sheet("More")
    with pytest.raises(DataError, match="found 'sheets Digital Safety Content, More', expected one sheet"):
        parsed(tmp_path, book)
    file = tmp_path / "cut.xlsx"
    for content in (b"", b"a,b\n1,2\n", (tmp_path / "microsoft.xlsx").read_bytes()[:2000]):
        file.write_bytes(content)
        with pytest.raises(DataError, match="expected an Excel workbook"):
            parse_microsoft(Source("x", parse_period("2020 H1"), file))


@given(st.integers(0, 10_000))
def test_shares_are_shown_with_halves_rounded_up(hundredths: int) -> None:
    assert shown_share(hundredths / 10_000, 2) == f"{hundredths // 100}.{hundredths % 100:02}%"
    assert shown_share(hundredths / 10_000, 0) == f"{(hundredths + 50) // 100}%"


REMARKS = pd.DataFrame(
    [("microsoft", "indexed_pieces", "Bing", "2020 H1", "rounded", "Round.")],
    columns=["organization", "metric", "component", "period", "warnings", "note"],
).astype("string")


def test_disclosures_are_the_printed_numbers_under_the_names_of_metrics(tmp_path: Path) -> None:
    frame = disclosed(parsed(tmp_path, workbook()).facts, SERIES, REMARKS, "microsoft").set_index(
        ["metric", "component"]
    )
    assert len(frame) == 7
    shares = frame.loc[("pieces_detected_proactively_percent", "hosted services")]
    assert (shares["value"], shares["unit"], shares["value_printed"]) == (99.2, "percent", "99.2%")
    assert frame.loc[("indexed_pieces", "Bing"), ["warnings", "note"]].tolist() == ["rounded", "Round."]
    assert frame["warnings"].notna().sum() == 1
    assert frame["value"].iloc[-1] == 32622


def test_a_remark_on_a_row_that_is_not_there_is_refused(tmp_path: Path) -> None:
    facts = parsed(tmp_path, workbook()).facts
    with pytest.raises(
        DataError, match=r"remarks\.csv, microsoft: found 'indexed_pieces, Bing, 2020 H2', expected metric"
    ):
        disclosed(facts, SERIES, REMARKS.assign(period="2020 H2"), "microsoft")


def test_a_document_that_lacks_a_disclosure_of_the_others_is_refused(tmp_path: Path) -> None:
    facts = parsed(tmp_path, workbook()).facts
    facts = facts[(facts["block"] != BING) | (facts["measure"] != "Content Actioned")]
    with pytest.raises(DataError, match=rf"microsoft-x: found 'no number under {BING}, Content Actioned'"):
        disclosed(facts, SERIES, REMARKS, "microsoft")


def test_the_same_workbook_twice_is_refused(tmp_path: Path) -> None:
    workbook().save(tmp_path / "a.xlsx")
    digest = hashlib.sha256((tmp_path / "a.xlsx").read_bytes()).hexdigest()
    rows = [(f"microsoft-{name}", f"2020 {name}", "a.xlsx", digest, "parsed") for name in ("H1", "H2")]
    table = pd.DataFrame(rows, columns=["id", "period", "file", "sha256", "route"])
    with pytest.raises(DataError, match=r"microsoft-H2, column file: found 'a\.xlsx, as another release has it'"):
        read_documents(MICROSOFT, table, [tmp_path / "a.xlsx"])


def test_the_committed_facts_are_fourteen_for_each_half_year() -> None:
    facts = read_table(DATA / "printed" / "microsoft.csv")
    assert set(facts.groupby("period").size()) == {14}
    assert len(facts[facts["period"] <= "2023 H2"]) == 112
    (starred,) = facts[facts["mark"].notna()].to_dict("records")
    assert (starred["period"], starred["value_printed"], starred["value"]) == ("2020 H1", "15,935*", 15_935)


@pytest.mark.raw
def test_the_raw_files_give_the_committed_tables_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(DATA)
    names = ["printed/microsoft.csv", "printed/microsoft_notes.csv", "disclosures/microsoft.csv"]
    written = [tmp_path / "results" / "ingest" / name for name in names]
    files = sorted(Path(os.environ["COUNTBACK_RAW"]).rglob("*.xlsx"))
    ingest_documents(MICROSOFT, DATA / "releases.csv", files, *BESIDE, *written)
    for name, file in zip(names, written, strict=True):
        assert file.read_bytes() == (DATA / name).read_bytes()
