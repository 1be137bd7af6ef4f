"""Where the book is published stands in one place, and pages, PDF, citations and CITATION.cff say the same."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from lxml import html
from pypdf import PdfReader
from small_book import CONFIG, page, pdf_text, write_book

import press
from press.book import load_book
from press.citation import cff_of, imprint
from press.errors import PressError
from press.publication import Publication, error_report, faults, is_placeholder, read_publication

SET = {
    "address": "https://count.report.eu/it",
    "repository": "https://code.report.eu/count",
    "contact": "ask@report.eu",
    "doi": "10.5281/zenodo.7",
    "publisher": "The Press",
}
UNSET = dict.fromkeys(SET, "to be set")
CFF = """version: 1.2.3
url: https://count.report.eu/it/
repository-code: https://code.report.eu/count
doi: 10.5281/zenodo.7
"""
DATASET = {
    "@context": "https://schema.org/",
    "@type": "Dataset",
    "name": "Counts </script><b>",
    "distribution": [{"contentUrl": "exports/a.zip"}, {"contentUrl": "https://count.report.eu/b.zip"}],
}
TWO = """# Two {#sec-two}

## Curves {#sec-curves}

The data are in [data/a.csv](../data/a.csv).

![A line](../figures/a.svg){#fig-line fig-alt="It falls"}

| a |
|:--|
| 1 |

: Small {#tbl-small}
"""


def small(project, publication):
    write_book(project, chapters__two=TWO)
    told = {"publication": publication | {"page": "chapters/two.qmd"}, "dataset": "data/set.json"}
    (project / "_quarto.yml").write_text(CONFIG + yaml.safe_dump(told))
    (project / "data" / "set.json").write_text(json.dumps(DATASET))
    (project / "CITATION.cff").write_text(CFF if publication == SET else "version: 1.2.3\n")
    return load_book(project)


@pytest.mark.parametrize(
    "value",
    [None, "", "to be set", "TBD", "https://example.org/x", "https://www.example.com", "me@example.net", "10.5555/x"],
)
def test_what_is_still_to_be_set_is_known_as_such(value):
    assert is_placeholder(value)
    assert read_publication({"publication": {"address": value, "contact": value, "doi": value}}) == Publication()


@pytest.mark.parametrize("value", SET.values())
def test_what_is_set_is_not_taken_for_a_placeholder(value):
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"adress": "x"}, "publication.adress is not known. Known are address, contact, doi"),
        ({"address": "count.report.eu"}, "publication.address is count.report.eu. Write the address of the report"),
        ({"contact": "ask us"}, "publication.contact is ask us. Write an e-mail address, or: to be set"),
        ({"doi": "zenodo.7"}, "publication.doi is zenodo.7. Write a DOI without address"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_to_write(given, says):
    with pytest.raises(PressError, match=says.replace(".", r"\.")):
        read_publication({"publication": given})


def test_a_release_with_placeholders_is_refused_and_each_is_named_with_where_to_set_it():
    found = list(faults({"publication": UNSET}, {}))
    assert [fault.split(":")[0] for fault in found] == [f"_quarto.yml, publication.{name}" for name in SET]
    assert all("found to be set, expected" in fault and fault.endswith("Set it there.") for fault in found)


def test_a_release_is_refused_where_the_citation_file_says_otherwise():
    assert list(faults({"publication": SET}, yaml.safe_load(CFF))) == []
    (one,) = faults({"publication": SET}, yaml.safe_load(CFF) | {"doi": "10.5281/zenodo.6"})
    assert one.startswith("CITATION.cff, doi: found 10.5281/zenodo.6, expected 10.5281/zenodo.7")
    assert one.endswith("Write the line `doi: 10.5281/zenodo.7`.")
    found = list(faults({"publication": UNSET}, {"url": "https://elsewhere.eu/"}))
    assert found[-1].startswith("CITATION.cff, url: found https://elsewhere.eu/, expected none")


def test_the_citation_file_of_this_project_agrees_with_its_settings(project):
    book = load_book(project, needs_variables=False)
    assert not [fault for fault in faults(book.config.data, cff_of(book)) if fault.startswith("CITATION.cff")]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    project = tmp_path_factory.mktemp("published")
    small(project, SET)
    press.render(project)
    return project


def test_pages_pdf_and_citations_say_the_same_of_where_the_book_is(published):
    first, said = html.fromstring(page(published, "index.html")), imprint(load_book(published))
    shown = {dd.text_content() for dd in first.xpath("//dl[@class='published']/dd")}
    cover = PdfReader(published / "_book" / "Small.pdf").pages[0].extract_text().replace("\n", " ")
    for value in (*list(SET.values())[1:], "https://count.report.eu/it/"):
        assert value in shown
        assert value in cover
    entry = json.loads(said.csl)[0]
    assert (entry["DOI"], entry["URL"], entry["publisher"]) == (SET["doi"], "https://count.report.eu/it/", "The Press")
    for line in ("publisher = {The Press}", "doi = {10.5281/zenodo.7}", "url = {https://count.report.eu/it/}"):
        assert line in said.bibtex
    assert said.citation.endswith("The Press. https://doi.org/10.5281/zenodo.7")
    assert first.xpath("//link[@rel='canonical']/@href") == ["https://count.report.eu/it/index.html"]


def linked_data(project, name):
    return [json.loads(one) for one in html.fromstring(page(project, name)).xpath("//script[@type]/text()")]


def test_the_first_page_and_that_of_all_files_tell_of_the_data_set_with_addresses_from_there(published):
    assert linked_data(published, "index.html") == [DATASET]
    (told,) = linked_data(published, "chapters/two.html")
    assert [one["contentUrl"] for one in told["distribution"]] == ["../exports/a.zip", "https://count.report.eu/b.zip"]
    assert linked_data(published, "chapters/one.html") == []


def test_while_placeholders_stand_nothing_false_is_printed(book):
    assert "This version of the report has no address, DOI or contact yet." in page(book, "index.html")
    for text in (page(book, "index.html"), pdf_text(book)):
        assert "to be set" not in text and "example.org" not in text
    assert "no address" not in page(book, "chapters/one.html")


def test_an_error_of_a_page_is_reported_by_an_issue_else_by_mail_else_by_a_text_to_copy():
    about = {"title": "Growth", "page": "chapters/growth.html", "version": "1.2.3"}
    issue = urlsplit(error_report(Publication(**SET), **about).link)
    asked = parse_qs(issue.query)
    assert issue._replace(query="").geturl() == "https://code.report.eu/count/issues/new"
    assert asked["title"] == ["Error in: Growth"]
    body = asked["body"][0]
    assert "Page: Growth (https://count.report.eu/it/chapters/growth.html)\nVersion: 1.2.3\nSection:\n" in body
    mail = error_report(Publication(contact="ask@report.eu"), **about)
    assert mail.link.startswith(
        "mailto:ask@report.eu?subject=Error%20in%3A%20Growth&body=Page%3A%20Growth%20%28chapters"
    )
    none = error_report(Publication(), **about)
    assert none.link == ""
    assert none.text.startswith("Page: Growth (chapters/growth.html)\nVersion: 1.2.3\n")


def test_each_page_ends_with_the_way_to_report_its_errors(published, book):
    link = html.fromstring(page(published, "chapters/one.html")).xpath("//*[@class='error-report']/a")[0]
    assert "chapters%2Fone.html" in link.get("href") and "One" in link.get("href")
    copied = html.fromstring(page(book, "chapters/one.html")).xpath("//*[@class='error-report']//pre")[0]
    assert copied.text.startswith("Page: One (chapters/one.html)")


def test_a_link_to_data_in_the_pdf_leads_to_the_address(published):
    leaves = PdfReader(published / "_book" / "Small.pdf").pages[1:]
    notes = [note.get_object() for leaf in leaves for note in leaf.get("/Annots", [])]
    links = [note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})]
    assert links == ["https://count.report.eu/it/data/a.csv"]
    assert "The data are in data/a.csv." in pdf_text(published)
