"""Quarto and the press make the same of the whole book; a small one is compared in test_parity.py."""

import pytest
from browsers import EXCESS, HOME, PHONE, WIDE, serving

from press.book import load_book
from scripts.report import parity
from scripts.report.parity import ASPECTS, Rendered

pytestmark = [pytest.mark.quarto, pytest.mark.whole_book]

LEAST = {
    "files": 24,
    "title, author, date": 5,
    "headings and numbers": 100,
    "captions and numbers": 50,
    "prose, to the last number": 800,
    "cells of tables": 5000,
    "references and targets": 100,
    "pictures and their texts": 15,
    "bibliography": 30,
    "titles of tabs": 5,
    "files to download": 40,
    "bookmarks of the PDF": 100,
    "numbers in the PDF": 150,
    "sentences in the press's PDF": 5000,
    "sentences in Quarto's PDF": 5000,
    "said on pages alone": 1000,
}


@pytest.fixture(scope="module")
def by_press(built, book):
    return Rendered(book, load_book(built))


@pytest.fixture(scope="module")
def copy(built, tmp_path_factory):
    return parity.scratch_copy(built, tmp_path_factory.mktemp("by quarto") / "a project")


@pytest.fixture(scope="module")
def by_quarto(copy, tmp_path_factory):
    """Return what a plain `quarto render` writes, with nothing set but what set-up sets."""
    before = {path.name for path in copy.iterdir()}
    rendered = parity.render_by_quarto(copy, tmp_path_factory.mktemp("book") / "quarto")
    assert {path.name for path in copy.iterdir()} - before <= {".quarto", "_freeze", ".ipython"}
    return rendered


@pytest.fixture(scope="module")
def compared(by_press, by_quarto):
    return parity.compare(by_press, by_quarto)


def test_every_aspect_is_compared(compared):
    assert set(compared) == set(LEAST) | {"equations"}


@pytest.mark.parametrize("aspect", LEAST)
def test_both_say_the_same(compared, aspect):
    assert compared[aspect].differing == []
    assert compared[aspect].n >= LEAST[aspect]


def test_equations_are_the_same(compared):
    assert compared["equations"].differing == []


def test_title_author_and_date_stand_on_both_first_pages_and_pdfs(by_press, by_quarto):
    for rendered in (by_press, by_quarto):
        *shown, properties, language = ASPECTS["title, author, date"](rendered)
        assert all(fact.endswith("True, True") for fact in shown), shown
        assert properties.startswith("Putting the Count Back Into Accountability, The countback contributors, ")
        assert language.startswith("en")


def test_neither_pdf_shows_code(by_press, by_quarto):
    for rendered in (by_press, by_quarto):
        text = parity.squeezed("".join(page.extract_text() for page in rendered.pdf.pages))
        assert "importread" not in text
        assert "fromcountback" not in text


def test_every_table_by_quarto_scrolls_in_a_box_of_its_own(by_quarto):
    tables = [table for _, table in by_quarto.elements("//main//table")]
    assert len(tables) > 50
    assert all(table.xpath("ancestor::div[@class='scroll']") for table in tables)


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_no_page_by_quarto_is_wider_than_the_screen_or_asks_for_anything_outside(chromium, by_quarto, width):
    page, asked = chromium.new_page(viewport={"width": width, "height": 900}), []
    page.on("request", lambda request: asked.append(request.url))
    # from a server: from disk, browsers refuse the scripts that Quarto loads as modules
    with serving(by_quarto.folder) as home:
        for name in by_quarto.names:
            page.goto(home + name)
            assert page.evaluate(EXCESS) <= 0, name
    page.close()
    assert [url for url in asked if not url.startswith(HOME)] == []


def test_one_chapter_can_be_rendered_alone(copy, by_quarto, tmp_path):
    one = parity.render(copy, tmp_path / "one", "quarto", "render", "chapters/growth.qmd", "--to", "html")
    pages = [parity.page(place.folder / "chapters" / "growth.html") for place in (one, by_quarto)]
    alone, whole = ([parity.words(found.text_content()) for found in page.xpath(parity.CAPTIONS)] for page in pages)
    assert alone == whole != []
