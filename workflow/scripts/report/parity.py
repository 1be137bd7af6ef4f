"""Render the book by Quarto and by the press, and compare what a reader gets.

- Both render the same scratch copy of the project, Quarto first: its pre-render step brings the results up to date.
- Compared are the pages, and the PDFs' facts, bookmarks and sentences; what may differ stands in `parity_known.py`.
- The exit status is 1 where anything else differs, 2 where Quarto can't be had.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pypandoc
from lxml import html
from pypdf import PdfReader

from countback.io.environment import environment
from countback.io.files import write_text
from press.book import Book, load_book
from scripts.report.parity_known import KNOWN
from scripts.report.report import OLDEST_QUARTO, UNRESOLVED, quarto_version

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "_book*", ".quarto", "_freeze", "raw", "__pycache__", ".*_cache")


ORNAMENTS = " | ".join(known.path for known in KNOWN if known.path)
LETTERS, APPENDIX, PANEL = (known.pattern for known in KNOWN if known.pattern)

CAPTIONS = "//main//figcaption"
ENTRIES = "//main//*[contains(@class, 'csl-entry')]"
PROSE = (
    "//main//p[not(ancestor::table or ancestor::header or .//math[@display='block'])]"
    " | //main//li[not(p)] | //main//dt | //main//dd[not(p)]"
    " | //main//blockquote[not(p)]"
)
HEADINGS = "//main//*[self::h1 or self::h2 or self::h3 or self::h4][not(contains(@class, 'toc'))]"
CELLS = "//main//table//th | //main//table//td"
LOCAL = "//a/@href[. != '' and not(contains(., ':') or starts-with(., '#'))]"
TABS = "//main//*[@class='tab-title'] | //main//ul[contains(@class, 'nav-tabs')]/li"
ON_THE_WEB = "contains(@class, 'content-visible')"
IN_PRINT = re.compile(r'^(:{3,}) \{\.content-visible when-format="typst"\}\n(.*?)^\1$', re.MULTILINE | re.DOTALL)
NUMBER_BESIDE = re.compile(r"\(([A-Z]?[\d.]+)\)$")
# What the PDF prints after the words of a link.
ADDRESS = re.compile(r"\(https?:[^()]*\)")
LABELS = re.compile(r"\b(Figure|Table|Section|Chapter|Appendix|Equation)\s+(?=[A-Z\d])([A-Z]?[\d.]*\w)")


def words(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.replace("\u00a0", " ").replace("\u200b", "").split())


def squeezed(text: str) -> str:
    """Return the letters and digits of a text: a PDF knows lines, not spaces and hyphens."""
    return re.sub(r"[\W_]+", "", text)


def whole_page(file: Path) -> Any:
    """Return a page as it was written."""
    return html.parse(str(file)).getroot()


@cache
def page(file: Path) -> Any:
    """Return a page without ornaments."""
    root = whole_page(file)
    for ornament in root.xpath(ORNAMENTS):
        ornament.drop_tree()
    return root


@dataclass(frozen=True)
class Rendered:
    """A rendered book: where it is, and what it was rendered from."""

    folder: Path
    book: Book

    @property
    def names(self) -> list[str]:
        """Return the pages that the book is to have, in their order."""
        return [Path(entry.file).with_suffix(".html").as_posix() for entry in self.book.entries]

    @property
    def pdf(self) -> PdfReader:
        """Return the book's PDF."""
        return PdfReader(self.folder / f"{self.book.output_file}.pdf")

    @cached_property
    def pdf_text(self) -> str:
        """Return what stands in the PDF after its first page."""
        return " ".join(leaf.extract_text() for leaf in self.pdf.pages[1:])

    def elements(self, path: str, read: Callable[[Path], Any] = page) -> Iterator[tuple[str, Any]]:
        """Yield every element that an XPath finds, after the name of its page."""
        for name in self.names:
            for element in read(self.folder / name).xpath(path):
                yield name, element

    def texts(self, path: str) -> list[str]:
        """Return the texts of elements, each after the name of its page."""
        return [f"{name}: {words(element.text_content())}" for name, element in self.elements(path)]


def files(rendered: Rendered) -> list[str]:
    """Return the names of all pages and PDFs."""
    found = (path.relative_to(rendered.folder) for path in rendered.folder.rglob("*"))
    return sorted(path.as_posix() for path in found if path.suffix in (".html", ".pdf"))


def headings(rendered: Rendered) -> list[str]:
    """Return headings with their numbers; the first page's title is a fact of its own."""
    title = rendered.book.title
    found = ((f"{e.tag} {name}", words(e.text_content())) for name, e in rendered.elements(HEADINGS))
    return [f"{place}: {text}" for place, text in found if text != title]


def prose(rendered: Rendered) -> list[str]:
    """Return paragraphs, items and definitions."""
    return [re.sub(LETTERS, "", text) for text in rendered.texts(PROSE)]


