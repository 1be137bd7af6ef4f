"""The maps show every place with a rate in its class, small places too, and nothing where there is no rate."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.look import color, sequential_colors
from countback.look.plot import save_drawing
from scripts.figures import maps

LIMITS = [30.0, 100.0, 300.0, 1000.0]
NO_CHANGES = pd.DataFrame({"year": pd.Series(dtype="int64"), "title": pd.Series(dtype="string")})
BOUNDARIES = pd.DataFrame(
    [
        ("BIG", "POLYGON((0 0,10 0,10 10,0 10,0 0))"),
        ("ISL", "POLYGON((20 0,20.1 0,20.1 0.1,20 0.1,20 0))"),
        ("ATA", "POLYGON((-10 -80,10 -80,10 -70,-10 -70,-10 -80))"),
    ],
    columns=["iso3", "boundary"],
)


def years(*rows):
    columns = ["iso3", "year", "reports", "population", "reports_per_100k"]
    frame = pd.DataFrame(rows, columns=columns).convert_dtypes()
    return frame.assign(name=frame["iso3"], reports_per_100k=frame["reports_per_100k"].astype("Float64"))


def shown(*rows):
    return maps.maps_data(years(*rows), maps.outlines(BOUNDARIES), LIMITS).set_index(["iso3", "year"])


def test_a_place_too_small_to_see_is_a_dot_and_a_large_one_a_shape():
    data = shown(("BIG", 2030, 5, 10, 50.0), ("ISL", 2030, 5, 10, 50.0))
    assert data["drawn_as"].to_dict() == {("BIG", 2030): "shape", ("ISL", 2030): "dot"}


def test_a_rate_at_a_limit_belongs_to_the_class_that_the_limit_opens():
    data = shown(("BIG", 2030, 1, 1, 29.999), ("BIG", 2031, 1, 1, 30.0), ("BIG", 2032, 1, 1, 5000.0))
    assert data["rate_class"].tolist() == [0, 1, 4]


def test_a_place_without_a_rate_has_no_class_and_is_drawn_gray():
    rows = ("BIG", 2030, 7, None, None), ("ISL", 2030, 7, None, None), ("BIG", 2031, 0, 10, 0.0)
    data = shown(*rows)
    assert data["rate_class"].isna().to_dict() == {("BIG", 2030): True, ("ISL", 2030): True, ("BIG", 2031): False}
    figure = maps.draw_maps(data.reset_index(), maps.outlines(BOUNDARIES), LIMITS, NO_CHANGES)
    fills = [axes.collections[0].get_facecolor()[0, :3] for axes in figure.axes[:2]]
    shades = color("line"), sequential_colors()[0]
    gray, lowest = (tuple(int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)) for text in shades)
    assert fills[0] == pytest.approx(gray)
    assert fills[1] == pytest.approx(lowest)
    assert len(figure.axes[0].collections[1].get_offsets()) == 0


def luminance(shade):
    """Return the relative luminance of a color, as the WCAG define it."""
    parts = [int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_lowest_class_can_be_told_from_paper_and_each_class_from_the_next():
    lights = [luminance(shade) + 0.05 for shade in (color("paper"), *sequential_colors())]
    assert all(lighter / darker > 1.3 for lighter, darker in pairwise(lights))


def test_a_place_without_reports_that_year_is_gray_and_no_place_disappears(project):
    boundaries = read_table(project / "data" / "reference" / "boundaries.csv")
    assert set(maps.outlines(boundaries).index) == set(boundaries["iso3"]) - {"ATA"}


def test_every_year_has_its_map_the_last_the_largest_and_the_legend_every_class():
    data = shown(*[("BIG", year, 5, 10, 50.0) for year in (2030, 2031, 2032, 2033)]).reset_index()
    figure = maps.draw_maps(data, maps.outlines(BOUNDARIES), LIMITS, NO_CHANGES)
    titles = {axes.get_title(loc="left"): axes.get_position().height for axes in figure.axes[:4]}
    assert sorted(titles) == ["2030", "2031", "2032", "2033"]
    assert max(titles, key=titles.__getitem__) == "2033"
    texts = [text.get_text() for text in figure.axes[4].texts]
    assert texts[:5] == ["under 30", "30 to 100", "100 to 300", "300 to 1,000", "1,000 and more"]


def test_the_same_data_give_the_same_bytes_in_the_looks_own_face(tmp_path):
    data = shown(("BIG", 2030, 5, 10, 50.0), ("ISL", 2030, 5, 10, 500.0)).reset_index()
    for name in ("a.svg", "b.svg"):
        save_drawing(lambda: maps.draw_maps(data, maps.outlines(BOUNDARIES), LIMITS, NO_CHANGES), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert "SourceSansPro" in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("limits", [[30.0, 100.0], [100.0, 30.0, 300.0, 1000.0]])
def test_limits_that_dont_fit_the_colors_are_refused(limits):
    with pytest.raises(DataError, match=r"maps\.classes"):
        maps.check_colors(limits)


def test_pages_get_every_place_with_its_numbers_and_null_where_there_are_none():
    shapes = maps.outlines(BOUNDARIES)
    data = shown(("BIG", 2030, 7, 10, 50.04), ("BIG", 2031, 7, None, None), ("ISL", 2030, 0, 5, 0.0)).reset_index()
    web = json.loads(json.dumps(maps.web_map(data, shapes, LIMITS)))
    big, island = web["places"]
    assert web["years"] == [2030, 2031]
    assert big["values"] == {"2030": [7, 50.0, 1], "2031": [7, None, None]}
    assert island["values"] == {"2030": [0, 0.0, 0]}
    assert big["dot"] is None
    assert big["path"].startswith("M0 0m0 ")
    assert island["path"] == ""
    assert web["size"][0] >= island["dot"][0] > web["size"][0] * 0.9


def test_a_ring_that_has_shrunk_to_a_line_is_left_out():
    assert maps.ring_path(np.array([[3, 3], [4, 3], [4, 3], [3, 3]])) == ""


def test_pages_can_show_parts_of_the_world_that_lie_within_the_map(project):
    shapes = maps.outlines(read_table(project / "data" / "reference" / "boundaries.csv"))
    data = maps.maps_data(years(("KEN", 2030, 7, 10, 50.0), ("MLT", 2030, 7, 10, 50.0)), shapes, LIMITS)
    web = maps.web_map(data, shapes, LIMITS)
    boxes = {view["name"]: view["box"] for view in web["views"]}
    for left, top, width, height in boxes.values():
        assert -20 <= left < left + width <= web["size"][0] + 20
        assert -20 <= top < top + height <= web["size"][1] + 20
    island = next(place["dot"] for place in web["places"] if place["id"] == "MLT")
    left, top, width, height = boxes["Europe"]
    assert left < island[0] < left + width
    assert top < island[1] < top + height
