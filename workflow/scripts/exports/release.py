"""Refuse to release a version, with every reason at once, or tag it: `make release VERSION=0.3.0`.

- All that takes seconds is looked at first. Only where nothing is wrong, what has to pass on this commit is run.
- The tag is annotated with the version's section of CHANGELOG.md. It stays on this machine until it is pushed.
- Nothing else is written: what is wrong is for the maintainer to set right and to commit.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from countback.io.documents import read_yaml
from countback.io.errors import CountbackError
from countback.io.package import read_json
from countback.io.tables import read_table
from scripts.exports.release_check import release_faults
from scripts.validate.checksums import checksums
from scripts.validate.data_diff import git

BRANCH = "main"
CHANGELOG, CITATION, BOOK = "CHANGELOG.md", "CITATION.cff", "_quarto.yml"
SIZES = "data/versions/table_sizes.csv"
NUMBERS = re.compile(r"\d+\.\d+\.\d+")
SHOWN = 5
# Where the version stands, and how.
VERSIONED = {
    "pyproject.toml": r'^version = "(.*?)"',
    CITATION: r"^version: (.*)$",
    "data/datapackage.json": r'^  "version": "(.*?)"',
    "README.md": r"countback, version ([\d.]+),",
    "data/README.md": r"countback, version ([\d.]+),",
}


def fault(place: str, found: object, expected: str, fix: str) -> str:
    """Return one reason: where, what stands there, what should, and what to do."""
    return f"{place}: found {found}, expected {expected}. {fix}"


def numbers(version: str) -> tuple[int, ...]:
    """Return the parts of a version, to be compared.

    Examples
    --------
    >>> numbers("0.10.0") > numbers("0.9.1")
    True
    """
    return tuple(int(part) for part in version.split("."))


def version_faults(project: Path, version: str) -> Iterator[str]:
    """Yield what is wrong with the version itself: its form, and the tags that there are."""
    if not NUMBERS.fullmatch(version):
        expected = "three numbers with dots"
        yield fault(
            "VERSION", version or "nothing", expected, "Run: make release VERSION=0.3.0, with the right numbers."
        )
        return
    tags = git(project, "tag", "--list", "v*").decode().split()
    released = [tag[1:] for tag in tags if NUMBERS.fullmatch(tag[1:])]
    newest = max(released, key=numbers, default=None)
    if newest is not None and numbers(version) <= numbers(newest):
        yield fault("VERSION", version, f"a version later than {newest}, which has a tag", "Raise it.")


def place_faults(project: Path, version: str) -> Iterator[str]:
    """Yield the files that give another version."""
    for name, pattern in VERSIONED.items():
        found = re.search(pattern, (project / name).read_text(encoding="utf-8"), re.MULTILINE)
        stated = found[1] if found else "no version"
        if stated != version:
            yield fault(name, stated, version or "the version", "Write it there.")


def section(project: Path, version: str) -> tuple[str, str]:
    """Return what the changelog has after a version's number in its heading, and below it; nothing if it has none."""
    text = (project / CHANGELOG).read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(version)}\b(.*)\n((?:(?!## ).*\n?)*)", text, re.MULTILINE)
    return (found[1], found[2].strip()) if found else ("", "")


def date_faults(project: Path, version: str, today: date) -> Iterator[str]:
    """Yield where the changelog does not tell of the version, and where its day is missing, to come, or another."""
    after, told = section(project, version)
    heading = f"## {version or 'VERSION'}, {today}"
    if not told:
        fix = "Say there what changed since the version before."
        yield fault(CHANGELOG, f"nothing on {version or 'the version'}", f"a section with the heading `{heading}`", fix)
        return
    day = after.removeprefix(", ")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        yield fault(
            CHANGELOG, f"`## {version}{after}`", f"the day of the release, as in `{heading}`", "Write it there."
        )
        return
    if day > str(today):
        yield fault(CHANGELOG, day, f"a day that is not after {today}", "Correct it.")
    stated = {
        f"{CITATION}, date-released": read_yaml(project / CITATION).get("date-released"),
        f"{BOOK}, book.date": read_yaml(project / BOOK).get("book", {}).get("date"),
    }
    for place, other in stated.items():
        if str(other) != day:
            yield fault(place, other or "nothing", f"{day}, as {CHANGELOG} says", "Write the same day in both.")


def checksum_faults(project: Path) -> Iterator[str]:
    """Yield the tables whose checksums are old."""
    held, now = read_json(project / "data" / "checksums.json"), checksums(project / "data")
    stale = sorted(path for path in held.keys() | now.keys() if held.get(path) != now.get(path))
    if stale:
        fix = "Run: make checksums, and commit what it changes."
        yield fault("data/checksums.json", f"others than now of {shortened(stale)}", "those of the tables", fix)


def record_faults(project: Path, version: str) -> Iterator[str]:
    """Yield the tables that the record of the version lacks, or has otherwise."""
    sizes, now = read_table(project / SIZES), checksums(project / "data")
    recorded = set(sizes.loc[sizes["version"] == version, ["table_name", "hash"]].itertuples(index=False, name=None))
    # The record is itself in tables, which change when it is written.
    names = {path: one["name"] for one in read_json(project / "data" / "datapackage.json")["resources"]
             if not (path := one["path"]).startswith("versions/")}  # fmt: skip
    others = [name for path, name in names.items() if (name, now[path]["hash"].removeprefix("sha256:")) not in recorded]
    if others:
        fix = "Run: make report, make record FROM=<the version before>, make checksums, and commit what they change."
        yield fault(SIZES, f"no record of {shortened(others)} as now", f"that of version {version}", fix)


def tree_faults(project: Path) -> Iterator[str]:
    """Yield what is not committed, and another branch than the one that is released from."""
    changed = git(project, "status", "--porcelain").decode().splitlines()
    if changed:
        names = shortened([line[3:] for line in changed])
        yield fault(
            "The checkout", f"changes of {names}", "none that are not committed", "Commit them, or put them away."
        )
    branch = git(project, "rev-parse", "--abbrev-ref", "HEAD").decode().strip()
    if branch != BRANCH:
        yield fault("The checkout", f"branch {branch}", f"branch {BRANCH}", f"Merge it, then: git switch {BRANCH}")


def shortened(names: Sequence[str]) -> str:
    """Return the first few names of a list, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def faults(project: Path, version: str, today: date) -> Iterator[str]:
    """Yield every reason not to release a version of a project, as far as looking tells."""
    checks: list[Callable[[], Iterable[str]]] = [
        lambda: version_faults(project, version),
        lambda: place_faults(project, version),
        lambda: date_faults(project, version, today),
        lambda: release_faults(project),
        lambda: checksum_faults(project),
        lambda: record_faults(project, version),
        lambda: tree_faults(project),
    ]
    for check in checks:
        try:
            yield from check()
        except CountbackError as error:  # what one check can't read, keeps none of the others from telling
            yield str(error)


def failure(project: Path, command: str) -> str | None:
    """Run what has to pass; return the reason if it fails, or if it leaves another checkout than it found."""
    before = git(project, "rev-parse", "HEAD")
    # The command is the maintainer's own, of the Makefile.
    status = subprocess.run(["sh", "-c", command], cwd=project, check=False).returncode
    if status:
        return fault(command, f"exit status {status}", "0", "Correct what it says, commit, and run this again.")
    left = list(tree_faults(project))
    if left or git(project, "rev-parse", "HEAD") != before:
        return fault(command, "another checkout than before", "the same", " ".join(left) or "Run this again.")
    return None


def main(arguments: Sequence[str], today: date) -> int:
    """Tag the version, or say why not; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("version", help="the version to release, such as 0.3.0")
    parser.add_argument("--passing", required=True, metavar="COMMAND", help="what has to pass before")
    wanted, project = parser.parse_args(arguments), Path.cwd()
    try:
        found = list(faults(project, wanted.version, today))
        if not found:
            print(f"Looking finds nothing against {wanted.version}. Now this has to pass: {wanted.passing}", flush=True)
            found = [reason for reason in [failure(project, wanted.passing)] if reason]
        if not found:
            tag, (_, told) = f"v{wanted.version}", section(project, wanted.version)
            message = f"countback {wanted.version}\n\n{told}\n"
            git(project, "tag", "--annotate", "--cleanup=verbatim", "--message", message, tag)
    except CountbackError as error:
        found = [str(error)]
    if found:
        print(f"No tag was made, for {len(found)} reason{'s' * (len(found) > 1)}:", file=sys.stderr)
        for reason in found:
            print(f"- {reason}", file=sys.stderr)
        return 1
    print(f"Tagged {tag}. To publish it: git push origin {BRANCH} {tag}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], date.today()))
