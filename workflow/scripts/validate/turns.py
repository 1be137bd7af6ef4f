"""Look for banned turns of phrase in what readers read, and say what to write instead.

- In the chapters: prose, captions, alternative texts, notes of tables.
- In code: the sentences of those modules that write prose, which `WRITERS` lists.
- Elsewhere a turn may be right: messages of errors and docstrings are not looked at.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from countback.io.errors import CountbackError
from countback.text.turns import Hit, Turn, read_turns, sentences_of, turns_in
from press.book import load_book
from press.cells import Block, Cell, Document, read_chapter
from press.lint import ATTRIBUTE

WRITERS = (
    "workflow/countback/claims/*.py",
    "workflow/countback/text/profiles.py",
    "workflow/countback/text/listings.py",
    "workflow/countback/audits.py",
    "workflow/countback/clearinghouse.py",
    "workflow/countback/revisions.py",
    "workflow/scripts/clearinghouse/clearinghouse_verdicts.py",
    "workflow/scripts/revisions/verdicts.py",
    "workflow/scripts/tidy/provider_pairs.py",
)


def texts_of(block: Block | Cell) -> Iterator[tuple[int, str]]:
    """Yield the lines of a block that a reader sees, each with its place in the block."""
    if isinstance(block, Cell):
        options = (value for name, value in block.options.items() if name.endswith(("-cap", "-alt")))
        yield from ((0, str(value)) for value in options)
        if block.language == "python" and not block.source.startswith("%"):
            begin = len(block.lines) - 1 - len(block.source.splitlines())
            yield from ((begin - 1 + line, text) for line, text in sentences_of(block.source))
    elif block.is_prose:
        for at, line in enumerate(block.lines):
            yield at, ATTRIBUTE.sub("", line.text)
            yield from ((at, found[1]) for found in ATTRIBUTE.finditer(line.text))


def in_chapter(document: Document, turns: list[Turn]) -> Iterator[Hit]:
    """Yield the banned turns of a chapter."""
    for block in document.blocks:
        for at, text in texts_of(block):
            line = block.lines[min(at, len(block.lines) - 1)]
            yield from (Hit(line.file, line.number, *found) for found in turns_in(text, turns))


def in_code(project: Path, turns: list[Turn]) -> Iterator[Hit]:
    """Yield the banned turns in the sentences that code writes."""
    for file in sorted({file for pattern in WRITERS for file in project.glob(pattern)}):
        name = file.relative_to(project).as_posix()
        for line, text in sentences_of(file.read_text(encoding="utf-8")):
            yield from (Hit(name, line, *found) for found in turns_in(text, turns))


def hits(project: Path) -> list[Hit]:
    """Return all banned turns of a project's chapters and code, in the order of the book."""
    turns = read_turns(project / "config" / "banned_turns.csv")
    book = replace(load_book(project, needs_variables=False), variables=None)  # any name is taken for a variable
    found = [hit for entry in book.entries for hit in in_chapter(read_chapter(book, entry), turns)]
    return list(dict.fromkeys([*found, *in_code(project, turns)]))


def main() -> int:
    """Print every banned turn, and return the exit status."""
    try:
        found = hits(Path().resolve())
    except CountbackError as error:
        print(error, file=sys.stderr)
        return 1
    for hit in found:
        print(hit, file=sys.stderr)
    if not found:
        print("no banned turn of phrase")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
