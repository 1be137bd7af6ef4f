"""What cells give is put where Quarto keeps it as Quarto writes it, and what is not known is left to Quarto."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from press.book import load_book
from press.cells import read_chapter
from press.errors import PressError
from scripts.report import quarto_cells, quarto_postrender
from scripts.report.quarto_cells import entry_file, fill, formats, is_known

BOOK = """project: {type: book, execute-dir: project}
book: {title: Title, author: Ada, chapters: [index.qmd, chapters/growth.qmd, chapters/plain.qmd]}
execute: {freeze: auto, daemon: false, warning: false}
format:
  html: {code-fold: true}
  typst: {echo: false}
"""
HEAD = "---\njupyter: python3\ninputs: [years.csv]\n---\n\n# Growth {#sec-growth}\n"
TABLE = """
```{python}
#| label: tbl-years
#| tbl-cap: "Ada's {{< var years.n >}} years."

HTML(table)
```
"""
CHAPTER = f"""{HEAD}
```{{python}}
#| label: growth-setup
#| include: false
import sys
from IPython.display import HTML, Markdown, display
table = "<p>x</p><table><tr><td>1</td></tr></table>"
```
Text right below, with `code`.
{TABLE}


```{{python}}
#| label: mixed
display(HTML(table))
print("plain *text*")
print("a warning", file=sys.stderr)
Markdown("**bold**")
```

```{{python}}
#| label: tbl-two
#| tbl-cap: Two tables
#| echo: false
display(HTML(table))
display(HTML(table))
```

```{{python}}
#| label: parts
#| output: asis
print("### Part {{#part}}")
```

```{{python}}
#| label: one-part
#| output: asis
#| echo: false
Markdown("Words *here*.")
```

```{{python}}
#| label: silent
x = \"\"\"
  ````` no end
\"\"\"


