"""Copies of the project in folders whose path has what a shell reads, and Snakemake runs in them."""

import fcntl
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[1]
# Put into a script, it says that the script has begun, and holds it until it is let go.
WAIT = """
import time
from pathlib import Path

Path("begun").touch()
while not Path("go").exists():
    time.sleep(0.05)
"""
NAME = "R&D (a project)"


@dataclass(frozen=True)
class Run:
    """A finished run of Snakemake."""

    status: int
    output: str

    @property
    def rules(self) -> set[str]:
        """Return the rules that were run, or would be."""
        table = re.search(r"Job stats:\n.*?\n-+.*?\n(.*?)\ntotal", self.output, re.DOTALL)
        return {line.split()[0] for line in table[1].splitlines()} if table else set()


def copy_project(folder: Path) -> Path:
    """Copy what version control would take, and nothing that was built."""
    target = folder / NAME
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source = PROJECT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


def committed(folder: Path, snakefile: str) -> Path:
    """Return a checkout with one commit of a Snakefile, which builds with the defaults of this project."""
    shutil.copytree(PROJECT / "profiles" / "default", folder / "profiles" / "default")
    (folder / "Snakefile").write_text(snakefile)
    names = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "Begin"]):
        subprocess.run(["git", *names, *command], cwd=folder, check=True)
    return folder


def built_once(base: Path, name: str, make: Callable[[Path], Path], is_hostile: bool = False) -> Path:
    """Return a project that is copied and built once, whichever of pytest's workers asks first; no test changes it.

    Parameters
    ----------
    base
        pytest's folder of temporary files, as this worker sees it.
    name
        What the folder of the project is called.
    make
        Copies the project into a folder, changes it as it likes, and returns its root.
    is_hostile
        Whether the user's environment and start-up files in the folder try to change what is built.
    """
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    noted = shared / f"{name}.path"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes first builds, the others wait
        if not noted.exists():
            project = make(shared / name)
            run = snakemake(project, **(hostile(project) if is_hostile else {}))
            assert run.status == 0, run.output
            if is_hostile:
                make_harmless(project)
            noted.write_text(str(project))
    return Path(noted.read_text())


def copy_built(project: Path, folder: Path) -> Path:
    """Copy a built project with what was built, but not its book."""
    return Path(shutil.copytree(project, folder / "a copy", ignore=shutil.ignore_patterns("_book")))


def _environment(**variables: str) -> dict[str, str]:
    environment = os.environ | {"COUNTBACK_RENDERER": "press", "PYTHONDONTWRITEBYTECODE": "1"} | variables
    return environment | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])}


