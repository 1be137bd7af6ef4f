"""The environment of every job, cell and kernel: what `_environment` sets, with paths and a locale that hold here.

- `_environment` is the only list: Quarto reads it by itself, and everything else that starts a process comes here.
- Quarto leaves alone what a user has set already. The cells of R therefore ask again (`countback.io.r`).
- One more variable is only here and in the Makefile: Quarto's own Python could not run with it.
- Needs nothing but the standard library, so that `envs/doctor.py` can ask too, before set-up.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from countback.io.errors import ConfigError

PROJECT = Path(__file__).resolve().parents[3]
PATHS = ("PYTHONPATH", "MATPLOTLIBRC", "IPYTHONDIR")
# No module of the folder that a process starts in. Quarto may not have this, neither from its file nor from who starts
# it: its scripts import what lies beside them.
NOT_FOR_QUARTO = {"PYTHONSAFEPATH": "1"}
# C.UTF-8 is missing on older systems other than Linux
ALSO = ("C.utf8", "en_US.UTF-8", "UTF-8")


def variables(file: Path) -> dict[str, str]:
    """Return what a file of lines `NAME=value` sets; other lines are comments."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


@contextmanager
def _locale_kept() -> Iterator[None]:
    kept = locale.setlocale(locale.LC_CTYPE)
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, kept)


def is_utf8(name: str) -> bool:
    """Return whether this machine has a locale, and writes UTF-8 in it."""
    with _locale_kept():
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            return False
        return locale.nl_langinfo(locale.CODESET).upper().replace("-", "") == "UTF8"


def utf8_locale(*names: str) -> str:
    """Return the first of these locales that this machine has and that writes UTF-8, else one that is as good.

    Raises
    ------
    ConfigError
        If it has none.
    """
    found = next((name for name in (*names, *ALSO) if is_utf8(name)), None)
    if found is None:
        tried = ", ".join(dict.fromkeys([*names, *ALSO]))
        raise ConfigError(
            f"locale: found none of {tried}, expected one that writes UTF-8: R would write other names than the data "
            "have. Install one, on Debian by: apt-get install locales-all"
        )
    return found


def check_path(project: Path) -> None:
    """Raise a ConfigError where a checkout lies at a path that can't work.

    Examples
    --------
    >>> check_path(Path("/home/ada/R&D"))
    """
    # lists of folders are parted by it, as in PYTHONPATH; Snakemake reads braces as variables
    found = next((sign for sign in (os.pathsep, "{", "}") if sign in str(project)), None)
    if found:
        raise ConfigError(
            f"{project}: found {found!r} in the path of the checkout, expected none: Python and Snakemake read it as a "
            "sign of their own. Rename the folder."
        )


def check_writable(project: Path, arguments: Iterable[str]) -> None:
    """Raise a ConfigError where Snakemake would end with a traceback, since it can't make its folder.

    Parameters
    ----------
    project
        The folder that Snakemake works in.
    arguments
        Those of Snakemake: it makes no folder to list rules or to check their form.
    """
    needs_none = {"--list-rules", "--list", "-l", "--list-target-rules", "--lt", "--lint"} & set(arguments)
    notes = project / ".snakemake"
    if not needs_none and not os.access(notes if notes.is_dir() else project, os.W_OK):
        raise ConfigError(
            f"{project}: found a folder that can't be written, expected one where Snakemake can keep its notes, even "
            "those of a dry run, in .snakemake. Copy the checkout to a folder of your own."
        )


def environment() -> dict[str, str]:
    """Return the variables that `_environment` sets, and one more: paths made absolute, the locale one of this machine.

    Raises
    ------
    ConfigError
        If no locale writes UTF-8, or the path of the checkout can't work.
    """
    found = variables(PROJECT / "_environment")
    check_path(PROJECT)
    name = utf8_locale(found["LC_ALL"])
    paths = {path: str(PROJECT / found[path]) for path in PATHS}
    return found | NOT_FOR_QUARTO | paths | {"LC_ALL": name, "LANG": name}


def set_environment() -> None:
    """Make this process's environment, and so that of each process that it starts, the one of `_environment`."""
    os.environ.update(environment())
