"""A small book, rendered once, and another to render again."""

from pathlib import Path

import pytest
from small_book import write_book

import press


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = write_book(tmp_path_factory.mktemp("a book"))
    press.render(project)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return another small book."""
    return write_book(tmp_path)
