"""The tiny project, built once for all tests of the workflow."""

import shutil
from pathlib import Path

import pytest
from builds import built_once, copy_project
from tiny import make_tiny


@pytest.fixture(scope="session")
def tiny_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tiny project, built against start-up files and a locale that would change it; no test changes it."""

    def make(folder: Path) -> Path:
        return make_tiny(copy_project(folder))

    return built_once(tmp_path_factory.getbasetemp(), "a build", make, is_hostile=True)


@pytest.fixture(scope="module")
def tiny(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tiny project with all that was built, which the tests of a file may change."""
    return Path(shutil.copytree(tiny_once, tmp_path_factory.mktemp("tiny") / "a copy"))
