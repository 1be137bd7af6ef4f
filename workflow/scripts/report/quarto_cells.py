"""Put what the cells of chapters give where Quarto keeps it, so that Quarto does not run them once for each format.

- Quarto starts a kernel for each chapter and format. The press runs a chapter once, forked from a process that has
  loaded what most chapters load, and keeps what its cells give under a key of all that they depend on.
- Quarto keeps a chapter with its cells as markdown, a file for each format (`_freeze/<chapter>/execute-results/`), and
  takes it while `hash` is that of the chapter's text. What stands here is that markdown, to the byte, for the options
  and outputs that the chapters of this book use.
- A chapter with anything else, or with a cell that fails, is left to Quarto, which then runs it as before. So are all
  where a setting that is not known here could change what cells give.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Collection, Iterator
from itertools import dropwhile
from pathlib import Path
from typing import Any, NamedTuple

from countback.io.files import atomic_write
from press.book import Book, Entry, load_book
from press.cells import Cell, Document, Line, read_chapter
from press.errors import PressError
from press.execute import Output, Outputs, execute, inputs, kept

# the endings of what Quarto writes for each format name its files
FORMATS = {"html": "html", "typst": "typ"}
# settings of the book, of a format, of a chapter, of a cell: with others, Quarto may write something else
EXECUTE = {"freeze", "daemon", "warning", "echo"}
NOT_OF_FORMATS = {"execute", "eval", "output", "include", "warning", "error", "cache", "freeze", "keep-hidden"}
NOT_OF_CHAPTERS = {"format", "engine", "filters", "params", *NOT_OF_FORMATS} - {"execute"}
OPTIONS = {"label", "echo", "include", "output", "tbl-cap"}
OTHER_SETTINGS = ("_quarto-*.yml", "_quarto.yml.local", "_metadata.yml", "*/_metadata.yml")
OPENS = re.compile(r"\s*```+\s*\{python( *[ ,].*)?\}\s*")
LABEL = re.compile(r"[a-z][a-z0-9_-]*")
RULE = re.compile(r"---\s*")
TICKS = re.compile(r"\s*`+")
TABLE = re.compile(r"<table.*</table", re.IGNORECASE | re.DOTALL)
# a plain text that Quarto drops, or prints in colors
NOT_PLAIN = re.compile(r"\s*[<(\[']|.*\x1b", re.DOTALL)


class _LeftToQuarto(Exception):
    """A chapter holds what is not known here."""


class Shown(NamedTuple):
    """How a format shows cells: whether it is HTML, and whether code stands in it."""

    is_html: bool
    echo: bool


def formats(book: Book) -> dict[str, Shown]:
    """Return by the ending of its files how each format shows cells, formats with unknown settings left out."""
    data: dict[str, Any] = book.config.data
    settings = book.execute
    is_known = settings.keys() <= EXECUTE and settings.get("warning") is False and settings.get("freeze") == "auto"
    if not is_known or any(path for pattern in OTHER_SETTINGS for path in book.project.glob(pattern)):
        return {}
    echo, found = settings.get("echo", True), {}
    for name, options in (data.get("format") or {}).items():
        of_format = options if isinstance(options, dict) else {}
        shown = of_format.get("echo", echo)
        if name in FORMATS and isinstance(shown, bool) and not of_format.keys() & NOT_OF_FORMATS:
            found[FORMATS[name]] = Shown(name == "html", shown)
    return found


def _is_known(cell: Cell) -> bool:
    options = cell.options
    return (
        options.keys() <= OPTIONS
        and cell.lines[0].text.startswith("`")
        and isinstance(options.get("label"), str)
        and LABEL.fullmatch(cell.label) is not None
        and isinstance(options.get("tbl-cap", ""), str)
        and all(isinstance(options.get(name, True), bool) for name in ("echo", "include"))
        and options.get("output", True) in (True, "asis")
        and bool(cell.source.strip())
    )


def _has_plain_front(lines: list[str]) -> bool:
    """Return whether the front matter is all that stands between rules, an empty line after it.

    Quarto takes it for a part of the text that follows; it would write it anew if another line did.
    """
    at = [number for number, line in enumerate(lines) if RULE.fullmatch(line)]
    return len(at) == 2 and at[0] == 0 and not "".join(lines[at[1] + 1 : at[1] + 2]).strip()


def is_known(document: Document, text: str) -> bool:
    """Return whether all that a chapter holds beside the outputs of its cells is known here."""
    front, lines = document.front, [line.text for line in document.lines]
    execute_options = front.get("execute") or {}
    return (
        front.get("jupyter") == "python3"
        and not front.keys() & NOT_OF_CHAPTERS
        and execute_options in ({}, {"echo": False})
        # no include, no other line ends, no cell or rule that Quarto would find elsewhere
        and lines == text.removesuffix("\n").split("\n")
        and sum(OPENS.fullmatch(line) is not None for line in lines) == len(document.cells)
        and _has_plain_front(lines)
        and all(_is_known(cell) for cell in document.cells)
    )


def _trimmed(lines: list[str]) -> list[str]:
    """Return lines without empty ones at both ends."""
    full = [at for at, line in enumerate(lines) if line.strip()]
    return lines[full[0] : full[-1] + 1] if full else []


def _prose(lines: list[Line]) -> str:
    trimmed = _trimmed([line.text for line in lines])
    return "".join(f"{line}\n" for line in [*trimmed, ""]) if trimmed else ""


def _fenced(text: str, info: str = "") -> str:
    longest = max((len(found[0]) for line in text.splitlines() if (found := TICKS.match(line))), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{info}\n{text}{'' if text.endswith(chr(10)) else chr(10)}{ticks}\n"


def _code(cell: Cell) -> str:
    body = list(dropwhile(lambda line: line.startswith("#|"), (line.text for line in cell.lines[1:-1])))
    # of empty lines at the end, Quarto drops the first, and all others but one
    end = "\n" if len(body) > 1 and not body[-1].strip() and not body[-2].strip() else ""
    return _fenced("\n".join(_trimmed(body)) + "\n" + end, " {.python .cell-code}")


def _text(value: object) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _displayed(data: dict[str, Any]) -> tuple[str, str]:
    """Return what a cell displays as markdown, and the class that Quarto adds for its kind."""
    kinds = data.keys() - {"text/plain"}
    if kinds == {"text/html"} and TABLE.search(_text(data["text/html"])):
        return _fenced(_text(data["text/html"]), "{=html}"), ""
    if kinds == {"text/markdown"}:
        return f"{_text(data['text/markdown'])}\n", " .cell-output-markdown"
    plain = _text(data.get("text/plain", ""))
    if kinds or not plain or NOT_PLAIN.match(plain):
        raise _LeftToQuarto
    return _fenced(plain), ""


def _output(cell: Cell, output: Output, label: str, number: int) -> str:
    is_stream, is_asis = "text" in output, cell.options.get("output") == "asis"
    if is_stream:
        if "\x1b" in output["text"]:
            raise _LeftToQuarto
        body, kind = (output["text"] if is_asis else _fenced(output["text"])), "stdout"
        more = ""
    else:
        (body, more), kind = _displayed(output["data"]), "display"
    if is_asis:
        return body
    mark = f" execution_count={number}" if output.get("is_result") else ""
    return f"\n::: {{{label}.cell-output .cell-output-{kind}{more}{mark}}}\n{body}:::\n"


def _attributes(cell: Cell, number: int, is_labeled: bool, shown: Shown) -> str:
    label = f"#{cell.label} " if is_labeled else f"#cell-{cell.label} " if shown.is_html else ""
    caption = cell.options.get("tbl-cap")
    quoted = "" if caption is None else "tbl-cap='{}' ".format(caption.replace("'", "\\'"))
    return f"{label}.cell {quoted}execution_count={number}"


def cell_markdown(cell: Cell, outputs: list[Output], number: int, shown: Shown) -> str:
    """Return a cell as Quarto keeps it: a block with its code and outputs, an empty line after it."""
    if not cell.options.get("include", True):
        return "\n"
    given = [output for output in outputs if output.get("name") != "stderr"]  # warnings are left out
    displays = [output for output in given if "data" in output]
    is_table = cell.label.startswith("tbl-")
    is_labeled = is_table or len(displays) != 1
    body = _code(cell) if cell.options.get("echo", shown.echo) else ""
    n_displays = 0
    for output in given:
        label = ""
        if "data" in output and not is_table:
            n_displays += 1
            label = f"#{cell.label}-{n_displays} " if is_labeled else f"#{cell.label} "
        body += _output(cell, output, label, number)
    is_block = is_labeled or "tbl-cap" in cell.options or cell.options.get("output") != "asis"
    if body and is_block:
        body = f"::: {{{_attributes(cell, number, is_labeled, shown)}}}\n{body}:::\n"
    return f"{body}\n\n"


def chapter_markdown(document: Document, outputs: Outputs, shown: Shown) -> str:
    """Return a chapter as Quarto keeps it: its text, and cells as markdown; shortcodes are not resolved yet."""
    if document.front.get("execute"):
        shown = shown._replace(echo=False)
    lines, at = document.lines, 0
    parts: list[str] = []
    for number, (cell, given) in enumerate(zip(document.cells, outputs, strict=True), 1):
        parts += [_prose(lines[at : cell.lines[0].number - 1]), cell_markdown(cell, given, number, shown)]
        at = cell.lines[-1].number
    return "".join([*parts, _prose(lines[at:])])


def entry_file(project: Path, file: str, ending: str) -> Path:
    """Return the file in which Quarto keeps a chapter for a format."""
    return project / "_freeze" / file.removesuffix(".qmd") / "execute-results" / f"{ending}.json"


def _hash(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _is_kept(path: Path, text: str) -> bool:
    try:
        return bool(json.loads(path.read_text(encoding="utf-8"))["hash"] == _hash(text))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def entry(document: Document, text: str, markdown: str, shown: Shown) -> str:
    """Return the content of the file in which Quarto keeps a chapter for a format."""
    folder = f"{Path(document.entry.file).stem}_files"
    result: dict[str, Any] = {
        "engine": "jupyter",
        "markdown": markdown,
        "supporting": [folder if shown.is_html else f"{folder}/figure-typst"],
        "filters": [],
    }
    if shown.is_html:
        # for tables, Quarto notes scripts from the network here; nothing uses them, and pages are freed of them anyway
        result["includes"] = {}
    return json.dumps({"hash": _hash(text), "result": result}, indent=2, ensure_ascii=False)


def _missing(book: Book, chapter: Entry, endings: dict[str, Shown]) -> tuple[Document, str] | None:
    """Return a chapter and its text where Quarto would run its cells and need not."""
    try:
        text = (book.project / chapter.file).read_bytes().decode()
        files = [entry_file(book.project, chapter.file, ending) for ending in endings]
        if "{python}" not in text or all(_is_kept(file, text) for file in files):
            return None
        document = read_chapter(book, chapter)
        inputs(book, document)  # all have to be there
    except (PressError, OSError, UnicodeError):  # said by Quarto, if it is none that Quarto understands
        return None
    return (document, text) if document.cells and is_known(document, text) else None


def _write(book: Book, document: Document, text: str, outputs: Outputs, endings: dict[str, Shown]) -> bool:
    try:
        made = {
            ending: entry(document, text, chapter_markdown(document, outputs, shown), shown)
            for ending, shown in endings.items()
        }
    except _LeftToQuarto:
        return False
    for ending, content in made.items():
        atomic_write(entry_file(book.project, document.entry.file, ending), content.encode())
    return True


def _run(book: Book, documents: list[Document]) -> None:
    """Run the cells of chapters and keep what they give; a cell that fails is told of by Quarto, which runs it too."""
    print(f"Cells are run, once for all formats: {', '.join(one.entry.file for one in documents)}", flush=True)
    with contextlib.suppress(PressError):
        execute(book, documents, use_cache=False)


def _filled(book: Book, may_run: bool, changed: Collection[str]) -> Iterator[str]:
    endings = formats(book)
    found = [one for chapter in book.entries if endings and (one := _missing(book, chapter, endings))]
    outputs = {
        document.entry.file: None if document.entry.file in changed else kept(book, document) for document, _ in found
    }
    to_run = [document for document, _ in found if outputs[document.entry.file] is None]
    if to_run and may_run:
        _run(book, to_run)
        outputs |= {document.entry.file: kept(book, document) for document in to_run}
    for document, text in found:
        given = outputs[document.entry.file]
        if given is not None and _write(book, document, text, given, endings):
            yield document.entry.file


def fill(project: Path, may_run: bool, changed: Collection[str] = ()) -> list[str]:
    """Put what cells give where Quarto keeps it, where nothing is kept there; return the chapters.

    Parameters
    ----------
    project
        The project's folder.
    may_run
        Whether cells may be run of which the press keeps nothing.
    changed
        Chapters of which something has changed that cells depend on, be it unknown to the press: what the press keeps
        of these is not taken.
    """
    try:
        return list(_filled(load_book(project, needs_variables=False), may_run, changed))
    except PressError:
        return []
