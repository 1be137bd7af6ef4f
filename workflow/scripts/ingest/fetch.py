"""Bring the source files that their publishers still serve into `data/raw/`: `snakemake fetch --cores 1`.

- Wanted is every file that `data/releases.csv` names. One that lies anywhere below `data/raw/` under its name and with
  its SHA-256 is not fetched again.
- An address is asked once, however many releases share it; what it serves is known by its SHA-256 alone.
- What is no release's goes to `data/raw/candidates/`, its name followed by the first 12 digits of its SHA-256: the
  publisher may have replaced the file, and that is a new release. A web page in place of a file is not kept.
- A transfer that breaks off goes on where it stopped, in this run or the next. A server that is busy or breaks off is
  asked again, after longer and longer waits; a host that can't be reached is not asked for its other files.
- While a file is missing, each one is named with the reason, and the exit status is not zero.
"""

import hashlib
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, TextIO
from urllib.parse import urlsplit

import requests

from countback.ingest.sources import read_releases
from countback.io.errors import CountbackError
from countback.io.files import files_by_name
from countback.io.script import run

BUSY = {408, 425, 429, 500, 502, 503, 504}
LONGEST_WAIT = 60.0  # seconds, whatever a server asks for
CHUNK = 1 << 14  # what is lost at most when a transfer breaks off
HEADERS = {"User-Agent": "countback (fetches the sources of a data set)", "Accept-Encoding": "identity"}


class Wanted(NamedTuple):
    """A file that a release names."""

    release: str
    url: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Pace:
    """How patient a transfer is: attempts to get further and to reach a host, seconds of waits and of silence."""

    attempts: int = 5
    knocks: int = 3
    wait: float = 1.0
    connect: float = 10.0
    silence: float = 60.0


class Unserved(CountbackError):
    """Why an address gave no file."""


class Unreachable(Unserved):
    """The host did not answer at all."""


class Busy(Exception):
    """The server asks to be asked later, perhaps after a number of seconds."""

    def __init__(self, status: int, seconds: str) -> None:
        super().__init__(f"HTTP status {status}")
        self.seconds = float(seconds) if seconds.isdecimal() else 0.0


@dataclass
class Terminal:
    """Where progress is shown: on the terminal, and line by line in the log, which standard output is."""

    screen: TextIO
    shown_at: float = field(default_factory=time.monotonic)

    def line(self, text: str) -> None:
        """Show a line that stays."""
        start = "\r\x1b[K" if self.screen.isatty() else ""
        print(f"{start}{text}", file=self.screen, flush=True)
        print(text, flush=True)

    def progress(self, name: str, done: int, total: int | None) -> None:
        """Show how far a transfer is: often on a terminal, every ten seconds elsewhere."""
        is_terminal = self.screen.isatty()
        if time.monotonic() - self.shown_at < (0.2 if is_terminal else 10):
            return
        self.shown_at = time.monotonic()
        text = f"  {name}: {done / 1e6:,.1f}{f' of {total / 1e6:,.1f}' if total else ''} MB"
        print(f"\r\x1b[K{text}" if is_terminal else text, end="" if is_terminal else "\n", file=self.screen, flush=True)


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def wanted_files(releases: Path) -> list[Wanted]:
    """Return what the table of releases names a file for."""
    table = read_releases(releases)
    named = table[table["file"] != ""]
    return [Wanted(row.id, row.url, Path(row.file).name, row.sha256) for row in named.itertuples()]


def missing_files(wanted: Iterable[Wanted], raw: Path) -> list[Wanted]:
    """Return what is not in a folder under its name and with its digest."""
    held = files_by_name(raw)
    return [one for one in wanted if one.name not in held or sha256_of(held[one.name]) != one.sha256]


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
        raise Busy(response.status_code, response.headers.get("Retry-After", ""))
    if response.status_code not in (200, 206, 416):
        raise Unserved(f"the publisher no longer serves it at this address (HTTP status {response.status_code})")
    is_page = response.headers.get("Content-Type", "").lower().startswith("text/html")
    if is_page and Path(name).suffix not in (".html", ".htm"):
        raise Unserved("the address is a web page: download the file from it by hand")


def receive(session: requests.Session, url: str, part: Path, name: str, pace: Pace, terminal: Terminal) -> bool:
    """Receive what an address serves, or the rest of it, into a partial file; return whether that is all of it.

    A server that does not know the place where an earlier transfer stopped is asked for the whole file next.
    """
    offset = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={offset}-"} if offset else {}
    with session.get(url, headers=headers, stream=True, timeout=(pace.connect, pace.silence)) as response:
        check_answer(response, name)
        place = response.headers.get("Content-Range", "")
        if response.status_code == 416 and place == f"bytes */{offset}":
            return True
        is_rest = response.status_code == 206 and place.startswith(f"bytes {offset}-")
        if response.status_code != 200 and not is_rest:
            part.unlink(missing_ok=True)
            return False
        done = offset if is_rest else 0
        length = response.headers.get("Content-Length", "")
        total = done + int(length) if length.isdecimal() else None
        with part.open("ab" if is_rest else "wb") as stream:
            for chunk in response.iter_content(CHUNK):
                stream.write(chunk)
                done += len(chunk)
                terminal.progress(name, done, total)
    return True


def wait_before(attempt: int, pace: Pace, asked: float = 0.0) -> float:
    """Return how long to wait before asking again: twice as long each time, or as long as the server asks for.

    Examples
    --------
    >>> [wait_before(attempt, Pace()) for attempt in (1, 2, 3)], wait_before(1, Pace(), 3600)
    ([1.0, 2.0, 4.0], 60.0)
    """
    return min(max(pace.wait * 2 ** max(attempt - 1, 0), asked), LONGEST_WAIT)


