"""Panels: figures side by side, and tabs."""

import re
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

import press

CONFIG = """\
project: {type: book}
book:
  title: Book
  output-file: Book
  chapters: [index.qmd, one.qmd]
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><path d="M0 0L90 40" stroke="#000"/></svg>'
ONE = """\
# One {#sec-one}

See @fig-both, @fig-left and @fig-right.

::: {#fig-both layout-ncol=2}

![Falling](a.svg){#fig-left fig-alt="It falls"}

![](a.svg){#fig-right fig-alt="It falls as well"}

Two curves.
:::

![Alone](a.svg){#fig-alone fig-alt="A line"}

::: {layout-ncol=2}
Left.

Right.
:::

## Tabs {#sec-tabs}

::: {.panel-tabset}

## By *year*

Years.

## By provider

Providers.

:::

## After {#sec-after}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("book")
    for name, text in {"_quarto.yml": CONFIG, "index.qmd": "# Summary\n", "one.qmd": ONE, "a.svg": SVG}.items():
        (project / name).write_text(text)
    press.render(project)
    return project / "_book"


def test_figures_side_by_side_are_lettered_and_referred_to_by_letter(book: Path) -> None:
    page = html.parse(book / "one.html").getroot()
    references = [link.text_content().replace("\u00a0", " ") for link in page.cssselect("a.xref")]
    assert references == ["Figure 1.1", "Figure 1.1 (a)", "Figure 1.1 (b)"]
    panel = page.cssselect("figure#fig-both > .panel.columns-2")[0]
    captions = {figure.get("id"): figure.findtext(".//figcaption/span") for figure in panel.cssselect("figure.sub")}
    assert captions == {"fig-left": "(a)", "fig-right": "(b)"}
    alone = page.cssselect("#fig-alone figcaption")[0].text_content().replace("\u00a0", " ")
    assert alone.strip() == "Figure 1.2: Alone"


def test_tabs_are_no_sections(book: Path) -> None:
    page = html.parse(book / "one.html").getroot()
    tabs = page.cssselect(".panel-tabset > section.tab")
    assert [tab.cssselect("p.tab-title")[0].text_content().strip() for tab in tabs] == ["By year", "By provider"]
    assert [" ".join(tab.cssselect("p")[1].text_content().split()) for tab in tabs] == ["Years.", "Providers."]
    headings = [re.sub(r"#$", "", heading.text_content()) for heading in page.cssselect("article h2")]
    assert headings == ["1.1 Tabs", "1.2 After"]


def test_the_pdf_shows_all_of_a_panel(book: Path) -> None:
    reader = PdfReader(book / "Book.pdf")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "(a) Falling",
        "(b)",
        "Figure 1.1: Two curves",
        "By year",
        "Years.",
        "By provider",
        "Left.",
        "Right.",
    ):
        assert words in text, words
