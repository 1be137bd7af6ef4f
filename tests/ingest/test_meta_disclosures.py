"""Meta's disclosures: the last values that releases state, and the restated ones, whose first the compilation keeps."""

from pathlib import Path

import pandas as pd
import pytest
from meta_releases import FIRST, NEWER, RESPELLED, layout_of_2025, read_all, releases, text

from countback.histories import fold
from countback.ingest.meta import KEY, VALUES
from countback.ingest.meta_disclosures import Tables, meta_disclosures
from countback.io.errors import DataError
from countback.io.tables import read_table

ROOT = Path(__file__).parents[2]

SERIES = pd.DataFrame(
    [("Child Nudity & Sexual Exploitation", "Content Actioned", "pieces", "Child Nudity", "rounded")],
    columns=["policy_area", "printed_metric", "metric", "component", "warnings"],
)
ORGANIZATIONS = pd.DataFrame({"organization": ["facebook", "instagram"], "name": ["Facebook", "Instagram"]})
REMARKS = pd.DataFrame(
    [("facebook", "pieces", "Child Nudity", "2020 Q4", "restated", "Look.")],
    columns=["organization", "metric", "component", "period", "warnings", "note"],
    dtype="string",
)


def test_disclosures_are_the_last_values_that_releases_state_with_the_labels_and_release_that_print_them(
    two_layouts: tuple[dict[str, pd.DataFrame], pd.DataFrame],
) -> None:
    aligned, history = two_layouts
    made = meta_disclosures(history, Tables(RESPELLED, SERIES, REMARKS, ORGANIZATIONS), list(aligned))
    columns = ["period", "value", "value_printed", "warnings", "source", "place"]
    old = "Facebook, Child Nudity & Sexual Exploitation, Content Actioned, "
    assert made["facebook"][columns].to_numpy().tolist() == [
        ["2020 Q4", 5_400_000, "5,400,000", "rounded|restated", "meta-a", f"{old}2020Q4"],
        ["2021 Q1", 5_000_000, "5,000,000", "rounded", "meta-a", f"{old}2021Q1"],
        ["2021 Q2", 900, "900", "rounded", "meta-b", "Facebook, Child Safety, Content Actioned, 2021Q2"],
    ]
    assert made["facebook"].loc[0, "note"] == "Look."
    assert made["instagram"]["period"].tolist() == ["2021 Q1", "2021 Q2"]


def test_a_revised_value_takes_the_place_of_the_older_one_and_one_called_missing_goes(tmp_path: Path) -> None:
    rows = [list(row) for row in NEWER]
    rows[0][4] = "5,500,000"
    rows[1][4] = "N/A"
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", layout_of_2025(rows)))
    aligned = read_all(table, files, RESPELLED)
    tables = Tables(RESPELLED, SERIES, REMARKS, ORGANIZATIONS)
    made = meta_disclosures(fold(aligned, KEY, VALUES), tables, list(aligned))["facebook"]
    assert made[["period", "value_printed", "source"]].to_numpy().tolist() == [
        ["2020 Q4", "5,500,000", "meta-b"],
        ["2021 Q2", "900", "meta-b"],
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"series": SERIES.assign(policy_area="Child Safety")}, r"meta_series\.csv, row 2: found 'Child Safety"),
        ({"organizations": ORGANIZATIONS.iloc[:1]}, "column app: found 'Instagram', expected the name of an org"),
        ({"remarks": REMARKS.assign(period="2019 Q4")}, "found 'pieces, Child Nudity, 2019 Q4'"),
    ],
)
def test_a_series_an_app_or_a_remark_that_is_not_known_is_refused(
    two_layouts: tuple[dict[str, pd.DataFrame], pd.DataFrame], change: dict[str, pd.DataFrame], message: str
) -> None:
    aligned, history = two_layouts
    tables = Tables(RESPELLED, SERIES, REMARKS, ORGANIZATIONS)._replace(**change)
    with pytest.raises(DataError, match=message):
        meta_disclosures(history, tables, list(aligned))


FIRST_STATED = {
    ("facebook", "pieces", "Child Endangerment: Sexual Exploitation"): (25_100_000, 25_200_000),
    ("facebook", "appeals_nudity_and_physical_abuse", None): (94_700, 94_800),
    ("facebook", "appeals", "Child Endangerment: Sexual Exploitation"): (23_000, 23_300),
    ("facebook", "reversals_nudity_and_physical_abuse", None): (13_600, 13_700),
    ("facebook", "reversals_without_appeal", "Child Endangerment: Sexual Exploitation"): (75_800, 76_300),
    ("instagram", "pieces_nudity_and_physical_abuse", None): (620_700, 621_000),
    ("instagram", "appeals", "Child Endangerment: Sexual Exploitation"): (5_800, 5_900),
}


def test_seven_disclosures_are_restated_since_their_first_release_which_the_compilation_keeps() -> None:
    compiled = read_table(ROOT / "data" / "organizations" / "published_values.csv")
    found = {}
    for organization in ("facebook", "instagram"):
        frame = read_table(ROOT / "data" / "disclosures" / f"{organization}.csv")
        restated = frame[frame["warnings"].str.contains("restated")]
        held = compiled[compiled["table"] == f"disclosures/{organization}"]
        both = restated.merge(held, on=["metric", "component", "period"], suffixes=("", "_compiled"))
        assert len(both) == len(restated) == len(held)
        assert set(both["period"]) == {"2022 Q4"}
        for row in both.astype(object).where(both.notna(), None).to_dict("records"):
            found[organization, row["metric"], row["component"]] = (row["value_compiled"], row["value"])
            assert f"states {row['value_compiled']:,.0f};" in row["note"]
            assert row["note"].endswith(f"{row['value']:,.0f}.")
    assert found == FIRST_STATED
