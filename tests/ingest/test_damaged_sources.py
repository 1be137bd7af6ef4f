"""Whatever a source file holds, a reader gives its facts or an error that names it: no traceback, no hang, no loss."""

import random
import re
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from documents import count_document, counts, tagged_document, with_total
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktok_files import ROWS, text_of

from countback.ingest import opened
from countback.ingest.compiled import read_facts, selected_rows
from countback.ingest.discord import parse_discord
from countback.ingest.meta import parse_meta
from countback.ingest.microsoft import parse_microsoft
from countback.ingest.ncmec_country import parse_country_reports
from countback.ingest.ncmec_esp import parse_esp_reports
from countback.ingest.ncmec_ojjdp import Labels as OjjdpLabels
from countback.ingest.ncmec_ojjdp import parse_ojjdp_facts
from countback.ingest.ncmec_ojjdp_text import parse_ojjdp_stocks, parse_opening
from countback.ingest.opened import LIMITS, read_csv, read_sheets, reading
from countback.ingest.platform import read_esps, read_jurisdictions
from countback.ingest.sources import Source
from countback.ingest.tagged_pdf import Document, Paragraph, Table, read_document
from countback.ingest.tiktok import read_csv_release
from countback.ingest.tiktok_workbooks import read_workbook
from countback.ingest.x import parse_x
from countback.io.errors import CountbackError, DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest.ingest_recipient_reports import recipient_reports

ROOT = Path(__file__).resolve().parents[2]
Reader = Callable[[Path], object]
OJJDP = OjjdpLabels(read_table(ROOT / "data/reference/ojjdp_labels.csv"))
UNITS = pd.DataFrame({"metric": ["Content Actioned"], "unit": ["count"], "bound_of": [None]})
BRANDS = pd.DataFrame({"platform": ["Yubo"], "row_comment": [None], "esp_printed": ["Twelve App"]})
JUNE = datetime(2023, 6, 30)


def source(file: Path, period: str) -> Source:
    return Source("release", parse_period(period), file)


def read_ojjdp(file: Path) -> None:
    tell_all(read_document(file), file)


def tell_all(document: Document, file: Path) -> None:
    for parse in (
        lambda: parse_ojjdp_facts(document, file, 2031, "release", OJJDP),
        lambda: parse_ojjdp_stocks(document, file, "release"),
        lambda: parse_opening(document, "release"),
    ):
        try:
            parse()
        except CountbackError as error:
            assert file.name in str(error)


TEXTS: dict[str, tuple[Reader, str]] = {
    "discord": (
        lambda file: parse_discord(
            source(file, "2021 H2"), read_table(ROOT / "data/printed/discord_labels.csv")
        ),
        "Reports to NCMEC by month,CSAM,Grooming\nJuly,4,1\nAugust,\"1,071\",2\nTotal,\"1,075\",3\n",
    ),
    "meta": (
        lambda file: parse_meta(source(file, "2022 Q1"), UNITS),
        "app,policy_area,metric,period,value\nThreads,Spam,Content Actioned,2022Q1,\"7,001\"\n",
    ),
    "tiktok": (lambda file: read_csv_release(file, "2024 Q2"), text_of(ROWS)),
    "compiled facts": (lambda file: read_facts(file, "release", ["kind"], "n"), "year,kind,n\n2019,a,17\n2020,b,\n"),
    "compiled providers": (
        lambda file: selected_rows(file, "release", BRANDS, {2019}),
        "year,platform,reports,comment\n2021,Yubo,311,\n2019,Yubo,9,\n",
    ),
    "recipients": (
        lambda file: recipient_reports(file, "release", {"Fiji": "FJI"}),
        "country,ref2030,info2030\nFiji,12,3\n",
    ),
    "platform by place": (
        lambda file: read_jurisdictions(file, 2030, "release"),
        "id,iso3,url_friendly_name,reports\n1,FJI,fiji,120000\n2,TON,tonga,<50\n",
    ),
    "platform by provider": (
        lambda file: read_esps(file, 2030, "release"),
        "iso3,rank,esp,reports\nFJI,1,Yubo,1200\nFJI,2,null,<10\n",
    ),
}  # fmt: skip

RISKY = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["", "9" * 5000, "1e400", "-1", "inf", "nan", "٣", "１", '"', "\x00", "\r", "a\nb", "99999-12-31"]),
)


def names_the_file(read: Reader, file: Path) -> None:
    """Read a file; where it is refused, the error must name it or a table that should explain it."""
    try:
        read(file)
    except CountbackError as error:
        assert file.name in str(error) or "data/" in str(error)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sources")


