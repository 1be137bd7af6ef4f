"""Banned turns of phrase: what readers stumbled over, why, and what to write instead.

`config/banned_turns.csv` lists them, each with a pattern, the reason, what to write instead and an example.
They are looked for line by line in what readers read: prose, captions, alternative texts and notes of tables in the
chapters, and the sentences that code writes.
"""

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TURNS = Path("config/banned_turns.csv")
FEWEST_WORDS = 3  # a shorter string of code is a name, a label or a key
# what a line holds beside its words: `[two]{.literal}` stays, because digits in it are a turn of their own
UNREAD = re.compile(r"\{\{<.*?>\}\}|\{[#:][^}]*\}|\]\([^)]*\)|\[?-?@[\w:.-]*\w\]?")
FRAME = re.compile(r"^(?:\s*(?:[-*:>]|\d+\.|#+|!\[)\s*)+|^\*\*")  # what begins a line before its first word


@dataclass(frozen=True)
class Turn:
    """A turn of phrase that no text of the project may hold."""

    name: str
    pattern: re.Pattern[str]
    why: str
    instead: str


@dataclass(frozen=True)
class Hit:
    """A banned turn in a line of a file."""

    file: str
    line: int
    turn: Turn
    found: str

    def __str__(self) -> str:
        """Return where it is, what it is, why it is banned, and what to write instead."""
        return f"{self.file}:{self.line}: {self.found!r}: {self.turn.why} Write: {self.turn.instead}"


def read_turns(file: Path = TURNS) -> list[Turn]:
    """Return all banned turns."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [Turn(row["turn"], re.compile(row["pattern"], re.IGNORECASE), row["why"], row["instead"]) for row in rows]


def turns_in(text: str, turns: list[Turn]) -> Iterator[tuple[Turn, str]]:
    """Yield each banned turn in a line, with the words at fault.

    Examples
    --------
    >>> turn = Turn("so that", re.compile(", so that"), "A chain.", "a new sentence")
    >>> [found for _, found in turns_in("Rows end, so that the series {{< var a.b >}} breaks.", [turn])]
    [', so that']
    """
    words = FRAME.sub("", UNREAD.sub(lambda found: "]" if found[0].startswith("](") else "·", text))
    for turn in turns:
        for found in turn.pattern.finditer(words):
            yield turn, " ".join(found[0].split()).strip()


def sentences_of(code: str, first_line: int = 1) -> Iterator[tuple[int, str]]:
    """Yield the strings of Python code that are long enough to be prose, with their lines; no docstrings.

    Examples
    --------
    >>> list(sentences_of('def f():\\n    "Doc of f."\\n    return f"There is no {what} here.", "key"'))
    [(3, 'There is no · here.')]
    """
    tree = ast.parse(code)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in docs | inside:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "·" for part in node.values)
        else:
            continue
        if len(text.split()) >= FEWEST_WORDS:
            yield first_line - 1 + node.lineno, text
