"""Which files of the library a script or a chapter depends on, so that an edit of them runs it again."""

import re
from collections.abc import Iterable
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent
MODULE = re.compile(r"^\s*(?:from|import) countback\.([\w.]+)", re.MULTILINE)
NAMES = re.compile(r"^\s*from countback import ([\w, ]+)", re.MULTILINE)


def imported(text: str) -> set[str]:
    """Return the modules of the library that Python code names in its imports.

    Examples
    --------
    >>> sorted(imported("from countback.tables import read_table\\nfrom countback import look, units"))
    ['look', 'tables', 'units']
    """
    names = {name.strip() for found in NAMES.findall(text) for name in found.split(",")}
    return {name for name in {*MODULE.findall(text), *names} if module_file(name).is_file()}


def module_file(name: str) -> Path:
    """Return the file of a module of the library, such as `tables` or `ingest.ncmec_esp`."""
    return LIBRARY.joinpath(*name.split(".")).with_suffix(".py")


def library_files(files: Iterable[str | Path], project: Path) -> list[str]:
    """Return the library's files that these files import, directly or not, and what these read of the project.

    Parameters
    ----------
    files
        Scripts or chapters.
    project
        The root of the checkout; paths are relative to it.
    """
    found: set[str] = set()
    waiting = {name for file in files for name in imported((project / file).read_text(encoding="utf-8"))}
    while waiting:
        found |= waiting
        waiting = {
            name for module in waiting for name in imported(module_file(module).read_text(encoding="utf-8"))
        } - found
    paths = [module_file(name).relative_to(LIBRARY.parents[1]).as_posix() for name in sorted(found)]
    # the schemas, which give columns their types, titles and units
    return [*paths, "data/datapackage.json"] if "tables" in found else paths
