"""What Quarto keeps of a chapter is dropped where something that its cells depend on has changed, and only there."""

import json

import pytest

from countback import dependencies
from countback.io import frozen
from countback.io.errors import ConfigError
from countback.io.frozen import drop_stale

PYTHON = """---
inputs: [results/tables/years.csv, config/config.yaml]
---

# Growth

```{python}
from countback.text.display import display_table
```
"""
R = "# Agreement\n\n{{< include /_terms.qmd >}}\n\n```{python}\n%%R\nfor (n in files) source(n)\n```\n"
PACKAGE = {"resources": [], "results": [{"name": "years", "schema": "schemas/years.json"}]}
FILES = {
    "_quarto.yml": "book: {chapters: [index.qmd, chapters/growth.qmd, chapters/agreement.qmd]}\n",
    "_environment": "LC_ALL=C.UTF-8\n",
    "index.qmd": "# Summary\n",
    "chapters/growth.qmd": PYTHON,
    "chapters/agreement.qmd": R,
    "_terms.qmd": "A word: its sense.\n",
    "results/tables/years.csv": "year,reports\n2031,7\n",
    "results/tables/other.csv": "year\n2031\n",
    "data/datapackage.json": json.dumps(PACKAGE),
    "data/schemas/years.json": '{"fields": []}',
    "config/config.yaml": "top: 13\n",
    "config/look.yml": "ink: black\n",
    "envs/requirements.lock": "pandas==2.3\n",
    "workflow/countback/text/display.py": "from countback.text.units import percent\n",
    "workflow/countback/text/units.py": "percent = 100\n",
    "workflow/countback/text/profiles.py": "",
    "workflow/R/agreement.R": "KEYS <- 1\n",
}
ALL = ["index.qmd", "chapters/growth.qmd", "chapters/agreement.qmd"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project all of whose chapters Quarto has rendered."""
    monkeypatch.setattr(dependencies, "WORKFLOW", tmp_path / "workflow")
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    drop_stale(tmp_path)
    for chapter in ALL:
        freeze(tmp_path, chapter)
    return tmp_path


def freeze(project, chapter):
    for entry in entries(project, chapter):
        entry.mkdir(parents=True, exist_ok=True)
        (entry / "html.json").write_text("{}")


def entries(project, chapter):
    return [project / folder / chapter.removesuffix(".qmd") for folder in frozen.FROZEN]


def kept(project):
    return [one for one in ALL if all(entry.is_dir() for entry in entries(project, one))]


def test_while_nothing_changes_all_is_kept(project):
    assert drop_stale(project) == []
    assert kept(project) == ALL


@pytest.mark.parametrize(
    ("file", "dropped"),
    [
        ("results/tables/years.csv", ["chapters/growth.qmd"]),
        ("config/config.yaml", ["chapters/growth.qmd"]),
        ("data/schemas/years.json", ["chapters/growth.qmd"]),
        ("workflow/countback/text/units.py", ["chapters/growth.qmd"]),
        ("workflow/R/agreement.R", ["chapters/agreement.qmd"]),
        ("_terms.qmd", ["chapters/agreement.qmd"]),
        ("envs/requirements.lock", ALL),
        ("config/look.yml", ALL),
        ("_quarto.yml", ALL),
        ("_environment", ALL),
        ("results/tables/other.csv", []),
        ("workflow/countback/text/profiles.py", []),
        ("chapters/growth.qmd", []),  # Quarto sees to it itself
    ],
)
def test_a_change_drops_what_depends_on_it_and_nothing_else(project, file, dropped):
    with (project / file).open("a") as text:
        text.write("\n")
    assert drop_stale(project) == dropped
    assert kept(project) == [one for one in ALL if one not in dropped]
    assert drop_stale(project) == []


def test_a_change_that_a_render_of_another_chapter_has_not_yet_shown_is_not_forgotten(project):
    (project / "results" / "tables" / "years.csv").write_text("year,reports\n2031,8\n")
    drop_stale(project)
    (project / "results" / "tables" / "years.csv").write_text(FILES["results/tables/years.csv"])
    freeze(project, "chapters/growth.qmd")  # made of the table with 8
    assert drop_stale(project) == ["chapters/growth.qmd"]


def test_an_input_that_is_lost_or_comes_counts_as_changed(project):
    (project / "results" / "tables" / "years.csv").unlink()
    assert drop_stale(project) == ["chapters/growth.qmd"]


@pytest.mark.parametrize("text", [None, "", "[]", "[1]", '{"index.qmd": 1}'])
def test_without_digests_that_can_be_read_all_is_dropped(project, text):
    digests = project / frozen.DIGESTS
    digests.unlink() if text is None else digests.write_text(text)
    assert drop_stale(project) == ALL
    assert kept(project) == []


def test_files_that_include_each_other_end_in_no_loop(project):
    (project / "_terms.qmd").write_text("{{< include _terms.qmd >}}\n")
    assert drop_stale(project) == ["chapters/agreement.qmd"]


def test_a_chapter_that_is_missing_is_named(project):
    (project / "index.qmd").unlink()
    with pytest.raises(ConfigError, match=r"index\.qmd is missing"):
        drop_stale(project)
