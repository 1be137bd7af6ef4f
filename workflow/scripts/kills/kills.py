"""Stop builds at seeded moments, in seeded ways, and let them go on: `make kills`.

- A build in a clean copy is begun again after each stop, by the same command and nothing else, until it ends by itself.
- It runs in other surroundings than the build that nobody stops: those of `make reproduce`.
- Ways: the whole group is killed, Snakemake alone is killed, Ctrl-C, a polite request to end, and a kill after which
  files that the build has made are deleted.
- A stop before which a build has ended proves nothing: the build is begun anew, and stopped earlier.
- In the end all that was made is compared with a build that nobody stopped, byte by byte; no part of a file is left,
  and a further run has nothing to do.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from countback.io.builds import half_written
from countback.io.environment import PROJECT
from countback.io.errors import CountbackError
from scripts.bench.copies import copy_checkout, forget_build, made_files
from scripts.reproduce.compare import differences, modes
from scripts.reproduce.surroundings import FIRST, SECOND, Surroundings, environment

PATIENCE = 1800.0  # seconds that a build may take
LAST = 20  # lines of what a build has said
TRIES = 6  # of one stop, each earlier than the one before
DONE = "Nothing to be done"


class Stop(NamedTuple):
    """A stop of a build: how, and after how many seconds."""

    way: str
    after: float


class Ended(NamedTuple):
    """How a run of a build ended: its status, and what it said."""

    status: int
    said: str


def kill_group(running: "subprocess.Popen[bytes]") -> None:
    """Kill a build with all that it has started."""
    os.killpg(running.pid, signal.SIGKILL)


def interrupt(running: "subprocess.Popen[bytes]") -> None:
    """Do what Ctrl-C does: interrupt a build and all that it has started."""
    os.killpg(running.pid, signal.SIGINT)


WAYS: dict[str, Callable[["subprocess.Popen[bytes]"], None]] = {
    "the group is killed": kill_group,
    "Snakemake alone is killed": lambda running: running.kill(),
    "Ctrl-C": interrupt,
    "a request to end": lambda running: running.terminate(),
    "files are deleted": kill_group,
}


def stops(number: int, seconds: float, seed: int) -> list[Stop]:
    """Return stops of a build that takes some seconds: each way before any comes again, at moments by chance.

    Moments are early more often than late, because a build that goes on has less left to do.
    """
    chance = random.Random(seed)
    ways = [way for _ in range(number // len(WAYS) + 1) for way in chance.sample(sorted(WAYS), len(WAYS))]
    return [Stop(way, seconds * chance.uniform(0.02, 0.6)) for way in ways[:number]]


def command(cores: int) -> list[str]:
    """Return the command of a build, the same whether it begins or goes on."""
    return [sys.executable, "-m", "snakemake", "--cores", str(cores)]


def begin(project: Path, said: Path, cores: int, around: Surroundings = SECOND) -> "subprocess.Popen[bytes]":
    """Begin a build, or let it go on, in a group of its own; what it says goes to a file."""
    with said.open("wb") as stream:
        return subprocess.Popen(
            command(cores),
            cwd=project,
            env=environment(around),
            umask=around.umask,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )


def stopped(project: Path, said: Path, stop: Stop, cores: int, chance: random.Random) -> bool:
    """Run a build until a stop, and return whether it was still running then."""
    running = begin(project, said, cores)
    try:
        running.wait(stop.after)
    except subprocess.TimeoutExpired:
        WAYS[stop.way](running)
        running.wait(PATIENCE)
        if stop.way == "files are deleted":
            delete_some(project, chance)
        return True
    return False


def met(project: Path, said: Path, stop: Stop, cores: int, chance: random.Random) -> bool:
    """Stop a build, and return whether a stop has met one that was running; one that had ended is begun anew."""
    for _ in range(TRIES):
        was_running = stopped(project, said, stop, cores, chance)
        told = "" if was_running else " (it had ended before)"
        print(f"{stop.way}, after {stop.after:.1f} s{told}", file=sys.stderr)
        if was_running:
            return True
        forget_build(project)
        stop = Stop(stop.way, stop.after * chance.uniform(0.3, 0.7))
    return False


def delete_some(project: Path, chance: random.Random) -> None:
    """Delete a tenth of what a build has made so far."""
    made = sorted(made_files(project))
    for name in chance.sample(made, len(made) // 10):
        (project / name).unlink()


def finish(project: Path, said: Path, cores: int, around: Surroundings = SECOND) -> Ended:
    """Let a build go on until it ends."""
    running = begin(project, said, cores, around)
    try:
        status = running.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        kill_group(running)
        raise CountbackError(f"The build in {project} did not end within {PATIENCE:.0f} s.") from None
    return Ended(status, said.read_text(encoding="utf-8", errors="replace"))


def faults(project: Path, whole: Path, said: Path, cores: int) -> list[str]:
    """Return what is wrong with a build that was stopped and went on, set against one that was not."""
    ended = finish(project, said, cores)
    if ended.status:
        return ["\n".join(["The build did not go on:", *ended.said.splitlines()[-LAST:]])]
    found = [str(one) for one in differences(whole, project)]
    found += [f"{name}: marked as a program, which data are not" for name, is_so in modes(project).items() if is_so]
    found += [f"{path.relative_to(project)}: half-written, left behind" for path in half_written(project)]
    again = finish(project, said, cores)
    if DONE not in again.said:
        found.append("\n".join(["A further run found something to do:", *again.said.splitlines()[-LAST:]]))
    return found


def try_stops(project: Path, whole: Path, plan: Sequence[Stop], seed: int, cores: int) -> list[str]:
    """Stop a build again and again, let it end, and return what is wrong.

    Parameters
    ----------
    project
        A copy in which nothing is built.
    whole
        The same, built by one run.
    plan, seed
        The stops in their order, and what chooses the files that are deleted.
    cores
        Of each build.
    """
    chance = random.Random(seed)
    said = project.parent / f"{project.name}.said"
    unmet = [stop.way for stop in plan if not met(project, said, stop, cores, chance)]
    found = [f"{way}: met no build that was running, in {TRIES} tries" for way in unmet]
    return found + faults(project, whole, said, cores)


def kills(checkout: Path, folder: Path, number: int, per_build: int, seed: int, cores: int) -> list[str]:
    """Build once without a stop, then stop builds some number of times in all, and return what is wrong.

    Raises
    ------
    CountbackError
        If a build that nobody stops fails.
    """
    (folder / "whole").mkdir()
    whole = copy_checkout(checkout, folder / "whole")
    clean = Path(shutil.copytree(whole, folder / "clean", symlinks=True))
    start = time.monotonic()
    ended = finish(whole, folder / "whole.said", cores, FIRST)
    if ended.status:
        raise CountbackError("\n".join(["The build fails by itself:", *ended.said.splitlines()[-LAST:]]))
    seconds, found = time.monotonic() - start, []
    plan = stops(number, seconds, seed)
    for at in range(0, number, per_build):
        project = Path(shutil.copytree(clean, folder / f"stopped {at}", symlinks=True))
        found += try_stops(project, whole, plan[at : at + per_build], seed + at, cores)
        shutil.rmtree(project)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, stop builds, and return the exit status: 1 if one did not go on as it should."""
    parser = argparse.ArgumentParser(description="Stop builds at seeded moments and let them go on.")
    parser.add_argument("--number", type=int, default=10, help="how many stops (10)")
    parser.add_argument("--per-build", type=int, default=5, help="how many of them in one build (5)")
    parser.add_argument("--seed", type=int, default=1, help="what chooses moments and ways (1)")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="of each build (all)")
    parser.add_argument("--checkout", type=Path, default=PROJECT, help="whose build is stopped (this one)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = kills(
                options.checkout.resolve(),
                Path(folder).resolve(),
                options.number,
                options.per_build,
                options.seed,
                options.cores,
            )
        except CountbackError as error:
            print(error, file=sys.stderr)
            return 1
    print("\n".join(found) if found else f"{options.number} stops: each build went on to the same bytes.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
