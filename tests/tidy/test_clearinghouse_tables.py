"""Contents and recipients of reports, relationships to victims, and states: shares of the right wholes."""

import pandas as pd
import pytest

from countback.io.tables import read_table
from scripts.tidy.ojjdp_facts import ojjdp_facts
from scripts.tidy.report_contents import report_contents, report_recipients
from scripts.tidy.states import states
from scripts.tidy.victim_relationships import victim_relationships


def facts(*rows):
    frame = pd.DataFrame(rows, columns=["table", "item", "measure", "year", "value"]).astype({"value": "Float64"})
    return frame.assign(unit="count", value_printed="", measure_printed="", source="r")


def labels(*rows):
    return pd.DataFrame(rows, columns=["table", "id", "label_printed"]).assign(role="item")


def test_a_share_of_contents_is_of_the_whole_of_its_own_table_measure_and_year():
    found = report_contents(
        facts(
            ("files_uploaded", "images", "files", 2030, 3),
            ("files_uploaded", "total", "files", 2030, 4),
            ("files_uploaded", "images", "files", 2031, 3),
            ("exploitation_kinds", "words", "reports", 2030, 1),
            ("submitters", "all", "reports", 2030, 10),
        ),
        labels(("files_uploaded", "images", "Pictures"), ("files_uploaded", "images", "Images")),
    ).set_index(["item", "year"])
    assert found.loc[("images", 2030), ["share", "label"]].tolist() == [0.75, "Images"]
    assert pd.isna(found.loc[("images", 2031), "share"])
    assert found.loc[("words", 2030), "share"] == 0.1
    assert "all" not in found.index.get_level_values("item")


def test_recipients_without_a_number_of_one_kind_keep_it_missing():
    table = report_recipients(
        facts(("recipients", "local", "actionable", 2030, 3), ("recipients", "local", "total", 2030, 4)).assign(
            provenance="primary"
        ),
        labels(("recipients", "local", "Local agencies")),
    )
    assert table[["recipient", "label", "actionable_reports", "reports", "actionable_share"]].to_numpy().tolist() == [
        ["local", "Local agencies", 3, 4, 0.75]
    ]
    assert table["informational_reports"].isna().all()


def test_relationships_have_shares_of_known_files_of_age_groups_and_of_a_thousand():
    printed = pd.DataFrame(
        [
            ("learcat", "1 to 4", "Stranger", 3, "count"),
            ("learcat", "1 to 4", "Family", 1, "count"),
            ("learcat", "5 to 14", "Stranger", 7, "count"),
            ("book", "Under 6", "Stranger", 80, "per_1000"),
        ],
        columns=["study", "victim_age", "relationship", "value", "unit"],
    ).assign(year=2030, offender_age=None, provenance="secondary", source="r")
    table = victim_relationships(
        facts(
            ("relationships", "aunt", "all_files", 2030, 2),
            ("series_relationships", "relationship_provided", "all_files", 2030, 8),
            ("series_relationships", "relationship_not_provided", "all_files", 2030, 90),
        ),
        labels(("relationships", "aunt", "Aunt")),
        printed,
    )
    assert table[["study", "relationship", "share"]].to_numpy().tolist() == [
        ["ncmec", "Aunt", 0.25],
        ["learcat", "Stranger", 0.75],
        ["learcat", "Family", 0.25],
        ["learcat", "Stranger", 1],
        ["book", "Stranger", 0.08],
    ]


def test_printed_sums_of_states_are_left_out_and_a_row_without_people_has_no_rate():
    rows = [("AK", "state", 3, 100_000), ("Sub", "subtotal", 3, None), ("Unknown", "unspecified", 1, None)]
    printed = pd.DataFrame([*rows, ("Sum", "total", 4, 100_000)], columns=["state", "kind", "reports", "population"])
    table = states(printed.assign(year=2030, provenance="secondary", source="r")).set_index("state")
    assert table["reports"].to_dict() == {"AK": 3, "Unknown": 1}
    assert table["share"].to_dict() == {"AK": 0.75, "Unknown": 0.25}
    assert table.loc["AK", "reports_per_100k"] == 3
    assert pd.isna(table.loc["Unknown", "reports_per_100k"])


@pytest.fixture(scope="module")
def data(project):
    facts, compiled = (
        read_table(project / "data" / "cybertipline" / f"{name}.csv") for name in ("ojjdp_facts", "compiled_facts")
    )
    labels = read_table(project / "data" / "reference" / "ojjdp_labels.csv")
    return ojjdp_facts(facts, compiled, labels, []), labels


def test_compiled_years_follow_the_printed_ones_and_missing_sums_are_made_of_their_parts():
    columns = ["table", "item", "measure", "year", "value", "unit"]
    printed = pd.DataFrame([("t", "a", "n", 2030, 1, "count"), ("t", "b", "n", 2030, 2, "count")], columns=columns)
    printed = pd.concat([printed, pd.DataFrame([("t", "all", "n", 2030, 3, "count")], columns=columns)])
    printed = printed.assign(value_printed="1", measure_printed=None, page=1, last_report="r")
    rows = [("t", "a", "n", 2031, 4, "count"), ("t", "b", "n", 2031, 5, "count"), ("t", "a", "n", 2032, 6, "count")]
    compiled = pd.DataFrame(rows, columns=columns).assign(value_printed="4", source="c")
    labels = pd.DataFrame({"table": "t", "role": "item", "id": ["a", "b"], "part_of": "all"})
    facts = ojjdp_facts(printed.reset_index(drop=True), compiled, labels, []).set_index(["item", "year"])
    assert facts.loc[("all", 2031), ["value", "warnings", "provenance"]].tolist() == [9, "derived", "secondary"]
    assert ("all", 2032) not in facts.index  # a part is not known
    assert facts.loc[("all", 2030), "value"] == 3
    assert facts["provenance"].value_counts().to_dict() == {"secondary": 4, "primary": 3}


def test_kinds_of_exploitation_and_locations_add_up_to_all_reports(data):
    table = report_contents(*data)
    parts = table[(table["table"] == "exploitation_kinds") | table["item"].isin(["us", "international", "unknown"])]
    assert parts.groupby(["table", "year"])["share"].sum().tolist() == pytest.approx([1] * 10)
    assert table["label"].notna().all()


def test_every_relationship_of_the_three_sources_is_there_once(data, project):
    printed = read_table(project / "data" / "reference" / "victim_relationships.csv")
    table = victim_relationships(*data, printed)
    sizes = {"ncmec": 208, "learcat": 18, "statistical_briefing_book": 45}
    assert table["study"].value_counts().to_dict() == sizes
    assert table["share"].between(0, 1).all()


def test_reports_of_states_add_up_to_those_of_the_country(project):
    table = states(read_table(project / "data" / "cybertipline" / "state_reports.csv"))
    assert table["reports"].sum() == 1_132_270
    assert table["share"].sum() == pytest.approx(1)
