"""Checks of the outlines of countries: what a map needs and no schema can state."""

from collections.abc import Iterator

import pandas as pd
import shapely

from countback.checks.registry import check, faults, marked
from countback.io.errors import DataError

FILE = "data/reference/boundaries.csv"
WORLD = shapely.box(-180, -90, 180, 90)


def fault_of(outline: shapely.Geometry | None) -> str | None:
    """Say what is wrong with an outline, if anything is."""
    if outline is None or outline.is_empty:
        return "text that is no outline"
    if not outline.is_valid:
        return str(shapely.is_valid_reason(outline))
    if not WORLD.covers(outline):
        return f"coordinates within {tuple(float(edge) for edge in outline.bounds)}"
    return None


@check("boundaries")
def outlines_are_sound(frame: pd.DataFrame) -> Iterator[DataError]:
    """An outline can be read, doesn't cross itself, and lies on the Earth."""
    outlines = shapely.from_wkt(frame["boundary"].to_numpy(dtype=object), on_invalid="ignore")
    wrong = {at: text for at, outline in zip(frame.index, outlines, strict=True) if (text := fault_of(outline))}
    wanted = "polygons in well-known text that don't cross themselves, in degrees"
    fix = "Restore the row, or correct the outline."
    yield from faults(FILE, marked(frame, wrong), "boundary", wanted, fix, "{iso3}: {other}")
