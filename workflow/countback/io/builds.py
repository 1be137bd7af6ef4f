"""What a build needs of the folder that it works in: to be alone there, and nothing half-written in it.

- Locks are the operating system's. They last as long as a process that holds them, however it ends and in whatever
  container it runs; numbers of processes, which tell nothing beyond a container, decide nothing.
- The one lock is held by the building process alone. The other is also held by all that it starts, which inherit it
  as their standard input: where a build was killed and its script was not, the next one waits for that script.
- Nothing is locked or removed before a first job runs: commands that build nothing leave a running build alone.
"""

import errno
import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from countback.io.errors import CountbackError
from countback.io.files import PARTIAL

BUILD_LOCK, SCRIPTS_LOCK = Path(".snakemake/build.lock"), Path(".snakemake/scripts.lock")
PATIENCE = 60.0  # seconds: about what the longest script takes
NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS}
STANDARD_INPUT = 0
MADE = ("results", "figures", "exports", "_book", "data")
FETCHED = Path("data/raw")


def _open(lock: Path) -> int:
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        return os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise CountbackError(
            f"{lock}: {error.strerror}, expected a file that this user can write: a build locks it. Remove it, or "
            "give it to this user; another user may have built here."
        ) from error


def _take(descriptor: int) -> bool:
    """Take a lock, and tell whether that could be done: not where another process holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS:  # where the file system has no locks, the build goes on without
            raise
    return True


def holders(lock: Path) -> list[int]:
    """Return the numbers of other processes that have a lock's file open, as far as this machine shows them."""
    wanted, found = lock.stat(), set()
    for opened in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            is_held = os.path.samestat(opened.stat(), wanted)
        except OSError:  # another user's, or gone by now
            continue
        if is_held:
            found.add(int(opened.parts[2]))
    return sorted(found - {os.getpid()})


def _named(processes: Iterable[int], unseen: str) -> str:
    return ", ".join(f"process {number}" for number in processes) or unseen


def hold_build(project: Path) -> None:
    """Hold a folder for this process until it ends.

    Raises
    ------
    CountbackError
        If another build holds it.
    """
    lock = project / BUILD_LOCK
    if not _take(_open(lock)):
        running = _named(holders(lock), "not seen from here, perhaps in another container")
        raise CountbackError(
            f"Another build is running in this folder ({running}). Wait until it ends, or stop it, then run this again."
        )


def hold_scripts(project: Path, patience: float = PATIENCE) -> None:
    """Hold what scripts inherit, after those of a killed build have ended.

    Parameters
    ----------
    project
        The folder of the build.
    patience
        How long to wait for them, in seconds.

    Raises
    ------
    CountbackError
        If they have not ended by then.
    """
    lock, until = project / SCRIPTS_LOCK, time.monotonic() + patience
    descriptor, is_told = _open(lock), False
    while not _take(descriptor):
        left = _named(holders(lock), "not seen from here, perhaps in another container")
        if time.monotonic() > until:
            raise CountbackError(
                f"Scripts of a build that was killed are still running ({left}). Wait until they end, or stop them "
                "with `kill` and their numbers, then run this again."
            )
        if not is_told:
            print(f"Waiting for scripts of a build that was killed ({left}).", file=sys.stderr, flush=True)
            is_told = True
        time.sleep(0.1)
    os.dup2(descriptor, STANDARD_INPUT)


def half_written(project: Path) -> Iterator[Path]:
    """Yield files that a killed process did not finish, and so did not give their names."""
    for folder in (project / name for name in MADE):
        for place, folders, names in os.walk(folder):
            if Path(place) == project / FETCHED.parent:
                folders[:] = [name for name in folders if name != FETCHED.name]
            yield from (Path(place, name) for name in names if PARTIAL.fullmatch(name))
    yield from (path for path in project.glob("*.part") if PARTIAL.fullmatch(path.name) and path.is_file())


def begin_build(project: Path) -> None:
    """Hold a folder for this process and its scripts, and remove what killed ones left half-written.

    Raises
    ------
    CountbackError
        If another build, or a script of one that was killed, works there.
    """
    hold_build(project)
    hold_scripts(project)
    for file in half_written(project):
        file.unlink(missing_ok=True)
    shutil.rmtree(project / "_book.part", ignore_errors=True)
