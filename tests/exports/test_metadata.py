"""What machines are told of the data set is one and the same in every form, and of the form that each asks for."""

import json
import shutil
from dataclasses import replace

import jsonschema
import pytest
from exports_of import FACTS_OF_TINY, PACKED

from countback.io.documents import read_yaml
from countback.io.errors import DataError
from countback.io.package import read_json
from countback.metadata.croissant import croissant
from countback.metadata.facts import facts
from countback.metadata.schema_org import dataset
from countback.metadata.zenodo import zenodo
from press.book import load_book
from scripts.exports.release_check import release_faults
from scripts.exports.zenodo import main

PUBLISHED = replace(
    FACTS_OF_TINY, site="https://count.report.eu/", repository="https://code.report.eu/count", doi="10.5281/zenodo.7"
)
# what the Citation File Format 1.2.0 asks of the entries that are used here
TEXT = {"type": "string", "minLength": 1}
CFF = {
    "type": "object",
    "additionalProperties": False,
    "required": ["cff-version", "message", "title", "authors"],
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "message": TEXT,
        "title": TEXT,
        "type": {"enum": ["dataset", "software"]},
        "version": TEXT,
        "date-released": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])$"},
        "license": TEXT,
        "url": {"type": "string", "pattern": "^https?://"},
        "repository-code": {"type": "string", "pattern": "^https?://"},
        "doi": {"type": "string", "pattern": r"^10\.\d{4,9}/\S+$"},
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT},
        "authors": {"type": "array", "minItems": 1, "items": {"type": "object", "minProperties": 1}},
        "references": {"type": "array", "items": {"type": "object", "required": ["authors", "title", "type"]}},
    },
}


@pytest.fixture(scope="module")
def told(project):
    return facts(read_yaml(project / "CITATION.cff", "the citation"), read_json(project / "data" / "datapackage.json"))


def test_the_citation_file_is_one(project):
    jsonschema.validate(read_yaml(project / "CITATION.cff", "the citation"), CFF)


def test_the_citation_file_and_the_report_name_the_same_authors_and_day(project, told):
    book = load_book(project, needs_variables=False)
    assert [author["name"] for author in told.authors] == book.authors
    assert told.date == f"{book.day:%Y-%m-%d}"
    assert told.title.startswith(f"{book.title}: ")


def test_what_zenodo_reads_is_in_step_and_a_release_is_refused_where_it_is_not(project, tmp_path):
    assert [fault for fault in release_faults(project) if not fault.startswith("_quarto.yml")] == []
    book = ["_quarto.yml", *(entry.file for entry in load_book(project, needs_variables=False).entries)]
    for name in ("CITATION.cff", "references.bib", "data/datapackage.json", ".zenodo.json", *book):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(project / name, tmp_path / name)
    (tmp_path / ".zenodo.json").write_text((project / ".zenodo.json").read_text().replace('"eng"', '"fra"'))
    fault = release_faults(tmp_path)[-1]
    assert fault.startswith(".zenodo.json: found other facts than") and fault.endswith("Run make citation.")
    main(tmp_path)
    assert (tmp_path / ".zenodo.json").read_bytes() == (project / ".zenodo.json").read_bytes()


def test_a_citation_file_of_another_version_than_the_data_is_refused(project):
    citation = read_yaml(project / "CITATION.cff", "the citation") | {"version": "9.9.9"}
    with pytest.raises(DataError, match=r"CITATION\.cff, version: found '9\.9\.9', expected .*, as datapackage\.json"):
        facts(citation, read_json(project / "data" / "datapackage.json"))


def test_zenodo_sorts_people_by_their_family_names_and_learns_what_the_data_come_from():
    people = ({"family-names": "Bee", "given-names": "Ada", "orcid": "https://orcid.org/0"}, {"name": "The group"})
    deposit = zenodo(replace(PUBLISHED, authors=people))
    assert deposit["creators"] == [{"name": "Bee, Ada", "orcid": "https://orcid.org/0"}, {"name": "The group"}]
    relations = {one["relation"]: one["identifier"] for one in deposit["related_identifiers"]}
    assert relations == {
        "isDerivedFrom": "https://example.org/",
        "isDocumentedBy": "https://count.report.eu/",
        "isCompiledBy": "https://code.report.eu/count",
    }
    assert deposit["license"] == "cc-by-4.0"


def test_search_engines_get_files_with_checksum_and_an_address_once_there_is_one():
    files = [{"path": "exports/a.zip", "title": "All", "bytes": 7, "sha256": "0f"}]
    before, after = (dataset(known, files, (1998, 2025)) for known in (FACTS_OF_TINY, PUBLISHED))
    assert before["distribution"][0]["contentUrl"] == "exports/a.zip"
    assert "url" not in before and "identifier" not in before
    assert after["distribution"][0] == {
        "@type": "DataDownload",
        "name": "All",
        "contentUrl": "https://count.report.eu/exports/a.zip",
        "encodingFormat": "application/zip",
        "contentSize": "7 B",
        "sha256": "0f",
    }
    assert after["identifier"] == "https://doi.org/10.5281/zenodo.7"
    assert after["temporalCoverage"] == "1998/2025"
    # what search engines ask for at least
    assert {"@context", "@type", "name", "description", "license", "creator"} <= set(before)


def test_croissant_describes_each_table_by_its_file_and_each_column_by_its_type():
    package = json.loads(PACKED["datapackage.json"])
    described = croissant(FACTS_OF_TINY, package)
    assert described["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    files = {one["@id"]: one for one in described["distribution"]}
    assert set(files) == {"data/some/facts.csv", "results/facts.csv"}
    assert all(len(one["sha256"]) == 64 and one["contentUrl"] == name for name, one in files.items())
    first, second = described["recordSet"]
    assert (first["@id"], second["@id"]) == ("facts", "results_facts")
    assert {field["name"]: field["dataType"] for field in first["field"]} == {
        "year": "sc:Integer",
        "printed": "sc:Text",
        "reports": "sc:Integer",
        "is_redundant": "sc:Boolean",
    }
    assert first["key"] == [{"@id": "facts/year"}]
    sources = [field["source"] for one in described["recordSet"] for field in one["field"]]
    assert all(source["fileObject"]["@id"] in files for source in sources)
