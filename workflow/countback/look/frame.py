"""The frame of a figure: what it needs to be understood where it stands alone.

- Above it, a title, and what is drawn, in which unit and of which years; below, who counted, a caution, the source.
- Titles, counters and cautions are in `data/reference/figures.csv`; years come from the data drawn.
- A figure grows by its frame: what is drawn keeps its size.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.look import PROJECT, color, look

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TITLES = "data/reference/figures.csv"
COUNTERS = {
    "ncmec": "NCMEC",
    "providers": "the providers",
    "children": "researchers who asked children",
    "agencies": "US agencies",
    "countback": "simulations of this project",
}
SOURCE = "Source: countback."
TITLE, SUBTITLE, FOOT = 1.3, 1.0, 0.9  # sizes of text, of the base size
LEADING = 1.3  # distance of lines, of the size of text
FEW = 3  # providers that a figure names as those who counted; more are "the providers"
GAP = 7.0  # points between frame and drawing
MARGIN = 4.0  # points beside the text


@dataclass(frozen=True)
class Frame:
    """What stands around a figure: lines of text above and below it."""

    title: str
    subtitle: str
    foot: str


@cache
def figure_titles() -> "pd.DataFrame":
    """Return the rows of `data/reference/figures.csv` by the name of the figure."""
    return read_table(PROJECT / TITLES).set_index("figure")


def years_text(years: Iterable[float]) -> str:
    """Return the years of a figure in words, from the first to the last.

    Examples
    --------
    >>> years_text([2031, 2029, 2030]), years_text([2031.0]), years_text([])
    ('2029 to 2031', '2031', '')
    """
    found = sorted({int(year) for year in years})
    return "" if not found else str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"


def counted_text(counted_by: str, providers: Iterable[str] = ()) -> str:
    """Return who counted, as a sentence: a few providers by their names.

    Examples
    --------
    >>> counted_text("providers|ncmec")
    'Counted by the providers and by NCMEC.'
    >>> counted_text("providers|ncmec", ["Book", "Acme", "Acme"])
    'Counted by Acme and Book, and by NCMEC.'
    """
    verb = "Computed" if counted_by == "countback" else "Counted"
    names = sorted(set(providers))
    if not 0 < len(names) <= FEW:
        return f"{verb} by {' and by '.join(COUNTERS[name] for name in counted_by.split('|'))}."
    said = [name for name in (", ".join(names[:-1]), names[-1]) if name]
    who = [" and ".join(said) if name == "providers" else COUNTERS[name] for name in counted_by.split("|")]
    return f"{verb} by {(', and by ' if len(names) > 1 else ' and by ').join(who)}."


def framed(figure: str, what: str, years: Iterable[float] = (), note: str = "", providers: Iterable[str] = ()) -> Frame:
    """Return the frame of a figure.

    Parameters
    ----------
    figure
        Its name in `data/reference/figures.csv`.
    what
        What is drawn, with its unit.
    years
        Years of the data drawn; none where these have none.
    note
        What else a reader must know: other sources, what signs mean.
    providers
        Names of the providers whose own counts are drawn.

    Raises
    ------
    DataError
        If the figure has no row.
    """
    titles = figure_titles()
    if figure not in titles.index:
        raise DataError(
            TITLES, column="figure", found="no row of the figure", expected=figure, fix="Add its row, with a title."
        )
    row = titles.loc[figure]
    caution = "" if row.isna()["caution"] else str(row["caution"])
    sentences = [counted_text(str(row["counted_by"]), providers), note, caution, SOURCE]
    return Frame(
        str(row["title"]),
        ", ".join(part for part in (what, years_text(years)) if part),
        " ".join(sentence for sentence in sentences if sentence),
    )


def wrapped(text: str, size: float, width: float, weight: str = "normal") -> str:
    """Return a text with line breaks, so that no line is wider than `width`; both in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    face = FontProperties(family=look()["fonts"]["sans"], size=size, weight=weight)  # type: ignore[arg-type]
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_to_path.get_text_width_height_descent(longer, face, False)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


