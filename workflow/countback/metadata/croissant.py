"""The exported data package in Croissant 1.0: its CSV files as distribution, its tables as sets of records."""

from collections.abc import Mapping
from typing import Any

from countback.metadata.facts import Facts, known
from countback.metadata.schema_org import media_type, person

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
# the context that the specification asks to be repeated in each file
CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "year": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}


def _file(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": resource["path"],
        "name": resource["path"],
        "contentUrl": resource["path"],
        "contentSize": f"{resource['bytes']} B",
        "encodingFormat": media_type(resource["path"]),
        "sha256": resource["hash"].removeprefix("sha256:"),
    }


def _records(resource: Mapping[str, Any]) -> dict[str, Any]:
    name, schema = resource["name"], resource["schema"]
    key = schema.get("primaryKey", [])
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{name}/{field['name']}",
            "name": field["name"],
            "description": field.get("description", ""),
            "dataType": TYPES[field["type"]],
            "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": field["name"]}},
        }
        for field in schema["fields"]
    ]
    return known(
        {
            "@type": "cr:RecordSet",
            "@id": name,
            "name": name,
            "description": resource.get("description", ""),
            "key": [{"@id": f"{name}/{column}"} for column in ([key] if isinstance(key, str) else key)],
            "field": [known(field) for field in fields],
        }
    )


def croissant(told: Facts, package: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of a packed data package, whose paths are those of its archive.

    Parameters
    ----------
    told
        The facts.
    package
        The packed descriptor: each resource with `path`, `bytes`, `hash` and its schema in place.
    """
    return known(
        {
            "@context": dict(CONTEXT),
            "@type": "sc:Dataset",
            "conformsTo": CONFORMS_TO,
            "name": told.name,
            "alternateName": told.title,
            "description": told.description,
            "version": told.version,
            "datePublished": told.date,
            "license": told.license_url,
            "url": told.doi_url or told.site or told.repository,
            "citeAs": f"{told.title}, version {told.version}",
            "creator": [person(author) for author in told.authors],
            "keywords": list(told.keywords),
            "distribution": [_file(one) for one in package["resources"]],
            "recordSet": [_records(one) for one in package["resources"]],
        }
    )
