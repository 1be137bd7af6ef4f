"""Reads `_quarto.yml` and `_variables.yml`: what the book is called, its chapters, its settings."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from press.errors import PressError

CONFIG = "_quarto.yml"
VARIABLES = "_variables.yml"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


@dataclass(frozen=True)
class Entry:
    """One file of the book, the part it stands in, and whether it is an appendix."""

    file: str
    part: str | None = None
    is_appendix: bool = False


@dataclass(frozen=True)
class Book:
    """The settings of a book, as far as the press reads them.

    `config` is `_quarto.yml` as it is written; `variables` is None where any name is taken for a variable.
    """

    project: Path
    config: "Config"
    title: str
    subtitle: str
    authors: list[str]
    day: date | None
    description: str
    lang: str
    output_folder: str
    output_file: str
    number_depth: int
    entries: list[Entry]
    bibliography: list[str]
    csl: str | None
    execute: dict[str, Any]
    variables: dict[str, Any] | None

    @property
    def author(self) -> str:
        """Return all authors in one line."""
        return ", ".join(self.authors)

    def printed_day(self) -> str:
        """Return the date as a title page prints it, or nothing."""
        return self.day.strftime("%B %-d, %Y") if self.day else ""

    def timestamp(self) -> datetime:
        """Return the date that the PDF bears: never today's, so that two renders give the same bytes."""
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        day = self.day or date(2000, 1, 1)
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime(day.year, day.month, day.day, tzinfo=UTC)


# the library in C, where PyYAML has it, reads thousands of variables at once
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 100


def refuse_bombs(text: str) -> None:
    """Refuse aliases, few of which unfold to billions of entries, and depths at which the library in C crashes.

    Raises
    ------
    yaml.YAMLError
        If there is one, or the text can't be read.
    """
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
            fault = "found an alias" if depth <= DEEPEST else f"found more than {DEEPEST} levels"
            place: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem=fault, problem_mark=place)


def parse_yaml(text: str, file: str, first_line: int = 1) -> dict[str, Any]:
    """Return the mapping in a YAML text that stands in a file from a line on.

    Raises
    ------
    PressError
        Where it can't be read, or is no mapping.
    """
    try:
        refuse_bombs(text)
        data = yaml.load(text, Loader=LOADER)
    except Exception as error:  # not of PyYAML alone: a day such as 2023-02-30 is a ValueError
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or f"a value that is none of its kind ({error})"
        line = first_line + (mark.line if mark else 0)
        fix = "Correct it, or put the value in quotes."
        raise PressError(file, line, f"The YAML can't be read: {problem}.", fix) from None
    if data is not None and not isinstance(data, dict):
        raise PressError(file, first_line, "The YAML is no mapping.", "Write `key: value`.")
    return data or {}


def read_text(project: Path, file: str) -> str:
    """Return the text of a file of the project.

    Raises
    ------
    PressError
        Where it is missing or not UTF-8.
    """
    try:
        return (project / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        fix = "Create it, or run the press in the project's root."
        raise PressError(file, None, "The file is missing.", fix) from None
    except UnicodeDecodeError as error:
        raise PressError(file, None, f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from None


class Config:
    """`_quarto.yml` with the text it was read from, so that errors can name a line."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.text = read_text(project, CONFIG)
        self.data = parse_yaml(self.text, CONFIG)

    def error(self, found: str, fix: str, sought: str) -> PressError:
        """Return a fault in the first line that holds a word."""
        word = re.compile(rf"(?<![\w-]){re.escape(sought)}(?![\w-])")
        lines = (number for number, line in enumerate(self.text.splitlines(), 1) if word.search(line))
        return PressError(CONFIG, next(lines, None), found, fix)

    def existing(self, file: object, what: str) -> str:
        """Return a file that is there."""
        if not isinstance(file, str) or not (self.project / file).is_file():
            raise self.error(f"{what} {file} is missing.", "Create it, or correct the name.", str(file))
        return file

    def entries(self, items: object, part: str | None = None, is_appendix: bool = False) -> list[Entry]:
        """Return the files under `chapters` or `appendices`."""
        if not isinstance(items, list):
            raise self.error("`chapters` is no list.", "Write one file a line, each after `- `.", "chapters")
        found: list[Entry] = []
        for item in items:
            if isinstance(item, dict) and "part" in item:
                found += self.entries(item.get("chapters", []), str(item["part"]), is_appendix)
            else:
                file = self.existing(item.get("file") if isinstance(item, dict) else item, "The chapter")
                found.append(Entry(file, part, is_appendix))
        return found

    def book_entries(self, book: dict[str, Any]) -> list[Entry]:
        """Return all files of the book, in order."""
        found = self.entries(book.get("chapters")) + self.entries(book.get("appendices") or [], is_appendix=True)
        files = [entry.file for entry in found]
        for file in files:
            if files.count(file) > 1:
                raise self.error(f"The chapter {file} stands twice in the book.", "Name it once.", file)
        if files[:1] != ["index.qmd"]:
            raise self.error("The first chapter is not index.qmd.", "A book opens with index.qmd.", "chapters")
        return found

    def day(self, value: object) -> date | None:
        """Return a date as it is written."""
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            fix = "Write it as 2026-01-31: a render must not depend on the day."
            raise self.error(f"The date {value} is none.", fix, "date") from None

    def language(self) -> str:
        """Return the language's tag."""
        lang = str(self.data.get("lang", "en"))
        if not LANGUAGE.fullmatch(lang):
            raise self.error(f"The language {lang} is none.", "Write it as en or en-US.", "lang")
        return lang

    def number_depth(self) -> int:
        """Return the level of the last numbered headings: an option of the book, or of its HTML."""
        html = (self.data.get("format") or {}).get("html")
        return int(self.data.get("number-depth") or (html.get("number-depth") if isinstance(html, dict) else 0) or 6)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _variables(project: Path, are_needed: bool) -> dict[str, Any] | None:
    if (project / VARIABLES).exists():
        return parse_yaml(read_text(project, VARIABLES), VARIABLES)
    return {} if are_needed else None


def load_book(project: Path, needs_variables: bool = True) -> Book:
    """Return the book that `_quarto.yml` in a project describes.

    Raises
    ------
    PressError
        Where the file or one that it names is missing, or something in it can't be used.
    """
    config = Config(project)
    data, book = config.data, config.data.get("book")
    if data.get("project", {}).get("type") != "book" or not isinstance(book, dict):
        raise config.error("The project is no book.", "Write `project: type: book` and a section `book`.", "project")
    title = str(book.get("title") or "")
    if not title:
        raise config.error("`book.title` is missing.", "Give the book a title.", "book")
    names = [name.get("name", "") if isinstance(name, dict) else name for name in _listed(book.get("author"))]
    return Book(
        project=project,
        config=config,
        title=title,
        subtitle=str(book.get("subtitle") or ""),
        authors=[str(name) for name in names],
        day=config.day(book.get("date")),
        description=str(book.get("description") or ""),
        lang=config.language(),
        output_folder=str(data["project"].get("output-dir", "_book")),
        output_file=str(book.get("output-file") or re.sub(r"[^\w]+", "-", title).strip("-")),
        number_depth=config.number_depth(),
        entries=config.book_entries(book),
        bibliography=[config.existing(file, "The bibliography") for file in _listed(data.get("bibliography"))],
        csl=config.existing(data["csl"], "The style") if data.get("csl") else None,
        execute=data.get("execute") or {},
        variables=_variables(project, needs_variables),
    )
