"""Bring the source files that their publishers still serve into `data/raw/`: `snakemake fetch --cores 1`.

- Wanted is every file that `data/releases.csv` names. One that lies anywhere below `data/raw/` under its name and with
  its SHA-256 is not fetched again.
- An address is asked once, however many releases share it; what it serves is known by its SHA-256 alone, and gets a
  release's name only after that was checked.
- What is no release's goes to `data/raw/candidates/`, its name followed by the first 12 digits of its SHA-256: the
  publisher may have replaced the file, and that is a new release. A web page in place of a file is not kept.
- pooch asks again where a transfer breaks off or a server is busy, after longer and longer waits, and always for the
  whole file: all of them together have 20 MB. A host that can't be reached is not asked for its other files.
- Nothing is taken on trust: a transfer stops that grows far beyond the size of the release, that takes too long, or
  that is led on from link to link.
- While a file is missing, each one is named with the reason, and the exit status is not zero.
"""

import re
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pooch
import requests

from countback.ingest.sources import RELEASES, read_releases
from countback.io.errors import CountbackError, DataError
from countback.io.files import files_by_name
from countback.io.limits import at_most
from countback.io.script import run

CANDIDATES = "candidates"
# What can stand in a folder, on every system; with room for the ending of a candidate.
NAME = re.compile(r"[^\x00-\x1f\x7f/\\]{1,200}")
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
SIZE = re.compile(r"[0-9]{1,12}")
BUSY = {408, 425, 429, 500, 502, 503, 504}
LONGEST_WAIT = 60.0  # seconds, whatever a server asks for
MOST_REDIRECTS = 10
CHUNK = 1 << 14
HEADERS = {"User-Agent": "countback (fetches the sources of a data set)", "Accept-Encoding": "identity"}


class Wanted(NamedTuple):
    """A file that a release names: its place below `data/raw/`, its size in bytes.

    A name that several releases have stands below a folder named after the release.
    """

    release: str
    url: str
    name: str
    sha256: str
    size: int


class Limits(NamedTuple):
    """What a transfer may take.

    `repeats` is how often it is asked for again; `connect`, `silence` and `whole` are the seconds until a host answers,
    between two pieces, and for everything, waits included; `spare` is by how many bytes a file may exceed twice the
    size of its release: a newer one is kept as a candidate, and cumulative files grow.
    """

    repeats: int = 4
    connect: float = 10.0
    silence: float = 60.0
    whole: float = 600.0
    spare: int = 10_000_000


class Unserved(CountbackError):
    """Why an address gave no file."""


class Unreachable(Unserved):
    """The host did not answer at all."""


class OtherFile(CountbackError):
    """What came is not the file that was asked for; it was kept."""

    def __init__(self, kept: Path) -> None:
        super().__init__(f"another file, kept as {kept}")
        self.kept = kept


class Busy(requests.RequestException):
    """The server asks to be asked later."""


