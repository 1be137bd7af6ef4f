"""Write the look in the forms that Quarto reads: faces, a style sheet, themes in Sass, definitions in Typst.

- The press takes all of it from `countback.look` while it renders; Quarto needs files, and before its first chapter.
- Bootstrap gets the colors as its own variables, so that all that Quarto puts on a page follows the look.
- Typst reads no WOFF: the faces lie there as TrueType too.
- The PDF's look and the facts on its title page are those of the press, to the letter.
"""

from pathlib import Path

from countback.io.files import atomic_write, write_text
from countback.io.script import run
from countback.look import font_faces, font_files, look
from press.book import load_book
from press.pdf import typst_look

FALLBACKS = {"serif": "Georgia, serif", "sans": "Helvetica, Arial, sans-serif", "mono": "monospace"}


def sass_theme(scheme: str) -> str:
    """Return the colors of a scheme, `light` or `dark`, and the faces, as a theme for Quarto."""
    data = look()
    colors = data["colors"][scheme]
    stacks = {name: f'"{data["fonts"][name]}", {rest}' for name, rest in FALLBACKS.items()}
    defaults = {
        "body-bg": colors["paper"],
        "body-color": colors["ink"],
        "link-color": colors["accent"],
        "primary": colors["accent"],
        "border-color": colors["line"],
        "code-bg": colors["panel"],
        "code-block-bg": colors["panel"],
        "code-color": colors["ink"],
        "table-border-color": colors["line"],
        "toc-color": colors["ink"],
        "font-family-sans-serif": stacks["sans"],
        "font-family-serif": stacks["serif"],
        "font-family-monospace": stacks["mono"],
        "headings-font-family": stacks["sans"],
        "headings-font-weight": "600",
    }
    properties = colors | {f"font-{name}": stack for name, stack in stacks.items()}
    lines = ["/*-- scss:defaults --*/", *(f"${name}: {value};" for name, value in defaults.items())]
    lines += ["/*-- scss:rules --*/", f":root {{ color-scheme: {scheme};"]
    return "\n".join([*lines, *(f"  --{name}: {value};" for name, value in properties.items()), "}"]) + "\n"


def write_look(project: Path, folder: Path) -> None:
    """Write everything that Quarto needs of a book's look into a folder."""
    faces = folder / "fonts"
    write_text(font_faces(faces), folder / "quarto.css")
    for file in font_files().values():
        atomic_write(faces / file.name, file.read_bytes())
    for scheme in ("light", "dark"):
        write_text(sass_theme(scheme), folder / f"{scheme}.scss")
    write_text(typst_look(load_book(project)), folder / "quarto.typ")


if __name__ == "__main__":
    run(lambda: write_look(Path.cwd(), Path(snakemake.output.typst).parent), snakemake.log[0])
