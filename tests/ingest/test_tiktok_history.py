"""TikTok's history: releases folded and printed again, made-up ones and the real ones."""

import csv
import os
from collections.abc import Iterator
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from time import process_time

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktok_files import (
    LAOS,
    REMOVED,
    ROWS,
    SHARE,
    as_columns,
    history_of,
    listed,
    read,
    release,
    tables,
    text_of,
    write,
)

from countback.histories import rebuild
from countback.ingest.sources import find_sources, read_releases
from countback.ingest.tiktok import read_csv_release
from countback.ingest.tiktok_history import (
    KEY,
    Tables,
    fold_facts,
    print_release,
    release_facts,
)
from countback.io.errors import DataError
from countback.io.tables import read_table
from countback.periods import parse_period
from scripts.ingest.ingest_tiktok import PREFIX, main, read_printed, told


def test_floating_point_noise_is_kept_in_the_printed_value_only(tmp_path: Path) -> None:
    noisy = (*SHARE[:-1], "0.30000000000000004")
    printed = {"a": read(tmp_path, [SHARE]), "b": read(tmp_path, [noisy])}
    history = history_of(printed, tables())
    assert history["value"].tolist() == [0.3, 0.3]
    assert history["value_printed"].tolist() == ["0.3", "0.30000000000000004"]


def test_a_value_that_changes_and_changes_back_has_a_row_for_each_run(tmp_path: Path) -> None:
    other = (*SHARE[:-1], "0.4")
    printed = {name: read(tmp_path, [row]) for name, row in zip("abcd", [SHARE, other, other, SHARE], strict=True)}
    runs = history_of(printed, tables())[["value", "first_release", "last_release"]]
    assert runs.to_numpy().tolist() == [[0.3, "a", "a"], [0.4, "b", "c"], [0.3, "d", "d"]]


def test_a_fact_that_vanishes_has_no_row_for_the_releases_without_it(tmp_path: Path) -> None:
    printed = {name: read(tmp_path, rows) for name, rows in zip("abc", [ROWS, ROWS[:2], ROWS], strict=True)}
    history = history_of(printed, tables())
    assert listed(history.loc[history["market"] == "Laos", ["first_release", "last_release"]]) == [
        ("a", "a"),
        ("c", "c"),
    ]
    assert listed(print_release(history, "b", "abc", tables())) == listed(pd.DataFrame(as_columns(ROWS[:2])))


LABEL = st.sampled_from(["Minor safety", "Gambling", "<i>x</i>", "a|b", "All"])
FACT = st.tuples(LABEL, st.sampled_from(["All", "Laos"]), st.sampled_from(["Jan-Mar", "Apr-Jun"]))
RELEASE = st.dictionaries(FACT, st.sampled_from(["0.1", "0.10000000000000003", "0.2", "0.20"]), min_size=1)


@settings(max_examples=15)
@given(releases=st.lists(RELEASE, min_size=1, max_size=5))
def test_every_made_up_release_is_rebuilt_as_printed(
    tmp_path_factory: pytest.TempPathFactory, releases: list[dict[tuple[str, str, str], str]]
) -> None:
    printed, wanted = {}, {}
    for number, facts in enumerate(releases):
        rows = [
            ("Category share", "quarterly", f"{months} 2024", "Policy", issue, "All", "All", "All", market, value)
            for (issue, market, months), value in facts.items()
        ]
        rows.append(("Category share", "quarterly", *REMOVED[2:-1], "1.0"))
        printed[f"r{number}"] = read(tmp_path_factory.mktemp("r"), rows)
        wanted[f"r{number}"] = sorted(rows)
    known = tables(("r0", f"r{len(releases) - 1}", "period_type", "quarterly", "Quarterly"))
    history = history_of(printed, known)
    for name, rows in wanted.items():
        assert listed(print_release(history, name, list(printed), known)) == rows


