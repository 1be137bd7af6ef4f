"""The look-up of places in a browser, from disk: by mouse, by keyboard alone, on a phone, without JavaScript."""

import json
import re

import pytest
from browsers import EXCESS, PHONE, WIDE, thin_violations, wait_for
from playwright.sync_api import expect

from countback.io.tables import read_table

pytestmark = pytest.mark.browser


@pytest.fixture
def places(book):
    return book / "chapters" / "places.html"


@pytest.fixture(scope="module")
def rows(built):
    return read_table(built / "results" / "tables" / "place_years.csv").set_index(["iso3", "year"]).sort_index()


@pytest.fixture(scope="module")
def cards(built):
    text = (built / "figures" / "places.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("window.placeCards = ").rstrip().removesuffix(";"))


def years_of(rows, code):
    """Return what the card of a place must show in the rows of its tables: each year's counts, as printed."""
    shown = {}
    for (_, year), row in rows.loc[[code]].iterrows():
        names = ["reports"] if row["counts_once"] == "report" else ["referrals", "informational"]
        shown[str(year)] = [f"{row[name]:,.0f}" for name in names]
    return shown


def expect_card(page, rows, code):
    expect(page.locator(".place-card h2")).to_have_text(rows.loc[code]["name"].iloc[0], timeout=20_000)
    for year, counts in years_of(rows, code).items():
        cells = page.locator(".place-card tbody tr", has=page.locator(f"td:text-is('{year}')")).locator("td")
        assert cells.all_inner_texts()[1 : 1 + len(counts)] == counts
    assert page.evaluate("location.hash") == f"#place-{code}"


def test_two_steps_by_mouse_lead_from_the_first_page_to_all_years_of_a_place(visit, book, rows):
    page = visit(book / "index.html")
    page.get_by_role("link", name="Look up a place").first.click()
    page.get_by_label("Type a place").fill("ken")
    page.get_by_role("option", name="Kenya").click()
    expect_card(page, rows, "KEN")


def test_the_search_leads_to_the_card_by_keyboard_alone(visit, book, rows):
    page = visit(book / "index.html")
    page.keyboard.press("/")
    page.keyboard.type("Kenya")
    expect(page.get_by_role("dialog").get_by_role("link").first).to_have_attribute("href", re.compile("#place-KEN$"))
    page.keyboard.press("Enter")
    expect_card(page, rows, "KEN")


def test_the_box_is_used_by_keyboard_alone_and_the_card_has_the_focus_then(visit, places):
    page = visit(places)
    box = page.get_by_role("combobox", name="Type a place")
    box.focus()
    page.keyboard.type("guinea")
    expect(box).to_have_attribute("aria-expanded", "true")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    name = second.inner_text()
    expect(second).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".place-card h2")).to_have_text(name)
    expect(page.locator(".place-card h2")).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('.place-card').contains(document.activeElement)")


def test_escape_closes_the_list_and_then_empties_the_box(visit, places):
    page = visit(places)
    box = page.get_by_role("combobox", name="Type a place")
    box.fill("ken")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("ken")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")


NAMES = {
    **{"TURKEY": "TUR", "ivory coast": "CIV", "cote d'iv": "CIV", "aland": "ALA", "uk": "GBR", "ken": "KEN"},
    **{"Holland": "NLD", "britain": "GBR", "America": "USA", "burma": "MMR", "The Gambia": "GMB", "espana": "ESP"},
    **{"zaire": "COD", "Holy See": "VAT"},
}


def test_a_place_is_found_by_other_names_without_accents_and_capitals(visit, places):
    page = visit(places)
    for typed, code in NAMES.items():
        page.evaluate("history.replaceState(null, '', location.pathname)")
        page.get_by_label("Type a place").fill(typed)
        page.keyboard.press("Enter")
        wait_for(page, f"location.hash === '#place-{code}'")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Korea", {"North Korea", "South Korea"}),
        ("Congo", {"Democratic Republic of the Congo", "Republic of the Congo"}),
    ],
)
def test_a_name_of_two_places_leads_to_both(visit, places, typed, names):
    page = visit(places)
    page.get_by_label("Type a place").fill(typed)
    shown = page.get_by_role("option").all_inner_texts()
    assert names <= {re.sub(rf" {typed}$", "", text) if text not in names else text for text in shown}


def test_a_name_that_no_place_has_is_said_to_be_none(visit, places):
    page = visit(places)
    page.get_by_label("Type a place").fill("Atlantis")
    expect(page.locator(".lookup .nothing")).to_have_text("No place has this name.")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_an_address_leads_to_the_card_and_back_leads_to_the_one_before(visit, places, rows):
    page = visit(f"{places.as_uri()}#place-KEN")
    expect_card(page, rows, "KEN")
    expect(page.locator(".place-card h2")).to_be_in_viewport()
    page.get_by_label("Type a place").fill("Chad")
    page.keyboard.press("Enter")
    expect_card(page, rows, "TCD")
    page.go_back()
    expect_card(page, rows, "KEN")


def test_a_card_has_the_caution_both_numbers_of_the_clearinghouse_help_and_where_newer_numbers_are(
    visit, places, cards
):
    page = visit(f"{places.as_uri()}#place-KEN")
    card = page.locator(".place-card")
    expect(card).to_contain_text("not indicative of the level of child sexual abuse")
    place = next(place for place in cards["places"] if place["id"] == "KEN")
    _, referrals, printed, low, high, _ = place["platform"][-1]
    for number in (referrals, int(printed), low, high):
        expect(card).to_contain_text(f"{number:,.0f}")
    for at in [*place["help"], *cards["everywhere"]]:
        expect(card.get_by_role("link", name=cards["help"][at]["name"], exact=True)).to_be_visible()
    for newer in cards["newer"]:
        assert card.get_by_role("link", name=newer["title"]).get_attribute("href") == newer["url"]


