"""Reports by electronic service provider: from words on pages to the committed tables."""

import hashlib
import os
import re
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countback.ingest.ncmec_counts import PageTable, Row, check_title
from countback.ingest.ncmec_counts import read_page as read_page_of
from countback.ingest.ncmec_counts import read_tables as read_tables_of
from countback.ingest.ncmec_esp import LAYOUT
from countback.ingest.pdf import Word
from countback.io.errors import DataError
from scripts.ingest.ingest_esp_reports import ingest_esp_reports, main

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "data" / "cybertipline"
FILE = Path("esp.pdf")
PITCH, WRAP = 16.3, 13.2  # points between rows, and between the lines of one name
EDGE = 490.0


def read_page(words: list[Word], page: int, file: Path) -> PageTable:
    return read_page_of(words, page, file, LAYOUT)


def read_tables(pages: list[list[Word]], file: Path) -> tuple[list[Row], Row]:
    return read_tables_of(pages, file, LAYOUT)


def words(top: float, name: str = "", count: str = "") -> list[Word]:
    """Set a name from the left margin and a count against the right edge of its column, in type of 11 points."""
    texts = name.split()
    placed = [Word(text, 120 + 30 * i, 148 + 30 * i, top, top + 11) for i, text in enumerate(texts)]
    return placed + ([Word(count, EDGE - 6 * len(count), EDGE, top, top + 11)] if count else [])


def page(*lines: tuple[float, str, str], header: str = "ESP Number of", reports: str = "Reports") -> list[Word]:
    """Set a page: a running title, the header line, then lines by their distance from the one above."""
    placed, top = words(36, "2021 Reports by ESP 2") + words(84, header, reports), 92.0
    for distance, name, count in lines:
        top += distance
        placed += words(top, name, count)
    return placed


def row(name: str, count: str) -> tuple[float, str, str]:
    return (PITCH, name, count)


def releases(**changes: str) -> pd.DataFrame:
    release = {"id": "ncmec-esp-2021", "period": "2021", "file": "ncmec/esp.pdf", "sha256": "0" * 64, "route": "parsed"}
    return pd.DataFrame([release | changes])


def committed(name: str) -> pd.DataFrame:
    return pd.read_csv(TABLES / name, keep_default_na=False)


def test_rows_stand_in_printed_order_with_name_count_and_page() -> None:
    read = read_page(page(row("Ask.fm", "103"), row("Adobe Systems", "1,380")), 2, FILE)
    assert read.rows == [Row("Ask.fm", "103", 2), Row("Adobe Systems", "1,380", 2)]
    assert [row.reports for row in read.rows] == [103, 1380]
    assert read.total is None


def test_a_count_beside_the_first_line_takes_the_second_line_of_the_name() -> None:
    lines = row("Deluxe/ColoCrossing /", "22"), (WRAP, "HudsonValleyHost", ""), row("Discord Inc.", "19,480")
    assert read_page(page(*lines), 2, FILE).rows == [
        Row("Deluxe/ColoCrossing / HudsonValleyHost", "22", 2),
        Row("Discord Inc.", "19,480", 2),
    ]


def test_a_count_between_two_lines_takes_both_halves_of_the_name() -> None:
    half = WRAP / 2
    lines = row("Box", "7"), row("Web.com/", ""), (half, "", "3"), (half, "Register", ""), row("Weebly", "4")
    read = read_page(page(*lines), 7, FILE)
    assert read.rows == [Row("Box", "7", 7), Row("Web.com/ Register", "3", 7), Row("Weebly", "4", 7)]


def test_names_keep_their_star_quotes_and_typing_errors() -> None:
    lines = (
        row("Match Group*", "84"),
        row("Alpha Co, Inc (d/b/a “Clubhouse)", "1,355"),
        row("Box , Inc. / Box.com", "9"),
    )
    names = [row.name for row in read_page(page(*lines), 1, FILE).rows]
    assert names == ["Match Group*", "Alpha Co, Inc (d/b/a “Clubhouse)", "Box , Inc. / Box.com"]


def test_a_name_that_ends_in_a_number_keeps_it() -> None:
    assert read_page(page(row("Studio 54", "8")), 1, FILE).rows == [Row("Studio 54", "8", 1)]


@pytest.mark.parametrize("header", ["ESP Number of", "ESP"])
def test_the_header_repeats_on_each_page_in_either_wording(header: str) -> None:
    pages = [page(row("A", "1"), header=header), page(row("B", "2"), row("Total:", "3"), header=header)]
    assert read_tables(pages, FILE) == ([Row("A", "1", 1), Row("B", "2", 2)], Row("Total:", "3", 2))


