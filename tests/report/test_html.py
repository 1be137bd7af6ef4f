"""The pages as built: links, anchors, images, labels, captions, alternative texts, references."""

import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from lxml import html

LABEL = re.compile(r"^(Figure|Table)\s(\d+\.\d+|\d+):?")


@pytest.fixture(scope="module")
def pages(book):
    found = {path: html.parse(str(path)).getroot() for path in sorted(book.rglob("*.html"))}
    assert len(found) == 5
    return found


def targets(page, attribute):
    return [value for value in page.xpath(f"//@{attribute}") if not value.startswith(("http:", "https:", "data:"))]


def test_every_link_within_the_book_leads_somewhere(pages):
    seen = 0
    for path, page in pages.items():
        for target in targets(page, "href"):
            file, anchor = urldefrag(unquote(target))
            goal = (path.parent / file).resolve() if file else path
            assert goal.exists(), f"{path.name}: {target}"
            if anchor and goal.suffix == ".html":
                assert pages[goal].xpath("//*[@id=$anchor]", anchor=anchor), f"{path.name}: {target}"
                seen += 1
    assert seen > 30


def test_every_image_is_there_and_has_an_alternative_text(pages):
    seen = 0
    for path, page in pages.items():
        for image in page.xpath("//img"):
            source = image.get("src")
            assert source.startswith("data:") or (path.parent / unquote(source)).is_file(), source
            assert len(image.get("alt", "")) > 20, source
            seen += 1
    assert seen == 4


def test_no_id_occurs_twice_on_a_page(pages):
    for path, page in pages.items():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name


def test_every_figure_and_table_has_a_numbered_caption(pages):
    labels = []
    for path, page in pages.items():
        for figure in page.xpath("//figure[starts-with(@id, 'fig-') or starts-with(@id, 'tbl-')]"):
            caption = " ".join("".join(figure.xpath(".//figcaption//text()")).split())
            assert LABEL.match(caption), f"{path.name}: {caption!r}"
            labels.append(LABEL.match(caption)[0].rstrip(":"))
    assert len(labels) == len(set(labels)) >= 9


def test_nothing_is_left_unresolved(pages):
    for path, page in pages.items():
        body = page.xpath("//main")[0]
        for code in body.xpath(".//pre | .//code"):
            code.drop_tree()
        text = " ".join(body.text_content().split())
        for mark in ("{{<", "@fig-", "@tbl-", "@sec-", "???", "[@", "(?)", "nan", "None", "<NA>", "Traceback"):
            assert mark not in text, f"{path.name} holds {mark}"


def entries(pages, book):
    """Return the entries of the bibliography by their anchors, as plain text."""
    found = pages[book / "references.html"].xpath("//*[@id='refs']//*[starts-with(@id, 'ref-')]")
    return {entry.get("id"): " ".join(entry.text_content().split()) for entry in found}


def test_every_citation_leads_to_its_entry_and_every_entry_is_cited(pages, book):
    found, cited = entries(pages, book), set()
    assert len(found) >= 8
    for path, page in pages.items():
        for link in page.xpath("//main//a[contains(@href, '#ref-')]"):
            file, anchor = urldefrag(unquote(link.get("href")))
            assert (path.parent / file).resolve() == book / "references.html", f"{path.name}: {link.get('href')}"
            assert anchor in found, f"{path.name}: {anchor}"
            # the year, where the author is named outside the link, and else the author too
            for word in re.findall(r"[^\W\d_]{3,}|\d{4}", link.text_content().replace("et al", "")):
                assert word in found[anchor], f"{path.name}: {link.text_content()!r} leads to {found[anchor]!r}"
            cited.add(anchor)
    assert cited == set(found)


def test_every_chapter_links_the_entries_that_it_cites(built, pages, book):
    seen = 0
    for path, page in pages.items():
        source = (built / path.relative_to(book)).with_suffix(".qmd").read_text()
        prose = re.sub(r"^```.*?^```$", "", source, flags=re.MULTILINE | re.DOTALL)
        keys = re.findall(r"(?<![\w/.])@(?!(?:fig|tbl|sec)-)(\w[\w:-]*\w)", prose)
        links = [link.partition("#ref-")[2] for link in page.xpath("//main//p//a/@href") if "#ref-" in link]
        assert links == keys, path.name
        seen += len(keys)
    assert seen >= 12


def test_no_page_asks_for_anything_outside(pages):
    for path, page in pages.items():
        loaded = page.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href | //iframe/@src")
        assert not [source for source in loaded if re.match(r"(https?:)?//", source)], path.name
        for style in (path.parent / unquote(source) for source in page.xpath("//link[@rel='stylesheet']/@href")):
            assert "http" not in Path(style).read_text(), style


def test_the_sign_test_like_for_like_stands_on_the_page(book, pages):
    rows = pages[book / "chapters" / "agreement.html"].xpath("//figure[@id='tbl-signs']//tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th")] for row in rows]
    assert ["pair", "32", "15", "5", "12", "0.021", "0.041"] in cells  # GitHub as a pair of its own
    assert ["pair", "29", "15", "4", "10", "0.010", "0.019"] in cells  # without GitHub
