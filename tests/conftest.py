"""What tests share: where the project is, and which tests this machine can run.

A test that needs what is not here is deselected, and named in the summary: it must not look as if it had passed.
Where several workers run the tests, those of one file stay together, the longest files first.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builds import built_once, copy_project
from hypothesis import settings

# How long an example takes depends on what else the machine does: no test fails by it.
settings.register_profile("unhurried", settings.get_profile("default"), deadline=None)
settings.load_profile("unhurried")

PROJECT = Path(__file__).resolve().parents[1]
# What takes longest, the longest first: whichever worker is free takes the next file. The first needs the report, which
# is built for minutes; the second does not, so that another worker need not wait for it.
LONG = [
    PROJECT / place
    for place in (
        *("tests/report/test_parity_whole.py", "tests/report/test_browser_pages.py", "tests/workflow/test_kills.py"),
        *("tests/workflow", "tests/report", "tests/R"),
    )
]
CHROMIUM = Path("/usr/bin/chromium")


def _has_quarto() -> bool:
    quarto = shutil.which("quarto")
    if quarto is None:
        return False
    version = subprocess.run([quarto, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) >= (1, 9)


NEEDS = {
    "raw": (
        lambda: bool(os.environ.get("COUNTBACK_RAW")),
        "COUNTBACK_RAW does not name a folder with the source files",
    ),
    "quarto": (_has_quarto, "Quarto 1.9 or later is not on the path"),
    "whole_book": (
        lambda: bool(os.environ.get("COUNTBACK_WHOLE_BOOK")),
        "takes minutes; COUNTBACK_WHOLE_BOOK=1 make test runs it",
    ),
    "slurm": (
        lambda: bool(os.environ.get("COUNTBACK_SLURM")),
        "starts a SLURM of its own; COUNTBACK_SLURM=1 make test runs it",
    ),
    "browser": (CHROMIUM.exists, "Chromium is not installed"),
}


def _turn(item: pytest.Item) -> int:
    """Return when a test's file is begun: the longest first, then the rest in their order."""
    return next((turn for turn, place in enumerate(LONG) if item.path.is_relative_to(place)), len(LONG))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests whose marker names something that this machine lacks, and put the longest files first."""
    absent = {marker: reason for marker, (is_here, reason) in NEEDS.items() if not is_here()}
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in absent)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=_turn)
    config.stash[DESELECTED] = [
        f"{item.nodeid}: {reason}"
        for item in left_out
        for marker, reason in absent.items()
        if item.get_closest_marker(marker)
    ]


DESELECTED = pytest.StashKey[list[str]]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that writes the summary which tests a worker left out: it collects none itself."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(DESELECTED, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker left out; every worker collects all tests, so that each tells the same."""
    node.config.stash[DESELECTED] = getattr(node, "workeroutput", {}).get("left_out", [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the tests that were not run, and why."""
    for line in config.stash.get(DESELECTED, []):
        terminalreporter.write_line(f"NOT RUN {line}", yellow=True)


@pytest.fixture(scope="session")
def project() -> Path:
    """Return the root of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def tiny_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tiny project, built against start-up files and a locale that would change it; no test changes it."""
    from tiny import make_tiny  # pandas takes a second, and most files of tests go without this

    def make(folder: Path) -> Path:
        return make_tiny(copy_project(folder))

    return built_once(tmp_path_factory.getbasetemp(), "a build", make, is_hostile=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return Debian's Chromium, started once for all tests of a worker."""
    from browsers import FLAGS
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
