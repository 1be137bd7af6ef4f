"""Sets the PDF by Typst: the merged body under `templates/`, with the project's faces and a fixed date.

A chapter whose front matter says `one-page-pdf: true` is set once more, on a page of its own.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import typst

from press.book import Book, read_text
from press.citation import imprint
from press.errors import PressError
from press.project import atomic_write, look

TEMPLATES = Path(__file__).parent / "templates"
COARSE = 8.0  # dots per inch of pictures that are counted, not shown
STANDARDS: "typst.PDFStandards" = ["ua-1", "a-2a"]

Pages = bytes | list[bytes] | None


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


def _one(pages: Pages) -> bytes:
    """Return a PDF, which is never a list."""
    assert isinstance(pages, bytes), "only pages of images come as a list"
    return pages


def _compiled(book: Book, template: str, body: str, dots_per_inch: float | None = None) -> Pages:
    """Return a PDF of a body under a template, or pictures of its pages; what Typst refuses is kept beside results.

    Raises
    ------
    PressError
        Where Typst refuses the document, with what it says.
    """
    source = "\n".join([typst_look(book), (TEMPLATES / template).read_text(encoding="utf-8"), body]).encode()
    try:
        with _faces() as faces:
            compiler = typst.Compiler(source, root=book.project, font_paths=faces)
            if dots_per_inch:
                return compiler.compile(format="png", ppi=dots_per_inch)
            return compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=book.timestamp())
    except typst.TypstError as error:
        kept = f"results/press/{template}"
        atomic_write(book.project / kept, source)
        signs = UNSHOWN.findall(error.diagnostic)
        if signs:
            raise _unshown(book, signs) from None
        said = "\n".join([error.message, *error.hints, error.diagnostic])
        raise PressError(kept, None, "Typst refuses the book.", f"It says: {said}") from None


def write_pdf(book: Book, body: str, folder: Path) -> Path:
    """Write the PDF of a book and return its path."""
    target = folder / f"{book.output_file}.pdf"
    atomic_write(target, _one(_compiled(book, "book.typ", body)))
    return target


def write_sheets(book: Book, sheets: Iterable[Mapping[str, str]], folder: Path) -> list[Path]:
    """Write each chapter that is also a page of its own beside its page of HTML, and return the paths.

    Parameters
    ----------
    book, folder
        The book, and where to write.
    sheets
        What `book.lua` gave: `file` of a chapter, and its body as `typst`.

    Raises
    ------
    PressError
        Where a chapter takes more than one page.
    """
    written = []
    for sheet in sheets:
        pages = _compiled(book, "sheet.typ", sheet["typst"], COARSE)
        if isinstance(pages, list) and len(pages) != 1:
            fix = "Shorten it, or take `one-page-pdf` out of its front matter."
            raise PressError(sheet["file"], None, f"The chapter takes {len(pages)} pages, not one.", fix)
        pdf = _one(_compiled(book, "sheet.typ", sheet["typst"]))
        target = (folder / sheet["file"]).with_suffix(".pdf")
        atomic_write(target, pdf)
        written.append(target)
    return written
