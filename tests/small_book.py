"""A small book for the tests of the press, and what its pages say."""

from pathlib import Path

from pypdf import PdfReader

CONFIG = """\
project:
  type: book
book:
  title: A <small> book
  author: Nobody
  date: 2026-01-31
  output-file: Small
  chapters:
    - index.qmd
    - part: Findings
      chapters: [chapters/one.qmd, chapters/two.qmd]
    - references.qmd
  appendices: [chapters/sources.qmd]
bibliography: references.bib
lang: en-US
"""

BIB = """\
@book{knuth1984, title = {The TeXbook}, author = {Knuth, Donald E.}, year = {1984}, publisher = {Addison-Wesley}}
"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><path d="M0 0L90 40" stroke="#000"/></svg>'

INDEX = """\
# Summary {.unnumbered}

The bias is {{< var agreement.bias >}}; see @fig-line, @sec-one, @sec-curves, @sec-sources and [-@tbl-cells].[^1]
Knuth said so [@knuth1984].

[^1]: A note.

![A figure here](figures/a.svg){#fig-here fig-alt="A line"}
"""

ONE = """\
---
jupyter: python3
inputs: data/*.csv
---

# One {#sec-one}

```{python}
#| label: tbl-cells
#| tbl-cap: "Values of {{< var agreement.bias >}}"
from pathlib import Path
from IPython.display import HTML
runs = Path("runs.txt")
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
HTML('<div id="random"><style>p{}</style><table id="t" class="gt_table">'
     '<thead><tr><th class="gt_right">Value</th></tr></thead><tbody><tr>'
     '<td class="gt_right" onclick="x()" style="background-color: #fdf3d6;">1,234</td></tr></tbody></table></div>')
```

## Text

```{python}
#| label: text
print("<script>alert(1)</script> *plain*", Path("data/a.csv").read_text())
```

::: {.callout-note title="A note"}
Inside.
:::

$$
a = b
$$ {#eq-first}

See @eq-first and [two](two.qmd#sec-curves).
"""

TWO = """\
# Two {#sec-two}

## Curves {#sec-curves}

![A line](../figures/a.svg){#fig-line fig-alt="It falls"}

| a | b |
|:--|--:|
| 1 | 2 |

: Small {#tbl-small}
"""


def write_book(project: Path, **changes: str) -> Path:
    """Write the small book; a chapter given by name replaces its own, with `__` for a slash."""
    files = {
        "_quarto.yml": CONFIG,
        "_variables.yml": 'agreement: {bias: "<b>12</b> *%*"}\n',
        "references.bib": BIB,
        "figures/a.svg": SVG,
        "data/a.csv": "77\n",
        "index.qmd": INDEX,
        "chapters/one.qmd": ONE,
        "chapters/two.qmd": TWO,
        "chapters/sources.qmd": "# Sources {#sec-sources}\n\n## Text\n\nSee @sec-sources and @tbl-small.\n",
        "references.qmd": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
    }
    files |= {name.replace("__", "/") + ".qmd": text for name, text in changes.items()}
    for name, text in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return project


def page(book: Path, name: str) -> str:
    return (book / "_book" / name).read_text(encoding="utf-8")


def pdf_text(book: Path) -> str:
    return " ".join(" ".join(leaf.extract_text() for leaf in PdfReader(book / "_book" / "Small.pdf").pages).split())
