"""Fix what Quarto writes into pages and has no option for, and fail where a reference leads nowhere.

- It asks a server on the network for two scripts, on each page with a table of a cell; nothing here uses them.
- In a chapter without a number it prints the title of what a reference means, not its number.
- It only warns of references and citations that it can't resolve, and ends well.
- It doesn't mark the label of a caption, which is set apart from its text.
- The title beside each page leads to a folder, which a server answers by the first page and a disk by a list of files.
- It lists the tables that pages link to nowhere: the first page does, at its end.

A whole render by hand then notes what the book holds, as the rule `report` does: the next build has nothing to do.
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import jinja2

from countback.io.files import atomic_write
from countback.io.manifest import MANIFEST, damage, write_manifest
from countback.io.tables import write_text
from press.book import Book, load_book, parse_yaml

PROJECT = Path(__file__).resolve().parents[3]
FOREIGN_SCRIPT = re.compile(r'<script[^>]*\bsrc="https?://[^"]*"[^>]*>.*?</script>\n?', re.DOTALL)
FOLLOW_UP = re.compile(r'<script type="application/javascript">define\(.jquery.[^<]*</script>\n?')
# A reference whose text is no kind and number but the title of its target: a chapter's comes with the number.
TITLED = re.compile(r'(<a href="(?P<page>[^"#]*)(?:#(?P<id>[^"]+))?" class="quarto-xref">)<span>[^<]*</span></a>')
TO_FOLDER = re.compile(r'(?<=<a href=")(\./|(?:\.\./)+)(?=")')
UNRESOLVED = re.compile(r'class="quarto-unresolved-ref">\??([^<]+)<|<strong>([\w:.-]+)\?</strong>')
CAPTION_LABEL = re.compile(r"(<figcaption[^>]*>\s*)((?:Figure|Table)&nbsp;[^:<]+:)")
# An appendix has its letter in its title, and the number of another chapter in the menus after it.
CHAPTER_NUMBER = re.compile(
    r'<h1 class="title">(?:(?!</h1>).)*?(?:<span class="chapter-number">(?:Appendix )?|>Appendix (?=\S+ —))([^<\s]+)',
    re.DOTALL,
)
DATA_LINK = re.compile(r'(?:href|data-map|data-cards)="(?:\.\./)?((?:results|figures)/[^"#?]+\.(?:csv|js))"')
DOWNLOADS = """<section class="downloads"><h2>Downloads</h2>
<ul>{% for path in paths %}<li><a href="{{ path }}" download>{{ path.split("/") | last }}</a></li>
{% endfor %}</ul></section>
"""


def number_in(page: str, section: str | None) -> str | None:
    """Return `Chapter 2` or `Section 2.1` for a page or one of its sections, or None where it has no number."""
    if section is None:
        found = CHAPTER_NUMBER.search(page)
        return found and f"{'Chapter' if found[1].isdigit() else 'Appendix'} {found[1]}"
    found = re.search(rf'data-number="([^"]+)"[^>]*data-anchor-id="{re.escape(section)}"', page)
    return found and f"Section {found[1]}"


def fixed(file: Path) -> str:
    """Return a page without foreign scripts, its references by number, labels of its captions marked."""
    html = file.read_text(encoding="utf-8")

    def by_number(link: re.Match[str]) -> str:
        target = file.parent / link["page"] if link["page"] else file
        number = number_in(target.read_text(encoding="utf-8"), link["id"]) if target.is_file() else None
        return f"{link[1]}{number.replace(' ', '&nbsp;')}</a>" if number else link[0]

    html = FOLLOW_UP.sub("", FOREIGN_SCRIPT.sub("", html))
    html = TO_FOLDER.sub(r"\1index.html", html)
    html = CAPTION_LABEL.sub(r'\1<span class="caption-label">\2</span>', html)
    return TITLED.sub(by_number, html)


def with_downloads(html: str, paths: list[str]) -> str:
    """Return the first page with a list of files to download at its end."""
    listed = jinja2.Environment(autoescape=True).from_string(DOWNLOADS).render(paths=paths)
    return html.replace("</main>", f"{listed}</main>", 1) if paths else html


def output_folder(book: Book) -> Path:
    """Return the folder that Quarto writes the book to: that of `_quarto.yml`, or what its command line names."""
    return (book.project / (os.environ.get("QUARTO_PROJECT_OUTPUT_DIR") or book.output_folder)).resolve()


def data_beside(book: Book, pages: Iterable[str]) -> list[str]:
    """Copy the tables and scripts of data that pages name beside the book; return the tables of results."""
    linked = {path for html in pages for path in DATA_LINK.findall(html) if (book.project / path).is_file()}
    for path in linked:
        copy = output_folder(book) / path
        if not copy.is_file():
            atomic_write(copy, (book.project / path).read_bytes())
    return sorted(path for path in linked if path.startswith("results/"))


def html_pages(book: Book) -> list[str]:
    """Return the text of every page of the book, those of an earlier render included."""
    return [file.read_text(encoding="utf-8") for file in sorted(output_folder(book).rglob("*.html"))]


def unresolved(file: Path) -> list[str]:
    """Return the labels of references and citations in a page that lead nowhere."""
    return [label or key for label, key in UNRESOLVED.findall(file.read_text(encoding="utf-8"))]


def is_whole(book: Book, written: Iterable[Path]) -> bool:
    """Return whether a render has written every page and the PDF."""
    names = [Path(entry.file).with_suffix(".html").as_posix() for entry in book.entries]
    wanted = {output_folder(book) / name for name in (*names, f"{book.output_file}.pdf")}
    return wanted <= set(written)


def note_render(book: Book, written: Iterable[Path]) -> None:
    """Write down what the book holds, where a build would have made the same of it: a whole one, by Quarto."""
    settings = parse_yaml((book.project / "config" / "config.yaml").read_text(encoding="utf-8"), "config/config.yaml")
    wanted = os.environ.get("COUNTBACK_RENDERER") or settings.get("renderer")
    if not os.environ.get("COUNTBACK_RENDERING") and wanted != "press" and is_whole(book, written):
        manifest = book.project / MANIFEST
        write_manifest(output_folder(book), manifest, max(damage(output_folder(book), manifest)[0], 0))


def main() -> int:
    """Fix the pages that Quarto has just written, and return the exit status."""
    status = 0
    book = load_book(PROJECT, needs_variables=False)
    # from the project's folder on
    written = [(PROJECT / name).resolve() for name in os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines()]
    for file in written:
        if file.suffix == ".html":
            page = fixed(file)
            if file == output_folder(book) / "index.html":
                page = with_downloads(page, data_beside(book, html_pages(book)))
            write_text(page, file)
            for label in unresolved(file):
                print(
                    f"{file.name}: @{label} leads nowhere. Label what it means, or correct the name.", file=sys.stderr
                )
                status = 1
    if status == 0:
        note_render(book, written)
    return status


if __name__ == "__main__":
    sys.exit(main())
