"""Sections that cells print, and rows of tables, have addresses: a page leads to them, and the search finds them."""

import json
from pathlib import Path

import pytest
from lxml import html as lxml_html
from small_book import TWO, page, pdf_text, write_book

import press
from press.errors import PressError

PRINTED = '''\
# One {#sec-one}

## All

```{python}
#| output: asis
#| echo: false
print("""### Acme {#provider-acme}

It agrees.

![](../figures/a.svg){fig-alt="Two lines that meet"}

| Year | Reports |
|:--|--:|
| 2031 | 1,234 |

Row of [Chat](two.qmd#provider-chat), [a page](https://t.org).

[Mute]{#provider-mute}

:   It says *nothing*.
""")
```
'''

ROWS = '''\
# Two {#sec-two}

## Curves {#sec-curves}

![A line](../figures/a.svg){{#fig-line fig-alt="It falls"}}

| a | b |
|:--|--:|
| 1 | 2 |

: Small {{#tbl-small}}

```{{python}}
#| echo: false
from IPython.display import HTML
HTML("""<table><thead><tr><th rowspan="2">Name</th><th colspan="2">Reports</th></tr><tr><th>2031</th><th>2032</th></tr>
</thead><tbody><tr><td>
<span id="{address}" data-also="Tattle; TAT">Chat</span> (also Talk)</td><td>7</td><td>–</td></tr>
<tr><td><span id="provider-acme-row"><a href="one.qmd#provider-acme">Acme</a></span></td><td>8</td><td>9</td></tr>
<tr><td><span id="main">Mute</span></td><td>1</td><td>2</td></tr></tbody></table>""")
```
'''


def sections(project: Path) -> dict[str, dict[str, str]]:
    text = (project / "_book" / "assets" / "search.js").read_text()
    return {one["href"]: one for one in json.loads(text.partition(" = ")[2].rstrip(";\n"))}


def write(project: Path, address: str = "provider-chat", printed: str = PRINTED) -> Path:
    rows = ROWS.replace("{address}", address).replace("{{", "{").replace("}}", "}")
    return write_book(project, index="# Summary\n\n@tbl-small\n", chapters__one=printed, chapters__two=rows)


def test_a_section_that_a_cell_prints_has_its_heading_table_picture_and_links(project: Path) -> None:
    press.render(write(project))
    root = lxml_html.fromstring(page(project, "chapters/one.html"))
    assert root.xpath("string(//h3[@id='provider-acme'])").startswith("1.1.1 Acme")
    assert root.xpath("//img/@src") == ["../figures/a.svg"]
    assert root.xpath("//article//td/text()") == ["2031", "1,234"]
    assert root.xpath("//article/p/a/@href") == ["../chapters/two.html#provider-chat", "https://t.org"]
    assert (project / "_book" / "figures" / "a.svg").exists()
    assert "It agrees." in pdf_text(project)


def test_a_row_with_an_address_is_an_entry_of_the_search_unless_it_leads_to_a_section(project: Path) -> None:
    press.render(write(project), {"html"})
    found = sections(project)
    row = found["chapters/two.html#provider-chat"]
    assert (row["title"], row["text"], row["page"]) == ("Chat", "(also Talk); Reports 2031: 7", "Two")
    assert row["also"] == "Tattle; TAT"
    assert "chapters/two.html#provider-acme-row" not in found
    assert found["chapters/one.html#provider-mute"]["text"] == "It says nothing."
    assert "It agrees." in found["chapters/one.html#provider-acme"]["text"]
    root = lxml_html.fromstring(page(project, "chapters/two.html"))
    assert "Tattle" not in page(project, "chapters/two.html")
    assert root.xpath("//td//*[@id]/@id") == ["provider-chat", "provider-acme-row"]


def test_an_address_is_unique_in_the_whole_book(project: Path) -> None:
    with pytest.raises(PressError, match="The label provider-acme is taken"):
        press.render(write(project, address="provider-acme"), {"html"})


@pytest.mark.parametrize("source", ["../data/a.svg", "../figures/../data/a.svg", "https://t.org/a.svg"])
def test_a_cell_places_no_picture_but_figures(project: Path, source: str) -> None:
    printed = PRINTED.replace("../figures/a.svg", source)
    with pytest.raises(PressError, match="of a cell is no figure"):
        press.render(write(project, printed=printed), {"html"})


def test_a_chart_has_words_below_it_and_takes_no_number_in_either_format(project):
    words = "Counts of *Acme*. Data: [a](../data/a.csv)."
    chart = f'::: {{.chart}}\n![](../figures/a.svg){{fig-alt="Two lines"}}\n\n{words}\n:::\n\n'
    write_book(project, chapters__two=TWO.replace("![A line]", f"{chart}![A line]"))
    press.render(project)
    body = lxml_html.fromstring(page(project, "chapters/two.html"))
    (figure,) = body.xpath("//figure[@class='chart']")
    assert figure.xpath(".//img/@alt") == ["Two lines"]
    assert figure.xpath("./figcaption")[0].text_content().strip() == "Counts of Acme. Data: a."
    assert body.xpath("//figure[@id='fig-line']/figcaption")[0].text_content().strip().startswith("Figure\u00a02.1:")
    assert "Counts of Acme. Data: a." in pdf_text(project)
