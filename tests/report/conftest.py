"""The report as built from the project, once for all tests of it, in a path with a space."""

from pathlib import Path

import pytest
from browsers import BLANK, WIDE, Tabs
from builds import built_once, chapters_of, copy_project
from hard_page import write_hard


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with everything built by the press: one for all workers, which no test changes."""
    return built_once(tmp_path_factory.getbasetemp(), "the report", copy_project)


@pytest.fixture(scope="session")
def book(built: Path) -> Path:
    """Return the folder of the built book."""
    return built / "_book"


@pytest.fixture(scope="session")
def tabs(chromium, tmp_path_factory):
    """Return the pages of the browser that all tests of a worker share, one after the other."""
    blank = tmp_path_factory.mktemp("blank") / "blank.html"
    blank.write_text(BLANK)
    return Tabs(chromium, blank)


@pytest.fixture
def visit(tabs):
    """Return what opens a place in a browser that knows nothing, and fails if anything went wrong or was asked for
    elsewhere."""
    used, own = [], {}

    def open_place(place, width=WIDE, scheme="light", is_new=False, **options):
        """Open a place; a page whose script or cache a test changes must be a new one."""
        key = (width, scheme, *options.items())
        if is_new:
            own.setdefault(key, tabs.new(width, scheme, **options))
        page = own.get(key) or tabs.get(width, scheme, **options)
        if page not in used:
            used.append(page)
        page.goto(place if isinstance(place, str) else place.as_uri())
        return page

    tabs.troubles.clear()
    yield open_place
    for page in used:
        if page in own.values():
            page.context.close()
        else:
            tabs.clear(page)
    assert tabs.troubles == []


@pytest.fixture(scope="session")
def files(built, book):
    """Return every page of the book."""
    found = sorted(book.rglob("*.html"))
    assert len(found) == len(chapters_of(built))
    return found


@pytest.fixture(scope="session")
def hard(book, tmp_path_factory):
    """Return a page of hard cases, within the frame that the press puts around a chapter."""
    return write_hard(book, tmp_path_factory.mktemp("hard") / "book")
