"""What pages do in a browser: search, notes, panels, schemes, contents, by mouse, by keyboard and on a phone."""

import re
from io import BytesIO

import pytest
from browsers import PHONE, WIDE, serving, violations, wait_for
from matplotlib.image import imread
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def server(book):
    with serving(book) as home:
        yield home


def search(page, words):
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(words)
    return page.get_by_role("dialog").get_by_role("link")


def focus_by_keyboard(link):
    link.focus()
    link.page.keyboard.press("Shift+Tab")
    link.page.keyboard.press("Tab")


SCREENS = [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark")]


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_core_finds_no_violation_also_with_a_note_the_search_or_the_contents_open(visit, hard, width, scheme):
    page = visit(hard, width, scheme)
    assert violations(page) == []
    focus_by_keyboard(page.locator("#fnref1"))
    expect(page.locator(".note")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(search(page, "repor").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    if width == PHONE:
        page.get_by_role("button", name="Contents").click()
        assert violations(page) == []


def test_on_a_phone_the_first_figures_are_shown_by_a_drawing_that_fits_it(visit, book):
    shown = "document.querySelector('picture img').currentSrc"
    for name, figure in (("one_page", "agreement_apart"), ("growth", "reports_by_year")):
        page = visit(book / "chapters" / f"{name}.html", PHONE)
        assert page.evaluate(shown).endswith(f"/figures/narrow/{figure}.svg")
        # letters are not smaller there than they are drawn
        assert page.evaluate("(i => i.offsetWidth / i.naturalWidth)(document.querySelector('picture img'))") >= 1
        page.emulate_media(media="print")
        wait_for(page, f"{shown}.endsWith('/figures/{figure}.svg')")
        page.emulate_media(media="screen")


def test_in_the_dark_a_figure_has_the_ground_of_the_page_and_it_is_printed_as_it_is_drawn(visit, book):
    page = visit(book / "chapters" / "growth.html", WIDE, "dark")
    picture = imread(BytesIO(page.locator("figure.fig img").first.screenshot()))
    corner = [round(255 * part) for part in picture[3, 3, :3].tolist()]
    ground = [int(part) for part in re.findall(r"\d+", page.evaluate(GROUND))]
    assert max(abs(one - other) for one, other in zip(corner, ground, strict=True)) <= 6
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('figure.fig img')).filter") == "none"
    page.emulate_media(media="screen")


def test_a_reader_can_choose_the_dark_scheme_and_it_is_remembered(visit, files):
    page = visit(files[0])
    before = page.evaluate(GROUND)
    page.get_by_role("button", name="Dark").click()
    after = page.evaluate(GROUND)
    assert after != before
    page.reload(wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate(GROUND) == after
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(GROUND) == before


def test_the_scheme_is_set_before_anything_is_painted(visit, files):
    page = visit(files[0], is_new=True)
    page.get_by_role("button", name="Dark").click()
    page.add_init_script(
        "new MutationObserver((_, seen) => { if (!document.body) return; seen.disconnect();"
        " window.early = document.documentElement.dataset.theme; }).observe(document, {childList: true, subtree: true})"
    )
    page.reload()
    assert page.evaluate("window.early") == "dark"


def test_a_choice_that_cannot_be_kept_lasts_for_the_page(visit, files):
    page = visit(files[0], is_new=True)
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('closed') } })")
    page.reload()
    before = page.evaluate(GROUND)
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(GROUND) != before


def test_the_system_s_scheme_is_followed(visit, files):
    page = visit(files[0])
    before = page.evaluate(GROUND)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GROUND) != before
    expect(page.get_by_role("button", name="Light")).to_be_visible()


@pytest.mark.parametrize("place", ["disk", "server"])
def test_a_search_finds_a_section_by_part_of_a_word_or_a_slip_and_leads_there(visit, book, server, place):
    page = visit(book / "index.html" if place == "disk" else server + "index.html")
    loaded = "document.querySelectorAll('script[src*=search]').length"  # the sections, and what searches them
    assert page.evaluate(loaded) == 0
    assert search(page, "prevalen").first.inner_text()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("section")
    assert page.evaluate(loaded) == 2
    hits = search_again(page, "providrs against")
    expect(hits.first.locator("mark").first).to_have_text("Providers")
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/agreement.html#*")
    expect(dialog).to_be_hidden()


def search_again(page, words):
    page.get_by_role("searchbox").fill(words)
    return page.get_by_role("dialog").get_by_role("link")


