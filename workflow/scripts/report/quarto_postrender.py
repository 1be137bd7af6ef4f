"""Fix what Quarto writes into pages and has no option for, and fail where a reference leads nowhere.

- It asks a server on the network for two scripts, on each page with a table of a cell; nothing here uses them.
- In a chapter without a number it prints the title of what a reference means, not its number.
- It only warns of references and citations that it can't resolve, and ends well.
- It doesn't mark the label of a caption, which is set apart from its text.
- The title beside each page leads to a folder, which a server answers by the first page and a disk by a list of files.
- Its menu that opens all code of a page looks for code where it lay before a button to copy it was put around it.
- The items of that menu are links whose address is a script, which a policy refuses: they become buttons.
- Its pages have no link to the text before the menus, and ask the server for an icon.
- They say nothing of what may run in them: `quarto_policy` does.
- Of a page, it tells search engines and previews of links little; the press's words and pictures go into its head.
- Links to the files of each figure, how to cite the report, what to download and how to report an error come as in the
  press's pages, and CSV beside the book as spreadsheets read it.
- It sets no chapter on a page of its own: the press does, for chapters that ask for `one-page-pdf`.

A whole render by hand then notes what the book holds, as the rule `report` does: the next build has nothing to do.
"""

import os
import re
import sys
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from countback.io.files import atomic_write, write_text
from countback.io.manifest import MANIFEST, damage, write_manifest
from press.book import Book, load_book, parse_yaml
from press.html import Facts, has_file, shared_facts, tell, templates
from press.render import render_sheets
from press.sheets import copied
from press.travel import share_image, with_links
from scripts.report.quarto_policy import with_policy

PROJECT = Path(__file__).resolve().parents[3]
FOREIGN_SCRIPT = re.compile(r'<script[^>]*\bsrc="https?://[^"]*"[^>]*>.*?</script>\n?', re.DOTALL)
FOLLOW_UP = re.compile(r'<script type="application/javascript">define\(.jquery.[^<]*</script>\n{0,2}')
# A reference whose text is no kind and number but the title of its target: a chapter's comes with the number.
TITLED = re.compile(r'(<a href="(?P<page>[^"#]*)(?:#(?P<id>[^"]+))?" class="quarto-xref">)<span>[^<]*</span></a>')
TO_FOLDER = re.compile(r'(?<=<a href=")(\./|(?:\.\./)+)(?=")')
UNRESOLVED = re.compile(r'class="quarto-unresolved-ref">\??([^<]+)<|<strong>([\w:.-]+)\?</strong>')
ALL_CODE, ALL_FOLDS = '".cell > details > .sourceCode"', '".cell > details > summary"'
CODE_ITEM = re.compile(
    r'<a (id="quarto-(?:show|hide)-all-code"[^>]*?) href="javascript:void\(0\)" role="button">(.*?)</a>'
)
CAPTION_LABEL = re.compile(r"(<figcaption[^>]*>\s*)((?:Figure|Table)&nbsp;[^:<]+:)")
# An appendix has its letter in its title, and the number of another chapter in the menus after it.
CHAPTER_NUMBER = re.compile(
    r'<h1 class="title">(?:(?!</h1>).)*?(?:<span class="chapter-number">(?:Appendix )?|>Appendix (?=\S+ —))([^<\s]+)',
    re.DOTALL,
)
BODY = re.compile(r"<body\b[^>]*>")
SKIP = '<a class="skip" href="#quarto-document-content">Skip to the text</a>'
DATA_LINK = re.compile(
    r'(?:href|content|srcset|data-map|data-cards)="(?:\./|\.\./)?'
    r'((?:results|figures|exports|data)/[^"#?]+\.(?:csv|parquet|svg|png|xlsx|zip|bib|json|js))"'
)
META = re.compile(r'<meta (?:name|property)="(?:description|author|og:[^"]*|twitter:[^"]*)"[^>]*>\n?')
TITLE = re.compile(r"<title>(.*?)(?: – [^<]*)?</title>", re.DOTALL)
PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
HEADING = re.compile(r"<(?:h[1-6]|section)\b")
HEAD = """<link rel="icon" href="data:,">
{% for name, content in meta %}
<meta {{ "property" if name.startswith("og:") else "name" }}="{{ name }}" content="{{ content }}">
{% endfor %}
{% if site %}<link rel="canonical" href="{{ site }}{{ name }}">{% endif %}
{% if linked_data %}<script type="application/ld+json">{{ linked_data | safe }}</script>{% endif %}
"""


def number_in(page: str, section: str | None) -> str | None:
    """Return `Chapter 2` or `Section 2.1` for a page or one of its sections, or None where it has no number."""
    if section is None:
        found = CHAPTER_NUMBER.search(page)
        return found and f"{'Chapter' if found[1].isdigit() else 'Appendix'} {found[1]}"
    found = re.search(rf'data-number="([^"]+)"[^>]*data-anchor-id="{re.escape(section)}"', page)
    return found and f"Section {found[1]}"


