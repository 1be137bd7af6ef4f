"""Panels: figures side by side, and tabs."""

from pathlib import Path
from typing import Any

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


def text_of(element: Any) -> str:
    return " ".join(element.text_content().replace("\u00a0", " ").split())


def test_figures_side_by_side_are_lettered_and_referred_to_by_letter(book: Path) -> None:
    page = html.parse(book / "one.html").getroot()
    references = [text_of(link) for link in page.xpath("//a[@class='xref']")]
    assert references == ["Figure 1.1", "Figure 1.1 (a)", "Figure 1.1 (b)"]
    figures = page.xpath("//figure[@id='fig-both']/div[@class='panel columns-2']/figure[@class='sub']")
    captions = {figure.get("id"): text_of(figure.find("figcaption")) for figure in figures}
    assert captions == {"fig-left": "(a) Falling", "fig-right": "(b)"}
    assert text_of(page.xpath("//figure[@id='fig-alone']/figcaption")[0]) == "Figure 1.2: Alone"


def test_tabs_are_no_sections(book: Path) -> None:
    page = html.parse(book / "one.html").getroot()
    tabs = page.xpath("//div[@class='panel-tabset']/section[@class='tab']")
    assert [text_of(tab) for tab in tabs] == ["By year Years.", "By provider Providers."]
    assert [text_of(tab.find("p[@class='tab-title']")) for tab in tabs] == ["By year", "By provider"]
    headings = [text_of(heading).removesuffix("#") for heading in page.xpath("//article/h2")]
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
