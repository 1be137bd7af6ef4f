"""Rare input: names with spaces, a reference that opens a paragraph, percent signs in formulas, other scripts."""

import shutil

import pytest
from lxml import html
from pypdf import PdfReader
from small_book import page, pdf_text, write_book

import press
from press.errors import PressError

TWO = """\
# Two {#sec-two}

## Curves {#sec-curves}

![A line](../figures/a b.svg){#fig-line fig-alt="It falls"}

(@fig-line) stands first. Its data are in [data/a.csv](../data/a.csv).

A share of $12.5\\%$ is written so.

LAST

| a | b |
|:--|--:|
| 1 | 2 |

: Small {#tbl-small}
"""


def with_last(project, last):
    write_book(project, chapters__two=TWO.replace("LAST", last))
    shutil.copy(project / "figures" / "a.svg", project / "figures" / "a b.svg")
    return project


def test_a_name_with_a_space_a_first_reference_and_a_percent_come_out_in_both_formats(project):
    press.render(with_last(project, "Ελληνικά, кириллица, العربية."))
    body = html.fromstring(page(project, "chapters/two.html"))
    assert body.xpath("//article//img/@src") == ["../figures/a%20b.svg"]
    assert (project / "_book" / "figures" / "a b.svg").is_file()
    assert (
        body.xpath("//p[a[@href='#fig-line']]")[0].text_content()
        == "(Figure\u00a02.1) stands first. Its data are in data/a.csv."
    )
    assert "12.5%" in "".join(body.xpath("//math[annotation or .//annotation]//mn/text() | //math//mi/text()"))
    leaves = PdfReader(project / "_book" / "Small.pdf").pages
    notes = [note.get_object() for leaf in leaves for note in leaf.get("/Annots", [])]
    assert not [note for note in notes if "/URI" in note.get("/A", {})], "a book without an address has no link to data"
    printed = pdf_text(project)
    for text in ("(Figure 2.1) stands first.", "12.5%", "Ελληνικά, кириллица"):
        assert text in printed


def test_a_percent_sign_that_tex_takes_for_a_comment_is_refused_with_its_line(project):
    with pytest.raises(PressError, match=r"^chapters/two.qmd:11: The formula a = 12.5% \+ b has a % without") as fault:
        press.render(with_last(project, "So $a = 12.5% + b$."))
    assert str(fault.value).endswith("Write `\\%`.")


def test_signs_that_no_typeface_has_are_refused_and_not_printed_as_boxes(project):
    with pytest.raises(PressError, match=r"^chapters/two.qmd:11: No typeface of the PDF has 日, 本, 語\. "):
        press.render(with_last(project, "[日本語]{lang=ja}"))
