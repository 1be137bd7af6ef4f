"""What two builds have made, and where they first differ: by line in text, by byte elsewhere, by member in archives."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from scripts.bench.copies import digests, made_files, unlike

SHOWN = 160  # characters of a line
AROUND = 24  # bytes shown from where two files part


class Difference(NamedTuple):
    """A file that is not the same in two builds, and where they part: a line, a byte or a member, with both sides."""

    file: str
    place: str
    first: str
    second: str

    def __str__(self) -> str:
        """Return the difference for people, a line for each side."""
        return f"{self.file}, {self.place}\n  first:  {self.first}\n  second: {self.second}"


def text_of(content: bytes) -> str | None:
    """Return content as text, or nothing if it is none."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def first_difference(file: str, first: bytes, second: bytes) -> Difference:
    """Return where two unlike contents of a file part.

    Examples
    --------
    >>> print(first_difference("a.csv", b"year\\n2031\\n", b"year\\n2032\\n"))
    a.csv, line 2
      first:  2031
      second: 2032
    >>> first_difference("a.png", b"\\x89\\x00\\x01", b"\\x89\\x00\\x02").place
    'byte 2'
    """
    if all(zipfile.is_zipfile(io.BytesIO(content)) for content in (first, second)):
        return in_archive(file, first, second)
    texts = text_of(first), text_of(second)
    if None not in texts:
        lines = zip_longest(*(str(text).splitlines() for text in texts))
        pairs = enumerate(lines, 1)
        at, (one, other) = next(((at, pair) for at, pair in pairs if pair[0] != pair[1]), (0, ("", "")))
        if at:
            sides = ("(no line)" if side is None else clipped(side, one, other) for side in (one, other))
            return Difference(file, f"line {at}", *sides)
    place = next(at for at, pair in enumerate(zip_longest(first, second)) if pair[0] != pair[1])
    return Difference(file, f"byte {place}", *(shown_bytes(side, place) for side in (first, second)))


def clipped(line: str, *both: str | None) -> str:
    """Return a line, or of a long one the part from shortly before both lines part."""
    sides = [side or "" for side in both]
    parts = next((at for at, (one, other) in enumerate(zip(*sides, strict=False)) if one != other), 0)
    start = max(0, parts - SHOWN // 2) if len(line) > SHOWN else 0
    text = line[start : start + SHOWN]
    return ("…" if start else "") + text + ("…" if start + SHOWN < len(line) else "")


def shown_bytes(content: bytes, place: int) -> str:
    """Return the bytes from a place on, for people."""
    return content[place : place + AROUND].hex(" ") or "(no byte)"


def in_archive(file: str, first: bytes, second: bytes) -> Difference:
    """Return the first member that differs, or else what differs around the members: their order, times, or modes."""
    with zipfile.ZipFile(io.BytesIO(first)) as one, zipfile.ZipFile(io.BytesIO(second)) as other:
        names = one.namelist(), other.namelist()
        if names[0] != names[1]:
            at, pair = next((at, pair) for at, pair in enumerate(zip_longest(*names), 1) if pair[0] != pair[1])
            return Difference(file, f"member {at}", *(name or "(no member)" for name in pair))
        for name in names[0]:
            contents = one.read(name), other.read(name)
            if contents[0] != contents[1]:
                return first_difference(f"{file}, member {name}", *contents)
            about = [(info.date_time, info.external_attr) for info in (one.getinfo(name), other.getinfo(name))]
            if about[0] != about[1]:
                return Difference(f"{file}, member {name}", "time and mode", str(about[0]), str(about[1]))
    place = next(at for at, pair in enumerate(zip_longest(first, second)) if pair[0] != pair[1])
    return Difference(file, f"byte {place}", shown_bytes(first, place), shown_bytes(second, place))


def differences(first: Path, second: Path) -> Iterator[Difference]:
    """Yield each generated file that two builds do not have alike, with the place where it first differs."""
    for name in unlike(digests(first), digests(second)):
        paths = first / name, second / name
        if all(path.is_file() for path in paths):
            yield first_difference(name, *(path.read_bytes() for path in paths))
        else:
            yield Difference(name, "one file", *("there" if path.is_file() else "missing" for path in paths))


def modes(project: Path) -> dict[str, bool]:
    """Return for each generated file whether a program may be started from it: no umask decides this."""
    return {name: bool((project / name).stat().st_mode & 0o111) for name in made_files(project)}


def report(found: Sequence[Difference], n_files: int) -> str:
    """Return what the comparison of two builds found, all of it, as lines for people."""
    if not found:
        return f"{n_files} generated files are the same, byte for byte, in both builds."
    head = f"{len(found)} of {n_files} generated files differ."
    return "\n".join([head, *map(str, found)])
