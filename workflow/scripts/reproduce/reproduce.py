"""Build a commit twice, in surroundings that differ, and compare all that was made: `make reproduce`.

- Both builds start from a clone of the commit; what is not committed is left out. Sources in `data/raw/` are linked.
- The builds differ in folder, time zone, locale, seed of hashes, umask, width of the terminal, and one has no home.
- Compared are tables, figures, downloads, pages and the PDF. Logs and what is kept for a later build are not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from countback.io.environment import PROJECT
from countback.io.errors import CountbackError
from scripts.bench.copies import git, made_files
from scripts.reproduce.compare import differences, modes, report
from scripts.reproduce.surroundings import FIRST, SECOND, Surroundings, environment

LAST = 30  # lines of what a build that failed has said


def cloned(checkout: Path, commit: str, target: Path) -> Path:
    """Return a clone of a checkout at a commit, with a link to the raw sources."""
    git(checkout, "clone", "--quiet", "--no-hardlinks", ".", str(target))
    git(target, "checkout", "--quiet", "--detach", commit)
    raw = checkout / "data" / "raw"
    if raw.is_dir():
        (target / "data" / "raw").symlink_to(raw.resolve(), target_is_directory=True)
    return target


def build(project: Path, surroundings: Surroundings, cores: int) -> None:
    """Build a project in some surroundings.

    Raises
    ------
    CountbackError
        If the build fails, with the last lines of what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", str(cores)],
        cwd=project,
        env=environment(surroundings),
        umask=surroundings.umask,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = "\n".join(done.stdout.splitlines()[-LAST:])
        raise CountbackError(
            f"The build in {project} ended with status {done.returncode}. It said:\n{said}\n"
            "Correct what it says; the log of the rule tells more."
        )


def reproduce(checkout: Path, commit: str, folder: Path, cores: int) -> tuple[bool, str]:
    """Build a commit twice below a folder, and return whether both builds are the same, and what was found.

    Raises
    ------
    CountbackError
        If there is no such commit, or a build fails.
    """
    name = git(checkout, "rev-parse", "--verify", f"{commit}^{{commit}}").strip()
    builds = []
    for surroundings in (FIRST, SECOND):
        start = time.monotonic()
        builds.append(cloned(checkout, name, folder / surroundings.folder))
        build(builds[-1], surroundings, cores)
        print(f"{builds[-1]}: built in {time.monotonic() - start:.0f} s", file=sys.stderr)
    made = made_files(builds[0])
    if not made:
        raise CountbackError(f"The build of {name} made nothing that could be compared.")
    found = list(differences(*builds))
    started = [file for file, is_program in modes(builds[1]).items() if is_program]
    said = report(found, len(made))
    if started:
        said += f"\nThese generated files are marked as programs, which data are not: {', '.join(started)}."
    return not found and not started, f"Commit {name}: {said}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, build twice, and return the exit status: 0 if both builds are the same, else 1."""
    parser = argparse.ArgumentParser(description="Build a commit twice and compare all that was made.")
    parser.add_argument("--from", dest="commit", default="HEAD", help="the commit (HEAD)")
    parser.add_argument("--checkout", type=Path, default=PROJECT, help="whose commit it is (this one)")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="of each build (all)")
    parser.add_argument("--folder", type=Path, help="where both builds are put, and left (a temporary folder, removed)")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            is_same, said = reproduce(options.checkout.resolve(), options.commit, folder.resolve(), options.cores)
        except CountbackError as error:
            print(error, file=sys.stderr)
            return 1
    print(said)
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
