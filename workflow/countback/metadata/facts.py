"""The facts that every form of metadata tells, from CITATION.cff and the descriptor of the data package.

- CITATION.cff has version, date, authors, license, keywords, and where the data set is published, as far as it is.
- `data/datapackage.json` has name, title, description and sources; title, version and license stand in both, alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from countback.io.errors import DataError

CITATION = "CITATION.cff"
DOI = "https://doi.org/"


@dataclass(frozen=True)
class Facts:
    """What is known of the data set as a whole; empty where it is not published yet."""

    name: str
    title: str
    description: str
    version: str
    date: str
    authors: tuple[Mapping[str, str], ...]
    license_name: str
    license_url: str
    keywords: tuple[str, ...]
    sources: tuple[Mapping[str, str], ...]
    site: str = ""
    repository: str = ""
    doi: str = ""

    @property
    def doi_url(self) -> str:
        """Return the address that the DOI leads to, or nothing."""
        return self.doi and DOI + self.doi


def known(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of an entry: nothing that is empty.

    Examples
    --------
    >>> known({"name": "a", "url": "", "rows": 0, "parts": []})
    {'name': 'a', 'rows': 0}
    """
    return {key: value for key, value in entry.items() if value not in ("", None, [], ())}


def facts(citation: Mapping[str, Any], package: Mapping[str, Any]) -> Facts:
    """Return the facts of a data set.

    Parameters
    ----------
    citation, package
        CITATION.cff and `data/datapackage.json`, as mappings.

    Raises
    ------
    DataError
        If the two say different things of the title, the version or the license.
    """
    (license_of_package,) = package["licenses"]
    pairs = {"title": package["title"], "version": package["version"], "license": license_of_package["name"]}
    for key, wanted in pairs.items():
        if str(citation.get(key)) != wanted:
            fix = "Make the two alike."
            raise DataError(CITATION, key, found=citation.get(key), expected=f"{wanted}, as datapackage.json", fix=fix)
    return Facts(
        name=package["name"],
        title=package["title"],
        description=package["description"],
        version=package["version"],
        date=str(citation["date-released"]),
        authors=tuple(citation["authors"]),
        license_name=license_of_package["name"],
        license_url=license_of_package["path"],
        keywords=tuple(citation.get("keywords", ())),
        sources=tuple(package["sources"]),
        site=citation.get("url", ""),
        repository=citation.get("repository-code", ""),
        doi=citation.get("doi", ""),
    )


def author_name(author: Mapping[str, str]) -> str:
    """Return an author's name in one piece.

    Examples
    --------
    >>> author_name({"name": "The contributors"}), author_name({"given-names": "Ada", "family-names": "Bee"})
    ('The contributors', 'Ada Bee')
    """
    return author.get("name") or f"{author['given-names']} {author['family-names']}"
