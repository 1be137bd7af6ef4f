"""Tables and text of tagged PDFs, which say themselves what is a table, a row and a cell.

- Tables are read by the document's own structure, not by its looks: a cell is whole however it is set, and a number
  that is broken over two lines is one number.
- Text is read in the order of the pages, without what is in tables. A part that ends without a full stop is joined to
  the next one: paragraphs go on over the end of a page.
- Links are left out, they are the marks of footnotes, and so is what is not tagged: running heads and page numbers.
- Runs of spaces become one; parts of a cell that are paragraphs of their own are joined by one space.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pdfplumber.pdf import PDF

from countback.ingest.pdf import pages_of
from countback.io.errors import DataError

Element = dict[str, Any]
Mark = tuple[int, int]  # a page (from 1) and the number of a piece of marked content on it
Texts = dict[Mark, str]
ENDS = (".", ":", ";", "?", "!")


class Paragraph(NamedTuple):
    """A paragraph's text, and the page (from 1) where it begins."""

    page: int
    text: str


class Table(NamedTuple):
    """The cells of a table's rows, and the page (from 1) where it begins."""

    page: int
    rows: list[list[str]]


class Document(NamedTuple):
    """What a tagged PDF holds."""

    paragraphs: list[Paragraph]
    tables: list[Table]


def read_document(file: Path) -> Document:
    """Return the text and the tables of a tagged PDF.

    Raises
    ------
    DataError
        If the file is not a PDF that can be read, or is not tagged.
    """
    with pages_of(file) as pdf:
        texts = _texts_of(pdf)
        tree = list(pdf.structure_tree)
        tables = list(_find(tree, "Table"))
        taken = set(_marks([*tables, *_find(tree, "Link")]))
        found = [_read_table(table, texts) for table in tables]
    if not tree:
        raise DataError(
            file,
            found="a PDF without tags",
            expected="a tagged PDF, which says what is a table, a row and a cell",
            fix="Fetch the publisher's own file; a document without tags needs a parser of its own.",
        )
    free = {mark: text for mark, text in texts.items() if mark[1] is not None and mark not in taken}
    return Document(join_paragraphs(free), found)


def _texts_of(pdf: PDF) -> Texts:
    pieces: dict[Mark, list[str]] = {}
    for page in pdf.pages:
        for char in page.chars:
            pieces.setdefault((page.page_number, char["mcid"]), []).append(char["text"])
        page.close()
    return {mark: "".join(letters) for mark, letters in pieces.items()}


def join_paragraphs(texts: Texts) -> list[Paragraph]:
    """Return pieces of text in order, those that end without a full stop joined to the next one."""
    paragraphs: list[Paragraph] = []
    for (page, _), text in texts.items():
        piece = " ".join(text.split())
        if paragraphs and piece and not paragraphs[-1].text.endswith(ENDS):
            paragraphs[-1] = Paragraph(paragraphs[-1].page, f"{paragraphs[-1].text} {piece}")
        elif piece:
            paragraphs.append(Paragraph(page, piece))
    return paragraphs


def _find(elements: list[Element], kind: str) -> Iterator[Element]:
    for element in elements:
        if element["type"] == kind:
            yield element
        else:
            yield from _find(element.get("children", []), kind)


def _marks(elements: list[Element]) -> Iterator[Mark]:
    for element in elements:
        yield from ((element.get("page_number") or 0, mcid) for mcid in element.get("mcids", []))
        yield from _marks(element.get("children", []))


def _read_table(element: Element, texts: Texts) -> Table:
    rows = [[_text(cell, texts) for cell in row.get("children", [])] for row in _find([element], "TR")]
    pages = [page for page, _ in _marks([element])]
    return Table(min(pages, default=0), rows)


def _text(element: Element, texts: Texts) -> str:
    own = "".join(texts.get(mark, "") for mark in _marks([{**element, "children": []}]))
    parts = [_text(child, texts) for child in element.get("children", []) if child["type"] != "Link"]
    return " ".join(" ".join([own, *parts]).split())
