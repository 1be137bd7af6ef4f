"""A chart for each provider with two counts, from the same brands on both sides, the same bytes at each run."""

import pandas as pd

from scripts.figures.provider_figures import both_counts, main

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
