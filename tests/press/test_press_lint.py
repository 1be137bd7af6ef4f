"""The check of chapters: what stands outside the subset, and what a reader would miss."""

from pathlib import Path

import pytest

from press.__main__ import main
from press.book import Entry, load_book
from press.cells import read_chapter
from press.lint import literal_counts

CONFIG = "project: {type: book}\nbook:\n  title: Book\n  chapters:\n    - index.qmd\n"
CELL = "```{{python}}\n{}\nshow()\n```\n"


def said(project: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the check says of a book of one chapter; no cell of it could run."""
    (project / "_quarto.yml").write_text(CONFIG)
    (project / "index.qmd").write_text(text)
    status = main(["--project", str(project), "--check"])
    out, err = capsys.readouterr()
    assert status == (1 if err else 0)
    assert not (project / "_book").exists()
    return err or out


def counts(project: Path, text: str) -> list[tuple[int | None, str]]:
    (project / "_quarto.yml").write_text(CONFIG)
    (project / "index.qmd").write_text(text)
    document = read_chapter(load_book(project, needs_variables=False), Entry("index.qmd"))
    faults = literal_counts(document)
    return [(fault.line, fault.found.removeprefix("The count ").removesuffix(" is typed.")) for fault in faults]


def test_a_chapter_within_the_subset_passes_without_its_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = CELL.format('#| label: tbl-a\n#| tbl-cap: "Pairs."')
    figure = '![A plot.](figures/not_drawn.svg){#fig-a fig-alt="Dots that rise."}\n'
    text = f"# T {{#sec-t}}\n\nOf {{{{< var a.n >}}}} pairs, see @tbl-a and @fig-a.\n\n{table}\n{figure}"
    assert said(tmp_path, text, capsys) == "1 chapters are within the subset\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("See @tbl-x.\n", "index.qmd:3: The reference @tbl-x leads nowhere. Label"),
        (
            CELL.format("#| label: fig-a\n#| fig-cap: A plot."),
            "index.qmd:3: The figure fig-a has no alternative text. Add",
        ),
        (CELL.format('#| label: tbl-a\n#| tbl-alt: "x"'), "index.qmd:5: The option tbl-alt is not known."),
        (CELL.format("#| label: tbl-a"), "index.qmd:3: The cell tbl-a has no caption. Add `#| tbl-cap:`"),
        (CELL.format("x = 1"), "index.qmd:3: The cell has no label. Add `#| label:`."),
        ("![](a.svg)\n", "index.qmd:3: The image a.svg has no alternative text. Give"),
        ("[Text]{.aside}\n", "index.qmd:3: The class aside is not supported. Take it out"),
        ("They made 12 reports.\n", "index.qmd:3: The count 12 is typed. Write {{< var ... >}}"),
        ("It is `{r} x`.\n", "index.qmd:3: Inline code is not run. Write {{< var ... >}}."),
        ("::: {.callout-note}\nText\n", "index.qmd:3: The block is not closed. Close it"),
    ],
)
def test_what_a_reader_would_miss_is_named_with_file_line_and_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, fault: str
) -> None:
    assert said(tmp_path, f"# T\n\n{text}", capsys).startswith(fault)


def test_all_faults_are_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(tmp_path, "# T\n\nSee @tbl-x.\n\nAbout 5 of @fig-y.\n", capsys).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["index.qmd:3", "index.qmd:5", "index.qmd:5"]


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("They made 12 reports.", "12"),
        ("About 3.5% of all.", "3.5%"),
        ("A 5-fold rise.", "5-fold"),
        ("In May, 9 of them.", "9"),
        ("They made 1900 reports.", "1900 reports"),
        ("In 2023, NCMEC sent 2041 of the notices.", "2041 of the notices"),
        ("About 2019 comparable pairs.", "2019 comparable pairs"),
        ("More than 1900 came.", "More than 1900"),
        ("It was 1999 million.", "1999 million"),
        ("Of the nineteen\npairs, most are equal.", "nineteen pairs"),
        ("Twelve of these pairs differ.", "Twelve of these pairs"),
        ("Hundreds of large files.", "Hundreds of large files"),
        ("By one percent, by twenty-five percent.", "one percent"),
    ],
)
def test_a_typed_count_is_found(tmp_path: Path, line: str, count: str) -> None:
    assert (3, count) in counts(tmp_path, f"# Title\n\n{line}\n")


@pytest.mark.parametrize(
    "text",
    [
        '![A plot.](a.svg){#fig-a fig-alt="Nine small plots."}',
        "![Of 12 pairs.](a.svg){#fig-a}",
        '```{python}\n#| label: tbl-a\n#| tbl-cap: "The twelve pairs."\nshow()\n```',
        "```{python}\n#| label: fig-a\n#| fig-alt: >\n#|   Dots for\n#|   2019 reports.\nshow()\n```",
        '```{python}\n#| label: tbl-a\nshow(note="Ties, 5 of them, left out.")\n```',
        '::: {.callout-note title="Of 7 pairs"}\nText.\n:::',
    ],
)
def test_counts_in_captions_notes_titles_and_alternative_texts_are_found_too(tmp_path: Path, text: str) -> None:
    assert len(counts(tmp_path, f"# T\n\n{text}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "In 2023 H2 and the 1990s.",
        "In 2023, reports rose; the 2022 report says so.",
        "See @tbl-2a.",
        "A claim [@facts2030, p. 3; @more, pp. 11-13].",
        "A claim.[^12]",
        "Some {{< var a.y2023 >}} more.",
        "In 2023 {{< var a.y2023 >}} reports.",
        "The [95 percent]{.literal} interval.",
        "Within [five percent]{.literal} of [two providers]{.literal}.",
        "Two habits of providers, and one report.",
        "18 U.S.C. § 2258A",
        '![Reports since 1998.](a.svg){#fig-a width=80% fig-alt="A line from 1998 to 2023."}',
    ],
)
def test_years_values_references_and_law_may_hold_digits(tmp_path: Path, line: str) -> None:
    assert counts(tmp_path, f"# T\n\n{line}\n") == []