def test_prose_above_the_header_and_the_copyright_line_below_are_not_rows() -> None:
    prose = words(60, "millions reported by an ESP in", "2021")
    placed = prose + page(row("A", "1"), (45, "Copyright © 2022 National Center", ""))
    assert read_page(placed, 1, FILE).rows == [Row("A", "1", 1)]


@pytest.mark.parametrize("label", ["Total", "Total:", "Totals:"])
def test_the_total_line_ends_the_table(label: str) -> None:
    read = read_page(page(row("A", "1,000"), (32, label, "1,000"), (18, "MissingKids.org", "")), 5, FILE)
    assert read.rows == [Row("A", "1,000", 5)]
    assert read.total == Row(label, "1,000", 5)


def test_a_provider_whose_name_begins_with_total_is_a_row() -> None:
    assert read_page(page(row("Total Wine", "5")), 1, FILE).rows == [Row("Total Wine", "5", 1)]


NAMES = st.lists(st.sampled_from(["Acme", "Inc.", "/", "(dba", "Box*"]), min_size=1, max_size=4).map(" ".join)


@given(st.lists(st.tuples(NAMES, st.integers(0, 10**8)), max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_a_file_stores_its_words_does_not_matter(
    rows: list[tuple[str, int]], chance: Random
) -> None:
    placed = page(*(row(name, f"{count:,}") for name, count in rows))
    chance.shuffle(placed)
    assert read_page(placed, 1, FILE).rows == [Row(name, f"{count:,}", 1) for name, count in rows]


@pytest.mark.parametrize(
    ("placed", "message"),
    [
        (page(row("A", "1"), header="Country"), "esp.pdf, page 3, '2021 Reports by ESP 2': found 'no header line"),
        ([], "esp.pdf, page 3, '': found 'no header line"),
        (page(row("Box", "")), "page 3, 'Box': found 'a name without a count'"),
        (page(row("", "41")), "page 3, '41': found 'the count 41 without a name'"),
        (page(row("Box", "n/a")), "page 3, 'Box n/a': found 'n/a as its count'"),
        (page(row("Box", "-")), "page 3, 'Box -': found '- as its count'"),
        (page(row("Box", "1,38")), "page 3, 'Box 1,38': found '1,38 as its count'"),
        (page(row("Box", "1"), (12, "Bumble", "2")), "page 3, 'Box 1 Bumble 2': found '1 2 as its count'"),
    ],
    ids=["no header", "no text", "no count", "no name", "words for a count", "dash", "commas", "tight rows"],
)
def test_an_unknown_layout_is_refused_with_place_and_fix(placed: list[Word], message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as error:
        read_page(placed, 3, FILE)
    assert "expected " in str(error.value)
    assert "parser of its own" in str(error.value)


def test_a_total_that_is_not_the_sum_is_refused() -> None:
    with pytest.raises(DataError, match=r"page 1, 'Total 1,004'.*2 rows that sum to 1,003.*total, 1,004"):
        read_tables([page(row("A", "3"), row("B", "1,000"), row("Total", "1,004"))], FILE)


def test_a_document_without_total_is_refused() -> None:
    with pytest.raises(DataError, match=r"page 1, 'A 3', the last one.*no total line"):
        read_tables([page(row("A", "3"))], FILE)
    with pytest.raises(DataError, match="no rows and no total line"):
        read_tables([], FILE)


def test_a_table_after_the_total_is_refused() -> None:
    with pytest.raises(DataError, match=r"page 2, .*a table after the total"):
        read_tables([page(row("A", "3"), row("Total", "3")), page(row("B", "1"))], FILE)


def test_a_title_that_names_another_year_than_the_release_is_refused() -> None:
    title = words(160, "2020 CyberTipline Reports by")
    check_title([title], 2020, FILE)
    with pytest.raises(DataError, match="found '2020', expected the year of the release, 2021"):
        check_title([title], 2021, FILE)


def test_a_file_that_is_no_pdf_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "esp.pdf"
    file.write_text("<html>not found</html>")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    with pytest.raises(DataError, match="expected a PDF with text"):
        ingest_esp_reports(releases(sha256=digest), [file])


def test_a_file_with_another_digest_than_its_release_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "esp.pdf"
    file.write_bytes(b"replaced")
    with pytest.raises(DataError, match=r"esp\.pdf: found 'SHA-256 .*expected 0000.*add a release of its own"):
        ingest_esp_reports(releases(), [file])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (releases(), "data/raw/esp.pdf: found 'no such file', expected the file of ncmec-esp-2021"),
        (releases(period="soon"), "ncmec-esp-2021, column period: found 'soon', expected a year, half or quarter"),
        (releases(id="ncmec-country-2021"), "expected ids that begin with ncmec-esp-"),
    ],
)
def test_a_release_that_cannot_be_read_is_named(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        ingest_esp_reports(table, [])


def test_a_release_of_half_a_year_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "esp.pdf"
    file.write_bytes(b"")
    table = releases(period="2021 H1", sha256=hashlib.sha256(b"").hexdigest())
    with pytest.raises(DataError, match="ncmec-esp-2021, column period: found '2021 H1', expected a calendar year"):
        ingest_esp_reports(table, [file])


def test_the_committed_rows_sum_to_the_printed_totals() -> None:
    rows, totals = committed("esp_reports.csv"), committed("esp_totals.csv")
    years = rows.groupby("year")
    assert years.size().tolist()[:5] == [148, 168, 230, 236, 247]
    assert years["reports"].sum().tolist()[:5] == [16_836_694, 21_447_786, 29_157_083, 31_802_525, 35_944_826]
    assert years["reports"].sum().tolist() == totals["reports"].tolist()


def test_the_committed_rows_carry_the_printed_stars() -> None:
    rows = committed("esp_reports.csv")
    starred = rows["combined_mark"] == "*"
    assert starred.groupby(rows["year"]).sum().tolist()[:5] == [9, 11, 0, 0, 0]
    assert (rows["esp_printed"].str.endswith("*") == starred).all()


def test_no_committed_name_stands_twice_within_a_year_and_positions_have_no_gap() -> None:
    rows = committed("esp_reports.csv")
    assert not rows.duplicated(["year", "esp_printed"]).any()
    assert (rows.groupby("year").cumcount() + 1 == rows["position"]).all()


@pytest.mark.parametrize("name", ["esp_reports.csv", "esp_totals.csv", "reports.csv"])
def test_committed_counts_equal_their_printed_form(name: str) -> None:
    table = committed(name)
    if "provenance" in table:  # a compilation leaves the commas out
        table = table[table["provenance"] == "primary"]
    assert [f"{count:,}" for count in table["reports"]] == table["reports_printed"].astype(str).tolist()


WRAPPED = {
    2019: [
        "Deluxe Corporation/ColoCrossing / HudsonValleyHost",
        "EasyOnlineSolutions/MojoHost/ North Tone/ Hosthead",
        "Hosting Services Inc/Midphase/WestHost/ Autica/VPS",
        "Multi Media, LLC/Zmedianow, LLC/ Chaturbate",
        "Web.com/Network Solutions/Register/ NameBargain",
    ],
    2020: [
        "Deluxe Corporation/ColoCrossing/ HudsonValleyHost",
        "EasyOnlineSolutions/MojoHost/North Tone/ Hosthead",
        "Hosting Services Inc/Midphase/WestHost/ Autica/VPS",
        "Multi Media, LLC/Zmedianow, LLC/ Chaturbate",
        "Web.com/Network Solutions/ Register/ NameBargain",
    ],
    2021: [
        "EasyOnlineSolutions/MojoHost/ North Tone/Hosthead",
        "Hosting Services Inc/Midphase/ WestHost/Autica/VPS",
        "Web.com/Network Solutions/ Register/NameBargain",
    ],
}


@pytest.mark.parametrize("year", WRAPPED)
def test_wrapped_names_are_whole_with_one_space_between_their_lines(year: int) -> None:
    rows = committed("esp_reports.csv")
    assert set(WRAPPED[year]) <= set(rows.loc[rows["year"] == year, "esp_printed"])


def test_all_reports_are_those_of_service_providers_and_of_the_public() -> None:
    reports = committed("reports.csv").pivot(index="year", columns="submitter", values="reports")
    whole = reports.dropna()
    assert whole.index.tolist()[:4] == [2020, 2021, 2022, 2023]
    assert (whole["all"] == whole["service_providers"] + whole["public"]).all()


def test_yearly_totals_begin_in_1998_without_a_gap_and_agree_with_the_totals_by_provider() -> None:
    reports, totals = committed("reports.csv"), committed("esp_totals.csv")
    years = reports.loc[reports["submitter"] == "all", "year"].tolist()
    assert years == list(range(1998, years[-1] + 1))
    shared = ["year", "reports", "reports_printed", "page", "source"]
    is_printed = (reports["submitter"] == "service_providers") & (reports["provenance"] == "primary")
    providers = reports.loc[is_printed, shared].reset_index(drop=True).astype({"page": "int64"})
    pd.testing.assert_frame_equal(providers, totals[shared])


@pytest.mark.raw
def test_the_raw_files_give_the_committed_tables_byte_for_byte(tmp_path: Path) -> None:
    files = sorted(Path(os.environ["COUNTBACK_RAW"]).rglob("*.pdf"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    folder = tmp_path / "results" / "ingest" / "cybertipline"
    reports, totals = folder / "esp_reports.csv", folder / "esp_totals.csv"
    main(ROOT / "data" / "releases.csv", files, reports, totals)
    for table in (reports, totals):
        assert table.read_bytes() == (TABLES / table.name).read_bytes()
