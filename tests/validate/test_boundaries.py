"""The outlines of countries: complete, sound, in the right places, and checked."""

import geopandas
import pandas as pd
import pytest
import shapely

from countback.checks.boundaries import outlines_are_sound
from countback.io.tables import read_table

SQUARE = "POLYGON((0 0,1 0,1 1,0 1,0 0))"


@pytest.fixture(scope="module")
def outlines(project):
    rows = read_table(project / "data" / "reference" / "boundaries.csv")
    return geopandas.GeoDataFrame(
        rows.drop(columns="boundary"), geometry=geopandas.GeoSeries.from_wkt(rows["boundary"]), crs=4326
    ).set_index("iso3")


def faults(*texts):
    rows = pd.DataFrame({"iso3": ["AAA"] * len(texts), "boundary": pd.array(texts, dtype="string")})
    return [str(fault) for fault in outlines_are_sound({"boundaries": rows})]


def test_every_place_with_reports_has_an_outline_but_for_what_is_no_country(project, outlines):
    reports = read_table(project / "data" / "cybertipline" / "country_reports.csv")
    codes = read_table(project / "data" / "reference" / "countries.csv").set_index("iso3")["code_status"]
    without = sorted(set(reports["iso3"]) - set(outlines.index))
    assert [codes[code] for code in without] == ["withdrawn", "own", "own"]


@pytest.mark.parametrize(
    ("iso3", "longitude", "latitude"),
    [
        ("MCO", 7.41, 43.75),
        ("SGP", 103.82, 1.35),
        ("MLT", 14.45, 35.89),
        ("GIB", -5.35, 36.135),
        ("REU", 55.5, -21.1),
        ("GUF", -53, 4),
        ("BES", -68.28, 12.18),
        ("SJM", 16.5, 78.9),
        ("FJI", 178, -17.8),
        ("RUS", -175, 66.5),
        ("RUS", 100, 60),
        ("XKX", 21.1, 42.6),
        ("VAT", 12.434, 41.903),
        ("ITA", 12.6, 41.8),
    ],
)
def test_an_outline_holds_a_place_known_to_lie_there_and_no_other_does(outlines, iso3, longitude, latitude):
    holds = outlines.contains(shapely.Point(longitude, latitude))
    assert list(outlines.index[holds]) == [iso3]


def test_outlines_cover_the_land_once(outlines):
    square_kilometers = outlines.to_crs("+proj=cea").area / 1e6
    assert 146e6 < square_kilometers.sum() < 150e6
    assert square_kilometers["FRA"] == pytest.approx(547_000, rel=0.01)
    together = outlines.to_crs("+proj=cea").union_all().area / 1e6
    assert together == pytest.approx(square_kilometers.sum(), rel=1e-5)


def test_neighbors_share_their_border(outlines):
    shared = outlines.geometry["FRA"].intersection(outlines.geometry["DEU"])
    assert shapely.get_dimensions(shared) == 1
    assert shared.length > 2


def test_no_outline_crosses_the_antimeridian(outlines):
    pieces = outlines.explode()
    assert (pieces.bounds["maxx"] - pieces.bounds["minx"]).drop("ATA").max() < 180


def test_outlines_survive_the_projection_of_the_maps(outlines):
    assert outlines.to_crs("+proj=eqearth").is_valid.all()


def test_a_faulty_outline_is_named_with_its_line():
    assert faults(SQUARE) == []
    crossed, empty, outside = faults(
        "POLYGON((0 0,1 1,1 0,0 1,0 0))", "POLYGON EMPTY", "POLYGON((170 0,190 0,190 1,170 1,170 0))"
    )
    assert "row 2" in crossed and "Self-intersection" in crossed
    assert "row 3" in empty and "no outline" in empty
    assert "row 4" in outside and "190" in outside
