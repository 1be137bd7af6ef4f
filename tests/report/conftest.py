"""The report as built from the project, once for all tests of it, in a path with a space."""

from pathlib import Path

import pytest
from builds import copy_project, snakemake


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with everything built by the press."""
    project = copy_project(tmp_path_factory.mktemp("the report"))
    run = snakemake(project)
    assert run.status == 0, run.output
    return project


@pytest.fixture(scope="session")
def book(built: Path) -> Path:
    """Return the folder of the built book."""
    return built / "_book"