@dataclass(frozen=True)
class Lines:
    """A frame broken into lines for a figure of a width, with the height that it takes; points."""

    title: str
    subtitle: str
    foot: str
    head_height: float
    foot_height: float


def lines_of(frame: Frame, width: float) -> Lines:
    """Return the frame of a figure as lines that fit its width, in inches."""
    base, room = float(look()["fonts"]["base_pt"]), 72 * width - 2 * MARGIN
    title = wrapped(frame.title, TITLE * base, room, "semibold")
    subtitle = wrapped(frame.subtitle, SUBTITLE * base, room)
    foot = wrapped(frame.foot, FOOT * base, room)
    heights = [
        LEADING * size * base * (text.count("\n") + 1)
        for text, size in ((title, TITLE), (subtitle, SUBTITLE), (foot, FOOT))
    ]
    return Lines(title, subtitle, foot, heights[0] + heights[1] + GAP, heights[2] + GAP)


def head(lines: Lines) -> list[Any]:
    """Return title and subtitle for a plotnine figure."""
    from plotnine import element_text, labs, theme

    base = float(look()["fonts"]["base_pt"])
    titled = element_text(
        size=TITLE * base,
        weight="semibold",
        color=color("ink"),
        ha="left",
        linespacing=1.1,
        margin={"b": 2, "unit": "pt"},
    )
    said = element_text(
        size=SUBTITLE * base, color=color("muted"), ha="left", linespacing=1.1, margin={"b": GAP, "unit": "pt"}
    )
    return [
        labs(title=lines.title, subtitle=lines.subtitle),
        theme(plot_title=titled, plot_subtitle=said, plot_title_position="plot"),
    ]


def foot(lines: Lines) -> list[Any]:
    """Return the words below a plotnine figure."""
    from plotnine import element_text, labs, theme

    base = float(look()["fonts"]["base_pt"])
    said = element_text(
        size=FOOT * base, color=color("muted"), ha="left", linespacing=1.1, margin={"t": GAP, "unit": "pt"}
    )
    return [labs(caption=lines.foot), theme(plot_caption=said, plot_caption_position="plot")]


def frame_drawing(figure: "Figure", frame: Frame) -> None:
    """Put a frame around a drawing of matplotlib, which grows by it: what is drawn keeps its size."""
    width, height = figure.get_size_inches()
    lines, base = lines_of(frame, width), float(look()["fonts"]["base_pt"])
    top, bottom = lines.head_height / 72, lines.foot_height / 72
    whole = height + top + bottom
    places = [axes.get_position() for axes in figure.axes]
    figure.set_size_inches(width, whole)
    for axes, place in zip(figure.axes, places, strict=True):
        axes.set_position((place.x0, (bottom + place.y0 * height) / whole, place.width, place.height * height / whole))
    left = MARGIN / 72 / width
    below = (lines.title.count("\n") + 1) * LEADING * TITLE * base / 72
    edge = MARGIN / 72 / whole
    style: dict[str, Any] = {"ha": "left", "va": "top", "linespacing": 1.1}
    figure.text(left, 1 - edge, lines.title, size=TITLE * base, weight="semibold", color=color("ink"), **style)
    figure.text(left, 1 - edge - below / whole, lines.subtitle, size=SUBTITLE * base, color=color("muted"), **style)
    foot_text(figure, lines)


def foot_text(figure: "Figure", lines: Lines) -> None:
    """Write the words below a figure at its lower edge, which must have room for them."""
    width, height = figure.get_size_inches()
    size = FOOT * float(look()["fonts"]["base_pt"])
    at = (MARGIN / 72 / width, (lines.foot_height - GAP) / 72 / height)
    figure.text(*at, lines.foot, size=size, color=color("muted"), ha="left", va="top", linespacing=1.1)
