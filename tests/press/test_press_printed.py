"""What cells print becomes part of the page, and nothing that they print becomes code."""

import re
import shutil
from pathlib import Path

import pytest
from lxml import html as lxml_html
from small_book import page, pdf_text, write_book

import press

PRINTED = """\
# One {#sec-one}

```{python}
#| fig-alt: "A line"
from IPython.display import SVG, Markdown, display
bad = '<b>x</b> `<i>y</i>`{=html} <span onclick="z()">w</span> [v](javascript:u) [t](https://t.org)\\n\\n'
display(Markdown(bad + "| *a* |\\n|---|\\n| 1 |"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0L9 9"/></svg>'))
```

```{python}
#| output: asis
print("*it* <b>s</b>")
```
"""


def test_markdown_of_cells_brings_no_markup_of_a_format(project: Path) -> None:
    press.render(write_book(project, index="# Summary\n", chapters__one=PRINTED))
    shown = re.sub(r"<details.*?</details>", "", page(project, "chapters/one.html"), flags=re.DOTALL)
    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert "<em>a</em>" in shown
    assert "<em>it</em> &lt;b&gt;s&lt;/b&gt;" in shown
    assert 'href="https://t.org"' in shown
    assert not re.search(r"<i>|<span onclick|href=.javascript|<b>", shown)


GROUPED = """\
# One {#sec-one}

```{python}
#| label: tbl-grouped
#| tbl-cap: "Counts."
import pandas as pd
from great_tables import GT
counts = pd.DataFrame({"year": ["1", "2", "3"], "of": ["Acme", "Acme", "Chat"], "n": [4, 5, 6]})
GT(counts, rowname_col="year", groupname_col="of").tab_spanner("All", ["n"]).tab_source_note("A note.")
```
"""


def test_grouped_tables_keep_every_row_and_the_heads_of_groups_and_rows(project: Path) -> None:
    press.render(write_book(project, index="# Summary\n", chapters__one=GROUPED))
    parts = (
        lxml_html.parse(project / "_book" / "chapters" / "one.html").getroot().xpath("//table/tbody | //table/tfoot")
    )
    rows = [
        [(cell.tag, cell.text_content().strip(), cell.get("scope")) for cell in part.iter("th", "td")] for part in parts
    ]
    assert rows == [
        [("th", "Acme", "colgroup"), ("th", "1", "row"), ("td", "4", None), ("th", "2", "row"), ("td", "5", None)],
        [("th", "Chat", "colgroup"), ("th", "3", "row"), ("td", "6", None)],
        [("td", "A note.", None)],
    ]
    assert re.search(r"All.*Acme.*1 4.*2 5.*Chat.*3 6.*A note", pdf_text(project))


FROM_DATA = {
    '<p><a href=" javascript:x">1</a></p>': "<p>1</p>",
    '<p><a href="data:text/html,x">a</a> <a href="/b">b</a> <a href="https://c.org">c</a></p>': (
        '<p>a b <a href="https://c.org">c</a></p>'
    ),
    '<p><a href="../results/a.csv" onclick="x()">a</a> <a href="../results/../b.csv">b</a></p>': (
        '<p><a href="../results/a.csv" download="">a</a> b</p>'
    ),
    "<p>2<script>c()</script><style>p{}</style></p>": "<p>2</p>",
    '<iframe src="//x.org"></iframe><form action="//x.org"><input></form><p>3</p>': "<p>3</p>",
    '<h2 id="main" onclick="x()">a</h2>': "<p><strong>a</strong></p>",
    '<span class="top gt_x" onclick="x()" style="position:fixed">a</span>': '<span class="gt_x">a</span>',
    "<p>&lt;script&gt;x&lt;/script&gt;</p>": "<p>&lt;script&gt;x&lt;/script&gt;</p>",
    "<table><tr><td style='background-color:#FFF;position:fixed; color : red'>a</td></tr></table>": (
        '<td style="background-color: #FFF; color: red;">a</td>'
    ),
    "<table><tr><td style='background-color:url(//x.org/a);width:rgb(url(x))' onclick='x()'>a</td></tr></table>": (
        "<td>a</td>"
    ),
}


def test_html_of_cells_keeps_plain_links_and_styles_alone(project: Path) -> None:
    shows = "\n".join(f"display(HTML({html!r}))" for html in FROM_DATA)
    head = "# One {#sec-one}\n\n```{python}\n#| echo: false\nfrom IPython.display import HTML, display\n"
    one = f"{head}{shows}\n```\n"
    (project / "results").mkdir(exist_ok=True)
    (project / "results" / "a.csv").write_text("a\n")
    press.render(write_book(project, index="# Summary\n", chapters__one=one), {"html"})
    assert (project / "_book" / "results" / "a.csv").read_text(encoding="utf-8-sig") == "a\n"
    shown = page(project, "chapters/one.html")
    for html, cleaned in FROM_DATA.items():
        assert cleaned in shown, html
    article = shown.split("<article>")[1].split("</article>")[0]
    assert not re.search(r"onclick|javascript:|<script|<style|<iframe|<form|<input|position|url\(|id=\"main", article)


def test_an_image_is_never_there_half_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:9])
        raise KeyboardInterrupt

    press.render(write_book(project, index="# Summary\n", chapters__one=PRINTED), {"html"})
    images = project / "results" / "press" / "images"
    shutil.rmtree(images)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "write_bytes", killed)
        press.render(project, {"html"})
    assert list(images.iterdir()) == []
