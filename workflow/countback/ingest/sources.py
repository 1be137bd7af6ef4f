"""Which files are read: the releases of `data/releases.csv` that are parsed, each with its checked file.

- A release belongs to a parser by the beginning of its id and by its route, `parsed`.
- A file is known by its name, wherever it lies below `data/raw/`.
- A file whose SHA-256 differs from its release's is not read: its publisher may have replaced it, and that is a new
  release.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

import pandas as pd

from countback.io.errors import DataError
from countback.periods import Period, parse_period

RELEASES = "data/releases.csv"
UNIQUE = ["period", "file", "sha256"]
Parsed = TypeVar("Parsed")


class Source(NamedTuple):
    """A release and its file."""

    id: str
    period: Period
    file: Path


def read_releases(path: Path) -> pd.DataFrame:
    """Return the table of releases, all as text; what is not known is empty."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def find_sources(releases: pd.DataFrame, prefix: str, files: Iterable[Path]) -> list[Source]:
    """Return the parsed releases whose id begins with a prefix, by period, each with its file.

    Parameters
    ----------
    releases
        The table of releases; `id`, `period`, `file`, `sha256` and `route` are used, all as text.
    prefix
        How the ids of the wanted releases begin, such as `ncmec-esp-`.
    files
        Where raw files lie; those of other releases are passed over.

    Raises
    ------
    DataError
        If there is no such release, two of them share period or file, a period is not a year, half or quarter, or a
        file is missing or is another than the release describes.
    """
    chosen = releases[releases["id"].str.startswith(prefix) & (releases["route"] == "parsed")]
    if chosen.empty:
        raise DataError(
            RELEASES, column="id", found="no release of route parsed", expected=f"ids that begin with {prefix}"
        )
    check_once(chosen)
    places = {file.name: file for file in files}
    sources = [Source(row.id, release_period(row.id, row.period), Path(row.file)) for row in chosen.itertuples()]
    digests = dict(zip(chosen["id"], chosen["sha256"], strict=True))
    found = [source._replace(file=find_file(source, places, digests[source.id])) for source in sources]
    return sorted(found, key=lambda source: source.period)


def read_each(
    releases: pd.DataFrame, prefix: str, files: Iterable[Path], parse: Callable[[Source], Parsed]
) -> dict[str, Parsed]:
    """Return what a parser makes of each of its releases, by the release's id, in order of the period.

    Parameters
    ----------
    releases
        The table of releases, all as text.
    prefix
        How the ids of the wanted releases begin, such as `ncmec-esp-`.
    files
        Where raw files lie; those of other releases are passed over.
    parse
        Reads one release.

    Raises
    ------
    DataError
        If a file is missing, is another than the release describes, or the parser refuses it.
    """
    return {source.id: parse(source) for source in find_sources(releases, prefix, files)}


def year_of(source: Source) -> int:
    """Return the calendar year that a release is about.

    Raises
    ------
    DataError
        If its period is not a calendar year.
    """
    if source.period.granularity != "Y":
        raise DataError(RELEASES, source.id, "period", source.period.label, "a calendar year", "Correct the period.")
    return source.period.year


def check_once(releases: pd.DataFrame) -> None:
    """Refuse the same release under two ids.

    Raises
    ------
    DataError
        If two releases of a parser share their period or their file.
    """
    for column in UNIQUE:
        again = releases[releases.duplicated(column)]
        for row in again.itertuples():
            raise DataError(
                RELEASES,
                row.id,
                column,
                found=f"{getattr(row, column)}, as another release has it",
                expected=f"one release per {column}",
                fix="Drop the repeat, or correct it.",
            )


def release_period(release: str, label: str) -> Period:
    """Return the period that a release is about.

    Raises
    ------
    DataError
        If it is not a year, half or quarter.
    """
    try:
        return parse_period(label)
    except DataError as error:
        raise DataError(RELEASES, release, "period", label, error.expected, "Correct the period.") from error


def find_file(source: Source, places: dict[str, Path], sha256: str) -> Path:
    """Return where a release's file lies, after checking that it is the one that the release describes.

    Raises
    ------
    DataError
        If there is no file of its name, or its SHA-256 is another.
    """
    name = source.file.name
    if name not in places or not places[name].is_file():
        raise DataError(
            f"data/raw/{name}",
            found="no such file",
            expected=f"the file of {source.id}",
            fix="Put it there: its publisher's address is in data/releases.csv.",
        )
    found = hashlib.sha256(places[name].read_bytes()).hexdigest()
    if found != sha256:
        raise DataError(
            places[name],
            found=f"SHA-256 {found}",
            expected=f"{sha256}, as in {RELEASES}",
            fix="Restore the file; if the publisher replaced it, add a release of its own.",
        )
    return places[name]
