"""Which files are read: the releases of `data/releases.csv` that are parsed, each with its checked file.

- A release belongs to a parser by the beginning of its id and by its route, `parsed`.
- A file is known by its name, wherever it lies below `data/raw/`; of several files of one name, by its SHA-256.
- A file whose SHA-256 differs from its release's is not read: its publisher may have replaced it, and that is a new
  release.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

import pandas as pd

from countback.io.errors import DataError
from countback.io.files import digest_of, file_with
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
    places = by_name(files)
    sources = [
        Source(row.id, release_period(row.id, row.period), find_file(row.id, row.file, row.sha256, places))
        for row in chosen.itertuples()
    ]
    return sorted(sources, key=lambda source: source.period)


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


def by_name(files: Iterable[Path]) -> dict[str, list[Path]]:
    """Return files by their names, which several can share."""
    places: dict[str, list[Path]] = {}
    for file in files:
        places.setdefault(file.name, []).append(file)
    return places


def only_release(releases: pd.DataFrame, ending: str) -> str:
    """Return the id of the one parsed release whose id ends so.

    Raises
    ------
    DataError
        If there is none, or more than one.
    """
    found = releases.loc[releases["id"].str.endswith(ending) & (releases["route"] == "parsed"), "id"].tolist()
    if len(found) != 1:
        fix = "Keep the newest one as parsed, the others as reference." if found else "Restore its line."
        raise DataError(RELEASES, column="id", found=", ".join(found) or "none", expected=f"one {ending}", fix=fix)
    return str(found[0])


def release_file(releases: pd.DataFrame, release: str, files: Iterable[Path]) -> Path:
    """Return the checked file of one release, whatever time it is about.

    Raises
    ------
    DataError
        If there is no such release, or its file is missing or another than it describes.
    """
    chosen = releases[releases["id"] == release]
    if chosen.empty:
        raise DataError(RELEASES, column="id", found="no such release", expected=release, fix="Restore its line.")
    return find_file(release, chosen["file"].iloc[0], chosen["sha256"].iloc[0], by_name(files))


def find_file(release: str, file: str, sha256: str, places: dict[str, list[Path]]) -> Path:
    """Return where a release's file lies, after checking that it is the one that the release describes.

    Raises
    ------
    DataError
        If there is no file of its name, or its SHA-256 is another.
    """
    name = Path(file).name
    place = file_with(sha256, places[name]) if name in places else Path(name)
    if not place.is_file():
        raise DataError(
            f"data/raw/{name}",
            found="no such file",
            expected=f"the file of {release}",
            fix="Put it there: its publisher's address is in data/releases.csv.",
        )
    found = digest_of(place)
    if found != sha256:
        raise DataError(
            place,
            found=f"SHA-256 {found}",
            expected=f"{sha256}, as in {RELEASES}",
            fix="Restore the file; if the publisher replaced it, add a release of its own.",
        )
    return place
