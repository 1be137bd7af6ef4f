"""A publisher against its own past: what counts as revised, returned, vanished, late, and which labels changed."""

import os
from pathlib import Path

import pandas as pd
import pytest

from countback import revisions as compare
from countback.histories import LABELS, fold, restore
from countback.io.tables import read_table
from countback.revisions import Form
from scripts.revisions.revisions import (
    FILES,
    Releases,
    compare_histories,
    header_changes,
    paired,
    reason,
    revisions,
)

FORM = Form(["metric", "policy", "period"], ["value"])
ORDER = ["r1", "r2", "r3", "r4"]
RULES = pd.DataFrame([("r1", "r1", "policy", "spam", "Spam", None, None)], columns=LABELS).assign(
    reason="Another case."
)


def history(*releases: dict[tuple[str, str], float | None], metric: str = "Actions", unit: str = "count"):
    """Fold releases, each with its numbers by policy and quarter; None is a number stated as missing."""
    columns = [*FORM.key, "value", "unit", "value_printed"]
    frames = {}
    for name, cells in zip(ORDER, releases, strict=False):
        rows = [
            (metric, policy, period, value, unit, "N/A" if value is None else f"{value:g}")
            for (policy, period), value in cells.items()
        ]
        frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns, "string") | {"value": "Float64"})
        frames[name] = frame
    return fold(frames, FORM.key, ["value", "unit", "value_printed"]).assign(is_child_related=False)


def released(folded: pd.DataFrame, labels: pd.DataFrame = RULES[:0]) -> Releases:
    order = [name for name in ORDER if name <= folded["last_release"].max()]
    numbered = compare.number_facts(folded, FORM)
    facts = {name: compare.facts_of(numbered, name, order) for name in order}
    printed = {name: restore(frame[[*FORM.key, "fact"]], labels, name, order) for name, frame in facts.items()}
    return Releases("made up", FORM, numbered, facts, printed, paired(facts, FORM))


def pairs(*releases, labels: pd.DataFrame = RULES[:0], **more) -> pd.DataFrame:
    side = released(history(*releases, **more), labels)
    return revisions(side, labels)[0]


def test_a_number_that_changes_is_revised_as_a_share_of_those_given_twice() -> None:
    older = {("Spam", "2021 Q1"): 10.0, ("Hate", "2021 Q1"): 5.0, ("Fake", "2021 Q1"): None}
    row = pairs(older, {**older, ("Spam", "2021 Q1"): 20.0}).iloc[0]
    assert row[["n_common", "n_comparable", "n_revised", "revised_share"]].tolist() == [3, 2, 1, 0.5]
    assert row[["median_factor", "largest_factor", "n_returned"]].tolist() == [2.0, 2.0, 0]


def test_halving_and_doubling_are_of_one_size() -> None:
    older = {("Spam", "2021 Q1"): 10.0, ("Hate", "2021 Q1"): 5.0}
    row = pairs(older, {("Spam", "2021 Q1"): 20.0, ("Hate", "2021 Q1"): 2.5}).iloc[0]
    assert row[["median_factor", "largest_factor"]].tolist() == [2.0, 2.0]


def test_a_number_that_comes_back_is_a_revision_and_a_return() -> None:
    table = pairs(*({("Spam", "2021 Q1"): value} for value in (10.0, 5.0, 10.0, 5.0)))
    assert table["n_revised"].tolist() == [1, 1, 1]
    assert table["n_returned"].tolist() == [0, 1, 1]


def test_a_number_given_to_a_fact_that_had_none_is_no_revision() -> None:
    row = pairs({("Spam", "2021 Q1"): None}, {("Spam", "2021 Q1"): 3.0}).iloc[0]
    assert row[["n_common", "n_comparable", "n_missing_in_one", "n_revised"]].tolist() == [1, 0, 1, 0]
    assert pd.isna(row["revised_share"])


def test_a_revision_to_zero_counts_but_has_no_factor() -> None:
    row = pairs({("Spam", "2021 Q1"): 3.0}, {("Spam", "2021 Q1"): 0.0}).iloc[0]
    assert row["n_revised"] == 1
    assert row["largest_factor"] is None


def test_a_fact_that_the_newer_release_lacks_has_vanished_and_a_snapshot_is_told_apart() -> None:
    older = {("Spam", "2020 Q4"): 1.0, ("Spam", "2021 Q1"): 2.0, ("Prevalence", "2021 Q1"): 3.0}
    row = pairs(older, {("Spam", "2021 Q1"): 2.0, ("Spam", "2021 Q2"): 2.0}).iloc[0]
    assert row[["n_vanished", "n_vanished_snapshot", "n_vanished_raw", "n_added_late"]].tolist() == [2, 1, 2, 0]


def test_a_fact_about_a_covered_quarter_is_late_the_first_time_and_back_the_second() -> None:
    first = {("Spam", "2020 Q4"): 1.0, ("Spam", "2021 Q1"): 2.0}
    both = first | {("Hate", "2021 Q1"): 7.0}
    table = pairs(first, both, first, both)
    assert table["n_added_late"].tolist() == [1, 0, 0]
    assert table["n_come_back"].tolist() == [0, 0, 1]


