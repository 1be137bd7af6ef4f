"""Phrases on a designed page: words of one size that follow each other, and lines that belong together."""

from collections.abc import Iterable
from typing import NamedTuple

from countback.ingest.pdf import Word

SAME_TYPE = 1.5  # points between sizes of type that are the same
SAME_LINE = 3.0  # points between the middles of words of one line
SPACE, LEADING = 0.7, 0.6  # widest space between words, and between lines, of one phrase: in sizes of type


class Phrase(NamedTuple):
    """Text, its place on the page in points from the top left corner, and the size of its (first line's) type."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        """The height of the middle, in points from the top."""
        return (self.top + self.bottom) / 2


def phrases(words: Iterable[Word]) -> list[Phrase]:
    """Join words of one size that follow each other on a line, from left to right."""
    found: list[Phrase] = []
    for word in sorted(words, key=lambda word: word.x0):
        new = Phrase(word.text, word.x0, word.x1, word.top, word.bottom, word.bottom - word.top)
        before = next((index for index, phrase in enumerate(found) if _continues(phrase, new)), None)
        if before is None:
            found.append(new)
        else:
            found[before] = _joined(found[before], new)
    return found


def stacks(lines: Iterable[Phrase], is_one_size: bool = True) -> list[Phrase]:
    """Join lines that stand close above each other, from top to bottom.

    Parameters
    ----------
    lines
        Phrases of one line each.
    is_one_size
        Whether only lines of one size of type belong together.
    """
    found: list[Phrase] = []
    for line in sorted(lines, key=lambda line: line.top):
        above = next((index for index, stack in enumerate(found) if _stands_below(stack, line, is_one_size)), None)
        if above is None:
            found.append(line)
        else:
            found[above] = _joined(found[above], line)
    return found


def _continues(phrase: Phrase, word: Phrase) -> bool:
    is_beside = -SAME_LINE <= word.x0 - phrase.x1 <= SPACE * phrase.size
    is_alike = abs(word.size - phrase.size) <= SAME_TYPE
    return is_beside and is_alike and abs(word.middle - phrase.middle) <= SAME_LINE


def _stands_below(stack: Phrase, line: Phrase, is_one_size: bool) -> bool:
    is_close = 0 <= line.top - stack.bottom + SAME_LINE <= LEADING * line.size + SAME_LINE
    is_alike = not is_one_size or abs(line.size - stack.size) <= SAME_TYPE
    return is_close and is_alike and line.x0 < stack.x1 and stack.x0 < line.x1


def _joined(first: Phrase, second: Phrase) -> Phrase:
    return Phrase(
        f"{first.text} {second.text}",
        min(first.x0, second.x0),
        max(first.x1, second.x1),
        min(first.top, second.top),
        max(first.bottom, second.bottom),
        first.size,
    )
