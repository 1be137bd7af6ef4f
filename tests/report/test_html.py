"""The pages as built: links, anchors, images, labels, captions, references, what search and previews are given."""

import copy
import csv
import hashlib
import json
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from builds import chapters_of, images_of
from lxml import html

import press
from press.errors import PressError

LABEL = re.compile(r"^(Figure|Table)\s(([A-Z]|\d+)\.\d+|\d+):?")


@pytest.fixture(scope="module")
def pages(built, book):
    found = {path: html.parse(str(path)).getroot() for path in sorted(book.rglob("*.html"))}
    assert {path.relative_to(book).with_suffix(".qmd").as_posix() for path in found} == set(chapters_of(built))
    return found


def targets(page, attribute):
    elsewhere = ("http:", "https:", "data:", "tel:")
    return [value for value in page.xpath(f"//@{attribute}") if not value.startswith(elsewhere)]


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


def test_every_image_is_there_and_has_an_alternative_text(built, pages):
    seen = 0
    for path, page in pages.items():
        for image in page.xpath("//img"):
            source = image.get("src")
            assert source.startswith("data:") or (path.parent / unquote(source)).is_file(), source
            assert len(image.get("alt", "")) > 20, source
            seen += 1
    assert seen == len(images_of(built)) + len(list((built / "figures" / "providers").glob("*.svg"))) > 20


def test_no_id_occurs_twice_on_a_page(pages):
    for path, page in pages.items():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name


def test_the_address_of_a_provider_or_a_place_is_unique_in_the_book(pages):
    ids = [one for page in pages.values() for one in page.xpath("//@id") if re.match(r"(provider|place)-", one)]
    assert len(ids) == len(set(ids)) > 300


def test_every_provider_that_is_surveyed_or_listed_by_the_clearinghouse_has_an_address(built, book, pages):
    def column(file, name, flag=None):
        with (built / "data" / file).open(encoding="utf-8") as table:
            return {row[name] for row in csv.DictReader(table) if flag is None or row[flag] == "true"}

    sections = set(pages[book / "chapters" / "platforms.html"].xpath("//@id"))
    surveyed = column("organizations/organizations.csv", "organization", "is_surveyed")
    assert {f"provider-{one}" for one in surveyed} <= sections
    rows = set(pages[book / "chapters" / "look_up.html"].xpath("//@id"))
    assert {f"provider-{one}" for one in column("cybertipline/esps.csv", "esp")} <= rows | sections


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
        body = copy.deepcopy(page.xpath("//main")[0])
        for code in body.xpath(".//pre | .//code"):
            code.drop_tree()
        text = " ".join(body.text_content().split())
        for mark in ("{{<", "@fig-", "@tbl-", "@sec-", "???", "[@", "(?)", "<NA>", "Traceback"):
            assert mark not in text, f"{path.name} holds {mark}"
        # a sentence may begin with None, or with a name that holds nan
        assert not re.search(r"\bnan\b|(?<![.:?] )(?<!^)\bNone\b", text), path.name
        cells = {"".join(cell.itertext()).strip() for cell in body.xpath(".//td | .//th")}
        assert cells.isdisjoint({"nan", "NaN", "NaT", "None", "inf"}), path.name


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
        links = [link.partition("#ref-")[2] for link in page.xpath("//article//a/@href") if "#ref-" in link]
        printed = iter(links)  # cells print others between them
        assert all(key in printed for key in keys), path.name
        seen += len(keys)
    assert seen >= 12


def test_no_page_asks_for_anything_outside(pages):
    for path, page in pages.items():
        loaded = page.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href | //iframe/@src")
        assert not [source for source in loaded if re.match(r"(https?:)?//", source)], path.name
        for style in (path.parent / unquote(source) for source in page.xpath("//link[@rel='stylesheet']/@href")):
            assert not re.search(r"@import|url\(\W*(https?:)?//", Path(style).read_text()), style


def test_the_splits_of_signs_like_for_like_stand_on_the_page(built, book, pages):
    rows = pages[book / "chapters" / "agreement_statistics.html"].xpath("//figure[@id='tbl-signs']//tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th")] for row in rows]
    with (built / "results" / "tables" / "agreement_signs.csv").open(encoding="utf-8") as file:
        signs = list(csv.DictReader(file))
    wanted = [f"{row['n_positive']} to {row['n_negative']}" for row in signs]
    assert len(wanted) > 4  # all pairs, by provider in three ways and by pair, and without some of them
    assert [cell for row in cells for cell in row if re.fullmatch(r"\d+ to \d+", cell)] == wanted


