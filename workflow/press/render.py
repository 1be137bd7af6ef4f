"""The whole way from a project to its book: read, execute, number, write, put in place."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc

from press.book import Book, load_book
from press.cells import Document, Line, read_chapter
from press.errors import PressError, all_of
from press.execute import execute
from press.html import write_html
from press.outputs import chapter_markdown, check_prose
from press.pdf import write_pdf

FORMATS = frozenset({"html", "pdf"})
LUA = Path(__file__).parent / "book.lua"
SUBSET = "Take it out: workflow/press/README.md lists what is."

# Per kind of problem: what was found, what to do, and a pattern of the line at fault.
PROBLEMS = {
    "reference": ("The reference @{id} leads nowhere.", "Label what it means, or correct the name.", r"@{id}(?![\w-])"),
    "duplicate": (
        "The label {id} is taken.",
        "Choose another: labels are unique in the whole book.",
        r"(#|label: *){id}(?![\w-])",
    ),
    "caption": ("The block {id} has no caption.", "End it with a paragraph: that is its caption.", r"#{id}(?![\w-])"),
    "citation": ("The citation @{id} is in no bibliography.", "Add the entry, or correct the key.", r"@{id}(?![\w-])"),
    "mixed": ("A reference and a citation share brackets at @{id}.", "Write them apart.", r"@{id}(?![\w-])"),
    "title": ("The chapter has no title.", "Open it with a heading `# Title {{#sec-name}}`.", r"^"),
    "link": ("The link to {id} leads nowhere.", "Correct it.", r"\({id}\)"),
    "external": ("The image {id} is no file of the project.", "Put it into one.", r"{id}"),
    "alt": ("The image {id} has no alternative text.", 'Give it `{{fig-alt="..."}}`, or `#| fig-alt:`.', r"{id}"),
    "class": ("The class {id} is not supported.", SUBSET, r"(\.|::: *|class=.*){id}(?![\w-])"),
    "attribute": ("The attribute {id} is not supported, or not its value.", SUBSET, r"(?<![\w-]){id} *="),
    "second": ("A second heading of level 1: {id}.", "Write `## {id}`, or a chapter of its own.", r"^(#.*)?{id}"),
    "skipped": ("The heading {id} skips a level.", "Write one `#` more than the heading before has.", r"^(#.*)?{id}"),
    "image": ("The file {id} is missing.", "Create it, or correct the path.", r"{id}"),
}


@dataclass(frozen=True)
class Rendered:
    """Where the book is: its first page, and its PDF."""

    html: Path
    pdf: Path


def _cell_that_gave(document: Document, outputs: list[Any], text: str) -> Line:
    for cell, given in zip(document.cells, outputs, strict=True):
        if text in json.dumps(given, ensure_ascii=False) or (cell.label and f"/{cell.label}-" in text):
            return cell.start
    return Line("", document.entry.file, 1)


def _problem(document: Document, outputs: list[Any], problem: dict[str, str]) -> PressError:
    found, mend, pattern = PROBLEMS[problem["kind"]]
    name = problem["id"]
    # Between the words of a heading may stand markup.
    words = ".*".join(re.escape(word) for word in name.split())
    line = document.place(pattern.format(id=words)) or _cell_that_gave(document, outputs, name)
    return PressError(line.file, line.number, found.format(id=name), mend.format(id=name))


def _job(book: Book, documents: list[Document], outputs: list[Any], formats: Collection[str]) -> dict[str, Any]:
    chapters = [
        {
            "file": document.entry.file,
            "part": document.entry.part,
            "is_appendix": document.entry.is_appendix,
            "is_index": document.entry.file == "index.qmd",
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
        "html": "html" in formats,
        "pdf": "pdf" in formats,
    }
    return job | ({"csl": str(book.project / book.csl)} if book.csl else {}) | ({"nocite": nocite} if nocite else {})


def _typeset(job: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "job.json", Path(folder) / "result.json"
        source.write_text(json.dumps(job), encoding="utf-8")
        command = [pypandoc.get_pandoc_path(), "lua", str(LUA), str(source), str(target)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise PressError("_quarto.yml", None, "Pandoc can't read the book.", f"It says: {ran.stderr.strip()}")
        result: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
        return result


def _check(book: Book, documents: list[Document], outputs: list[Any], result: dict[str, Any]) -> None:
    by_file = {document.entry.file: (document, ran) for document, ran in zip(documents, outputs, strict=True)}
    problems = [*result["problems"]]
    for asset in result["images"]:
        if not (book.project / asset["path"]).is_file():
            problems.append({"kind": "image", "id": asset["source"], "file": asset["file"]})
    unique = {json.dumps(problem, sort_keys=True): problem for problem in problems}
    if unique:
        raise all_of(_problem(*by_file[problem["file"]], problem) for problem in unique.values())


def _put_in_place(part: Path, target: Path) -> None:
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
        Whether outputs of cells are taken from an earlier run where nothing that they depend on changed.

    Raises
    ------
    PressError
        For any fault in the book: the file, the line, and what to do. The old book then stays untouched.
    """
    book = load_book(project.resolve())
    documents = [read_chapter(book, entry) for entry in book.entries]
    for document in documents:
        check_prose(book, document)
    outputs = execute(book, documents, use_cache)
    result = _typeset(_job(book, documents, outputs, formats))
    _check(book, documents, outputs, result)
    target = book.project / book.output_folder
    old = target.with_name(f"{target.name}.old")
    if old.exists() and not target.exists():
        old.rename(target)  # an earlier render was killed between its two renamings
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    if target.exists() and set(formats) != FORMATS:
        shutil.copytree(target, part)
    part.mkdir(parents=True, exist_ok=True)
    if "html" in formats:
        write_html(book, result, part)
    if "pdf" in formats:
        write_pdf(book, result["typst"], part)
    _put_in_place(part, target)
    return Rendered(target / "index.html", target / f"{book.output_file}.pdf")
