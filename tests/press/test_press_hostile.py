"""Text of the data stays text in pages and in print, wherever it stands: no markup, no heading, no file is read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from pypdf import PdfReader
from small_book import page, pdf_text, write_book

import press

SECRET = "c0ntents0fafile"
TEXTS = [
    "== Planted",
    "= Planted",
    "=== ",
    "- planted",
    "+ planted",
    "/ term: planted",
    "12. planted",
    "1) planted",
    "# Planted",
    "> planted",
    "* planted",
    ": planted",
    "| a | b |",
    "| planted line",
    "---",
    "***",
    "~~~",
    "```{=html}",
    "```{=typst}",
    "::: {.planted}",
    "    planted",
    '#read("/secret.txt")',
    '#include "/secret.txt"',
    "#set page(width: 5pt)",
    "#panic()",
    "// planted",
    "/* planted",
    "*/ planted",
    "$1/0$",
    "$$ x",
    "\\begin{document}",
    "\\input{/secret.txt}",
    "<planted>",
    "@planted",
    "@fig-planted",
    "[@planted]",
    "[^planted]",
    "{{< include /secret.txt >}}",
    "{{< var nothing >}}",
    "<svg onload=alert(7)>",
    "<img src=x onerror=alert(7)>",
    "<a href=javascript:alert(7)>x</a>",
    "</td></tr></table><script>alert(7)</script>",
    "&#60;script&#62;alert(7)",
    "![x](javascript:alert(7))",
    "[x](javascript:alert(7))",
    "`r system('id')`",
    "`alert(7)`{=html}",
    "<!-- planted",
    "]]> planted",
    "\\u{3d} planted",
    "~planted~",
    "\"'`planted",
]
CHAPTER = """\
# One {{#sec-one}}

```{{python}}
#| label: tbl-hostile
#| tbl-cap: "Texts."
#| echo: false
import pandas as pd
from great_tables import GT
texts = {texts!r}
frame = pd.DataFrame({{"head": texts, "group": texts, "cell": texts}})
GT(frame, rowname_col="head", groupname_col="group").tab_source_note(texts[0]).cols_label(cell=texts[3])
```

```{{python}}
#| echo: false
print({texts!r}[0])
print({texts!r}[26])
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("hostile")
    texts = [text.replace("planted", f"planted{number}") for number, text in enumerate(TEXTS)]
    shown = "\n\n".join(f"{{{{< var a{number} >}}}}" for number in range(len(texts)))
    write_book(project, index=f"# Summary\n\n{shown}\n", chapters__one=CHAPTER.format(texts=texts))
    variables = {f"a{number}": text for number, text in enumerate(texts)} | {"agreement": {"bias": "12"}}
    (project / "_variables.yml").write_text(json.dumps(variables))
    (project / "secret.txt").write_text(SECRET)
    press.render(project)
    return project


def test_no_text_of_the_data_becomes_a_heading_of_the_pdf(book: Path) -> None:
    def titles(outline: list[Any]) -> Iterator[str]:
        for entry in outline:
            yield from titles(entry) if isinstance(entry, list) else [entry["/Title"]]

    assert not [title for title in titles(PdfReader(book / "_book" / "Small.pdf").outline) if "lanted" in title]


def test_no_text_of_the_data_becomes_an_element_of_a_page(book: Path) -> None:
    for name in ("index.html", "chapters/one.html"):
        root = lxml_html.fromstring(page(book, name))
        (text,) = root.xpath("//main")
        assert not text.xpath(".//svg | .//img | .//script[contains(., 'alert')] | .//planted")
        assert not text.xpath(".//*[self::h1 or self::h2 or self::h3 or self::li or self::dt][contains(., 'lanted')]")
        assert not root.xpath("//@*[starts-with(name(), 'on') or contains(., 'javascript:')]")


def test_every_text_of_the_data_stands_in_print_as_it_is(book: Path) -> None:
    printed = re.sub(r"\W+", "", pdf_text(book))
    for number, text in enumerate(TEXTS):
        if "planted" in text:
            assert printed.count(f"planted{number}") >= 3, text


def test_no_text_of_the_data_reads_a_file(book: Path) -> None:
    assert SECRET not in "".join([pdf_text(book), page(book, "index.html"), page(book, "chapters/one.html")])
