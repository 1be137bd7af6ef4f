"""Turns a chapter and the outputs of its cells into markdown. Plain text is shown as it is, never read as markup."""

import base64
import hashlib
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from press.book import Book
from press.cells import Cell, Document, Line, Prose, Verbatim, resolve_shortcodes
from press.errors import PressError
from press.execute import CACHE, Output, option

EQUATION = re.compile(r"\$\$(.+?)\$\$[ \t]*\{(#eq-[^}]*)\}", re.DOTALL)
# Representations of objects that only repeat what a figure shows, or that hold an address in memory.
IDLE = re.compile(r"^(<[^>]*>|\[<.*>\]|\(<.*>\))$| at 0x[0-9a-f]+", re.DOTALL)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
IMAGES = {"image/svg+xml": "svg", "image/png": "png"}


LONG_WORD = re.compile(r"\S{24,}")


def _breakable(word: re.Match[str]) -> str:
    """Return a long name of a file or column with places to break it, so that its column need not be as wide."""
    return re.sub(r"([/_.])", r"\1<wbr>", word[0])


class _Cleaner(HTMLParser):
    """Writes HTML anew without scripts, style sheets, handlers, and the random ids of great_tables."""

    DROPPED = frozenset({"script", "style", "iframe", "object", "embed", "link", "meta", "base", "form"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self.dropping: list[str] = []
        self.in_table = 0

    def _keeps(self, name: str, value: str | None) -> bool:
        if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
            return False
        if name in {"id", "headers", "border"} or name.startswith("data-quarto"):
            return False
        return not (name.startswith("aria-") and self.in_table == 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.DROPPED:
            self.dropping += [] if tag in VOID else [tag]
            return
        if self.dropping:
            return
        kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if self._keeps(name, value))
        self.parts.append(f"<{tag}{kept}>")
        self.in_table += tag == "table"

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            self.dropping = self.dropping[:-1] if tag == self.dropping[-1] else self.dropping
        elif tag not in VOID and tag not in self.DROPPED:
            self.parts.append(f"</{tag}>")
            self.in_table -= tag == "table"

    def handle_data(self, data: str) -> None:
        if not self.dropping:
            self.parts.append(LONG_WORD.sub(_breakable, data) if self.in_table else data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def clean_html(html: str) -> str:
    """Return HTML without scripts, style sheets, handlers and ids; a table alone loses the boxes around it.

    Examples
    --------
    >>> clean_html('<div id="x"><style>p{}</style><table id="y"><tr><td onclick="z()">1</td></tr></table></div>')
    '<table><tr><td>1</td></tr></table>'
    """
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    text = "".join(cleaner.parts).strip()
    alone = re.fullmatch(r"(?:<div[^>]*>\s*)+(<table\b.*</table>)(?:\s*</div>)+", text, re.DOTALL)
    return alone[1] if alone and alone[1].count("<table") == 1 else text


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
    target = book.project / path
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    width = (output.get("metadata") or {}).get(mime, {}).get("width")
    quoted = alt.replace('"', '\\"')
    attributes = f'fig-alt="{quoted}"' + (f" width={width}px" if width else "")
    return f"\n![](/{path.as_posix()}){{{attributes}}}\n"


def _display(book: Book, cell: Cell, output: Output, alt: str) -> str:
    data = output["data"]
    if "text/html" in data:
        return f"\n::: {{.cell-html}}\n{fenced(clean_html(data['text/html']), '{=html}')}:::\n"
    for mime in IMAGES:
        if mime in data:
            return _image(book, cell, output, mime, alt)
    if "text/markdown" in data:
        return f"\n{data['text/markdown']}\n"
    text = data.get("text/plain", "")
    return "" if not text or IDLE.search(text) else fenced(text, "{.cell-output}")


def _output(book: Book, document: Document, cell: Cell, output: Output, alt: str) -> str:
    kind = output["output_type"]
    if kind == "stream":
        if output["name"] == "stderr" and not option(book, document, cell, "warning", False):
            return ""
        as_markdown = cell.options.get("output") == "asis"
        return f"\n{output['text']}\n" if as_markdown else fenced(output["text"], "{.cell-output}")
    if kind in {"display_data", "execute_result"}:
        return _display(book, cell, output, alt)
    return ""


def _code(book: Book, document: Document, cell: Cell) -> str:
    if not option(book, document, cell, "echo", True):
        return ""
    name = {"python": "Python", "r": "R"}[cell.language]
    summary = str(cell.options.get("code-summary") or f"Code ({name})").replace('"', "'")
    fold = str(cell.options.get("code-fold", True)).lower()
    source = fenced(cell.source, f"{{.{cell.language}}}")
    return f'\n::: {{.cell-code summary="{summary}" fold="{fold}"}}\n{source}:::\n'


def _caption(cell: Cell, line: Line) -> str | None:
    kind = cell.label.split("-")[0]
    if kind not in {"fig", "tbl"}:
        return None
    caption = cell.options.get(f"{kind}-cap")
    if not caption:
        mend = f"Add `#| {kind}-cap:`, or put the cell into a block `::: {{#{cell.label}}}` and drop its label."
        raise PressError(line.file, line.number, f"The cell {cell.label} has no caption.", mend)
    return str(caption)


def cell_markdown(book: Book, document: Document, cell: Cell, outputs: list[Output]) -> str:
    """Return a cell as markdown: its code to be folded, its outputs, and, for a labelled one, its caption."""
    if not option(book, document, cell, "include", True):
        return ""
    alt = resolve_shortcodes(book, cell.start._replace(text=str(cell.options.get("fig-alt") or "")))
    shown: Any = option(book, document, cell, "output", True)
    body = "".join(_output(book, document, cell, output, alt) for output in outputs) if shown is not False else ""
    caption = _caption(cell, cell.start) if body else None
    if caption is not None:
        caption = resolve_shortcodes(book, cell.start._replace(text=caption))
        body = f"\n::: {{#{cell.label}}}\n{body}\n{caption}\n:::\n"
    if cell.options.get("classes") and body:
        body = f"\n::: {{.{' .'.join(str(cell.options['classes']).replace('.', ' ').split())}}}\n{body}:::\n"
    return _code(book, document, cell) + body


def check_prose(book: Book, document: Document) -> None:
    """Raise for a shortcode in prose that can't be resolved, before any cell is run."""
    for block in document.blocks:
        if isinstance(block, Prose):
            for line in block.lines:
                resolve_shortcodes(book, line)


def chapter_markdown(book: Book, document: Document, outputs: list[list[Output]]) -> str:
    """Return a chapter as markdown, variables put in and cells replaced by what they gave."""
    parts: list[str] = []
    by_cell = iter(outputs)
    for block in document.blocks:
        if isinstance(block, Cell):
            parts.append(cell_markdown(book, document, block, next(by_cell)))
        elif isinstance(block, Verbatim):
            parts.append("\n".join(line.text for line in block.lines))
        elif isinstance(block, Prose):
            text = "\n".join(resolve_shortcodes(book, line) for line in block.lines)
            parts.append(EQUATION.sub(r"[$$\1$$]{\2}", text))
    text = "\n".join(parts)
    title = document.front.get("title")
    has_title = any(
        isinstance(block, Prose) and any(re.match(r"# ", line.text) for line in block.lines)
        for block in document.blocks
    )
    return text if has_title or not title else f"# {title}\n\n{text}"
