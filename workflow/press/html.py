"""Puts the chapters into pages: contents, citation, downloads, link preview, and the files that they load.

- Beside the facts of the book, pages tell `book.site-url`, `book.cover-image` and `project.resources` of `_quarto.yml`,
  which Quarto reads too, its own entry `terms`, and the version in CITATION.cff.
- Search and notes work from disk: what they show are scripts that set a global, loaded on first use.
"""

import hashlib
import json
import re
import shutil
import textwrap
from collections.abc import Collection
from pathlib import Path
from typing import Any

import jinja2

from press.book import Book, parse_yaml, read_text
from press.execute import CACHE
from press.project import atomic_write, look

TEMPLATES = Path(__file__).parent / "templates"
CITATION = "CITATION.cff"

Page = dict[str, Any]
Facts = dict[str, Any]


def _files(book: Book, pattern: str) -> list[str]:
    """Return the files of the project that an entry of `_quarto.yml` names by a pattern."""
    matches = book.project.glob(pattern.lstrip("/"))
    found = sorted(file for file in matches if file.is_file() and ".." not in file.parts)
    if not found:
        fix = "Correct it, or build first what it means."
        raise book.config.error(f"{pattern} is no file of the project.", fix, pattern)
    return [file.relative_to(book.project).as_posix() for file in found]


def _downloads(book: Book, linked: Collection[str]) -> list[str]:
    """Return the files listed under Downloads: those that `_quarto.yml` names, and tables of results with a link."""
    resources = book.config.data["project"].get("resources") or []
    resources = resources if isinstance(resources, list) else [resources]
    named = {path for pattern in resources for path in _files(book, pattern)}
    return sorted(named | {path for path in linked if re.fullmatch(r"results/.*\.csv", path)})


def _facts(book: Book, linked: Collection[str]) -> Facts:
    """Return what pages tell beside the facts of the book: address, picture, version, data."""
    entries = book.config.data["book"]
    cover = entries.get("cover-image")
    return {
        "image": _files(book, cover)[0] if cover else "",
        "image_alt": entries.get("cover-image-alt") or book.title,
        "data": _downloads(book, linked),
    }


def imprint(book: Book) -> dict[str, str]:
    """Return how to cite the book, as a sentence and for BibTeX, what that is made of, and its terms."""
    site = str(book.config.data["book"].get("site-url") or "")
    has_citation = (book.project / CITATION).exists()
    cff = parse_yaml(read_text(book.project, CITATION), CITATION) if has_citation else {}
    title = ": ".join(filter(None, [book.title, book.subtitle]))
    version, site = f"Version {cff['version']}" if cff.get("version") else "", site and site.rstrip("/") + "/"
    year = str(book.day.year) if book.day else "n.d."
    authors = " and ".join(f"{{{name}}}" for name in book.authors)  # the name of a group stays in one piece
    fields = {"author": authors, "title": f"{{{title}}}", "year": year, "note": version}
    fields = {name: re.sub(r"([&%$#_])", r"\\\1", text) for name, text in fields.items()} | {"url": site}
    rows = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    key = re.sub(r"\W", "", book.author.lower().split(" ")[-1] + year)
    sentence = ". ".join(filter(None, [f"{book.author} ({year})", title, version]))
    return {
        "citation": f"{sentence}. {site}".strip(),
        "bibtex": "\n".join([f"@misc{{{key},", *rows, "}"]),
        "whole_title": title,
        "site": site,
        "terms": str(book.config.data.get("terms") or ""),
    }


def _meta(book: Book, page: Page, facts: Facts, is_first: bool) -> list[tuple[str, str]]:
    """Return names and contents of what the head tells search engines and the preview of a link."""
    lead = "" if is_first or not page["sections"] else page["sections"][0]["text"]
    about = textwrap.shorten(lead, 180, placeholder="…") or book.description or facts["whole_title"]
    site, image = facts["site"], facts["image"]
    shown = {
        "title": book.title if is_first else page["title"],
        "description": about,
        "image": image and (site or "../" * page["name"].count("/")) + image,
        "image:alt": image and facts["image_alt"],
    }
    found = [("description", about), ("author", book.author), ("og:type", "article"), ("og:site_name", book.title)]
    found += [(f"{kind}:{name}", text) for kind in ("og", "twitter") for name, text in shown.items()]
    found += [("twitter:card", "summary_large_image" if image else "summary"), ("og:url", site and site + page["name"])]
    if is_first:
        found += [("citation_title", facts["whole_title"]), *(("citation_author", name) for name in book.authors)]
        found += [("citation_publication_date", f"{book.day:%Y/%m/%d}" if book.day else "")]
        found += [("citation_pdf_url", site and f"{site}{book.output_file}.pdf")]
    return [(name, text) for name, text in found if text]


def _sheet(book: Book, assets: Path) -> str:
    """Return the style sheet. The faces are cut out once, and kept while the look stays as it is."""
    source = Path(look.__file__).read_bytes() + (look.PROJECT / "config" / "look.yml").read_bytes()
    kept = book.project / CACHE / "fonts" / hashlib.sha256(source).hexdigest()[:16]
    if not (kept / "faces.css").exists():
        atomic_write(kept / "faces.css", look.font_faces(kept / "fonts").encode())
    shutil.copytree(kept / "fonts", assets / "fonts", dirs_exist_ok=True)
    css = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("parts.css", "book.css"))
    css = css.replace("HIGHLIGHT", look.color("highlight"))
    return (kept / "faces.css").read_text(encoding="utf-8") + look.css_variables() + css


def _script(name: str, value: object) -> str:
    return f"window.{name} = {json.dumps(value, ensure_ascii=False, indent=0, sort_keys=True)};\n"


def write_html(book: Book, result: dict[str, Any], folder: Path) -> None:
    """Write the pages of a book into a folder, with all that they load and link to.

    Parameters
    ----------
    book, folder
        The book, and where to write.
    result
        What `book.lua` gave: `pages` with bodies, headings, sections and notes; `images` with their paths.
    """
    linked = {image["path"] for image in result["images"]}
    pages, facts, sections = result["pages"], imprint(book) | _facts(book, linked), []
    notes: dict[str, str] = {}
    for entry, page in zip(book.entries, pages, strict=True):
        page["group"] = entry.part or ("Appendices" if entry.is_appendix else "")
        page["meta"] = _meta(book, page, facts, page is pages[0])
        place = f"{page['name']}#"
        sections += [one | {"page": page["title"], "href": place + one["id"]} for one in page["sections"]]
        notes |= dict(page["notes"])
    loader = jinja2.FileSystemLoader(TEMPLATES)
    options: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "undefined": jinja2.StrictUndefined}
    template = jinja2.Environment(loader=loader, **options).get_template("page.html")
    shared = facts | {"book": book, "pages": pages}
    texts = {page["name"]: template.render(shared, at=at) for at, page in enumerate(pages)}
    texts |= {"assets/search.js": _script("bookSections", sections), "assets/notes.js": _script("bookNotes", notes)}
    texts["assets/book.css"] = _sheet(book, folder / "assets")
    texts |= {f"assets/{file.name}": file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.js")}
    for name, text in texts.items():
        atomic_write(folder / name, text.encode())
    for path in sorted(linked | {*facts["data"], facts["image"]} - {""}):
        atomic_write(folder / path, (book.project / path).read_bytes())