def script(book, name):
    """Return the value that a script of the book gives to a global."""
    return json.loads((book / "assets" / name).read_text().partition(" = ")[2].rstrip(";\n"))


def plain(element):
    return re.sub(r"[\W_]+", "", element if isinstance(element, str) else element.text_content())


def test_the_search_knows_every_section_and_leads_to_it(pages, book):
    sections = {section["href"]: section for section in script(book, "search.js")}
    headings = 0
    for path, page in pages.items():
        name = path.relative_to(book).as_posix()
        for heading in page.xpath("//article/*[self::h1 or self::h2 or self::h3]"):
            section = sections[f"{name}#{heading.get('id')}"]
            assert plain(section["title"]) == plain(heading)
            assert section["page"] == " ".join(page.xpath("//h1/text()")).strip()
            headings += 1
    rows, is_address = 0, "starts-with(@id, 'provider-') or starts-with(@id, 'place-')"
    for path, page in pages.items():
        for name in page.xpath(f"(//td[1] | //dt)//*[{is_address}][not(.//a)]"):
            row = sections[f"{path.relative_to(book).as_posix()}#{name.get('id')}"]
            assert row["title"] == name.text_content()
            assert row["text"], row
            rows += 1
    assert headings + rows == len(sections)
    assert headings > 15
    assert rows > 300


def test_the_search_knows_every_word_of_prose_and_of_tables_and_no_code(pages, book):
    texts = " ".join(section["text"] for section in script(book, "search.js"))
    known = plain(texts)
    for page in map(copy.deepcopy, pages.values()):
        for mark in page.xpath("//article//a[@role='doc-noteref']"):  # a note is found where its mark stands
            mark.text = page.xpath("string(//*[@id=$note])", note=mark.get("href")[1:])
            for number in mark.xpath("./*"):
                mark.remove(number)
        for element in page.xpath("//article/p | //article//li | //article//figcaption | //article//td"):
            assert plain(element) in known, element.text_content()
    assert not re.search(r"display_table\(|read_table|%%R|</?[a-z]+[ >]|{{", texts)


def test_notes_hold_the_caption_or_reference_that_each_link_means(pages, book):
    notes = script(book, "notes.js")
    goals = {one.get("id"): one for page in pages.values() for one in page.xpath("//*[@id]")}
    seen = set()
    for page in pages.values():
        for target in page.xpath("//main//a[@class='xref' or contains(@href, '#ref-')]/@href"):
            key = unquote(target).partition("#")[2]
            if not key.startswith("sec-"):
                caption = goals[key].xpath("./figcaption") or [goals[key]]
                assert plain(html.fromstring(f"<div>{notes[key]}</div>")) == plain(caption[0])
                seen.add(key.partition("-")[0])
    assert seen == {"fig", "tbl", "ref"}
    assert all("<script" not in note and 'href="#' not in note for note in notes.values())


def test_the_first_page_says_how_to_cite_and_offers_the_pdf_and_the_data(pages, book, built):
    first = pages[book / "index.html"]
    sentence, entry = first.xpath("//*[@id='cite']/p")[0].text, first.xpath("//*[@id='cite']/pre")[0].text
    title = first.xpath("//*[@class='book-title']")[0].text
    version = re.search(r"^version: (.*)$", (built / "CITATION.cff").read_text(), re.MULTILINE)[1]
    for fact in (title, "The countback contributors", f"Version {version}"):
        assert fact in sentence
        assert fact in entry
    assert entry.startswith("@misc{")
    assert entry.count("{") == entry.count("}")
    files = first.xpath("//*[@class='downloads']//a[@download][not(contains(@href, '.pdf'))]/@href")
    assert {Path(file).suffix for file in files} == {".xlsx", ".zip", ".bib", ".json"}
    for file in files:
        assert (book / file).read_bytes() == (built / file).read_bytes()
    assert first.xpath("//*[@class='downloads']//a[contains(@href, '.pdf')]")
    overview = pages[book / first.xpath("//*[@class='downloads']//a[not(@download)]/@href")[0]]
    assert overview.xpath("//h1")[0].text_content().endswith("Data and downloads")


