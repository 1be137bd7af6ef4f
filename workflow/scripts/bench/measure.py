"""Run a command and measure it with all that it starts: wall time, CPU, peak memory, and the processes seen.

- CPU is what the system counted for the command and all that it waited for, from `wait4`; it misses nothing short.
- Memory is summed over the tree, sample by sample, and the greatest sum is kept: the proportional set size (PSS), in
  which a page that several processes share counts once, where the system tells it; else the resident set size (RSS).
- A process is found as a child of the command or of one seen before, so one whose parent has ended is still counted.
"""

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

INTERVAL = 0.1  # seconds between samples
MEMORY_EVERY = 3  # samples
MEGABYTE = 1_000_000


@dataclass
class Seen:
    """A process that was seen, as the last sample found it.

    Attributes
    ----------
    command
        Its program and arguments.
    text
        The script that Snakemake wrote for it, read while it was there; empty for any other process.
    start, end
        When it started and when it was last seen, in seconds of the system's clock.
    cpu
        Seconds that it and the children it waited for have used.
    own
        Seconds of CPU that it has used itself.
    peak
        Megabytes that it had at most, itself.
    parent
        The id of its parent.
    """

    command: list[str]
    text: str
    start: float
    parent: int
    end: float = 0.0
    cpu: float = 0.0
    own: float = 0.0
    peak: float = 0.0


@dataclass
class Measured:
    """What a run of a command took."""

    status: int
    output: str
    wall: float
    cpu: float
    peak: float  # megabytes
    processes: dict[int, Seen] = field(default_factory=dict)
    root: int = 0


def memory_kind() -> str:
    """Return which memory is summed here: `PSS`, or `RSS` where the system does not tell the former."""
    return "PSS" if hasattr(psutil.Process().memory_full_info(), "pss") else "RSS"


def memory(process: psutil.Process) -> int:
    """Return the bytes of memory that a process has its share in."""
    try:
        found = process.memory_full_info()
    except psutil.AccessDenied:
        found = process.memory_info()
    return int(getattr(found, "pss", found.rss))


def written_script(process: psutil.Process, command: list[str]) -> str:
    """Return the script that Snakemake wrote for a process, or nothing."""
    named = [argument for argument in command[1:] if ".snakemake/scripts/" in argument]
    if not named:
        return ""
    try:  # R is told of it as --file=
        return (Path(process.cwd()) / named[0].removeprefix("--file=")).read_text(encoding="utf-8", errors="replace")
    except (OSError, psutil.Error):
        return ""


class Tree:
    """The processes below one, sampled again and again."""

    def __init__(self, root: int) -> None:
        """Begin with the process of this id."""
        self._root, self._n_samples = root, 0
        self._known = {root: psutil.Process(root)}
        self.seen: dict[int, Seen] = {}
        self.peak = 0

    def _find(self) -> None:
        """Take in the processes that are new below the root, and below those that lost their parent."""
        found = self._below(self._known.get(self._root))
        for orphan in self._known.keys() - found.keys() - {self._root}:
            found |= self._below(self._known[orphan])
        for pid, process in found.items():
            self._known.setdefault(pid, process)

    def _below(self, process: psutil.Process | None) -> dict[int, psutil.Process]:
        try:
            return {child.pid: child for child in process.children(recursive=True)} if process else {}
        except psutil.Error:
            return {}

    def sample(self) -> None:
        """Look at each process once, and forget those that have ended."""
        self._find()
        self._n_samples += 1
        total = 0
        for process in list(self._known.values()):
            try:
                total += self._look(process)
            except psutil.Error:
                del self._known[process.pid]
        self.peak = max(self.peak, total)

    def _look(self, process: psutil.Process) -> int:
        with process.oneshot():
            if process.status() == psutil.STATUS_ZOMBIE:
                return 0
            command = process.cmdline()
            found = self.seen.get(process.pid)
            # a process that was forked becomes another one when it starts a program; one that ends has no command
            if found is None or (command and found.command != command):
                text = written_script(process, command)
                found = self.seen[process.pid] = Seen(command, text, process.create_time(), process.ppid())
            times = process.cpu_times()
            found.own = times.user + times.system
            found.cpu = found.own + times.children_user + times.children_system
            found.end = time.time()
        # to sum up its pages holds a process up, so it is done less often
        if self._n_samples % MEMORY_EVERY != 1:
            return 0
        held = memory(process)
        found.peak = max(found.peak, held / MEGABYTE)
        return held


def run_measured(
    command: list[str], folder: Path, environment: Mapping[str, str] | None = None, interval: float = INTERVAL
) -> Measured:
    """Run a command in a folder and return what it took.

    Parameters
    ----------
    command
        Program and arguments.
    folder
        Where it runs.
    environment
        The variables that it gets, those of this process if none are given.
    interval
        Seconds between two samples.
    """
    start = time.monotonic()
    with (
        Path(os.devnull).open("rb") as nothing,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=nothing,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        return _watch(process, start, interval)


def _watch(process: "subprocess.Popen[bytes]", start: float, interval: float) -> Measured:
    """Sample a process until it ends; its output is read meanwhile, so that it never waits for a reader."""
    tree, said = Tree(process.pid), bytearray()
    assert process.stdout
    os.set_blocking(process.stdout.fileno(), False)
    try:
        while True:
            tree.sample()
            said += process.stdout.read() or b""
            # the command is looked for more often than its tree, so that wall time is not rounded to samples
            ended = _wait(process.pid, interval)
            if ended:
                break
    except BaseException:
        os.killpg(process.pid, 9)
        raise
    status, cpu, end = ended
    process.returncode = status
    said += process.stdout.read() or b""
    return Measured(
        status, said.decode(errors="replace"), end - start, cpu, tree.peak / MEGABYTE, tree.seen, process.pid
    )


def _wait(pid: int, seconds: float) -> tuple[int, float, float] | None:
    """Return status, CPU and time of the end of a process, or None if it is still there after these seconds."""
    until = time.monotonic() + seconds
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        now = time.monotonic()
        if ended:
            return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, now
        if now >= until:
            return None
        time.sleep(min(0.01, seconds))
