"""Numbers of the prose that are asked where they come from: by click or key, down to the printed page."""

import json
import re

import pytest
from browsers import PHONE, WIDE, violations
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def origins(built):
    text = (built / "results" / "origins.js").read_text()
    return json.loads(text.removeprefix("window.bookOrigins = ").removesuffix(";\n"))


@pytest.fixture(scope="module")
def counted(origins):
    """Return ids of counts that were read on a page of a document, with what that page prints."""
    found = {}
    for name, one in origins["numbers"].items():
        rows = [row for part in one.get("from", []) for row in part.get("rows", []) if "page" in row]
        if name.startswith("agreement_pairs.") and name.endswith(".ncmec_reports") and len(rows) == 1:
            found[name] = rows[0]
    assert found
    return found


def test_every_number_that_a_page_marks_is_known(book, origins):
    marked = [
        name
        for page in book.rglob("*.html")
        for name in re.findall(r'class="value" data-of="([^"]+)"', page.read_text())
    ]
    assert len(marked) > 300
    assert set(marked) <= set(origins["numbers"])


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_a_count_leads_to_the_document_and_page_that_print_it(visit, book, origins, counted, width):
    page = visit(book / "chapters" / "agreement.html", width)
    name = next(name for name in counted if page.locator(f"[data-of='{name}']").count())
    page.locator(f"[data-of='{name}']").first.click()
    box = page.get_by_role("dialog", name=re.compile("comes from"))
    expect(box).to_contain_text(f"page {counted[name]['page']}")
    expect(box).to_contain_text(counted[name]["reports_printed"])
    expect(box).to_contain_text(name)
    source = origins["sources"][counted[name]["source"]]
    expect(box.get_by_role("link", name=source["title"]).first).to_have_attribute("href", source["url"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (book / "chapters" / box.locator("a[download]").get_attribute("href")).is_file()
    page.locator("h1").first.click()
    expect(box).to_have_count(0)


def test_numbers_are_asked_by_keyboard_alone(visit, book, origins):
    page = visit(book / "index.html")
    expect(page.locator(".ask")).to_have_count(1)
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    first = page.evaluate("document.activeElement.dataset.of")
    assert first in origins["numbers"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=re.compile("comes from"))).to_contain_text(first)
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.of") == first
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.value, a')")


def test_of_a_sentence_that_the_data_pick_only_the_figures_are_asked(visit, book):
    page = visit(book / "index.html")
    expect(page.locator(".ask")).to_have_count(1)
    whole = page.locator("main p .value:has(.value)").first
    words, figure = whole.inner_text(), whole.locator(".value").first
    assert len(words) > 20
    assert re.fullmatch(r"\d[\d,.]*%?", figure.inner_text())
    box = page.get_by_role("dialog", name=re.compile("comes from"))
    # the first letter of the sentence
    spot = whole.evaluate(
        "all => { const range = document.createRange(), text = all.firstChild;"
        " range.setStart(text, 0); range.setEnd(text, 1);"
        " all.scrollIntoView({block: 'center', behavior: 'instant'});"
        " const at = range.getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]; }"
    )
    page.mouse.click(*spot)
    expect(box).to_have_count(0)
    figure.click()
    expect(box).to_contain_text(whole.get_attribute("data-of"))


def test_numbers_are_no_stops_of_the_keyboard_before_they_are_wanted(visit, book):
    page = visit(book / "index.html")
    expect(page.locator(".ask")).to_have_count(1)
    assert page.locator("main .value[tabindex]").count() == 0
