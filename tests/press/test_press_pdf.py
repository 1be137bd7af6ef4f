"""What is hard to set in a PDF: long code, long words, long and wide tables, panels, titles."""

from pathlib import Path

import pdfplumber
import pytest
from pypdf import PdfReader

import press

CHECKSUM = "3f786850e387550fdab836ed7e6dc881de23001b" * 3
ADDRESS = (
    "https://example.org/a/path/that/goes/on/and/on/for/longer/than/a/line/of/the/page/is?query=one&other=two-and-more"
)
LONG_LINE = "result = function(first_argument, second_argument, third_argument, fourth_argument, fifth_argument, sixth)"
ROWS = "\n".join(f"| Row {number} | {number}00 |" for number in range(60))
WIDE = "|" + " 12,345,678 |" * 14
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><path d="M0 0L90 40" stroke="#000"/></svg>'

CONFIG = """\
project:
  type: book
book:
  title: Misrepresentations and Internationalization of Counterrevolutionaries
  subtitle: Disproportionate institutionalization and incomprehensibility of misrepresentations in the administration
  author: Nobody
  date: 2026-01-31
  output-file: Hard
  chapters: [index.qmd, chapters/tables.qmd]
terms: Free for all.
"""

INDEX = f"""\
# Summary {{.unnumbered}}

**Bold**, `results/tables/a_long_name_of_a_table/that_is_in_a_folder/with_a_long_name.parquet`, {CHECKSUM}.[^1]

[^1]: See <{ADDRESS}>.

```python
{LONG_LINE}
CHECKSUM = "{CHECKSUM}"
```

- In an item:

  ```python
  {LONG_LINE}
  ```

::: {{.callout-note title="A callout"}}
Short.
:::

::: {{#fig-both layout-ncol=2}}

![Left.](a.svg){{#fig-left fig-alt="left"}}

![Right.](a.svg){{#fig-right fig-alt="right"}}

Both.
:::

::: {{.panel-tabset}}

## By year

Words of the tab.
:::

A [page](https://example.org/x), and [example.org](https://example.org).

::: {{.content-visible when-format="html"}}
[A place]{{#place}} on pages alone.
:::

As [said there](#place).
"""

