"""Colors, fonts and figure sizes, from `config/look.yml` to every format.

- R reads the same file (`workflow/R/look.R`), so that both languages draw alike.
- Faces come from Python packages, never from the system: output does not depend on the machine.
"""

import base64
import hashlib
import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from countback.io.documents import read_yaml
from countback.io.files import atomic_write

PROJECT = Path(__file__).resolve().parents[3]
LABELS = (*range(0x20, 0x7F), 0xB7, *range(0xC0, 0x100), 0x2013, 0x2019, 0x2212)  # with the letters of names
LATIN = (
    *range(0x20, 0x250),
    *range(0x2010, 0x2060),
    0x20AC,
    0x2122,
    0x2190,
    0x2192,
    0x2212,
    0x2248,
    0x2260,
    0x2264,
    0x2265,
)


@cache
def look() -> dict[str, Any]:
    """Return `config/look.yml` as nested dictionaries."""
    return dict(read_yaml(PROJECT / "config" / "look.yml", "colors, typefaces and sizes"))


def color(name: str) -> str:
    """Return a color of the light scheme, or `context` or `highlight`, as `#rrggbb`."""
    colors = look()["colors"]
    return colors["light"].get(name) or colors[name]


def series_colors() -> list[str]:
    """Return the colors of series, most important first."""
    return list(look()["colors"]["series"])


def sequential_colors() -> list[str]:
    """Return the colors of ordered classes, the lowest first."""
    return list(look()["colors"]["sequential"])


def figure_size(name: str) -> tuple[float, float]:
    """Return width and height in inches of a size named in `config/look.yml`."""
    width, height = look()["figures"][name]
    return float(width), float(height)


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"The package {package} is missing. Run the set-up again: make doctor says what to do."
        )
    return Path(spec.origin).parent


def font_folders() -> list[Path]:
    """Return the folders of the packages that bring the report's faces, as TrueType files."""
    return [
        _package_folder("font_source_serif_pro") / "files",
        _package_folder("font_source_sans_pro") / "files",
        _package_folder("matplotlib") / "mpl-data" / "fonts" / "ttf",
    ]


def font_files() -> dict[tuple[str, int, str], Path]:
    """Return the TrueType files in use, by family, weight and style."""
    serif, sans, mono = font_folders()
    fonts = look()["fonts"]
    return {
        (fonts["serif"], 400, "normal"): serif / "SourceSerifPro-Regular.ttf",
        (fonts["serif"], 400, "italic"): serif / "SourceSerifPro-It.ttf",
        (fonts["serif"], 600, "normal"): serif / "SourceSerifPro-Semibold.ttf",
        (fonts["sans"], 400, "normal"): sans / "SourceSansPro-Regular.ttf",
        (fonts["sans"], 400, "italic"): sans / "SourceSansPro-It.ttf",
        (fonts["sans"], 600, "normal"): sans / "SourceSansPro-Semibold.ttf",
        (fonts["mono"], 400, "normal"): mono / "DejaVuSansMono.ttf",
    }


@cache
def _subset_woff(file: Path, codepoints: tuple[int, ...]) -> bytes:
    """Return a face with only these characters, in WOFF, the same bytes at each call."""
    from fontTools import subset, ttLib

    options = subset.Options(flavor="woff", layout_features=["*"], notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += ["FFTM"]  # a font editor's time stamp
    font = ttLib.TTFont(file, recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=codepoints)
    worker.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _font_face(family: str, weight: int, style: str, url: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};'
        f'font-display:swap;src:url("{url}") format("woff")}}'
    )


@cache
def _faces_mark() -> str:
    """Return a comment of CSS that differs where other faces, or other letters of them, would be cut."""
    source = Path(__file__).read_bytes() + repr(sorted(font_files())).encode()
    files = b"".join(file.read_bytes() for file in font_files().values())
    return f"/* faces {hashlib.sha256(source + files).hexdigest()[:16]} */\n"


def font_faces(folder: Path) -> str:
    """Write the faces into `folder` as WOFF and return the style sheet that names them as `fonts/...`."""
    rules = []
    for (family, weight, style), file in font_files().items():
        name = f"{file.stem}.woff"
        atomic_write(folder / name, _subset_woff(file, LATIN))
        rules.append(_font_face(family, weight, style, f"fonts/{name}"))
    return _faces_mark() + "\n".join(rules) + "\n"


def has_faces(sheet: Path) -> bool:
    """Tell whether `font_faces` would give this style sheet, and whether the faces that it names lie in `fonts`."""
    if not sheet.is_file() or not sheet.read_text(encoding="utf-8").startswith(_faces_mark()):
        return False
    return all((sheet.parent / "fonts" / f"{file.stem}.woff").is_file() for file in font_files().values())


def web_fonts() -> dict[str, str]:
    """Return the sans face as data URLs by weight, for figures in SVG that draw text as text.

    An image has no access to the faces of the page around it, so it carries the characters that labels use.
    """
    sans = look()["fonts"]["sans"]
    return {
        str(weight): "data:font/woff;base64," + base64.b64encode(_subset_woff(file, LABELS)).decode()
        for (family, weight, style), file in font_files().items()
        if family == sans and style == "normal"
    }


def _css_block(colors: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colors.items())


def css_variables() -> str:
    """Return the look as CSS custom properties: light, dark by the system's wish, dark by the reader's choice."""
    data = look()
    fonts = data["fonts"]
    fixed = (
        f'--font-serif:"{fonts["serif"]}",Georgia,serif;--font-sans:"{fonts["sans"]}",Helvetica,Arial,sans-serif;'
        f'--font-mono:"{fonts["mono"]}",monospace;--highlight:{data["colors"]["highlight"]};'
    )
    light, dark = _css_block(data["colors"]["light"]), _css_block(data["colors"]["dark"])
    return (
        f":root{{color-scheme:light;{fixed}{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
    )


def typst_variables() -> str:
    """Return the light scheme and the families as Typst definitions."""
    data = look()
    colors = "".join(f'#let {name} = rgb("{value}")\n' for name, value in data["colors"]["light"].items())
    return colors + "".join(f'#let {name} = "{data["fonts"][name]}"\n' for name in ("serif", "sans", "mono"))
