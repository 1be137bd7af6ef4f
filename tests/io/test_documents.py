"""YAML is read, or refused with its file: no input makes a traceback."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countback.io.documents import parse_yaml, read_yaml
from countback.io.errors import DataError
from press.book import parse_yaml as parse_front_matter
from press.errors import PressError

BOMB = "- &a [x]\n" + "".join(f"- &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghijklm"))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "found 'nothing', expected settings"),
        (b"# only a comment\n", "found 'nothing', expected settings"),
        (b"\xff\xfe", "can't decode byte 0xff"),
        (b"a: [", "found "),
        (b"a: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        (BOMB.encode(), "found an alias"),
        (b"[" * 100_000, "found "),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_by_name(tmp_path, content, found):
    (tmp_path / "a.yml").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.yml: found ") as error:
        read_yaml(tmp_path / "a.yml", "settings")
    assert found in str(error.value)
    assert len(str(error.value)) < 1000


SCALARS = st.sampled_from([
    "!!bool x", "!!timestamp x", "!!int abc", "!!float x", "!!binary ===", "!!omap [a]", "!!pairs [[a]]", "<<: 3",
    "2023-02-30", "2023-04-31 7:00:99", "2001-12-14t21:59:43.10-99:00", "0x_", "0b_", "1:_", "? [a]", "*b", "&b c",
    "[" * 3000, "- " * 3000, "9" * 5000, "%YAML 9.9", "!x", "\x00", "'", "<<: {a: 1}", "-.inf", "~", "=",
])  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["", "- ", "a: ", "b: - "]), st.one_of(SCALARS, st.text(max_size=6)))))
@settings(max_examples=200)
def test_no_yaml_makes_either_reader_fail_by_another_error(lines):
    text = "\n".join(map("".join, lines))
    with suppress(ValueError):
        parse_yaml(text)
    with suppress(PressError):
        parse_front_matter(text, "a.qmd")


def test_a_day_that_no_month_has_and_an_alias_are_told_with_their_line():
    with pytest.raises(PressError, match=r"a\.qmd.*day is out of range for month"):
        parse_front_matter("date: 2023-02-30", "a.qmd")
    with pytest.raises(PressError, match=r"a\.qmd.*8.*found an alias"):
        parse_front_matter("a: &x [1]\nb: *x", "a.qmd", 7)


@pytest.mark.parametrize("level", ["[", "- ", "{a: ", "? "])
def test_a_hundred_thousand_levels_are_no_crash(level):
    with pytest.raises(PressError, match="found more than 100 levels"):
        parse_front_matter(level * 100_000, "a.qmd")


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(DataError, match=r"b\.yml"):
        read_yaml(tmp_path / "b.yml")


def test_a_byte_order_mark_is_passed_over():
    assert parse_yaml("\ufeffa: 1") == {"a": 1}
