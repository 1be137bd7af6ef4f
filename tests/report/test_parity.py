"""Quarto and the press make the same of the same files; what may differ stands in scripts/report/parity_known.py.

The book is a small one that has one of everything, in the project's settings. Quarto renders it three times: by the
rule, by hand, and by hand after a change, one chapter alone.
"""

import shutil

import pytest
from browsers import EXCESS, HOME, PHONE, WIDE, serving
from builds import snakemake
from everything import write_everything

from press.book import load_book
from scripts.report import parity
from scripts.report.parity import ASPECTS, Rendered

pytestmark = pytest.mark.quarto

LEAST = {
    "files": 6,
    "title, author, date": 5,
    "headings and numbers": 8,
    "captions and numbers": 9,
    "prose, to the last number": 19,
    "cells of tables": 41,
    "references and targets": 17,
    "pictures and their texts": 6,
    "equations": 3,
    "bibliography": 1,
    "titles of tabs": 2,
    "files to download": 8,
    "bookmarks of the PDF": 8,
    "numbers in the PDF": 20,
    "sentences in the press's PDF": 80,
    "sentences in Quarto's PDF": 80,
    "said on pages alone": 0,
}


@pytest.fixture(scope="module")
def project(tiny_once, tmp_path_factory):
    return write_everything(parity.scratch_copy(tiny_once, tmp_path_factory.mktemp("everything") / "a project"))


@pytest.fixture(scope="module")
def by_press(project, tmp_path_factory):
    return parity.render_by_press(project, tmp_path_factory.mktemp("book") / "press")


@pytest.fixture(scope="module")
def by_rule(by_press, tmp_path_factory):
    """Return the book as the workflow makes it by Quarto."""
    project = by_press.book.project
    run = snakemake(project, COUNTBACK_RENDERER="auto")
    assert run.status == 0, run.output
    assert "[2/5] chapters/numbers.qmd" in run.output
    return Rendered(shutil.copytree(project / "_book", tmp_path_factory.mktemp("book") / "rule"), load_book(project))


@pytest.fixture(scope="module")
def by_quarto(by_rule, tmp_path_factory):
    """Return the book as a plain `quarto render` leaves it, with nothing set but what set-up sets."""
    project = by_rule.book.project
    before = {path.name for path in project.iterdir()}
    rendered = parity.render_by_quarto(project, tmp_path_factory.mktemp("book") / "quarto")
    assert {path.name for path in project.iterdir()} == before - {"_book"}
    return Rendered(rendered.folder.rename(project / "_book"), rendered.book)


@pytest.fixture(scope="module")
def compared(by_press, by_quarto):
    return parity.compare(by_press, by_quarto)


def test_every_aspect_is_compared(compared):
    assert set(compared) == set(LEAST)


@pytest.mark.parametrize("aspect", LEAST)
def test_both_say_the_same(compared, aspect):
    assert compared[aspect].differing == []
    assert compared[aspect].n >= LEAST[aspect]


def test_title_author_and_date_stand_on_both_first_pages_and_pdfs(by_press, by_quarto):
    for rendered in (by_press, by_quarto):
        *shown, properties, language = ASPECTS["title, author, date"](rendered)
        assert all(fact.endswith("True, True") for fact in shown), shown
        assert properties.startswith("Putting the Count Back Into Accountability, The countback contributors, ")
        assert language.startswith("en")


def contents(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_second_render_takes_all_from_what_was_kept_and_writes_the_same_files_to_the_byte(by_rule, by_quarto):
    first, second = contents(by_rule.folder), contents(by_quarto.folder)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_after_a_render_by_hand_a_build_has_nothing_to_do(by_quarto):
    run = snakemake(by_quarto.book.project, "--dry-run", COUNTBACK_RENDERER="auto")
    assert run.rules == set(), run.output
    assert "Nothing to be done" in run.output


def test_a_render_of_one_chapter_shows_a_changed_setting_in_the_cells_of_the_others(by_quarto, tmp_path):
    changed = shutil.copytree(by_quarto.book.project, tmp_path / "changed")
    configuration = changed / "config" / "config.yaml"
    configuration.write_text(configuration.read_text().replace("tolerance: 0.001", "tolerance: 0.002"))
    rendered = parity.render(changed, tmp_path / "book", "quarto", "render", "chapters/words.qmd")
    assert "Tolerance: 0.001" in by_quarto.pdf_text
    assert "Tolerance: 0.002" in rendered.pdf_text
    assert "Tolerance: 0.001" not in rendered.pdf_text


def test_every_table_by_quarto_scrolls_in_a_box_of_its_own(by_quarto):
    tables = [table for _, table in by_quarto.elements("//main//table")]
    assert len(tables) == 2
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


@pytest.mark.browser
def test_no_page_by_quarto_breaks_its_own_policy_and_a_script_that_came_with_a_table_does_not_run(chromium, by_quarto):
    page, said = chromium.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    with serving(by_quarto.folder) as home:
        for name in by_quarto.names:
            page.goto(home + name)
        theme = page.evaluate("document.body.className")
        page.locator(".quarto-color-scheme-toggle").first.click()
        assert page.evaluate("document.body.className") != theme
        page.locator("#quarto-search input").click()
        page.keyboard.type("numbers", delay=20)
        page.locator(".aa-Item").first.wait_for()
        assert said == []
        page.evaluate("""() => {
            document.querySelector("main").innerHTML += '<img src="none" onerror="window.ran = 1">';
            document.querySelector("main").append(Object.assign(document.createElement("script"), {text: "ran = 1"}));
        }""")
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
    page.close()
    assert sum("Content Security Policy" in message for message in said) == 2
