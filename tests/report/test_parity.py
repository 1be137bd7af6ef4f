"""Quarto and the press make the same report of the same files. What may differ stands in workflow/scripts/parity.py."""

import pytest

import parity
from parity import ASPECTS, Rendered
from press.book import load_book

pytestmark = pytest.mark.quarto

LEAST = {
    "files": 6,
    "title, author, date": 5,
    "headings and numbers": 15,
    "captions and numbers": 9,
    "prose, to the last number": 35,
    "cells of tables": 400,
    "references and targets": 10,
    "pictures and their texts": 4,
    "bibliography": 8,
    "bookmarks of the PDF": 15,
    "sentences in the press's PDF": 500,
    "sentences in Quarto's PDF": 500,
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
    assert {path.name for path in copy.iterdir()} - before <= {".quarto"}
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
        assert "displaytable" not in text


def test_a_second_render_by_quarto_writes_the_same_pdf(copy, by_quarto, tmp_path):
    again = parity.render_by_quarto(copy, tmp_path / "again")
    name = f"{again.book.output_file}.pdf"
    assert (again.folder / name).read_bytes() == (by_quarto.folder / name).read_bytes()


@pytest.mark.usefixtures("by_quarto")
def test_one_chapter_can_be_rendered_alone(copy, tmp_path):
    one = parity.render(copy, tmp_path / "one", "quarto", "render", "chapters/growth.qmd", "--to", "html")
    page = (one.folder / "chapters" / "growth.html").read_text()
    assert "Table&nbsp;2.1" in page
    assert "quarto-unresolved-ref" not in page
