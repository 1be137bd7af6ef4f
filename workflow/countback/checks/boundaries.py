"""Checks of the outlines of countries: what a map needs and no schema can state."""

from collections.abc import Iterator

import shapely

from countback.checks.disclosures import Check, Tables, line
from countback.io.errors import DataError

FILE = "data/reference/boundaries.csv"
WORLD = shapely.box(-180, -90, 180, 90)


def outlines_are_sound(tables: Tables) -> Iterator[DataError]:
    """An outline can be read, doesn't cross itself, and lies on the Earth."""
    if "boundaries" not in tables:
        return
    texts = tables["boundaries"]["boundary"]
    outlines = shapely.from_wkt(texts.to_numpy(dtype=object), on_invalid="ignore")
    for index, place, outline in zip(texts.index, tables["boundaries"]["iso3"], outlines, strict=True):
        if outline is None or outline.is_empty:
            fault = "text that is no outline"
        elif not outline.is_valid:
            fault = shapely.is_valid_reason(outline)
        elif not WORLD.covers(outline):
            fault = f"coordinates within {tuple(float(edge) for edge in outline.bounds)}"
        else:
            continue
        yield DataError(
            FILE,
            line(index),
            "boundary",
            found=f"{place}: {fault}",
            expected="polygons in well-known text that don't cross themselves, in degrees",
            fix="Restore the row, or correct the outline.",
        )


BOUNDARY_CHECKS: tuple[Check, ...] = (outlines_are_sound,)
