"""Copies of the project in folders whose path has a space, and Snakemake runs in them."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[1]


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
    target = folder / "a project"
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


def built_once(base: Path, name: str, make: Callable[[Path], Path]) -> Path:
    """Return a project that is copied and built once, whichever of pytest's workers asks first; no test changes it.

    Parameters
    ----------
    base
        pytest's folder of temporary files, as this worker sees it.
    name
        What the folder of the project is called.
    make
        Copies the project into a folder, changes it as it likes, and returns its root.
    """
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    noted = shared / f"{name}.path"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes first builds, the others wait
        if not noted.exists():
            project = make(shared / name)
            run = snakemake(project)
            assert run.status == 0, run.output
            noted.write_text(str(project))
    return Path(noted.read_text())


def copy_built(project: Path, folder: Path) -> Path:
    """Copy a built project with what was built, but not its book."""
    return Path(shutil.copytree(project, folder / "a copy", ignore=shutil.ignore_patterns("_book")))


def snakemake(project: Path, *arguments: str) -> Run:
    """Run Snakemake as a user would, by the press."""
    environment = os.environ | {"COUNTBACK_RENDERER": "press", "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Run(done.returncode, done.stdout)


def results(project: Path) -> list[str]:
    """Return every file that a build has made, apart from logs and from the memory of what has passed the gate."""
    made = [
        path for folder in ("results", "_book", "exports") for path in (project / folder).rglob("*") if path.is_file()
    ]
    made += [path for path in (project / "figures").glob("*.*") if path.name not in ("README.md", "agreement_grid.svg")]
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
