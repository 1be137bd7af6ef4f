"""Sets the PDF by Typst: the merged body under `templates/`, with the project's faces and a fixed date."""

import json
from pathlib import Path

import typst

from press.book import Book
from press.errors import PressError
from press.html import imprint
from press.project import atomic_write, look

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS: "typst.PDFStandards" = ["ua-1", "a-2a"]


def typst_look(book: Book) -> str:
    """Return the look, which is the same whoever sets the book: colors and faces, facts on the title page, template."""
    facts = {
        "title": book.title,
        "subtitle": book.subtitle,
        "author": book.author,
        "description": book.description,
        "lang": book.lang,
        "day": book.day.strftime("%B %-d, %Y") if book.day else "",
        **{name: text for name, text in imprint(book).items() if name in ("citation", "terms")},
    }
    # A JSON string is a Typst string, but for its way to write characters by number.
    lines = [f"#let book-{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
    time = book.timestamp().strftime("year: %-Y, month: %-m, day: %-d, hour: %-H, minute: %-M, second: %-S")
    template = (TEMPLATES / "look.typ").read_text(encoding="utf-8")
    return "\n".join([look.typst_variables(), *lines, f"#let book-time = datetime({time})", template])


def write_pdf(book: Book, body: str, folder: Path) -> Path:
    """Write the PDF of a book and return its path.

    Raises
    ------
    PressError
        Where Typst refuses the document, with what it says.
    """
    target = folder / f"{book.output_file}.pdf"
    source = "\n".join([typst_look(book), (TEMPLATES / "book.typ").read_text(encoding="utf-8"), body]).encode()
    try:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(path) for path in look.font_folders()])
        compiler = typst.Compiler(source, root=book.project, font_paths=fonts)
        pdf = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=book.timestamp())
    except typst.TypstError as error:
        atomic_write(book.project / "results" / "press" / "book.typ", source)
        said = "\n".join([error.message, *error.hints, error.diagnostic])
        raise PressError("results/press/book.typ", None, "Typst refuses the book.", f"It says: {said}") from None
    assert isinstance(pdf, bytes), "only pages of images come as a list"
    atomic_write(target, pdf)
    return target