def test_a_renamed_label_is_aligned_and_its_printed_form_can_be_had_back(tmp_path: Path) -> None:
    formal = (*LAOS[:-2], "Lao Peoples Democratic Republic", LAOS[-1])
    printed = {"a": read(tmp_path, [REMOVED, formal]), "b": read(tmp_path, [REMOVED, LAOS])}
    known = tables(("a", "a", "market", formal[-2], "Laos"))
    history = history_of(printed, known)
    assert listed(history[["market", "first_release", "last_release"]]) == [("All", "a", "b"), ("Laos", "a", "b")]
    assert formal in listed(print_release(history, "a", "ab", known))


def test_a_rule_may_ask_for_several_columns_and_any_of_several_labels(tmp_path: Path) -> None:
    early, late = ((*SHARE[:2], period, "issue", *SHARE[4:]) for period in ("Jan-Mar 2024", "Apr-Jun 2024"))
    printed = {"a": read(tmp_path, [early, late, REMOVED])}
    where = ("period;issue", "2023 Q4|2024 Q1;Minor safety|Gambling")
    known = tables(("a", "a", "policy_type", "issue", "Policy", *where))
    history = history_of(printed, known)
    shares = history[history["metric"] == "Category share"]
    assert listed(shares[["period", "policy_type"]]) == [("2024 Q1", "Policy"), ("2024 Q2", "issue")]
    assert early in listed(print_release(history, "a", "a", known))


def test_rows_that_share_their_labels_are_refused_until_a_rule_tells_them_apart(tmp_path: Path) -> None:
    twin = (*SHARE[:-1], "0.1")
    printed = {"a": read(tmp_path, [SHARE, twin])}
    with pytest.raises(DataError, match=r"a, Category share / .*found '1 rows whose labels stand on another row too'"):
        history_of(printed, tables())
    parent = "Youth - Minor safety"
    known = tables(
        ("a", "a", "issue", "Minor safety", parent, "repeat", "2"), ("a", "a", "repeat", "2", "1", "issue", parent)
    )
    history = history_of(printed, known)
    assert listed(history[["issue", "value"]]) == [("Minor safety", "0.3"), (parent, "0.1")]
    assert listed(print_release(history, "a", "a", known)) == sorted([SHARE, twin])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((*SHARE[:-1], "30.2"), "found '30.2', expected a share of at most 1.*percentages"),
        ((*REMOVED[:-1], "1200.5"), "found '1200.5', expected an integer"),
        (("Views", *REMOVED[1:]), "a, Views / .*found 'a new metric'.*Add it to tiktok_units.csv"),
        ((REMOVED[0], "Yearly", *REMOVED[2:]), "column Period type: found 'Yearly', expected Quarterly"),
    ],
)
def test_a_value_that_its_unit_does_not_allow_is_refused(tmp_path: Path, row: tuple[str, ...], message: str) -> None:
    with pytest.raises(DataError, match=message):
        history_of({"a": read(tmp_path, [row])}, tables())


def test_a_rule_for_a_label_that_no_release_prints_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"tiktok_labels\.csv, row 2, column printed: found 'Siam'"):
        history_of({"a": read(tmp_path, ROWS)}, tables(("a", "a", "market", "Siam", "Thailand")))


def facts_in(releases: pd.DataFrame, files: list[Path], known: Tables) -> Iterator[tuple[str, pd.DataFrame]]:
    sources = find_sources(releases, PREFIX, files)
    return release_facts(read_printed(sources), known, [source.id for source in sources])


