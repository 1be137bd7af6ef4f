"""Long tables in a browser: sorted by a column, filtered by words, by keyboard too; short ones are left alone."""

import re
from io import BytesIO

import pytest
from browsers import PHONE, WIDE, violations, wait_for
from playwright.sync_api import expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser

GROUPS = [("Acme", [("2021", "9"), ("2022", "1,000"), ("2023", "–")]), ("Chat", [("2021", "−5"), ("2022", "80%")])]
GROUPS += [(f"Other {n}", [(str(year), f"{n},{year}") for year in range(2000, 2005)]) for n in (1, 2, 3)]
HEADS = """<thead><tr><th rowspan="2" scope="col">Year</th><th colspan="1" scope="colgroup">Reports</th></tr>
<tr><th scope="col">Number</th></tr></thead>"""


def table(groups, heads=HEADS):
    """Return a table with a body per group, as the press writes tables of cells."""
    bodies = [
        f'<tbody><tr><th colspan="2" scope="colgroup">{name}</th></tr>'
        + "".join(f"<tr><td>{year}</td><td>{count}</td></tr>" for year, count in rows)
        + "</tbody>"
        for name, rows in groups
    ]
    note = '<tfoot><tr><td colspan="2">A note.</td></tr></tfoot>'
    return f'<div class="scroll"><table>{heads}{"".join(bodies)}{note}</table></div>'


@pytest.fixture
def long_table(visit, built_page):
    page = visit(built_page(table(GROUPS)))
    page.locator("article .sort").first.wait_for()
    return page


@pytest.fixture
def built_page(book, tmp_path):
    """Return what puts an article into the frame of a built chapter, with the scripts and styles of the book."""

    def write(article):
        before, _, rest = (book / "chapters" / "growth.html").read_text().partition("<article>")
        page = tmp_path / "chapters" / "growth.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"{before}<article><h1>Tables</h1>{article}</article>{rest.partition('</article>')[2]}")
        if not (tmp_path / "assets").exists():
            (tmp_path / "assets").symlink_to(book / "assets")
        return page

    return write


def rows(page):
    return [re.sub(r"\s+", " ", text) for text in page.locator("article tbody tr:visible").all_inner_texts()]


def test_a_column_sorts_all_rows_by_number_each_with_its_group_up_then_down_then_as_printed(long_table):
    before = rows(long_table)
    number = long_table.get_by_role("columnheader", name="Number")
    number.get_by_role("button").click()
    expect(number).to_have_attribute("aria-sort", "ascending")
    assert rows(long_table)[:3] == ["Chat: 2021 −5", "Acme: 2021 9", "Chat: 2022 80%"]
    assert rows(long_table)[-1] == "Acme: 2023 –"  # what is missing comes last
    assert len(rows(long_table)) == 20
    number.get_by_role("button").click()
    expect(number).to_have_attribute("aria-sort", "descending")
    assert rows(long_table)[:2] == ["Other 3: 2004 3,2004", "Other 3: 2003 3,2003"]
    expect(long_table.get_by_role("status")).to_have_text("Sorted by Number, descending")
    number.get_by_role("button").click()
    assert rows(long_table) == before


def test_a_sorted_table_still_filters_by_group_and_a_filtered_one_sorts(long_table):
    long_table.get_by_role("button", name="Year").click()
    long_table.get_by_label("Filter rows").fill("acme")
    assert rows(long_table) == ["Acme: 2021 9", "Acme: 2022 1,000", "Acme: 2023 –"]
    long_table.get_by_role("button", name="Year").click()
    assert rows(long_table) == ["Acme: 2023 –", "Acme: 2022 1,000", "Acme: 2021 9"]
    long_table.get_by_role("button", name="Year").click()
    assert rows(long_table) == ["Acme", "2021 9", "2022 1,000", "2023 –"]


def test_periods_sort_by_year_and_part(visit, built_page):
    quarters = ["2023 Q4", "2023 Q2", "2024 Q1", "2023 Q10"]
    page = visit(built_page(table([("Releases", [(quarter, str(n)) for n, quarter in enumerate(quarters * 3)])])))
    page.get_by_role("button", name="Year").click()
    periods = [text.rpartition(" ")[0] for text in rows(page)[1:]]
    assert periods == [quarter for quarter in ("2023 Q2", "2023 Q4", "2023 Q10", "2024 Q1") for _ in range(3)]


def test_a_filter_knows_no_accents(visit, built_page):
    names = ["Côte d'Ivoire", "Åland", *(f"Place {n}" for n in range(30))]
    page = visit(built_page(table([("Places", [(name, "1") for name in names])])))
    page.get_by_label("Filter rows").fill("COTE")
    assert rows(page) == ["Places", "Côte d'Ivoire 1"]
    page.get_by_label("Filter rows").fill("åland")
    assert rows(page) == ["Places", "Åland 1"]