def references(rendered: Rendered) -> list[str]:
    """Return what each reference says, and where it leads."""
    found = []
    for name, link in rendered.elements("//main//a[contains(@class, 'xref')]"):
        file, anchor = urldefrag(unquote(link.get("href")))
        target = os.path.normpath(Path(name).parent / file) if file else name
        text = words(link.text_content())
        to_chapter = text.startswith(("Chapter", "Appendix"))
        found.append(f"{name}: {text} to {target}{'' if to_chapter else '#' + anchor}")
    return found


def pictures(rendered: Rendered) -> list[str]:
    """Return the alternative text and the content of every picture."""
    found = []
    for name, image in rendered.elements("//main//img"):
        file = (rendered.folder / name).parent / unquote(image.get("src"))
        found.append(f"{name}: {words(image.get('alt') or '')} {hash(file.read_bytes().strip())}")
    return found


def equations(rendered: Rendered) -> list[str]:
    """Return the TeX of every formula, with its number if it has one."""
    found = []
    for name, math in rendered.elements("//main//math"):
        tex, _, within = math.findtext(".//annotation").strip().partition(r"\qquad(")
        around = math.xpath("string(ancestor::p[1])") if math.get("display") == "block" else ""
        beside = NUMBER_BESIDE.search(around.strip())
        found.append(f"{name}: {tex.strip()} {within.strip(')') or (beside[1] if beside else '')}")
    return found


def facts(rendered: Rendered) -> list[str]:
    """Return which facts stand on the first page, the PDF's first page and in its properties."""
    book, pdf = rendered.book, rendered.pdf
    first = words(whole_page(rendered.folder / "index.html").text_content())
    cover = words(pdf.pages[0].extract_text())
    kept: Mapping[str, object] = pdf.metadata or {}
    day = book.day.strftime("%B %-d, %Y") if book.day else ""
    shown = [f"{fact}: {fact in first}, {squeezed(fact) in squeezed(cover)}" for fact in (book.title, book.author, day)]
    return [
        *shown,
        ", ".join(str(kept.get(key)) for key in ("/Title", "/Author", "/Subject", "/CreationDate")),
        str(pdf.root_object["/Lang"]),
    ]


