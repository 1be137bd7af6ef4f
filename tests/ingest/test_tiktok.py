"""TikTok's releases: small made-up files in its layouts, and what is refused of them."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktok_files import (
    BOOK,
    BOOK_TABLES,
    JUNE,
    NEW,
    OLD,
    REMOVED,
    ROWS,
    SEPTEMBER,
    SHARE,
    book,
    history_of,
    listed,
    read,
    text_of,
    write,
)

from countback.ingest.tiktok import read_csv_release
from countback.ingest.tiktok_history import (
    print_release,
)
from countback.ingest.tiktok_workbooks import read_workbook
from countback.io.errors import DataError


def test_labels_and_values_are_read_as_printed_and_periods_by_their_label(tmp_path: Path) -> None:
    frame = read(tmp_path, ROWS)
    assert frame["period"].tolist() == ["2024 Q2", "2024 Q2", "2024 Q1"]
    assert frame["value_printed"].tolist() == ["1200.0", "0.3", "7.0"]
    assert frame["market"].tolist() == ["All", "All", "Laos"]


def test_columns_are_found_by_name_in_the_spelling_of_any_release(tmp_path: Path) -> None:
    wanted = listed(read(tmp_path, ROWS))
    assert listed(read(tmp_path, ROWS, OLD)) == wanted
    assert listed(read(tmp_path, [row[::-1] for row in ROWS], NEW[::-1])) == wanted


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ([*NEW[:-1], "Outcome"], "row 1: found 'new or repeated columns: Outcome; missing: Result'"),
        ([*NEW[:-1], "Market"], "repeated columns: Market, Market; missing: Result"),
        ([*NEW[:4], "Issue policy", "Issue", *NEW[6:]], "repeated columns: Issue policy, Issue; missing: Task Type"),
    ],
)
def test_a_header_that_is_not_known_is_refused_with_what_is_new(
    tmp_path: Path, header: list[str], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, ROWS, header)


@pytest.mark.parametrize("value", ["N/A", "", "43%", "4-5", "1,20", "1e5", "-3", " 7", "=1+1", "<0.001", "٣"])
def test_a_value_that_is_no_plain_number_is_refused_with_its_line(tmp_path: Path, value: str) -> None:
    with pytest.raises(DataError, match=r"tiktok-2024-q2\.csv, row 3, column Result: found .*expected a number"):
        read(tmp_path, [REMOVED, (*SHARE[:-1], value)])


@pytest.mark.parametrize(
    ("period", "message"),
    [
        ("Jul-Sep 2024", "found '2024 Q3 as the newest', expected 2024 Q2"),
        ("Apr-Jun 2025", "found '2025 Q2 as the newest'"),
        ("Apr-May 2024", "expected a quarter or half"),
        ("Feb-Apr 2024", "expected a quarter or half"),
        ("Jun-Apr 2024", "expected a quarter or half"),
        ("Q2 2024", "expected a quarter or half"),
        ("Apr - Jun 2024", "expected Apr-Jun 2024"),
    ],
)
def test_a_period_out_of_range_or_in_another_form_is_refused(tmp_path: Path, period: str, message: str) -> None:
    with pytest.raises(DataError, match=f"column Period: .*{message}"):
        read(tmp_path, [*ROWS, (*SHARE[:2], period, *SHARE[3:])])


def test_a_release_of_another_quarter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"found '2024 Q2 as the newest', expected 2024 Q3, .*releases\.csv"):
        read_csv_release(write(tmp_path, text_of(ROWS)), "2024 Q3")


@pytest.mark.parametrize(
    "content",
    [
        text_of(ROWS).encode("utf-16"),
        text_of([(*SHARE[:4], "Santé", *SHARE[5:])]).encode("latin-1"),
        text_of(ROWS).replace(",Laos,", ",").encode(),
        text_of(ROWS).encode()[:-2],
        text_of([]).encode(),
        b"",
        b"<html>not found</html>\n",
    ],
)
def test_another_encoding_a_short_row_and_a_cut_off_file_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match=r"tiktok-2024-q2\.csv.*expected .*\. .*"):
        read_csv_release(write(tmp_path, content), "2024 Q2")


CELLS = st.sampled_from(
    ["0.5", "1200.0", "1,200", "85,680,819", "12,34", "50%", "1-2", "n/a", "", "0.30000000000000004"]
)


@settings(max_examples=80)
@given(
    order=st.permutations(range(10)),
    drop=st.one_of(st.none(), st.integers(0, 9)),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp500"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    values=st.lists(CELLS, min_size=3, max_size=3),
    cut=st.integers(0, 40),
)
def test_a_mutated_file_gives_the_same_facts_or_an_error_that_says_what_to_do(
    tmp_path_factory: pytest.TempPathFactory,
    order: list[int],
    drop: int | None,
    encoding: str,
    line_end: str,
    values: list[str],
    cut: int,
) -> None:
    rows = [(*row[:-1], value) for row, value in zip(ROWS, values, strict=True)]
    places = [place for place in order if place != drop]
    text = text_of([tuple(row[place] for place in places) for row in rows], [NEW[place] for place in places])
    content = text.replace("\n", line_end).encode(encoding)
    is_cut = cut > 20
    file = write(tmp_path_factory.mktemp("release"), content[: -(cut - 20)] if is_cut else content)
    try:
        frame = read_csv_release(file, "2024 Q2")
    except DataError as error:
        assert "tiktok-2024-q2.csv" in str(error)
        assert "expected" in str(error)
        assert error.fix
        return
    assert drop is None
    assert encoding in ("utf-8", "utf-8-sig")
    # what is cut off at a line end is seen by the checksum only
    kept = len(frame)
    assert kept == 3 or is_cut
    assert frame["value_printed"].tolist() == values[:kept]
    assert frame["market"].tolist() == [row[-2] for row in rows][:kept]


def test_labels_with_formulas_and_markup_stay_text(tmp_path: Path) -> None:
    row = (*SHARE[:4], '=HYPERLINK("x")<b>{{Other}}', *SHARE[5:])
    assert read(tmp_path, [row])["issue"].tolist() == ['=HYPERLINK("x")<b>{{Other}}']


def test_a_workbook_is_read_sheet_by_sheet_and_what_is_empty_is_left_out(tmp_path: Path) -> None:
    frame = read_workbook(book(tmp_path, BOOK), "2022 Q3")
    assert listed(frame[["sheet", "column", "period", "issue", "market", "value_printed"]]) == [
        ("Rates", "Share", "2022 Q3", "Minor safety", "All", "0.71"),
        ("Top 2", "Removed", "2022 Q3", "All", "US > United States", "4"),
        ("Totals", "All removed", "2022 Q2", "All", "All", "5"),
        ("Totals", "All removed", "2022 Q3", "All", "All", "6"),
        ("Videos", "Removed", "2022 Q2", "All", "All", "5"),
        ("Videos", "Removed", "2022 Q3", "All", "All", "6"),
    ]


def test_a_workbook_is_rebuilt_with_the_sheet_that_repeats_another(tmp_path: Path) -> None:
    printed = {"a": read_workbook(book(tmp_path, BOOK), "2022 Q3")}
    history = history_of(printed, BOOK_TABLES)
    assert len(history) == 4
    assert listed(print_release(history, "a", "a", BOOK_TABLES)) == listed(printed["a"])


def test_a_sheet_that_should_repeat_another_and_does_not_is_refused(tmp_path: Path) -> None:
    other = BOOK | {"Totals": [["Date", "All removed"], [JUNE, 5], [SEPTEMBER, 7]]}
    printed = {"a": read_workbook(book(tmp_path, other), "2022 Q3")}
    with pytest.raises(DataError, match=r"'Totals', 2022 Q3, column All removed: found '7', expected 6"):
        history_of(printed, BOOK_TABLES)


@pytest.mark.parametrize(
    ("title", "rows", "message"),
    [
        ("Videos", [["Day", "Removed"], [JUNE, 5]], "sheet 'Videos', cell A1: found 'Day', expected Date"),
        ("Videos", [["Date", None], [JUNE, 5]], "cell B2: found 5, expected a number below a column's name"),
        ("Videos", [["Date", "Removed"], [None, 5]], "cell B2: found 5, expected .* beside a row's"),
        ("Videos", [["Date", "Removed"], [JUNE, "5"]], "cell B2: found '5', expected a number"),
        ("Videos", [["Date", "Removed"], [JUNE, "=1+4"]], "cell B2: found '=1.4', expected a number"),
        ("Videos", [["Date", "Removed"], [JUNE, "N/A"]], "cell B2: found 'N/A', expected a number"),
        ("Videos", [["Date", "Removed"], [JUNE, -5]], "cell B2: found -5, expected a number"),
        ("Videos", [["Date", "Removed"], [JUNE, JUNE]], "cell B2: found .*, expected a number"),
        ("Videos", [["Date", "Removed"], [datetime(2022, 6, 1), 5]], "expected the last day of a quarter"),
        ("Videos", [["Date", "Removed"], ["June", 5]], "expected the last day of a quarter"),
        ("Videos", [["Date", "Removed"], [datetime(2022, 12, 31), 5]], "found '2022 Q4 as the newest'"),
        ("Videos", [["Date", "Removed"], [JUNE, 5], [JUNE, 6]], "two rows or columns for Removed, 2022 Q2"),
        ("Rates", [["Summer 2022 removal policy", "Share"], ["x", 0.7]], "expected a quarter or half"),
    ],
)
def test_a_sheet_that_is_laid_out_otherwise_is_refused_with_its_cell(
    tmp_path: Path, title: str, rows: list[list[object]], message: str
) -> None:
    with pytest.raises(DataError, match=rf"tiktok-2022-q3\.xlsx.*{message}"):
        read_workbook(book(tmp_path, BOOK | {title: rows}), "2022 Q3")


def test_a_column_that_no_table_explains_and_one_that_is_gone_are_refused(tmp_path: Path) -> None:
    more = BOOK | {"Spam": [["Date", "Blocked"], [JUNE, 1]]}
    with pytest.raises(DataError, match=r"a, sheet 'Spam', column Blocked: found 'a new column'.*tiktok_sheets\.csv"):
        history_of({"a": read_workbook(book(tmp_path, more), "2022 Q3")}, BOOK_TABLES)
    fewer = {title: rows for title, rows in BOOK.items() if title != "Rates"}
    with pytest.raises(DataError, match="a, sheet 'Rates', column Share: found 'no such column'"):
        history_of({"a": read_workbook(book(tmp_path, fewer), "2022 Q3")}, BOOK_TABLES)


def test_labels_of_a_workbook_with_formulas_and_markup_stay_text(tmp_path: Path) -> None:
    sheets = BOOK | {"Rates": [["Jul-Sep 2022 removal policy", "Share"], ["=1+1", 0.2], ["<b>x</b>", 0.3]]}
    frame = read_workbook(book(tmp_path, sheets), "2022 Q3")
    assert frame.loc[frame["sheet"] == "Rates", "issue"].tolist() == ["=1+1", "<b>x</b>"]


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.xlsx: found .a damaged file .*expected an Excel workbook"):
        read_workbook(write(tmp_path, "<html>not found</html>", "a.xlsx"), "2022 Q3")
