"""Surroundings of a build that must not show in what it makes: time zone, locale, hash seed, umask, home, folder."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

LOCALES = ("LC_ALL", "LANG", "LANGUAGE")


class Surroundings(NamedTuple):
    """Where and how a build runs.

    Attributes
    ----------
    folder
        Name of the folder that the project is put into.
    umask
        Which rights new files lack.
    variables
        What the environment sets, beside what the project sets itself.
    without
        Which variables of the user's environment are left out.
    """

    folder: str
    umask: int
    variables: Mapping[str, str]
    without: tuple[str, ...] = ()


FIRST = Surroundings(
    "first", 0o022, {"TZ": "America/St_Johns", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"}, ("LANGUAGE",)
)
SECOND = Surroundings(
    "R&D (a second copy)",
    0o077,
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "4242"}
    | {"LANGUAGE": "de", "COLUMNS": "37", "NO_COLOR": "1"},
    ("HOME", "USER", "LOGNAME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
)


def environment(surroundings: Surroundings) -> dict[str, str]:
    """Return the environment of a build as a user has it: what the project sets itself is set by its own files."""
    left_out = {*surroundings.without, *LOCALES}
    outer = {name: value for name, value in os.environ.items() if name not in left_out}
    outer["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), outer.get("PATH", os.defpath)])
    return outer | dict(surroundings.variables) | {"COUNTBACK_RENDERER": "press"}
