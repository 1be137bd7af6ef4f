"""Quarto and the press make the same report of the same files: chapters, numbers, captions, references, figures.

What differs, and may:

- Title block: Quarto puts the description and the words "Author" and "Published" on the first page; compared are title,
  subtitle, author and date.
- Ornaments: the press links each heading to itself by a "#"; Quarto's callouts have an icon, the press's code names its
  language.
- Links to chapters: Quarto's lead to the page, the press's to the heading at its top.
- Files: Quarto names pictures of cells by its own scheme; compared are their bytes.
- Bibliography: Quarto repeats, hidden, what a chapter cites at its end, to show it at a citation under the pointer.
- Citations: Quarto tells works of one author and year apart chapter by chapter, the press once for the book; compared
  are the years without the letters after them.
- PDF: pages break elsewhere, since figures float and Quarto brings its own version of Typst.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from lxml import html
from pypdf import PdfReader

pytestmark = pytest.mark.quarto

PAGES = ["index.html", "chapters/disclosers.html", "chapters/growth.html", "chapters/agreement.html", "references.html"]
PDF = "Putting-the-Count-Back-Into-Accountability.pdf"
PROSE = "//main//p[not(ancestor::table or ancestor::header)] | //main//li[not(p)] | //main//dt | //main//dd[not(p)]"


def words(text):
    return " ".join(text.replace("\u00a0", " ").split())


def squeezed(text):
    return re.sub(r"[\W_]+", "", text)


def without_ornaments(page):
    for ornament in page.xpath(
        "//a[contains(@class, 'anchor') and not(node()[2])] | //*[@class='title-block' or @id='title-block-header']//p"
        " | //nav | //header//*[contains(@class, 'quarto-title-meta')]"
    ):
        ornament.drop_tree()
    return page


@pytest.fixture(scope="module")
def by_press(book):
    return book


@pytest.fixture(scope="module")
def by_quarto(built, tmp_path_factory):
    """Return the folder that a plain `quarto render` writes, with nothing set but what set-up sets."""
    project = tmp_path_factory.mktemp("by quarto") / "a project"
    shutil.copytree(built, project, ignore=shutil.ignore_patterns("_book", "press"))
    shutil.copytree(built / "workflow" / "press", project / "workflow" / "press")
    (project / "_environment.local").write_text(f'QUARTO_PYTHON="{sys.executable}"\n')
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COUNTBACK_", "PYTHONPATH"))}
    done = subprocess.run(
        ["quarto", "render"],
        cwd=project,
        env=kept,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "Unable to resolve" not in done.stdout, done.stdout
    left = {path.name for path in project.iterdir()} - {path.name for path in built.iterdir()}
    assert left == {"_environment.local", ".quarto"}
    return project / "_book"


def pages(book):
    return {name: without_ornaments(html.parse(str(book / name)).getroot()) for name in PAGES}


@pytest.fixture(scope="module")
def pages_of_both(by_press, by_quarto):
    return pages(by_press), pages(by_quarto)


def same_on_each_page(both, read):
    press, quarto = both
    for name in PAGES:
        assert read(quarto[name]) == read(press[name]), name
    return sum(len(read(page)) for page in press.values())


def texts(path):
    return lambda page: [words(element.text_content()) for element in page.xpath(path)]


def test_both_write_the_same_pages_and_the_pdf(by_press, by_quarto):
    for book in (by_press, by_quarto):
        assert sorted(str(path.relative_to(book)) for path in book.rglob("*.html")) == sorted(PAGES)
        assert (book / PDF).is_file()


def test_headings_and_their_numbers_agree(pages_of_both):
    chapter = "//main//h1[not(contains(., 'Putting the Count Back'))] | //main//h2 | //main//h3"
    assert same_on_each_page(pages_of_both, texts(chapter)) > 15


def test_captions_and_their_numbers_agree(pages_of_both):
    assert same_on_each_page(pages_of_both, texts("//main//figcaption")) >= 9


def test_prose_agrees_to_the_last_number(pages_of_both):
    def without_letters(page):
        return [re.sub(r"\b((?:19|20)\d\d)[a-z]\b", r"\1", text) for text in texts(PROSE)(page)]

    assert same_on_each_page(pages_of_both, without_letters) > 35


def test_tables_agree_cell_by_cell(pages_of_both):
    assert same_on_each_page(pages_of_both, texts("//main//table//th | //main//table//td")) > 400


def test_bibliographies_agree(pages_of_both):
    press, quarto = (texts("//*[contains(@class, 'csl-entry')]")(page["references.html"]) for page in pages_of_both)
    assert len(press) >= 8
    assert quarto == press


def test_references_agree_and_lead_to_the_same_place(by_press, by_quarto):
    def references(book, name):
        found = []
        for link in html.parse(str(book / name)).getroot().xpath("//main//a[contains(@class, 'xref')]"):
            file, anchor = urldefrag(unquote(link.get("href")))
            page = os.path.normpath(Path(name).parent / file) if file else name
            text = words(link.text_content())
            found.append((text, page, "" if text.startswith("Chapter") else anchor))
        return found

    assert sum(len(references(by_press, name)) for name in PAGES) > 10
    for name in PAGES:
        assert references(by_quarto, name) == references(by_press, name), name


def test_pictures_and_their_alternative_texts_agree(by_press, by_quarto):
    def pictures(book, name):
        images = html.parse(str(book / name)).getroot().xpath("//main//img")
        return [
            ((book / name).parent.joinpath(unquote(image.get("src"))).read_text().strip(), words(image.get("alt")))
            for image in images
        ]

    assert sum(len(pictures(by_press, name)) for name in PAGES) >= 4
    for name in PAGES:
        assert pictures(by_quarto, name) == pictures(by_press, name), name


def test_title_author_and_date_stand_on_both_first_pages_and_pdfs(by_press, by_quarto):
    for book in (by_press, by_quarto):
        page = words(html.parse(str(book / "index.html")).getroot().text_content())
        reader = PdfReader(book / PDF)
        cover = words(reader.pages[0].extract_text())
        for fact in ("Putting the Count Back Into Accountability", "The countback contributors", "November 21, 2026"):
            assert fact in page and fact in cover
        assert reader.metadata.title == "Putting the Count Back Into Accountability"
        assert reader.metadata.author == "The countback contributors"


def outline(book):
    reader = PdfReader(book / PDF)

    def flat(entries, level=1):
        for entry in entries:
            if isinstance(entry, list):
                yield from flat(entry, level + 1)
            else:
                yield level, words(entry.title)

    return [(level, squeezed(title)) for level, title in flat(reader.outline) if title != "Contents"]


def test_outlines_of_the_pdfs_agree(by_press, by_quarto):
    def without_numbers(entries):
        return [(level, re.sub(r"^\d+", "", title)) for level, title in entries]

    assert len(outline(by_press)) > 15
    # the press writes the numbers into its headings, Typst adds Quarto's when it sets them
    assert without_numbers(outline(by_quarto)) == without_numbers(outline(by_press))


def plain(book):
    return squeezed("".join(page.extract_text() for page in PdfReader(book / PDF).pages[1:]))


def test_both_pdfs_hold_the_prose_captions_and_headings_of_the_pages(by_press, by_quarto, pages_of_both):
    said = []
    for page in pages_of_both[0].values():
        for text in texts(f"{PROSE} | //main//figcaption | //main//h1 | //main//h2")(page):
            said += [squeezed(sentence) for sentence in re.split(r"(?<=[.;:?]) ", text)]
    assert len(said) > 120
    for book in (by_press, by_quarto):
        found = plain(book)
        # a page may end within a sentence: then one half of it stays whole
        missing = [one for one in said if one[: len(one) // 2] not in found and one[len(one) // 2 :] not in found]
        assert missing == [], book


def test_neither_pdf_shows_code(by_press, by_quarto):
    for book in (by_press, by_quarto):
        assert "display_table" not in plain(book)
        assert "importread" not in plain(book)