def test_a_search_finds_what_stands_in_tables_and_says_when_there_is_nothing(visit, book):
    page = visit(book / "chapters" / "agreement.html")
    hits = search(page, "Pinterest")
    expect(hits.first).to_be_visible()
    search_again(page, "zzzzqqqq")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("No sections found")
    expect(hits).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


NAMES = {
    "Holland": "places.html#place-NLD",
    "holland": "places.html#place-NLD",
    "Burma": "places.html#place-MMR",
    "UK": "places.html#place-GBR",
    "cote d'ivoire": "places.html#place-CIV",
    "tik tok": "platforms.html#provider-tiktok",
    "face book": "platforms.html#provider-facebook",
    "X.com": "platforms.html#provider-x",
    "unitedkingdom": "places.html#place-GBR",
}


def test_a_search_finds_a_name_that_is_written_otherwise(visit, book):
    page = visit(book / "index.html")
    search(page, "")
    for typed, address in NAMES.items():
        hits = search_again(page, "zzzzqqqq")
        expect(hits).to_have_count(0)
        hits = search_again(page, typed)
        expect(hits.first).to_have_attribute("href", re.compile(re.escape(address) + "$"))


def test_a_hit_by_another_name_says_by_which(visit, book):
    expect(search(visit(book / "index.html"), "Holland").first.locator("mark").first).to_have_text("Holland")


def test_a_search_finds_other_endings_of_a_word(visit, book):
    page = visit(book / "index.html")
    found = search(page, "bundling")
    expect(found.filter(has_text="bundled").first).to_be_visible()
    by_one_ending = sorted(found.evaluate_all("links => links.map((link) => link.hash)"))
    again = search_again(page, "bundled")
    assert sorted(again.evaluate_all("links => links.map((link) => link.hash)")) == by_one_ending


def test_what_stands_in_the_index_is_shown_as_text(visit, hard):
    index = hard.parents[1] / "assets" / "search.js"
    kept = index.read_text()
    index.write_text(
        'window.bookSections = [{"href": "index.html#x", "page": "<i>P</i>", "title": "<b>Bold</b>", '
        '"text": "bold <img src=x onerror=alert(1)> bold"}];'
    )
    page = visit(hard, is_new=True)
    expect(search(page, "bold").first).to_contain_text("<b>Bold</b>")
    assert page.locator("dialog :is(b, i, img)").count() == 0
    index.write_text(kept)


def test_a_footnote_shows_at_the_focus_and_goes_by_escape(visit, hard):
    page = visit(hard)
    focus_by_keyboard(page.locator("#fnref1"))
    note = page.locator(".note")
    expect(note).to_have_text("A note at the end.")
    expect(page.locator("#fnref1")).to_have_accessible_description("A note at the end.")
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(page.locator("#fnref1")).to_be_focused()


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_reference_shows_under_the_pointer_and_stays_while_the_pointer_is_in_it(visit, book, width):
    anchor = visit(book / "index.html", width).locator("main a[href*='#ref-']").first.get_attribute("href")
    entry = (
        visit((book / "references.html").as_uri() + anchor.removeprefix("references.html"))
        .locator(":target")
        .inner_text()
    )
    page = visit(book / "index.html", width)
    page.locator("main a[href*='#ref-']").first.hover()
    note = page.locator(".note")
    expect(note).to_have_text(entry)
    note.hover()
    page.wait_for_timeout(400)
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.mouse.move(5, 5)
    expect(note).to_have_count(0)


def test_a_reference_to_a_table_shows_its_caption(visit, book):
    page = visit(book / "chapters" / "agreement.html")
    link = page.locator("main a.xref[href*='#tbl-']").first
    caption = page.locator(link.get_attribute("href")).locator("figcaption").inner_text()
    assert caption.startswith(f"{link.inner_text()}: ")
    link.hover()
    expect(page.locator(".note")).to_contain_text(caption)


def test_panels_are_tabs_by_keyboard(visit, hard):
    page = visit(hard)
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["Counts", "Shares", "Notes"])
    expect(page.get_by_role("tabpanel", name="Counts")).to_be_visible()
    tabs.first.focus()
    shown = {"ArrowRight": "Shares", "End": "Notes", "Home": "Counts", "ArrowLeft": "Notes"}
    for key, name in shown.items():
        page.keyboard.press(key)
        expect(page.get_by_role("tab", name=name, selected=True)).to_be_focused()
        expect(page.locator(".tab:not([hidden]) .tab-title")).to_have_text(name)
    page.evaluate("location.hash = 'shares'")
    expect(page.get_by_role("tab", name="Shares", selected=True)).to_be_visible()


