"""Turn figures that R drew into PNG: the same drawing, for slides and for pages that take no SVG.

- Typst, which makes the PDF, draws the SVG: with the report's faces, and the same bytes on every machine.
- Two dots for each that a figure is wide in pages.
"""

import json
from pathlib import Path

import typst

from countback.io.files import atomic_write
from countback.io.script import run
from countback.look import font_folders

WIDTH = 1656  # dots


def png_of(svg: Path) -> bytes:
    """Return a figure as PNG, `WIDTH` dots wide, on the ground that it has."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(path) for path in font_folders()])
    # one dot for each point
    page = f"#set page(width: {WIDTH}pt, height: auto, margin: 0pt)\n#image({json.dumps(svg.name)}, width: 100%)"
    made = typst.Compiler(page.encode(), root=svg.parent, font_paths=fonts).compile(format="png", ppi=72.0)
    if not isinstance(made, bytes):
        raise TypeError(f"{svg}: found {type(made).__name__}, expected one page. Draw the figure on one page.")
    return made


def main(figures: list[str], outputs: list[str]) -> None:
    """Write each figure as PNG."""
    for figure, output in zip(figures, outputs, strict=True):
        atomic_write(Path(output), png_of(Path(figure).resolve()))


if __name__ == "__main__":
    run(lambda: main(list(snakemake.input.figures), list(snakemake.output.figures)), snakemake.log[0])
