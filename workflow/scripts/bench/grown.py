"""Make up releases of Meta and TikTok, many times as large as the real ones, by a rule from the real files.

- For a factor f, each label of a policy area (Meta) or market (TikTok) is printed √f times, the copies under a number.
- Then releases are added, each of the next quarter: it holds what the one before it holds, with a quarter more, which
  repeats the newest one, and one fact in 97 is revised. They end where all releases together have f times the rows.
- Workbooks of TikTok stay as they are: they hold a tenth of its rows, and no later release is one.
- At factor 1 the files are the real ones.
"""

import calendar
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from countback.histories import align
from countback.ingest.sources import find_sources
from countback.periods import parse_period

REVISED_EVERY = 97  # rows, counted from another one in each release


@dataclass(frozen=True)
class Layout:
    """How a publisher's CSV names what is multiplied, and how it prints a period such as `2024 Q2`."""

    publisher: str
    label: str
    period: str
    value: str
    printed: Callable[[str], str]


def months(label: str) -> str:
    """Return a quarter as TikTok prints it.

    Examples
    --------
    >>> months("2024 Q2")
    'Apr-Jun 2024'
    """
    period = parse_period(label)
    return f"{calendar.month_abbr[period.start.month]}-{calendar.month_abbr[period.end.month]} {period.year}"


LAYOUTS = {
    "meta": Layout("meta", "policy_area", "period", "value", lambda label: label.replace(" ", "")),
    "tiktok": Layout("tiktok", "Market", "Period", "Result", months),
}


def next_quarter(label: str) -> str:
    """Return the quarter after another one.

    Examples
    --------
    >>> next_quarter("2024 Q4"), next_quarter("2024 Q2")
    ('2025 Q1', '2024 Q3')
    """
    year, quarter = int(label[:4]), int(label[-1])
    return f"{year + quarter // 4} Q{quarter % 4 + 1}"


def multiplied(frame: pd.DataFrame, aligned: pd.Series, layout: Layout, n_copies: int) -> pd.DataFrame:
    """Return the rows of a release, and before them the copies of those with a label, under numbered labels."""
    labeled = (aligned != "All").to_numpy()
    copies = [
        frame[labeled].assign(**{layout.label: aligned[labeled] + f" {number}"}) for number in range(2, n_copies + 1)
    ]
    return pd.concat([*copies, frame], ignore_index=True)


def one_later(frame: pd.DataFrame, layout: Layout, newest: str, number: int) -> pd.DataFrame:
    """Return the rows of the release after another one: a quarter more, and some counts revised."""
    more = frame[frame[layout.period] == layout.printed(newest)]
    later = pd.concat([frame, more.assign(**{layout.period: layout.printed(next_quarter(newest))})], ignore_index=True)
    touched = later[layout.value].iloc[number % REVISED_EVERY :: REVISED_EVERY]
    counts = touched[touched.str.fullmatch(r"[\d,]{3,}(\.0)?")]
    later.loc[counts.index, layout.value] = "1" + counts.str.replace(",", "").str[-6:]
    return later


def read_real(file: Path) -> pd.DataFrame:
    """Return a CSV as it is printed, all text."""
    return pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")


def write_made(frame: pd.DataFrame, file: Path) -> None:
    """Write rows as CSV."""
    arrow_csv.write_csv(pa.Table.from_pandas(frame, preserve_index=False), file)


def made_up(
    releases: pd.DataFrame, raw: Path, labels: pd.DataFrame, layout: Layout, factor: int, folder: Path
) -> Iterator[tuple[str, str, Path, int]]:
    """Write the releases of a publisher, and yield id, period, file and number of rows of each.

    Parameters
    ----------
    releases
        `data/releases.csv`, all as text.
    raw
        Where the real files lie.
    labels
        The publisher's rules of alignment: a copy bears the aligned label, so that it needs no rule.
    layout, factor
        The publisher's, and how many times as many rows are wanted.
    folder
        Where files are written.
    """
    prefix = f"{layout.publisher}-"
    sources = find_sources(releases, prefix, [file for file in raw.rglob("*") if file.name.startswith(prefix)])
    order, n_copies = [source.id for source in sources], round(factor**0.5)
    rules = labels[labels["column"] == layout.label.lower()]
    n_real = n_made = 0
    for source in sources:
        target = folder / source.file.name
        if source.file.suffix != ".csv":
            target.symlink_to(source.file.resolve())
            yield source.id, source.period.label, target, 0
            continue
        real = read_real(source.file)
        aligned = align(real.rename(columns=str.lower), rules, source.id, order)[layout.label.lower()]
        frame = multiplied(real, aligned, layout, n_copies)
        n_real, n_made = n_real + len(real), n_made + len(frame)
        write_made(frame, target)
        yield source.id, source.period.label, target, len(frame)
    newest, number = sources[-1].period.label, 0
    while n_made + len(frame) / 2 < factor * n_real:
        number += 1
        frame, newest = one_later(frame, layout, newest, number), next_quarter(newest)
        target = folder / f"{prefix}{newest.lower().replace(' ', '-')}.csv"
        n_made += len(frame)
        write_made(frame, target)
        yield target.stem, newest, target, len(frame)


def make_up(project: Path, publisher: str, factor: int, folder: Path) -> dict[str, int]:
    """Write releases into a folder that is laid out as the project, and return how many there are, and their rows."""
    data, raw = folder / "data", folder / "data/raw"
    raw.mkdir(parents=True)
    for entry in (project / "data").iterdir():
        if entry.name not in {"raw", "releases.csv"}:
            (data / entry.name).symlink_to(entry.resolve())
    releases = pd.read_csv(project / "data/releases.csv", dtype=str, keep_default_na=False)
    labels = pd.read_csv(project / f"data/histories/{publisher}_labels.csv", dtype="string")
    made = list(made_up(releases, project / "data/raw", labels, LAYOUTS[publisher], factor, raw))
    rows = [_listed(release, period, file, publisher) for release, period, file, _ in made]
    pd.DataFrame(rows, columns=list(releases)).fillna("").to_csv(data / "releases.csv", index=False)
    return {"n_releases": len(made), "n_rows": sum(n_rows for *_, n_rows in made)}


def _listed(release: str, period: str, file: Path, publisher: str) -> Mapping[str, str]:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "id": release,
        "publisher": publisher,
        "period": period,
        "file": file.name,
        "sha256": digest,
        "bytes": str(file.stat().st_size),
        "route": "parsed",
    }
