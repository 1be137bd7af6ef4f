"""Run the jobs of a plan in one warm process of Python and one of R: the least that the same files can cost.

- Run in the project that is measured: `python -m scripts.bench.floor FOLDER`, after `scripts.bench.plan`.
- Scripts are the same, run as they are; no interpreter starts for a job, and nothing looks what has to be done.
- Both processes work side by side, as far as one needs nothing of the other. Among jobs that are ready, Python takes
  first the one that most jobs wait for.
"""

import os
import pickle
import runpy
import subprocess
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from scripts.bench.plan import Job, read_plan

WARM_R = Path(__file__).with_name("floor.R")


class Progress:
    """Which jobs of a plan are done, shared by the thread of Python and the one that speaks with R."""

    def __init__(self, jobs: list[Job]) -> None:
        """Begin with no job done."""
        self.jobs = jobs
        self.waiting = {place: set(job.needs) for place, job in enumerate(jobs)}
        self.left = {kind: [place for place, job in enumerate(jobs) if job.is_r == kind] for kind in (False, True)}
        self.weight = weights(jobs)
        self.failed: str = ""
        self.changed = Condition()

    def take(self, is_r: bool) -> int | None:
        """Return the next job for one of the two processes, as soon as there is one, or None if none is left."""
        with self.changed:
            while self.left[is_r] and not self.failed:
                ready = [place for place in self.left[is_r] if not self.waiting[place]]
                if ready:
                    place = max(ready, key=lambda place: self.weight[place])
                    self.left[is_r].remove(place)
                    return place
                self.changed.wait()
        return None

    def finish(self, place: int, fault: str = "") -> None:
        """Note that a job is done, or that it failed."""
        with self.changed:
            self.failed = self.failed or fault
            for needs in self.waiting.values():
                needs.discard(place)
            self.changed.notify_all()


def weights(jobs: list[Job]) -> list[int]:
    """Return how many jobs wait for each one, directly or not."""
    after: list[set[int]] = [set() for _ in jobs]
    for place in reversed(range(len(jobs))):
        for needed in jobs[place].needs:
            after[needed] |= {place} | after[place]
    return [len(found) for found in after]


@contextmanager
def untouched() -> Any:
    """Give a job the arguments, the environment and the warnings that a process begins with, and put them back."""
    kept, arguments = dict(os.environ), sys.argv
    try:
        with warnings.catch_warnings():
            yield
    finally:
        sys.argv = arguments
        if dict(os.environ) != kept:
            os.environ.clear()
            os.environ.update(kept)
        if "matplotlib" in sys.modules:
            sys.modules["matplotlib"].rc_file_defaults()


def run_python(job: Job) -> str:
    """Run a script of Python here, and return what went wrong."""
    with untouched(), Path(job.given).open("rb") as given:
        sys.argv = [job.script]
        try:
            runpy.run_path(job.script, {"snakemake": pickle.load(given)}, "__main__")
        except SystemExit as end:
            return f"{job.rule}: {end}" if end.code else ""
    return ""


def run_r(progress: Progress) -> None:
    """Hand each job of R to one process of it, when its turn comes."""
    command = ["Rscript", "--vanilla", str(WARM_R)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        while (place := progress.take(is_r=True)) is not None:
            job = progress.jobs[place]
            process.stdin.write(f"{job.given}\n")
            process.stdin.flush()
            answer = process.stdout.readline().strip()
            progress.finish(place, "" if answer == "done" else f"{job.rule}: R says {answer or 'nothing'}")


def run_plan(jobs: list[Job]) -> str:
    """Run all jobs, and return the first fault, or nothing."""
    for file in {Path(file).parent for job in jobs for file in job.makes}:
        file.mkdir(parents=True, exist_ok=True)
    progress = Progress(jobs)
    beside = Thread(target=run_r, args=(progress,))
    beside.start()
    try:
        while (place := progress.take(is_r=False)) is not None:
            progress.finish(place, run_python(jobs[place]))
    except BaseException as error:
        progress.finish(-1, repr(error))
        raise
    finally:
        beside.join()
    return progress.failed


if __name__ == "__main__":
    sys.exit(run_plan(read_plan(Path(sys.argv[1]))) or 0)
