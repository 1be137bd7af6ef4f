"""Render the report to HTML and PDF: by Quarto where it can, else by the press.

- Quarto writes books as PDF through Typst from version 1.9 on; an older one only warns, so it is not used.
- `COUNTBACK_RENDERER` in the environment wins over the configuration (the rule sees to it, so that a change of either
  renders again). A renderer asked for by name is not replaced.
- Quarto ends well even where references stay unresolved; that is an error here.
- Quarto writes into a folder beside the book's, which takes its place at the end: a render that fails leaves the book
  as it was, and nothing beside the chapters.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from countback.io.chapters import book_chapters
from countback.io.environment import NOT_FOR_QUARTO
from countback.io.errors import ConfigError
from countback.io.manifest import BOOK, write_manifest
from countback.io.script import run
from press.render import put_in_place, render

OLDEST_QUARTO = (1, 9)
KEPT = f"The book in {BOOK} stays as it was. Correct what it names, and render again. It said:"
UNRESOLVED = re.compile(r"Unable to resolve|citeproc.*not found|Undefined (?:cross-?)?ref", re.IGNORECASE)


def quarto_version() -> tuple[int, ...] | None:
    """Return the version of the Quarto on the path, or None."""
    quarto = shutil.which("quarto")
    if quarto is None:
        return None
    found = subprocess.run([quarto, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return tuple(int(part) for part in found.split(".")[:3]) if re.fullmatch(r"\d+(\.\d+)*", found) else None


def choose_renderer(wanted: str, version: tuple[int, ...] | None) -> str:
    """Return `quarto` or `press`.

    Raises
    ------
    ConfigError
        If Quarto is asked for by name and can't do it, or the name is unknown.
    """
    able = version is not None and version >= OLDEST_QUARTO
    if wanted not in ("auto", "quarto", "press"):
        raise ConfigError(
            f"renderer: found {wanted!r}, expected auto, quarto or press. "
            "Correct config/config.yaml or COUNTBACK_RENDERER."
        )
    if wanted == "quarto" and not able:
        found = "no Quarto" if version is None else f"Quarto {'.'.join(map(str, version))}"
        raise ConfigError(
            f"renderer: found {found}, expected Quarto 1.9 or later. Install it, or set the renderer to press."
        )
    return "quarto" if wanted == "quarto" or (wanted == "auto" and able) else "press"


def remove_leftovers(project: Path) -> None:
    """Remove what a Quarto that failed or was killed leaves beside the chapters."""
    for chapter in book_chapters(project):
        source = project / chapter.path
        for suffix in (".html", ".typ", ".quarto_ipynb"):
            source.with_suffix(suffix).unlink(missing_ok=True)
        shutil.rmtree(source.with_name(f"{source.stem}_files"), ignore_errors=True)
    shutil.rmtree(project / "site_libs", ignore_errors=True)


def run_quarto(*arguments: str) -> tuple[int, list[str]]:
    """Run Quarto, pass on each line as it comes to the log and to the terminal, and return its status and its lines."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_QUARTO}
    environment = kept | {"COUNTBACK_RENDERING": "1", "QUARTO_PYTHON": sys.executable, "NO_COLOR": "1"}
    command, said = ["quarto", *arguments], []
    with subprocess.Popen(
        command, env=environment, text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as quarto:
        for line in quarto.stdout or ():
            said.append(line.rstrip())
            # standard output is the log
            for stream in (sys.stdout, sys.__stderr__):
                print(said[-1], file=stream, flush=True)
    return quarto.returncode, said


def render_by_quarto(project: Path) -> None:
    """Render the project's book by Quarto, and put it in the old one's place.

    Raises
    ------
    ConfigError
        If Quarto fails, or leaves a reference unresolved. The old book then stays as it was.
    """
    target = project / BOOK
    part = target.with_name(f"{target.name}.part")
    try:
        status, said = run_quarto("render", "--output-dir", part.name)
        unresolved = [line for line in said if UNRESOLVED.search(line)]
        if status or unresolved:
            raise ConfigError("\n".join([f"Quarto did not render the report. {KEPT}", *(unresolved or said[-20:])]))
        put_in_place(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        remove_leftovers(project)


def report(wanted: str) -> str:
    """Render the report and return the renderer's name."""
    renderer = choose_renderer(wanted, quarto_version())
    if renderer == "quarto":
        render_by_quarto(Path.cwd())
    else:
        render(Path.cwd())
    return renderer


def main(wanted: str, n_repairs: int, manifest: Path) -> None:
    """Render the report, and write down what it is made of."""
    print("Rendered by", report(wanted))
    write_manifest(BOOK, manifest, n_repairs)


if __name__ == "__main__":
    run(
        lambda: main(snakemake.params.renderer, snakemake.params.n_repairs, Path(snakemake.output.manifest)),
        snakemake.log[0],
    )
