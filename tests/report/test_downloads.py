"""What the built report offers to take away: a line on each file, spreadsheets, workbook, citation; and its imprint."""

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
import yaml
from lxml import html
from pypdf import PdfReader

MARK = b"\xef\xbb\xbf"


@pytest.fixture(scope="module")
def lines(built):
    return json.loads((built / "results" / "downloads.json").read_text())


@pytest.fixture(scope="module")
def page(book):
    return html.parse(str(book / "chapters" / "downloads.html")).getroot()


def test_the_page_has_a_line_on_each_file_with_what_it_holds_rows_and_size(page, lines, built):
    linked = {link.removeprefix("../") for link in page.xpath("//article//a[@download]/@href")}
    assert {line["file"] for line in lines} <= linked
    package = json.loads((built / "data" / "datapackage.json").read_text())
    assert {f"data/{one['path']}" for one in package["resources"]} <= linked
    rows = {
        row.xpath(".//a/@href")[0]: row for row in page.xpath("//figure[starts-with(@id, 'tbl-download-')]//tr[.//a]")
    }
    for line in lines:
        if line["kind"] in ("facts", "computed"):
            text = " ".join(rows[f"../{line['file']}"].text_content().split())
            assert re.sub(r"\W", "", line["description"])[:40] in re.sub(r"\W", "", text)
            assert line["rows"] is None or f"{line['rows']:,}" in text
            assert re.search(r"\d (kB|MB)\b", text)


def test_each_size_is_that_of_the_file_beside_the_page(book, lines):
    for line in lines:
        assert (book / line["file"]).stat().st_size == line["bytes"], line["file"]


def test_all_csv_beside_the_report_opens_with_its_accents_and_has_the_rows_of_its_source(book, built):
    files = sorted(book.rglob("*.csv"))
    accents = 0
    for file in files:
        content = file.read_bytes()
        assert content.startswith(MARK), file
        with (built / file.relative_to(book)).open(encoding="utf-8", newline="") as source:
            wanted = list(csv.reader(source))
        found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert found[0] == wanted[0], file
        assert len(found) == len(wanted), file
        accents += "Côte d’Ivoire" in content.decode() or "Côte d'Ivoire" in content.decode()
        if file.parent.name == "figures":  # in tables, what a source or another analysis prints stays to the letter
            assert not re.search(r"[1-9]\.\d{9}", content.decode()), file
    assert len(files) > 150
    assert accents >= 2


def test_the_workbook_has_a_sheet_for_each_main_table_with_its_rows(built):
    book = openpyxl.load_workbook(built / "exports" / "countback.xlsx", read_only=True)
    package = json.loads((built / "data" / "datapackage.json").read_text())
    sheets = [one["sheet"] for one in [*package["results"], *package["resources"]] if "sheet" in one]
    assert book.sheetnames == ["Read me", *sheets]
    assert len(sheets) >= 12
    with (built / "results" / "tables" / "provider_pairs.csv").open() as file:
        assert book["Both counts"].max_row == sum(1 for _ in csv.reader(file))


def test_the_citation_files_say_what_the_first_page_says(built, book):
    first = html.parse(str(book / "index.html")).getroot()
    assert (built / "exports" / "citation.bib").read_text().strip() == first.xpath("//*[@id='cite']/pre")[0].text
    (entry,) = json.loads((built / "exports" / "citation.json").read_text())
    cff = yaml.safe_load((built / "CITATION.cff").read_text())
    assert (entry["version"], entry["type"]) == (cff["version"], "report")
    assert entry["title"].startswith(cff["title"].partition(":")[0])


def test_the_pdf_is_a4_and_names_the_typst_that_the_report_lists(book):
    pdf = PdfReader(next(book.glob("*.pdf")))
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]
    rows = html.parse(str(book / "chapters" / "reproducibility.html")).xpath("//figure[@id='tbl-system']//tr")
    listed = {row[0].text_content().strip(): row[1].text_content().strip() for row in rows}
    assert pdf.metadata.creator == f"Typst {listed['Typst, within the package of Python']}"


def test_every_figure_of_a_page_offers_its_data_and_the_preview_a_picture_that_is_there(book, built):
    for file in sorted(book.rglob("*.html")):
        page = html.parse(str(file)).getroot()
        for image in page.xpath("//figure//img[contains(@src, 'figures/')]/@src"):
            links = page.xpath("//*[@class='figure-links']/a/@href")
            drawing = Path(image[image.index("figures/") :])
            # small pictures of one kind have a folder, and their data in a file of its name
            data = drawing if drawing.parent.name == "figures" else drawing.parent
            for one in (drawing.with_suffix(".svg"), drawing.with_suffix(".png"), data.with_suffix(".csv")):
                is_there = (built / one).is_file()
                assert any(link.endswith(f"/{one}") or link == str(one) for link in links) == is_there, (file.name, one)
        for picture in page.xpath("//meta[@property='og:image']/@content"):
            assert (file.parent / picture).is_file()


def test_search_engines_are_told_of_files_that_lie_beside_the_pages_as_they_are(book, built):
    told = {}
    for name in ("index.html", "chapters/downloads.html"):
        (text,) = html.parse(str(book / name)).xpath("//script[@type='application/ld+json']/text()")
        told[name] = json.loads(text)
        for file in told[name]["distribution"]:
            content = ((book / name).parent / file["contentUrl"]).resolve().read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"], file["contentUrl"]
    package = json.loads((built / "data" / "datapackage.json").read_text())
    first = told["index.html"]
    assert (first["@type"], first["name"], first["version"]) == ("Dataset", package["title"], package["version"])
    assert [one["name"] for one in first["distribution"]][:1] == ["The main tables as one workbook (XLSX)"]
    files = {one["contentUrl"] for one in first["distribution"]}
    assert {"exports/countback.zip", "exports/countback-crate.zip"} <= files
