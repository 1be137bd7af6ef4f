"""Sets the PDF by Typst: the merged body under `templates/book.typ`, with the project's faces and a fixed date."""

import json
from pathlib import Path

import typst

from countback import look
from countback.files import atomic_write
from press.book import Book
from press.errors import PressError

TEMPLATE = Path(__file__).parent / "templates" / "book.typ"
STANDARDS: "typst.PDFStandards" = ["ua-1", "a-2a"]


def typst_source(book: Book, body: str) -> str:
    """Return the whole Typst document: the look, the facts on the title page, the template, the body."""
    facts = {"title": book.title, "subtitle": book.subtitle, "author": book.author, "lang": book.lang}
    day = book.day.strftime("%B %-d, %Y") if book.day else ""
    # A JSON string is a Typst string, but for its way to write characters by number.
    lines = [f"#let book-{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
    lines += [
        f"#let book-day = {json.dumps(day)}",
        f"#let book-description = {json.dumps(book.description, ensure_ascii=False)}",
    ]
    template = TEMPLATE.read_text(encoding="utf-8")
    return "\n".join([look.typst_variables(), *lines, template, body])


def write_pdf(book: Book, body: str, folder: Path) -> Path:
    """Write the PDF of a book and return its path.

    Raises
    ------
    PressError
        Where Typst refuses the document, with what it says.
    """
    target = folder / f"{book.output_file}.pdf"
    source = typst_source(book, body)
    try:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(path) for path in look.font_folders()])
        compiler = typst.Compiler(source.encode(), root=book.project, font_paths=fonts)
        pdf = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=book.timestamp())
    except typst.TypstError as error:
        kept = book.project / "results" / "press" / "book.typ"
        atomic_write(kept, source.encode())
        said = "\n".join([error.message, *error.hints, error.diagnostic])
        raise PressError("results/press/book.typ", None, "Typst refuses the book.", f"It says: {said}") from None
    assert isinstance(pdf, bytes), "only pages of images come as a list"
    target.write_bytes(pdf)
    return target
