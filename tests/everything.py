"""A book with one of everything that chapters use, in the settings of the project, on the results of the tiny one."""

from pathlib import Path

import yaml

INDEX = """# Summary {.unnumbered}

Of the pairs, {{< var pair_numbers.verdict.comparable.value >}} are comparable: see @tbl-pairs, @fig-growth,
@fig-both, @fig-drawn, @eq-mean, @sec-numbers, @sec-words, @sec-words-quoted, @sec-methods and [-@tbl-made].[^1]
Grimm compiled them [@grimm2024diaphanous].

[^1]: A note, whose number leads back.

![What stands before the first number.](figures/growth.svg){#fig-before fig-alt="Dots that rise."}

@fig-before has no chapter's number.
"""

NUMBERS = """---
jupyter: python3
inputs:
  - results/tables/provider_pairs.csv
  - results/tables/agreement_pairs.csv
  - figures/growth.svg
  - config/config.yaml
---

# Numbers {#sec-numbers}

```{python}
#| label: numbers-setup
#| include: false
%load_ext countback.io.r
import yaml
from IPython.display import SVG
from countback.text.display import display_table
from countback.io.r import for_r
from countback.io.tables import read_table

listed = read_table("results/tables/provider_pairs.csv")
pairs = for_r(listed[listed["is_comparable"]])
with open("config/config.yaml") as file:
    tolerance = yaml.safe_load(file)["concentration"]["tolerance"]
```

```{python}
#| label: numbers-differences
%%R -i pairs -o differences
for (name in "agreement") source(file.path("workflow", "R", paste0(name, ".R")))
differences <- agreement_pairs(pairs)
```

```{python}
#| label: tbl-pairs
#| tbl-cap: "The {{< var pair_numbers.verdict.comparable.value >}} comparable pairs. Shaded: [far]{.literal} apart."
display_table(
    differences, "results/tables/agreement_pairs.csv",
    ["year", "provider_reports", "ncmec_reports", "difference", "relative_difference"],
    groups="provider", highlight=differences["difference"] > 0, signed=["difference"],
    spanners={"Reports": ["provider_reports", "ncmec_reports"], "Apart": ["difference", "relative_difference"]},
    note="Source: made up. *Nobody* counted them.",
)
```

::: {#fig-drawn}

```{python}
#| label: numbers-drawn
#| echo: false
#| fig-alt: "A figure that a cell shows."
SVG(filename="figures/growth.svg")
```

A figure that a cell shows, with a caption of its own.
:::

Of the configuration:

```{python}
#| label: numbers-printed
#| output: asis
#| echo: false
print(f"- **Tolerance**: {tolerance}\\n- `code` and $x^2$")
```

![Made up. Data: [figures/growth.csv](../figures/growth.csv).](../figures/growth.svg){#fig-growth fig-alt="Dots."}

## A mean {#sec-numbers-mean}

The mean is that of @eq-mean, set in $a + b$ by @grimm2024diaphanous.

$$
m = \\frac{a + b}{2}
$$ {#eq-mean alt="m equals the half of a plus b"}

::: {.content-visible when-format="typst"}
This sentence is said in print alone.
:::

::: {.content-visible when-format="html"}

This sentence is said on pages alone.

:::: {.panel-tabset}

### By year

Years.

### By provider

Providers, as in @tbl-made.

::::

::: {.explorer map="../figures/world_map.js"}
The map that stands here is drawn by a script.
:::

:::
"""

WORDS = """# Words {#sec-words}

::: {.callout-note title="What is asked"}
Whether the counts agree: @sec-numbers-mean.
:::

::: {#fig-both layout-ncol=2}

![Before](../figures/growth.svg){#fig-left fig-alt="Dots, early."}

![After](../figures/growth.svg){#fig-right fig-alt="Dots, late."}

Two panels, of which @fig-right is the later.
:::

::: {.chart}
![](../figures/growth.svg){fig-alt="Dots, once more."}

The same years, without a number. Data: [figures/growth.csv](../figures/growth.csv).
:::

Report
: What a provider sends, [in German]{lang=en} *Meldung*.

Piece
: A file of it, for `results/values.json`.

## Quoted {#sec-words-quoted}

> Said by somebody, see [the numbers](numbers.qmd#sec-numbers-mean) and [elsewhere](https://example.org/a).

| Word | Count |
|:-----|------:|
| one  | 1,234 |
| a/path/to/results_of_a_long_name.csv | 2 |

: A table of markdown. {#tbl-made}
"""

METHODS = """# Methods {#sec-methods}

## Choices {#sec-methods-choices}

![In an appendix.](../figures/growth.svg){#fig-appendix fig-alt="Dots."}

@fig-appendix and @sec-methods-choices have letters.
"""

CHAPTERS = {"chapters/numbers.qmd": NUMBERS, "chapters/words.qmd": WORDS, "chapters/methods.qmd": METHODS}


def write_everything(project: Path) -> Path:
    """Replace the book of a tiny project by one that has one of everything."""
    settings = yaml.safe_load((project / "_quarto.yml").read_text())
    part = {"part": "Findings", "chapters": ["chapters/numbers.qmd", "chapters/words.qmd"]}
    settings["book"] |= {"chapters": ["index.qmd", part, "references.qmd"], "appendices": ["chapters/methods.qmd"]}
    (project / "_quarto.yml").write_text(yaml.safe_dump(settings))
    (project / "chapters" / "only.qmd").unlink()
    configuration = project / "config" / "config.yaml"
    configuration.write_text(configuration.read_text().replace("renderer: press", "renderer: auto"))
    for name, text in ({"index.qmd": INDEX} | CHAPTERS).items():
        (project / name).write_text(text)
    return project
