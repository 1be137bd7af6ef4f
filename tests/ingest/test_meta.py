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

from countback.corrections import read_corrections
from countback.histories import LABELS, fold, rebuild
from countback.ingest.meta import KEY, PRINTED, VALUES, parse_meta, parse_value, rebuild_release
from countback.ingest.sources import Source
from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest import ingest_meta

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "data" / "histories"

Rows = list[list[str]]

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
    rows.insert(0, ["Facebook", "=HYPERLINK(0), <b>bold</b>", "Content Actioned", "2021Q2", "7"])
    return rows


def text(rows: Rows, header: list[str] = PRINTED, end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows([header, *rows])
    return out.getvalue()


def parsed(tmp_path: Path, content: str | bytes, period: str = "2021 Q1") -> pd.DataFrame:
    file = tmp_path / "meta.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return parse_meta(Source("meta", parse_period(period), file))


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
    cells = frame[VALUES].astype("object").where(frame[VALUES].notna(), None)
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
    assert parse_value(f"{number:,}", "count") == parse_value(str(number), "count") == (number, None, None)


@given(st.permutations(range(5)), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=15, deadline=None)
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
@settings(max_examples=60, deadline=None)
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
        assert tuple(found) == parse_value(row["value_printed"], row["unit"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "meta.csv, row 1: found 'columns ', expected columns app"),
        (text(FIRST, [*PRINTED[:4], "number"]), "New: number; missing: value."),
        (text([[*row, "x"] for row in FIRST], [*PRINTED, "region"]), "New: region; missing: none."),
        (text([[*row, "x"] for row in FIRST], [*PRINTED, "value"]), "found 'columns app, policy_area"),
        (text(FIRST).encode("utf-16"), "expected a CSV file in UTF-8"),
        (text(FIRST).replace("Spam", "Späm").encode("latin-1"), "expected a CSV file in UTF-8"),
        (text(FIRST)[:-1], "row 15: found 'no line end'"),
        (text(FIRST[:-1]), "found 'one bound of prevalence for Instagram, Spam, 2021 Q1'"),
        (text(FIRST[:-2]), "found 'no bounds of prevalence for Instagram'"),
        (text([*FIRST, FIRST[0]]), "found '2 rows that share a key, first Facebook, Child Nudity"),
        (text([["Facebook", "Spam", "Views", "2021Q1", "1"]]), "row 2, column metric: found 'Views', expected one of"),
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


def test_a_next_release_is_read_folded_and_rebuilt(tmp_path: Path) -> None:
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", text(next_release())))
    aligned = ingest_meta.ingest_meta(table, files, labels(FAKE))
    history = fold(aligned, KEY, VALUES)
    for name, rows in {"meta-a": FIRST, "meta-b": next_release()}.items():
        printed = rebuild_release(history, labels(FAKE), name, ["meta-a", "meta-b"])
        assert printed.to_csv(index=False, lineterminator="\n") == text(rows)
    changed = history[history.duplicated(KEY, keep=False)]
    assert changed["value_printed"].tolist() == ["5,400,000", "5,500,000"]
    gone = history[history["last_release"] == "meta-a"]
    assert gone["metric"].tolist() == ["Content Actioned", "UBP"]


def test_the_log_names_labels_that_come_and_go(tmp_path: Path) -> None:
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", text(next_release())))
    first, second = ingest_meta.summary(ingest_meta.ingest_meta(table, files, labels(FAKE)))
    assert first == "meta-a: 14 rows"
    assert second == "meta-b: 15 rows; new policy_area '=HYPERLINK(0), <b>bold</b>'; gone metric 'UBP'"


def test_the_same_release_twice_is_refused(tmp_path: Path) -> None:
    table, files = releases(tmp_path, a=("2021 Q1", text(FIRST)), b=("2021 Q2", text(FIRST)))
    with pytest.raises(DataError, match="meta-b, column sha256"):
        ingest_meta.ingest_meta(table, files, labels())


APPS, AREAS = st.sampled_from(["Facebook", "Instagram"]), st.sampled_from(["Fake Accounts", "Spam", "Hate"])
METRICS = st.sampled_from(["Content Actioned", "Proactive rate", "Lowerbound Prevalence"])
FACTS = st.dictionaries(
    st.tuples(APPS, AREAS, METRICS, st.sampled_from(["2020 Q4", "2021 Q1"])),
    st.sampled_from(["N/A", "0", "7", "1,000"]),
)


@given(st.lists(FACTS, min_size=2, max_size=4))
@settings(max_examples=12, deadline=None)
def test_any_history_gives_back_its_releases(contents: list[dict[tuple[str, ...], str]]) -> None:
    frames = {}
    for number, facts in enumerate(contents):
        rows = [(*key, None, None, None, "count", printed) for key, printed in facts.items()]
        frames[f"meta-{'abcd'[number]}"] = pd.DataFrame(rows, columns=[*KEY, *VALUES]).astype("string")
    history = fold(frames, KEY, VALUES)
    for name, facts in zip(frames, contents, strict=True):
        printed = rebuild_release(history, labels(FAKE), name, list(frames))
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

CHANGES = [71, 27, 96, 102, 113, 203, 18, 0, 0, 0, 0, 0]


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
    assert [int((pair["old"] != pair["new"]).sum()) for pair in both][:12] == CHANGES
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


METRIC_NAMES = {
    "pieces": "Content Actioned",
    "appeals": "Content Appealed",
    "reversals": "Content Restored with appeal",
    "reversals_without_appeal": "Content Restored without appeal",
}
SPLIT_OFF = "_nudity_and_physical_abuse"


@pytest.mark.parametrize("app", ["Facebook", "Instagram"])
def test_transcribed_disclosures_are_those_of_the_history(history: pd.DataFrame, order: list[str], app: str) -> None:
    table = f"disclosures/{app.lower()}"
    frame = read_table(ROOT / "data" / f"{table}.csv")
    area = frame["component"].fillna("Child Endangerment: Nudity and Physical Abuse")
    metric = frame["metric"].str.removesuffix(SPLIT_OFF).map(METRIC_NAMES)
    keys = pd.MultiIndex.from_arrays([[app] * len(frame), area, metric, frame["period"]])
    latest = rebuild(history, order[12], order).set_index(KEY)["value"].reindex(keys)
    differs = (latest.to_numpy() != frame["value"].to_numpy()).astype(bool)
    corrections = [c for c in read_corrections(ROOT / "data" / "corrections.yml") if c.table == table]
    assert sorted(latest[differs]) == sorted(correction.value for correction in corrections)
    first = history.drop_duplicates(KEY).set_index(KEY)["value"].reindex(keys[differs])
    assert first.tolist() == frame.loc[differs, "value"].tolist()
    assert int(differs.sum()) == {"Facebook": 5, "Instagram": 2}[app]
    is_primary = frame["provenance"] == "primary"
    assert (is_primary.to_numpy() == ~differs).all()
    printed = history.set_index([*KEY, "first_release"])["value_printed"]
    stated = [(*key, source) for key, source in zip(keys[is_primary], frame["source"][is_primary], strict=True)]
    assert [printed[place] for place in stated] == frame["value_printed"][is_primary].tolist()
    places = [f"{app}, {area}, {metric}, {period.replace(' ', '')}" for _, area, metric, period in keys[is_primary]]
    assert frame["place"][is_primary].tolist() == places


@pytest.mark.raw
def test_every_release_is_rebuilt_byte_for_byte(history: pd.DataFrame, order: list[str]) -> None:
    rules = read_table(HISTORIES / "meta_labels.csv")
    files = {file.stem: file for file in Path(os.environ["COUNTBACK_RAW"]).rglob("meta-*.csv")}
    assert len(order) >= 13
    for name in order:
        printed = rebuild_release(history, rules, name, order).to_csv(index=False, lineterminator="\n")
        assert printed.encode() == files[name].read_bytes(), name


@pytest.mark.raw
def test_the_raw_files_give_the_committed_history_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    written = tmp_path / "results" / "ingest" / "histories" / "meta.csv"
    files = sorted(Path(os.environ["COUNTBACK_RAW"]).rglob("*.csv"))
    ingest_meta.main(ROOT / "data" / "releases.csv", files, HISTORIES / "meta_labels.csv", written)
    assert written.read_bytes() == (HISTORIES / "meta.csv").read_bytes()