```

```{{python}}
#| label: silent-too
#| echo: false
x = 1
```

```{{python}}
#| label: number
40 + 2
```

```python
no_cell = 1
```

The end.

"""
PLAIN = """---
jupyter: python3
execute:
  echo: false
---

# Plain

```{python}
#| label: shown
#| echo: true
print("é")
```
"""
KEPT = {
    "html": """---
jupyter: python3
inputs: [years.csv]
---

# Growth {#sec-growth}

::: {#tbl-years .cell tbl-cap='Ada\\'s {{< var years.n >}} years.' execution_count=1}
``` {.python .cell-code}
HTML(table)
```

::: {.cell-output .cell-output-display execution_count=1}
```{=html}
<table></table>
```
:::
:::


""",
    "typ": """---
jupyter: python3
inputs: [years.csv]
---

# Growth {#sec-growth}

::: {#tbl-years .cell tbl-cap='Ada\\'s {{< var years.n >}} years.' execution_count=1}

::: {.cell-output .cell-output-display execution_count=1}
```{=html}
<table></table>
```
:::
:::


""",
}
GIVEN = {"data": {"text/html": "<table></table>", "text/plain": "HTML"}, "metadata": {}, "is_result": True}


def write_project(folder, growth=HEAD + TABLE, book=BOOK):
    (folder / "chapters").mkdir()
    files = {"_quarto.yml": book, "index.qmd": "# Summary\n", "years.csv": "", "_variables.yml": "years: {n: 7}\n"}
    for name, text in {**files, "chapters/growth.qmd": growth, "chapters/plain.qmd": "# Plain\n"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def growth(tmp_path, monkeypatch):
    """Return a project with a chapter whose one cell has given a table."""
    monkeypatch.setattr(quarto_cells, "kept", lambda *_: [[GIVEN]])
    monkeypatch.setattr(quarto_cells, "execute", lambda *_, **__: 1 / 0)
    return write_project(tmp_path)


def kept_markdown(project, ending, file="chapters/growth.qmd"):
    return json.loads(entry_file(project, file, ending).read_text(encoding="utf-8"))["result"]["markdown"]


@pytest.mark.parametrize("ending", ["html", "typ"])
def test_a_chapter_is_kept_with_its_cells_as_blocks_for_each_format(growth, ending):
    assert fill(growth, may_run=True) == ["chapters/growth.qmd"]
    assert kept_markdown(growth, ending) == KEPT[ending]


def test_what_is_kept_of_the_same_text_stays_and_of_another_is_written_anew(growth):
    fill(growth, may_run=True)
    assert fill(growth, may_run=True) == []
    with (growth / "chapters" / "growth.qmd").open("a") as chapter:
        chapter.write("\nMore.\n")
    assert fill(growth, may_run=True) == ["chapters/growth.qmd"]
    assert kept_markdown(growth, "typ").endswith("\n\nMore.\n\n")


def test_a_format_of_which_nothing_is_kept_brings_the_chapter_back(growth):
    fill(growth, may_run=True)
    entry_file(growth, "chapters/growth.qmd", "typ").unlink()
    assert fill(growth, may_run=True) == ["chapters/growth.qmd"]


def test_before_a_render_of_one_chapter_no_cells_of_others_are_run(growth, monkeypatch):
    monkeypatch.setattr(quarto_cells, "kept", lambda *_: None)
    assert fill(growth, may_run=False) == []
    assert not (growth / "_freeze").exists()


def test_cells_that_have_not_run_are_run_before_a_whole_render_and_one_that_fails_is_left_to_quarto(
    growth, monkeypatch, capsys
):
    (growth / "chapters" / "plain.qmd").write_text(PLAIN, encoding="utf-8")
    done = {"chapters/plain.qmd": None}

    def run(*_, use_cache):
        assert not use_cache
        done["chapters/growth.qmd"] = [[GIVEN]]
        raise PressError("chapters/plain.qmd", 8, "The cell shown fails.", "Correct it.")

    monkeypatch.setattr(quarto_cells, "kept", lambda _, document: done.get(document.entry.file))
    monkeypatch.setattr(quarto_cells, "execute", run)
    assert fill(growth, may_run=True) == ["chapters/growth.qmd"]
    assert capsys.readouterr().out == "Cells are run, once for all formats: chapters/growth.qmd, chapters/plain.qmd\n"


def test_what_the_press_keeps_of_a_chapter_is_not_taken_where_something_has_changed_that_the_press_may_not_know(
    growth, monkeypatch
):
    assert fill(growth, may_run=False, changed=["chapters/growth.qmd"]) == []
    asked = []
    monkeypatch.setattr(quarto_cells, "execute", lambda _, documents, use_cache: asked.append((documents, use_cache)))
    assert fill(growth, may_run=True, changed=["chapters/growth.qmd"]) == ["chapters/growth.qmd"]
    assert [([one.entry.file for one in documents], use_cache) for documents, use_cache in asked] == [
        (["chapters/growth.qmd"], False)
    ]


@pytest.mark.parametrize(
    "chapter",
    [
        "# Growth\n" + TABLE,  # another kernel could run it
        HEAD.replace("python3", "python3\nexecute: {eval: false}") + TABLE,
        HEAD.replace("python3", "python3\nformat: html") + TABLE,
        HEAD.replace("---\n\n", "---\n") + TABLE,  # Quarto writes this front matter anew
        HEAD + "\n{{< include /index.qmd >}}\n" + TABLE,
        HEAD + TABLE + "\nText\n\n---\n\nText\n",
        HEAD + TABLE + "\n````markdown" + TABLE + "````\n",  # Quarto runs this one too
        HEAD + TABLE + "\nA count of `{python} 1`.\n",
        HEAD + TABLE.replace("tbl-cap", "fig-cap"),
        HEAD + TABLE.replace("#| label", "#| eval: false\n#| label"),
        HEAD + TABLE.replace("#| label: tbl-years\n", ""),
        HEAD + TABLE.replace("\n```", "\n  ```"),
        HEAD.replace("years.csv", "none.csv") + TABLE,  # nobody knows what it depends on
    ],
)
def test_a_chapter_with_more_than_is_known_here_is_left_to_quarto(growth, chapter):
    (growth / "chapters" / "growth.qmd").write_text(chapter)
    assert fill(growth, may_run=True) == []


@pytest.mark.parametrize(
    "given",
    [
        {"data": {"image/svg+xml": "<svg/>"}, "metadata": {}},
        {"data": {"text/html": "<b>no table</b>", "text/plain": "HTML"}, "metadata": {}},
        {"data": {"text/html": "<table></table>", "text/markdown": "both"}, "metadata": {}},
        {"data": {"text/plain": "<Figure size 1x1>"}, "metadata": {}},
        {"name": "stdout", "text": "\x1b[31mred"},
    ],
)
def test_outputs_that_formats_show_in_ways_of_their_own_are_left_to_quarto(growth, monkeypatch, given):
    monkeypatch.setattr(quarto_cells, "kept", lambda *_: [[given]])
    assert fill(growth, may_run=True) == []
    assert not (growth / "_freeze").exists()


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (BOOK, ["html", "typ"]),
        (BOOK.replace("freeze: auto, ", ""), []),  # Quarto would not take what is kept
        (BOOK.replace("warning: false", "warning: true"), []),
        (BOOK.replace("warning: false", "warning: false, cache: true"), []),
        (BOOK.replace("{code-fold: true}", "{output: false}"), ["typ"]),
        (BOOK.replace("{echo: false}", "{echo: fenced}"), ["html"]),
        (BOOK + "  docx: {toc: true}\n", ["html", "typ"]),
    ],
)
def test_formats_with_settings_that_are_not_known_are_left_to_quarto(tmp_path, settings, found):
    assert list(formats(load_book(write_project(tmp_path, book=settings)))) == found


def test_settings_of_a_profile_leave_all_to_quarto(growth):
    (growth / "_quarto-draft.yml").write_text("execute: {echo: false}\n")
    assert fill(growth, may_run=True) == []


def test_a_book_that_the_press_cannot_read_is_left_to_quarto(growth):
    (growth / "_quarto.yml").write_text("project: {type: website}\n")
    assert fill(growth, may_run=True) == []


def test_every_chapter_of_the_report_with_cells_is_known(project):
    book = load_book(project, needs_variables=False)
    assert list(formats(book)) == ["html", "typ"]
    chapters = [read_chapter(book, entry) for entry in book.entries]
    with_cells = [one for one in chapters if one.cells]
    left = [one.entry.file for one in with_cells if not is_known(one, (project / one.entry.file).read_text("utf-8"))]
    assert len(with_cells) > 20
    assert left == []


def run_quarto(project, *arguments):
    environment = os.environ | {"QUARTO_PYTHON": sys.executable, "NO_COLOR": "1"}
    command = ["quarto", "render", *arguments]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def pages(project):
    return {page.name: quarto_postrender.fixed(page) for page in (project / "_book").rglob("*.html")}


@pytest.mark.quarto
def test_quarto_itself_keeps_the_same_to_the_byte_and_writes_the_same_pages_from_it(tmp_path):
    project = write_project(tmp_path, CHAPTER)
    (project / "chapters" / "plain.qmd").write_text(PLAIN, encoding="utf-8")
    assert run_quarto(project).count("Executing") == 4
    by_quarto, written = shutil.move(project / "_freeze", tmp_path / "kept"), pages(project)
    assert fill(project, may_run=True) == ["chapters/growth.qmd", "chapters/plain.qmd"]
    files = sorted((by_quarto / "chapters").rglob("*.json"))
    assert len(files) == 4
    for file in files:
        kept, ours = (json.loads(one.read_text()) for one in (file, project / "_freeze" / file.relative_to(by_quarto)))
        kept["result"] |= {"includes": {}} if file.stem == "html" else {}  # scripts from the network, by design
        assert ours == kept
    assert "Executing" not in run_quarto(project)
    assert pages(project) == written
