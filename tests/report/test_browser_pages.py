"""Every page in a browser: at three widths, in both schemes and in print, from disk and from a server.

A page is opened twice, as on a desktop from disk and as on a phone in the dark from a server: all that is asked of it
is asked there, since to open it takes longer than to ask.
"""

from typing import Any, NamedTuple

import pytest
from browsers import EXCESS, PHONE, WIDE, serving, thin_violations
from builds import images_of

pytestmark = pytest.mark.browser

IMAGES = "Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth)))"
FONTS = "document.fonts.ready.then(() => [...document.fonts].some(f => f.status === 'loaded'))"
GROUND = "getComputedStyle(document.body).backgroundColor"
NAVIGATION = """[...document.querySelectorAll("nav, [role=navigation]")]
  .filter(one => one.getClientRects().length && getComputedStyle(one).visibility !== "hidden").length"""
RIGHTS = "Math.max(...[...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().right - innerWidth))"
SMALLER = "[...document.querySelectorAll('figure.fig > img')].map(i => i.naturalWidth - i.clientWidth)"
SETTLED = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
# what scrolls sideways and neither says so nor takes the focus
SILENT = """[...document.querySelectorAll("figure.fig:has(> img), .scroll")]
  .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .filter(box => !(box.matches(".overflows") && box.tabIndex === 0)).map(box => box.id + box.className)"""
PAPER = 680


class Desktop(NamedTuple):
    """What a page is like on a desktop: widths and sizes in pixels, what axe-core finds, and in print by scheme."""

    excess: dict[int, float]
    images: list[int]
    ground: dict[str, str]
    navigation: dict[str, int]
    beyond: dict[str, float]
    violations: list[Any]
    troubles: list[str]


class Phone(NamedTuple):
    """What a page is like on a phone in the dark: widths in pixels, fonts, and what axe-core finds."""

    excess: float
    has_font: bool
    smaller: list[int]
    silent: list[str]
    violations: list[Any]
    troubles: list[str]


def resized(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate(EXCESS)


def printed(page, scheme):
    """Return the ground of a printed page, how many navigations it shows, and how far anything stands beyond it."""
    page.emulate_media(media="print", color_scheme=scheme)
    return [page.evaluate(one) for one in (GROUND, NAVIGATION, RIGHTS)]


def opened(tabs, page, place):
    tabs.troubles.clear()
    page.goto(place)
    return page


def on_a_desktop(tabs, file):
    page = opened(tabs, tabs.get(WIDE, "light"), file.as_uri())
    images = page.evaluate(IMAGES)
    excess = {WIDE: page.evaluate(EXCESS), 800: resized(page, 800), PHONE: resized(page, PHONE)}
    page.set_viewport_size({"width": PAPER, "height": 900})
    light, dark = (printed(page, scheme) for scheme in ("light", "dark"))
    on_paper = [dict(zip(("light", "dark"), pair, strict=True)) for pair in zip(light, dark, strict=True)]
    page.emulate_media(media="null", color_scheme="light")
    page.set_viewport_size({"width": WIDE, "height": 900})
    return Desktop(excess, images, *on_paper, thin_violations(page), list(tabs.troubles))


def on_a_phone(tabs, address):
    page = opened(tabs, tabs.get(PHONE, "dark"), address)
    has_font = page.evaluate(FONTS)
    page.wait_for_timeout(50)
    excess, smaller = page.evaluate(EXCESS), page.evaluate(SMALLER)
    page.evaluate(SETTLED)
    return Phone(excess, has_font, smaller, page.evaluate(SILENT), thin_violations(page), list(tabs.troubles))


@pytest.fixture(scope="module")
def desktop(tabs, files, hard):
    """Return each page as seen on a desktop, and the page of hard cases."""
    yield {file: on_a_desktop(tabs, file) for file in [*files, hard]}
    tabs.clear(tabs.get(WIDE, "light"))


@pytest.fixture(scope="module")
def phone(tabs, book, files, hard):
    """Return each page as seen on a phone, and the page of hard cases."""
    seen = {}
    for folder, pages in ((book, files), (hard.parents[1], [hard])):
        with serving(folder) as home:
            seen |= {file: on_a_phone(tabs, home + file.relative_to(folder).as_posix()) for file in pages}
    yield seen
    tabs.clear(tabs.get(PHONE, "dark"))


def where(seen, is_wrong):
    """Return what is wrong, with the page that it is on."""
    return {file.name: wrong for file, one in seen.items() if (wrong := is_wrong(one))}


def test_no_page_is_wider_than_the_screen(desktop, phone):
    for width in (WIDE, 800, PHONE):
        assert where(desktop, lambda page, width=width: max(page.excess[width], 0)) == {}
    assert where(phone, lambda page: max(page.excess, 0)) == {}


def test_no_page_asks_for_anything_outside_or_says_that_something_went_wrong(desktop, phone):
    assert where(desktop, lambda page: page.troubles) == {}
    assert where(phone, lambda page: page.troubles) == {}


def test_every_page_comes_from_a_server_as_from_disk(phone, files):
    assert len(phone) == len(files) + 1
    assert where(phone, lambda page: not page.has_font) == {}


def test_axe_core_finds_no_violation(desktop, phone):
    assert where(desktop, lambda page: page.violations) == {}
    assert where(phone, lambda page: page.violations) == {}


def test_every_image_is_drawn(desktop, built, files):
    sizes = [size for file in files for size in desktop[file].images]
    assert where(desktop, lambda page: [size for size in page.images if size <= 100]) == {}
    assert len(sizes) == len(images_of(built)) + len(list((built / "figures" / "providers").glob("*.svg")))


def test_on_a_phone_figures_and_tables_scroll_at_a_size_that_can_be_read_and_say_so(phone):
    assert where(phone, lambda page: [more for more in page.smaller if more != 0]) == {}
    assert where(phone, lambda page: page.silent) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_print_is_black_on_white_without_navigation_and_nothing_is_cut_off(desktop, scheme):
    assert {page.ground[scheme] for page in desktop.values()} == {"rgb(255, 255, 255)"}
    assert where(desktop, lambda page: page.navigation[scheme]) == {}
    assert where(desktop, lambda page: max(page.beyond[scheme] - 1, 0)) == {}


ROWS = "".join(f"<tr><td>Place {n}</td><td>{n:,}</td></tr>" for n in range(40))
FAULTS = {
    "a color that can hardly be read": '<tr><td>Place</td><td style="color: #eee">1,234</td></tr>',
    "a link without words": '<tr><td>Place</td><td><a href="#hard"></a></td></tr>',
    "a picture without words": '<tr><td>Place</td><td><img src="data:,"></td></tr>',
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_one_of_many_rows_is_found_though_rows_that_are_alike_are_left_out(visit, hard, tmp_path, fault):
    before, _, rest = hard.read_text().replace("../", f"{hard.parents[1].as_uri()}/").partition("<article>")
    rows = f"<table><thead><tr><th>Place<th>Reports</thead><tbody>{ROWS}{FAULTS[fault]}{ROWS}</tbody></table>"
    (tmp_path / "page.html").write_text(
        f"{before}<article><h1>Rows</h1>{rows}</article>{rest.partition('</article>')[2]}"
    )
    page = visit(tmp_path / "page.html")
    assert len(thin_violations(page)) == 1
    assert page.locator("article tbody tr").count() == 5
