"""The look of plotnine figures, and SVG files that are the same bytes at each run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from countback.breaks import breaks_within
from countback.io.files import write_text, written_whole
from countback.look import color, figure_size, font_folders, look
from countback.look.frame import Frame, foot, frame_drawing, head, lines_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from plotnine import ggplot, theme

PNG_WIDTH = 1656  # pixels: two for each that a figure is wide in pages
LABEL_PT = 8.5  # names of lines and of rows
NOTE_PT = 8.0  # the smallest text in a figure


def theme_countback() -> "theme":
    """Return the theme of all plotnine figures: quiet, sans labels, light grid, no frame."""
    from plotnine import element_blank, element_line, element_text, theme, theme_minimal

    muted = color("muted")
    return theme_minimal(base_size=look()["fonts"]["base_pt"], base_family=look()["fonts"]["sans"]) + theme(
        text=element_text(color=color("ink")),
        axis_text=element_text(color=muted, size=LABEL_PT),
        axis_title=element_text(color=muted, size=LABEL_PT),
        strip_text=element_text(
            color=color("ink"), size=look()["fonts"]["base_pt"], weight="semibold", ha="left", ma="left"
        ),
        axis_ticks=element_blank(),
        panel_grid_minor=element_blank(),
        panel_grid_major=element_line(color=color("line"), size=0.4),
        legend_position="none",
        plot_background=element_blank(),
    )


def plot_nothing(text: str) -> "ggplot":
    """Return what stands in the place of a figure that the data have nothing for."""
    from plotnine import annotate, ggplot, theme_void

    return ggplot() + annotate("text", x=0, y=0, label=text, family=look()["fonts"]["sans"]) + theme_void()


def break_marks(
    breaks: "pd.DataFrame",
    years: Sequence[float],
    heights: Sequence[float],
    panel: "Mapping[str, Any] | None" = None,
) -> list[Any]:
    """Return marks of breaks in a figure over years: a dashed line between two years, with what changed beside it.

    Lines of data are to be grouped by `countback.breaks.segments`, so that none is drawn across.

    Parameters
    ----------
    breaks
        What `breaks_of` returns.
    years
        Years that the figure shows.
    heights
        Of the words, in the units of the data: the first break has the first, and so on in turns, so that words of
        neighbors don't meet.
    panel
        Where a figure has several panels, the columns and values of the one that has the words; else all have them.
    """
    from plotnine import aes, geom_label, geom_vline

    marks = breaks_within(breaks, years)
    if marks.empty:
        return []
    turns = [heights[turn % len(heights)] for turn in range(len(marks))]
    said = marks.assign(label=[fill(label, 16) for label in marks["label"]], height=turns, **(panel or {}))
    return [
        geom_vline(aes(xintercept="at"), data=marks, color=color("muted"), size=0.4, linetype="dashed"),
        # on a ground of its own: the line of another break may run through
        geom_label(
            aes("at", "height", label="label"),
            data=said,
            inherit_aes=False,
            ha="right",
            va="top",
            nudge_x=-0.005 * (max(years) - min(years)),
            size=NOTE_PT,
            lineheight=1.1,
            label_size=0,
            label_padding=0.1,
            fill=color("paper"),
            color=color("muted"),
            family=look()["fonts"]["sans"],
        ),
    ]


def register_fonts() -> None:
    """Make the packages' faces known to matplotlib, so that no system font is drawn."""
    from matplotlib import font_manager

    known = {font.fname for font in font_manager.fontManager.ttflist}
    for file in sorted(font_folders()[1].glob("SourceSansPro-*.ttf")):
        if str(file) not in known:
            font_manager.fontManager.addfont(str(file))


def save_figure(plot: "ggplot", path: str | Path, size: str, frame: Frame | None = None, has_png: bool = True) -> None:
    """Write a figure as SVG and, beside it, as PNG: the same everywhere, and the same bytes each time.

    Parameters
    ----------
    plot
        A plotnine figure.
    path
        The file, ending in `.svg`.
    size
        A name under `figures` in `config/look.yml`: the inches of what is drawn, without its frame.
    frame
        What stands around it.
    has_png
        Whether a PNG is written: one for narrow screens has none.
    """
    from plotnine import theme

    width, height = figure_size(size)

    def draw() -> "Figure":
        lines = lines_of(frame, width) if frame else None
        parts = [*head(lines), *foot(lines)] if lines else []
        whole = height + ((lines.head_height + lines.foot_height) / 72 if lines else 0)
        return (plot + parts + theme(figure_size=(width, whole))).draw()

    _save(draw, path, has_png)


def write_data(data: "pd.DataFrame", path: str | Path) -> None:
    """Write what a figure draws as CSV, for readers who want its numbers."""
    write_text(data.to_csv(index=False, lineterminator="\n"), path)


def save_drawing(draw: Callable[[], "Figure"], path: str | Path, frame: Frame | None = None) -> None:
    """Write a matplotlib figure as SVG and PNG, in the look's face: the same everywhere, and the same bytes each time.

    Parameters
    ----------
    draw
        Draws the figure: text takes its face while it is drawn.
    path
        The file, ending in `.svg`.
    frame
        What stands around it.
    """

    def drawn() -> "Figure":
        figure = draw()
        if frame:
            frame_drawing(figure, frame)
        return figure

    _save(drawn, path)


def _save(draw: Callable[[], "Figure"], path: str | Path, has_png: bool = True) -> None:
    """Draw a figure once and write it as SVG, with its text as outlines, and as PNG, neither with a date."""
    file = Path(path)
    with stable_drawing():
        figure = draw()
        ground = {"facecolor": color("paper"), "edgecolor": "none"}
        with written_whole(file) as partial:
            figure.savefig(partial, format="svg", metadata={"Date": None, "Creator": None}, **ground)
        if not has_png:
            return
        dots = PNG_WIDTH / figure.get_size_inches()[0]
        with written_whole(file.with_suffix(".png")) as partial:
            figure.savefig(partial, format="png", dpi=dots, metadata={"Software": None}, **ground)


@contextmanager
def stable_drawing() -> Iterator[None]:
    """Set what makes files of figures repeatable: text as outlines, no names by chance.

    All settings begin from matplotlib's own: those of a `matplotlibrc` in the folder or of the user's are left out.
    """
    import matplotlib

    register_fonts()
    settings = {"svg.hashsalt": "countback", "svg.fonttype": "path", "font.family": look()["fonts"]["sans"]}
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)
        yield


def spread(positions: list[float], gap: float) -> list[float]:
    """Return positions moved apart until neighbors are `gap` away, each as near to its own as that allows.

    Examples
    --------
    >>> spread([1.0, 1.1, 5.0], gap=1.0)
    [0.55, 1.55, 5.0]
    """
    groups: list[list[int]] = [[index] for index in sorted(range(len(positions)), key=positions.__getitem__)]

    def start(group: list[int]) -> float:
        return sum(positions[index] - gap * rank for rank, index in enumerate(group)) / len(group)

    merged = True
    while merged:
        merged = False
        for left in range(len(groups) - 1):
            if start(groups[left]) + gap * len(groups[left]) > start(groups[left + 1]) + 1e-9:
                groups[left : left + 2] = [groups[left] + groups[left + 1]]
                merged = True
                break
    placed = {index: start(group) + gap * rank for group in groups for rank, index in enumerate(group)}
    return [round(placed[index], 10) for index in range(len(positions))]