def test_a_next_release_is_read_by_adding_its_file_and_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write(tmp_path, text_of(ROWS))
    newer = ("Total videos removed", "Quarterly", "Jul-Sep 2024", *REMOVED[3:-1], "1300.0")
    revised = (*SHARE[:-1], "0.4")
    second = write(tmp_path, text_of([newer, REMOVED, revised]), "tiktok-2024-q3.csv")
    releases = pd.DataFrame([release("2024 Q3", second), release("2024 Q2", first)])
    history = fold_facts(told(facts_in(releases, [first, second], tables())))
    assert listed(history[["metric", "market", "period", "value", "first_release", "last_release"]]) == [
        ("Category share", "All", "2024 Q2", "0.3", "tiktok-2024-q2", "tiktok-2024-q2"),
        ("Category share", "All", "2024 Q2", "0.4", "tiktok-2024-q3", "tiktok-2024-q3"),
        ("Total videos removed", "All", "2024 Q2", "1200.0", "tiktok-2024-q2", "tiktok-2024-q3"),
        ("Total videos removed", "All", "2024 Q3", "1300.0", "tiktok-2024-q3", "tiktok-2024-q3"),
        ("Total videos removed", "Laos", "2024 Q1", "7.0", "tiktok-2024-q2", "tiktok-2024-q2"),
    ]
    assert "  gone in market: Laos" in capsys.readouterr().out.splitlines()


def test_a_file_that_was_cut_off_or_replaced_and_a_release_listed_twice_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, text_of(ROWS))
    entry = release("2024 Q2", file)
    write(tmp_path, text_of(ROWS[:-1]))
    with pytest.raises(DataError, match=r"SHA-256"):
        find_sources(pd.DataFrame([entry]), PREFIX, [file])
    twice = pd.DataFrame([release("2024 Q2", file), release("2024 Q2", file) | {"id": "tiktok-2024-q2-again"}])
    with pytest.raises(DataError, match=r"expected one release per period"):
        find_sources(twice, PREFIX, [file])


@pytest.fixture(scope="module")
def label_files(project: Path) -> list[Path]:
    return [project / "data" / "histories" / f"tiktok_{name}.csv" for name in Tables._fields]


def test_the_history_is_written_as_the_data_package_describes_it(tmp_path: Path, project: Path) -> None:
    file = write(tmp_path, text_of(ROWS))
    releases = tmp_path / "releases.csv"
    pd.DataFrame([release("2024 Q2", file)]).to_csv(releases, index=False)
    (tmp_path / "data" / "histories").mkdir(parents=True)
    for name in ("datapackage.json", "schemas"):
        (tmp_path / "data" / name).symlink_to(project / "data" / name)
    label_files = [tmp_path / "data" / "histories" / f"tiktok_{name}.csv" for name in Tables._fields]
    for labels, table in zip(label_files, tables(), strict=True):
        table.to_csv(labels, index=False)
    history = tmp_path / "results" / "ingest" / "histories" / "tiktok.parquet"
    main(releases, [file], *label_files, history)
    assert len(pd.read_parquet(history)) == 3


@pytest.fixture(scope="module")
def known(label_files: list[Path]) -> Tables:
    return Tables(*map(read_table, label_files))


@pytest.fixture(scope="module")
def history(project: Path) -> pd.DataFrame:
    return read_table(project / "data" / "histories" / "tiktok.parquet")


@pytest.fixture(scope="module")
def order(project: Path) -> list[str]:
    releases = read_releases(project / "data" / "releases.csv").query("route == 'parsed'")
    return sorted(name for name in releases["id"] if name.startswith("tiktok-"))


def test_the_only_counts_of_removed_exploitation_were_printed_once(history: pd.DataFrame) -> None:
    counts = history[(history["issue"] == "Sexual exploitation of minors") & (history["unit"] == "count")]
    assert listed(counts[["task", "period", "value", "first_release", "last_release"]]) == [
        ("Human moderation", "2022 Q3", "792473.0", "tiktok-2022-q4", "tiktok-2022-q4"),
        ("Human moderation", "2022 Q4", "415278.0", "tiktok-2022-q4", "tiktok-2022-q4"),
    ]


def test_csv_releases_hold_as_many_facts_as_rows(history: pd.DataFrame, order: list[str]) -> None:
    rows = [len(rebuild(history, release, order)) for release in order]
    # a workbook prints the totals of its quarters on two sheets
    assert rows[:5] == [125 - 5, 145 - 6, 432 - 7, 461 - 8, 570 - 9]
    assert rows[5:12] == [1_030, 1_522, 1_912, 8_704, 15_966, 24_354, 31_464]
    assert sum(rows[5:12]) == 84_952


