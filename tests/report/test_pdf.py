"""The PDF: the same numbers and captions as the pages, and what a reader's software needs."""

import re

import pytest
from lxml import html
from pypdf import PdfReader

CAPTION = re.compile(r"(?:Figure|Table) \d+\.\d+")


@pytest.fixture(scope="module")
def reader(book):
    return PdfReader(next(book.glob("*.pdf")))


@pytest.fixture(scope="module")
def text(reader):
    pages = [page.extract_text() for page in reader.pages]
    joined = " ".join(" ".join(pages).replace("\u00a0", " ").split())
    return re.sub(r"(\w)[\u00ad\u2010-] (\w)", r"\1\2", joined)


def captions(book):
    found = []
    for chapter in ("disclosers", "growth", "agreement"):
        page = html.parse(str(book / "chapters" / f"{chapter}.html")).getroot()
        for figure in page.xpath("//figure[starts-with(@id, 'fig-') or starts-with(@id, 'tbl-')]"):
            found.append(" ".join(figure.xpath("string(.//figcaption)").replace("\u00a0", " ").split()))
    return found


def squeezed(text):
    return re.sub(r"[\W_]+", "", text)


def test_captions_have_the_numbers_and_words_of_the_pages_in_their_order(book, text):
    expected, at = captions(book), 0
    assert len(expected) >= 9
    plain = squeezed(text)
    for caption in expected:
        place = plain.find(squeezed(caption), at)
        assert place >= 0, caption
        at = place


def test_headings_are_numbered_as_on_the_pages(book, reader):
    titles = []

    def collect(entries):
        for entry in entries:
            collect(entry) if isinstance(entry, list) else titles.append(" ".join(entry.title.split()))

    collect(reader.outline)
    for chapter in ("disclosers", "growth", "agreement"):
        page = html.parse(str(book / "chapters" / f"{chapter}.html")).getroot()
        for heading in page.xpath("//main//h1 | //main//h2"):
            words = " ".join("".join(heading.xpath(".//text()[not(ancestor::a)]")).split())
            assert words.replace("’", "'") in titles, (words, titles)


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


def test_nothing_is_left_unresolved(text):
    for mark in ("{{<", "@fig-", "@tbl-", "@sec-", "???", "nan ", "<NA>", "Traceback"):
        assert mark not in text, mark


def test_values_are_those_of_the_workflow(built, text):
    import json

    values = json.loads((built / "results" / "values.json").read_text())
    for name in ("reports.last.reports", "agreement.all.n_equal", "pairs.discord.y2022.ncmec_reports"):
        assert values[name]["text"] in text, name