def test_a_fact_about_the_newest_quarter_is_not_late() -> None:
    assert pairs({("Spam", "2021 Q1"): 1.0}, {("Spam", "2021 Q2"): 2.0})["n_added_late"].tolist() == [0]


def test_a_label_that_is_respelled_seems_to_vanish_and_does_not() -> None:
    row = pairs(*[{("Spam", "2021 Q1"): 1.0, ("Hate", "2021 Q1"): 2.0}] * 2, labels=RULES).iloc[0]
    assert row[["n_common", "n_vanished", "n_common_raw", "n_vanished_raw", "n_labels_changed"]].tolist() == [
        2,
        0,
        1,
        1,
        1,
    ]


def test_a_change_of_label_is_listed_with_the_facts_that_it_concerns_and_why() -> None:
    cells = {("Spam", "2021 Q1"): 1.0, ("Spam", "2021 Q2"): 2.0, ("Hate", "2021 Q1"): 2.0}
    side = released(history(cells, {**cells, ("Spam", "2021 Q2"): 3.0}), RULES)
    _, changes = revisions(side, RULES)
    assert changes.drop(columns="publisher").values.tolist() == [
        ["r1", "r2", "policy", "spam", "Spam", 2, 1, "Another case.", True]
    ]


def test_two_labels_that_a_third_aligns_are_explained_by_the_rule_of_one() -> None:
    rules = pd.concat([RULES, RULES.assign(printed="SPAM", reason="Shouted.")], ignore_index=True)
    assert reason(rules, "policy", {"SPAM", "spam"}) == "Another case."
    assert reason(rules, "policy", {"SPAM", "Spam"}) == "Shouted."
    assert reason(rules, "metric", {"SPAM", "Spam"}) is None


def test_a_header_that_changes_is_listed_with_all_facts_in_common() -> None:
    side = released(history(*[{("Spam", "2021 Q1"): 1.0, ("Hate", "2021 Q1"): 2.0}] * 3))
    spans = [("r1", "r2", "policy", "Policy Type"), ("r3", "r3", "policy", "Policy type")]
    headers = pd.DataFrame(spans, columns=["first_release", "last_release", "column", "printed"])
    row = header_changes(headers, side).iloc[0]
    assert row[["from_release", "to_release", "from_label", "to_label"]].tolist() == [
        "r2",
        "r3",
        "Policy Type",
        "Policy type",
    ]
    assert row[["n_facts", "is_case_only"]].tolist() == [2, True]


def test_a_number_that_is_only_rounded_is_reprinted_not_revised() -> None:
    older = {("Spam", "2021 Q1"): 0.8761, ("Hate", "2021 Q1"): 0.5725}
    newer = {("Spam", "2021 Q1"): 0.876, ("Hate", "2021 Q1"): 0.573}
    row = pairs(older, newer, unit="share").iloc[0]
    assert row[["n_revised", "n_reprinted"]].tolist() == [0, 2]


def test_a_number_that_the_coarser_precision_can_tell_apart_is_revised() -> None:
    older = {("Spam", "2021 Q1"): 0.8761, ("Hate", "2021 Q1"): 0.5721}
    newer = {("Spam", "2021 Q1"): 0.877, ("Hate", "2021 Q1"): 0.572}
    assert pairs(older, newer, unit="share")[["n_revised", "n_reprinted"]].values.tolist() == [[1, 1]]


def test_a_trailing_zero_that_is_left_out_does_not_hide_a_revision() -> None:
    older = {("Spam", "2021 Q1"): 0.914, ("Hate", "2021 Q1"): 0.572}
    newer = {("Spam", "2021 Q1"): 0.91, ("Hate", "2021 Q1"): 0.572}
    assert pairs(older, newer, unit="share")["n_revised"].tolist() == [1]


def test_noise_of_binary_fractions_is_neither() -> None:
    row = pairs({("Spam", "2021 Q1"): 0.9109999999999999}, {("Spam", "2021 Q1"): 0.911}, unit="share").iloc[0]
    assert row[["n_revised", "n_reprinted"]].tolist() == [0, 0]


def test_releases_of_other_layouts_have_no_raw_counts() -> None:
    older = pd.DataFrame({"sheet": ["a"], "fact": [1]})
    newer = pd.DataFrame({"metric": ["a"], "fact": [1]})
    assert compare.printed_pair(older, newer, set()) == dict.fromkeys(
        ["n_common_raw", "n_revised_raw", "n_vanished_raw"]
    )


def test_releases_are_in_the_order_of_their_periods() -> None:
    table = pd.DataFrame({"id": ["b", "a", "other"], "period": ["2021 Q1", "2021 Q2", "2020"]})
    spans = pd.DataFrame({"first_release": ["a", "b"], "last_release": ["a", "a"]})
    assert compare.history_order(table, spans) == {"b": "2021 Q1", "a": "2021 Q2"}


