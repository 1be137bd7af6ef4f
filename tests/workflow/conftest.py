"""The tiny project, built once for all tests of the workflow."""

import shutil
from pathlib import Path

import pytest
from builds import built_once, copy_project
from tiny import make_tiny


@pytest.fixture(scope="session")
def tiny_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tiny project, built: one for all workers, which no test changes."""
    return built_once(tmp_path_factory.getbasetemp(), "a build", lambda folder: make_tiny(copy_project(folder)))


@pytest.fixture(scope="module")
def tiny(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tiny project with all that was built, which the tests of a file may change."""
    return Path(shutil.copytree(tiny_once, tmp_path_factory.mktemp("tiny") / "a copy"))
