"""Meta's history: made-up releases folded and rebuilt, with their labels and layouts, and what the log says of them."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meta_releases import FAKE, FIRST, NEWER, RESPELLED, Rows, labels, layout_of_2025, read_all, releases, text

from countback.histories import fold, has_label
from countback.ingest.meta import KEY, VALUES, rebuild_release
from countback.io.errors import DataError
from scripts.ingest import ingest_meta

BLOCKS = pd.DataFrame(
    [
        (None, "meta-b", "UBP", 1),
        (None, "meta-b", "Prevalence", 2),
        (None, "meta-b", "Lowerbound Prevalence", 3),
        (None, "meta-b", "Upperbound Prevalence", 3),
    ],
    columns=["first_release", "last_release", "metric", "block_number"],
)


def next_release() -> Rows:
    """Return a release one quarter later: a revision, a new policy area, a metric renamed, a row of UBP gone."""
    rows = [list(row) for row in FIRST if row[2] != "UBP"]
    rows[0][4] = "5,500,000"
    rows[2][2] = rows[3][2] = "Accounts Actioned"
    rows.insert(2, ["Facebook", "Child Nudity & Sexual Exploitation", "Content Actioned", "2021Q2", "10"])
    ends = [["Spam", f"{end} Prevalence", "2021Q2", "0.05%"] for end in ("Lowerbound", "Upperbound")]
    rows[-2:-2] = [["Facebook", *end] for end in ends]
    rows += [["Instagram", *end] for end in ends]
    rows.insert(0, ["Facebook", "=HYPERLINK(0), <b>bold</b>", "Content Actioned", "2021Q2", "7"])
    return rows


def test_a_next_release_is_read_folded_and_rebuilt(tmp_path: Path) -> None:
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", text(next_release())))
    aligned = read_all(table, files, labels(FAKE))
    history = fold(aligned, KEY, VALUES)
    for name, rows in {"meta-a": FIRST, "meta-b": next_release()}.items():
        printed = rebuild_release(history, labels(FAKE), BLOCKS, name, ["meta-a", "meta-b"])
        assert printed.to_csv(index=False, lineterminator="\n") == text(rows)
    changed = history[history.duplicated(KEY, keep=False)]
    assert changed["value_printed"].tolist() == ["5,400,000", "5,500,000"]
    gone = history[history["last_release"] == "meta-a"]
    assert gone["metric"].tolist() == ["Content Actioned", "UBP"]


def test_the_log_names_labels_that_come_and_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", text(next_release())))
    dict(ingest_meta.told(read_all(table, files, labels(FAKE)).items()))
    first, second = capsys.readouterr().out.splitlines()
    assert first == "meta-a: 14 rows"
    assert second == "meta-b: 19 rows; new policy_area '=HYPERLINK(0), <b>bold</b>'; gone metric 'UBP'"


def test_the_same_release_twice_is_refused(tmp_path: Path) -> None:
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", text(FIRST)))
    with pytest.raises(DataError, match="meta-b, column sha256"):
        read_all(table, files, labels())


def test_a_release_with_an_empty_line_first_other_quotes_order_and_labels_is_the_same_history(
    two_layouts: tuple[dict[str, pd.DataFrame], pd.DataFrame],
) -> None:
    aligned, history = two_layouts
    child = history[history["policy_area"].str.startswith("Child") & (history["app"] == "Facebook")]
    assert child["policy_area"].unique().tolist() == ["Child Nudity & Sexual Exploitation"]
    of_pieces = child[child["metric"] == "Content Actioned"]
    spans = of_pieces[["period", "first_release", "last_release"]].to_numpy().tolist()
    assert spans == [["2020 Q4", "meta-a", "meta-b"], ["2021 Q1", "meta-a", "meta-b"], ["2021 Q2", "meta-b", "meta-b"]]
    blocks = BLOCKS.assign(last_release="meta-a")
    printed = rebuild_release(history, RESPELLED, blocks, "meta-b", list(aligned))
    assert layout_of_2025(printed.to_numpy().tolist()) == layout_of_2025(NEWER)
    in_order = sorted(NEWER, key=lambda row: [row[0], row[2], row[1], row[3]])
    assert printed["metric"].tolist() == [row[2] for row in in_order]


def test_an_area_that_spans_others_is_marked_by_the_table(
    two_layouts: tuple[dict[str, pd.DataFrame], pd.DataFrame],
) -> None:
    _, history = two_layouts
    spans = pd.DataFrame({"publisher": ["meta"], "column": ["policy_area"], "aligned": ["Cross-Policy Data"]})
    assert set(history.loc[has_label(history, spans, "meta"), "policy_area"]) == {"Cross-Policy Data"}
    assert has_label(history, spans, "meta").sum() == 3


def test_a_respelled_label_without_a_rule_looks_dropped_and_new_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", layout_of_2025(NEWER)))
    dict(ingest_meta.told(read_all(table, files, labels()).items()))
    *_, second = capsys.readouterr().out.splitlines()
    assert "new policy_area 'Child Safety'" in second
    assert "gone policy_area 'Child Nudity & Sexual Exploitation'" in second


APPS, AREAS = st.sampled_from(["Facebook", "Instagram"]), st.sampled_from(["Fake Accounts", "Spam", "Hate"])
METRICS = st.sampled_from(["Content Actioned", "Proactive rate", "Lowerbound Prevalence"])
FACTS = st.dictionaries(
    st.tuples(APPS, AREAS, METRICS, st.sampled_from(["2020 Q4", "2021 Q1"])),
    st.sampled_from(["N/A", "0", "7", "1,000"]),
)


@given(st.lists(FACTS, min_size=2, max_size=4))
@settings(max_examples=12)
def test_any_history_gives_back_its_releases(contents: list[dict[tuple[str, ...], str]]) -> None:
    frames = {}
    for number, facts in enumerate(contents):
        rows = [(*key, None, None, None, "count", printed, "false") for key, printed in facts.items()]
        frames[f"meta-{'abcd'[number]}"] = pd.DataFrame(rows, columns=[*KEY, *VALUES]).astype("string")
    history = fold(frames, KEY, VALUES)
    for name, facts in zip(frames, contents, strict=True):
        printed = rebuild_release(history, labels(FAKE), BLOCKS, name, list(frames))
        found = {
            (
                app,
                area,
                "Content Actioned" if metric == "Accounts Actioned" else metric,
                f"{period[:4]} {period[4:]}",
            ): v
            for app, area, metric, period, v in printed.itertuples(index=False)
        }
        assert found == facts
        is_renamed = (printed["metric"] == "Accounts Actioned").any()
        assert is_renamed == (
            name == "meta-b" and any(key[1:3] == ("Fake Accounts", "Content Actioned") for key in facts)
        )