TABLES = f"""\
# Tables

| Name | Count |
|:-----|------:|
{ROWS}

: Sixty rows. {{#tbl-long}}

{WIDE}
{"|" + "--:|" * 14}
{WIDE}

: Fourteen columns. {{#tbl-wide}}
"""


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the PDF of the hard book."""
    project = tmp_path_factory.mktemp("hard")
    (project / "chapters").mkdir()
    (project / "_quarto.yml").write_text(CONFIG)
    (project / "index.qmd").write_text(INDEX)
    (project / "chapters" / "tables.qmd").write_text(TABLES)
    (project / "a.svg").write_text(SVG)
    return press.render(project, {"pdf"}).pdf


@pytest.fixture(scope="module")
def leaves(pdf: Path) -> list[list[str]]:
    """Return the lines of each page."""
    with pdfplumber.open(pdf) as opened:
        return [[line["text"] for line in leaf.extract_text_lines()] for leaf in opened.pages]


def test_nothing_stands_beyond_the_right_edge_of_figures(pdf: Path) -> None:
    with pdfplumber.open(pdf) as opened:
        for leaf in opened.pages:
            left, width = (72, leaf.width - 144) if leaf.width > leaf.height else (1.08 * 72, 6.1 * 72)
            beyond = [char["text"] for char in leaf.chars if char["x1"] > left + width + 1]
            assert "".join(beyond) == "", leaf.page_number


def test_a_long_line_of_code_is_cut_after_a_space_and_goes_on_after_an_arrow(leaves: list[list[str]]) -> None:
    lines = leaves[2]
    at = next(number for number, line in enumerate(lines) if line.startswith("result ="))
    assert lines[at + 1].startswith("↪ ")
    assert f"{lines[at]} {lines[at + 1].removeprefix('↪ ')}" == LONG_LINE
    assert "".join(lines[at + 2 : at + 4]).replace("↪ ", "") == f'CHECKSUM = "{CHECKSUM}"'


def test_a_long_table_repeats_its_head_and_keeps_every_row(leaves: list[list[str]]) -> None:
    heads = [line for lines in leaves for line in lines if line == "Name Count"]
    assert len(heads) == 2
    rows = [line for lines in leaves for line in lines if line.startswith("Row ")]
    assert rows == [f"Row {number} {number}00" for number in range(60)]


def test_a_page_on_its_side_has_the_running_head(pdf: Path) -> None:
    with pdfplumber.open(pdf) as opened:
        (leaf,) = [leaf for leaf in opened.pages if leaf.width > leaf.height]
        words = leaf.extract_words()
        head = [word for word in words if word["top"] < 72]
        assert [word["text"] for word in head] == ["1", "Tables", str(leaf.page_number)]
        assert head[-1]["x1"] == pytest.approx(leaf.width - 72, abs=1)


def test_titles_are_not_hyphenated(leaves: list[list[str]]) -> None:
    assert not any(line.endswith(("-", "\u2010", "\u00ad")) for line in leaves[0])
    assert "incomprehensibility" in " ".join(leaves[0])


def test_captions_in_a_panel_stand_side_by_side_under_their_figures(pdf: Path) -> None:
    with pdfplumber.open(pdf) as opened:
        words = {word["text"]: word for leaf in opened.pages for word in leaf.extract_words()}
    assert words["(a)"]["top"] == pytest.approx(words["(b)"]["top"], abs=1)
    assert words["(a)"]["x0"] == pytest.approx(1.08 * 72, abs=1)
    assert words["(b)"]["x0"] > 4 * 72
    assert words["Both."]["top"] > words["(a)"]["top"]


def test_bold_text_is_set_in_the_semibold_face(pdf: Path) -> None:
    with pdfplumber.open(pdf) as opened:
        faces = {char["fontname"] for leaf in opened.pages for char in leaf.chars if char["text"] == "B"}
    assert faces
    assert not any(face.endswith(("Black", "Bold", "Heavy")) for face in faces), faces


def test_two_renders_give_the_same_bytes(pdf: Path) -> None:
    first = pdf.read_bytes()
    press.render(pdf.parents[1], {"pdf"})
    assert pdf.read_bytes() == first
    assert "2026-01-31" in str(PdfReader(pdf).metadata.creation_date)  # type: ignore[union-attr]


def test_the_title_page_says_how_to_cite_and_on_what_terms(leaves: list[list[str]]) -> None:
    text = " ".join(leaves[0])
    assert "How to cite: Nobody (2026). Misrepresentations" in text
    assert " Free for all. " in text


def test_an_address_stands_behind_its_words_and_once_where_it_is_the_words(leaves: list[list[str]]) -> None:
    text = " ".join(line for lines in leaves for line in lines)
    assert "A page (https://example.org/x), and example.org." in text


def test_a_link_to_what_pages_alone_show_is_plain_text_in_print(leaves: list[list[str]]) -> None:
    text = " ".join(line for lines in leaves for line in lines)
    assert "As said there." in text
    assert "pages alone" not in text


PARTED = """\
# One

Sources

