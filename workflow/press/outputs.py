"""Turns a chapter and the outputs of its cells into markdown. Plain text is shown as it is, never read as markup."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from press.book import Book
from press.cells import Block, Cell, Document, resolve_shortcodes
from press.execute import CACHE, Output, Outputs, option
from press.project import atomic_write

EQUATION = re.compile(r"\$\$(.+?)\$\$[ \t]*\{(#eq-[^}]*)\}", re.DOTALL)
# Representations of objects that only repeat what a figure shows, or that hold an address in memory.
IDLE = re.compile(r"^(<[^>]*>|\[<.*>\]|\(<.*>\))$| at 0x[0-9a-f]+", re.DOTALL)
IMAGES = {"image/svg+xml": "svg", "image/png": "png"}
# Markup that book.lua reads, and keeps of it what is harmless.
MARKUP = {"text/html": "cell-html", "text/markdown": "cell-markdown"}


def fenced(text: str, info: str) -> str:
    """Return a text in a fence that is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"\n{fence} {info}\n{text.rstrip()}\n{fence}\n"


def _image(book: Book, cell: Cell, output: Output, mime: str, alt: str) -> str:
    data = output["data"][mime]
    content = data.encode() if mime == "image/svg+xml" else base64.b64decode(data)
    digest = hashlib.sha256(content).hexdigest()[:12]
    path = Path(CACHE) / "images" / f"{cell.label or 'cell'}-{digest}.{IMAGES[mime]}"
    if not (book.project / path).exists():
        atomic_write(book.project / path, content)
    width = (output.get("metadata") or {}).get(mime, {}).get("width")
    quoted = alt.replace('"', '\\"')
    attributes = f'fig-alt="{quoted}"' + (f" width={width}px" if width else "")
    return f"\n![](/{path.as_posix()}){{{attributes}}}\n"


def _output(book: Book, document: Document, cell: Cell, output: Output, alt: str) -> str:
    if "text" in output:
        if output["name"] == "stderr" and not option(book, document, cell, "warning", False):
            return ""
        kind = "cell-markdown" if cell.options.get("output") == "asis" else "cell-output"
        return fenced(output["text"], f"{{.{kind}}}")
    data = output["data"]
    mime = next((mime for mime in ("text/html", *IMAGES, "text/markdown") if mime in data), "")
    if mime in IMAGES:
        return _image(book, cell, output, mime, alt)
    if mime:
        return fenced(data[mime], f'{{.{MARKUP[mime]} cell="{document.cells.index(cell)}"}}')
    text = data.get("text/plain", "")
    return "" if not text or IDLE.search(text) else fenced(text, "{.cell-output}")


def shown_code(cell: Cell) -> str:
    """Return the code of a cell as readers see it: R says what goes in and out of it."""
    if cell.language != "r":
        return cell.source
    magic, _, code = cell.source.lstrip().partition("\n")
    given = {word: re.findall(rf"-{word} (\S+)", magic) for word in "io"}
    words = {"i": "in", "o": "out"}
    head = "; ".join(f"{words[word]}: {', '.join(names)}" for word, names in given.items() if names)
    return f"# {head}\n{code}" if head else code


def _code(book: Book, document: Document, cell: Cell) -> str:
    if not option(book, document, cell, "echo", True):
        return ""
    name = {"python": "Python", "r": "R"}[cell.language]
    summary = str(cell.options.get("code-summary") or f"Code ({name})").replace('"', "'")
    fold = str(cell.options.get("code-fold", True)).lower()
    source = fenced(shown_code(cell), f"{{.{cell.language}}}")
    return f'\n::: {{.cell-code summary="{summary}" fold="{fold}"}}\n{source}:::\n'


def _caption(cell: Cell) -> str | None:
    kind = cell.label.split("-")[0]
    if kind not in {"fig", "tbl"}:
        return None
    caption = cell.options.get(f"{kind}-cap")
    if not caption:
        fix = f"Add `#| {kind}-cap:`, or put the cell into a block `::: {{#{cell.label}}}` and drop its label."
        raise cell.error(f"The cell {cell.label} has no caption.", fix)
    return str(caption)


def _cell(book: Book, document: Document, cell: Cell, outputs: list[Output]) -> str:
    """Return a cell as markdown: its code to be folded, its outputs, and, for a labelled one, its caption."""
    if not option(book, document, cell, "include", True):
        return ""

    def resolved(text: object, is_prose: bool = False) -> str:
        return resolve_shortcodes(book, cell.lines[0]._replace(text=str(text)), is_prose)

    alt = resolved(cell.options.get("fig-alt") or "")
    shown: Any = option(book, document, cell, "output", True)
    body = "".join(_output(book, document, cell, output, alt) for output in outputs) if shown is not False else ""
    caption = _caption(cell) if body else None
    if caption is not None:
        body = f"\n::: {{#{cell.label}}}\n{body}\n{resolved(caption, True)}\n:::\n"
    return _code(book, document, cell) + body


def chapter_markdown(book: Book, document: Document, outputs: Outputs) -> str:
    """Return a chapter as markdown, variables put in and cells replaced by what they gave."""
    parts: list[str] = []
    by_cell = iter(outputs)
    for block in document.blocks:
        if isinstance(block, Cell):
            parts.append(_cell(book, document, block, next(by_cell)))
        elif isinstance(block, Block) and block.is_prose:
            text = "\n".join(resolve_shortcodes(book, line, True) for line in block.lines)
            parts.append(EQUATION.sub(r"[$$\1$$]{\2}", text))
        else:
            parts.append("\n".join(line.text for line in block.lines))
    title = document.front.get("title")
    if title and not any(line.text.startswith("# ") for line in document.prose):
        parts.insert(0, f"# {title}\n\n")
    return "\n".join(parts)
