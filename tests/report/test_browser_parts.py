"""What both renderers' pages share, on a page that has nothing else: no look, head or foot of the press."""

import pytest
from browsers import PHONE
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><title>Growth</title><link rel="icon" href="data:,">
<meta name="origins" content="../results/origins.js"><script src="{templates}/parts.js"></script>
<link href="{templates}/parts.css" rel="stylesheet"></head><body class="quarto-light">
<a class="skip" href="#text">Skip to the text</a><main id="text">
<p>Of <span class="value" data-of="a.b">46</span> pairs</p>
<figure class="quarto-float-fig" style="overflow: auto"><div><svg width="600" height="10"></svg></div></figure>
<div class="scroll"><table><thead><tr><th>Year<th>Note</thead><tbody>
<tr><td>2020<td>Only the second half of the year is known.
<tr><td>2021<td>Doubtful</tbody></table></div>
</main></body></html>"""


@pytest.fixture
def page(visit, project, tmp_path):
    templates = project / "workflow" / "press" / "templates"
    (tmp_path / "page.html").write_text(PAGE.format(templates=templates.as_uri()))
    return visit(tmp_path / "page.html", PHONE)


def test_the_switch_of_numbers_is_out_of_sight_until_the_keyboard_comes_to_it(page):
    switch = page.get_by_role("button", name="Ask where numbers come from")
    expect(switch).to_have_count(1)
    expect(switch).not_to_be_in_viewport()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(switch).to_be_focused()
    expect(switch).to_be_in_viewport()


def test_a_figure_wider_than_the_phone_says_that_it_scrolls(page):
    figure = page.locator("figure")
    expect(figure).to_have_class("quarto-float-fig overflows")
    assert "Scroll sideways" in figure.evaluate("box => getComputedStyle(box, '::before').content")


def test_a_column_of_sentences_is_marked_so_that_it_gets_room(page):
    expect(page.locator("td.sentences")).to_have_text(["Only the second half of the year is known.", "Doubtful"])
    expect(page.locator("td:not(.sentences)")).to_have_text(["2020", "2021"])