:   [Report](https://example.org/report).

Addresses

:   [Report](https://example.org/report).

![](a.svg){fig-alt="A line" width=5in}

![](a.svg){fig-alt="A line" width=5in}

Before the table.

| Small | Table |
|:------|------:|
"""


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """Return a book with two parts, the first with a table of ten rows that begins near the foot of a page."""
    project = tmp_path_factory.mktemp("parted")
    chapters = "[index.qmd, {part: First part, chapters: [one.qmd]}, {part: Second part, chapters: [two.qmd]}]"
    (project / "_quarto.yml").write_text(CONFIG.replace("[index.qmd, chapters/tables.qmd]", chapters))
    (project / "index.qmd").write_text("# Summary {.unnumbered}\n\nWords.\n")
    (project / "one.qmd").write_text(PARTED + "".join(f"| Row | {number} |\n" for number in range(10)))
    (project / "two.qmd").write_text("# Two\n\nWords.\n")
    (project / "a.svg").write_text(SVG)
    return PdfReader(press.render(project, {"pdf"}).pdf)


def test_a_part_is_a_line_above_its_first_chapter_and_in_the_contents_and_no_heading(parted: PdfReader) -> None:
    lines = [[line.strip() for line in page.extract_text().splitlines()] for page in parted.pages]
    contents = lines[1]
    assert contents.index("First part") < contents.index("Second part")
    parts = ("First part", "Second part")
    assert [page[page.index(part) + 1] for part in parts for page in lines[2:] if part in page] == ["1 One", "2 Two"]
    assert [entry.title for entry in parted.outline if not isinstance(entry, list)] == ["Summary", "1 One", "2 Two"]


def test_a_list_of_sources_names_them_without_their_addresses(parted: PdfReader) -> None:
    text = " ".join(" ".join(page.extract_text() for page in parted.pages).split())
    assert "Sources Report. Addresses Report (https://example.org/report)." in text


def test_a_small_table_is_not_cut_by_the_end_of_a_page(parted: PdfReader) -> None:
    holding = [page.extract_text().count("Row ") for page in parted.pages]
    assert max(holding) == sum(holding) == 10


def sheet(project: Path, text: str) -> Path:
    """Return a project whose first chapter is to be one page, with so much text."""
    (project / "_quarto.yml").write_text(CONFIG.replace(", chapters/tables.qmd", ", chapters/two.qmd"))
    (project / "chapters").mkdir()
    picture = '![](a.svg){fig-alt="A line"}'
    front = "---\none-page-pdf: true\n---\n\n# Summary {.unnumbered}\n\n"
    (project / "index.qmd").write_text(f"{front}{text} See [two](chapters/two.qmd#sec-two).\n\n{picture}\n")
    (project / "chapters" / "two.qmd").write_text("# Two {#sec-two}\n\nWords.\n")
    (project / "a.svg").write_text(SVG)
    return project


def test_a_chapter_is_set_on_one_page_of_its_own_whose_picture_takes_what_room_is_left(tmp_path: Path) -> None:
    press.render(sheet(tmp_path, "Words."), {"pdf"})
    with pdfplumber.open(tmp_path / "_book" / "index.pdf") as opened:
        (page,) = opened.pages
        assert (round(page.width), round(page.height)) == (595, 842)
        assert "Words. See two." in page.extract_text()
        (line,) = page.lines
        assert line["height"] > 50  # of a line that is 30 pt high where nothing scales it
        assert page.hyperlinks == []


def test_a_chapter_that_takes_more_than_its_one_page_says_so_and_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(press.errors.PressError, match=r"index\.qmd: The chapter takes 2 pages, not one\. Shorten it"):
        press.render(sheet(tmp_path, "Words and words. " * 500), {"pdf"})
    assert not (tmp_path / "_book").exists()


LONG_NOTE = "It says which source was read and what was left out, at length. " * 3
NOTED = """# Tables with notes

```{{python}}
#| label: noted
from IPython.display import HTML, display

def noted(number):
    rows = "".join(f"<tr><td>Row {{number}}.{{row}}</td><td>{{row}}</td></tr>" for row in range(number))
    note = f'<tr class="gt_sourcenotes"><td colspan="2">Note {{number}} is long. {note}</td></tr>'
    head = "<thead><tr><th>Name</th><th>Count</th></tr></thead>"
    return HTML(f"<table>{{head}}<tbody>{{rows}}</tbody><tfoot>{{note}}</tfoot></table>")
```
"""


def test_a_note_is_on_the_page_of_the_last_row_however_long_its_table_is(tmp_path: Path) -> None:
    lengths = range(50, 64)  # around what a page holds
    options = "#| label: tbl-noted-{0}\n#| tbl-cap: A table.\nnoted({0})"
    cells = [f"{{{{< pagebreak >}}}}\n\n```{{python}}\n{options.format(number)}\n```\n" for number in lengths]
    (tmp_path / "_quarto.yml").write_text(CONFIG.replace("[index.qmd, chapters/tables.qmd]", "[index.qmd, one.qmd]"))
    (tmp_path / "index.qmd").write_text("# Summary {.unnumbered}\n\nWords.\n")
    (tmp_path / "one.qmd").write_text("\n".join([NOTED.format(note=LONG_NOTE), *cells]))
    texts = [page.extract_text() for page in PdfReader(press.render(tmp_path, {"pdf"}).pdf).pages]
    assert len(texts) > 10
    assert sum(text.count("Row ") for text in texts) == sum(lengths)
    for number in lengths:
        (page,) = [text for text in texts if f"Note {number}" in text]
        assert f"Row {number}.{number - 1}" in page