def values_by_release(history: pd.DataFrame, order: list[str]) -> list[pd.Series]:
    return [rebuild(history, release, order).set_index(KEY)["value"] for release in order]


def test_no_value_changes_between_csv_releases(history: pd.DataFrame, order: list[str]) -> None:
    releases = values_by_release(history, order)[5:12]
    pairs = [
        (before.align(after, join="inner"), before.index.difference(after.index))
        for before, after in pairwise(releases)
    ]
    assert [len(left) for (left, _), _ in pairs] == [924, 1_522, 1_912, 8_704, 15_966, 24_353]
    assert [int((left != right).sum()) for (left, right), _ in pairs] == [0] * 6
    assert [len(gone) for _, gone in pairs] == [106, 0, 0, 0, 0, 1]


def test_values_change_between_workbooks_by_their_digits_only(history: pd.DataFrame, order: list[str]) -> None:
    changed = []
    for before, after in pairwise(values_by_release(history, order)[:6]):
        left, right = before.align(after, join="inner")
        changed.append(int((left != right).sum()))
        assert ((left - right).abs() <= 0.005).all()
    assert changed[:4] == [59, 0, 0, 6]


def test_facts_number_as_many_as_the_last_release_holds_and_those_that_were_dropped(
    history: pd.DataFrame, order: list[str]
) -> None:
    later = history[history["last_release"].isin(order[5:12])]
    assert len(later.drop_duplicates(KEY)) == 31_464 + 106 + 1


def raw_rows(file: Path) -> list[tuple[str, ...]]:
    """Return a release's rows as they stand in its file, read without the parser."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            _header, *rows = csv.reader(stream)
        return sorted(map(tuple, rows))
    found = []
    for sheet in openpyxl.load_workbook(file, read_only=True):
        header, *rows = sheet.values
        n_labels = 2 if header[0] in ("Country Code", "Issue policy") else 1
        for row in rows:
            for name, cell in zip(header[n_labels:], row[n_labels:], strict=False):
                if cell is not None and cell != " ":
                    found.append((sheet.title, name, *map(str, row[:n_labels]), repr(cell)))
    return sorted(found)


def as_raw(printed: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return a rebuilt release in the form of `raw_rows`."""
    if "sheet" not in printed:
        return listed(printed)
    rows = []
    for row in printed.itertuples():
        labels = [label for label in (row.issue, row.market) if label != "All"]
        day = parse_period(row.period).end.isoformat()
        rows.append(
            (row.sheet, row.column, *(labels[0].split(" > ") if labels else [f"{day} 00:00:00"]), row.value_printed)
        )
    return sorted(rows)


@pytest.mark.raw
def test_every_release_is_rebuilt_row_by_row_as_printed(
    history: pd.DataFrame, order: list[str], known: Tables, raw: dict[str, Path]
) -> None:
    assert len(order) == len(raw) == 12
    for name in order:
        assert as_raw(print_release(history, name, order, known)) == raw_rows(raw[name]), name


@pytest.fixture(scope="module")
def raw() -> dict[str, Path]:
    return {file.stem: file for file in (Path(os.environ["COUNTBACK_RAW"]) / "tiktok").iterdir()}


@pytest.mark.raw
def test_the_raw_files_give_the_committed_history(
    tmp_path: Path, project: Path, label_files: list[Path], raw: dict[str, Path]
) -> None:
    (tmp_path / "data").symlink_to(project / "data")
    made = tmp_path / "results" / "ingest" / "histories" / "tiktok.parquet"
    main(project / "data" / "releases.csv", raw.values(), *label_files, made)
    committed = project / "data" / "histories" / "tiktok.parquet"
    pd.testing.assert_frame_equal(pd.read_parquet(made), pd.read_parquet(committed))
    locked = (project / "envs" / "requirements.lock").read_text()
    if all(f"{name}=={version(name)}" in locked for name in ("pandas", "pyarrow")):
        assert made.read_bytes() == committed.read_bytes()


