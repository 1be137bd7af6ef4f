"""What goes with a figure when it leaves its page: under it, links to its files; for previews of a page, one picture.

A picture without a caption has links as well, if it stands alone. A figure that is drawn once more for narrow screens,
in `figures/narrow/`, is shown by that drawing there.

The same for the pages of both renderers, after they are written. A link is there where its file is.
"""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import NamedTuple

# a picture of the project within a figure, and the number in the caption that follows it
SHOWN = re.compile(
    r'<img\b[^>]*?\bsrc="(?P<up>(?:\.\./)*)(?P<stem>figures/[\w/-]+)\.svg"[^>]*>(?:(?!<img|</figure).)*?(?=<figcaption)',
    re.DOTALL,
)
# a picture that stands alone, without a caption and the links of one
ALONE = re.compile(
    r'<p>\s*<img\b[^>]*?\bsrc="(?P<up>(?:\.\./)*)(?P<stem>figures/[\w/-]+)\.svg"[^>]*>\s*</p>'
    r'(?!\s*<div class="figure-links")'
)
LABEL = re.compile(r"<figcaption[^>]*>(?:(?!</figcaption).)*?(Figure(?:&nbsp;|\s)[\w.]+|\([a-z]\))", re.DOTALL)
ALT = re.compile(r'\balt="([^"]*)"')
IMAGE = re.compile(r"<img\b[^>]*>")
NARROW = "screen and (max-width: 40rem)"  # screens, as in book.css
FILES = (("png", "PNG"), ("svg", "SVG"), ("csv", "Data (CSV)"))


class Picture(NamedTuple):
    """A picture for the preview of a page: its file, and what it shows."""

    path: str
    alt: str


def _files(stem: str, exists: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yield the files of a figure with their words; a picture of a folder has its data in the file of the folder."""
    for suffix, words in FILES:
        paths = [f"{stem}.{suffix}", *([f"{stem.rpartition('/')[0]}.csv"] if suffix == "csv" else [])]
        for path in [path for path in paths if exists(path)][:1]:
            yield path, words


def _named(html: str, shown: re.Match[str]) -> str:
    """Return what the files of a picture are said to be of: its number, else what it shows."""
    number, alt = LABEL.match(html, shown.end()), ALT.search(shown[0])
    if number and shown.re is SHOWN:
        return number[1].replace("&nbsp;", " ")
    return unescape(alt[1]).partition(".")[0] if alt and alt[1] else "this figure"


def with_links(html: str, exists: Callable[[str], bool]) -> tuple[str, list[str]]:
    """Return a page with links to the files of each figure under it, and the files that these lead to.

    Parameters
    ----------
    html
        A page, or its body.
    exists
        Whether the project has a file, by its path.
    """
    linked: list[str] = []

    def linking(shown: re.Match[str]) -> str:
        files = dict(_files(shown["stem"], exists))
        picture, narrow = _fitting(shown, exists)
        linked.extend([*files, *narrow])
        name = f"Files of {_named(html, shown)}"
        links = " ".join(f'<a href="{shown["up"]}{path}" download>{words}</a>' for path, words in files.items())
        box = f'<div class="figure-links" role="group" aria-label="{escape(name)}">{links}</div>'
        return f"{picture}{box}" if links else picture

    for pictures in (SHOWN, ALONE):
        html = pictures.sub(linking, html)
    return html, linked


def _fitting(shown: re.Match[str], exists: Callable[[str], bool]) -> tuple[str, list[str]]:
    """Return what shows a picture, by its drawing for narrow screens too where there is one, and that file."""
    narrow = f"{shown['stem']}.svg".replace("figures/", "figures/narrow/", 1)
    if not exists(narrow):
        return shown[0], []
    source = f'<picture><source media="{NARROW}" srcset="{shown["up"]}{narrow}">'
    return IMAGE.sub(lambda image: f"{source}{image[0]}</picture>", shown[0], count=1), [narrow]


def share_image(html: str, exists: Callable[[str], bool]) -> Picture | None:
    """Return the picture of a page's first numbered figure that is there as PNG, or None; previews show no SVG."""
    for shown in SHOWN.finditer(html):
        if LABEL.match(html, shown.end()) and exists(f"{shown['stem']}.png"):
            alt = ALT.search(shown[0])
            return Picture(f"{shown['stem']}.png", unescape(alt[1]) if alt else "")
    return None
