"""Taking away in a browser: a figure's code to copy, one switch for code, contents without a script, large letters."""

import pytest
from browsers import EXCESS, PHONE
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
SPACED = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"
SHOWN = """code => {
  const { body } = new DOMParser().parseFromString(code, "text/html");
  const image = body.querySelector("img");
  return [image.alt, image.getAttribute("src"), body.textContent];
}"""
COPIED = "() => { window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); }; }"


def test_one_switch_shows_and_hides_all_code_of_a_page(visit, book):
    page = visit(book / "chapters" / "agreement_statistics.html")
    switch = page.get_by_role("button", name="Show all code")
    switch.press("Enter")
    assert page.locator("details.code").count() == page.locator("details.code[open]").count() > 2
    expect(switch).to_have_count(0)
    page.locator("details.code > summary").first.click()
    expect(page.get_by_role("button", name="Show all code")).to_be_visible()
    page.get_by_role("button", name="Show all code").click()
    page.get_by_role("button", name="Hide all code").click()
    assert page.locator("details.code[open]").count() == 0


def test_the_code_that_shows_a_figure_elsewhere_has_its_picture_its_words_and_its_source(visit, book):
    page = visit(book / "chapters" / "growth.html")
    page.evaluate(COPIED)
    figure = page.locator("figure.fig:has(.figure-links)").first
    figure.get_by_role("button", name="Copy embed code").click()
    (code,) = page.evaluate("copied")
    alt = figure.locator("img").get_attribute("alt")
    assert "Put " in code and "beside your page" in code  # without an address
    shown = page.evaluate(SHOWN, code)
    assert shown[0] == alt
    assert "/" not in shown[1] and shown[1].rpartition(".")[2] in ("png", "svg")
    assert "Counted by NCMEC" in shown[2]
    page.evaluate("document.documentElement.dataset.site = 'https://count.report.eu/chapters/growth.html'")
    figure.get_by_role("button", name="Cop").click()
    code = page.evaluate("copied[1]")
    assert 'src="https://count.report.eu/figures/' in code
    assert f'href="https://count.report.eu/chapters/growth.html#{figure.get_attribute("id")}"' in code


def test_a_small_chart_of_a_provider_can_be_taken_away_with_the_address_of_its_section(visit, book):
    page = visit(book / "chapters" / "platforms.html")
    page.evaluate(COPIED)
    page.evaluate("document.documentElement.dataset.site = 'https://count.report.eu/chapters/platforms.html'")
    box = page.locator(".figure-links:has(a[href$='providers/discord.svg'])")
    assert box.get_by_role("link").all_inner_texts() == ["PNG", "SVG", "Data (CSV)"]
    box.get_by_role("button", name="Copy embed code").click()
    (code,) = page.evaluate("copied")
    assert 'src="https://count.report.eu/figures/providers/discord.png"' in code
    assert 'href="https://count.report.eu/chapters/platforms.html#provider-discord"' in code


@pytest.mark.parametrize("width", [1300, PHONE])
def test_links_of_a_picture_lie_below_it_and_not_on_its_words(visit, book, width):
    page = visit(book / "chapters" / "platforms.html", width=width)
    gaps = page.locator("figure:has(.figure-links)").evaluate_all(
        "all => all.map(one => one.querySelector('.figure-links').getBoundingClientRect().top"
        " - one.querySelector('img').getBoundingClientRect().bottom)"
    )
    assert len(gaps) > 5
    assert min(gaps) >= 0


def test_on_a_phone_without_a_script_the_text_comes_first_and_a_button_opens_the_contents(chromium, book):
    context = chromium.new_context(viewport={"width": PHONE, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto((book / "chapters" / "growth.html").as_uri())
    assert page.locator("h1").bounding_box()["y"] < 200
    assert not page.locator("#contents").is_visible()
    page.get_by_role("button", name="Contents").click()
    assert page.locator("#contents").get_by_role("link", name="Summary").is_visible()
    context.close()


@pytest.mark.parametrize("name", ["index", "chapters/world", "chapters/downloads", "chapters/sources"])
def test_no_page_is_wider_than_a_small_phone_when_text_is_spaced_wide(visit, book, name):
    page = visit(book / f"{name}.html", width=320)
    page.evaluate(SPACED, SPACING)
    assert page.evaluate(EXCESS) <= 0
    for button in page.locator("header.top button").all():
        box = button.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 320


def test_no_page_is_wider_than_a_phone_in_letters_twice_as_large_and_all_buttons_are_in_reach(chromium, book):
    large = chromium.browser_type.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    )
    page = large.new_page(viewport={"width": PHONE, "height": 844})
    for name in ("index", "chapters/world", "chapters/downloads", "chapters/sources"):
        page.goto((book / f"{name}.html").as_uri())
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > 30
        assert page.evaluate(EXCESS) <= 0, name
    page.get_by_role("button", name="Contents").click()
    head, contents = page.locator("header.top").bounding_box(), page.locator("#contents").bounding_box()
    assert contents["y"] >= head["height"] - 1
    large.close()


def test_a_report_of_an_error_can_be_copied_with_the_page_it_is_about(visit, book):
    page = visit(book / "chapters" / "growth.html")
    page.evaluate(COPIED)
    page.get_by_text("Report an error on this page").click()
    page.locator(".error-report").get_by_role("button", name="Copy").click()
    (text,) = page.evaluate("copied")
    assert "(chapters/growth.html)" in text and "Version: " in text