def fixed(file: Path) -> str:
    """Return a page without foreign scripts, its references by number, labels marked, code that opens by the menu."""
    html = file.read_text(encoding="utf-8")

    def by_number(link: re.Match[str]) -> str:
        target = file.parent / link["page"] if link["page"] else file
        number = number_in(target.read_text(encoding="utf-8"), link["id"]) if target.is_file() else None
        return f"{link[1]}{number.replace(' ', '&nbsp;')}</a>" if number else link[0]

    html = FOLLOW_UP.sub("", FOREIGN_SCRIPT.sub("", html))
    html = TO_FOLDER.sub(r"\1index.html", html).replace(ALL_CODE, ALL_FOLDS)
    html = CODE_ITEM.sub(r'<button type="button" \1>\2</button>', html)
    html = CAPTION_LABEL.sub(r'\1<span class="caption-label">\2</span>', html)
    return TITLED.sub(by_number, html)


def lead_of(html: str) -> str:
    """Return the words of the paragraphs before the first heading of a page's text."""
    text = html.partition("</header>")[2]
    heading = HEADING.search(text)
    found = PARAGRAPH.findall(text[: heading.start()] if heading else text)
    return unescape(" ".join(re.sub(r"<[^>]+>", "", " ".join(found)).split()))


def completed(html: str, name: str, facts: Facts) -> str:
    """Return a page with what the press's pages tell in their heads, below figures and at the end of the text.

    Parameters
    ----------
    html, name
        The page and its name, such as chapters/world.html.
    facts
        What `shared_facts` of the press gave.
    """
    title = TITLE.search(html)
    page = {"name": name, "title": unescape(title[1]) if title else name, "html": html, "lead": lead_of(html)}
    is_first = name == "index.html"
    tell(facts, page, is_first)
    shown = facts | page | {"first": is_first, "up": "../" * name.count("/")}
    head = templates().from_string(HEAD).render(shown)
    foot = f'<div class="book-foot">{templates().get_template("foot.html").render(shown)}</div>'
    html = META.sub("", html).replace("</head>", f"{head}</head>", 1)
    html = BODY.sub(lambda body: body[0] + SKIP, html, count=1)
    return html.replace("</main>", f"{foot}</main>", 1)


def output_folder(book: Book) -> Path:
    """Return the folder that Quarto writes the book to: that of `_quarto.yml`, or what its command line names."""
    return (book.project / (os.environ.get("QUARTO_PROJECT_OUTPUT_DIR") or book.output_folder)).resolve()


def files_beside(book: Book, linked: Iterable[str]) -> None:
    """Copy the files of the project that pages link to beside the book, CSV as spreadsheets read it."""
    for path in linked:
        atomic_write(output_folder(book) / path, copied(path, (book.project / path).read_bytes()))


def linked_files(book: Book, pages: Iterable[str]) -> list[str]:
    """Return the files of the project that pages link to."""
    return sorted({path for html in pages for path in DATA_LINK.findall(html) if (book.project / path).is_file()})


def html_pages(book: Book) -> dict[str, str]:
    """Return the text of every page of the book by its name, in order, those of an earlier render included."""
    names = [Path(entry.file).with_suffix(".html").as_posix() for entry in book.entries]
    found = {name: output_folder(book) / name for name in names}
    return {name: file.read_text(encoding="utf-8") for name, file in found.items() if file.is_file()}


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


def complete(book: Book, written: Iterable[Path]) -> None:
    """Bring the pages that were just written to what the press's tell, and copy what they link to beside them."""
    folder, new = output_folder(book), set(written)
    pages = {name: with_links(html, has_file(book))[0] for name, html in html_pages(book).items()}
    if not pages:
        return
    linked = linked_files(book, pages.values())
    facts = shared_facts(book, pages, linked)
    for name, html in pages.items():
        if folder / name in new:
            write_text(with_policy(completed(html, name, facts)), folder / name)
    pictures = {
        picture.path
        for picture in [facts["cover"], *(share_image(html, has_file(book)) for html in pages.values())]
        if picture
    }
    files_beside(book, [*linked, *pictures])


def main() -> int:
    """Fix the pages that Quarto has just written, and return the exit status."""
    status = 0
    book = load_book(PROJECT, needs_variables=False)
    # from the project's folder on
    written = [(PROJECT / name).resolve() for name in os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines()]
    for file in written:
        if file.suffix == ".html":
            write_text(fixed(file), file)
            for label in unresolved(file):
                print(
                    f"{file.name}: @{label} leads nowhere. Label what it means, or correct the name.", file=sys.stderr
                )
                status = 1
    complete(book, written)
    if status == 0:
        if output_folder(book) / "index.html" in written:
            render_sheets(PROJECT, output_folder(book))
        note_render(book, written)
    return status


if __name__ == "__main__":
    sys.exit(main())
