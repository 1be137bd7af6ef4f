"""Where the book is published and who answers for it: what `publication` in `_quarto.yml` says, and nothing else.

- What is `to be set`, or leads to a name that is reserved for examples, is not known yet: nothing is printed of it.
- Pages, title page, citation and the text to report an error with take it from here; `faults` says what is missing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import quote, urlencode

from press.errors import PressError

SECTION = "publication"
PLACEHOLDER = re.compile(
    r"to be set|tbd|todo|https?://(www\.)?|.*[@/.](example(\.(org|com|net|edu))?|invalid|test|localhost)\b.*|"
    r"(https?://doi\.org/)?10\.(0000|1234|5555|99999)/.*",
    re.IGNORECASE,
)
WEB = re.compile(r"https?://[^\s/]+\.[^\s]+")
FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "address": (WEB, "the address of the report's pages, as https://..."),
    "repository": (WEB, "the address of the repository, as https://..."),
    "issues": (WEB, "the address at which an issue is opened, as https://.../issues/new"),
    "contact": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+"), "an e-mail address"),
    "doi": (re.compile(r"10\.\d{4,9}/\S+"), "a DOI without address, as 10..../..."),
    "publisher": (re.compile(r".+"), "a name"),
}
NEEDED = ("address", "repository", "contact", "doi", "publisher")
DOI_ADDRESS = "https://doi.org/"
BODY = """\
Page: {title} ({page})
Version: {version}
Section:

What the page says, and in which table and row:

What it should say:

Where that can be read:
"""


@dataclass(frozen=True)
class Publication:
    """Where the book can be had, and who is to be asked; empty where that is not known yet."""

    address: str = ""
    repository: str = ""
    issues: str = ""
    contact: str = ""
    doi: str = ""
    publisher: str = ""

    @property
    def site(self) -> str:
        """Return the address of the pages with a slash at its end, or nothing."""
        return self.address and self.address.rstrip("/") + "/"

    @property
    def doi_address(self) -> str:
        """Return the address that the DOI leads to, or nothing."""
        return self.doi and DOI_ADDRESS + self.doi

    @property
    def new_issue(self) -> str:
        """Return the address at which an issue is opened, or nothing."""
        return self.issues or (self.repository and f"{self.repository.rstrip('/')}/issues/new")

    def lines(self) -> list[tuple[str, str, str]]:
        """Return what is known, as words, text and link: for the first page and the title page."""
        found = [
            ("Published by", self.publisher, ""),
            ("Address", self.site, self.site),
            ("DOI", self.doi, self.doi_address),
            ("Data and code", self.repository, self.repository),
            ("Contact", self.contact, self.contact and f"mailto:{self.contact}"),
        ]
        return [line for line in found if line[1]]


def is_placeholder(value: object) -> bool:
    """Return whether a setting stands for one that is still to come.

    Examples
    --------
    >>> [is_placeholder(one) for one in (None, "to be set", "https://example.org/report", "me@example.com")]
    [True, True, True, True]
    >>> is_placeholder("https://missingkids.org/report")
    False
    """
    text = str(value or "").strip()
    return not text or PLACEHOLDER.fullmatch(text) is not None


def read_publication(settings: Mapping[str, Any]) -> Publication:
    """Return what `_quarto.yml` says of the publication, placeholders as nothing.

    Raises
    ------
    PressError
        For a name that is not known, and for a value that is neither a placeholder nor of its form.
    """
    given = settings.get(SECTION) or {}
    known = {field.name for field in fields(Publication)} | {"files", "page"}
    for name in given:
        if name not in known:
            fix = f"Known are {', '.join(sorted(known))}."
            raise PressError("_quarto.yml", None, f"{SECTION}.{name} is not known.", fix)
    found = {name: str(given[name]).strip() for name in FORMS if not is_placeholder(given.get(name))}
    if "doi" in found:
        found["doi"] = found["doi"].removeprefix(DOI_ADDRESS)
    for name, text in found.items():
        pattern, form = FORMS[name]
        if not pattern.fullmatch(text):
            raise PressError("_quarto.yml", None, f"{SECTION}.{name} is {text}.", f"Write {form}, or: to be set")
    return Publication(**found)


def faults(settings: Mapping[str, Any], cff: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps a book from being published: what is still to be set, and where CITATION.cff says otherwise.

    Parameters
    ----------
    settings, cff
        `_quarto.yml` and `CITATION.cff`, as mappings.
    """
    given, known = settings.get(SECTION) or {}, read_publication(settings)
    for name in NEEDED:
        if not getattr(known, name):
            found = given.get(name) or "nothing"
            yield f"_quarto.yml, {SECTION}.{name}: found {found}, expected {FORMS[name][1]}. Set it there."
    for name, wanted in cff_entries(known).items():
        if cff.get(name) != wanted:
            yield (
                f"CITATION.cff, {name}: found {cff.get(name) or 'nothing'}, expected {wanted or 'none'}, as "
                f"_quarto.yml says. Write the line `{name}: {wanted}`."
                if wanted
                else f"CITATION.cff, {name}: found {cff[name]}, expected none while _quarto.yml sets none. "
                f"Set it in _quarto.yml, under {SECTION}."
            )


def cff_entries(known: Publication) -> dict[str, str | None]:
    """Return the entries of CITATION.cff that say where the book is; None for one that must not be there."""
    return {"url": known.site or None, "repository-code": known.repository or None, "doi": known.doi or None}


@dataclass(frozen=True)
class ErrorReport:
    """A text to report an error of a page with, and the link that opens it filled in, if anyone can be reached."""

    text: str
    link: str


def error_report(known: Publication, title: str, page: str, version: str) -> ErrorReport:
    """Return the text and the link by which a reader reports an error of a page.

    Parameters
    ----------
    known
        Where the book is published.
    title, page, version
        Title and file of the page, and the version of the book.
    """
    body = BODY.format(title=title, page=(known.site or "") + page, version=version or "not numbered")
    subject = f"Error in: {title}"
    if known.new_issue:
        return ErrorReport(body, f"{known.new_issue}?{urlencode({'title': subject, 'body': body}, quote_via=quote)}")
    if known.contact:
        words = urlencode({"subject": subject, "body": body.replace("\n", "\r\n")}, quote_via=quote)
        return ErrorReport(body, f"mailto:{known.contact}?{words}")
    return ErrorReport(body, "")
