"""Draw reports per person on maps of the world, one a year, on one scale: the last year's is the largest.

- Equal Earth: areas are true, so that no place looks larger than it is.
- Classes are equal steps on a logarithmic scale, the same for all years; `config/config.yaml` names their limits.
- A place too small to be seen is a dot, of one size for all; dots lie over shapes, the higher class over the lower.
- A place without a count or without a population has no rate: it is gray, never the lowest class.
- For pages, shapes and numbers are written as a script, which needs no server; `press/templates/map.js` reads it.
- Antarctica, where nobody lives, is left out. Corners that print can't show are dropped, borders kept in common.
"""

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from countback.breaks import breaks_of, breaks_within
from countback.io.errors import DataError
from countback.io.files import write_text
from countback.io.script import run
from countback.io.tables import read_table
from countback.look import color, figure_size, sequential_colors
from countback.look.frame import framed
from countback.look.plot import LABEL_PT, save_drawing, write_data
from countback.text.typography import typographic
from countback.text.units import format_number
from countback.text.words import in_order

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EQUAL_EARTH = "+proj=eqearth"
UNINHABITED = "ATA"
SERIES = "country_reports"  # the table whose breaks are said
SMALLEST_SQUARE_KM = 3_000.0  # below this a shape is smaller than the dot
CORNERS = 6e4  # meters: the side of a square that is a third of a point in print
SMALLEST_ISLAND_SQUARE_KM = 400.0  # of a place with more land; smaller ones are specks
COLUMNS = 2
DOT = 4.0  # square points, on the smaller maps
LARGE_DOT = 9.0  # on the largest
LEGEND_HEIGHT = 0.7  # inches
# parts of the world that the map of pages can show: west, south, east, north in degrees
VIEWS = {
    "Africa": (-20, -36, 55, 38),
    "North and Central America": (-130, 7, -58, 60),
    "Caribbean": (-90, 8, -58, 28),
    "South America": (-85, -56, -32, 14),
    "Asia": (25, -12, 150, 56),
    "Europe": (-25, 34, 42, 71),
    "Oceania": (110, -48, 180, 22),
}
SCREEN_WIDTH = 2000  # steps that the map of pages is wide: half a pixel each at full width
COLUMNS_OF_DATA = ["iso3", "name", "year", "reports", "population", "reports_per_100k", "rate_class", "drawn_as"]


def rate_class(rates: pd.Series, limits: list[float]) -> pd.Series:
    """Return the class of each rate, from 0 up: the number of limits that it reaches; missing without a rate.

    Examples
    --------
    >>> rate_class(pd.Series([5, 30, 99, None]), [30, 100]).tolist()
    [0, 1, 1, <NA>]
    """
    classes = np.searchsorted(limits, rates.fillna(0).to_numpy(dtype=float), side="right")
    return pd.Series(classes, index=rates.index, dtype="Int64").mask(rates.isna())


def check_colors(limits: list[float]) -> None:
    """Refuse limits that don't ascend, or that need another number of colors than the look has.

    Raises
    ------
    DataError
        If that is so.
    """
    n_colors = len(sequential_colors())
    if sorted(limits) != limits or n_colors != len(limits) + 1:
        raise DataError(
            "config/config.yaml",
            row="maps.classes",
            found=limits,
            expected=f"{n_colors - 1} limits in ascending order, since config/look.yml has {n_colors} colors",
            fix="Correct the limits, or colors.sequential in config/look.yml.",
        )


def outlines(boundaries: pd.DataFrame) -> "GeoDataFrame":
    """Return the shapes as drawn, by code, with the point that a dot is drawn at and `is_dot`."""
    import geopandas
    import shapely

    shapes = geopandas.GeoDataFrame(
        boundaries[["iso3"]], geometry=geopandas.GeoSeries.from_wkt(boundaries["boundary"]), crs=4326
    ).set_index("iso3")
    shapes = shapes.drop(index=UNINHABITED, errors="ignore").to_crs(EQUAL_EARTH)
    shapes["point"] = shapes.representative_point()
    shapes["is_dot"] = shapes.area < SMALLEST_SQUARE_KM * 1e6
    shapes["geometry"] = shapely.coverage_simplify(shapes.geometry.to_numpy(), CORNERS)
    pieces = shapes.explode()
    is_largest = pieces.area == pieces.area.groupby(level=0).transform("max")
    return pieces[is_largest | (pieces.area >= SMALLEST_ISLAND_SQUARE_KM * 1e6)].dissolve(level=0, aggfunc="first")


