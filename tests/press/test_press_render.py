"""A small book, rendered whole."""

import re
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from pypdf import PdfReader
from small_book import ONE, page, pdf_text, write_book

import press
from countback import look


def test_references_are_worded_and_linked_across_pages(book: Path) -> None:
    plain = page(book, "index.html").replace("\u00a0", " ")
    assert '<a href="chapters/two.html#fig-line" class="xref">Figure 2.1</a>' in plain
    for worded in (
        ">Chapter 1<",
        ">Section 2.1<",
        ">Appendix A<",
        'href="chapters/one.html#tbl-cells" class="xref">1.1<',
    ):
        assert worded in plain
    assert 'href="../chapters/two.html#sec-curves">two<' in page(book, "chapters/one.html")


def test_numbers_are_the_same_in_the_pages_and_in_the_pdf(book: Path) -> None:
    text = pdf_text(book)
    for words in ("Figure 2.1: A line", "Table 1.1: Values of", "Table 2.1: Small", "Figure 1: A figure here", "(1.1)"):
        assert words in text
        pages = " ".join(
            page(book, path.relative_to(book / "_book").as_posix()) for path in (book / "_book").rglob("*.html")
        )
        assert words in re.sub(r"<[^>]+>", "", pages).replace("\u00a0", " ")


