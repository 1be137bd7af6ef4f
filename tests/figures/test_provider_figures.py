"""A chart for each provider with two counts, from the same brands on both sides, the same bytes at each run."""

import pandas as pd
import pytest

from countback.look.plot import stable_drawing
from scripts.figures.provider_figures import both_counts, draw_chart, drawn_points, main, n_within

COLUMNS = ["provider", "year", "provider_reports", "ncmec_reports", "is_comparable", "ncmec_other_brands"]
PAIRS = pd.DataFrame(
    [
        ("acme", 2031, None, 90, False, "chat"),
        ("acme", 2032, 40, 50, True, None),
        ("acme", 2033, None, 60, False, None),
        ("mute", 2032, None, 7, False, None),
    ],
    columns=COLUMNS,
)
NAMES = {"acme": "Acme & Co", "mute": "Mute"}


def test_providers_with_comparable_years_are_drawn_with_counts_of_the_same_brands_alone():
    data = both_counts(PAIRS, NAMES)
    assert set(data["provider"]) == {"acme"}
    found = data.set_index(["side", "year"])["reports"].to_dict()
    assert found == {("own", 2032): 40, ("ncmec", 2032): 50, ("ncmec", 2033): 60}


def test_the_charts_are_the_same_bytes_each_time_and_a_provider_without_two_counts_has_none(tmp_path, monkeypatch):
    tables = {"pairs": PAIRS, "organizations": pd.DataFrame({"organization": list(NAMES), "name": NAMES.values()})}
    monkeypatch.setattr("scripts.figures.provider_figures.read_table", tables.__getitem__)
    texts, pictures = [], []
    for folder in (tmp_path / "one", tmp_path / "two"):
        main("pairs", "organizations", str(folder / "data.csv"), str(folder / "charts"))
        assert sorted(file.name for file in (folder / "charts").iterdir()) == ["acme.png", "acme.svg"]
        texts.append((folder / "charts" / "acme.svg").read_text())
        pictures.append((folder / "charts" / "acme.png").read_bytes())
    assert texts[0] == texts[1] and pictures[0] == pictures[1]
    assert "<image" not in texts[0]


@pytest.mark.parametrize(
    ("own", "ncmec"),
    [
        ({2031: 96, 2032: 79, 2033: 141}, {2031: 97, 2032: 79, 2033: 141, 2034: 103, 2035: 121}),  # alike, then down
        ({2032: 551, 2033: 691, 2034: 1050}, {2032: 551, 2033: 713, 2034: 1175, 2035: 752}),  # a little below
        ({2032: 6, 2033: 37, 2034: 16}, {2031: 2, 2032: 6, 2033: 1}),  # the clearinghouse's ends, near the axis
        ({2034: 685}, {2032: 98, 2033: 871, 2034: 686, 2035: 817}),  # in a valley
    ],
)
def test_no_line_crosses_the_name_of_one_that_ends_early(own, ncmec):
    rows = [
        ("acme", "Acme", side, year, reports)
        for side, found in (("own", own), ("ncmec", ncmec))
        for year, reports in found.items()
    ]
    data = pd.DataFrame(rows, columns=["provider", "name", "side", "year", "reports"])
    with stable_drawing():
        (axes,) = draw_chart(data).axes
        names = [text for text in axes.texts if text.get_text() in ("Acme", "NCMEC")]
        points = drawn_points(axes, {"own": pd.Series(own), "ncmec": pd.Series(ncmec)})
        assert len(names) == 2
        assert [n_within(name, points) for name in names] == [0, 0]
