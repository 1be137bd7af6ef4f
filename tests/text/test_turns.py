"""Readers meet no turn of phrase that the project has banned, and a writer is told what to write instead."""

import csv

import pytest

from countback.text.turns import read_turns, sentences_of, turns_in
from scripts.validate.turns import hits, main

CONFIG = "project: {type: book}\nbook: {title: A book, chapters: [index.qmd]}\n"
CHAPTER = """---
jupyter: python3
---

# Summary {.unnumbered}

Nothing is wrong here: no fault at all.
The dash is no zero.

![The like of it, since {{< var a.b >}} stands there.](a.svg){#fig-a fig-alt="A line, so that it falls."}

```{python}
#| label: tbl-a
#| tbl-cap: "Pairs, be it of a part."
stands = "key that stands"
display_table(stands, note="A dash: the data hold no count. "
                           "Whoever reads it knows.")
```
"""


@pytest.fixture(scope="module")
def listed(project):
    with (project / "config" / "banned_turns.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def turns(project):
    return read_turns(project / "config" / "banned_turns.csv")


def test_every_turn_is_found_in_its_own_example_and_not_in_what_to_write_instead(listed, turns):
    assert len(listed) > 20
    for row in listed:
        assert row["turn"] in {turn.name for turn, _ in turns_in(row["example"], turns)}, row["turn"]
        assert row["turn"] not in {turn.name for turn, _ in turns_in(row["instead"], turns)}, row["turn"]
        assert len(row["why"]) > 5 and len(row["instead"]) > 2


@pytest.mark.parametrize(
    "text",
    [
        "There is no count of it, and it is no longer made.",
        "Three patterns stand out; a dash stands for a missing count.",
        "The first of these models errs by half.",
        "It is small, and not only here, and not every file is.",
        "The rate fell so that nobody noticed.",
    ],
)
def test_plain_english_that_looks_alike_is_let_pass(turns, text):
    assert list(turns_in(text, turns)) == []


@pytest.fixture
def book(tmp_path, project):
    (tmp_path / "_quarto.yml").write_text(CONFIG)
    (tmp_path / "index.qmd").write_text(CHAPTER)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "banned_turns.csv").write_text((project / "config" / "banned_turns.csv").read_text())
    writer = tmp_path / "workflow" / "countback" / "audits.py"
    writer.parent.mkdir(parents=True)
    writer.write_text('"""It is no fault here."""\n\n\ndef f(n):\n    return f"{n} of them fall apart."\n')
    return tmp_path


def test_prose_captions_alternative_texts_notes_and_what_code_writes_are_searched_with_their_lines(book):
    found = {(hit.file, hit.line, hit.found) for hit in hits(book)}
    assert found == {
        ("index.qmd", 8, "is no"),
        ("index.qmd", 8, "is no zero"),
        ("index.qmd", 10, "The like"),
        ("index.qmd", 10, "stands"),
        ("index.qmd", 10, ", so that"),
        ("index.qmd", 12, "be it"),
        ("index.qmd", 15, "stands"),
        ("index.qmd", 16, "the data hold"),
        ("index.qmd", 16, "Whoever"),
        ("workflow/countback/audits.py", 5, "fall apart"),
    }


def test_docstrings_keys_and_parts_of_longer_strings_are_not_read_twice():
    code = 'def f(x):\n    "Doc string of it."\n    return {"a key": "one"}, f"{x} is one of many."\n'
    assert list(sentences_of(code)) == [(3, "· is one of many.")]


def test_the_error_names_file_line_turn_and_what_to_write_instead(book, monkeypatch, capsys):
    monkeypatch.chdir(book)
    assert main() == 1
    assert "index.qmd:12: 'be it': Archaic. Write: even, whether" in capsys.readouterr().err


def test_the_report_holds_none(project):
    assert [str(hit) for hit in hits(project)] == []
