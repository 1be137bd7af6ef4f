"""What chapters read and show is found in them."""

import pytest

from countback.io.chapters import Chapter, book_chapters
from countback.io.errors import ConfigError

TEXT = """---
jupyter: python3
inputs:
  - results/tables/a.csv
  - data/parts/*.json
---

# One

[data](../results/tables/b.csv), ![Line](../figures/f.svg){#fig-f}, [two](two.qmd#x), [out](https://example.org/a.csv)

::: {.explorer map="../figures/map.js"}
:::

```{python}
#| label: one
read_table("results/tables/a.csv")
```
"""


def chapter(folder, text, path="chapters/one.qmd"):
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    return Chapter(folder, path)


def test_inputs_are_those_declared_with_patterns_resolved(tmp_path):
    for name in ("data/parts/x.json", "data/parts/y.json", "data/parts/z.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert chapter(tmp_path, TEXT).inputs == ["data/parts/x.json", "data/parts/y.json", "results/tables/a.csv"]
    assert chapter(tmp_path, "# Prose alone\n").inputs == []


def test_files_that_the_text_places_or_links_to_are_shown_and_other_chapters_and_addresses_are_not(tmp_path):
    assert chapter(tmp_path, TEXT).shown == ["figures/f.svg", "figures/map.js", "results/tables/b.csv"]
    assert chapter(tmp_path, "[a](figures/a.csv)", "index.qmd").shown == ["figures/a.csv"]


def test_a_cell_may_read_what_is_declared_alone(tmp_path):
    assert list(chapter(tmp_path, TEXT).undeclared()) == []
    undeclared = TEXT.replace('read_table("results/tables/a.csv")', "x\nread_table('results/tables/c.csv')")
    (fault,) = chapter(tmp_path, undeclared).undeclared()
    assert str(fault) == (
        "chapters/one.qmd, line 18: the cell reads results/tables/c.csv, not declared. "
        "Add a line `- results/tables/c.csv` under `inputs:` in its front matter."
    )
    (fault,) = chapter(tmp_path, TEXT.replace('"results/tables/a.csv"', 'f"results/tables/{name}.csv"')).undeclared()
    assert "line 17: the path results/tables/{name}.csv is put together" in str(fault)
    assert list(chapter(tmp_path, TEXT.replace("results/tables/a.csv", "data/parts/x.json")).undeclared()) == []


@pytest.mark.parametrize("front", ["inputs: [", "- a", "inputs: {a: [}"])
def test_a_front_matter_that_cannot_be_read_names_the_chapter(tmp_path, front):
    with pytest.raises(ConfigError, match=r"^chapters/one\.qmd: the front matter"):
        _ = chapter(tmp_path, f"---\n{front}\n---\n").declared


def test_a_book_lists_its_chapters_those_of_parts_and_its_appendices_in_order(tmp_path):
    for name in ("index.qmd", "chapters/one.qmd", "chapters/two.qmd"):
        chapter(tmp_path, "# Title\n", name)
    (tmp_path / "_quarto.yml").write_text(
        "book: {chapters: [index.qmd, {part: A, chapters: [chapters/two.qmd]}], appendices: [chapters/one.qmd]}\n"
    )
    assert [one.path for one in book_chapters(tmp_path)] == ["index.qmd", "chapters/two.qmd", "chapters/one.qmd"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [("book: {chapters: [gone.qmd]}", "the chapter gone.qmd is missing"), ("book: [", "_quarto.yml"), ("a: 1", "book")],
)
def test_a_book_that_cannot_be_read_says_so(tmp_path, settings, message):
    (tmp_path / "_quarto.yml").write_text(settings)
    with pytest.raises(ConfigError, match=message):
        book_chapters(tmp_path)