def maps_data(jurisdictions: pd.DataFrame, shapes: "GeoDataFrame", limits: list[float]) -> pd.DataFrame:
    """Return what the maps show: one row per place and year, with its class and whether it is a shape or a dot."""
    data = jurisdictions[jurisdictions["iso3"].isin(shapes.index)].copy()
    data["rate_class"] = rate_class(data["reports_per_100k"], limits)
    data["drawn_as"] = np.where(shapes.loc[data["iso3"], "is_dot"], "dot", "shape")
    return data[COLUMNS_OF_DATA].sort_values(["year", "iso3"], ignore_index=True)


def draw_year(axes: "Axes", title: str, data: pd.DataFrame, shapes: "GeoDataFrame", dot: float = DOT) -> None:
    """Draw one year's map: shapes in the color of their class, then dots, `dot` square points each, the lowest class
    first."""
    classes = data.set_index("iso3")["rate_class"].reindex(shapes.index)
    palette = sequential_colors()
    fills = pd.Series([color("line") if pd.isna(rank) else palette[rank] for rank in classes], index=shapes.index)
    shapes.plot(ax=axes, color=fills.to_list(), edgecolor=color("paper"), linewidth=0.15)
    dots = shapes[shapes["is_dot"] & classes.notna()]
    dots = dots.loc[classes[dots.index].sort_values(kind="stable").index]
    look_of_dots: dict[str, Any] = {"edgecolors": color("ink"), "linewidths": 0.25, "clip_on": False}
    axes.scatter(dots["point"].x, dots["point"].y, s=dot, c=fills[dots.index].to_list(), **look_of_dots)
    axes.set_axis_off()
    axes.set_title(title, loc="left", x=0.08, y=0.1, fontsize=9, color=color("ink"), fontweight="bold")
    axes.margins(0)


def class_labels(limits: list[float]) -> list[str]:
    """Return the classes in words, the lowest first.

    Examples
    --------
    >>> class_labels([30, 100])
    ['under 30', '30 to 100', '100 and more']
    """
    texts = [format_number(limit, "count") for limit in limits]
    between = [f"{low} to {high}" for low, high in pairwise(texts)]
    return [f"under {texts[0]}", *between, f"{texts[-1]} and more"]


def draw_legend(axes: "Axes", limits: list[float]) -> None:
    """Draw what the colors and the dot mean, the lowest class on the left."""
    from matplotlib.patches import Rectangle

    labels = class_labels(limits)
    axes.set(xlim=(0, len(labels)), ylim=(3, 0))
    axes.set_axis_off()
    style: dict[str, Any] = {"fontsize": LABEL_PT, "va": "center", "color": color("ink")}
    for at, (fill, label) in enumerate(zip(sequential_colors(), labels, strict=True)):
        axes.add_patch(Rectangle((at, 0.3), 0.98, 0.6, facecolor=fill, edgecolor="none"))
        axes.text(at, 1.35, label, **style)
    axes.add_patch(Rectangle((0, 2.05), 0.14, 0.6, facecolor=color("line"), edgecolor="none"))
    axes.text(0.2, 2.4, "no count, or no population known", **style)
    axes.scatter([2.6], [2.35], s=LARGE_DOT, c=color("paper"), edgecolors=color("ink"), linewidths=0.4)
    axes.text(2.7, 2.4, "dot: a place too small to see", **style)


def year_titles(years: list[int], changes: pd.DataFrame) -> list[str]:
    """Return what stands beside each year's map: the year and, from a break on, what its numbers mean since.

    Examples
    --------
    >>> year_titles([2030, 2031], pd.DataFrame({"year": [2031], "title": ["each recipient counted"]}))
    ['2030', '2031, each recipient counted']
    """
    marks = breaks_within(changes, years)
    since = [marks.loc[marks["at"] < year, "label"].tolist()[-1:] for year in years]
    return [", ".join([str(year), *label]) for year, label in zip(years, since, strict=True)]