@pytest.mark.raw
def test_a_made_up_next_release_of_the_real_ones_needs_no_code(
    tmp_path: Path, project: Path, known: Tables, raw: dict[str, Path]
) -> None:
    releases = read_releases(project / "data" / "releases.csv")
    releases = releases[releases["id"].str.startswith("tiktok-2024")]
    latest = raw["tiktok-2024-q2"].read_bytes()
    lines = latest.decode("utf-8-sig").splitlines(keepends=True)
    quarter = [line.replace("Apr-Jun 2024", "Jul-Sep 2024") for line in lines if "Apr-Jun 2024" in line]
    file = write(tmp_path, "".join([*lines, *quarter]), "tiktok-2024-q3.csv")
    releases = pd.concat([releases, pd.DataFrame([release("2024 Q3", file)])], ignore_index=True)
    history = fold_facts(facts_in(releases, [*raw.values(), file], known._replace(labels=known.labels[:0])))
    assert len(quarter) == 7_111
    newest = history[history["last_release"] == "tiktok-2024-q3"]
    assert len(newest) == 31_464 + 7_111
    assert (newest["first_release"] == "tiktok-2024-q3").sum() == 7_111


@pytest.mark.raw
def test_a_csv_is_read_in_a_tenth_of_a_second_or_so(raw: dict[str, Path]) -> None:
    file = raw["tiktok-2024-q2"]
    seconds = []
    for _ in range(5):
        start = process_time()
        read_csv_release(file, "2024 Q2")
        seconds.append(process_time() - start)
    # an idle core reads more than 100 MB/s; a shared one may take three times as long
    assert file.stat().st_size / min(seconds) > 30e6


MINORS, BY_HUMANS = "Sexual exploitation of minors", "Human moderation"
YOUTH = "Safety & Civility - Youth Exploitation & Abuse"
# metric, issue, task; the share for 2023 Q3 is that of human moderation, those of other quarters are not
TRANSCRIBED = {
    "videos_removed_all_content": ("Total videos removed", "All", "All"),
    "videos_removed_by_automation_all_content": ("Total videos removed", "All", "Automation"),
    "videos_restored_all_content": ("Videos restored", "All", "All"),
    "minor_safety_share_all_content": ("Category share", "Minor safety", "All"),
    "safety_and_civility_share_all_content": ("Category share", "Safety & Civility", "All"),
    "pieces_human_moderation": ("Total videos removed", MINORS, BY_HUMANS),
}
RATES = {
    "category_share": "Category share",
    "removed_before_views_share": "Removal rate before any views",
    "removed_proactively_share": "Proactive removal rate",
    "removed_within_24_hours_share": "Removal rate within 24 hours",
}
TRANSCRIBED |= {f"youth_exploitation_{name}": (rate, YOUTH, None) for name, rate in RATES.items()}
TRANSCRIBED |= {f"human_moderation_{name}": (rate, MINORS, BY_HUMANS) for name, rate in RATES.items()}


def test_every_transcribed_disclosure_is_a_value_of_the_history(history: pd.DataFrame, project: Path) -> None:
    disclosed = read_table(project / "data" / "disclosures" / "tiktok.csv")
    world = history[history["market"] == "All"]
    assert len(disclosed) == 61
    for row in disclosed.itertuples():
        metric, issue, task = TRANSCRIBED[row.metric]
        facts = world[(world["metric"] == metric) & (world["issue"] == issue) & (world["period"] == row.period)]
        found = facts[(facts["task"] == task) | (task is None)]
        assert found["task"].nunique() == 1, (row.metric, row.period)
        there = (found["first_release"] <= row.source) & (found["last_release"] >= row.source)
        printed = found[there & (found["value_printed"] == row.value_printed)]
        assert printed["value"].tolist() == [row.value], (row.metric, row.period)
        assert row.provenance == "primary"
        assert row.place == ", ".join([metric, issue, printed["task"].iloc[0], "all markets"])
        is_narrower = task is None and (found["task"] != "All").all()
        assert is_narrower == (row.warnings is not pd.NA and "scope-changed" in row.warnings), (row.metric, row.period)
