"""The PDF: the same headings and captions as the pages, and what a reader's software needs."""

import json
import re

import pytest
from builds import chapters_of
from lxml import html
from pdfs import pages, right_ends, tagged_in, text_of, text_within
from pypdf import PdfReader

IN_PRINT = "[not(ancestor::*[contains(@class, 'content-visible')])]"
FIGURES = f"//figure[starts-with(@id, 'fig-') or starts-with(@id, 'tbl-')]{IN_PRINT}"
HEADINGS = f"//main//*[self::h1 or self::h2 or self::h3]{IN_PRINT}"


@pytest.fixture(scope="module")
def reader(file):
    return PdfReader(file)


@pytest.fixture(scope="module")
def file(book):
    return next(book.glob("*.pdf"))


@pytest.fixture(scope="module")
def text(file):
    joined = " ".join(" ".join(map(text_of, pages(file))).replace("\u00a0", " ").split())
    return re.sub(r"(\w)[\u00ad\u2010-] (\w)", r"\1\2", joined)


@pytest.fixture(scope="module")
def tagged(file):
    """Return what the PDF's own structure tags: tag and words of captions and headings, in reading order."""
    found = (one for page in pages(file) for one in tagged_in(page, {"Caption", "H1", "H2", "H3"}))
    return [(tag, squeezed(words)) for tag, words in found]


@pytest.fixture(scope="module")
def chapters(built, book):
    """Return the pages of the book in their order."""
    return [html.parse(str((book / file).with_suffix(".html"))).getroot() for file in chapters_of(built)]


def squeezed(text):
    return re.sub(r"[\W_]+", "", text)


def headings(chapters):
    """Return level and words of every heading of the pages; what only a screen shows is left out."""
    return [
        (int(heading.tag[1]), " ".join("".join(heading.xpath(".//text()[not(ancestor::a)]")).split()))
        for page in chapters
        for heading in page.xpath(HEADINGS)
        if not heading.xpath("ancestor::header")
    ]


def outline(entries, level=1):
    """Yield level and title of every bookmark."""
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry, level + 1)
        else:
            yield level, " ".join(entry.title.split())


def test_the_summary_on_one_page_is_one_page_of_a4_and_holds_its_five_numbers(built, book):
    source = (built / "chapters" / "one_page.qmd").read_text().partition("{#sec-five-numbers")[2]
    (page,) = PdfReader(book / "chapters" / "one_page.pdf").pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    printed = " ".join(page.extract_text().split())
    values = json.loads((built / "results" / "values.json").read_text())
    numbers = re.findall(r"^- .*?\*\*(.+?)\*\*", source, re.MULTILINE)
    assert len(numbers) == 5
    for number in numbers:
        assert re.sub(r"\{\{< var ([\w.]+) >\}\}", lambda name: values[name[1]]["text"], number) in printed
    assert "How to cite" in printed and "Five recommendations" in printed


def test_the_summary_on_one_page_is_one_page_of_the_book_too(reader):
    outline = [entry for entry in reader.outline if not isinstance(entry, list)]
    (at,) = [number for number, entry in enumerate(outline) if entry.title == "On one page"]
    first, after = (reader.get_destination_page_number(outline[number]) for number in (at, at + 1))
    assert after - first == 1


def test_captions_are_those_of_the_pages_in_their_order(chapters, tagged):
    captions = [squeezed(figure.xpath("string(.//figcaption)")) for page in chapters for figure in page.xpath(FIGURES)]
    assert len(captions) >= 9
    assert all(re.match(r"(Figure|Table)[A-Z]?\d", caption) for caption in captions)
    assert [words for tag, words in tagged if tag == "Caption"] == captions


def test_headings_and_their_levels_are_those_of_the_pages_in_their_order(chapters, tagged):
    expected = [(f"H{level}", squeezed(words)) for level, words in headings(chapters)]
    assert len(expected) > 15
    assert [entry for entry in tagged if entry[0] != "Caption" and entry != ("H1", "Contents")] == expected


def test_bookmarks_are_the_headings_of_the_pages_in_their_order(chapters, reader):
    expected = [(level, words.replace("’", "'")) for level, words in headings(chapters)]
    assert len(expected) > 15
    assert list(outline(reader.outline)) == expected


def test_the_title_and_language_are_set_and_the_text_is_tagged(reader):
    catalog = reader.trailer["/Root"]
    assert reader.metadata.title == "Putting the Count Back Into Accountability"
    assert catalog["/Lang"].startswith("en")
    assert catalog["/MarkInfo"]["/Marked"]


def test_all_faces_are_embedded_and_are_the_reports_own(reader):
    families = set()
    for page in reader.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            base = font.get_object()
            families.add(str(base["/BaseFont"]).split("+")[-1])
            descriptor = base["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert any(key in descriptor for key in ("/FontFile2", "/FontFile3", "/FontFile")), base["/BaseFont"]
    assert families
    assert all(name.startswith(("SourceSerif", "SourceSans", "DejaVu", "NewCM", "Libertinus")) for name in families), (
        families
    )


def test_nothing_stands_beyond_the_edge_of_figures_and_tables(file):
    for number, page in enumerate(pages(file), 1):
        width, height = page.get_size()
        edge = width - 72 if width > height else (1.08 + 6.1) * 72
        beyond = [character for character, right in right_ends(page) if right > edge + 2]  # a period hangs out
        assert "".join(beyond) == "", number


def test_every_page_but_the_first_has_its_number_and_none_is_empty(file):
    for number, page in enumerate(pages(file), 1):
        assert len("".join(text_of(page).split())) > 50 or number == 1, number
        assert str(number) in text_within(page, 72).split() or number == 1, number


def test_nothing_is_left_unresolved(text):
    for mark in ("{{<", "@fig-", "@tbl-", "@sec-", "???", "nan ", "<NA>", "Traceback"):
        assert mark not in text, mark
