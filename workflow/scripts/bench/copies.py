"""A copy of the checkout to measure in, and edits of it that are taken back: nothing of the user's is touched."""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from countback.io.errors import CountbackError
from countback.io.files import atomic_write, write_text
from countback.io.manifest import CHARTS_MANIFEST, MANIFEST

BUILT = ("results", "exports", "_book", "_variables.yml", ".snakemake", ".quarto", "_freeze")
STAMP = ".snakemake_timestamp"  # which Snakemake leaves in folders that a rule makes
# What differs from run to run by its nature, or is kept for a later build and not a result.
NOT_COMPARED = (
    "results/logs/",
    "results/press/",
    "results/.validated/",
    "results/benchmarks/",
    "results/ingest/",
    # how often what they list was repaired: what they list is itself compared
    str(MANIFEST),
    str(CHARTS_MANIFEST),
)


@dataclass(frozen=True)
class Edit:
    """A change of one file that differs each time, so that no cache knows it.

    Attributes
    ----------
    file
        What is edited, from the root of the project.
    pattern
        A regular expression that finds the place, with the changed part as its one group.
    change
        Returns what the group gives way to, from what it is and the number of the run, which begins with 1.
    """

    file: str
    pattern: str
    change: Callable[[str, int], str]


def git(folder: Path, *arguments: str) -> str:
    """Return what git prints, or raise a CountbackError with what it says."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CountbackError(f"git {arguments[0]} in {folder}: {done.stderr.strip()}")
    return done.stdout


def copy_checkout(checkout: Path, folder: Path) -> Path:
    """Return a clean copy: a clone with what is not committed yet, nothing built, and a link to the raw sources.

    Parameters
    ----------
    checkout
        The root of the user's checkout. It is only read.
    folder
        Where the copy is put, in a folder of its own.

    Raises
    ------
    CountbackError
        If the checkout is none.
    """
    target = folder / "countback"
    git(checkout, "clone", "--quiet", "--no-hardlinks", ".", str(target))
    listed = git(checkout, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for name in filter(None, listed):
        source, copy = checkout / name, target / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
        else:
            copy.unlink(missing_ok=True)
    raw = checkout / "data" / "raw"
    if raw.is_dir():
        (target / "data" / "raw").symlink_to(raw.resolve(), target_is_directory=True)
    return target


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def forget_build(project: Path) -> None:
    """Remove all that a build has made in a copy, as `make clean` does; compiled Python stays."""
    for name in BUILT:
        remove(project / name)
    if (project / ".git").exists():
        git(project, "clean", "-fdqX", "--", "figures", "chapters")


@contextmanager
def edited(project: Path, edits: Sequence[Edit], run: int) -> Iterator[None]:
    """Edit files of a copy, and put them back afterwards, whatever happens.

    Raises
    ------
    CountbackError
        If a place is not found, or found more than once.
    """
    files = {project / edit.file for edit in edits} | {project / "data" / "checksums.json"}
    before = {file: file.read_bytes() for file in files if file.exists()}
    try:
        for edit in edits:
            make_edit(project / edit.file, edit, run)
        if any(edit.file.startswith("data/") for edit in edits):
            refresh_checksums(project)
        yield
    finally:
        for file, content in before.items():
            atomic_write(file, content)


def make_edit(file: Path, edit: Edit, run: int) -> None:
    """Change one place of a file."""
    text = file.read_text(encoding="utf-8")
    found = list(re.finditer(edit.pattern, text, re.MULTILINE))
    if len(found) != 1:
        raise CountbackError(
            f"{edit.file}: found {len(found)} places like {edit.pattern!r}, expected one. "
            "Correct the case in workflow/scripts/bench/cases.py."
        )
    start, end = found[0].span(1)
    write_text(text[:start] + edit.change(found[0][1], run) + text[end:], file)


def refresh_checksums(project: Path) -> None:
    """Bring checksums in step with an edited table, as `make checksums` does."""
    script = project / "workflow" / "scripts" / "validate" / "checksums.py"
    subprocess.run([sys.executable, str(script)], cwd=project, check=True)


def made_files(project: Path) -> list[str]:
    """Return the files that a build has made: tables, figures, downloads, pages."""
    folders = [project / name for name in ("results", "figures", "exports", "_book")]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    files += [path for path in [project / "_variables.yml"] if path.exists()]
    names = [path.relative_to(project).as_posix() for path in files if path.name != STAMP]
    return [name for name in names if not name.startswith(NOT_COMPARED)]


def digests(project: Path) -> dict[str, str]:
    """Return a digest of each file that a build has made, by its path."""
    return {name: hashlib.sha256((project / name).read_bytes()).hexdigest() for name in made_files(project)}


def unlike(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the files that only one of two builds has made, or that differ.

    Examples
    --------
    >>> unlike({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"})
    ['b', 'c']
    """
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
