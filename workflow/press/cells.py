"""Splits a chapter into prose, verbatim blocks and cells, each line with the file and number it came from."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from press.book import Book, Entry, parse_yaml
from press.errors import PressError

FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$")
DIV_OPEN = re.compile(r"^:{3,}\s*(\{.*\}|[\w.-]+)\s*:*\s*$")
DIV_CLOSE = re.compile(r"^:{3,}\s*$")
SHORTCODE = re.compile(r"\{\{<\s*(.*?)\s*>\}\}")
INLINE_CODE = re.compile(r"`\{(?:python|r)\}[^`]+`")
OPTIONS = {
    "label", "echo", "include", "eval", "output", "code-fold", "code-summary",
    "fig-cap", "fig-alt", "tbl-cap", "warning",
}  # fmt: skip


class Line(NamedTuple):
    """One line of a chapter and where it stands."""

    text: str
    file: str
    number: int


@dataclass(frozen=True)
class Prose:
    """Lines of markdown."""

    lines: list[Line]


@dataclass(frozen=True)
class Verbatim:
    """A fenced block that is shown or passed on as it is."""

    lines: list[Line]


@dataclass(frozen=True)
class Cell:
    """A cell: its code without options, its options, the line of its fence."""

    source: str
    options: dict[str, Any]
    start: Line

    @property
    def label(self) -> str:
        """Return the label, or nothing."""
        return str(self.options.get("label") or "")

    @property
    def language(self) -> str:
        """Return `r` where the cell hands its code to R, else `python`."""
        return "r" if self.source.lstrip().startswith("%%R") else "python"


@dataclass(frozen=True)
class Document:
    """A chapter, read and split."""

    entry: Entry
    front: dict[str, Any]
    blocks: list[Prose | Verbatim | Cell] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def cells(self) -> list[Cell]:
        """Return the cells in order."""
        return [block for block in self.blocks if isinstance(block, Cell)]

    def place(self, pattern: str) -> Line | None:
        """Return the first line that a pattern is found in."""
        sought = re.compile(pattern)
        return next((line for line in self.lines if sought.search(line.text)), None)


def _included(project: Path, line: Line, path: str, parents: tuple[str, ...]) -> list[Line]:
    base = project if path.startswith("/") else (project / line.file).parent
    target = (base / path.lstrip("/")).resolve()
    name = target.relative_to(project).as_posix() if target.is_relative_to(project) else path
    if name in parents:
        raise PressError(line.file, line.number, f"{path} includes itself.", "Take one of the includes out.")
    if not target.is_file():
        raise PressError(
            line.file, line.number, f"The included file {path} is missing.", "Create it, or correct the path."
        )
    return _read_lines(project, name, parents)


def _read_lines(project: Path, file: str, parents: tuple[str, ...] = ()) -> list[Line]:
    try:
        texts = (project / file).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise PressError(file, None, f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from None
    lines: list[Line] = []
    for number, text in enumerate(texts, 1):
        line = Line(text, file, number)
        include = re.fullmatch(r"\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*", text)
        lines += _included(project, line, include[1], (*parents, file)) if include else [line]
    return lines


def _front_matter(lines: list[Line]) -> tuple[dict[str, Any], list[Line]]:
    if not lines or lines[0].text.rstrip() != "---":
        return {}, lines
    for end, line in enumerate(lines[1:], 1):
        if line.text.rstrip() in {"---", "..."}:
            text = "\n".join(line.text for line in lines[1:end])
            return parse_yaml(text, lines[0].file, lines[0].number + 1), lines[end + 1 :]
    raise PressError(lines[0].file, lines[0].number, "The front matter is not closed.", "Close it with a line `---`.")


def _cell(fence: Line, body: list[Line]) -> Cell:
    n_options = next((i for i, line in enumerate(body) if not line.text.startswith("#|")), len(body))
    text = "\n".join(line.text[2:].removeprefix(" ") for line in body[:n_options])
    options = parse_yaml(text, fence.file, fence.number + 1)
    for name in options:
        if name not in OPTIONS:
            place = next((line for line in body if line.text[2:].lstrip().startswith(str(name))), fence)
            known = ", ".join(sorted(OPTIONS))
            raise PressError(place.file, place.number, f"The option {name} is not known.", f"Known are {known}.")
    source = "\n".join(line.text for line in body[n_options:]).strip("\n")
    return Cell(source, options, fence)


def _fenced(fence: Line, info: str, lines: list[Line]) -> Verbatim | Cell:
    engine = re.match(r"\{(\w+)[\s,}]", info)
    if not engine:
        return Verbatim(lines)
    if engine[1] != "python":
        mend = "Write a {python} cell that begins with %%R." if engine[1] == "r" else "Write a {python} cell."
        raise PressError(fence.file, fence.number, f"A cell of {engine[1]} can't be run.", mend)
    if info != "{python}":
        mend = "Write options as lines `#| name: value` below `{python}`."
        raise PressError(fence.file, fence.number, f"The fence {info} holds more than a language.", mend)
    return _cell(fence, lines[1:-1])


def _blocks(lines: list[Line]) -> list[Prose | Verbatim | Cell]:
    blocks: list[Prose | Verbatim | Cell] = []
    prose: list[Line] = []
    at = 0
    while at < len(lines):
        opening = FENCE.match(lines[at].text)
        if not opening or (opening[2][0] == "`" and "`" in opening[3]):
            prose.append(lines[at])
            at += 1
            continue
        closing = re.compile(rf"^\s*{opening[2][0]}{{{len(opening[2])},}}\s*$")
        end = next((i for i in range(at + 1, len(lines)) if closing.match(lines[i].text)), None)
        if end is None:
            raise PressError(
                lines[at].file,
                lines[at].number,
                "The cell or code block is not closed.",
                f"Close it with {opening[2]}.",
            )
        blocks += [Prose(prose), _fenced(lines[at], opening[3], lines[at : end + 1])]
        prose, at = [], end + 1
    return [*blocks, Prose(prose)]


def _check_divs(blocks: list[Prose | Verbatim | Cell]) -> None:
    opened: list[Line] = []
    for line in (line for block in blocks if isinstance(block, Prose) for line in block.lines):
        if DIV_OPEN.match(line.text):
            opened.append(line)
        elif DIV_CLOSE.match(line.text):
            if not opened:
                raise PressError(line.file, line.number, "This closes a block that was never opened.", "Take it out.")
            opened.pop()
    if opened:
        raise PressError(opened[-1].file, opened[-1].number, "The block is not closed.", "Close it with a line `:::`.")


def _check_labels(document: Document) -> None:
    seen: dict[str, Line] = {}
    for cell in document.cells:
        if cell.label in seen:
            line = seen[cell.label].number
            raise PressError(
                cell.start.file,
                cell.start.number,
                f"The label {cell.label} is taken by line {line}.",
                "Choose another.",
            )
        if cell.label:
            seen[cell.label] = cell.start


def read_chapter(book: Book, entry: Entry) -> Document:
    """Return a chapter with its includes in place, split into prose, verbatim blocks and cells.

    Raises
    ------
    PressError
        Where a block is not closed, an option is unknown, or something can't be read.
    """
    front, lines = _front_matter(_read_lines(book.project, entry.file))
    document = Document(entry, front, _blocks(lines), lines)
    _check_divs(document.blocks)
    _check_labels(document)
    return document


def _variable(book: Book, name: str, line: Line) -> str:
    value: object = book.variables
    for key in name.split("."):
        if not isinstance(value, dict) or key not in value:
            mend = "Correct the name, or bring the values up to date."
            raise PressError(line.file, line.number, f"The variable {name} is not in _variables.yml.", mend)
        value = value[key]
    if isinstance(value, dict | list):
        raise PressError(line.file, line.number, f"The variable {name} holds no single value.", "Name one below it.")
    return re.sub(r"([\\`*_{}\[\]<>#|~^$@]|-(?=-)|\.(?=\.))", r"\\\1", str(value))


def resolve_shortcodes(book: Book, line: Line) -> str:
    """Return the text of a line with its variables put in, as plain text and never as markup.

    Raises
    ------
    PressError
        For a variable that does not exist, and for anything but variables.
    """

    def replacement(found: re.Match[str]) -> str:
        words = found[1].split()
        if words[:1] == ["var"] and len(words) == 2:
            return _variable(book, words[1], line)
        if words == ["pagebreak"]:
            return "`#pagebreak(weak: true)`{=typst}"
        raise PressError(
            line.file, line.number, f"The shortcode {found[0]} is not known.", "Known are var, include and pagebreak."
        )

    if INLINE_CODE.search(line.text):
        raise PressError(line.file, line.number, "Inline code is not run.", "Write {{< var ... >}}.")
    return SHORTCODE.sub(replacement, line.text)
