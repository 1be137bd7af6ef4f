"""What to do about a failed build whose logs name a fault of the machine that no script of this project can catch."""

import re
from collections.abc import Iterable
from pathlib import Path

PACKAGE = "A package is missing: `make doctor` says which, and `make setup` installs it."
SPACE = "The disk is full: free some space, then run the same command again: it goes on from here."
MEMORY = "There may be too little memory: end other programs, or use fewer cores, then run the same command again."
RIGHTS = "A file or folder can't be written: let this user write there, or work in a copy of the checkout."
HINTS = {
    r"there is no package called|No module named|ModuleNotFoundError": PACKAGE,
    r"No space left on device|Disk quota exceeded|File too large": SPACE,
    r"[Cc]annot allocate (?:memory|vector)|std::bad_alloc|MemoryError": MEMORY,
    r"Read-only file system|Permission denied": RIGHTS,
}


def hints(log: str) -> list[str]:
    """Return what to do about the faults of a machine that a log names.

    Examples
    --------
    >>> hints("Error in loadNamespace(x) : there is no package called 'mgcv'")
    ['A package is missing: `make doctor` says which, and `make setup` installs it.']
    >>> hints("data/a.csv, row 2: found 'x', expected a year.")
    []
    """
    return [hint for fault, hint in HINTS.items() if re.search(fault, log)]


def text_since(logs: Iterable[Path], begin: float) -> str:
    """Return what logs hold that were written to since a time, in seconds since 1970."""
    new = [log for log in logs if log.is_file() and log.stat().st_mtime >= begin]
    return "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in new)