def test_values_and_text_outputs_never_become_markup(book: Path) -> None:
    assert "&lt;b&gt;12&lt;/b&gt; *%*" in page(book, "index.html")
    one = page(book, "chapters/one.html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *plain*" in one
    shown = re.sub(r"<(details|pre).*?</\1>", "", one, flags=re.DOTALL)
    assert "onclick" not in shown
    assert "alert" not in shown


def test_tables_of_cells_keep_alignment_and_fill_and_lose_their_style_sheet(book: Path) -> None:
    one = page(book, "chapters/one.html")
    assert '<td class="gt_right" style="background-color: #fdf3d6;">1,234</td>' in one
    assert 'id="random"' not in one
    assert "<style>" not in one
    assert "1,234" in pdf_text(book)


def test_pages_name_language_title_and_policy_and_ask_for_nothing_from_outside(book: Path) -> None:
    index = page(book, "index.html")
    assert '<html lang="en-US">' in index
    assert "<title>A &lt;small&gt; book</title>" in index
    assert "Content-Security-Policy" in index
    for path in (book / "_book").rglob("*.html"):
        assert not re.search(r'(src|href)="(https?:)?//', path.read_text(encoding="utf-8"))


def test_every_link_and_image_of_the_pages_leads_somewhere(book: Path) -> None:
    for path in (book / "_book").rglob("*.html"):
        for target in re.findall(r'(?:src|href)="([^"]+)"', path.read_text(encoding="utf-8")):
            file, _, anchor = target.partition("#")
            if not file.startswith("data:"):
                to = (path.parent / file) if file else path
                assert to.exists(), target
                assert not anchor or f'id="{anchor}"' in to.read_text(encoding="utf-8"), target


def test_code_is_folded_in_the_pages_and_left_out_of_the_pdf(book: Path) -> None:
    assert "<summary>Code (Python)</summary>" in page(book, "chapters/one.html")
    assert "read_text" not in pdf_text(book)


def test_the_pdf_has_outline_language_title_and_tags(book: Path) -> None:
    reader = PdfReader(book / "_book" / "Small.pdf")
    catalog: Any = reader.root_object
    assert catalog["/Lang"] == "en-US"
    assert catalog["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "A <small> book"
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles == ["Summary", "1 One", "2 Two", "References", "Appendix A — Sources"]


def test_a_table_too_wide_for_a_page_gets_one_on_its_side(tmp_path: Path) -> None:
    row = "|" + " 12,345,678 |" * 14
    table = "\n".join([row, "|" + "--:|" * 14, row, "", ": Wide {#tbl-wide}", ""])
    project = write_book(tmp_path, chapters__one=f"# One {{#sec-one}}\n\n{table}\n", index="# Summary\n")
    press.render(project, {"pdf"})
    boxes = [leaf.mediabox for leaf in PdfReader(project / "_book" / "Small.pdf").pages]
    assert sum(box.width > box.height for box in boxes) == 1


def test_citations_lead_to_one_bibliography_in_both(book: Path) -> None:
    assert 'href="references.html#ref-knuth1984"' in page(book, "index.html")
    assert "The TeXbook" in page(book, "references.html")
    assert "The TeXbook" in pdf_text(book)


def test_two_renders_give_the_same_bytes_and_prose_alone_runs_no_cell(project: Path) -> None:
    press.render(project)
    first = {path: path.read_bytes() for path in sorted((project / "_book").rglob("*")) if path.is_file()}
    press.render(project)
    assert {path: path.read_bytes() for path in sorted((project / "_book").rglob("*")) if path.is_file()} == first
    write_book(project, chapters__one=ONE.replace("Inside.", "Inside, {{< var agreement.bias >}}."))
    press.render(project)
    assert (project / "runs.txt").read_text() == "x"
    assert 'Inside, <span class="value" data-of="agreement.bias">&lt;b&gt;' in page(project, "chapters/one.html")


def test_changed_inputs_run_the_chapter_again(project: Path) -> None:
    press.render(project, {"html"})
    (project / "data" / "a.csv").write_text("78\n")
    press.render(project, {"html"})
    assert (project / "runs.txt").read_text() == "xx"
    assert "78" in page(project, "chapters/one.html")


def test_a_failed_render_leaves_the_old_book_untouched(project: Path) -> None:
    press.render(project, {"html"})
    before = page(project, "index.html")
    write_book(project, index="# Summary {.unnumbered}\n\nSee @fig-none.\n")
    with pytest.raises(press.PressError, match=r"index\.qmd:3: .*@fig-none"):
        press.render(project, {"html"})
    assert page(project, "index.html") == before


def test_a_book_that_a_killed_render_left_under_another_name_is_taken_back(project: Path) -> None:
    press.render(project)
    (project / "_book").rename(project / "_book.old")
    press.render(project, {"html"})
    assert (project / "_book" / "Small.pdf").is_file()
    assert list((project / "results").rglob("*.part")) == []


def test_no_figure_stands_above_its_chapters_title(project: Path) -> None:
    figure = '![A line](../figures/a.svg){#fig-line fig-alt="It falls" width=400px}'
    two = f"# Two {{#sec-two}}\n\nFirst.\n\n{figure}\n\n## Curves {{#sec-curves}}\n"
    index = "# Summary {.unnumbered}\n"
    press.render(
        write_book(project, index=index, chapters__two=two, chapters__sources="# Sources {#sec-sources}\n"), {"pdf"}
    )
    with pdfplumber.open(project / "_book" / "Small.pdf") as pdf:
        leaves = [{word["text"]: word["top"] for word in leaf.extract_words()} for leaf in pdf.pages]
    tops = next(leaf for leaf in leaves if "2.1:" in leaf)
    assert tops["Two"] < tops["2.1:"]


def rgb(value: str) -> list[float]:
    """Return a computed color from 0 to 1."""
    return [float(part) / (255 if value.startswith("rgb") else 1) for part in re.findall(r"[\d.]+", value)[:3]]


def contrast(one: list[float], other: list[float]) -> float:
    """Return the contrast of two colors by WCAG 2."""
    linear = [[c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color] for color in (one, other)]
    high, low = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in linear), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.browser
def test_highlighted_cells_are_dark_in_the_dark_and_anchors_stand_under_the_header(
    project: Path, chromium: Any
) -> None:
    tall = ONE.replace("#fdf3d6", look.color("highlight")).replace("Inside.", "Inside.\n\n" * 99)
    press.render(write_book(project, chapters__one=tall), {"html"})
    read = """[...document.querySelectorAll("body, td[style]")].map(
        (e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color])"""
    where = "['.top', '#tbl-cells'].map((x) => document.querySelector(x).getBoundingClientRect().top)"
    tab = chromium.new_page(color_scheme="dark", reduced_motion="reduce")
    tab.goto((project / "_book" / "chapters" / "one.html").as_uri() + "#tbl-cells")
    (paper, _), (fill, text) = [[rgb(value) for value in pair] for pair in tab.evaluate(read)]
    header, table = tab.evaluate(where)
    tab.context.close()
    assert contrast(fill, text) > 7
    assert 1.1 < contrast(fill, paper) < 3
    assert header == 0
    assert 60 < table < 100


def test_variables_of_the_prose_keep_their_names_in_pages_and_not_in_attributes(project: Path) -> None:
    name = "{{< var agreement.bias >}}"
    text = f'The bias is {name}.\n\n![Of {name}](../figures/a.svg){{#fig-own fig-alt="It is {name}."}}\n\nSee @fig-own.'
    write_book(project, chapters__one=ONE.replace("Inside.", text))
    press.render(project, {"html"})
    one = page(project, "chapters/one.html")
    # the prose, the caption, and the caption of a table that the chapter has
    assert one.count('<span class="value" data-of="agreement.bias">') == 3
    assert "&quot;12" not in one and "value" not in one.partition('alt="It is ')[2].partition('"')[0]


def test_faces_that_the_build_has_cut_are_taken_and_none_are_cut_again(project: Path) -> None:
    made = project / "results" / "look"
    sheet = look.font_faces(made / "fonts")
    (made / "quarto.css").write_text(sheet)
    press.render(project, {"html"})
    assert not (project / "results" / "press" / "faces").exists()
    named = {file.name for file in (project / "_book" / "assets" / "fonts").iterdir()}
    assert named == {file.name for file in (made / "fonts").iterdir()} != set()
    assert (project / "_book" / "assets" / "book.css").read_text().startswith(sheet)
