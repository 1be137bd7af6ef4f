"""The triangle of revisions: what is in its cells, and that the same data draw the same bytes."""

import pandas as pd
from drawn import drawn as panels_of

from countback.look.plot import save_figure
from scripts.figures.revision_figures import (
    axis_labels,
    plot_shares,
    plot_triangle,
    revised_part,
    said_of_cells,
    triangle,
)

RELEASES = pd.DataFrame({"id": ["late", "early"], "period": ["2022 Q1", "2021 Q4"]})
PERIODS = pd.DataFrame(
    [("early", "2021 Q3", 1, 4, 2, 0.5), ("late", "2021 Q4", 1, 4, 0, 0.0), ("late", "2021 Q3", 2, 4, 1, 0.25)],
    columns=["to_release", "period", "age_quarters", "n_comparable", "n_revised", "revised_share"],
)
REVISIONS = pd.DataFrame({"to_release": ["early", "late"], "revised_share": [0.5, 0.125]})


def drawn() -> pd.DataFrame:
    return triangle(PERIODS, REVISIONS, RELEASES)


def test_there_is_a_cell_for_each_quarter_that_a_release_can_revise() -> None:
    cells = drawn()[["release", "period", "n_revised", "release_share"]]
    assert cells.values.tolist() == [
        ["2021 Q4", "2021 Q3", 2, 0.5],
        ["2022 Q1", "2021 Q3", 1, 0.125],
        ["2022 Q1", "2021 Q4", 0, 0.125],
    ]


def test_a_year_stands_once_below_its_quarters() -> None:
    assert axis_labels(["2021 Q3", "2021 Q4", "2022 Q1"]) == ["Q3\n2021", "Q4", "Q1\n2022"]


def test_the_same_data_draw_the_same_bytes(tmp_path) -> None:
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for file in files:
        save_figure(plot_triangle(drawn()), file, "tall")
    assert files[0].read_bytes() == files[1].read_bytes()


def test_releases_and_quarters_of_which_nothing_was_revised_are_left_out() -> None:
    part = revised_part(drawn().assign(n_revised=[2, 0, 0]))
    assert part[["release", "period"]].values.tolist() == [["2021 Q4", "2021 Q3"]]
    assert "Nothing revised" in [word[0] for word in panels_of(plot_triangle(part[:0]))[0][0].words]


def test_the_subtitle_names_the_quarters_and_releases_that_are_drawn() -> None:
    part = revised_part(drawn().assign(n_revised=[2, 0, 0]))
    assert said_of_cells(part) == (
        "Numbers revised, by the quarter that they are about (row, 2021 Q3) and the release (column, 2021 Q4)"
    )
    assert "(row, 2021 Q3 to 2021 Q4)" in said_of_cells(drawn())
    assert said_of_cells(part[:0]).endswith("(row) and the release (column)")


def test_time_runs_downward_and_the_shade_has_its_key() -> None:
    (panel,), _ = panels_of(plot_triangle(drawn()))
    heights = dict(zip(panel.ticks[1], ["All", "2021 Q3", "2021 Q4"], strict=True))
    assert list(heights) == ["All", "2021 Q3", "2021 Q4"]
    assert "Shade: revised share of the quarter’s numbers" in [word[0] for word in panel.words]


def test_each_release_has_a_bar_with_its_share_also_where_it_is_zero() -> None:
    shares = pd.DataFrame({"release": ["2021 Q4", "2022 Q1"], "revised_share": [0.125, 0.0]})
    (panel,), _ = panels_of(plot_shares(shares))
    assert [word[0] for word in panel.words] == ["12.5%", "0"]