def test_one_column_at_a_time_is_sorted_by_keyboard_and_the_notes_stay_below(long_table):
    long_table.get_by_role("button", name="Number").press("Enter")
    long_table.get_by_role("button", name="Year").press("Enter")
    assert long_table.locator("article [aria-sort]").count() == 1
    assert long_table.locator("article table > :last-child").inner_text().strip() == "A note."


def test_words_filter_rows_and_groups_and_the_number_of_rows_is_said(long_table):
    field = long_table.get_by_label("Filter rows")
    field.fill("chat")
    assert rows(long_table) == ["Chat", "2021 −5", "2022 80%"]
    expect(long_table.get_by_role("status")).to_have_text("2 of 20 rows")
    field.fill("ACME 1,0")
    assert rows(long_table) == ["Acme", "2022 1,000"]
    field.fill("nothing like it")
    assert rows(long_table) == []
    field.fill("")
    assert len(rows(long_table)) == 25


def test_a_short_table_has_no_buttons_and_a_table_of_middle_size_no_filter(visit, built_page):
    page = visit(built_page(table(GROUPS[:2]) + table(GROUPS[2:4])))
    page.locator("article .sort").first.wait_for()
    assert page.locator("article table").first.get_by_role("button").count() == 0
    assert page.locator("article table").last.get_by_role("button").count() == 2
    assert page.locator(".filter").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_axe_core_finds_no_violation_in_a_table_that_is_sorted_and_filtered(visit, built_page, width, scheme):
    page = visit(built_page(f"<h2>Long</h2>{table(GROUPS)}"), width, scheme)
    page.get_by_role("button", name="Number").click()
    page.get_by_label("Filter rows").fill("a")
    assert violations(page) == []


def test_in_print_a_table_shows_no_controls(long_table):
    long_table.emulate_media(media="print")
    expect(long_table.locator(".filter")).to_be_hidden()
    assert long_table.locator("article .sort").first.evaluate("e => getComputedStyle(e, '::after').content") == "none"
    long_table.emulate_media(media="screen")


PLACES = [(f"Place {n}", [f"{n * year % 97}" for year in range(2001, 2011)]) for n in range(1, 120)]


@pytest.fixture
def place_table(built_page):
    """Return a page with a table of many rows and columns, whose head has two rows."""
    years = "".join(f'<th scope="col">{year}</th>' for year in range(2001, 2011))
    heads = (
        f'<tr><th rowspan="2" scope="col">Name</th><th colspan="10" scope="colgroup">Reports</th></tr><tr>{years}</tr>'
    )
    lines = "".join(f"<tr><td>{name}</td>{''.join(f'<td>{one}</td>' for one in cells)}</tr>" for name, cells in PLACES)
    return built_page(
        f'<div class="scroll"><table><thead>{heads}</thead><tbody>{lines}</tbody></table></div><h2>After</h2>'
    )


def test_heads_that_are_repeated_on_paper_keep_their_labels(visit, place_table):
    page = visit(place_table)
    page.locator("article .sort").first.wait_for()
    pages = [one.extract_text() for one in PdfReader(BytesIO(page.pdf())).pages]
    with_rows = [text for text in pages if re.search(r"Place \d+", text)]
    assert len(with_rows) > 1
    assert all("Name" in text and "2001" in text and "2010" in text for text in with_rows)


def test_a_shaded_cell_is_shaded_on_paper(visit, built_page):
    page = visit(built_page('<table><tr><td style="background-color: #fdf3d6">1</td></tr></table>'))
    page.emulate_media(media="print")
    shade = page.locator("article td").evaluate("e => getComputedStyle(e).printColorAdjust")
    page.emulate_media(media="screen")
    assert shade == "exact"


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_long_table_keeps_its_head_and_its_names_in_sight_and_what_follows_near(visit, place_table, width):
    page = visit(place_table, width)
    box = page.locator("article .scroll")
    expect(box).to_have_class(re.compile("long"))
    box.evaluate("e => { e.scrollTop = e.scrollHeight / 2; e.scrollLeft = e.scrollWidth }")
    edges = box.evaluate("e => [e.getBoundingClientRect().top, e.getBoundingClientRect().left]")
    head = page.get_by_role("columnheader", name="2010").evaluate("e => e.getBoundingClientRect().top")
    assert edges[0] <= head < edges[0] + 120
    if width == PHONE:
        name = page.get_by_role("cell", name="Place 60", exact=True).evaluate("e => e.getBoundingClientRect().left")
        assert edges[1] <= name < edges[1] + 5
    after = page.get_by_role("heading", name="After").evaluate("e => e.offsetTop") - box.evaluate("e => e.offsetTop")
    assert after < 900


def test_a_long_table_scrolls_by_keyboard(visit, place_table):
    page = visit(place_table)
    box = page.locator("article .scroll")
    expect(box).to_have_class(re.compile("long"))
    box.focus()
    page.keyboard.press("PageDown")
    wait_for(page, "document.querySelector('article .scroll').scrollTop > 0")
