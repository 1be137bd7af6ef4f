"""The pages in a browser, from disk: no request outside, nothing wider than the screen, both color schemes."""

import pytest
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


def open_page(chromium, file, width, scheme="light"):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.troubles = []
    page.on("console", lambda message: page.troubles.append(message.text))
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("request", lambda request: page.troubles.append(request.url) if request.url.startswith("http") else None)
    page.goto(file.as_uri())
    return page


@pytest.fixture(scope="module")
def files(book):
    found = sorted(book.rglob("*.html"))
    assert len(found) == 5
    return found


@pytest.mark.parametrize("width", [390, 800, 1300])
def test_no_page_is_wider_than_the_screen_or_asks_for_anything_outside(chromium, files, width):
    for file in files:
        page = open_page(chromium, file, width)
        excess = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        assert excess <= 0, f"{file.name} at {width}"
        assert page.troubles == [], file.name
        page.context.close()


def test_every_image_is_drawn(chromium, files):
    drawn = 0
    for file in files:
        page = open_page(chromium, file, 1300)
        sizes = page.evaluate("Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth)))")
        assert all(size > 100 for size in sizes), file.name
        drawn += len(sizes)
        page.context.close()
    assert drawn == 4


def test_a_reader_can_choose_the_dark_scheme_and_it_is_remembered(chromium, files):
    page = open_page(chromium, files[0], 1300)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.get_by_role("button", name="Dark").click()
    after = page.evaluate(ground)
    assert after != before
    page.reload()
    assert page.evaluate(ground) == after
    page.context.close()


def test_the_system_s_dark_scheme_is_followed(chromium, files):
    grounds = set()
    for scheme in ("light", "dark"):
        page = open_page(chromium, files[0], 1300, scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.context.close()
    assert len(grounds) == 2


def test_code_is_folded_and_opens_by_keyboard(chromium, book):
    page = open_page(chromium, book / "chapters" / "agreement.html", 1300)
    summary = page.locator("details summary").first
    assert page.locator("details[open]").count() == 0
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    page.context.close()
