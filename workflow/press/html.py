"""Puts the chapters into pages: contents, citation, downloads, link preview, and the files that they load.

- Beside the facts of the book, pages tell `publication`, `book.cover-image` and `project.resources` of `_quarto.yml`,
  its entries `terms`, `origins` and `dataset`, and the version in CITATION.cff.
- CSV beside the book is written for spreadsheets; all other files are copied as they are.
- Search and notes work from disk: what they show are scripts that set a global, loaded on first use.
"""

import json
import shutil
import textwrap
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import jinja2

from press.book import Book, read_text
from press.citation import Imprint, imprint
from press.execute import CACHE
from press.linked_data import embedded
from press.project import atomic_write, look
from press.publication import SECTION, error_report
from press.sheets import copied
from press.travel import Picture, share_image, with_links

TEMPLATES = Path(__file__).parent / "templates"

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


def _downloads(book: Book, linked: Collection[str]) -> list[tuple[str, str]]:
    """Return files and words of the list on the first page: those of `publication.files` that a page links to.

    Files that `project.resources` names follow, by their names.
    """
    resources = book.config.data["project"].get("resources") or []
    resources = resources if isinstance(resources, list) else [resources]
    main = (book.config.data.get(SECTION) or {}).get("files") or []
    listed = {str(one["file"]): str(one["title"]) for one in main if one["file"] in linked}
    named = sorted({path for pattern in resources for path in _files(book, pattern)})
    return list((listed | {path: Path(path).name for path in named if path not in listed}).items())


def shared_facts(book: Book, pages: Mapping[str, str], linked: Collection[str]) -> Facts:
    """Return what all pages tell beside the facts of the book: how to cite it, where it is, its picture, its data.

    Parameters
    ----------
    book
        The book.
    pages
        The HTML of its pages by their names, in their order.
    linked
        The files of the project that they link to.
    """
    given, said = book.config.data["book"], imprint(book)
    cover = given.get("cover-image")
    picture = cover and Picture(_files(book, cover)[0], str(given.get("cover-image-alt") or book.title))
    overview = Path(str((book.config.data.get(SECTION) or {}).get("page"))).with_suffix(".html").as_posix()
    return {
        "book": book,
        "imprint": said,
        "site": said.site,
        "cover": picture or share_image(next(iter(pages.values())), has_file(book)),
        "data": _downloads(book, linked),
        "origins": _files(book, origins)[0] if (origins := book.config.data.get("origins")) else "",
        "dataset": _files(book, one)[0] if (one := book.config.data.get("dataset")) else "",
        "overview": overview if overview in pages else "",
    }


def has_file(book: Book) -> Callable[[str], bool]:
    """Return whether the project of a book has a file, as a question."""
    return lambda path: (book.project / path).is_file()


def page_meta(book: Book, said: Imprint, page: Page, picture: Picture | None, is_first: bool) -> list[tuple[str, str]]:
    """Return names and contents of what the head tells search engines and the preview of a link.

    Parameters
    ----------
    book, said
        The book, and how to cite it.
    page
        Its `name`, such as chapters/world.html, its `title`, and the text that it begins with, `lead`.
    picture
        What the preview shows.
    is_first
        Whether it is the first page, which stands for the book.
    """
    about = textwrap.shorten("" if is_first else page["lead"], 180, placeholder="…")
    shown = {
        "title": book.title if is_first else page["title"],
        "description": about or book.description or said.whole_title,
        "image": picture and (said.site or "../" * page["name"].count("/")) + picture.path,
        "image:alt": picture and picture.alt,
    }
    found = [("description", shown["description"]), ("author", book.author)]
    found += [("og:type", "article"), ("og:site_name", book.title)]
    found += [(f"{kind}:{name}", text) for kind in ("og", "twitter") for name, text in shown.items()]
    found += [("twitter:card", "summary_large_image" if picture else "summary")]
    found += [("og:url", said.site and said.site + page["name"])]
    if is_first:
        found += [("citation_title", said.whole_title), *(("citation_author", name) for name in book.authors)]
        found += [("citation_publication_date", f"{book.day:%Y/%m/%d}" if book.day else "")]
        found += [("citation_doi", said.published.doi), ("citation_publisher", said.published.publisher)]
        found += [("citation_pdf_url", said.site and f"{said.site}{book.output_file}.pdf")]
    return [(name, text) for name, text in found if text]


