"""The map to explore in a browser: years and places chosen by keyboard or pointer, the same numbers as the table's."""

import pandas as pd
import pytest
from browsers import PHONE, WIDE, violations
from playwright.sync_api import expect

from countback.io.tables import read_table

pytestmark = pytest.mark.browser


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


def test_every_place_has_the_color_of_its_class_and_one_without_a_rate_is_gray(visit, world, built):
    page = visit(world)
    data = pd.read_csv(built / "figures" / "maps.csv")
    year = int(data["year"].min())
    page.get_by_label(str(year), exact=True).check()
    page.locator(".sheet").wait_for()
    colors = page.evaluate(
        "[...document.querySelectorAll('.sheet svg > :is(path, circle)')].map(mark => mark.style.fill)"
    )
    classes = data[data["year"] == year]["rate_class"]
    n_gray = colors.count("rgb(213, 214, 218)")
    n_places = page.evaluate("worldMap.places.length")
    assert len(colors) == n_places > 200
    assert n_gray == n_places - classes.notna().sum()
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
    assert violations(page) == []


def test_without_a_script_the_table_stands_below_a_line_that_says_so(visit, world):
    page = visit(world, java_script_enabled=False)
    expect(page.locator(".explorer")).to_contain_text("the table below holds its numbers")
    assert page.locator(".explorer ~ .scroll tbody tr, .explorer ~ * table tbody tr").count() > 200
