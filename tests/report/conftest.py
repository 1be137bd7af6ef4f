"""The report as built from the project, once for all tests of it, in a path with a space."""

from pathlib import Path

import pytest
from browsers import HOME, WIDE
from builds import built_once, copy_project


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with everything built by the press: one for all workers, which no test changes."""
    return built_once(tmp_path_factory.getbasetemp(), "the report", copy_project)


@pytest.fixture(scope="session")
def book(built: Path) -> Path:
    """Return the folder of the built book."""
    return built / "_book"


@pytest.fixture
def visit(chromium):
    """Return what opens a place in a fresh browser, and fails if anything went wrong or was asked for elsewhere."""
    opened, troubles = {}, []

    def browser(width, scheme, options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **dict(options)
        )
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(HOME) or troubles.append(asked.url))
        return page

    def open_place(place, width=WIDE, scheme="light", **options):
        key = (width, scheme, tuple(options.items()))
        page = opened[key] if key in opened else opened.setdefault(key, browser(*key))
        page.goto(place if isinstance(place, str) else place.as_uri())
        return page

    yield open_place
    for page in opened.values():
        page.context.close()
    assert troubles == []