@pytest.fixture(scope="module")
def results(project):
    data = project / "data"
    files = {name: data / "histories" / f"{name}.csv" for name in FILES}
    files |= {"releases": data / "releases.csv", "policies": data / "histories" / "child_policies.csv"}
    files |= {"tiktok": data / "histories" / "tiktok.parquet"}
    return compare_histories({name: read_table(file) for name, file in files.items()})


def test_meta_revised_in_its_first_seven_releases_and_never_since(results):
    table = results["meta_revisions"]
    assert table["n_revised"].tolist()[:18] == [71, 27, 96, 102, 113, 203, 18, *[0] * 11]
    assert table["n_revised_raw"].tolist() == table["n_revised"].tolist()
    assert table["n_child_revised"].tolist()[:18] == [15, 7, 7, 8, 16, 21, 7, *[0] * 11]


def test_eight_labels_respelled_at_once_leave_every_number_of_meta_as_it_was(results):
    row = results["meta_revisions"].set_index("to_release").loc["meta-2025-q3"]
    assert row[["n_common", "n_common_raw", "n_revised", "n_missing_in_one", "n_labels_changed"]].tolist() == [
        4408,
        1754,
        0,
        0,
        8,
    ]


def test_at_most_a_ninth_of_metas_numbers_was_revised_at_once(results):
    table = results["meta_revisions"].set_index("to_release")
    assert table.loc["meta-2022-q4", ["n_revised", "n_comparable", "n_returned"]].tolist() == [203, 1779, 185]
    assert table["revised_share"].idxmax() == "meta-2022-q4"
    assert round(table["revised_share"].max(), 3) == 0.114


def test_of_184_rows_that_meta_seems_to_drop_9_are_gone(results):
    row = results["meta_revisions"].set_index("to_release").loc["meta-2021-q4"]
    assert row[["n_vanished_raw", "n_vanished", "n_vanished_snapshot"]].tolist() == [184, 9, 9]
    changes = results["label_changes"].set_index("to_release").loc["meta-2021-q4"]
    assert dict(zip(changes["to_label"], changes["n_facts"], strict=True)) == {
        "Violence And Incitement": 159,
        "Content Actioned": 16,
    }


def test_all_that_meta_dropped_is_of_one_period(results):
    table = results["meta_revisions"]
    assert table["n_vanished"].tolist() == table["n_vanished_snapshot"].tolist()[:18] == [13] + [9] * 17


def test_alignment_adds_facts_in_common_but_no_revision(results):
    table = results["meta_revisions"]
    assert table["n_common"].tolist()[:3] == [1891, 2183, 2330]
    assert table["n_common_raw"].tolist()[:3] == [1876, 2008, 2330]


def test_tiktok_never_revised_a_value(results):
    table = results["tiktok_revisions"]
    assert len(table) == 11
    assert table["n_revised"].sum() == table["n_missing_in_one"].sum() == 0
    assert table["n_common"].tolist() == [93, 112, 174, 202, 561, 924, 1522, 1912, 8704, 15966, 24353]


def test_tiktok_changed_its_precision_twice_and_one_metrics_once(results):
    assert results["tiktok_revisions"]["n_reprinted"].tolist() == [59, 0, 0, 6, 174, 0, 0, 0, 0, 0, 0]


def test_under_printed_labels_tiktok_seems_to_drop_everything(results):
    table = results["tiktok_revisions"].set_index("to_release")
    raw = table["n_vanished_raw"]
    assert raw[["tiktok-2023-q1", "tiktok-2023-q2", "tiktok-2023-q3", "tiktok-2023-q4"]].tolist() == [
        122,
        77,
        164,
        8704,
    ]
    assert pd.isna(raw["tiktok-2022-q4"])
    assert table.loc["tiktok-2023-q4", ["n_common_raw", "n_vanished", "n_headers_changed"]].tolist() == [0, 0, 4]
    assert table.loc["tiktok-2023-q1", ["n_vanished", "n_added_late", "n_come_back"]].tolist() == [106, 108, 108]


def test_every_change_of_a_label_has_a_reason_and_leaves_the_numbers_alone_but_for_revisions(results):
    changes = results["label_changes"]
    assert changes["reason"].notna().all()
    assert (changes["n_facts"] == changes["n_alike"]).all()
    headers = changes[changes["column"] == "header"]
    assert headers["is_case_only"].tolist().count(True) == 4
    assert set(headers["to_label"]) == {"Period type", "Policy type", "Task type", "Issue policy", "Issue"}


@pytest.mark.raw
def test_the_headers_are_those_of_the_files(project):
    headers = read_table(project / "data" / "histories" / "tiktok_headers.csv")
    releases = read_table(project / "data" / "releases.csv")
    files = releases[releases["id"].str.startswith("tiktok-") & releases["file"].str.endswith(".csv")]
    files = files.sort_values("id")
    for release, name in zip(files["id"], files["file"], strict=True):
        found = next(Path(os.environ["COUNTBACK_RAW"]).rglob(Path(name).name))
        first = found.read_text(encoding="utf-8-sig").partition("\n")[0].strip().split(",")
        here = headers[(headers["first_release"] <= release) & (headers["last_release"] >= release)]
        assert set(here["printed"]) <= set(first)
        assert set(here["column"]) == set(headers["column"])
