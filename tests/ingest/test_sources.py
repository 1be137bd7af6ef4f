"""Sources: which releases a parser reads, and which files it refuses to take for theirs."""

import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest

from countback.ingest.sources import find_sources, only_release, read_releases
from countback.io.errors import DataError

HEADER = "id,period,file,sha256,route\n"


def releases(tmp_path: Path, *lines: str) -> pd.DataFrame:
    (tmp_path / "releases.csv").write_text(HEADER + "".join(f"{line}\n" for line in lines))
    return read_releases(tmp_path / "releases.csv")


def put(tmp_path: Path, name: str, content: bytes) -> str:
    (tmp_path / name).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def test_parsed_releases_of_the_prefix_come_by_period(tmp_path: Path) -> None:
    first, second = put(tmp_path, "a.csv", b"a"), put(tmp_path, "b.csv", b"b")
    table = releases(
        tmp_path,
        f"acme-b,2021 Q1,deep/b.csv,{second},parsed",
        f"acme-a,2020 Q4,a.csv,{first},parsed",
        "acme-page,,,,transcribed",
        "other-a,2020,c.csv,,parsed",
    )
    sources = find_sources(table, "acme-", tmp_path.iterdir())
    assert [(source.id, source.period.label, source.file.name) for source in sources] == [
        ("acme-a", "2020 Q4", "a.csv"),
        ("acme-b", "2021 Q1", "b.csv"),
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["other,2020,a.csv,0,parsed"], "data/releases.csv, column id: found 'no release of route parsed'"),
        (["acme-a,2020,a.csv,0,parsed"], "a.csv: found 'SHA-256 ca978"),
        (["acme-a,2020,b.csv,0,parsed"], "data/raw/b.csv: found 'no such file', expected the file of acme-a"),
        (["acme-a,2020-Q4,a.csv,0,parsed"], "acme-a, column period: found '2020-Q4', expected a year, half or quarter"),
        (["acme-a,2020,a.csv,0,parsed", "acme-b,2020,b.csv,1,parsed"], "acme-b, column period: found '2020, as"),
        (["acme-a,2020,a.csv,0,parsed", "acme-b,2021,a.csv,1,parsed"], "acme-b, column file: found 'a.csv, as"),
        (["acme-a,2020,a.csv,0,parsed", "acme-b,2021,b.csv,0,parsed"], "acme-b, column sha256: found '0, as"),
    ],
    ids=["none", "another file", "no file", "no period", "period twice", "file twice", "digest twice"],
)
def test_a_release_that_cannot_be_read_is_refused(tmp_path: Path, lines: list[str], message: str) -> None:
    put(tmp_path, "a.csv", b"a")
    with pytest.raises(DataError, match=re.escape(message)):
        find_sources(releases(tmp_path, *lines), "acme-", tmp_path.iterdir())


def test_one_release_of_a_kind_is_found_and_none_or_two_are_refused() -> None:
    table = pd.DataFrame({"id": ["a-rows", "b-rows", "c-sums"], "route": ["parsed", "reference", "parsed"]})
    assert only_release(table, "-rows") == "a-rows"
    with pytest.raises(DataError, match="found 'a-rows, b-rows', expected one -rows"):
        only_release(table.assign(route="parsed"), "-rows")
    with pytest.raises(DataError, match="found 'none', expected one -names"):
        only_release(table, "-names")