def test_a_place_without_help_of_its_own_has_the_services_for_people_anywhere(visit, places, cards):
    place = next(place for place in cards["places"] if not place["help"] and place["report"])
    page = visit(f"{places.as_uri()}#place-{place['id']}")
    card = page.locator(".place-card")
    expect(card).to_contain_text("This report has no hotline or helpline")
    assert cards["everywhere"]
    for at in cards["everywhere"]:
        expect(card.get_by_role("link", name=cards["help"][at]["name"], exact=True)).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_card_fits_the_screen_and_axe_core_finds_no_violation(visit, places, width, scheme):
    page = visit(f"{places.as_uri()}#place-KEN", width, scheme)
    expect(page.locator(".place-card h2")).to_have_text("Kenya")
    assert page.evaluate(EXCESS) <= 0
    page.get_by_label("Type a place").fill("guinea")
    assert page.evaluate(EXCESS) <= 0
    assert thin_violations(page) == []


def test_on_a_phone_a_place_is_found_by_typing_and_tapping(visit, places, rows):
    page = visit(places, PHONE)
    page.get_by_label("Type a place").fill("kenya")
    page.get_by_role("option", name="Kenya").click()
    expect_card(page, rows, "KEN")
    expect(page.locator(".place-card h2")).to_be_in_viewport()


def test_a_table_of_a_card_that_is_wider_than_the_phone_says_that_it_scrolls(visit, places):
    page = visit(f"{places.as_uri()}#place-KEN", PHONE)
    box = page.get_by_role("group", name="Received reports")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth + 1")
    expect(box).to_have_class("scroll overflows")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_without_a_script_the_address_leads_to_a_row_with_all_years(visit, places, rows, width):
    page = visit(f"{places.as_uri()}#place-KEN", width, java_script_enabled=False)
    row = page.locator("tr", has=page.locator("#place-KEN"))
    cells = row.locator("td").all_inner_texts()
    for counts in years_of(rows, "KEN").values():
        assert set(counts) <= set(cells)
    expect(row).to_be_in_viewport()
    expect(page.locator(".lookup")).to_contain_text("The table below has the same numbers")


def test_the_table_of_places_shows_its_last_column_on_a_desktop(visit, places):
    page = visit(places)
    box = page.locator("#tbl-places .scroll")
    box.wait_for()
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 1


def test_every_place_of_the_data_has_one_row_with_its_address(visit, places, rows):
    page = visit(places, java_script_enabled=False)
    ids = page.locator("td [id^=place-]").evaluate_all("found => found.map(one => one.id)")
    assert sorted(ids) == sorted(f"place-{code}" for code in rows.index.get_level_values("iso3").unique())


def test_a_card_without_a_line_for_children_says_so_and_one_with_such_a_line_does_not(visit, places, cards):
    def has_line(place):
        return any(cards["help"][at]["kind"] == "helpline" for at in place["help"])

    helped = [place for place in cards["places"] if place["help"]]
    for place in (next(one for one in helped if has_line(one)), next(one for one in helped if not has_line(one))):
        page = visit(f"{places.as_uri()}#place-{place['id']}")
        expect(page.locator(".place-card h2")).to_have_text(place["name"], timeout=20_000)
        said = "This report has no helpline for children in this place." in page.locator(".place-card").inner_text()
        assert said != has_line(place), place["name"]


def test_a_name_that_no_place_has_leaves_no_other_places_card(visit, places):
    page = visit(f"{places.as_uri()}#place-KEN")
    expect(page.locator(".place-card h2")).to_have_text("Kenya", timeout=20_000)
    page.get_by_label("Type a place").fill("kenxyz")
    expect(page.locator(".place-card")).to_be_hidden()


def test_a_card_warns_of_numbers_in_doubt_and_says_what_is_no_country(visit, places, rows, cards):
    doubtful = rows[(rows["warnings"] == "doubtful") & rows["platform_low"].notna()]
    code, year = doubtful.index[0]
    page = visit(f"{places.as_uri()}#place-{code}")
    expect(page.locator(".place-card .remark")).to_contain_text(f"The referrals of {year} are in doubt")
    page = visit(f"{places.as_uri()}#place-KEN")
    expect(page.locator(".place-card h2")).to_have_text("Kenya")
    expect(page.locator(".place-card .remark")).to_have_count(0)
    nowhere = next(place for place in cards["places"] if place["id"] == "EEE")
    page = visit(f"{places.as_uri()}#place-EEE")
    expect(page.locator(".place-card .remark")).to_have_text(nowhere["remarks"])


def test_the_rank_of_the_level_is_one_interval_of_one_year(visit, places, rows):
    page = visit(f"{places.as_uri()}#place-KEN")
    last = rows.loc["KEN"].dropna(subset="rank_low").iloc[-1]
    interval = f"the level of this place ranks between {last['rank_low']} and {last['rank_high']}"
    expect(page.locator(".place-card")).to_contain_text(f"Among the places of {last.name}, {interval}")
    assert "Rank of the level" not in page.locator(".place-card").inner_text()


def test_the_help_of_a_card_is_dated_and_take_it_down_is_no_hotline(visit, places):
    page = visit(f"{places.as_uri()}#place-THA")
    expect(page.locator(".place-card li", has_text="Childline Thailand")).to_contain_text(
        re.compile(r", as of 20\d\d\)")
    )
    other = page.locator(".place-card li", has_text="Take It Down")
    expect(other).to_contain_text("to have images of oneself removed")
    assert "hotline" not in other.inner_text()
