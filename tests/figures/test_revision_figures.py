"""The triangle of revisions: what is in its cells, and that the same data draw the same bytes."""

import pandas as pd

from countback.look.plot import save_figure
from scripts.figures.revision_figures import axis_labels, plot_triangle, triangle

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