def start(project: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a build in a group of processes of its own; what it says goes to the file `said`."""
    with (project / "said").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", "--cores", "1", *arguments],
            cwd=project,
            env=_environment(),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def wait_until(is_so: Callable[[], bool], running: subprocess.Popen[bytes], project: Path) -> None:
    """Wait until something is so, while a build is running."""
    deadline = time.monotonic() + 240
    while not is_so():
        assert time.monotonic() < deadline, (project / "said").read_text()
        assert running.poll() is None, (project / "said").read_text()
        time.sleep(0.02)


# A process in which Snakemake is loaded, once for all tests of a worker: each run is a fork of it, and begins a second
# earlier than it would by itself.
LOADED = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload(["snakemake.cli", "pandas"])


def snakemake(project: Path, *arguments: str, **variables: str) -> Run:
    """Run Snakemake as a user would, by the press; the user's environment may hold more variables.

    A run whose variables count from Python's start on is a program of its own.
    """
    command = ["--cores", "2", *arguments]
    if variables:
        return _program(project, command, _environment(**variables))
    with tempfile.NamedTemporaryFile(mode="r") as said:
        running = LOADED.Process(target=_forked, args=(project, command, _environment(), said.name))
        running.start()
        running.join()
        return Run(running.exitcode, said.read())


def _program(project: Path, command: list[str], environment: dict[str, str]) -> Run:
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *command],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Run(done.returncode, done.stdout)


def _forked(project: Path, command: list[str], environment: dict[str, str], said: str) -> None:
    """Become what `python -m snakemake` is: its folder, environment, output and arguments."""
    from snakemake.cli import main

    os.chdir(project)
    os.environ.clear()
    os.environ.update(environment)
    output = os.open(said, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.argv = ["snakemake", *command]
    main()


HOSTILE_FILES = {
    ".Renviron": "R_LIBS=a library\nR_LIBS_USER=a library\n",
    "a library/jsonlite/DESCRIPTION": "Package: jsonlite\nVersion: 99.0\nBuilt: R 3.1.0; ; 2015-01-01; unix\n",
    ".Rprofile": "options(digits = 3, OutDec = ','); read.csv <- function(...) stop('a start-up file was read')",
    "matplotlibrc": "path.sketch: 5, 100, 2\nfont.size: 30\nlines.linewidth: 9\nsvg.fonttype: none\n",
    "rpy2.py": "raise SystemError('a module of the folder was read')",
    "great_tables.py": "raise SystemError('a module of the folder was read')",
    "startup.sh": "echo a start-up file was read; exit 3",
}


def hostile(project: Path) -> dict[str, str]:
    """Put start-up files and a broken package into a project, and return what a user may set: none changes a build."""
    for name, text in HOSTILE_FILES.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    subprocess.run(["Rscript", "--vanilla", "-e", "years <- head <- 1; save.image()"], cwd=project, check=True)
    return {
        "LC_ALL": "C",
        "LANG": "de_DE.UTF-8",
        "LANGUAGE": "de",
        "R_PROFILE_USER": str(project / ".Rprofile"),
        "R_ENVIRON_USER": str(project / ".Renviron"),
        "R_HOME": str(project / "a library"),
        "R_LIBS": str(project / "a library"),
        "R_LIBS_USER": str(project / "a library"),
        "R_LIBS_SITE": str(project / "a library"),
        "R_DEFAULT_PACKAGES": "NULL",
        "MATPLOTLIBRC": str(project / "matplotlibrc"),
        "PYTHONSTARTUP": str(project / "rpy2.py"),
        "BASH_ENV": str(project / "startup.sh"),
    }


def make_harmless(project: Path) -> None:
    """Take away what `hostile` has put into a project."""
    for name in [*HOSTILE_FILES, ".RData"]:
        (project / name).unlink()
    shutil.rmtree(project / "a library")


def results(project: Path) -> list[str]:
    """Return every file that a build has made, apart from logs and from the memory of what has passed the gate."""
    made = [
        path for folder in ("results", "_book", "exports") for path in (project / folder).rglob("*") if path.is_file()
    ]
    made += [
        path for path in (project / "figures").rglob("*.*") if path.name not in ("README.md", "agreement_grid.svg")
    ]
    made += [path for path in [project / "_variables.yml"] if path.exists()]
    return [str(path.relative_to(project)) for path in made if not {"logs", ".validated"} & set(path.parts)]


def chapters_of(project: Path) -> list[str]:
    """Return the files of a project's book in their order: chapters, those of its parts, appendices."""
    book = yaml.safe_load((project / "_quarto.yml").read_text())["book"]

    def files(entries: list[Any]) -> list[str]:
        return [file for one in entries for file in (files(one["chapters"]) if isinstance(one, dict) else [one])]

    return files([*book["chapters"], *book.get("appendices", [])])


def images_of(project: Path) -> list[str]:
    """Return the images that the chapters of a project's book place or that their cells draw, in their order."""
    texts = [(project / chapter).read_text() for chapter in chapters_of(project)]
    placed = re.compile(r"^!\[.*\]\((.*?)\)|^#\| fig-alt: (.*)$", re.MULTILINE)
    return [image or drawn for text in texts for image, drawn in placed.findall(text)]
