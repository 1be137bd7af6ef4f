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
from press.execute import CACHE, Output, atomic_write, option

EQUATION = re.compile(r"\$\$(.+?)\$\$[ \t]*\{(#eq-[^}]*)\}", re.DOTALL)
# Representations of objects that only repeat what a figure shows, or that hold an address in memory.
IDLE = re.compile(r"^(<[^>]*>|\[<.*>\]|\(<.*>\))$| at 0x[0-9a-f]+", re.DOTALL)
IMAGES = {"image/svg+xml": "svg", "image/png": "png"}
PICTURE = re.compile(r"<(?:img|svg)\b[^>]{,60}", re.IGNORECASE)
LONG_WORD = re.compile(r"\S{24,}")


def _breakable(word: re.Match[str]) -> str:
    """Return a long name of a file or column with places to break it, so that its column need not be as wide."""
    return re.sub(r"([/_.])", r"\1<wbr>", word[0])


class _Cleaner(HTMLParser):
    """Writes HTML anew without scripts, style sheets, handlers, and the random ids of great_tables."""

    VOID = frozenset({"br", "col", "hr", "wbr"})
    KEPT = VOID | {
        "a", "b", "blockquote", "caption", "code", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "i",
        "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "u", "ul",
    }  # fmt: skip
    DROPPED = frozenset({"form", "iframe", "math", "noscript", "object", "script", "style", "template", "title"})
    ATTRIBUTES = frozenset({"class", "colspan", "dir", "lang", "role", "rowspan", "scope", "span", "title"})
    STYLES = frozenset({
        "background-color", "color", "font-style", "font-weight", "min-width", "text-align", "text-decoration",
        "vertical-align", "white-space", "width",
    })  # fmt: skip
    ADDRESS = re.compile(r"(?:https?://|mailto:|#).*")
    VALUE = re.compile(r"(?:(?:rgb|hsl)a?\([\d\s.,%/]+\)|[\w#%.\s-]+)")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self.dropping: list[str] = []
        self.in_table = 0

    def _value(self, name: str, value: str) -> str:
        """Return what is left of an attribute: nothing, if it could load, run or cover something."""
        if name == "style":
            pairs = [[part.strip() for part in pair.split(":", 1)] for pair in value.split(";") if ":" in pair]
            kept = [(key.lower(), text) for key, text in pairs if key.lower() in self.STYLES]
            return " ".join(f"{key}: {text};" for key, text in kept if self.VALUE.fullmatch(text))
        if name == "href":
            return value if self.ADDRESS.fullmatch(value) else ""
        return value if name in self.ATTRIBUTES or (name.startswith("aria-") and self.in_table) else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.DROPPED:
            self.dropping.append(tag)
        if self.dropping or tag not in self.KEPT:
            return
        values = {name: self._value(name, value or "") for name, value in attrs}
        kept = "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value)
        self.parts.append(f"<{tag}{kept}>")
        self.in_table += tag == "table"

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            self.dropping = self.dropping[:-1] if tag == self.dropping[-1] else self.dropping
        elif tag in self.KEPT - self.VOID:
            self.parts.append(f"</{tag}>")
            self.in_table -= tag == "table"

    def handle_data(self, data: str) -> None:
        if not self.dropping:
            # What is left between two dropped tags must not make a new one.
            text = data.replace("<", "&lt;").replace(">", "&gt;")
            self.parts.append(LONG_WORD.sub(_breakable, text) if self.in_table else text)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def clean_html(html: str) -> str:
    """Return HTML with plain tags, links and styles alone, and no ids; a table alone loses the boxes around it.

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


def _html(cell: Cell, html: str) -> str:
    image = PICTURE.search(html)
    if image:
        mend = "Let the cell give the image itself, as by IPython.display.SVG or Image, or show it by markdown."
        found = f"The HTML of the cell holds an image, {image[0]}."
        raise PressError(cell.start.file, cell.start.number, found, mend)
    return clean_html(html)


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


def _display(book: Book, cell: Cell, output: Output, alt: str) -> str:
    data = output["data"]
    if "text/html" in data:
        return f"\n::: {{.cell-html}}\n{fenced(_html(cell, data['text/html']), '{=html}')}:::\n"
    for mime in IMAGES:
        if mime in data:
            return _image(book, cell, output, mime, alt)
    if "text/markdown" in data:
        return fenced(data["text/markdown"], "{.cell-markdown}")
    text = data.get("text/plain", "")
    return "" if not text or IDLE.search(text) else fenced(text, "{.cell-output}")


def _output(book: Book, document: Document, cell: Cell, output: Output, alt: str) -> str:
    kind = output["output_type"]
    if kind == "stream":
        if output["name"] == "stderr" and not option(book, document, cell, "warning", False):
            return ""
        kind = "cell-markdown" if cell.options.get("output") == "asis" else "cell-output"
        return fenced(output["text"], f"{{.{kind}}}")
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
