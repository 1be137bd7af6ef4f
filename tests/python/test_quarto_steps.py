"""What runs before and after Quarto: the workflow, and mends of the pages."""

import quarto_postrender
import quarto_prerender
from quarto_look import sass_theme, write_look

CHAPTER = """<h1 class="title"><span class="chapter-number">2</span>&nbsp; <span>Growth</span></h1>
<h2 data-number="2.1" class="anchored" data-anchor-id="sec-years">Years</h2>"""


def test_nothing_runs_before_quarto_when_the_workflow_has_started_it(monkeypatch):
    monkeypatch.setenv("COUNTBACK_RENDERING", "1")
    monkeypatch.setattr(quarto_prerender.subprocess, "run", lambda *_, **__: 1 / 0)
    assert quarto_prerender.main() == 0


def test_a_search_path_from_outside_is_refused_before_a_chapter_fails_by_it(monkeypatch, capsys):
    monkeypatch.delenv("COUNTBACK_RENDERING", raising=False)
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    assert quarto_prerender.main() == 1
    assert "PYTHONPATH: found '/somewhere/else', expected" in capsys.readouterr().err


def test_the_library_is_found_by_a_relative_and_an_absolute_search_path():
    assert quarto_prerender.finds_library("workflow")
    assert quarto_prerender.finds_library(f"/elsewhere:{quarto_prerender.PROJECT / 'workflow'}")
    assert not quarto_prerender.finds_library("")


def test_pages_ask_no_server_for_scripts(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<script src="https://cdn.net/a.js" crossorigin="x"></script><script src="../site_libs/b.js"></script>'
    )
    assert quarto_postrender.mended(page) == '<script src="../site_libs/b.js"></script>'


def test_a_reference_from_a_chapter_without_number_prints_kind_and_number(tmp_path):
    (tmp_path / "growth.html").write_text(CHAPTER)
    page = tmp_path / "index.html"
    to_chapter = '<a href="growth.html" class="quarto-xref"><span>2&nbsp; Growth</span></a>'
    to_section = '<a href="growth.html#sec-years" class="quarto-xref"><span>Years</span></a>'
    page.write_text(f"{to_chapter} {to_section}")
    assert quarto_postrender.mended(page) == (
        '<a href="growth.html" class="quarto-xref">Chapter&nbsp;2</a> '
        '<a href="growth.html#sec-years" class="quarto-xref">Section&nbsp;2.1</a>'
    )


def test_a_reference_that_has_its_number_stays_as_it_is(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<a href="#tbl-years" class="quarto-xref">Table&nbsp;<span>2.1</span></a>')
    assert quarto_postrender.mended(page) == page.read_text()


def test_labels_of_captions_are_marked(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<figcaption>\nTable&nbsp;2.1: Years.</figcaption>")
    assert '<span class="caption-label">Table&nbsp;2.1:</span> Years.' in quarto_postrender.mended(page)


def test_a_reference_or_citation_that_leads_nowhere_fails_the_render(tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.html"
    page.write_text(
        '<span class="quarto-unresolved-ref">?sec-x</span> <a href="#ref-key"><strong>key2000?</strong></a>'
    )
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_FILES", str(page))
    assert quarto_postrender.main() == 1
    assert capsys.readouterr().err.count("leads nowhere") == 2


def test_both_themes_take_their_colors_from_the_look():
    assert "$body-bg: #ffffff;" in sass_theme("light")
    assert "$body-bg: #15171a;" in sass_theme("dark")


def test_the_pdf_by_quarto_gets_the_look_and_the_facts_of_the_press(project, tmp_path):
    write_look(project, tmp_path)
    written = (tmp_path / "quarto.typ").read_text()
    assert (project / "workflow" / "press" / "templates" / "look.typ").read_text() in written
    assert '#let book-title = "Putting the Count Back Into Accountability"' in written
    assert "#let book-time = datetime(year: 20" in written
