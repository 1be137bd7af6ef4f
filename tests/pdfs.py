"""What a PDF holds, read by PDFium: texts, places of characters, and what its structure tags."""

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium


def pages(file: Path) -> Iterator[Any]:
    """Yield the pages of a PDF."""
    with pypdfium2.PdfDocument(file) as document:
        for number in range(len(document)):
            yield document[number]


def text_of(page: Any) -> str:
    """Return the text of a page, with lines that end as others' do."""
    return str(page.get_textpage().get_text_bounded()).replace("\r\n", "\n")


def text_within(page: Any, points: float) -> str:
    """Return the text at the head of a page, down to so many points."""
    return str(page.get_textpage().get_text_bounded(bottom=page.get_height() - points))


def right_ends(page: Any) -> list[tuple[str, float]]:
    """Return every character of a page that is no space, with its right end in points."""
    text = page.get_textpage()
    found = ((text.get_text_range(n, 1), text.get_charbox(n)[2]) for n in range(text.count_chars()))
    return [(character, right) for character, right in found if character.strip()]


def tagged_in(page: Any, kinds: set[str]) -> list[tuple[str, str]]:
    """Return the elements of these kinds in the structure of a page, each with its words, in their order."""
    marked = _marked(page)
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    try:
        n_roots = pdfium.FPDF_StructTree_CountChildren(tree)
        roots = (pdfium.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(n_roots))
        elements = [one for root in roots for one in _within(root)]
        return [
            (kind, "".join(marked[part] for part in sorted(part for inner in _within(one) for part in _parts(inner))))
            for one in elements
            if (kind := _said(pdfium.FPDF_StructElement_GetType, one)) in kinds
        ]
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _marked(page: Any) -> dict[int, str]:
    """Return the words of a page by the number of their mark."""
    found: dict[int, str] = defaultdict(str)
    text = page.get_textpage()
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        found[pdfium.FPDFPageObj_GetMarkedContentID(drawn)] += _said(pdfium.FPDFTextObj_GetText, drawn, text)
    return found


def _within(element: Any) -> Iterator[Any]:
    """Yield an element of a structure and all within it, in their order."""
    if element:
        yield element
        for n in range(pdfium.FPDF_StructElement_CountChildren(element)):
            yield from _within(pdfium.FPDF_StructElement_GetChildAtIndex(element, n))


def _parts(element: Any) -> list[int]:
    """Return the numbers of the marks of an element itself."""
    found = [
        pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, n)
        for n in range(pdfium.FPDF_StructElement_GetMarkedContentIdCount(element))
    ]
    return [part for part in found if part >= 0]


def _said(ask: Callable[..., int], *about: Any) -> str:
    """Return what a function of PDFium writes into a buffer: it says how long that is."""
    size = ask(*about, None, 0)
    buffer = ctypes.create_string_buffer(size)
    cast = buffer if ask is pdfium.FPDF_StructElement_GetType else ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    ask(*about, cast, size)
    return buffer.raw[:size].decode("utf-16-le").rstrip("\0")
