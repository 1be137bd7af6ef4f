"""Every fault names its file and line, and says what to do."""

from pathlib import Path

import pytest

import press
from press.__main__ import main

CONFIG = "project: {type: book}\nbook:\n  title: Book\n  chapters:\n    - index.qmd\n"


def book(project: Path, text: str, config: str = CONFIG, **files: str) -> Path:
    (project / "_quarto.yml").write_text(config)
    (project / "index.qmd").write_text(text)
    for name, content in files.items():
        (project / f"{name}.qmd").write_text(content)
    return project


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# T\n\nSee @tbl-x.\n", r"index.qmd:3: The reference @tbl-x leads nowhere"),
        ("# T\n\nSee @sec-a.\n\n## A {#sec-a}\n", r"index.qmd:3: The heading @sec-a has no number"),
        ("# T\n\nSee [@who2020].\n", r"index.qmd:3: The citation @who2020 is in no bibliography"),
        ("# T\n\n## A {#sec-a}\n\n## B {#sec-a}\n", r"index.qmd:5: The label sec-a is taken"),
        ("# T\n\n![A](none.svg){#fig-a}\n", r"index.qmd:3: The file none.svg is missing"),
        ("# T\n\n::: {.callout-note}\nText\n", r"index.qmd:3: The block is not closed"),
        ("# T\n\nText\n\n:::\n", r"index.qmd:5: This closes a block that was never opened"),
        ("# T\n\n```{python}\nx = 1\n", r"index.qmd:3: The cell or code block is not closed"),
        ("---\ntitle: [a\n---\n", r"index.qmd:\d: The YAML can't be read"),
        ("# T\n\n{{< var a.b >}}\n", r"index.qmd:3: The variable a.b is not in _variables.yml"),
        ("# T\n\n{{< video x >}}\n", r"index.qmd:3: The shortcode .* is not known"),
        ("# T\n\n{{< include index.qmd >}}\n", r"index.qmd:3: index.qmd includes itself"),
        ("# T\n\n{{< include _no.qmd >}}\n", r"index.qmd:3: The included file _no.qmd is missing"),
        ("# T\n\n```{r}\n1\n```\n", r"index.qmd:3: A cell of r can't be run"),
        ("# T\n\n```{python}\n#| fig-width: 3\n1\n```\n", r"index.qmd:4: The option fig-width is not known"),
        ("# T\n\nIt is `{python} x`.\n", r"index.qmd:3: Inline code is not run"),
        ("# T\n\n::: {#fig-a}\n![](a.svg)\n:::\n", r"index.qmd:3: The block fig-a has no caption"),
        *(
            (
                f'# T\n\n::: {{#fig-a layout-ncol=2}}\n![A](a.svg){{#fig-b fig-alt="A"}}\n\n{other}\n\nTwo.\n:::\n',
                r"index.qmd:3: The block fig-a holds figures, and something that is none",
            )
            for other in ("Words.", '![B](a.svg){fig-alt="B"}', "| a |\n| - |\n| 1 |", "::: {.chart}\nWords.\n:::")
        ),
        ("# T\n\nSee [it](#nowhere).\n", r"index.qmd:3: The link to #nowhere leads nowhere"),
        ("No heading.\n", r"index.qmd:1: The chapter has no title"),
        ("# T\n\n<!--\n\n# Old\n\n-->\n\n# Second\n", r"index.qmd:9: A second heading of level 1"),
        ("# T\n\nSecond\n======\n", r"index.qmd:3: A second heading of level 1"),
        ("# T\n\n### Deep\n", r"index.qmd:3: The heading Deep skips a level."),
        ("## Deep\n\n# T\n", r"index.qmd:1: The heading Deep skips a level"),
        ("# T\n\n::: {.panel-sidebar}\nText\n:::\n", r"index.qmd:3: The class panel-sidebar is not supported"),
        ("# T\n\n::: column-margin\nText\n:::\n", r"index.qmd:3: The class column-margin is not supported"),
        ("# T\n\n[Text]{.aside}\n", r"index.qmd:3: The class aside is not supported"),
        (
            '# T\n\n::: {.callout-note collapse="true"}\nText\n:::\n',
            r"index.qmd:3: The attribute collapse is not supported",
        ),
        ('# T\n\n::: {.content-visible when-format="pdf"}\nText\n:::\n', r"index.qmd:3: The attribute when-format"),
        ("# T\n\n![A](a.svg){#fig-a fig-align=left}\n", r"index.qmd:3: The attribute fig-align is not supported"),
        ("# T\n\n![A](a.svg){#fig-a width=20vw}\n", r"index.qmd:3: The attribute width is not supported"),
        ("# T\n\n```{python .wide}\n1\n```\n", r"index.qmd:3: The fence .* Write options as lines `#| "),
        ("# T\n\n![](a.svg)\n", r"index.qmd:3: The image a.svg has no alternative text"),
        ("# T\n\n![A](data:image/png;base64,AAAA)\n", r"index.qmd:3: The image data:.* is no file of the project"),
        (
            "---\ninputs: no/*.csv\n---\n# T\n\n```{python}\n1\n```\n",
            r"index.qmd:2: The input no/\*.csv matches no file",
        ),
    ],
)
def test_a_fault_in_a_chapter_stops_the_render_at_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(press.PressError, match=said):
        press.render(book(tmp_path, text))
    assert not (tmp_path / "_book").exists()


def test_a_fault_in_an_included_file_is_placed_there(tmp_path: Path) -> None:
    project = book(tmp_path, "# T\n\n{{< include _part.qmd >}}\n", _part="Text\n\n{{< var no >}}\n")
    with pytest.raises(press.PressError, match=r"_part.qmd:3: "):
        press.render(project, {"html"})


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (
            "HTML('<p>a</p><img src=\"https://x.org/a.png\">')",
            "The HTML of the cell holds an image, https://x.org/a.png",
        ),
        ("HTML('<img src=\"data:image/png;base64,AAAA\">')", "The HTML of the cell holds an image, data:image/png"),
        ("HTML('<svg></svg>')", "The HTML of the cell holds an image, data:image/svg"),
        ("Markdown('# Second')", "A second heading of level 1"),
        ("Markdown('[a]{onclick=\"b\"}')", "The attribute onclick is not supported"),
        ("Markdown('![a](b.png)')", "The image b.png of a cell is no figure"),
    ],
)
def test_a_fault_in_what_a_cell_gives_is_placed_at_the_cell(tmp_path: Path, shown: str, said: str) -> None:
    cell = f"```{{python}}\nfrom IPython.display import HTML, Markdown\n{shown}\n```\n"
    with pytest.raises(press.PressError, match=f"index.qmd:[57]: {said}"):
        press.render(book(tmp_path, f"# T\n\nText\n\n{cell}"))


def test_a_language_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(press.PressError, match=r"_quarto.yml:6: The language english is none. Write"):
        press.render(book(tmp_path, "# T\n", CONFIG + "lang: english\n"))


def test_a_missing_chapter_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(press.PressError, match=r"_quarto.yml:6: The chapter gone.qmd is missing"):
        press.render(book(tmp_path, "# T\n", CONFIG + "    - gone.qmd\n"))


def test_a_failing_cell_names_its_line_and_label_and_ends_with_the_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = book(tmp_path, "# T\n\n```{python}\n#| label: broken\n1 / 0\n```\n")
    assert main(["--project", str(project), "--to", "html"]) == 1
    said = capsys.readouterr().err
    assert "index.qmd:3: The cell broken fails: ZeroDivisionError: division by zero" in said
    assert "1 / 0" in said
