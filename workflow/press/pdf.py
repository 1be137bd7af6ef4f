"""Sets the PDF by Typst: the merged body under `templates/`, with the project's faces and a fixed date."""

import json
from pathlib import Path

import typst

from press.book import Book
from press.citation import imprint
from press.errors import PressError
from press.project import atomic_write, look

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS: "typst.PDFStandards" = ["ua-1", "a-2a"]


def _quoted(text: str) -> str:
    # A JSON string is a Typst string, but for its way to write characters by number.
    return json.dumps(text, ensure_ascii=False)


def _published(lines: list[tuple[str, str, str]]) -> str:
    """Return words, text and link of each line about the publication as an array of Typst."""
    return "(" + "".join(f"({', '.join(map(_quoted, line))}), " for line in lines) + ")"


def typst_look(book: Book) -> str:
    """Return the look, which is the same whoever sets the book: colors and faces, facts on the title page, template."""
    said = imprint(book)
    facts = {
        "title": book.title,
        "subtitle": book.subtitle,
        "author": book.author,
        "description": book.description,
        "lang": book.lang,
        "day": book.day.strftime("%B %-d, %Y") if book.day else "",
        "citation": said.citation,
        "terms": said.terms,
        "site": said.site,
    }
    lines = [f"#let book-{name} = {_quoted(value)}" for name, value in facts.items()]
    lines.append(f"#let book-published = {_published(said.published.lines())}")
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
