"""Meta's releases: from a CSV of the whole history to runs of releases, and back."""

import csv
import hashlib
import io
import os
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countback.histories import LABELS, fold, has_label, rebuild
from countback.ingest.meta import KEY, PRINTED, VALUES, Value, parse_meta, parse_value, rebuild_release
from countback.ingest.meta_disclosures import Tables, meta_disclosures
from countback.ingest.sources import Source, find_sources
from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest import ingest_meta

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "data" / "histories"

Rows = list[list[str]]

UNITS = pd.DataFrame(
    [
        ("Accounts Actioned", "count", None),
        ("Content Actioned", "count", None),
        ("Proactive rate", "percent", None),
        ("UBP", "percent", None),
        ("Prevalence", "percent", None),
        ("Lowerbound Prevalence", "percent", "Prevalence"),
        ("Upperbound Prevalence", "percent", "Prevalence"),
        ("Wrong Removals Lower Bound", "count", "Wrong Removals"),
        ("Wrong Removals Upper Bound", "count", "Wrong Removals"),
    ],
    columns=["metric", "unit", "bound_of"],
)
BLOCKS = pd.DataFrame(
    [
        (None, "meta-b", "UBP", 1),
        (None, "meta-b", "Prevalence", 2),
        (None, "meta-b", "Lowerbound Prevalence", 3),
        (None, "meta-b", "Upperbound Prevalence", 3),
    ],
    columns=["first_release", "last_release", "metric", "block_number"],
)

FIRST: Rows = [
    ["Facebook", "Child Nudity & Sexual Exploitation", "Content Actioned", "2020Q4", "5,400,000"],
    ["Facebook", "Child Nudity & Sexual Exploitation", "Content Actioned", "2021Q1", "5,000,000"],
    ["Facebook", "Fake Accounts", "Content Actioned", "2020Q4", "900"],
    ["Facebook", "Fake Accounts", "Content Actioned", "2021Q1", "N/A"],
    ["Facebook", "Child Nudity & Sexual Exploitation", "Proactive rate", "2021Q1", "98.9%"],
    ["Instagram", "Child Nudity & Sexual Exploitation", "Content Actioned", "2021Q1", "0"],
    ["Facebook", "Spam", "UBP", "2021Q1", "3%"],
    ["Facebook", "Fake Accounts", "Prevalence", "2021Q1", "4%-5%"],
    ["Facebook", "Spam", "Lowerbound Prevalence", "2020Q4", "0.06%"],
    ["Facebook", "Spam", "Upperbound Prevalence", "2020Q4", "0.08%"],
    ["Facebook", "Spam", "Lowerbound Prevalence", "2021Q1", "0.05%"],
    ["Facebook", "Spam", "Upperbound Prevalence", "2021Q1", "0.05%"],
    ["Instagram", "Spam", "Lowerbound Prevalence", "2021Q1", "N/A"],
    ["Instagram", "Spam", "Upperbound Prevalence", "2021Q1", "N/A"],
]


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


