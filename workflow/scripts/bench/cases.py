"""What is measured: commands, each with what it begins from and what is edited before it."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.copies import Edit
from scripts.report.report import OLDEST_QUARTO, quarto_version


@dataclass(frozen=True)
class Case:
    """A command that is measured.

    Attributes
    ----------
    name, title
        What it is called on the command line, and in the table.
    command
        Program and arguments; `{cores}` and `{plan}` in them are filled in.
    is_cold
        Whether nothing that a build makes is there when it begins, or all.
    edits
        What is edited before each run, differently each time.
    forgets
        What is removed before each run.
    most_runs
        How often it is run at most, where it takes long.
    """

    name: str
    title: str
    command: tuple[str, ...]
    is_cold: bool = False
    edits: tuple[Edit, ...] = ()
    forgets: tuple[str, ...] = ()
    most_runs: int = 1000
    absent: Callable[[Path], str] = lambda _: ""

    @property
    def is_floor(self) -> bool:
        """Tell whether it runs the jobs of a plan, and has to make what the build makes."""
        return "{plan}" in self.command


def no_raw_sources(project: Path) -> str:
    """Return why nothing can be ingested in a project, or nothing."""
    return "" if (project / "data" / "raw").is_dir() else "data/raw/ holds no source files"


def no_quarto(_: Path) -> str:
    """Return why Quarto can't render, or nothing."""
    found = quarto_version()
    return "" if found and found >= OLDEST_QUARTO else "Quarto 1.9 or later is not on the path"


def no_tests(_: Path) -> str:
    """Return why the tests can't be run, or nothing."""
    return "" if shutil.which("pytest") else "pytest is not installed: make setup-test"


def one_more(value: str, run: int) -> str:
    """Return a count that is greater by the number of the run.

    Examples
    --------
    >>> one_more("1204", 3)
    '1207'
    """
    return str(int(value) + run)


def one_more_sentence(paragraph: str, run: int) -> str:
    """Return a paragraph with a sentence at its end that was not there in another run."""
    return f"{paragraph}\nThis sentence stands here once{' more' * run}."


def another_color(color: str, run: int) -> str:
    """Return a color that nobody can tell from it.

    Examples
    --------
    >>> another_color("0b5c8a", 1)
    '0b5c8b'
    """
    return f"{(int(color, 16) + run) % 0x1000000:06x}"


BUILD = (sys.executable, "-m", "snakemake", "--cores", "{cores}")
NUMBER = Edit("data/disclosures/snap.csv", r"^reports,,2022 H1,(\d+),", one_more)
PROSE = Edit("chapters/law.qmd", r"^(It does not oblige them to look for it\.)$", one_more_sentence)
COLOR = Edit("config/look.yml", r"^  light:\n(?:    .*\n)*?    accent: \"#([0-9a-f]{6})\"", another_color)
TESTS = (sys.executable, "-m", "pytest", "--numprocesses", "{cores}", "--dist", "loadfile", "--no-loadscope-reorder")

CASES = (
    Case("cold", "Everything, from nothing", BUILD, is_cold=True),
    Case("floor", "The same files without Snakemake, in one process of Python and one of R",
         (sys.executable, "-m", "scripts.bench.floor", "{plan}"), is_cold=True),
    Case("nothing", "Nothing changed", BUILD),
    Case("number", "One number of one provider edited", BUILD, edits=(NUMBER,)),
    Case("number-floor", "The same edit without Snakemake, in one process of Python and one of R",
         (sys.executable, "-m", "scripts.bench.floor", "{plan}"), edits=(NUMBER,)),
    Case("prose", "Prose of one chapter edited", BUILD, edits=(PROSE,)),
    Case("color", "A color edited", BUILD, edits=(COLOR,)),
    Case("press", "The press alone, cells from its cache", (sys.executable, "-m", "press")),
    Case("ingest", "All source files read again", (*BUILD[:3], "ingest", *BUILD[3:]), forgets=("results/ingest",),
         absent=no_raw_sources),
    Case("quarto", "Everything rendered by Quarto", ("quarto", "render"), forgets=("_book", ".quarto", "_freeze"),
         absent=no_quarto),
    Case("test", "Every test", TESTS, most_runs=1, absent=no_tests),
)  # fmt: skip
