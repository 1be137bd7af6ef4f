"""How to cite a book: as a sentence, for BibTeX and as CSL-JSON, from `_quarto.yml` and CITATION.cff."""

import json
import re
from dataclasses import dataclass
from typing import Any

from press.book import Book, parse_yaml, read_text
from press.publication import Publication, read_publication

CITATION = "CITATION.cff"


@dataclass(frozen=True)
class Imprint:
    """What a book says of itself beside its text: how to cite it, its terms, where it is published."""

    citation: str
    bibtex: str
    csl: str
    whole_title: str
    version: str
    terms: str
    published: Publication

    @property
    def site(self) -> str:
        """Return the address of the pages with a slash at its end, or nothing."""
        return self.published.site


def cff_of(book: Book) -> dict[str, Any]:
    """Return CITATION.cff, empty where there is none."""
    has_citation = (book.project / CITATION).exists()
    return parse_yaml(read_text(book.project, CITATION), CITATION) if has_citation else {}


def _key(book: Book, year: str) -> str:
    return re.sub(r"\W", "", book.author.lower().split(" ")[-1] + year)


def _bibtex(book: Book, title: str, year: str, version: str, known: Publication) -> str:
    authors = " and ".join(f"{{{name}}}" for name in book.authors)  # the name of a group stays in one piece
    fields = {"author": authors, "title": f"{{{title}}}", "year": year, "publisher": known.publisher, "note": version}
    fields = {name: re.sub(r"([&%$#_])", r"\\\1", text) for name, text in fields.items()}
    fields |= {"doi": known.doi, "url": known.site}
    rows = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@misc{{{_key(book, year)},", *rows, "}"])


def _csl(book: Book, title: str, year: str, version: str, known: Publication) -> str:
    issued = {"date-parts": [[book.day.year, book.day.month, book.day.day]]} if book.day else None
    entry = {
        "id": _key(book, year),
        "type": "report",
        "title": title,
        "author": [{"literal": name} for name in book.authors],
        "issued": issued,
        "publisher": known.publisher,
        "version": version,
        "DOI": known.doi,
        "URL": known.site,
        "language": book.lang,
    }
    return json.dumps([{name: one for name, one in entry.items() if one}], indent=2, ensure_ascii=False)


def imprint(book: Book) -> Imprint:
    """Return how to cite the book, its terms, and where it is published.

    Raises
    ------
    PressError
        Where `publication` in `_quarto.yml` can't be used.
    """
    known, number = read_publication(book.config.data), str(cff_of(book).get("version") or "")
    title = ": ".join(filter(None, [book.title, book.subtitle]))
    version, year = number and f"Version {number}", str(book.day.year) if book.day else "n.d."
    sentence = ". ".join(filter(None, [f"{book.author} ({year})", title, version, known.publisher]))
    return Imprint(
        citation=f"{sentence}. {known.doi_address or known.site}".strip(),
        bibtex=_bibtex(book, title, year, version, known),
        csl=_csl(book, title, year, number, known),
        whole_title=title,
        version=number,
        terms=str(book.config.data.get("terms") or ""),
        published=known,
    )
