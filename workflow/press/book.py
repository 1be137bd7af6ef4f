"""Reads `_quarto.yml` and `_variables.yml`: what the book is called, its chapters, its settings."""

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from press.errors import PressError

CONFIG = "_quarto.yml"
VARIABLES = "_variables.yml"


@dataclass(frozen=True)
class Entry:
    """One file of the book, the part it stands in, and whether it is an appendix."""

    file: str
    part: str | None = None
    is_appendix: bool = False


@dataclass(frozen=True)
class Book:
    """The settings of a book, as far as the press reads them."""

    project: Path
    title: str
    output_folder: str
    output_file: str
    entries: list[Entry]
    subtitle: str = ""
    author: str = ""
    day: date | None = None
    description: str = ""
    lang: str = "en"
    number_depth: int = 6
    bibliography: list[str] = field(default_factory=list)
    csl: str | None = None
    execute: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)

    def timestamp(self) -> datetime:
        """Return the date that the PDF bears: never today's, so that two renders give the same bytes."""
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        if epoch:
            return datetime.fromtimestamp(int(epoch), UTC)
        day = self.day or date(2000, 1, 1)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)


def parse_yaml(text: str, file: str, first_line: int = 1) -> dict[str, Any]:
    """Return the mapping in a YAML text.

    Parameters
    ----------
    text
        The YAML.
    file, first_line
        Where it stands, for the error.

    Raises
    ------
    PressError
        Where it can't be read, or is no mapping.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or "a fault"
        raise PressError(
            file, line, f"The YAML can't be read: {problem}.", "Mend it, or put the value in quotes."
        ) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise PressError(file, first_line, "The YAML is no mapping.", "Write `key: value`.")
    return data


def _read(path: Path, file: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PressError(
            file, None, "The file is missing.", "Create it, or run the press in the project's root."
        ) from None
    except UnicodeDecodeError as error:
        raise PressError(file, None, f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from None


def line_of(text: str, sought: str) -> int | None:
    """Return the first line that holds a string as a whole word, or None."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(sought)}(?![\w-])")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)), None)


class _Config:
    """`_quarto.yml` with the text it was read from, so that errors can name a line."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.text = _read(project / CONFIG, CONFIG)
        self.data = parse_yaml(self.text, CONFIG)

    def error(self, found: str, mend: str, sought: str = "") -> PressError:
        return PressError(CONFIG, line_of(self.text, sought) if sought else None, found, mend)

    def existing(self, file: object, what: str) -> str:
        if not isinstance(file, str) or not (self.project / file).is_file():
            raise self.error(f"{what} {file} is missing.", "Create it, or correct the name.", str(file))
        return file


def _chapters(config: _Config, items: object, part: str | None = None) -> list[Entry]:
    if not isinstance(items, list):
        raise config.error("`chapters` is no list.", "Write one file a line, each after `- `.", "chapters")
    entries: list[Entry] = []
    for item in items:
        if isinstance(item, dict) and "part" in item:
            entries += _chapters(config, item.get("chapters", []), str(item["part"]))
        else:
            file = config.existing(item.get("file") if isinstance(item, dict) else item, "The chapter")
            entries.append(Entry(file, part))
    return entries


def _appendices(config: _Config, items: object) -> list[Entry]:
    return [Entry(entry.file, entry.part, is_appendix=True) for entry in _chapters(config, items or [])]


def _unique(config: _Config, entries: list[Entry]) -> list[Entry]:
    files = [entry.file for entry in entries]
    for file in files:
        if files.count(file) > 1:
            raise config.error(f"The chapter {file} stands twice in the book.", "Name it once.", file)
    if files[:1] != ["index.qmd"]:
        raise config.error("The first chapter is not index.qmd.", "A book opens with index.qmd.", "chapters")
    return entries


def _author(author: object) -> str:
    names = author if isinstance(author, list) else [author]
    return ", ".join(str(name.get("name", "") if isinstance(name, dict) else name) for name in names if name)


def _date(config: _Config, value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise config.error(
            f"The date {value} is none.", "Write it as 2026-01-31: a render must not depend on the day.", "date"
        ) from None


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _number_depth(data: dict[str, Any]) -> int:
    """Return the level of the last numbered headings: an option of the book, or of its HTML."""
    html = (data.get("format") or {}).get("html")
    return int(data.get("number-depth") or (html.get("number-depth") if isinstance(html, dict) else 0) or 6)


def _language(config: _Config) -> str:
    lang = str(config.data.get("lang", "en"))
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", lang):
        raise config.error(f"The language {lang} is none.", "Write it as en or en-US.", "lang")
    return lang


def load_book(project: Path) -> Book:
    """Return the book that `_quarto.yml` in a project describes.

    Raises
    ------
    PressError
        Where the file or one that it names is missing, or something in it can't be used.
    """
    config = _Config(project)
    book = config.data.get("book")
    if config.data.get("project", {}).get("type") != "book" or not isinstance(book, dict):
        raise config.error("The project is no book.", "Write `project: type: book` and a section `book`.", "project")
    title = str(book.get("title") or "")
    if not title:
        raise config.error("`book.title` is missing.", "Give the book a title.", "book")
    entries = _chapters(config, book.get("chapters")) + _appendices(config, book.get("appendices"))
    variables = project / VARIABLES
    csl = config.data.get("csl")
    return Book(
        project=project,
        title=title,
        output_folder=str(config.data["project"].get("output-dir", "_book")),
        output_file=str(book.get("output-file") or re.sub(r"[^\w]+", "-", title).strip("-")),
        entries=_unique(config, entries),
        subtitle=str(book.get("subtitle") or ""),
        author=_author(book.get("author")),
        day=_date(config, book.get("date")),
        description=str(book.get("description") or ""),
        lang=_language(config),
        number_depth=_number_depth(config.data),
        bibliography=[config.existing(file, "The bibliography") for file in _listed(config.data.get("bibliography"))],
        csl=config.existing(csl, "The style") if csl else None,
        execute=config.data.get("execute") or {},
        variables=parse_yaml(_read(variables, VARIABLES), VARIABLES) if variables.exists() else {},
    )
