"""A copy of the tiny project that the tests of a file may change."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def tiny(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tiny project with all that was built, which the tests of a file may change."""
    return Path(shutil.copytree(tiny_once, tmp_path_factory.mktemp("tiny") / "a copy"))