def plain_reason(error: BaseException) -> str:
    """Return the innermost reason of a broken transfer, in the words of the library that met it."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(error) or type(error).__name__


def transfer(session: requests.Session, url: str, part: Path, name: str, pace: Pace, terminal: Terminal) -> bool:
    """Receive what an address serves, however often it breaks off while it gets further; return if in pieces.

    Raises
    ------
    Unreachable
        If the host never answered.
    Unserved
        If it refused, or if attempt after attempt got no further.
    """
    attempt, furthest, has_answered, in_pieces = 0, size_of(part), False, False
    while True:
        before, asked = size_of(part), 0.0
        in_pieces |= before > 0
        try:
            if receive(session, url, part, name, pace, terminal):
                return in_pieces
            has_answered, fault = True, "the server does not go on where the transfer stopped"
        except Busy as error:
            has_answered, fault, asked = True, str(error), error.seconds
        except (requests.ReadTimeout, requests.exceptions.ChunkedEncodingError) as error:
            has_answered, fault = True, plain_reason(error)
        except requests.ConnectionError as error:
            has_answered, fault = has_answered or size_of(part) != before, plain_reason(error)
        except (requests.RequestException, ValueError) as error:
            raise Unserved(f"the address can't be asked: {error}") from error
        attempt = 0 if size_of(part) > furthest else attempt + 1
        furthest = max(furthest, size_of(part))
        if attempt >= (pace.attempts if has_answered else pace.knocks):
            raise Unserved(f"{fault}; given up after {attempt} attempts") if has_answered else Unreachable(fault)
        terminal.line(f"  {name}: {fault}; asking again")
        time.sleep(wait_before(attempt, pace, asked))


def size_of(file: Path) -> int:
    """Return the bytes of a file, 0 where there is none."""
    return file.stat().st_size if file.exists() else 0


def keep_beside(file: Path, name: str, raw: Path) -> Path:
    """Move a file that is no release's to the candidates, under its name and the beginning of its digest."""
    kept = raw / "candidates" / f"{name}.{sha256_of(file)[:12]}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(file, kept)
    return kept


def put_in_place(part: Path, name: str, raw: Path, terminal: Terminal) -> None:
    """Give a received file its name; what lies there under it, and is another file, is kept beside."""
    other = files_by_name(raw).get(name)
    if other is not None:
        terminal.line(f"  {name}: the file that was here is another; kept as {keep_beside(other, name, raw)}")
    part.replace(raw / name)


def fetch_address(
    session: requests.Session, group: list[Wanted], known: dict[str, Wanted], raw: Path, pace: Pace, terminal: Terminal
) -> Wanted:
    """Receive what an address serves and put it in place; return the release that it is of.

    Parameters
    ----------
    session
        What asks.
    group
        The missing files whose address it is.
    known
        All releases by SHA-256.
    raw
        The folder of source files.

    Raises
    ------
    Unserved
        If nothing comes, or something that is none of the missing files.
    """
    url, name = group[-1].url, group[-1].name
    part = raw / f"{name}.part"
    in_pieces = transfer(session, url, part, name, pace, terminal)
    if in_pieces and sha256_of(part) not in known:
        terminal.line(f"  {name}: its pieces do not fit together; asking for the whole")
        part.unlink()
        transfer(session, url, part, name, pace, terminal)
    digest = sha256_of(part)
    found = next((one for one in group if one.sha256 == digest), known.get(digest))
    if found in group:
        put_in_place(part, found.name, raw, terminal)
        return found
    size, kept = size_of(part), keep_beside(part, name, raw)
    served = f"the file of {found.release}" if found else "a file of no release"
    raise Unserved(
        f"the publisher serves {served} ({size:,} bytes): kept as {kept}; if it is a new release, add its line to "
        "data/releases.csv"
    )


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


def fetch(releases: Path, raw: Path, pace: Pace, terminal: Terminal) -> None:
    """Fetch every source file that is missing, address by address.

    Raises
    ------
    CountbackError
        If files are still missing at the end: each is named with the reason.
    """
    wanted = wanted_files(releases)
    missing = missing_files(wanted, raw)
    raw.mkdir(parents=True, exist_ok=True)
    terminal.line(f"{len(wanted) - len(missing)} of {len(wanted)} source files are here.")
    known = {one.sha256: one for one in wanted}
    groups: dict[str, list[Wanted]] = {}
    for one in missing:
        groups.setdefault(one.url, []).append(one)
    reasons: dict[str, list[str]] = {}
    unreachable: dict[str, str] = {}
    has_answered = False
    with requests.Session() as session:
        session.headers.update(HEADERS)
        for url, group in groups.items():
            host, left, reason = urlsplit(url).netloc, group, "its address serves another release now"
            try:
                if host in unreachable:
                    raise Unreachable(unreachable[host])
                # a first host that can't be reached may be down; after it, the network rather is
                knocks = pace.knocks if has_answered or not unreachable else 1
                found = fetch_address(session, group, known, raw, replace(pace, knocks=knocks), terminal)
                left, has_answered = [one for one in group if one != found], True
                terminal.line(f"  {found.name}: fetched")
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
    screen = Terminal(sys.stderr)  # before standard error is the log
    run(
        lambda: fetch(Path(snakemake.input.releases), Path(snakemake.params.raw), Pace(), screen),
        snakemake.log[0],
    )
