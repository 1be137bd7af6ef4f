"""What Zenodo is told of a release, in the form of its `.zenodo.json`, which it reads instead of CITATION.cff."""

from typing import Any

from countback.metadata.facts import Facts, author_name, known


def _name(author: Any) -> str:
    """Return an author as Zenodo sorts names: a person's family name first."""
    is_group = "name" in author
    return author_name(author) if is_group else f"{author['family-names']}, {author['given-names']}"


def zenodo(told: Facts) -> dict[str, Any]:
    """Return the metadata of a deposit. Zenodo gives the DOI, so that none is stated."""
    related = [("isDerivedFrom", one["path"]) for one in told.sources]
    related += [("isDocumentedBy", told.site), ("isCompiledBy", told.repository)]
    return known(
        {
            "upload_type": "dataset",
            "title": told.title,
            "description": told.description,
            "version": told.version,
            "publication_date": told.date,
            "access_right": "open",
            "license": told.license_name.lower(),
            "language": "eng",
            "creators": [
                known({"name": _name(one), "orcid": one.get("orcid", ""), "affiliation": one.get("affiliation", "")})
                for one in told.authors
            ],
            "keywords": list(told.keywords),
            "related_identifiers": [
                {"relation": relation, "identifier": address, "scheme": "url"}
                for relation, address in related
                if address
            ],
        }
    )
