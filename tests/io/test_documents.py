"""YAML is read, or refused with its file: no input makes a traceback."""

from itertools import pairwise

import pytest

from countback.io.documents import parse_yaml, read_yaml
from countback.io.errors import DataError

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


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(DataError, match=r"b\.yml"):
        read_yaml(tmp_path / "b.yml")


def test_a_byte_order_mark_is_passed_over():
    assert parse_yaml("\ufeffa: 1") == {"a": 1}