# Of these, pooch asks again; other exceptions of requests are about the address itself.
TEMPORARY = (Busy, requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


def say(text: str) -> None:
    """Show a line on the terminal and in the log, which standard output is while a script runs."""
    print(text, file=sys.__stderr__, flush=True)
    print(text, flush=True)


def wanted_files(releases: Path) -> list[Wanted]:
    """Return what the table of releases names a file for.

    Raises
    ------
    DataError
        If a name could not stand in `data/raw/`, or would hide its candidates, or an id leads out of it.
    """
    table = read_releases(releases)
    named = table[table["file"] != ""].assign(name=lambda frame: frame["file"].map(lambda file: Path(file).name))
    is_shared = named["name"].duplicated(keep=False)
    wanted = []
    for row, shared in zip(named.itertuples(), is_shared, strict=True):
        if not NAME.fullmatch(row.name) or row.name in (".", "..", CANDIDATES):
            raise DataError(RELEASES, row.id, "file", row.file, "the name of a file", "Correct the name.")
        if not ID.fullmatch(row.id):  # it can be the name of a folder
            expected = "small letters, digits and hyphens"
            raise DataError(RELEASES, column="id", found=row.id, expected=expected, fix="Correct the id.")
        place = f"{row.id}/{row.name}" if shared else row.name
        wanted.append(Wanted(row.id, row.url, place, row.sha256, int(row.bytes) if SIZE.fullmatch(row.bytes) else 0))
    return wanted


def is_held(one: Wanted, held: dict[str, list[Path]]) -> bool:
    """Return whether a file is among those of a folder, by name and digest."""
    return any(file.is_file() and pooch.file_hash(file) == one.sha256 for file in held.get(Path(one.name).name, []))


def keep_beside(file: Path, name: str, raw: Path) -> Path:
    """Move a file that is no release's to the candidates, under its name and the beginning of its digest."""
    kept = raw / CANDIDATES / f"{name}.{pooch.file_hash(file)[:12]}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(file, kept)
    return kept


def clear_place(name: str, raw: Path) -> None:
    """Make way for a file that was checked: what lies there under its name, and is another file, is kept beside."""
    is_shared = Path(name).name != name
    for other in [raw / name] if is_shared else files_by_name(raw).get(name, []):
        if other.is_file():
            say(f"  {name}: the file that was here is another; kept as {keep_beside(other, name, raw)}")


def plain_reason(error: BaseException) -> str:
    """Return the innermost reason of a broken transfer, in the words of the library that met it."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(error) or type(error).__name__


def check_answer(response: requests.Response, name: str) -> None:
    """Raise where a server's answer is not the file that was asked for.

    Raises
    ------
    Busy
        If it may be later.
    Unserved
        If it will not be.
    """
    if response.status_code in BUSY:
        raise Busy(f"HTTP status {response.status_code}", response=response)
    if response.status_code != 200:
        raise Unserved(f"the publisher no longer serves it at this address (HTTP status {response.status_code})")
    is_page = response.headers.get("Content-Type", "").lower().startswith("text/html")
    if is_page and Path(name).suffix not in (".html", ".htm"):
        raise Unserved("the address is a web page: download the file from it by hand")


class Download:
    """What pooch calls for a file, once for each attempt: it leaves a file that was checked, or raises."""

    def __init__(self, one: Wanted, raw: Path, limits: Limits) -> None:
        self.one, self.raw, self.limits = one, raw, limits
        self.fault, self.has_answered, self.asked_wait = "", False, 0.0

    def __call__(self, url: str, output_file: str, _: pooch.Pooch | None) -> None:
        """Receive the file.

        Raises
        ------
        requests.RequestException
            If it is worth asking again.
        OtherFile
            If another file came.
        Unserved
            If no file will come.
        """
        if self.fault:
            say(f"  {self.one.name}: {self.fault}; asking again")
            time.sleep(self.asked_wait)
        try:
            self.receive(url, Path(output_file))
        except TEMPORARY as error:
            self.fault, self.asked_wait = plain_reason(error), wait_asked_for(error)
            self.has_answered |= isinstance(error, requests.ReadTimeout)
            raise
        except (requests.RequestException, ValueError) as error:
            raise Unserved(f"the address leads to no file: {error}") from error
        if pooch.file_hash(output_file) != self.one.sha256:
            raise OtherFile(keep_beside(Path(output_file), self.one.name, self.raw))
        clear_place(self.one.name, self.raw)

    def receive(self, url: str, file: Path) -> None:
        """Write what an address serves to a file, as long as it is not far more than the release has."""
        most = 2 * self.one.size + self.limits.spare
        timeout = (self.limits.connect, self.limits.silence)
        with requests.Session() as session, file.open("wb") as stream:
            session.headers.update(HEADERS)
            session.max_redirects = MOST_REDIRECTS
            with session.get(url, stream=True, timeout=timeout) as response:
                self.has_answered = True
                check_answer(response, self.one.name)
                for chunk in response.iter_content(CHUNK):
                    stream.write(chunk)
                    # Not the length that the server states: it may state another, or compress what it sends.
                    if stream.tell() > most:
                        raise Unserved(
                            f"the publisher serves more than {most:,} bytes, and {self.one.release} has "
                            f"{self.one.size:,}: stopped; download it by hand if it is a new release"
                        )


def wait_asked_for(error: requests.RequestException) -> float:
    """Return the seconds that a server asks to be left alone for, within reason."""
    asked = error.response.headers.get("Retry-After", "") if error.response is not None else ""
    return min(float(asked), LONGEST_WAIT) if asked.isdecimal() else 0.0


def fetch_address(group: list[Wanted], known: dict[str, Wanted], raw: Path, limits: Limits) -> Wanted:
    """Receive what an address serves and put it in place; return the release that it is of.

    Parameters
    ----------
    group
        The missing files whose address it is.
    known
        All releases by SHA-256.
    raw
        The folder of source files.
    limits
        What the transfer may take.

    Raises
    ------
    Unserved
        If nothing comes, or something that is none of the missing files.
    """
    for one in group:
        if (raw / one.name).is_dir():
            raise Unserved(f"a folder has its name: move {raw / one.name} elsewhere")
    one = max(group, key=lambda wanted: wanted.size)
    download = Download(one, raw, limits)
    registry, urls = {one.name: one.sha256}, {one.name: one.url}
    store = pooch.create(raw, base_url="", registry=registry, urls=urls, retry_if_failed=limits.repeats)
    late = partial(Unserved, f"not all of it came within {limits.whole:,g} seconds")
    try:
        with at_most(limits.whole, late):
            store.fetch(one.name, downloader=download)
    except OtherFile as other:
        return settle(other.kept, group, known, raw)
    except requests.RequestException as error:
        if not download.has_answered:
            raise Unreachable(download.fault) from error
        raise Unserved(f"{download.fault}; given up after {limits.repeats + 1} attempts") from error
    return one


def settle(kept: Path, group: list[Wanted], known: dict[str, Wanted], raw: Path) -> Wanted:
    """Put a candidate in place if it is another of the missing files that share an address; return its release.

    Raises
    ------
    Unserved
        If it is none of them.
    """
    digest = pooch.file_hash(kept)
    found = next((one for one in group if one.sha256 == digest), known.get(digest))
    if found in group:
        clear_place(found.name, raw)
        kept.replace(raw / found.name)
        return found
    served = f"the file of {found.release}" if found else "a file of no release"
    raise Unserved(
        f"the publisher serves {served} ({kept.stat().st_size:,} bytes): kept as {kept}; if it is a new release, add "
        "its line to data/releases.csv"
    )


def host_of(url: str) -> str:
    """Return the host of an address, or nothing where it can't be read.

    Examples
    --------
    >>> host_of("https://example.org/a.pdf"), host_of("http://[::1")
    ('example.org', '')
    """
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def report(missing: dict[str, list[str]], n_wanted: int, unreachable: dict[str, str], has_answered: bool) -> str:
    """Return which files are missing, by reason, and whether the network is to blame."""
    lines = []
    if unreachable and not has_answered:
        hosts = "; ".join(f"{host}: {reason}" for host, reason in unreachable.items())
        lines.append(f"No publisher could be reached ({hosts}). Is there a network?")
    n_missing = sum(map(len, missing.values()))
    lines.append(f"{n_missing} of {n_wanted} source files are missing in data/raw:")
    for reason, names in missing.items():
        lines.append(f"  {', '.join(names)}: {reason}")
    return "\n".join(lines)


def fetch(releases: Path, raw: Path, limits: Limits) -> None:
    """Fetch every source file that is missing, address by address.

    Raises
    ------
    CountbackError
        If files are still missing at the end: each is named with the reason.
    """
    pooch.get_logger().setLevel("ERROR")  # what it would say is said here, with the reason
    wanted, held = wanted_files(releases), files_by_name(raw)
    missing = [one for one in wanted if not is_held(one, held)]
    say(f"{len(wanted) - len(missing)} of {len(wanted)} source files are here.")
    known = {one.sha256: one for one in wanted}
    groups: dict[str, list[Wanted]] = {}
    for one in missing:
        groups.setdefault(one.url, []).append(one)
    reasons: dict[str, list[str]] = {}
    unreachable: dict[str, str] = {}
    has_answered = False
    for url, group in groups.items():
        host, left, reason = host_of(url), group, "its address serves another release now"
        try:
            if host in unreachable:
                raise Unreachable(unreachable[host])
            # A first host that can't be reached may be down; after it, the network rather is.
            repeats = limits.repeats if has_answered or not unreachable else 0
            found = fetch_address(group, known, raw, limits._replace(repeats=repeats))
            left, has_answered = [one for one in group if one != found], True
            say(f"  {found.name}: fetched")
        except Unreachable as error:
            unreachable[host] = str(error)
            reason = f"{host} can't be reached"
        except Unserved as error:
            has_answered, reason = True, f"{error} ({url})"
        if left:
            reasons.setdefault(reason, []).extend(one.name for one in left)
    if reasons:
        raise CountbackError(report(reasons, len(wanted), unreachable, has_answered))


if __name__ == "__main__":
    run(lambda: fetch(Path(snakemake.input.releases), Path(snakemake.params.raw), Limits()), snakemake.log[0])
