"""What the chapters of the book read and show, found in the chapters themselves.

- `inputs:` in a chapter's front matter is the only list of what its cells read. A path that a cell names and that is
  not under it is a fault: the chapter would not be rendered again when that file changes.
- Images and links to files of the project are what the text shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from countback.io.documents import parse_yaml
from countback.io.errors import ConfigError

BOOK = "_quarto.yml"
FRONT = re.compile(r"\A---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)
CELL = re.compile(r"^```\{python\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
# what lies in these is facts, results or settings; code is found by other means
READ = re.compile(r"""(f?)(["'])((?:data|results|figures|exports|config|envs)/[^"'\n]*\.\w+|pyproject\.toml)\2""")
# a name may hold spaces, written as they are or by number
TARGET = re.compile(r"""\]\(<?([^()<>\n"]+?)>?(?:\s+"[^"]*")?\)""")
VARIABLE = re.compile(r"\{\{<\s*var\s+(\S+?)\s*>\}\}")
ATTRIBUTE = re.compile(r'\b(?:map|cards|src)="([^"]+)"')


def is_inside(path: str) -> bool:
    """Tell whether a path stays in the project.

    Examples
    --------
    >>> is_inside("data/a.csv"), is_inside("../a.csv"), is_inside("/etc/hosts")
    (True, False, False)
    """
    return not PurePosixPath(path).is_absolute() and ".." not in PurePosixPath(path).parts and "\0" not in path


@dataclass(frozen=True)
class Chapter:
    """A chapter of the book: its path in the project, and its text."""

    project: Path
    path: str

    @cached_property
    def text(self) -> str:
        """The chapter as it is written."""
        try:
            return (self.project / self.path).read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ConfigError(f"{self.path}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from None

    @cached_property
    def declared(self) -> list[str]:
        """Paths and patterns under `inputs:` in the front matter."""
        front = FRONT.match(self.text)
        try:
            listed = (parse_yaml(front[1]) or {}).get("inputs", []) if front else []
        except (ValueError, AttributeError) as error:
            raise ConfigError(f"{self.path}: the front matter can't be read: {error}. Correct it.") from None
        paths = [str(one) for one in (listed if isinstance(listed, list) else [listed])]
        for path in paths:
            if not is_inside(path):
                raise ConfigError(f"{self.path}: `inputs:` names {path}, expected a path in the project. Correct it.")
        return paths

    @property
    def inputs(self) -> list[str]:
        """Files that the chapter declares, patterns resolved among the files that are there."""
        return sorted({file for pattern in self.declared for file in self._resolved(pattern)})

    def _resolved(self, pattern: str) -> list[str]:
        if "*" not in pattern:
            return [pattern]
        return [path.relative_to(self.project).as_posix() for path in self.project.glob(pattern)]

    @property
    def shown(self) -> list[str]:
        """Files of the project that the text places or links to, other chapters left out."""
        prose = CELL.sub("", self.text)
        targets = {*TARGET.findall(prose), *ATTRIBUTE.findall(prose)}
        places = {self._place(target.partition("#")[0]) for target in targets if ":" not in target}
        return sorted(place for place in places if place and not place.endswith(".qmd"))

    def _place(self, target: str) -> str:
        """Return the path in the project that a target in the text leads to; a leading slash is the project's root."""
        base = PurePosixPath() if target.startswith("/") else PurePosixPath(self.path).parent
        parts: list[str] = []
        for part in (base / unquote(target).lstrip("/")).parts:
            if part == ".." and parts:
                parts.pop()
            elif part not in (".", ".."):
                parts.append(part)
        return "/".join(parts)

    @property
    def variables(self) -> Iterator[tuple[str, int]]:
        """Ids of the numbers that the text prints, each with its line."""
        for found in VARIABLE.finditer(self.text):
            yield found[1], self.text.count("\n", 0, found.start()) + 1

    @property
    def downloads(self) -> list[str]:
        """Computed tables that the chapter reads or links to, which lie beside the book."""
        return [path for path in [*self.inputs, *self.shown] if path.startswith("results/") and path.endswith(".csv")]

    def undeclared(self) -> Iterator[ConfigError]:
        """Yield a fault for each path that a cell names and that no entry under `inputs:` means."""
        for cell in CELL.finditer(self.text):
            for named in READ.finditer(cell[1]):
                line = self.text.count("\n", 0, cell.start(1) + named.start()) + 1
                if named[1]:
                    fix = "Write the path out, so that it can be compared with `inputs:`."
                    yield ConfigError(f"{self.path}, line {line}: the path {named[3]} is put together. {fix}")
                elif not any(fnmatch(named[3], pattern) for pattern in self.declared):
                    fix = f"Add a line `- {named[3]}` under `inputs:` in its front matter."
                    yield ConfigError(f"{self.path}, line {line}: the cell reads {named[3]}, not declared. {fix}")


def book_settings(project: Path) -> dict[str, Any]:
    """Return `_quarto.yml`.

    Raises
    ------
    ConfigError
        If it is missing, is no YAML, or describes no book.
    """
    try:
        settings = parse_yaml((project / BOOK).read_text(encoding="utf-8"))
        if not isinstance(settings["book"]["chapters"], list):
            raise TypeError("`chapters` is no list")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{BOOK}: {error!r}, expected a book with its chapters. Correct or restore it.") from None
    return dict(settings)


def _files(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, dict) and "chapters" in entry:
            yield from _files(entry["chapters"])
        else:
            yield str(entry["file"] if isinstance(entry, dict) else entry)


def book_chapters(project: Path) -> list[Chapter]:
    """Return the chapters and appendices of the book in their order.

    Raises
    ------
    ConfigError
        If the book or a chapter is not there, or a chapter can't be read.
    """
    book = book_settings(project)["book"]
    paths = list(_files([*book["chapters"], *(book.get("appendices") or [])]))
    for path in paths:
        if not is_inside(path) or not (project / path).is_file():
            raise ConfigError(f"{BOOK}: the chapter {path} is missing. Create it, or correct the name.")
    chapters = [Chapter(project, path) for path in paths]
    for chapter in chapters:
        _ = chapter.declared  # what cannot be read is told here
    return chapters
