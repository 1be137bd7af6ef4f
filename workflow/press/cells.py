"""Splits a chapter into prose, verbatim blocks and cells, each line with the file and number it came from."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from press.book import Book, Entry, parse_yaml, read_text
from press.errors import PressError

FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$")
DIV_OPEN = re.compile(r"^:{3,}\s*(\{.*\}|[\w.-]+)\s*:*\s*$")
DIV_CLOSE = re.compile(r"^:{3,}\s*$")
INCLUDE = re.compile(r"\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*")
SHORTCODE = re.compile(r"\{\{<\s*(.*?)\s*>\}\}")
IN_ATTRIBUTE = re.compile(r"\{[^}]*\s[\w-]+=\"[^\"]*$")  # what stands before a place within the quotes of one
INLINE_CODE = re.compile(r"`\{(?:python|r)\}[^`]+`")
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~^$@]|-(?=-)|\.(?=\.))")
OPTIONS = {
    "label", "echo", "include", "eval", "output", "code-fold", "code-summary",
    "fig-cap", "fig-alt", "tbl-cap", "warning",
}  # fmt: skip


class Line(NamedTuple):
    """One line of a chapter and where it stands."""

    text: str
    file: str
    number: int

    def error(self, found: str, fix: str) -> PressError:
        """Return a fault in this line."""
        return PressError(self.file, self.number, found, fix)


@dataclass(frozen=True)
class Block:
    """Lines of prose, or a fenced block that is passed on as it is."""

    lines: list[Line]
    is_prose: bool


@dataclass(frozen=True)
class Cell:
    """A cell: its code without options, its options, all its lines."""

    source: str
    options: dict[str, Any]
    lines: list[Line]

    @property
    def label(self) -> str:
        """Return the label, or nothing."""
        return str(self.options.get("label") or "")

    @property
    def language(self) -> str:
        """Return `r` where the cell hands its code to R, else `python`."""
        return "r" if self.source.lstrip().startswith("%%R") else "python"

    def error(self, found: str, fix: str) -> PressError:
        """Return a fault in this cell."""
        return self.lines[0].error(found, fix)


@dataclass(frozen=True)
class Document:
    """A chapter, read and split."""

    entry: Entry
    front: dict[str, Any]
    blocks: list[Block | Cell]
    lines: list[Line]

    @property
    def cells(self) -> list[Cell]:
        """Return the cells in order."""
        return [block for block in self.blocks if isinstance(block, Cell)]

    @property
    def prose(self) -> list[Line]:
        """Return the lines of prose in order."""
        return [line for block in self.blocks if isinstance(block, Block) and block.is_prose for line in block.lines]

    def error(self, found: str, fix: str, sought: str = "") -> PressError:
        """Return a fault in the first line that holds a text, else in the whole file."""
        line = next((line for line in self.lines if sought and sought in line.text), None)
        return line.error(found, fix) if line else PressError(self.entry.file, None, found, fix)


def _included(project: Path, line: Line, path: str, parents: tuple[str, ...]) -> list[Line]:
    base = project if path.startswith("/") else (project / line.file).parent
    target = (base / path.lstrip("/")).resolve()
    name = target.relative_to(project).as_posix() if target.is_relative_to(project) else path
    if name in parents:
        raise line.error(f"{path} includes itself.", "Take one of the includes out.")
    if not target.is_file():
        raise line.error(f"The included file {path} is missing.", "Create it, or correct the path.")
    return _read_lines(project, name, parents)


def _read_lines(project: Path, file: str, parents: tuple[str, ...] = ()) -> list[Line]:
    lines: list[Line] = []
    for number, text in enumerate(read_text(project, file).splitlines(), 1):
        line, include = Line(text, file, number), INCLUDE.fullmatch(text)
        lines += _included(project, line, include[1], (*parents, file)) if include else [line]
    return lines


def _front_matter(lines: list[Line]) -> tuple[dict[str, Any], list[Line]]:
    if not lines or lines[0].text.rstrip() != "---":
        return {}, lines
    end = next((at for at, line in enumerate(lines[1:], 1) if line.text.rstrip() in {"---", "..."}), None)
    if end is None:
        raise lines[0].error("The front matter is not closed.", "Close it with a line `---`.")
    text = "\n".join(line.text for line in lines[1:end])
    return parse_yaml(text, lines[0].file, lines[0].number + 1), lines[end + 1 :]


def _cell(lines: list[Line]) -> Cell:
    body = lines[1:-1]
    n_options = next((at for at, line in enumerate(body) if not line.text.startswith("#|")), len(body))
    text = "\n".join(line.text[2:].removeprefix(" ") for line in body[:n_options])
    options = parse_yaml(text, lines[0].file, lines[0].number + 1)
    for name in options.keys() - OPTIONS:
        place = next((line for line in body if line.text[2:].lstrip().startswith(str(name))), lines[0])
        raise place.error(f"The option {name} is not known.", f"Known are {', '.join(sorted(OPTIONS))}.")
    return Cell("\n".join(line.text for line in body[n_options:]).strip("\n"), options, lines)


def _fenced(info: str, lines: list[Line]) -> Block | Cell:
    engine = re.match(r"\{(\w+)[\s,}]", info)
    if not engine:
        return Block(lines, is_prose=False)
    if engine[1] != "python":
        fix = "Write a {python} cell that begins with %%R." if engine[1] == "r" else "Write a {python} cell."
        raise lines[0].error(f"A cell of {engine[1]} can't be run.", fix)
    if info != "{python}":
        fix = "Write options as lines `#| name: value` below `{python}`."
        raise lines[0].error(f"The fence {info} holds more than a language.", fix)
    return _cell(lines)


def _blocks(lines: list[Line]) -> list[Block | Cell]:
    blocks: list[Block | Cell] = []
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
            raise lines[at].error("The cell or code block is not closed.", f"Close it with {opening[2]}.")
        blocks += [Block(prose, is_prose=True), _fenced(opening[3], lines[at : end + 1])]
        prose, at = [], end + 1
    return [*blocks, Block(prose, is_prose=True)]


def _check_divs(document: Document) -> None:
    opened: list[Line] = []
    for line in document.prose:
        if DIV_OPEN.match(line.text):
            opened.append(line)
        elif DIV_CLOSE.match(line.text):
            if not opened:
                raise line.error("This closes a block that was never opened.", "Take it out.")
            opened.pop()
    if opened:
        raise opened[-1].error("The block is not closed.", "Close it with a line `:::`.")


def _check_labels(document: Document) -> None:
    seen: dict[str, int] = {}
    for cell in document.cells:
        if cell.label in seen:
            raise cell.error(f"The label {cell.label} is taken by line {seen[cell.label]}.", "Choose another.")
        if cell.label:
            seen[cell.label] = cell.lines[0].number


def read_chapter(book: Book, entry: Entry) -> Document:
    """Return a chapter with its includes in place, split into prose, verbatim blocks and cells.

    Raises
    ------
    PressError
        Where a block is not closed, an option, a shortcode or a variable is unknown, or something can't be read.
    """
    lines = _read_lines(book.project, entry.file)
    front, body = _front_matter(lines)
    document = Document(entry, front, _blocks(body), lines)
    _check_divs(document)
    _check_labels(document)
    for line in document.prose:
        resolve_shortcodes(book, line)
    return document


def _variable(book: Book, name: str, line: Line) -> str:
    value: object = book.variables
    if value is None:
        return name
    for key in name.split("."):
        if not isinstance(value, dict) or key not in value:
            fix = "Correct the name, or bring the values up to date."
            raise line.error(f"The variable {name} is not in _variables.yml.", fix)
        value = value[key]
    if isinstance(value, dict | list):
        raise line.error(f"The variable {name} holds no single value.", "Name one below it.")
    return MARKUP.sub(r"\\\1", str(value))


def resolve_shortcodes(book: Book, line: Line, is_prose: bool = False) -> str:
    """Return the text of a line with its variables put in, as plain text and never as markup.

    In prose, each is marked with its name, by which a page can be asked where it comes from. Attributes, as of a
    picture's alternative text, hold no marks.

    Raises
    ------
    PressError
        For a variable that does not exist, and for anything but variables.
    """

    def replacement(found: re.Match[str]) -> str:
        words = found[1].split()
        if words[:1] == ["var"] and len(words) == 2:
            text = _variable(book, words[1], line)
            is_marked = is_prose and not IN_ATTRIBUTE.search(line.text[: found.start()])
            return f'[{text}]{{.value of="{words[1]}"}}' if is_marked else text
        if words == ["pagebreak"]:
            return "`#pagebreak(weak: true)`{=typst}"
        raise line.error(f"The shortcode {found[0]} is not known.", "Known are var, include and pagebreak.")

    if INLINE_CODE.search(line.text):
        raise line.error("Inline code is not run.", "Write {{< var ... >}}.")
    return SHORTCODE.sub(replacement, line.text)
