"""The data set as a schema.org `Dataset`, which pages hold for search engines.

- Addresses of files are paths from the root of the pages, until the report has an address.
"""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from countback.metadata.facts import Facts, author_name, known

CONTEXT = "https://schema.org/"
FORMATS = {
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".md": "text/markdown",
    ".yml": "application/yaml",
    ".yaml": "application/yaml",
    ".bib": "application/x-bibtex",
    ".txt": "text/plain",
    ".cff": "application/yaml",
    ".toml": "application/toml",
    ".lock": "text/plain",
    ".R": "text/x-r",
}


def media_type(path: str) -> str:
    """Return the media type of a file by its name; plain text where it is none that is known.

    Examples
    --------
    >>> media_type("exports/countback.zip"), media_type("Snakefile")
    ('application/zip', 'text/plain')
    """
    return FORMATS.get(PurePosixPath(path).suffix, "text/plain")


def person(author: Mapping[str, str]) -> dict[str, str]:
    """Return an author: a person, or a group under a name of its own."""
    return {"@type": "Organization" if "name" in author else "Person", "name": author_name(author)}


def dataset(told: Facts, files: Iterable[Mapping[str, Any]], years: tuple[int, int] | None = None) -> dict[str, Any]:
    """Return the data set as schema.org describes one.

    Parameters
    ----------
    told
        The facts.
    files
        What can be downloaded: `path`, `title`, `bytes` and `sha256` of each.
    years
        The first and the last year that the data are of.
    """
    distribution = [
        {
            "@type": "DataDownload",
            "name": file["title"],
            "contentUrl": told.site + file["path"],
            "encodingFormat": media_type(file["path"]),
            "contentSize": f"{file['bytes']} B",
            "sha256": file["sha256"],
        }
        for file in files
    ]
    return known(
        {
            "@context": CONTEXT,
            "@type": "Dataset",
            "name": told.title,
            "alternateName": told.name,
            "description": told.description,
            "url": told.site,
            "identifier": told.doi_url,
            "version": told.version,
            "datePublished": told.date,
            "inLanguage": "en",
            "isAccessibleForFree": True,
            "license": told.license_url,
            "creator": [person(author) for author in told.authors],
            "keywords": list(told.keywords),
            "temporalCoverage": years and f"{years[0]}/{years[1]}",
            "isBasedOn": [{"@type": "Dataset", "name": one["title"], "url": one["path"]} for one in told.sources],
            "distribution": distribution,
        }
    )
