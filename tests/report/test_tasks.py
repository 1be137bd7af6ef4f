"""What readers come for takes two steps or fewer: by mouse, by keyboard alone, on a phone, and without script.

A step is a click, or a key that leads on; typing into a field that has the focus is none.
"""

import re

import pytest
from browsers import PHONE, WIDE
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# organization, year, NCMEC's count, its own: facts of the past, which no later data change
DISCORD = ("provider-discord", "2022", "169,800", "58,179")


class Steps:
    """Counts what a reader does on a page."""

    def __init__(self, page):
        self.page, self.n = page, 0

    def click(self, target):
        self.n += 1
        target.click()

    def press(self, key):
        self.n += 1
        self.page.keyboard.press(key)

    def type(self, words):
        self.page.keyboard.type(words)


@pytest.fixture(params=[WIDE, PHONE])
def steps(request, visit, book):
    return Steps(visit(book / "index.html", request.param))


def section_of(page, address):
    """Return the texts from a heading to the next."""
    return page.locator(f"#{address}").evaluate(
        "e => { const all = []; for (let at = e.nextElementSibling; at && !/^H[1-3]$/.test(at.tagName);"
        " at = at.nextElementSibling) all.push(at.textContent); return all }"
    )


def check_discord(page):
    address, year, theirs, own = DISCORD
    page.wait_for_url(re.compile(f"platforms.html#{address}$"))
    expect(page.locator(f"#{address}")).to_be_in_viewport()
    texts = section_of(page, address)
    assert "disagrees with NCMEC" in texts[0]
    row = page.locator(f"#{address} ~ .scroll").first.locator("tr", has_text=year).first
    expect(row).to_contain_text(own)
    expect(row).to_contain_text(theirs)


def hits(page):
    return page.get_by_role("dialog").get_by_role("link")


def test_how_many_reports_did_discord_make_by_mouse(steps):
    steps.click(steps.page.get_by_role("button", name="Search"))
    steps.type("Discord 2022")
    expect(hits(steps.page).first).to_contain_text("Discord")
    steps.click(hits(steps.page).first)
    check_discord(steps.page)
    assert steps.n <= 2


def test_how_many_reports_did_discord_make_by_keyboard_alone(steps):
    steps.press("/")
    steps.type("Discord 2022")
    expect(hits(steps.page).first).to_contain_text("Discord")
    steps.press("Enter")
    check_discord(steps.page)
    assert steps.n <= 2


def check_verdicts(page):
    page.wait_for_url(re.compile(r"platforms\.html"))
    rows = page.locator("#tbl-verdicts tbody tr")
    expect(rows.first).to_be_in_viewport()
    found = [re.sub(r"\s+", " ", text) for text in rows.all_inner_texts()]
    disagree = [text for text in found if "Disagrees" in text]
    assert found[: len(disagree)] == disagree != []
    link = rows.first.get_by_role("link")
    assert page.locator(link.get_attribute("href")).count() == 1


def test_which_providers_disagree_by_mouse(steps):
    steps.click(steps.page.get_by_role("button", name="Search"))
    steps.type("which providers disagree")
    expect(hits(steps.page).first).to_contain_text("disagree")
    steps.click(hits(steps.page).first)
    check_verdicts(steps.page)
    assert steps.n <= 2


def test_which_providers_disagree_by_keyboard_alone(steps):
    steps.press("/")
    steps.type("which providers disagree")
    expect(hits(steps.page).first).to_contain_text("disagree")
    steps.press("Enter")
    check_verdicts(steps.page)
    assert steps.n <= 2


def test_which_providers_disagree_without_script(visit, book):
    page = visit(book / "index.html", java_script_enabled=False)
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Provider by provider").click()
    check_verdicts(page)
    page.locator("#tbl-verdicts").get_by_role("link", name="Discord", exact=True).click()
    check_discord(page)


@pytest.mark.parametrize("name", ["Roblox", "Tinder", "SurveyMonkey", "Truth Social"])
def test_the_search_finds_each_provider_by_any_of_its_names_and_leads_to_its_row(steps, name):
    steps.press("/")
    steps.type(name)
    first = hits(steps.page).first
    expect(first).to_contain_text(re.compile(r"20\d\d: \d"))
    steps.press("Enter")
    steps.page.wait_for_url(re.compile(r"look_up\.html#provider-"))
    row = steps.page.locator("tr:has(:target)")
    expect(row).to_contain_text(name)
    expect(row).to_be_in_viewport()
    assert steps.n <= 2


@pytest.mark.parametrize(("name", "address"), [("MindGeek", "provider-aylo"), ("WhatsApp", "provider-whatsapp")])
def test_the_search_leads_to_an_organization_that_has_nothing_to_audit(steps, name, address):
    steps.press("/")
    steps.type(name)
    expect(hits(steps.page).first).to_contain_text("Provider by provider")
    steps.press("Enter")
    steps.page.wait_for_url(re.compile(rf"platforms\.html#{address}$"))
    expect(steps.page.locator(f"#{address}")).to_be_in_viewport()
    assert steps.n <= 2


def test_the_table_of_all_providers_filters_by_former_names(visit, book):
    page = visit(book / "chapters" / "look_up.html")
    page.get_by_label("Filter rows").fill("myyearbook")
    expect(page.locator("#tbl-look-up tbody tr:visible")).to_have_count(1)
    expect(page.locator("#tbl-look-up tbody tr:visible")).to_contain_text("MeetMe")


def test_an_address_leads_to_its_heading_though_what_stands_above_changes_its_height(visit, book):
    page = visit(f"{(book / 'chapters' / 'platforms.html').as_uri()}#provider-discord", PHONE)
    heading = page.locator("#provider-discord")
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)
    top = heading.evaluate("heading => heading.getBoundingClientRect().top")
    assert 0 < top < 150