def draw_maps(data: pd.DataFrame, shapes: "GeoDataFrame", limits: list[float], changes: pd.DataFrame) -> "Figure":
    """Return the last year's map, below it those of the years before, the later first, and the legend."""
    from matplotlib.figure import Figure

    years = sorted(data["year"].unique())[::-1]
    titles = year_titles(years[::-1], changes)[::-1]
    rows = -(-(len(years) - 1) // COLUMNS)
    width, height = figure_size("map")
    heights = [COLUMNS * height, LEGEND_HEIGHT, *[height] * rows]
    figure = Figure(figsize=(width, sum(heights)))
    grid = figure.add_gridspec(len(heights), COLUMNS, wspace=0.09, hspace=0.0, height_ratios=heights)
    figure.subplots_adjust(0.01, 0, 0.99, 1)  # the outermost dots need room
    small = [figure.add_subplot(grid[2 + number // COLUMNS, number % COLUMNS]) for number in range(len(years) - 1)]
    for axes, year, title in zip([figure.add_subplot(grid[0, :]), *small], years, titles, strict=True):
        draw_year(axes, title, data[data["year"] == year], shapes, DOT if axes in small else LARGE_DOT)
    draw_legend(figure.add_subplot(grid[1, :]), limits)
    return figure


def ring_path(points: np.ndarray) -> str:
    """Return a ring of whole numbers as the path of an SVG, relative from corner to corner; empty without area.

    Examples
    --------
    >>> ring_path(np.array([[10, 10], [20, 10], [20, 15], [10, 10]]))
    'M0 0m10 10 10 0 0 5z'
    """
    steps = np.diff(points, axis=0, prepend=0)
    moving = steps[np.any(steps != 0, axis=1) | (np.arange(len(steps)) == 0)]
    return "M0 0m" + " ".join(f"{x} {y}" for x, y in moving[:-1]) + "z" if len(moving) > 3 else ""


def shape_path(shape: Any, to_screen: Any) -> str:
    """Return all rings of a shape as one path."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(ring_path(to_screen(shapely.get_coordinates(ring))) for ring in rings)


def views(to_screen: Any) -> list[dict[str, Any]]:
    """Return the parts of the world by name, each with the box around it: left, top, width and height in steps."""
    import geopandas
    import shapely

    boxes = [shapely.segmentize(shapely.box(*degrees), 1) for degrees in VIEWS.values()]
    bounds = geopandas.GeoSeries(boxes, crs=4326).to_crs(EQUAL_EARTH).bounds.to_numpy()
    corners = [to_screen(np.array([[left, top], [right, bottom]])) for left, bottom, right, top in bounds]
    sizes = [[*low.tolist(), *(high - low).tolist()] for low, high in corners]
    return [{"name": name, "box": size} for name, size in zip(VIEWS, sizes, strict=True)]


def web_map(data: pd.DataFrame, shapes: "GeoDataFrame", limits: list[float]) -> dict[str, Any]:
    """Return what a page needs to draw the maps: size, years, classes, colors, views, and places with numbers.

    A number that is missing is null; so is the class of a place without a rate.
    """
    left, bottom, right, top = shapes.total_bounds
    scale = SCREEN_WIDTH / (right - left)

    def to_screen(points: np.ndarray) -> np.ndarray:
        return np.rint((points - [left, top]) * [scale, -scale]).astype(int)

    texts = data.astype(object).where(data.notna(), None)
    numbers = dict(list(texts.groupby("iso3")))
    places = []
    for code, shape in shapes[shapes.index.isin(numbers)].iterrows():
        rows = numbers[code]
        dot = to_screen(np.array([[shape["point"].x, shape["point"].y]]))[0].tolist() if shape["is_dot"] else None
        years = zip(rows["year"], rows["reports"], rows["reports_per_100k"], rows["rate_class"], strict=True)
        values = {str(year): [reports, rate and round(rate, 1), rank] for year, reports, rate, rank in years}
        path = "" if dot else shape_path(shape["geometry"], to_screen)
        places.append(
            {"id": code, "name": typographic(rows["name"].iloc[0]), "path": path, "dot": dot, "values": values}
        )
    return {
        "size": [SCREEN_WIDTH, int(np.ceil((top - bottom) * scale))],
        "years": sorted({int(year) for year in data["year"]}),
        "classes": class_labels(limits),
        "colors": sequential_colors(),
        "views": views(to_screen),
        "places": sorted(places, key=lambda place: in_order(place["name"])),
    }


def main(jurisdictions: str, boundaries: str, breaks: str, limits: list[float], output: Any) -> None:
    """Draw the maps, and write the data under them and what pages draw them from."""
    check_colors(limits)
    shapes = outlines(read_table(boundaries))
    data = maps_data(read_table(jurisdictions), shapes, limits)
    changes = breaks_of(SERIES, read_table(breaks))
    note = "Populations by the United Nations, outlines by Natural Earth."
    frame = framed("maps", "Reports per 100,000 people, by where services placed uploads", data["year"], note)
    save_drawing(lambda: draw_maps(data, shapes, limits, changes), output.figure, frame)
    write_data(data, output.data)
    text = json.dumps(web_map(data, shapes, limits), ensure_ascii=False, separators=(",", ":"))
    write_text(f"window.worldMap = {text};\n", Path(output.web))


if __name__ == "__main__":
    run(
        lambda: main(
            snakemake.input.jurisdictions,
            snakemake.input.boundaries,
            snakemake.input.changes,
            snakemake.params.limits,
            snakemake.output,
        ),
        snakemake.log[0],
    )
