"""What a plotnine figure draws, read from the drawing: words, points, lines and axes, in the units of the data."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex


@dataclass
class Panel:
    """What one panel of a figure shows; heights and widths on logarithmic axes are their logarithms.

    Attributes
    ----------
    words
        Texts, each with its place, its side, its size in points and its color.
    points
        Places and areas of dots by color.
    lines
        Number of corners, ends, width and color of each line.
    """

    words: list[tuple[str, float, float, str, float, str]] = field(default_factory=list)
    points: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    lines: list[tuple[int, list[float], float, str]] = field(default_factory=list)
    ticks: tuple[list[str], list[str]] = ([], [])
    limits: list[float] = field(default_factory=list)


def _line(vertices: Any, width: float, hue: Any) -> tuple[int, list[float], float, str]:
    ends = np.round([*vertices[0], *vertices[-1]], 3).tolist()
    return len(vertices), ends, round(float(width), 3), to_hex(hue)


def _panel(axes: Any) -> Panel:
    panel = Panel(ticks=tuple([t.get_text() for t in axis.get_ticklabels()] for axis in (axes.xaxis, axes.yaxis)))
    panel.limits = np.round([*axes.get_xlim(), *axes.get_ylim()], 3).tolist()
    for text in axes.texts:
        place = np.round(text.get_position(), 3).tolist()
        color = to_hex(text.get_color())
        panel.words.append((text.get_text(), *place, text.get_ha(), float(text.get_fontsize()), color))
    for drawn in axes.collections:
        if isinstance(drawn, LineCollection):
            for path in drawn.get_paths():
                panel.lines.append(_line(path.vertices, drawn.get_linewidths()[0], drawn.get_colors()[0]))
        elif isinstance(drawn, PathCollection):
            sizes, hues = drawn.get_sizes(), drawn.get_facecolors()
            for number, place in enumerate(np.round(drawn.get_offsets(), 3).tolist()):
                dot = (*place, round(float(sizes[number % len(sizes)]), 2))
                panel.points.setdefault(to_hex(hues[number % len(hues)]), []).append(dot)
    panel.lines += [_line(one.get_xydata(), one.get_linewidth(), one.get_color()) for one in axes.lines]
    return panel


def drawn(plot: Any) -> tuple[list[Panel], tuple[str, str]]:
    """Return the panels of a figure and the titles of its axes."""
    figure = plot.draw()
    return [_panel(axes) for axes in figure.axes], (plot.labels.x, plot.labels.y)