def _faces(book: Book) -> Path:
    """Return the style sheet of the faces: of those that the build has cut, else of its own, cut once."""
    own = book.project / CACHE / "faces" / "faces.css"
    found = [sheet for sheet in (book.project / "results" / "look" / "quarto.css", own) if look.has_faces(sheet)]
    if not found:
        atomic_write(own, look.font_faces(own.parent / "fonts").encode())
    return found[0] if found else own


def _sheet(book: Book, assets: Path) -> str:
    """Return the style sheet of the book, and put the faces that it names among its files."""
    faces = _faces(book)
    shutil.copytree(
        faces.parent / "fonts", assets / "fonts", ignore=shutil.ignore_patterns("*.ttf"), dirs_exist_ok=True
    )
    css = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("parts.css", "book.css"))
    css = css.replace("HIGHLIGHT", look.color("highlight"))
    return faces.read_text(encoding="utf-8") + look.css_variables() + css


def _script(name: str, value: object) -> str:
    return f"window.{name} = {json.dumps(value, ensure_ascii=False, indent=0, sort_keys=True)};\n"


def tell(facts: Facts, page: Page, is_first: bool) -> None:
    """Give a page its picture, what its head tells, of the data set too, and the text to report an error of it with.

    Parameters
    ----------
    facts
        What `shared_facts` gave.
    page
        Its `name`, `title` and `html`, and the text that it begins with, `lead`.
    is_first
        Whether it stands for the book.
    """
    book, said = facts["book"], facts["imprint"]
    page["picture"] = share_image(page["html"], has_file(book)) or facts["cover"]
    page["meta"] = page_meta(book, said, page, page["picture"], is_first)
    tells_data = facts["dataset"] and (is_first or page["name"] == facts["overview"])
    page["linked_data"] = embedded(read_text(book.project, facts["dataset"]), page["name"]) if tells_data else ""
    page["error"] = error_report(said.published, page["title"], page["name"], said.version)


def templates() -> jinja2.Environment:
    """Return the templates of pages, which escape what they are given."""
    options: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "undefined": jinja2.StrictUndefined}
    return jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), **options)


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
    pages = result["pages"]
    for page in pages:
        page["html"], files = with_links(page["html"], has_file(book))
        linked.update(files)
    facts = shared_facts(book, {page["name"]: page["html"] for page in pages}, linked)
    sections: list[dict[str, Any]] = []
    notes: dict[str, str] = {}
    for entry, page in zip(book.entries, pages, strict=True):
        page["group"] = entry.part or ("Appendices" if entry.is_appendix else "")
        page["lead"] = page["sections"][0]["text"] if page["sections"] else ""
        tell(facts, page, page is pages[0])
        place = f"{page['name']}#"
        sections += [one | {"page": page["title"], "href": place + one["id"]} for one in page["sections"]]
        notes |= dict(page["notes"])
    template = templates().get_template("page.html")
    texts = {page["name"]: template.render(facts, pages=pages, at=at) for at, page in enumerate(pages)}
    texts |= {"assets/search.js": _script("bookSections", sections), "assets/notes.js": _script("bookNotes", notes)}
    texts["assets/book.css"] = _sheet(book, folder / "assets")
    texts |= {f"assets/{file.name}": file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.js")}
    for name, text in texts.items():
        atomic_write(folder / name, text.encode())
    pictures = {page["picture"].path for page in pages if page["picture"]}
    for path in sorted(linked | pictures | {path for path, _ in facts["data"]} | {facts["origins"]} - {""}):
        atomic_write(folder / path, copied(path, (book.project / path).read_bytes()))
