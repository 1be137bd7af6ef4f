"""The whole way from a project to its book: read, execute, number, write, put in place."""

import json
import shutil
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press.book import Book, load_book
from press.cells import Document, read_chapter
from press.citation import imprint
from press.errors import PressError, all_of
from press.execute import CACHE, Outputs, execute
from press.html import write_html
from press.outputs import chapter_markdown
from press.pdf import write_pdf, write_sheets
from press.problems import problem_error
from press.typeset import Kept, Typesetting

FORMATS = frozenset({"html", "pdf"})
STAND_IN: Outputs = [[{"data": {"text/plain": "What the cell gives."}}]]  # of a cell that is not run


@dataclass(frozen=True)
class Rendered:
    """Where the book is: its first page, and its PDF."""

    html: Path
    pdf: Path


def _job(book: Book, documents: list[Document], outputs: list[Outputs]) -> dict[str, Any]:
    chapters = [
        {
            "file": document.entry.file,
            "part": document.entry.part,
            "is_appendix": document.entry.is_appendix,
            "is_index": document.entry.file == "index.qmd",
            "is_sheet": bool(document.front.get("one-page-pdf")),
            "markdown": chapter_markdown(book, document, ran),
        }
        for document, ran in zip(documents, outputs, strict=True)
    ]
    nocite = "\n".join(str(document.front["nocite"]) for document in documents if "nocite" in document.front)
    job: dict[str, Any] = {
        "chapters": [{key: value for key, value in chapter.items() if value is not None} for chapter in chapters],
        "bibliography": [str(book.project / file) for file in book.bibliography],
        "lang": book.lang,
        "number_depth": book.number_depth,
    }
    site = imprint(book).site
    job |= {"site": site} if site else {}
    return job | ({"csl": str(book.project / book.csl)} if book.csl else {}) | ({"nocite": nocite} if nocite else {})


def read_book(project: Path, needs_variables: bool = True) -> tuple[Book, list[Document]]:
    """Return a project's book and its chapters; the faults of all chapters are raised together."""
    book = load_book(project.resolve(), needs_variables)
    documents, faults = [], []
    for entry in book.entries:
        try:
            documents.append(read_chapter(book, entry))
        except PressError as fault:
            faults.append(fault)
    if faults:
        raise all_of(faults)
    return book, documents


def compose(
    book: Book,
    documents: list[Document],
    outputs: list[Outputs],
    formats: Collection[str],
    kept: Kept | None = None,
    with_images: bool = True,
) -> dict[str, Any]:
    """Return what Pandoc makes of the chapters: pages, the body of the PDF, the images they show.

    Raises
    ------
    PressError
        For all that it can't resolve or does not know, and for images that are missing, if that is asked for.
    """
    result = Typesetting(_job(book, documents, outputs), formats, kept or Kept(None)).run()
    missing = [image for image in result["images"] if with_images and not (book.project / image["path"]).is_file()]
    problems = result["problems"] + [{"kind": "image", "id": it["source"], "file": it["file"]} for it in missing]
    by_file = {document.entry.file: (document, ran) for document, ran in zip(documents, outputs, strict=True)}
    unique = {json.dumps(problem, sort_keys=True): problem for problem in problems}
    if unique:
        raise all_of(problem_error(*by_file[problem["file"]], problem) for problem in unique.values())
    return result


def render_sheets(project: Path, folder: Path) -> None:
    """Write the chapters that are set as a page of their own, and nothing else: no other chapter's cells are run.

    Parameters
    ----------
    project, folder
        The folder that holds `_quarto.yml`, and where to write.

    Raises
    ------
    PressError
        For any fault in the book.
    """
    book, documents = read_book(project)
    sheets = [document for document in documents if document.front.get("one-page-pdf")]
    if not sheets:
        return
    ran = dict(zip([one.entry.file for one in sheets], execute(book, sheets), strict=True))
    outputs = [ran.get(document.entry.file, STAND_IN * len(document.cells)) for document in documents]
    write_sheets(book, compose(book, documents, outputs, {"pdf"})["sheets"], folder)


def write_formats(book: Book, result: dict[str, Any], formats: Collection[str], folder: Path, use_cache: bool) -> None:
    """Write pages and PDF into a folder: Typst, which takes longest, works beside what writes the pages."""
    images = [image["path"] for image in result["images"]]
    with ThreadPoolExecutor(max_workers=1) as beside:
        pdf = beside.submit(write_pdf, book, result["typst"], images, folder, use_cache) if "pdf" in formats else None
        if "html" in formats:
            write_html(book, result, folder)
        if pdf:
            write_sheets(book, result["sheets"], folder)
            pdf.result()


def put_in_place(part: Path, target: Path) -> None:
    """Swap the finished book for the old one, by renaming: a killed render leaves one of them whole."""
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    part.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def render(project: Path, formats: Collection[str] = FORMATS, use_cache: bool = True) -> Rendered:
    """Render the book of a project into its output folder.

    Parameters
    ----------
    project
        The folder that holds `_quarto.yml`.
    formats
        `html`, `pdf`, or both; what is not rendered stays as the last render left it.
    use_cache
        Whether outputs of cells, and the PDF, are taken from an earlier run where nothing that they depend on changed.

    Raises
    ------
    PressError
        For any fault in the book: the file, the line, and what to do. The old book then stays untouched.
    """
    book, documents = read_book(project)
    kept = Kept(book.project / CACHE / "chapters" if use_cache else None)
    result = compose(book, documents, execute(book, documents, use_cache), formats, kept)
    kept.forget_others()
    target = book.project / book.output_folder
    old = target.with_name(f"{target.name}.old")
    if old.exists() and not target.exists():
        old.rename(target)  # an earlier render was killed between its two renamings
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    if target.exists() and set(formats) != FORMATS:
        shutil.copytree(target, part)
    part.mkdir(parents=True, exist_ok=True)
    write_formats(book, result, formats, part, use_cache)
    put_in_place(part, target)
    return Rendered(target / "index.html", target / f"{book.output_file}.pdf")
