"""Made-up documents of the clearinghouse, set as it sets its own: its tables of counts, and its tagged reports."""

from collections.abc import Sequence

import typst

STYLE = '#set page(width: 612pt, height: 792pt, margin: 60pt)\n#set text(11pt, font: "Libertinus Serif")\n'
NO_BREAK_SPACE = "\u00a0"
Rows = Sequence[tuple[str, str]]


def cell(text: str) -> str:
    """Return a cell whose text stays as it is, whatever it means to the typesetter."""
    return f"[{escaped(text)}]"


def escaped(text: str) -> str:
    """Return text as numbers of its characters."""
    return "".join(f"\\u{{{ord(letter):x}}}" for letter in text)


def counts(rows: Rows, heading: tuple[str, str] = ("Country / Territory", "Reports"), width: int = 130) -> str:
    """Set a table, names to the left, counts against the right edge of their column; longer names are broken.

    The heading is repeated on every page; the width of the column of names is in points.
    """
    head = f"table.header({', '.join(map(cell, heading))})"
    cells = ", ".join([head, *(cell(text) for row in rows for text in row)])
    columns = f"columns: ({width}pt, {480 - width}pt), align: (left, right + horizon)"
    return f"#table({columns}, stroke: none, inset: (y: 4pt), {cells})\n"


def count_document(*tables: str, title: str = "2031 CyberTipline Reports by Country") -> bytes:
    """Set a PDF with a title, a line of prose and tables of counts."""
    return typst.compile(
        f"{STYLE}#text(18pt)[{title}]\n\nWords about reports by country.\n\n{''.join(tables)}".encode()
    )


def with_total(rows: Rows, label: str = "Total") -> list[tuple[str, str]]:
    """Return rows of counts, their sum below them; a dash counts for nothing."""
    return [*rows, (label, f"{sum(int(count.replace(',', '')) for _, count in rows if count != '-'):,}")]


def tagged_document(tables: Sequence[Sequence[Sequence[str]]], *paragraphs: str) -> bytes:
    """Set a tagged PDF with paragraphs, and tables with narrow columns; cells of short rows span several of these.

    A page is as long as it must be: no table goes over its end.
    """
    parts = ["#set page(width: 612pt, height: auto, margin: 50pt)", *map(escaped, paragraphs)]
    for rows in tables:
        width = max(map(len, rows))
        cells = ", ".join(_spread(row, width) for row in rows)
        parts.append(f"#table(columns: (90pt,) + (60pt,) * {width - 1}, {cells})")
    return typst.compile("\n\n".join(parts).encode())


def _spread(row: Sequence[str], width: int) -> str:
    """Return a row of a table of so many columns: a title spans them all, years as many as there are measures.

    What is empty is not tagged, so an empty first cell gets a space.
    """
    if len(row) == 1:
        return f"table.cell(colspan: {width}){cell(row[0])}"
    span = (width - 1) // (len(row) - 1) if (width - 1) % (len(row) - 1) == 0 else 1
    others = [f"table.cell(colspan: {span}){cell(text)}" for text in row[1:]]
    return ", ".join([cell(row[0] or NO_BREAK_SPACE), *others, *["[]"] * (width - 1 - span * len(others))])
