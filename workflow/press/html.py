"""Puts the chapters into pages: contents, section list, previous and next, and the files they need."""

import hashlib
import shutil
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from countback import look
from countback.files import atomic_write
from press.book import Book
from press.execute import CACHE

TEMPLATES = Path(__file__).parent / "templates"

Page = dict[str, Any]


def _label(page: Page) -> str:
    number = page.get("number")
    return f'<span class="num">{number}</span> {page["title_html"]}' if number else page["title_html"]


def _contents(book: Book, pages: list[Page], current: Page, up: str) -> str:
    """Return the book's contents as a list, parts and appendices as headings between."""
    rows: list[str] = []
    before = ""
    for entry, page in zip(book.entries, pages, strict=True):
        group = entry.part or ("Appendices" if entry.is_appendix else "")
        ends = before and not group
        if group and group != before:
            rows.append(f'<li class="part">{escape(group)}</li>')
        before = group
        here = ' aria-current="page"' if page is current else ""
        apart = ' class="apart"' if ends else ""
        rows.append(f'<li{apart}><a href="{up}{page["name"]}"{here}>{_label(page)}</a></li>')
    return "<ol>" + "".join(rows) + "</ol>"


def _sections(page: Page) -> str:
    headings = page["headings"]
    if not headings:
        return ""
    items = "".join(
        f'<li class="level-{heading["level"]}"><a href="#{escape(heading["id"])}">{heading["html"]}</a></li>'
        for heading in headings
    )
    return (
        f'<nav class="sections" aria-label="On this page"><p class="nav-title">On this page</p><ol>{items}</ol></nav>'
    )


def _turn(pages: list[Page], at: int, up: str) -> str:
    links = []
    for step, rel, word in ((-1, "prev", "Previous"), (1, "next", "Next")):
        if 0 <= at + step < len(pages):
            page = pages[at + step]
            links.append(
                f'<a rel="{rel}" class="{rel}" href="{up}{page["name"]}"><span>{word}</span>{_label(page)}</a>'
            )
    return "".join(links)


def _title_block(book: Book) -> str:
    facts = [book.author, book.printed_day()]
    lines = [f'<p class="book-title">{escape(book.title)}</p>']
    lines += [f'<p class="book-subtitle">{escape(book.subtitle)}</p>'] if book.subtitle else []
    lines += [f'<p class="book-facts">{escape(" · ".join(fact for fact in facts if fact))}</p>'] if any(facts) else []
    return f'<div class="title-block">{"".join(lines)}</div>'


def _page(book: Book, pages: list[Page], at: int, template: Template) -> str:
    page = pages[at]
    up = "../" * page["name"].count("/")
    title = book.title if at == 0 else f"{page['title']} – {book.title}"
    return template.substitute(
        lang=escape(book.lang),
        title=escape(title),
        description=escape(book.description or book.subtitle or book.title),
        author=escape(book.author),
        up=up,
        book_title=escape(book.title),
        contents=_contents(book, pages, page, up),
        sections=_sections(page),
        title_block=_title_block(book) if at == 0 else "",
        body=page["html"],
        turn=_turn(pages, at, up),
        pdf=escape(f"{book.output_file}.pdf"),
    )


def _fonts(book: Book, assets: Path) -> str:
    """Return the style sheet of the faces; they are cut out once and kept while the look stays as it is."""
    source = Path(look.__file__).read_bytes() + (look.PROJECT / "config" / "look.yml").read_bytes()
    kept = book.project / CACHE / "fonts" / hashlib.sha256(source).hexdigest()[:16]
    sheet = kept / "faces.css"
    if not sheet.exists():
        atomic_write(sheet, look.font_faces(kept / "fonts").encode())
    shutil.copytree(kept / "fonts", assets / "fonts", dirs_exist_ok=True)
    return sheet.read_text(encoding="utf-8")


def _highlight() -> str:
    """Return the rule of highlighted cells, whose fill is no more than a tint in the dark."""
    fill = look.color("highlight")
    rule = f"background-color:color-mix(in srgb,{fill} var(--tint),var(--paper))!important;color:inherit!important"
    return f':is(td,th)[style*="background-color: {fill};" i]{{{rule}}}\n'


def _copy_assets(book: Book, paths: set[str], folder: Path) -> None:
    for path in sorted(paths):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(book.project / path, target)


def write_html(book: Book, result: dict[str, Any], folder: Path) -> None:
    """Write the pages of a book, its style sheet, script, faces and images.

    Parameters
    ----------
    book
        The book.
    result
        What `book.lua` gave: `pages` with their bodies and headings, `images` with their paths in the project.
    folder
        Where to write.
    """
    pages: list[Page] = result["pages"]
    template = Template((TEMPLATES / "page.html").read_text(encoding="utf-8"))
    for at, page in enumerate(pages):
        target = folder / page["name"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_page(book, pages, at, template), encoding="utf-8")
    assets = folder / "assets"
    assets.mkdir(exist_ok=True)
    sheet = (
        _fonts(book, assets)
        + look.css_variables()
        + (TEMPLATES / "book.css").read_text(encoding="utf-8")
        + _highlight()
    )
    (assets / "book.css").write_text(sheet, encoding="utf-8")
    shutil.copyfile(TEMPLATES / "book.js", assets / "book.js")
    _copy_assets(book, {image["path"] for image in result["images"]}, folder)
