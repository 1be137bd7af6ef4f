"""The map to explore in a browser: years, places and parts of the world chosen, the same numbers as the table's."""

import pandas as pd
import pytest
from browsers import PHONE, WIDE, thin_violations, wait_for
from playwright.sync_api import expect

from countback.io.tables import read_table

pytestmark = pytest.mark.browser


MIDDLE_OF = """id => {
  const at = worldMap.places.find(place => place.id === id).path;
  const mark = [...document.querySelectorAll(".sheet svg > path")].find(path => path.getAttribute("d") === at);
  const box = mark.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


def drag(page, start, end):
    """Move a finger over the screen, as the browser gets it from a touch screen."""
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", start)
    for step in range(1, 11):
        touch("touchMove", tuple(one + (other - one) * step / 10 for one, other in zip(start, end, strict=True)))
    touch("touchEnd")


def shown(page):
    return [float(number) for number in page.locator(".sheet svg").get_attribute("viewBox").split()]


@pytest.fixture
def world(book):
    return book / "chapters" / "world.html"


@pytest.fixture(scope="module")
def counts(built):
    return read_table(built / "results" / "tables" / "jurisdiction_years.csv").set_index(["iso3", "year"])


def told(row, year):
    return f"{row['name']}, {year}: {row['reports']:,} reports, {row['reports_per_100k']:,.1f} per 100,000 people."


def test_a_place_and_a_year_chosen_by_keyboard_are_told_as_the_data_have_them(visit, world, counts):
    page = visit(world)
    line = page.locator(".explorer [role=status]")
    last = counts.index.get_level_values("year").max()
    expect(line).to_contain_text(str(last))
    page.get_by_label("Place").select_option("IDN")
    expect(line).to_have_text(told(counts.loc["IDN", last], last))
    page.get_by_label(str(last), exact=True).focus()
    page.keyboard.press("ArrowLeft")
    expect(line).to_have_text(told(counts.loc["IDN", last - 1], last - 1))
    expect(page.locator(".chosen > *")).to_have_count(1)


def test_every_place_has_the_color_of_its_class_and_one_without_a_rate_is_striped(visit, world, built):
    page = visit(world)
    data = pd.read_csv(built / "figures" / "maps.csv")
    year = int(data["year"].min())
    page.get_by_label(str(year), exact=True).check()
    page.locator(".sheet").wait_for()
    colors = page.evaluate(
        "[...document.querySelectorAll('.sheet svg > :is(path, circle)')].map(mark => mark.style.fill)"
    )
    classes = data[data["year"] == year]["rate_class"]
    n_striped = sum("no-rate" in color for color in colors)
    n_places = page.evaluate("worldMap.places.length")
    assert len(colors) == n_places > 200
    assert n_striped == n_places - classes.notna().sum()
    assert len(set(colors)) == classes.nunique() + 1


def test_a_place_is_chosen_by_the_pointer(visit, world):
    page = visit(world)
    at = page.evaluate("worldMap.places.findIndex(place => place.id === 'BRA')")
    page.locator(".sheet svg > path").first.wait_for()
    page.evaluate(
        "at => [...document.querySelectorAll('.sheet svg > path')]"
        ".find(path => path.getAttribute('d') === worldMap.places[at].path)"
        ".dispatchEvent(new MouseEvent('click', {bubbles: true}))",
        at,
    )
    expect(page.get_by_label("Place")).to_have_value("BRA")
    expect(page.locator(".explorer [role=status]")).to_contain_text("Brazil")


def test_what_is_told_of_a_place_under_the_pointer_goes_with_the_pointer_and_with_the_year(visit, world, counts):
    page = visit(world)
    mark, hint = page.locator(".sheet svg > path").first, page.locator(".hint")
    first = counts.index.get_level_values("year").min()
    for leave in (lambda: mark.dispatch_event("pointerleave"), page.get_by_label(str(first), exact=True).check):
        mark.dispatch_event("pointerenter")
        expect(hint).not_to_be_empty()
        leave()
        expect(hint).to_be_empty()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "dark"), (PHONE, "light")])
def test_axe_core_finds_no_violation_with_a_place_chosen(visit, world, width, scheme):
    page = visit(world, width, scheme)
    page.get_by_label("Place").select_option("FJI")
    expect(page.locator(".explorer [role=status]")).to_contain_text("Fiji")
    assert thin_violations(page) == []


def test_what_a_place_is_stands_at_the_pointer(visit, world):
    page = visit(world)
    page.get_by_label("Place").select_option("BRA")
    page.locator(".sheet svg").scroll_into_view_if_needed()
    box = page.locator(".chosen > *").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    hint = page.locator(".hint")
    expect(hint).to_contain_text("Brazil")
    shown = hint.bounding_box()
    assert abs(shown["x"] - x) < 40
    assert 0 < shown["y"] - y < 40


def test_a_part_of_the_world_is_shown_larger_and_dots_are_apart(visit, world):
    page = visit(world)
    wide = page.locator(".sheet svg").get_attribute("viewBox").split()
    page.get_by_label("Show").select_option("Europe")
    near = page.locator(".sheet svg").get_attribute("viewBox").split()
    assert float(near[2]) < float(wide[2]) / 3
    page.get_by_role("button", name="Zoom out").click()
    page.get_by_role("button", name="Zoom out").click()
    page.get_by_role("button", name="Zoom out").click()
    assert page.locator(".sheet svg").get_attribute("viewBox").split() == wide
    expect(page.get_by_role("button", name="Zoom out")).to_be_disabled()


def to_sheet(page):
    """Bring the map into sight; return its box and its middle."""
    sheet = page.locator(".sheet svg")
    sheet.evaluate("one => one.scrollIntoView({ block: 'center' })")
    box = sheet.bounding_box()
    return box, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_finger_over_the_whole_world_scrolls_the_page(visit, world):
    page = visit(world, PHONE, has_touch=True)
    _, middle = to_sheet(page)
    whole, scrolled = shown(page), page.evaluate("scrollY")
    drag(page, middle, (middle[0], middle[1] - 80))
    wait_for(page, "before => scrollY > before + 40", scrolled)
    assert shown(page) == whole


def test_a_finger_moves_a_part_of_the_world_and_a_tap_chooses_a_place(visit, world):
    page = visit(world, PHONE, has_touch=True)
    page.get_by_label("Show").select_option("Asia")
    box, middle = to_sheet(page)
    page.touchscreen.tap(*page.evaluate(MIDDLE_OF, "CHN"))
    expect(page.get_by_label("Place")).to_have_value("CHN")
    before, scrolled = shown(page), page.evaluate("scrollY")
    drag(page, middle, (middle[0] - 60, middle[1] - 40))
    left, top, width, height = shown(page)
    step = max(width / box["width"], height / box["height"])  # what is under the finger stays there
    assert [left - before[0], top - before[1]] == pytest.approx([60 * step, 40 * step], rel=0.05)
    assert [width, height] == pytest.approx(before[2:])
    assert abs(page.evaluate("scrollY") - scrolled) < 15  # a page still loading may move a little
    expect(page.get_by_label("Place")).to_have_value("CHN")


def test_a_map_moved_by_mouse_takes_no_place_and_keeps_its_middle_on_the_world(visit, world):
    page = visit(world)
    page.get_by_label("Show").select_option("Africa")
    box, middle = to_sheet(page)
    for _ in range(6):
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0] + 0.45 * box["width"], middle[1], steps=4)
        page.mouse.up()
    left, _, width, _ = shown(page)
    assert left + width / 2 == pytest.approx(-12)
    expect(page.get_by_label("Place")).to_have_value("")


def test_steps_nearer_keep_the_chosen_place_in_sight(visit, world):
    page = visit(world)
    page.get_by_label("Place").select_option("MLT")
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    ring, sheet = (page.locator(name).bounding_box() for name in (".chosen > *", ".sheet svg"))
    assert sheet["x"] + 0.3 * sheet["width"] < ring["x"] < sheet["x"] + 0.7 * sheet["width"]


def test_the_address_says_what_is_chosen_and_leads_there(visit, world, counts):
    page = visit(world)
    first = counts.index.get_level_values("year").min()
    page.get_by_label(str(first), exact=True).check()
    page.get_by_label("Place").select_option("KEN")
    assert page.evaluate("location.hash") == f"#map-{first}-KEN"
    other = visit(page.url, PHONE)
    expect(other.locator(".explorer .told")).to_have_text(told(counts.loc["KEN", first], first))
    expect(other.locator(".explorer")).to_be_in_viewport()


def test_a_chosen_place_links_to_its_card(visit, world):
    page = visit(world)
    page.get_by_label("Place").select_option("KEN")
    page.get_by_role("link", name="All years of Kenya").click()
    expect(page.locator(".place-card h2")).to_have_text("Kenya")


def test_a_place_without_a_rate_is_a_small_dot(visit, world):
    page = visit(world)
    page.locator(".sheet svg > circle").first.wait_for()
    sizes = page.locator(".sheet svg > circle").evaluate_all(
        "dots => dots.map(dot => [dot.style.fill.includes('no-rate'), Number(dot.getAttribute('r'))])"
    )
    without, rated = ({size for is_without, size in sizes if is_without is which} for which in (True, False))
    assert max(without) < min(rated)


@pytest.mark.parametrize("forced", ["none", "active"])
def test_swatches_keep_their_colors_in_forced_colors_too(visit, world, forced):
    page = visit(world, forced_colors=forced)
    page.locator(".swatch").first.wait_for()
    fills = page.locator(".swatch rect").evaluate_all("all => all.map(one => getComputedStyle(one).fill)")
    assert fills[:-1] == [
        f"rgb({int(shade[1:3], 16)}, {int(shade[3:5], 16)}, {int(shade[5:7], 16)})"
        for shade in page.evaluate("worldMap.colors")
    ]
    assert "no-rate" in fills[-1]
    assert page.locator(".sheet").evaluate("e => getComputedStyle(e).forcedColorAdjust") == "none"


def test_without_a_script_a_line_leads_to_the_table_of_all_places(visit, world):
    page = visit(world, java_script_enabled=False)
    page.locator(".explorer").get_by_role("link").click()
    assert page.locator("tbody tr").count() > 200
