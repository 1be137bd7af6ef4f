"""One of Meta's releases: which values are read from its layouts, and what is refused of a damaged one."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meta_releases import FIRST, NEWER, layout_of_2025, parsed, text

from countback.ingest.meta import KEY, PRINTED, VALUES, Value, parse_value
from countback.io.errors import DataError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("meta")


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
