"""What the comparison of the two renderers finds, lets pass and says."""

from pathlib import Path

import pytest
import typst

from press.book import load_book
from scripts.report import parity
from scripts.report.parity import ASPECTS, Rendered

PAGE = """<html><body><header id="title-block-header"><p class="description">{description}</p></header><nav>{nav}</nav>
<main>{more}<h1>1 Growth<a class="anchor" href="#x">#</a></h1><p>Reports grew (NCMEC {year}).</p>
<table><tr><td>{cell}</td></tr></table></main></body></html>"""


@pytest.fixture
def rendered(tmp_path: Path):
    """Return a function that writes a book of one page, with what the test says on it."""

    def write(name: str, **said: str) -> Rendered:
        folder = tmp_path / name
        folder.mkdir()
        page = PAGE.format(**{"description": "", "nav": "", "year": "2020", "cell": "1,234", "more": ""} | said)
        (folder / "index.html").write_text(page)
        (folder / "_quarto.yml").write_text("project: {type: book}\nbook: {title: A title, chapters: [index.qmd]}\n")
        (folder / "index.qmd").touch()
        return Rendered(folder, load_book(folder))

    return write


def in_pdf(book: Rendered, text: str) -> Rendered:
    """Return a book whose PDF holds a text after its first page."""
    lines = " ".join(f'#text("{line}")#linebreak()' for line in text.splitlines())
    (book.folder / "A-title.pdf").write_bytes(typst.compile(f"Cover #pagebreak() {lines}".encode()))
    return book


def differing(aspect: str, press: Rendered, quarto: Rendered) -> list[str]:
    return parity.differences(ASPECTS[aspect](press), ASPECTS[aspect](quarto)).differing


def test_a_number_that_differs_in_one_cell_is_named_with_its_page(rendered):
    found = differing("cells of tables", rendered("press"), rendered("quarto", cell="1,235"))
    assert found == ["press: index.html: 1,234\n     quarto: index.html: 1,235"]


def test_what_one_of_them_lacks_is_named_once():
    assert parity.differences(["a", "b", "c"], ["a", "c"]).differing == ["press: b\n     quarto: (nothing)"]
    assert parity.differences([], []).n == 0


def test_title_block_navigation_anchors_and_letters_of_years_may_differ(rendered):
    press = rendered("press", year="2020a")
    quarto = rendered("quarto", description="What is known", nav="<p>Contents</p>", year="2020b")
    for aspect in ("prose, to the last number", "headings and numbers"):
        assert ASPECTS[aspect](press)
        assert differing(aspect, press, quarto) == []


def test_titles_of_tabs_may_stand_elsewhere_but_not_differ(rendered):
    press = rendered("press", more='<section><p class="tab-title">One</p><p>A</p></section>')
    quarto = rendered("quarto", more='<ul class="nav nav-tabs"><li><a>One</a></li></ul><p>A</p>')
    other = rendered("other", more='<ul class="nav nav-tabs"><li><a>Two</a></li></ul><p>A</p>')
    for aspect in ("titles of tabs", "prose, to the last number"):
        assert differing(aspect, press, quarto) == []
    assert differing("titles of tabs", press, other) == ["press: index.html: One\n     quarto: index.html: Two"]


def test_a_file_to_download_that_is_missing_or_other_is_named(rendered):
    press, quarto = (rendered(name, nav='<a href="a.csv">Data</a> <a href="#x">x</a>') for name in ("press", "quarto"))
    (press.folder / "a.csv").write_text("1")
    assert len(differing("files to download", press, quarto)) == 1
    (quarto.folder / "a.csv").write_text("2")
    assert len(differing("files to download", press, quarto)) == 1
    (quarto.folder / "a.csv").write_text("1")
    assert differing("files to download", press, quarto) == []


def test_a_number_that_differs_in_the_pdf_alone_is_named(rendered):
    press, quarto = in_pdf(rendered("press"), "See Figure\n1."), in_pdf(rendered("quarto"), "See Figure\n0.1.")
    assert differing("numbers in the PDF", press, quarto) == ["press: Figure 1\n     quarto: Figure 0.1"]


def test_the_bar_of_an_appendix_may_differ_in_the_pdf(rendered):
    press, quarto = in_pdf(rendered("press"), "Appendix A — Methods 9"), in_pdf(rendered("quarto"), "A Methods 9")
    assert differing("numbers in the PDF", press, quarto) == []


def test_a_sentence_in_the_pdf_may_be_broken_by_a_page_but_lack_nothing(rendered):
    book = in_pdf(rendered("press"), "Counts fell: each 12 Table 8.1: Releases. policy has its own.")
    said = parity.sentences(["Counts fell: each policy has its own.", "Each policy had its own."])
    assert parity.kept_in_pdf(book, said) == said[:2]


def test_addresses_that_the_pdf_prints_after_links_may_stand_within_a_sentence(rendered):
    press = in_pdf(rendered("press"), "Ask A (https://a.eu) or\nB (https://b.\neu/c) first.")
    assert parity.kept_in_pdf(press, ["AskAorBfirst", "AskAorBlast"]) == ["AskAorBfirst"]


def test_the_menu_that_opens_all_code_may_differ(rendered):
    menu = '<ul class="dropdown-menu"><li>Show All Code</li></ul>'
    assert differing("prose, to the last number", rendered("press"), rendered("quarto", more=menu)) == []


def test_blocks_for_one_format_are_looked_for_in_that_format_alone(rendered):
    book = rendered("press", more='<div class="content-visible"><p>On the web.</p></div>')
    (book.folder / "index.qmd").write_text(
        '::: {.content-visible when-format="typst"}\nIn `print`.\n\nSee @sec-x.\n:::\n\n'
        '::: {.content-visible when-format="html"}\nOn the web.\n:::\n'
    )
    assert "Ontheweb" not in parity.said_by(book)
    assert parity.said_by(book, only_here=True) == ["Ontheweb"]
    assert parity.said_in_print(book.book) == ["Inprint"]


def test_a_year_itself_may_not_differ(rendered):
    assert differing("prose, to the last number", rendered("press"), rendered("quarto", year="2021")) != []


def test_the_report_counts_what_was_compared_and_names_what_differs():
    compared = {"cells": parity.differences(["1", "2"], ["1", "3"])}
    report = parity.report_of(compared)
    assert report.splitlines()[1].split() == ["cells", "2", "1"]
    assert "press: 2\n     quarto: 3" in report
    assert all(known.says in report for known in parity.KNOWN)


@pytest.mark.parametrize(("version", "found"), [(None, "no Quarto"), ((1, 8, 2), "Quarto 1.8.2")])
def test_without_a_quarto_that_can_it_says_so_and_fails(monkeypatch, capsys, tmp_path, version, found):
    monkeypatch.setattr(parity, "quarto_version", lambda: version)
    assert parity.main(tmp_path) == 2
    assert f"found {found}, expected Quarto 1.9 or later" in capsys.readouterr().err


def test_a_render_that_leaves_a_reference_unresolved_is_an_error(tmp_path):
    with pytest.raises(RuntimeError, match="Unable to resolve crossref @fig-x"):
        parity.render(tmp_path, tmp_path / "book", "echo", "WARN: Unable to resolve crossref @fig-x")