def test_panels_stand_one_below_the_other_in_print_and_without_script(visit, hard):
    page = visit(hard)
    page.emulate_media(media="print")
    for name in ("counts", "shares", "notes"):
        expect(page.locator(f"#{name}")).to_be_visible()
    still = visit(hard, java_script_enabled=False)
    tops = [still.locator(f"#{name}").bounding_box()["y"] for name in ("counts", "shares", "notes")]
    assert tops == sorted(set(tops))
    assert [name for name in ("Search", "Dark", "Copy") if still.get_by_role("button", name=name).is_visible()] == []


def test_panels_of_figures_stand_side_by_side_and_on_a_phone_below_each_other(visit, hard):
    for width, side_by_side in ((WIDE, True), (PHONE, False)):
        left, right = (figure.bounding_box() for figure in visit(hard, width).locator(".panel figure").all())
        assert (left["y"] == right["y"]) == side_by_side


def test_code_is_folded_and_opens_by_keyboard(visit, book):
    page = visit(book / "chapters" / "agreement.html")
    summary = page.locator("details summary").first
    assert page.locator("details[open]").count() == 0
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


def test_code_is_copied_by_keyboard_and_the_button_says_so(visit, book):
    page = visit(book / "index.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("#cite").get_by_role("button", name="Copy")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cite").get_by_role("button")).to_have_text("Copied")
    expect(page.locator("header [role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#cite pre").inner_text()


def test_on_a_phone_the_name_of_a_group_fits_the_screen_also_when_the_table_is_scrolled(visit, book):
    page = visit(book / "chapters" / "replication_details.html", PHONE)
    heads = "[...document.querySelectorAll('#tbl-headlines .gt_group_heading > *')]"
    boxes = f"{heads}.map(head => head.getBoundingClientRect()).map(box => [box.left, box.right])"
    for scrolled in (0, 60):
        page.evaluate(f"document.querySelector('#tbl-headlines .scroll').scrollLeft = {scrolled}")
        found = page.evaluate(boxes)
        assert len(found) > 5
        assert all(0 <= left < right <= PHONE for left, right in found)


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_the_contents_tell_chapter_and_section_while_the_reader_scrolls(visit, book, width):
    page = visit(book / "chapters" / "agreement.html", width)
    heading = page.locator("article h2").nth(2)
    heading.evaluate("heading => heading.scrollIntoView()")
    if width == PHONE:
        expect(page.get_by_role("navigation", name="Contents")).to_be_hidden()
        page.get_by_role("button", name="Contents").dispatch_event("click")  # a click of the driver would scroll
    nav = page.get_by_role("navigation", name="Contents")
    expect(nav.locator("[aria-current=page]")).to_contain_text("Providers against NCMEC")
    expect(nav.locator("[aria-current=location]")).to_have_attribute("href", f"#{heading.get_attribute('id')}")


def test_on_a_phone_the_contents_close_by_escape_and_when_a_section_is_chosen(visit, book):
    page = visit(book / "chapters" / "agreement.html", PHONE)
    button, nav = page.get_by_role("button", name="Contents"), page.get_by_role("navigation", name="Contents")
    button.click()
    expect(nav).to_be_visible()
    page.keyboard.press("Escape")
    expect(nav).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    nav.get_by_role("link", name="What this means").click()
    expect(nav).to_be_hidden()
    expect(page.get_by_role("heading", name="What this means")).to_be_in_viewport()


def test_only_what_scrolls_takes_the_focus_and_says_that_it_scrolls(visit, hard):
    page = visit(hard)
    wide, narrow = page.locator(".scroll").all()
    expect(wide).to_have_attribute("tabindex", "0")
    assert wide.evaluate("box => getComputedStyle(box, '::before').content") != "none"
    expect(narrow).not_to_have_attribute("tabindex", "0")
    assert narrow.evaluate("box => getComputedStyle(box, '::before').content") == "none"
    expect(page.locator("pre.sourceCode")).to_have_attribute("tabindex", "0")


def test_a_keyboard_skips_to_the_text(visit, book):
    page = visit(book / "chapters" / "agreement.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