def text(rows: Rows, header: list[str] = PRINTED, end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows([header, *rows])
    return out.getvalue()


def parsed(tmp_path: Path, content: str | bytes, period: str = "2021 Q1") -> pd.DataFrame:
    file = tmp_path / "meta.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return parse_meta(Source("meta", parse_period(period), file), UNITS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("meta")


def labels(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=LABELS).astype("string")


FAKE = ("meta-b", "meta-b", "metric", "Accounts Actioned", "Content Actioned", "policy_area", "Fake Accounts")


def releases(tmp_path: Path, **contents: tuple[str, str]) -> tuple[pd.DataFrame, list[Path]]:
    """Put releases, each a period and a text, where ingest looks for them; return the table of releases and files."""
    rows, files = [], []
    for name, (period, content) in contents.items():
        file = tmp_path / f"{name}.csv"
        file.write_bytes(content.encode())
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        rows.append((f"meta-{name}", period, file.name, digest, "parsed"))
        files.append(file)
    return pd.DataFrame(rows, columns=["id", "period", "file", "sha256", "route"]), files


def test_values_of_every_form_are_read_with_their_unit(tmp_path: Path) -> None:
    frame = parsed(tmp_path, text(FIRST))
    assert frame["value_printed"].tolist() == [row[4] for row in FIRST]
    assert frame["period"].tolist() == [f"{row[3][:4]} {row[3][4:]}" for row in FIRST]
    assert not frame["is_approximate"].any()
    cells = frame[VALUES[:5]].astype("object").where(frame[VALUES[:5]].notna(), None)
    assert cells.iloc[[0, 3, 4, 5, 7]].to_numpy().tolist() == [
        [5_400_000, None, None, "count", "5,400,000"],
        [None, None, None, "count", "N/A"],
        [98.9, None, None, "percent", "98.9%"],
        [0, None, None, "count", "0"],
        [None, 4, 5, "percent", "4%-5%"],
    ]


@pytest.mark.parametrize("printed", ["", "-", "n/a", "N/A ", "1,23", "1,2345", "12.5", "97.3", "-5", "1e3", "=1+1"])
def test_a_value_in_an_unknown_form_is_no_count(printed: str) -> None:
    with pytest.raises(ValueError, match=r"a count such as 9,999"):
        parse_value(printed, "count")


@pytest.mark.parametrize("printed", ["", "97.3", "1,000%", "97,3%", "5%-4%", "101%", "4%-5", "4-5%", "<0.01%", "5% "])
def test_a_value_in_an_unknown_form_is_no_percentage(printed: str) -> None:
    with pytest.raises(ValueError, match="percent"):
        parse_value(printed, "percent")


@given(st.integers(0, 10**12))
def test_separators_of_thousands_do_not_change_a_count(number: int) -> None:
    assert parse_value(f"{number:,}", "count") == parse_value(str(number), "count") == Value(number)


@given(st.permutations(range(5)), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=15)
def test_order_of_columns_line_ends_and_byte_order_mark_do_not_matter(
    folder: Path, order: list[int], end: str, has_mark: bool
) -> None:
    rows = [[row[place] for place in order] for row in FIRST]
    content = text(rows, [PRINTED[place] for place in order], end).encode("utf-8-sig" if has_mark else "utf-8")
    pd.testing.assert_frame_equal(parsed(folder, content), parsed(folder, text(FIRST)))


def mutated(lines: list[str], chance: Random) -> list[str]:
    """Return a release's lines with something wrong in one of them, or with one too many or too few."""
    place = chance.randrange(len(lines))
    cells = lines[place].split(",")
    at = chance.randrange(len(cells))
    changes: list[Callable[[], list[str]]] = [
        lambda: cells[:at] + cells[at + 1 :],
        lambda: [*cells, cells[at]],
        lambda: [*cells[:at], cells[at] + chance.choice([" (est.)", "*", "%", ",", '"', "\t"]), *cells[at + 1 :]],
        lambda: [*cells[:at], chance.choice(["", "-", "N/A", "9.9", "1,0", "4%-5%", "2031Q1"]), *cells[at + 1 :]],
    ]
    whole = [
        lines[:place] + lines[place + 1 :],
        [*lines[: place + 1], *lines[place:]],
        [*lines[:place], ",".join(chance.choice(changes)()), *lines[place + 1 :]],
    ]
    return chance.choice(whole)


@given(st.randoms(use_true_random=False), st.integers(0, 30))
@settings(max_examples=60)
def test_a_damaged_release_is_refused_or_holds_only_what_it_prints(folder: Path, chance: Random, cut: int) -> None:
    lines = mutated(text(FIRST).split("\n")[:-1], chance)
    content = ("\n".join(lines) + "\n")[: -cut or None]
    try:
        frame = parsed(folder, content)
    except DataError as error:
        assert "meta.csv" in str(error)
        assert error.expected and error.fix
        return
    printed = {tuple(row) for row in csv.reader(io.StringIO(content))}
    for _, row in frame.iterrows():
        assert (*row[KEY[:3]], row["period"].replace(" ", ""), row["value_printed"]) in printed
        found = [None if pd.isna(row[name]) else row[name] for name in VALUES[:3]]
        assert (*found, row["is_approximate"]) == parse_value(row["value_printed"], row["unit"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "meta.csv, row 1: found 'columns ', expected columns app"),
        (text(FIRST, [*PRINTED[:4], "number"]), "New: number; missing: value."),
        (text([[*row, "x"] for row in FIRST], [*PRINTED, "region"]), "New: region; missing: none."),
        (text([[*row, "x"] for row in FIRST], [*PRINTED, "value"]), "found 'columns app, policy_area"),
        (text(FIRST).encode("utf-16"), "expected CSV in UTF-8"),
        (text(FIRST).replace("Spam", "Späm").encode("latin-1"), "expected CSV in UTF-8"),
        (text(FIRST)[:-2], "row 15, column value: found 'N/'"),
        (text(FIRST[:-1]), "found 'one bound of Prevalence for Instagram, Spam, 2021 Q1'"),
        (text(FIRST[:-2]), "found 'no bounds in 2021 Q1 for Instagram'"),
        (text([*FIRST[-2:], *FIRST[:-2], [*FIRST[0][:3], "2020Q3", "1"]]), "found 'a last row on 2020 Q3'"),
        (text([*FIRST, FIRST[0]]), "found '2 rows that share a key, first Facebook, Child Nudity"),
        (
            text([["Facebook", "Spam", "Views", "2021Q1", "1"]]),
            "row 2, column metric: found 'Views', expected one of Accounts",
        ),
        (text([["Facebook", "Spam ", "UBP", "2021Q1", "1%"]]), "row 2, column policy_area: found 'Spam '"),
        (text([["Facebook", "Spam", "UBP", "Q1 2021", "1%"]]), "row 2, column period: found 'Q1 2021'"),
        (text([["Facebook", "Spam", "UBP", "2021Q1", "1"]]), "row 2, column value: found '1', expected a percent"),
        (text([["Facebook", "Spam", "UBP", "2021Q1"]]), "row 2: found '4 cells', expected 5"),
        (text(FIRST[:1]), "found '2020 Q4 as the last quarter', expected 2021 Q1"),
        (text([*FIRST, ["Facebook", "Spam", "UBP", "2021Q2", "1%"]]), "found '2021 Q2 as the last quarter'"),
        (text([*FIRST, ["Facebook", "Spam", "UBP", "1921Q1", "1%"]]), "found '1921 Q1 followed by 2020 Q4'"),
        (text([]), "found 'no rows'"),
    ],
)
def test_a_release_in_an_unknown_layout_is_refused_with_its_place(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        parsed(tmp_path, content)


def read_all(table: pd.DataFrame, files: list[Path], rules: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return dict(ingest_meta.ingest_meta(find_sources(table, "meta-", files), rules, UNITS))


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


LABELS_OF_B = labels(
    FAKE,
    ("meta-b", "meta-b", "policy_area", "Unwanted Messages", "Spam", None, None),
    ("meta-b", None, "policy_area", "Child Safety", "Child Nudity & Sexual Exploitation", None, None),
)


def layout_of_2025(rows: Rows) -> str:
    """Return a release with an empty line first, rows by app and metric, all counts in quotes, no last line end."""
    lines = [",".join(PRINTED)]
    for row in sorted(rows, key=lambda row: [row[0], row[2], row[1], row[3]]):
        number = row[4].replace(",", "")
        cells = [f'"{cell}"' if "," in cell else cell for cell in row[:4]]
        lines.append(",".join([*cells, f'"{row[4]}"' if number.isdigit() and "Bound" not in row[2] else row[4]]))
    return "\n" + "\n".join(lines)


NEWER: Rows = [
    ["Facebook", "Child Safety", "Content Actioned", "2020Q4", "5,400,000"],
    ["Facebook", "Child Safety", "Content Actioned", "2021Q1", "5,000,000"],
    ["Facebook", "Child Safety", "Content Actioned", "2021Q2", "900"],
    ["Facebook", "Cross-Policy Data", "Content Actioned", "2021Q2", "259,300,000"],
    ["Facebook", "Cross-Policy Data", "Wrong Removals Lower Bound", "2021Q2", "17600000"],
    ["Facebook", "Cross-Policy Data", "Wrong Removals Upper Bound", "2021Q2", "36500000"],
    ["Facebook", "Unwanted, and Other, Messages", "Content Actioned", "2021Q2", "7"],
    ["Facebook", "Fake Accounts", "Prevalence", "2021Q2", "approximately 3%"],
    ["Facebook", "Unwanted Messages", "Lowerbound Prevalence", "2020Q4", "0.06%"],
    ["Facebook", "Unwanted Messages", "Upperbound Prevalence", "2020Q4", "0.08%"],
    ["Facebook", "Unwanted Messages", "Lowerbound Prevalence", "2021Q2", "0.09%"],
    ["Facebook", "Unwanted Messages", "Upperbound Prevalence", "2021Q2", "0.10%"],
    ["Instagram", "Child Safety", "Content Actioned", "2021Q1", "0"],
    ["Instagram", "Child Safety", "Content Actioned", "2021Q2", "1,000"],
    ["Instagram", "Unwanted Messages", "Lowerbound Prevalence", "2021Q2", "0.01%"],
    ["Instagram", "Unwanted Messages", "Upperbound Prevalence", "2021Q2", "0.10%"],
]
RESPELLED = LABELS_OF_B.iloc[1:]


@pytest.fixture
def two_layouts(tmp_path: Path) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return a release in the first layout and one in that of 2025, aligned, and their history."""
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", layout_of_2025(NEWER)))
    aligned = read_all(table, files, RESPELLED)
    return aligned, fold(aligned, KEY, VALUES)


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


def test_an_approximate_value_keeps_its_printed_form_and_is_marked(
    two_layouts: tuple[dict[str, pd.DataFrame], pd.DataFrame],
) -> None:
    _, history = two_layouts
    row = history[history["is_approximate"]]
    assert row[["metric", "value", "value_printed", "unit"]].to_numpy().tolist() == [
        ["Prevalence", 3.0, "approximately 3%", "percent"]
    ]
    assert parse_value("approximately 4,000", "count") == Value(4000, is_approximate=True)
    for printed in ("approximately N/A", "approximately", "approximately  3%", "about 3%", "3% approximately"):
        with pytest.raises(ValueError, match="perhaps after approximately"):
            parse_value(printed, "percent")


def test_a_release_without_its_last_line_end_is_whole_only_if_no_value_could_go_on(tmp_path: Path) -> None:
    content = layout_of_2025(NEWER)
    whole = parsed(tmp_path, content, "2021 Q2")
    assert len(whole) == len(NEWER)
    pd.testing.assert_frame_equal(parsed(tmp_path, content + "\n", "2021 Q2"), whole)
    for end in range(content.index("Instagram") + 1, len(content)):
        with pytest.raises(DataError):
            parsed(tmp_path, content[:end], "2021 Q2")
    bare = [*FIRST, ["Facebook", "Cross-Policy Data", "Wrong Removals Lower Bound", "2021Q1", "1"]]
    bare.append(["Facebook", "Cross-Policy Data", "Wrong Removals Upper Bound", "2021Q1", "36500000"])
    assert len(parsed(tmp_path, text(bare))) == len(bare)
    with pytest.raises(DataError, match="found 'no line end', expected one after a value that could go on"):
        parsed(tmp_path, text(bare)[:-4])
    may_be_range = [*FIRST, ["Facebook", "Spam", "UBP", "2021Q1", "4%-5%"]]
    may_be_range.pop(6)
    with pytest.raises(DataError, match="found 'no line end'"):
        parsed(tmp_path, text(may_be_range)[:-4])


def test_an_area_that_spans_others_is_marked_by_the_table(
    two_layouts: tuple[dict[str, pd.DataFrame], pd.DataFrame],
) -> None:
    _, history = two_layouts
    spans = pd.DataFrame({"publisher": ["meta"], "column": ["policy_area"], "aligned": ["Cross-Policy Data"]})
    assert set(history.loc[has_label(history, spans, "meta"), "policy_area"]) == {"Cross-Policy Data"}
    assert has_label(history, spans, "meta").sum() == 3


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


# What follows is about the committed history.

CHANGES = [71, 27, 96, 102, 113, 203, 18, *[0] * 11]


@pytest.fixture(scope="module")
def history() -> pd.DataFrame:
    return read_table(HISTORIES / "meta.csv")


@pytest.fixture(scope="module")
def order() -> list[str]:
    table = read_table(ROOT / "data" / "releases.csv")
    return sorted(table.loc[table["id"].str.startswith("meta-") & (table["route"] == "parsed"), "id"])


def test_revisions_between_releases_are_as_many_as_counted(history: pd.DataFrame, order: list[str]) -> None:
    printed = [rebuild(history, name, order).set_index(KEY)["value_printed"] for name in order]
    both = [pd.concat(pair, axis=1, join="inner", keys=["old", "new"]) for pair in pairwise(printed)]
    assert [int((pair["old"] != pair["new"]).sum()) for pair in both][:18] == CHANGES
    assert all(((pair["old"] == "N/A") == (pair["new"] == "N/A")).all() for pair in both)
    assert [len(pair) for pair in both][4:6] == [2_624, 2_771]


def test_facts_with_a_value_are_the_first_ones_and_their_revisions(history: pd.DataFrame, order: list[str]) -> None:
    known = history[history["first_release"].isin(order[:13])]
    stated = known[known["value_printed"] != "N/A"]
    assert (len(stated), len(stated.drop_duplicates(KEY))) == (3_559, 2_929)
    assert len(stated) - len(stated.drop_duplicates(KEY)) == sum(CHANGES) == 630
    assert int(stated.duplicated(KEY).groupby([stated[column] for column in KEY]).any().sum()) == 398


def test_values_that_return_are_kept(history: pd.DataFrame) -> None:
    runs = history.groupby(KEY)["value_printed"]
    assert int((runs.size() > runs.nunique()).sum()) == 196


def test_ranges_and_missing_values_are_kept_apart(history: pd.DataFrame) -> None:
    ranges = history[history["value_low"].notna()]
    assert ranges["value_printed"].tolist() == ["4%-5%"] * 4
    assert set(history.loc[history["value"].isna() & history["value_low"].isna(), "value_printed"]) == {"N/A"}


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


def release_files() -> dict[str, Path]:
    return {file.stem: file for file in Path(os.environ["COUNTBACK_RAW"]).rglob("meta-*.csv")}


@pytest.mark.raw
def test_every_release_is_rebuilt_cell_by_cell_in_its_order(history: pd.DataFrame, order: list[str]) -> None:
    rules, blocks = read_table(HISTORIES / "meta_labels.csv"), read_table(HISTORIES / "meta_blocks.csv")
    files = release_files()
    assert len(order) >= 19
    exact = []
    for name in order:
        printed = rebuild_release(history, rules, blocks, name, order)
        content = files[name].read_text(encoding="utf-8")
        assert printed.to_numpy().tolist() == list(csv.reader(io.StringIO(content.lstrip("\n"))))[1:], name
        exact.append(printed.to_csv(index=False, lineterminator="\n") == content)
    # the later ones quote every count
    assert exact[:17] == [True] * 17


COMPILED_METRICS = {"reversals w/o appeal": "reversals_without_appeal"}
SPLIT_OFF = "Child Endangerment: Nudity and Physical Abuse"


@pytest.mark.raw
def test_the_quarters_since_the_snapshot_are_those_that_the_compilation_has() -> None:
    file = next(Path(os.environ["COUNTBACK_RAW"]).rglob("platform-disclosures-since-snapshot.csv"))
    n_found = 0
    for app in ("Facebook", "Instagram"):
        frame = read_table(ROOT / "data" / "disclosures" / f"{app.lower()}.csv")
        keys = frame[["metric", "component", "period"]].fillna("").itertuples(index=False, name=None)
        ours = dict(zip(keys, frame["value"], strict=True))
        compiled = pd.read_csv(file, dtype=str)
        for row in compiled[compiled["organization"] == app].itertuples():
            name, _, area = row.metric.removesuffix(")").partition(" (")
            name = COMPILED_METRICS.get(name, name)
            is_split = area == SPLIT_OFF
            key = (f"{name}_nudity_and_physical_abuse" if is_split else name, "" if is_split else area, row.period)
            assert ours[key] == float(row.value), key
            n_found += 1
    assert n_found >= 94


@pytest.mark.raw
def test_the_raw_files_give_the_committed_tables_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    folder, organizations = tmp_path / "results" / "ingest", ROOT / "data" / "organizations"
    written = [folder / "disclosures" / f"{name}.csv" for name in ("facebook", "instagram")]
    ingest_meta.main(
        releases=ROOT / "data" / "releases.csv",
        raw=sorted(Path(os.environ["COUNTBACK_RAW"]).rglob("*.csv")),
        **{name: HISTORIES / f"meta_{name}.csv" for name in ("labels", "units", "series")},
        spans=HISTORIES / "spanning_labels.csv",
        **{name: organizations / f"{name}.csv" for name in ("remarks", "organizations")},
        history=folder / "histories" / "meta.csv",
        disclosures=written,
    )
    for file in [folder / "histories" / "meta.csv", *written]:
        assert file.read_bytes() == (ROOT / "data" / file.relative_to(folder)).read_bytes()
