"""Render the report to HTML and PDF: by Quarto where it can, else by the press.

- Quarto writes books as PDF through Typst from version 1.9 on; an older one only warns, so it is not used.
- `COUNTBACK_RENDERER` in the environment wins over the configuration (the rule sees to it, so that a change of either
  renders again). A renderer asked for by name is not replaced.
- Quarto ends well even where references stay unresolved; that is an error here.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from countback.io.errors import ConfigError
from countback.io.manifest import BOOK, write_manifest
from countback.io.script import run

OLDEST_QUARTO = (1, 9)
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


def render_by_quarto() -> None:
    """Run `quarto render` on the project, and stop where it leaves a reference unresolved."""
    environment = os.environ | {"COUNTBACK_RENDERING": "1", "QUARTO_PYTHON": sys.executable, "NO_COLOR": "1"}
    done = subprocess.run(
        ["quarto", "render"], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    print(done.stdout)
    unresolved = [line for line in done.stdout.splitlines() if UNRESOLVED.search(line)]
    if done.returncode or unresolved:
        raise ConfigError(
            "\n".join(["Quarto did not render the report:", *(unresolved or done.stdout.splitlines()[-20:])])
        )


def report(wanted: str) -> str:
    """Render the report and return the renderer's name."""
    renderer = choose_renderer(wanted, quarto_version())
    if renderer == "quarto":
        render_by_quarto()
    else:
        from press import render

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
