"""How cells run: in order, in processes of their own, and only as long as somebody waits for them."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import press
from press.book import load_book
from press.cells import read_chapter
from press.execute import Outputs, kept

CONFIG = "project: {type: book}\nbook:\n  title: Book\n  output-file: Book\n  chapters: [index.qmd, one.qmd]\n"
WORKFLOW = Path(press.__file__).parents[1]


def write_book(project: Path, index: str, one: str = "x = 1") -> Path:
    """Write a book of two chapters of one cell each."""
    (project / "_quarto.yml").write_text(CONFIG)
    for name, code in {"index": index, "one": one}.items():
        (project / f"{name}.qmd").write_text(f"# {name}\n\n```{{python}}\n#| label: {name}\n{code}\n```\n")
    return project


def kept_of(project: Path, number: int) -> Outputs | None:
    """Return what is kept of a chapter of the book."""
    book = load_book(project)
    return kept(book, read_chapter(book, book.entries[number]))


def test_what_a_cell_prints_and_shows_stays_in_its_order(tmp_path: Path) -> None:
    code = """from IPython.display import HTML, display
print("first")
display(HTML("<p>second</p>"))
print("third")
"fourth" """
    press.render(write_book(tmp_path, code), {"html"})
    shown = re.sub(r"<details.*?</details>", "", (tmp_path / "_book" / "index.html").read_text(), flags=re.DOTALL)
    article = shown.split("<article>")[1]
    assert re.findall(r"first|second|third|fourth", article) == ["first", "second", "third", "fourth"]
    assert [output.get("is_result", False) for output in (kept_of(tmp_path, 0) or [[]])[0]] == [False] * 3 + [True]


def test_a_cell_that_ends_its_process_is_named(tmp_path: Path) -> None:
    with pytest.raises(press.PressError, match=r"one\.qmd:3: The cell one ends the process that runs the chapter"):
        press.render(write_book(tmp_path, "1", "import os\nos._exit(3)"), {"html"})


def test_failures_of_two_chapters_are_told_at_once_and_what_the_third_gave_is_kept(tmp_path: Path) -> None:
    project = write_book(tmp_path, "1 / 0", "[][0]")
    (project / "_quarto.yml").write_text(CONFIG.replace("one.qmd]", "one.qmd, two.qmd]"))
    (project / "two.qmd").write_text("# two\n\n```{python}\n'kept'\n```\n")
    with pytest.raises(press.PressError, match=r"(?s)index.qmd:3: .*ZeroDivisionError.*one.qmd:3: .*IndexError"):
        press.render(project, {"html"})
    assert kept_of(project, 0) is None
    two = kept_of(project, 2)
    assert two is not None
    assert two[0][0]["data"] == {"text/plain": "'kept'"}


def test_chapters_do_not_see_each_others_names(tmp_path: Path) -> None:
    press.render(write_book(tmp_path, "name = 1", "print('name' in globals())"), {"html"})
    assert "False" in (tmp_path / "_book" / "one.html").read_text()


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_render_leaves_nothing_running(tmp_path: Path) -> None:
    code = "import os, time\nfrom pathlib import Path\nPath('pid').write_text(str(os.getpid()))\ntime.sleep(99)"
    project = write_book(tmp_path, code)
    environment = os.environ | {"PYTHONPATH": str(WORKFLOW)}
    render = subprocess.Popen([sys.executable, "-m", "press", "--project", str(project)], env=environment)
    until = time.monotonic() + 60
    while not ((project / "pid").exists() and (project / "pid").read_text()):
        assert time.monotonic() < until
        time.sleep(0.05)
    cells = int((project / "pid").read_text())
    assert is_running(cells)
    render.send_signal(signal.SIGKILL)
    render.wait()
    until = time.monotonic() + 20
    while is_running(cells):
        assert time.monotonic() < until
        time.sleep(0.05)
