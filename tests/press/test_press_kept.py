"""What the press keeps of chapters: it saves work, and never shows."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_book import BIB, ONE, TWO, page, write_book

import press
from press import pandoc, pdf

Asked = dict[str, list[str]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """Which chapters Pandoc is asked for, by step."""
    found: Asked = {}
    ask = pandoc.Pandoc.ask

    def noted(self: pandoc.Pandoc, step: str, **request: Any) -> Any:
        found.setdefault(step, []).extend(sorted(chapter["file"] for chapter in request["chapters"]))
        return ask(self, step, **request)

    monkeypatch.setattr(pandoc.Pandoc, "ask", noted)
    yield found


def rendered(project: Path) -> dict[str, bytes]:
    press.render(project, {"html"})
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in (project / "_book").rglob("*.*")}


def rendered_anew(project: Path, folder: Path) -> dict[str, bytes]:
    """Return the pages of a copy of a book of which nothing is kept but what cells gave."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("_book"))
    shutil.rmtree(folder / "results" / "press" / "chapters")
    return rendered(folder)


def test_a_change_of_prose_reads_and_writes_its_chapter_alone(project: Path, asked: Asked) -> None:
    rendered(project)
    assert len(asked["read"]) == len(asked["write"]) == 5
    asked.clear()
    rendered(project)
    assert asked == {}
    write_book(project, chapters__one=ONE.replace("Inside.", "Within."))
    rendered(project)
    assert asked == {step: ["chapters/one.qmd"] for step in ("read", "number", "write")}
    assert "Within." in page(project, "chapters/one.html")


NEW_FIGURE = TWO.replace("![A line]", '![First](../figures/a.svg){#fig-first fig-alt="It rises"}\n\n![A line]')
SAME_YEAR = BIB + "@book{knuth1984b, title = {Another}, author = {Knuth, Donald E.}, year = {1984}, publisher = {A}}\n"


@pytest.mark.parametrize(
    ("changes", "name", "found"),
    [
        ({"chapters__two": NEW_FIGURE}, "index.html", "Figure\u00a02.2"),
        ({"chapters__one": ONE.replace("# One {#sec-one}", "# One {#sec-one .unnumbered}")}, None, ""),
        ({"chapters__two": TWO.replace("## Curves", "## Lines {#sec-lines}\n\n## Curves")}, "index.html", "2.2"),
        ({"chapters__two": TWO + "\nSo he said again [@knuth1984b].\n"}, "index.html", "1984b"),
        ({"chapters__sources": "# Sources {#sec-sources}\n\nSee @sec-one.\n"}, "index.html", "Appendix"),
    ],
    ids=["a figure", "a number", "a heading", "a citation", "a heading less"],
)
def test_what_changes_in_one_chapter_reaches_all_that_refer_to_it(
    project: Path, tmp_path: Path, changes: dict[str, str], name: str | None, found: str
) -> None:
    (project / "references.bib").write_text(SAME_YEAR)
    text = {
        "index": "# Summary {.unnumbered}\n\nSee @fig-line, @sec-curves, @sec-sources. Knuth said so [@knuth1984].\n"
    }
    write_book(project, **text)
    (project / "references.bib").write_text(SAME_YEAR)
    rendered(project)
    write_book(project, **text, **changes)
    (project / "references.bib").write_text(SAME_YEAR)
    pages = rendered(project)
    if name:
        assert found in page(project, name)
    assert pages == rendered_anew(project, tmp_path / "anew")


def test_a_label_that_a_kept_chapter_has_is_still_taken(project: Path) -> None:
    rendered(project)
    second = TWO + '\n![Again](../figures/a.svg){#fig-here fig-alt="A line"}\n'
    write_book(project, chapters__two=second)
    with pytest.raises(press.PressError, match=r"two\.qmd:\d+: .*fig-here is taken"):
        press.render(project, {"html"})
    with pytest.raises(press.PressError, match="fig-here is taken"):  # the fault is not kept as a result
        press.render(project, {"html"})


def test_what_is_kept_and_damaged_is_made_again_and_what_is_not_used_goes(project: Path) -> None:
    first = rendered(project)
    kept = project / "results" / "press" / "chapters"
    for path in kept.glob("*.json"):
        path.write_bytes(path.read_bytes()[:20])
    (kept / "old.json").write_text("{}")
    assert rendered(project) == first
    assert not (kept / "old.json").exists()


def test_pandoc_that_ends_is_told_of_with_what_it_says(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pandoc"
    program.write_text("#!/bin/sh\necho No memory is left. >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(pandoc, "program", lambda: program)
    with pytest.raises(press.PressError, match=r"Pandoc can't read the book\. It says: No memory is left\."):
        press.render(project, {"html"})


@pytest.fixture
def templates(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What Typst is asked to set, by template."""
    found: list[str] = []
    compiled = pdf._compiled

    def noted(book: Any, template: str, *given: Any) -> Any:
        found.append(template)
        return compiled(book, template, *given)

    monkeypatch.setattr(pdf, "_compiled", noted)
    yield found


def set_again(project: Path, templates: list[str], **options: Any) -> bytes | None:
    """Render once more, and return the PDF if it was set for that, nothing if the last one was taken."""
    templates.clear()
    rendered = press.render(project, **options)
    return rendered.pdf.read_bytes() if templates else None


def test_the_pdf_is_set_again_where_something_that_it_shows_has_changed(project: Path, templates: list[str]) -> None:
    raw = '\n```{=typst}\n#image("/figures/raw.svg", alt: "Drawn")\n```\n'
    image, drawn = project / "figures" / "a.svg", project / "figures" / "raw.svg"
    drawn.write_bytes(image.read_bytes())
    write_book(project, chapters__one=ONE + raw)
    found = [set_again(project, templates)]
    write_book(project, chapters__one=ONE.replace("Inside.", "Within.") + raw)
    found.append(set_again(project, templates))
    for file in (image, drawn):
        file.write_text(file.read_text().replace("L90 40", "L80 40"))
        found.append(set_again(project, templates))
    config = project / "_quarto.yml"
    config.write_text(config.read_text().replace("2026-01-31", "2026-02-01"))
    found.append(set_again(project, templates))
    assert None not in found
    assert len(set(found)) == len(found)


def test_words_too_long_for_the_name_of_a_file_are_taken_for_none(project: Path, templates: list[str]) -> None:
    alt = "A line that rises, é" + " and rises" * 27 + " up to 0.05"
    write_book(project, chapters__one=ONE + f'\n![Long](../figures/a.svg){{#fig-long fig-alt="{alt}"}}\n')
    assert set_again(project, templates) is not None


def test_the_pdf_of_the_last_render_is_taken_where_nothing_in_it_has_changed(
    project: Path, templates: list[str]
) -> None:
    first = set_again(project, templates)
    (project / "_book" / "index.html").unlink()
    assert set_again(project, templates) is None
    assert (project / "_book" / "Small.pdf").read_bytes() == first
    assert set_again(project, templates, use_cache=False) == first


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7 cut"], ids=["empty", "cut"])
def test_a_pdf_that_is_damaged_or_gone_is_set_again(project: Path, templates: list[str], damage: bytes) -> None:
    first = set_again(project, templates)
    written, note = project / "_book" / "Small.pdf", project / "results" / "press" / "pdf.json"
    written.write_bytes(damage)
    assert set_again(project, templates) == first
    written.unlink()
    assert set_again(project, templates) == first
    note.write_bytes(note.read_bytes()[:20])
    assert set_again(project, templates) == first