def bookmarks(rendered: Rendered) -> list[str]:
    """Return level and words of the PDF's bookmarks."""

    def flat(entries: list[Any], level: int = 1) -> Iterator[tuple[int, str]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from flat(entry, level + 1)
            else:
                yield level, re.sub(APPENDIX, r"\1", words(entry.title))

    return [f"{level} {title}" for level, title in flat(rendered.pdf.outline)]


def numbers(rendered: Rendered) -> list[str]:
    """Return every kind and number that the PDF's captions and references say, in the order of the alphabet."""
    text = re.sub(PANEL, r" (\1)", re.sub(APPENDIX, r"\1", words(rendered.pdf_text)))
    return sorted(" ".join(found) for found in LABELS.findall(text))


def tabs(rendered: Rendered) -> list[str]:
    """Return the titles of tabs."""
    return [f"{name}: {words(tab.text_content())}" for name, tab in rendered.elements(TABS, whole_page)]


def downloads(rendered: Rendered) -> list[str]:
    """Return the files that each page links to, and their content; the PDF, which differs, by its name alone."""
    found = set()
    for name, link in rendered.elements(LOCAL, whole_page):
        place = os.path.normpath(Path(name).parent / unquote(urldefrag(link)[0]))
        file = rendered.folder / place
        if file.suffix != ".html":
            is_data = file.is_file() and file.suffix != ".pdf"
            found.add(f"{name}: {place} {hash(file.read_bytes()) if is_data else file.exists()}")
    return sorted(found)


def sentences(texts: Iterable[str]) -> list[str]:
    """Return letters and digits of each sentence, without addresses in brackets."""
    plain = (ADDRESS.sub("", text) for text in texts if text)
    return [squeezed(sentence) for text in plain for sentence in re.split(r"(?<=[.;:?]) ", text)]


def said_by(pages: Rendered, only_here: bool = False) -> list[str]:
    """Return the sentences, captions, headings and cells of a book's pages: for all formats, or for pages alone."""
    inside = f"ancestor::*[{ON_THE_WEB}]"
    path = f"({PROSE} | {CAPTIONS} | {HEADINGS} | {CELLS})[{inside if only_here else f'not({inside})'}][not(.//math)]"
    return sentences(words(element.text_content()) for _, element in pages.elements(path))


def said_in_print(book: Book) -> list[str]:
    """Return the sentences of blocks for the PDF alone, other than those with variables, references and citations."""
    sources = ((book.project / entry.file).read_text(encoding="utf-8") for entry in book.entries)
    blocks = (found[2] for source in sources for found in IN_PRINT.finditer(source))
    plain = (pypandoc.convert_text(block, "plain", format="markdown", extra_args=["--wrap=none"]) for block in blocks)
    return sentences(words(line) for text in plain for line in text.splitlines() if not re.search(r"\{\{<|@", line))


def kept_in_pdf(rendered: Rendered, said: list[str]) -> list[str]:
    """Return those of the sentences that a PDF holds whole, or where a page ends within, in two pieces."""
    text = squeezed(ADDRESS.sub("", rendered.pdf_text))

    def is_kept(one: str) -> bool:
        if one in text:
            return True
        first = bisect_left(range(1, len(one)), True, key=lambda end: one[:end] not in text)
        return max(first, len(one) - first) >= 10 and one[first:] in text

    return [one for one in said if is_kept(one)]


ASPECTS: dict[str, Callable[[Rendered], list[str]]] = {
    "files": files,
    "title, author, date": facts,
    "headings and numbers": headings,
    "captions and numbers": lambda rendered: rendered.texts(CAPTIONS),
    "prose, to the last number": prose,
    "cells of tables": lambda rendered: rendered.texts(CELLS),
    "references and targets": references,
    "pictures and their texts": pictures,
    "equations": equations,
    "bibliography": lambda rendered: rendered.texts(ENTRIES),
    "titles of tabs": tabs,
    "files to download": downloads,
    "bookmarks of the PDF": bookmarks,
    "numbers in the PDF": numbers,
}


@dataclass(frozen=True)
class Compared:
    """How much of an aspect was compared, and what differs."""

    n: int
    differing: list[str]


def differences(press: list[str], quarto: list[str]) -> Compared:
    """Compare two lists in their order."""
    runs = SequenceMatcher(None, press, quarto, autojunk=False).get_opcodes()
    pairs = [
        pair
        for what, start, end, from_, to in runs
        if what != "equal"
        for pair in zip_longest(press[start:end], quarto[from_:to], fillvalue="(nothing)")
    ]
    return Compared(max(len(press), len(quarto)), [f"press: {ours}\n     quarto: {theirs}" for ours, theirs in pairs])


def compare(press: Rendered, quarto: Rendered) -> dict[str, Compared]:
    """Return what was compared of two renderings of a book, by aspect."""
    compared = {aspect: differences(read(press), read(quarto)) for aspect, read in ASPECTS.items()}
    said, on_pages = said_by(press) + said_in_print(press.book), said_by(press, only_here=True)
    for name, rendered in (("the press's", press), ("Quarto's", quarto)):
        compared[f"sentences in {name} PDF"] = differences(said, kept_in_pdf(rendered, said))
    compared["said on pages alone"] = differences(*(kept_in_pdf(rendered, on_pages) for rendered in (press, quarto)))
    return compared


def scratch_copy(project: Path, target: Path) -> Path:
    """Copy a project, with what the workflow has made of it, and tell Quarto its interpreter."""
    shutil.copytree(project, target, ignore=LEFT_OUT)
    write_text(f'QUARTO_PYTHON="{sys.executable}"\n', target / "_environment.local")
    return target


def render(project: Path, target: Path, *command: str, **variables: str) -> Rendered:
    """Render a project by a command, move the book away, and return it.

    Raises
    ------
    RuntimeError
        Where the command fails, or says that a reference leads nowhere: with all that it said.
    """
    # as a user would: nothing set but what set-up sets
    left_out = environment()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("COUNTBACK_") and name not in left_out
    }
    done = subprocess.run(
        command,
        cwd=project,
        env=kept | variables,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode or UNRESOLVED.search(done.stdout):
        raise RuntimeError(f"{' '.join(command)} failed in {project}:\n{done.stdout}")
    book = load_book(project)
    return Rendered((project / book.output_folder).rename(target), book)


def render_by_quarto(project: Path, target: Path) -> Rendered:
    """Render a scratch copy by a plain `quarto render`."""
    return render(project, target, "quarto", "render")


def render_by_press(project: Path, target: Path) -> Rendered:
    """Render a scratch copy by the press, from the results that are there."""
    return render(project, target, sys.executable, "-m", "press", PYTHONPATH="workflow")


def report_of(compared: dict[str, Compared], most: int = 5) -> str:
    """Return a table of what was compared, what differs beyond what is known, and the list of that."""
    lines = [f"{'compared':<28}{'items':>7}{'differ':>8}"]
    lines += [f"{aspect:<28}{one.n:>7}{len(one.differing):>8}" for aspect, one in compared.items()]
    for aspect, one in compared.items():
        lines += [f"{aspect}:\n     {said}" for said in one.differing[:most]]
    return "\n".join([*lines, "", "What may differ:", *(f"- {known.says}" for known in KNOWN)])


def main(project: Path) -> int:
    """Render and compare the book of a project, print the report, and return the exit status."""
    version = quarto_version()
    if version is None or version < OLDEST_QUARTO:
        found = "no Quarto" if version is None else f"Quarto {'.'.join(map(str, version))}"
        print(f"parity: found {found}, expected Quarto 1.9 or later on the PATH. Install it.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        copy = scratch_copy(project, Path(folder) / "project")
        quarto = render_by_quarto(copy, Path(folder) / "quarto")
        compared = compare(render_by_press(copy, Path(folder) / "press"), quarto)
    print(report_of(compared))
    return 1 if any(one.differing for one in compared.values()) else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[3]))
