"""Words and lines of PDF sources: what every parser of a PDF starts from.

- A word's place is that of the type on the page; a line is the words that stand at one height.
- A ligature is a matter of type, not of spelling: its letters are what a reader would copy.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.pdf import PDF

from countback.ingest.opened import LIMITS, reading, too_much

SAME_LINE = 2.0  # points between the tops of words of one line


class Word(NamedTuple):
    """A word and its place on the page, in points from the top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


Line = list[Word]


@contextmanager
def pages_of(file: Path) -> Iterator[PDF]:
    """Open a PDF, and read from it within limits.

    Raises
    ------
    DataError
        If it is not a PDF that can be read, or goes beyond a limit.
    """
    with reading(file, "a PDF with text", LIMITS), pdfplumber.open(file) as pdf:
        if len(pdf.pages) > LIMITS.pages:
            raise too_much(file, f"{len(pdf.pages):,} pages", LIMITS.pages, "pages")
        yield pdf


def read_words(file: Path) -> list[list[Word]]:
    """Return the words of each page of a PDF, with their places.

    Raises
    ------
    DataError
        If the file is not a PDF that can be read.
    """
    with pages_of(file) as pdf:
        return [_words_of(page, file) for page in pdf.pages]


def _words_of(page: Page, file: Path) -> list[Word]:
    words = page.extract_words(expand_ligatures=True)
    page.close()
    if len(words) > LIMITS.words:
        raise too_much(file, f"page {page.page_number} with {len(words):,} words", LIMITS.words, "words on a page")
    return [Word(*(word[field] for field in Word._fields)) for word in words]


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Group words into printed lines, from top to bottom, each from left to right."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda word: word.top):
        if lines and word.top - lines[-1][0].top <= SAME_LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.x0) for line in lines]


def group_lines(lines: Iterable[Line], pitch: float) -> list[list[Line]]:
    """Group lines whose tops are less than `pitch` sizes of type apart."""
    groups: list[list[Line]] = []
    for line in lines:
        above = groups[-1][-1][0] if groups else None
        if above and line[0].top - above.top < pitch * (above.bottom - above.top):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def text_of(line: Iterable[Word]) -> str:
    """Return the words of a line, joined by one space."""
    return " ".join(word.text for word in line)


def place(page: int, words: Iterable[Word]) -> str:
    """Return where words stand, as an error names it."""
    return f"page {page}, {text_of(words)!r}"
