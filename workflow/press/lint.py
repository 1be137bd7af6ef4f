"""Checks chapters without running a cell: the subset, labels, captions, alternative texts, and literal counts.

A count in prose, in a caption or in an alternative text is a value of the workflow, put in by a shortcode, or it would
stay as it is when the data change. Years, cited law, references and spans marked `[...]{.literal}` may hold digits.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from press.book import Book
from press.cells import Block, Cell, Document
from press.errors import PressError, all_of
from press.render import FORMATS, STAND_IN, compose, read_book

ALLOWED = [
    re.compile(r"\{\{<.*?>\}\}"),  # values of the workflow
    re.compile(r"\[[^\]]*\]\{\.literal\}"),
    re.compile(r"\{[#.=][^}]*\}"),  # labels and attributes
    re.compile(r"\]\([^)]*\)"),  # targets of links and images
    re.compile(r"\[?-?@[\w:.-]+(?:, pp?\. \d+(?:[-–]\d+)?)?"),  # citations, with pages, and cross-references
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\[\^\w+\]"),  # marks of footnotes
    re.compile(r"\b\d+ U\.S\.C\. § ?\w+"),  # cited law
]
YEAR = re.compile(r"\b(?:19[89]|20[0-4])\d(?:s|\b)(?: (?:[HQ][1-4]))?")
FEW = "two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
MANY = "tens|dozens?|hundreds?|thousands?|millions?|billions?"
IN_WORDS = f"(?:{TENS})(?:-(?:one|{FEW}))?|{TEENS}|{MANY}|{FEW}"
COUNTED = (
    "reports|pieces|accounts|providers|pairs|files|rows|cells|values|notices|releases|sources|organizations|"
    "corporations|companies|brands|services|platforms|users|minors|children|images|videos|posts|pins|countries|"
    "differences|ties|outliers|dots|points|plots|panels|times|years|months|quarters|half-years|days|"
    "percentage points|percent|per cent"
)
OF = r"(?:\s+of(?:\s+(?:the|these|those|all|its|their))?)?"
JOINING = "and|or|in|on|by|for|to|from|with|than|as|at|that|which|when|whose|are|is|were|was"
ADJECTIVE = rf"(?:\s+(?!(?:{JOINING})\b)[a-z-]+)?"
COUNTS = [
    # a number that looks like a year, and counts
    re.compile(rf"\b(?:1[89]|20)\d\d(?:\s*%|{OF}{ADJECTIVE}\s+(?:{COUNTED}|{MANY})\b)", re.IGNORECASE),
    re.compile(r"\b(?:more than|fewer than|less than|total of) (?:1[89]|20)\d\d\b", re.IGNORECASE),
    # a number in words, and what it counts; of one, only a percent: "one report" is mostly any report
    re.compile(rf"\b(?:{IN_WORDS}){OF}{ADJECTIVE}\s+(?:{COUNTED})\b", re.IGNORECASE),
    re.compile(r"\bone per\s?cent\b", re.IGNORECASE),
]
ATTRIBUTE = re.compile(r'(?:fig-alt|alt|title)="([^"]*)"')
NOTE = re.compile(r'\bnote="([^"]*)"')


def counts_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield each count that a text holds, and the place where it begins."""
    for pattern in ALLOWED:
        text = pattern.sub(lambda found: re.sub(r"[^\n]", "·", found[0]), text)
    without_years = YEAR.sub(lambda found: " " * len(found[0]), text)
    for match in [*(match for pattern in COUNTS for match in pattern.finditer(text))]:
        yield match.start(), " ".join(match[0].split())
    for match in re.finditer(r"[^\s·]*\d[^\s·]*", without_years):
        yield match.start(), match[0]


def _printed(block: Block | Cell) -> list[tuple[int, str]]:
    """Return the texts of a block that a reader sees as prose, with the line of the block that each begins in."""
    text = "\n".join(line.text for line in block.lines)
    if isinstance(block, Cell):
        options = [(0, str(value)) for name, value in block.options.items() if name.endswith(("-cap", "-alt"))]
        return options + [(text.count("\n", 0, note.start()), note[1]) for note in NOTE.finditer(text)]
    if not block.is_prose:
        return []
    return [(0, text), *((text.count("\n", 0, found.start()), found[1]) for found in ATTRIBUTE.finditer(text))]


def literal_counts(document: Document) -> list[PressError]:
    """Return a fault for each count of a chapter that is not a value of the workflow."""
    faults = {}
    for block in document.blocks:
        for first, text in _printed(block):
            for at, count in counts_in(text):
                line = block.lines[first + text.count("\n", 0, at)]
                fix = "Write {{< var ... >}}, or [...]{.literal} if it is no count of the data."
                faults[line.file, line.number, count] = line.error(f"The count {count} is typed.", fix)
    return list(faults.values())


def unlabelled(document: Document) -> list[PressError]:
    """Return a fault for each cell without label: Quarto gives it another name at each run."""
    return [cell.error("The cell has no label.", "Add `#| label:`.") for cell in document.cells if not cell.label]


def without_alt(document: Document) -> list[PressError]:
    """Return a fault for each figure cell that names no alternative text."""
    fix = "Add `#| fig-alt:`, saying what the figure shows."
    return [
        cell.error(f"The figure {cell.label} has no alternative text.", fix)
        for cell in document.cells
        if cell.label.startswith("fig-") and not cell.options.get("fig-alt")
    ]


def _composed(book: Book, documents: list[Document]) -> list[PressError]:
    outputs = [STAND_IN * len(document.cells) for document in documents]
    try:
        compose(book, documents, outputs, FORMATS, with_images=False)
    except PressError as fault:
        return [fault]
    return []


def lint(project: Path) -> int:
    """Check the chapters of a project and return how many there are; no result of the workflow need be there.

    Raises
    ------
    PressError
        All faults found: file, line, what is wrong, what to write instead.
    """
    book, documents = read_book(project, needs_variables=False)
    faults = _composed(book, documents)
    for document in documents:
        faults += [*literal_counts(document), *unlabelled(document), *without_alt(document)]
    if faults:
        raise all_of(faults)
    return len(documents)