@pytest.mark.parametrize("kind", TEXTS)
@given(chance=st.randoms(use_true_random=False), cell=RISKY, noise=st.binary(max_size=12), cut=st.integers(0, 200))
@settings(max_examples=60)
def test_a_changed_csv_gives_facts_or_an_error_that_names_it(
    folder: Path, kind: str, chance: random.Random, cell: str, noise: bytes, cut: int
) -> None:
    read, text = TEXTS[kind]
    lines = [line.split(",") for line in text.split("\n")[:-1]]
    line = chance.choice(lines)
    line[chance.randrange(len(line))] = cell
    changed = "\n".join(",".join(line) for line in lines) + "\n"
    file = folder / "source.csv"
    for content in (
        changed.encode("utf-8", "surrogatepass"),
        text.encode()[:cut],
        text.encode()[: cut % len(text)] + noise + text.encode()[cut % len(text) :],
        noise,
        "\n".join(text.split("\n")[: 1 + cut % 2]).encode() + b"\n",
    ):
        file.write_bytes(content)
        names_the_file(read, file)


def test_a_number_too_long_to_be_a_count_is_refused_where_it_stands(tmp_path: Path) -> None:
    for kind, old, place in [
        ("compiled facts", "17", "row 2, column n"),
        ("recipients", "12,3", "row 2, column ref2030"),
        ("platform by provider", "1200", "row 2, column reports"),
        ("platform by provider", ",1,", "row 2, column rank"),
        ("tiktok", "1200.0", "row 2, column Result"),
    ]:
        read, text = TEXTS[kind]
        file = tmp_path / "long.csv"
        file.write_text(text.replace(old, re.sub("[0-9]+", "4" * 400, old, count=1)))
        with pytest.raises(DataError, match=rf"long\.csv, {place}"):
            read(file)


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("discord", "\n\n", "row 1: found 'nothing'"),
        ("compiled facts", "year,kind,n\n", "found 'no rows'"),
        ("compiled facts", "year,kind,n,n\n2019,a,1,2\n", "expected each column once"),
        ("recipients", "country,ref2030\nFiji,1\n", "expected info2030"),
        ("recipients", "country\nFiji\n", "expected two columns for a year"),
    ],
)
def test_a_csv_without_rows_or_with_other_columns_is_refused(
    tmp_path: Path, kind: str, text: str, message: str
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(text)
    with pytest.raises(DataError, match=rf"odd\.csv.*{message}"):
        TEXTS[kind][0](file)


def test_a_file_beyond_the_limit_of_bytes_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as stream:
        stream.truncate(LIMITS.size + 1)
    with pytest.raises(DataError, match=r"large\.csv: found '200,000,001 bytes', expected at most 2e\+08 bytes"):
        read_csv(file)


def saved(folder: Path, cells: dict[str, object], name: str = "book.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Removals"
    for place, value in cells.items():
        book.active[place] = value
    book.save(folder / name)
    return folder / name


def rewritten(file: Path, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """Change a part of a workbook by a pattern that must be there."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text, n_changes = re.subn(old, new, parts[part].decode())
    assert n_changes
    parts[part] = text.encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


QUARTER = {"A1": "Date", "B1": "Removed", "C1": "Restored", "A2": JUNE, "B2": 41, "C2": 3}


@pytest.mark.parametrize("stated", ["A1", "A1:B1", "C2:C2", "A1:XFD1048576"])
def test_a_workbook_is_read_whole_whatever_dimension_it_states(tmp_path: Path, stated: str) -> None:
    file = rewritten(saved(tmp_path, QUARTER), r'<dimension ref="[^"]+"', f'<dimension ref="{stated}"')
    assert read_workbook(file, "2023 Q2")["value_printed"].tolist() == ["41", "3"]
    assert [len(row) for row in read_sheets(file, is_formula_kept=False)[0].rows] == [3, 3]


@pytest.mark.parametrize("corner", ["A1048576", "XFD2", "AMJ7"])
@pytest.mark.parametrize(
    "read",
    [lambda file: read_workbook(file, "2023 Q2"), lambda file: parse_microsoft(source(file, "2020 H1"))],
    ids=["tiktok", "microsoft"],
)
def test_a_far_corner_cell_is_refused_at_once(tmp_path: Path, corner: str, read: Reader) -> None:
    file = saved(tmp_path, QUARTER | {corner: 1})
    with pytest.raises(
        DataError, match=r"book\.xlsx: found \"sheet 'Removals' with a cell in row .*at most 100,000 rows"
    ):
        read(file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r'(<row r="1".*?</row>)(<row r="2".*?</row>)', r"\2\1"),
        (r'(<c r="B2".*?</c>)(<c r="C2".*?</c>)', r"\2\1"),
        (r'<c r="B2"', '<c r="C2"'),
    ],
    ids=["rows", "cells", "a cell twice"],
)
def test_a_workbook_whose_cells_are_not_in_order_loses_none_in_silence(tmp_path: Path, old: str, new: str) -> None:
    file = rewritten(saved(tmp_path, QUARTER), old, new)
    with pytest.raises(DataError, match=r"book\.xlsx, xl/worksheets/sheet1\.xml: found 'cells that are not in order'"):
        read_workbook(file, "2023 Q2")


def test_merged_cells_over_a_whole_sheet_cost_nothing(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>'
    file = rewritten(saved(tmp_path, QUARTER), "</sheetData>", f"</sheetData>{merged}")
    assert len(read_sheets(file, is_formula_kept=False)[0].rows) == 2


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    file = saved(tmp_path, QUARTER)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/more.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(1_000_000))
    assert file.stat().st_size < 1_000_000
    tracemalloc.start()
    with pytest.raises(
        DataError, match=r"book\.xlsx: found 'parts of 201,.* expected at most 2e\+08 bytes when unpacked"
    ):
        read_sheets(file, is_formula_kept=False)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 30, "nan", "0x10"])
def test_a_number_of_a_workbook_that_nothing_counts_is_refused(tmp_path: Path, number: str) -> None:
    file = rewritten(saved(tmp_path, QUARTER), "<v>41</v>", f"<v>{number}</v>")
    with pytest.raises(DataError, match=r"book\.xlsx.*(cell B2|a damaged file)"):
        read_workbook(file, "2023 Q2")


@pytest.mark.parametrize("place", ["A2", "B2"])
def test_a_cell_in_a_style_that_the_workbook_lacks_is_told_as_damage(tmp_path: Path, place: str) -> None:
    styled = rf'r="{place}"( s="\d+")?'
    file = rewritten(saved(tmp_path, QUARTER), styled, f'r="{place}" s="99"')
    for read in (lambda: read_workbook(file, "2023 Q2"), lambda: parse_microsoft(source(file, "2020 H1"))):
        with pytest.raises(DataError, match=r"book\.xlsx.*a damaged file"):
            read()


@given(
    part=st.integers(0, 20),
    at=st.floats(0, 1, exclude_max=True),
    noise=st.one_of(st.binary(min_size=1, max_size=6), st.sampled_from([b"-1", b"99999999999", b"<c/>", b"&a;"])),
    is_cut=st.booleans(),
)
@settings(max_examples=120)
def test_a_damaged_workbook_gives_facts_or_an_error_that_names_it(
    folder: Path, part: int, at: float, noise: bytes, is_cut: bool
) -> None:
    whole = saved(folder, QUARTER, "whole.xlsx")
    file = folder / "damaged.xlsx"
    if is_cut:
        content = whole.read_bytes()
        place = int(at * len(content))
        damaged = [content[:place], content[:place] + noise + content[place + len(noise) :]]
    else:
        with zipfile.ZipFile(whole) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = sorted(parts)[part % len(parts)]
        place = int(at * len(parts[name]))
        parts[name] = parts[name][:place] + noise + parts[name][place + len(noise) :]
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        damaged = [file.read_bytes()]
    for content in damaged:
        file.write_bytes(content)
        names_the_file(lambda file: read_workbook(file, "2023 Q2"), file)
        names_the_file(lambda file: parse_microsoft(source(file, "2020 H1")), file)


PDF_READERS: dict[str, Reader] = {
    "by country": lambda file: parse_country_reports(source(file, "2031"), {"Fiji": "FJI", "Tonga": "TON"}),
    "by provider": lambda file: parse_esp_reports(source(file, "2031")),
    "X": lambda file: parse_x(source(file, "2024 H1")),
    "to OJJDP": read_ojjdp,
}


@pytest.fixture(scope="module")
def pdfs() -> dict[str, bytes]:
    table = counts(with_total([("Fiji", "1,204"), ("Tonga", "9")]))
    return {
        "untagged": count_document(table),
        "tagged": tagged_document([[["Reports"], ["Kind", "CY 2031"], ["All", "7"]]], "Words."),
    }


@pytest.mark.parametrize("kind", PDF_READERS)
@given(at=st.floats(0, 1, exclude_max=True), noise=st.binary(max_size=8), is_tagged=st.booleans())
@settings(max_examples=15)
def test_a_damaged_pdf_gives_facts_or_an_error_that_names_it(
    folder: Path, pdfs: dict[str, bytes], kind: str, at: float, noise: bytes, is_tagged: bool
) -> None:
    whole = pdfs["tagged" if is_tagged else "untagged"]
    place = int(at * len(whole))
    file = folder / "damaged.pdf"
    for content in (whole[:place], whole[:place] + noise + whole[place + len(noise) :], b"%PDF-1.7\n" + noise):
        file.write_bytes(content)
        names_the_file(PDF_READERS[kind], file)


def pdf_of(content: bytes, filters: str = "/FlateDecode") -> bytes:
    """Return a PDF of one page whose content is packed already."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<<>>>>",
        f"<</Length {len(content)}/Filter[{filters}]>>stream\n".encode() + content + b"\nendstream",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer\n<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def packed(n_megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(bytes(1_000_000)) for _ in range(n_megabytes)] + [packer.flush()])


@pytest.mark.parametrize("kind", PDF_READERS)
def test_a_pdf_that_unpacks_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("countback.ingest.pdf.LIMITS", LIMITS._replace(memory=100_000_000))
    file = tmp_path / "bomb.pdf"
    file.write_bytes(pdf_of(zlib.compress(packed(400)), "/FlateDecode/FlateDecode"))
    assert file.stat().st_size < 100_000
    with pytest.raises(DataError, match=r"bomb\.pdf: found 'more', expected at most 1e\+08 bytes of memory"):
        PDF_READERS[kind](file)


@pytest.mark.parametrize("kind", PDF_READERS)
def test_what_takes_too_long_to_read_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("countback.ingest.pdf.LIMITS", LIMITS._replace(seconds=0.5))
    file = tmp_path / "slow.pdf"
    file.write_bytes(pdf_of(zlib.compress(b"0 0 m 1 1 l S " * 400_000)))
    with pytest.raises(DataError, match=r"slow\.pdf: found 'no end', expected at most 0\.5 seconds to read it"):
        PDF_READERS[kind](file)


def test_too_many_pages_or_words_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pdfs: dict[str, bytes]
) -> None:
    file = tmp_path / "many.pdf"
    file.write_bytes(pdfs["untagged"])
    monkeypatch.setattr("countback.ingest.pdf.LIMITS", LIMITS._replace(words=5))
    with pytest.raises(DataError, match=r"many\.pdf: found 'page 1 with \d+ words', expected at most 5 words"):
        PDF_READERS["by country"](file)
    monkeypatch.setattr("countback.ingest.pdf.LIMITS", LIMITS._replace(pages=0))
    with pytest.raises(DataError, match=r"many\.pdf: found '1 pages', expected at most 0 pages"):
        PDF_READERS["to OJJDP"](file)


CELL = st.one_of(
    st.sampled_from(
        ["", "-", "7", "1,204", "12 3%", "CY 2031", "CY 2031 - Leads", "CY2030 (1/1/30 - 12/31/30)", "a: 1"]
    ),
    st.text(max_size=5),
)
SAID = st.sampled_from([
    "As of Smarch 41, 2031, NCMEC has added 5 hashes to the list.",
    "As of May 4, 2031, ESPs have added 1 MD5 hashes and 22 PhotoDNA signatures to the list.",
    "became operational in CY 1998, NCMEC received 4,560 reports",
    f"As of May 4, 2031, {'9' * 5000} ESPs have voluntarily chosen to access this.",
    "CY 2031 Report to the Committees on Appropriations",
])  # fmt: skip


@given(
    rows=st.lists(st.lists(CELL, max_size=4), max_size=4),
    said=st.lists(st.one_of(SAID, st.text(max_size=20)), max_size=3),
)
def test_any_tags_of_a_report_give_facts_or_an_error(rows: list[list[str]], said: list[str]) -> None:
    paragraphs = [Paragraph(1, text) for text in ["CY 2031 Report to the Committees on Appropriations", *said]]
    tell_all(Document(paragraphs, [Table(2, rows)]), Path("report.pdf"))


def test_a_fault_in_a_library_is_one_of_the_file_and_keeps_its_cause(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    with (
        pytest.raises(DataError, match=r"a\.pdf: found 'a damaged file \(RecursionError: deep\)'") as caught,
        reading(file, "a PDF"),
    ):
        raise RecursionError("deep")
    assert isinstance(caught.value.__cause__, RecursionError)
    with pytest.raises(DataError, match="expected a year"), reading(file, "a PDF"):
        raise DataError(file, found="x", expected="a year")


def test_a_limit_of_time_holds_against_code_that_catches_every_exception(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    with pytest.raises(DataError, match="no end"), reading(file, "a PDF", opened.Limits(seconds=0.2)):
        while True:
            try:
                while True:
                    pass
            except Exception:
                continue
