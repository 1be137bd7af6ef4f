"""Measure what a user waits for, by runs in a clean copy of the checkout: `make bench`.

- Each case runs several times; the table gives medians. Builds go by the press, so that machines can be compared.
- A build from nothing still finds compiled Python and the caches of fonts in the user's home: it is no first build.
- The floor makes the same files without Snakemake. It counts only if they are the same, byte for byte.
- Results go to `results/benchmarks/` of the checkout. They belong to a machine and not to the data, so the workflow
  does not ask for them, and version control does not hold them.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from countback.io.environment import NOT_FOR_QUARTO, PATHS, PROJECT, variables
from countback.io.errors import CountbackError
from scripts.bench.cases import BUILD, CASES, Case
from scripts.bench.copies import copy_checkout, digests, edited, forget_build, remove, unlike
from scripts.bench.machine import machine
from scripts.bench.measure import Measured, run_measured
from scripts.bench.plan import read_plan
from scripts.bench.results import case_table, markdown, write_results
from scripts.bench.rules import Spent, medians, spent, start_costs

LAST = 30  # lines of what a command that failed has said


class Bench:
    """A copy of the project, what is built in it, and how commands run there."""

    def __init__(self, project: Path, folder: Path, cores: int) -> None:
        """Begin with a copy in which nothing is built; the folder is for what is needed beside it."""
        self.project, self.plan, self.cores = project, folder / "plan", cores
        self.is_built = False
        self.built: dict[str, str] = {}
        self.plan.mkdir(exist_ok=True)

    def environment(self, command: Sequence[str]) -> dict[str, str]:
        """Return the environment of a command: that of `make`, but for this copy. Quarto reads it from its file."""
        own = variables(self.project / "_environment")
        clean = {name: value for name, value in os.environ.items() if name not in own | NOT_FOR_QUARTO}
        clean["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), clean["PATH"]])
        if command[0] == "quarto":
            return clean | {"QUARTO_PYTHON": sys.executable}
        paths = {name: str(self.project / own[name]) for name in PATHS}
        return clean | own | paths | NOT_FOR_QUARTO | {"COUNTBACK_RENDERER": "press"}

    def run(self, command: Sequence[str]) -> Measured:
        """Run a command in the copy, and stop where it fails.

        Raises
        ------
        CountbackError
            With the last lines of what it said.
        """
        filled = [part.format(cores=self.cores, plan=self.plan) for part in command]
        done = run_measured(filled, self.project, self.environment(command))
        if done.status:
            said = "\n".join(done.output.splitlines()[-LAST:])
            raise CountbackError(f"{' '.join(filled[1:])}: found status {done.status}, expected 0. It said:\n{said}")
        return done

    def make_ready(self, case: Case) -> None:
        """Bring the copy into the state in which a case begins."""
        if case.is_floor and case.is_cold and not self.built:
            forget_build(self.project)
            self.run(BUILD)
            self.built = digests(self.project)
        if case.is_cold:
            forget_build(self.project)
        elif not self.is_built:
            self.run(BUILD)
        for name in case.forgets:
            remove(self.project / name)
        self.is_built = not case.is_cold

    def write_plan(self, is_whole: bool = True) -> None:
        """Write down the jobs of a whole build, and leave nothing of that in the copy; or those that are needed now."""
        self.run((sys.executable, "-m", "scripts.bench.plan", "{plan}", *([] if is_whole else ["--needed"])))
        if is_whole:
            remove(self.project / ".snakemake")

    def measure(self, case: Case, run: int) -> Measured:
        """Run a case once."""
        self.make_ready(case)
        with edited(self.project, case.edits, run):
            if case.is_floor:
                self.write_plan(case.is_cold)
            done = self.run(case.command)
            if case.is_floor and not case.is_cold:
                self.compare_edit(case)
        if case.is_cold:
            self.compare(case)
        self.is_built = not case.is_floor
        return done

    def measure_all(self, case: Case, n_runs: int) -> list[Measured]:
        """Run a case several times; the files it edits are as before at the end, what is built of them is not."""
        runs = [self.measure(case, run + 1) for run in range(min(n_runs, case.most_runs))]
        self.is_built = self.is_built and not case.edits
        return runs

    def compare(self, case: Case) -> None:
        """Raise a CountbackError where the same files come out otherwise than from the first build from nothing."""
        made = digests(self.project)
        self.built = self.built or made
        self.refuse(case, unlike(self.built, made), "another build from nothing")

    def compare_edit(self, case: Case) -> None:
        """Raise a CountbackError where Snakemake makes other files of an edit than were just made without it."""
        made = digests(self.project)
        for file in {self.project / edit.file for edit in case.edits}:
            file.touch()  # what was made without Snakemake is newer than the edit, and would be left as it is
        self.run(BUILD)
        self.refuse(case, unlike(made, digests(self.project)), "a build by Snakemake")

    def refuse(self, case: Case, found: Sequence[str], other: str) -> None:
        """Raise a CountbackError if files were found that differ."""
        if found:
            raise CountbackError(
                f"{case.name}: found {len(found)} files that differ from those of {other}, expected none: "
                f"{', '.join(found[:5])}. A script depends on what ran before it; make it stand alone."
            )

    def rules(self, cold: Sequence[Measured]) -> list[Spent]:
        """Return what each rule takes in builds from nothing, and what of it is its start."""
        if not cold:
            return []
        self.write_plan()
        command = (sys.executable,)
        starts = start_costs(read_plan(self.plan), self.project, self.plan, self.environment(command))
        return medians([spent(run) for run in cold], starts)


def chosen(names: str) -> list[Case]:
    """Return the cases of these names, parted by commas, in their order; all but the tests if there are none.

    Raises
    ------
    CountbackError
        If there is no case of a name.
    """
    wanted = set(filter(None, names.split(","))) or {case.name for case in CASES} - {"test"}
    unknown = wanted - {case.name for case in CASES}
    if unknown:
        known = ", ".join(case.name for case in CASES)
        raise CountbackError(f"--cases: found {', '.join(sorted(unknown))}, expected some of {known}. Correct them.")
    return [case for case in CASES if case.name in wanted]


def bench(cases: Sequence[Case], n_runs: int, cores: int, folder: Path, target: Path) -> str:
    """Measure cases in a copy of the checkout, write the results, and return them as a table in words."""
    facts = machine()
    at_work = Bench(copy_checkout(PROJECT, folder), folder, cores)
    runs: dict[str, list[Measured]] = {}
    for case in cases:
        absent = case.absent(at_work.project)
        if absent:
            print(f"NOT RUN {case.name}: {absent}", file=sys.stderr)
            continue
        runs[case.name] = at_work.measure_all(case, n_runs)
        for run in runs[case.name]:
            print(f"{case.name:8} {run.wall:8.2f} s {run.cpu:8.2f} s of CPU {run.peak:6.0f} MB", file=sys.stderr)
    rules = at_work.rules(runs.get("cold", []))
    table = case_table(cases, runs)
    write_results(target, table, rules, facts)
    return markdown(table, facts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure, and return the exit status."""
    parser = argparse.ArgumentParser(description="Measure builds in a clean copy of the checkout.")
    names = ", ".join(case.name for case in CASES)
    parser.add_argument("--cases", default="", help=f"some of {names}, parted by commas (all but test)")
    parser.add_argument("--runs", type=int, default=5, help="how often each is run; test once (5)")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="of a build (all)")
    parser.add_argument("--folder", type=Path, help="where the copy is put, and left (a temporary folder, removed)")
    options = parser.parse_args(arguments)
    # commands run in sessions of their own; who ends this ends them too
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        target = PROJECT / "results" / "benchmarks"
        try:
            print(bench(chosen(options.cases), options.runs, options.cores, folder.resolve(), target))
        except CountbackError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