def test_the_search_library_is_the_release_that_its_first_line_names(project):
    library = (project / "workflow" / "press" / "templates" / "minisearch.js").read_bytes()
    assert library.startswith(b"/*! MiniSearch 7.2.0 (npm: minisearch)")
    assert b"Permission is hereby granted" in library
    assert hashlib.sha256(library).hexdigest() == "62b2738378abbb8840997af05f1f3d91119dbb4a8bfe3b17baca39c579e4f55f"


SMALL = """\
project: {type: book}
book:
  title: 50% & more
  author: [Ada Lovelace, {name: "The <b> group"}]
  date: 2026-01-31
  chapters: [index.qmd, two.qmd]
"""

TWO = """\
# Two {#sec-two}

A "lead" of the second chapter.

## Sums

As @eq-sum says,[^1] in @tbl-sums.

$$
a + b
$$ {#eq-sum}

| left | right |
|:--|--:|
| one | 2 |

: Sums, as in @eq-sum {#tbl-sums}

[^1]: A note at the foot.
"""


def small_book(folder, settings="", resources=""):
    config = SMALL.replace("type: book", f"type: book, resources: [{resources}]") + settings
    (folder / "_quarto.yml").write_text(config)
    (folder / "index.qmd").write_text("# Start\n\nFirst words.\n")
    (folder / "two.qmd").write_text(TWO)
    (folder / "cover.png").write_bytes(b"png")
    press.render(folder, {"html"})
    return {name: html.parse(str(folder / "_book" / f"{name}.html")).getroot() for name in ("index", "two")}


def head(page):
    return {meta.get("property") or meta.get("name"): meta.get("content") for meta in page.xpath("//meta[@content]")}


def test_a_book_without_an_address_names_none(tmp_path):
    for page in small_book(tmp_path).values():
        assert not page.xpath("//link[@rel='canonical']")
        assert not [text for text in head(page).values() if "://" in text]
        assert head(page)["twitter:card"] == "summary"


def test_previews_of_links_have_address_title_lead_and_picture(tmp_path):
    settings = (
        "  cover-image: cover.png\n  cover-image-alt: A curve\npublication: {address: https://count.report.eu/it}\n"
    )
    page = small_book(tmp_path, settings)["two"]
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://count.report.eu/it/two.html"]
    facts = head(page)
    assert facts["og:url"] == "https://count.report.eu/it/two.html"
    assert facts["og:title"] == "Two"
    assert facts["og:description"] == facts["description"] == "A “lead” of the second chapter."
    assert facts["og:image"] == facts["twitter:image"] == "https://count.report.eu/it/cover.png"
    assert facts["og:image:alt"] == "A curve"
    assert facts["twitter:card"] == "summary_large_image"
    assert (tmp_path / "_book" / "cover.png").read_bytes() == b"png"


def test_names_and_titles_are_shown_as_text_and_escaped_for_bibtex(tmp_path):
    first = small_book(tmp_path)["index"]
    assert first.xpath("//meta[@name='citation_author']/@content") == ["Ada Lovelace", "The <b> group"]
    assert first.xpath("//meta[@name='citation_publication_date']/@content") == ["2026/01/31"]
    entry = first.xpath("//*[@id='cite']/pre")[0].text
    assert "author = {{Ada Lovelace} and {The <b> group}}" in entry
    assert r"title = {{50\% \& more}}" in entry


@pytest.mark.parametrize("pattern", ["missing/*.csv", "../*.csv"])
def test_a_resource_that_is_no_file_of_the_project_is_refused_with_its_line(tmp_path, pattern):
    with pytest.raises(PressError, match=r"^_quarto.yml:1: .* is no file of the project"):
        small_book(tmp_path, resources=f'"{pattern}"')


def test_notes_and_search_know_equations_tables_and_footnotes(tmp_path):
    small_book(tmp_path)
    notes = script(tmp_path / "_book", "notes.js")
    assert "<math" in notes["eq-sum"]
    assert notes["tbl-sums"].endswith("Sums, as in Equation\u00a01.1")
    text = {section["title"]: section["text"] for section in script(tmp_path / "_book", "search.js")}["1.1 Sums"]
    assert text.startswith("As Equation\u00a01.1 says, (A note at the foot.) in Table\u00a01.1.")
    assert "left right one 2" in text
