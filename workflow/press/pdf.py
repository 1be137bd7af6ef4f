"""Sets the PDF by Typst: the merged body under `templates/`, with the project's faces and a fixed date.

- Typst takes longest of a render, so the PDF of the last one is taken again while nothing that it is made of changed.
- A chapter whose front matter says `one-page-pdf: true` is set once more, on a page of its own.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import typst

from press.book import Book, read_text
from press.citation import imprint
from press.errors import PressError
from press.execute import CACHE
from press.project import atomic_write, look

TEMPLATES = Path(__file__).parent / "templates"
COARSE = 8.0  # dots per inch of pictures that are counted, not shown
NOTE = f"{CACHE}/pdf.json"  # what the PDF of the last render is made of
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


def _face_files() -> list[Path]:
    """Return the project's faces but the one of boxes, so that Typst says which signs no face has."""
    faces = {face for folder in look.font_folders() for face in folder.glob("*.[to]tf")}
    return sorted(face for face in faces if not face.match(PLACEHOLDER_FACE))


@contextmanager
def _faces() -> Iterator["typst.Fonts"]:
    """Yield the project's faces as Typst takes them: from a folder that holds nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        for face in _face_files():
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


def _source(book: Book, template: str, body: str) -> str:
    """Return all that Typst is given in words: the look, a template, and the body under it."""
    return "\n".join([typst_look(book), (TEMPLATES / template).read_text(encoding="utf-8"), body])


def _compiled(book: Book, template: str, body: str, dots_per_inch: float | None = None) -> Pages:
    """Return a PDF of a body under a template, or pictures of its pages; what Typst refuses is kept beside results.

    Raises
    ------
    PressError
        Where Typst refuses the document, with what it says.
    """
    source = _source(book, template, body).encode()
    try:
        with _faces() as faces:
            compiler = typst.Compiler(source, root=book.project, font_paths=faces)
            if dots_per_inch:
                return compiler.compile(format="png", ppi=dots_per_inch)
            return compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=book.timestamp())
    except typst.TypstError as error:
        kept = f"{CACHE}/{template}"
        atomic_write(book.project / kept, source)
        signs = UNSHOWN.findall(error.diagnostic)
        if signs:
            raise _unshown(book, signs) from None
        said = "\n".join([error.message, *error.hints, error.diagnostic])
        raise PressError(kept, None, "Typst refuses the book.", f"It says: {said}") from None


# What stands between two quotation marks, whichever of them opens: it may name a file that Typst reads.
QUOTED = re.compile(r'"(?=/?([^"\n]{1,300}\.\w+)")')


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(book: Book, body: str, images: Iterable[str]) -> str:
    """Return a name of all that the PDF is made of: text, images and other files it names, faces, Typst, the date."""
    source = _source(book, "book.typ", body)
    named = {book.project / path for path in {*images, *QUOTED.findall(source)}}
    files = [*_face_files(), *sorted(filter(os.path.isfile, named))]  # not `Path.is_file`: long words name no file
    parts = [version("typst"), STANDARDS, book.timestamp().isoformat(), _digest(source.encode())]
    return _digest(json.dumps([*parts, *([file.name, _digest(file.read_bytes())] for file in files)]).encode())


def _kept(book: Book, key: str) -> bytes | None:
    """Return the PDF of the last render, if it is whole and made of the same."""
    try:
        pdf = (book.project / book.output_folder / f"{book.output_file}.pdf").read_bytes()
        note = json.loads((book.project / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return pdf if note == {"key": key, "sha256": _digest(pdf)} else None


def write_pdf(book: Book, body: str, images: Iterable[str], folder: Path, use_cache: bool = True) -> Path:
    """Write the PDF of a book and return its path.

    Parameters
    ----------
    book, folder
        The book, and where to write.
    body, images
        Its text, and the paths of the images that it shows.
    use_cache
        Whether the PDF of the last render may be taken, where nothing that it is made of changed.

    Raises
    ------
    PressError
        Where Typst refuses the document.
    """
    target, key = folder / f"{book.output_file}.pdf", _key(book, body, images)
    pdf = _kept(book, key) if use_cache else None
    if pdf is None:
        pdf = _one(_compiled(book, "book.typ", body))
    atomic_write(target, pdf)
    atomic_write(book.project / NOTE, json.dumps({"key": key, "sha256": _digest(pdf)}).encode())
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
