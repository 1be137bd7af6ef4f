"""Sets the PDF by Typst: the merged body under `templates/`, with the project's faces and a fixed date."""

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typst

from press.book import Book, read_text
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


# A face of boxes, which would stand in the place of any sign that no other face has.
PLACEHOLDER_FACE = "LastResort*"
UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')


@contextmanager
def _faces() -> Iterator["typst.Fonts"]:
    """Yield the project's faces but the one of boxes, so that Typst says which signs no face has."""
    with tempfile.TemporaryDirectory() as folder:
        for source in look.font_folders():
            for face in source.glob("*.[to]tf"):
                if not face.match(PLACEHOLDER_FACE):
                    (Path(folder) / face.name).symlink_to(face)
        yield typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _unshown(book: Book, signs: list[str]) -> PressError:
    """Return the fault that no face has some signs, in the first line of a chapter that holds one."""
    found = f"No typeface of the PDF has {', '.join(dict.fromkeys(signs))}."
    fix = "Write it in letters that the typefaces have, or add a face that has it to workflow/countback/look."
    for entry in book.entries:
        for number, line in enumerate(read_text(book.project, entry.file).splitlines(), 1):
            if any(sign in line for sign in signs):
                return PressError(entry.file, number, found, fix)
    return PressError("results/press/book.typ", None, found, fix)


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
        with _faces() as faces:
            compiler = typst.Compiler(source, root=book.project, font_paths=faces)
            pdf = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=book.timestamp())
    except typst.TypstError as error:
        atomic_write(book.project / "results" / "press" / "book.typ", source)
        signs = UNSHOWN.findall(error.diagnostic)
        if signs:
            raise _unshown(book, signs) from None
        said = "\n".join([error.message, *error.hints, error.diagnostic])
        raise PressError("results/press/book.typ", None, "Typst refuses the book.", f"It says: {said}") from None
    assert isinstance(pdf, bytes), "only pages of images come as a list"
    atomic_write(target, pdf)
    return target
