"""A tiny data package as it is exported, and what is known of it."""

import pandas as pd

from countback.metadata.facts import Facts
from scripts.exports.data_package import data_package

FIELDS = [
    {"name": "year", "type": "year", "constraints": {"required": True}},
    {"name": "printed", "type": "string"},
    {"name": "reports", "type": "integer", "unit": "count"},
    {"name": "is_redundant", "type": "boolean"},
]
SCHEMA = {"fields": FIELDS, "missingValues": [""], "primaryKey": "year"}
SAID = {"description": "What it holds.", "schema": SCHEMA}
PACKAGE = {
    "name": "tiny",
    "version": "1",
    "resources": [SAID | {"name": "facts", "path": "some/facts.csv", "title": "Facts", "bytes": 1}],
    "results": [SAID | {"name": "facts", "title": "Facts, corrected"}],
}
FACTS = pd.DataFrame(
    {"year": [2031, 2032], "printed": ["=HYPERLINK(1)", None], "reports": [-7, None], "is_redundant": [True, None]}
).astype({"year": "Int64", "printed": "string", "reports": "Int64", "is_redundant": "boolean"})
TABLES = {"some/facts.csv": FACTS, "results/facts": FACTS}
PACKED = data_package(PACKAGE, TABLES)
FACTS_OF_TINY = Facts(
    name="tiny",
    title="Tiny data",
    description="Few facts.",
    version="1",
    date="2031-02-03",
    authors=({"name": "The contributors"},),
    license_name="CC-BY-4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    keywords=("counts",),
    sources=({"title": "All of it", "path": "https://example.org/"},),
)
