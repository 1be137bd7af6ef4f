"""Words and lines of PDF sources: what every parser of a PDF starts from.

- A word's place is that of the type on the page; a line is the words that stand at one height.
- A ligature is a matter of type, not of spelling: its letters are what a reader would copy.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pdfplumber
from pdfplumber.utils.exceptions import PdfminerException

from countback.io.errors import DataError

SAME_LINE = 2.0  # points between the tops of words of one line


class Word(NamedTuple):
    """A word and its place on the page, in points from the top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


Line = list[Word]


def no_pdf(file: Path, error: Exception) -> DataError:
    """Return the error for a file that can't be read as a PDF."""
    return DataError(file, found=str(error), expected="a PDF with text", fix="Fetch the file anew from its URL.")


def read_words(file: Path) -> list[list[Word]]:
    """Return the words of each page of a PDF, with their places.

    Raises
    ------
    DataError
        If the file is not a PDF that can be read.
    """
    try:
        with pdfplumber.open(file) as pdf:
            return [
                [Word(*(word[field] for field in Word._fields)) for word in page.extract_words(expand_ligatures=True)]
                for page in pdf.pages
            ]
    except PdfminerException as error:
        raise no_pdf(file, error) from error


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
