"""What each rule of a build took, from the processes that were seen, and what of that was only its start.

- A job is known by the log that its script is told of: each rule has one of its own name.
- Snakemake's own is reading the workflow, planning, comparing files, starting jobs. What is left is of processes that
  ended between two samples, and the ends of others.
- The start is measured apart: the same interpreter reads the same script up to the point where its work would begin.
  For R that is the sourcing of functions, and all packages that these or the script name.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from countback.dependencies import code_files
from countback.io.files import write_text
from scripts.bench.measure import Measured, Seen, run_measured
from scripts.bench.plan import Job

SNAKEMAKE, UNSEEN = "(Snakemake itself)", "(not seen)"
LOG = re.compile(r"results/logs/([\w-]+)\.log")
PACKAGE = re.compile(r"\blibrary\((\w[\w.]*)\)|\b([A-Za-z][\w.]*)::")
PREAMBLE_END = "######## snakemake preamble end #########"
# What Snakemake writes before a script of Python imports this.
START = (
    "import pickle, runpy, sys\n"
    "from snakemake.logging import logger\n"
    "from snakemake.iocontainers import Snakemake\n"
    "runpy.run_path(sys.argv[1], run_name='start')"
)


@dataclass(frozen=True)
class Spent:
    """What a rule took in a build, in seconds and megabytes; `start` is what of the CPU was only its start."""

    rule: str
    seconds: float
    cpu: float
    peak: float
    start: float | None = None


def rule_of(seen: Seen) -> str:
    """Return the rule whose job a process ran, or nothing."""
    found = LOG.search(seen.text)
    return found[1] if found else ""


def spent(run: Measured) -> list[Spent]:
    """Return what each rule took in one build, what Snakemake took itself, and what was not seen."""
    rules = {pid: rule_of(seen) for pid, seen in run.processes.items()}
    # a job that forks has children with the command of its own, and what they use is counted with it
    jobs = [(rules[pid], seen) for pid, seen in run.processes.items() if rules[pid] and not rules.get(seen.parent)]
    rows = [Spent(rule, seen.end - seen.start, seen.cpu, seen.peak) for rule, seen in jobs]
    root = run.processes[run.root]
    rows.append(Spent(SNAKEMAKE, run.wall, root.own, root.peak))
    return [*rows, Spent(UNSEEN, 0, max(0, run.cpu - sum(row.cpu for row in rows)), 0)]


def medians(runs: Iterable[list[Spent]], starts: Mapping[str, float]) -> list[Spent]:
    """Return the medians of several builds by rule, the rule that used most CPU first."""
    by_rule: dict[str, list[Spent]] = {}
    for row in (row for rows in runs for row in rows):
        by_rule.setdefault(row.rule, []).append(row)
    found = [
        Spent(
            rule,
            median(row.seconds for row in rows),
            median(row.cpu for row in rows),
            median(row.peak for row in rows),
            starts.get(rule),
        )
        for rule, rows in by_rule.items()
    ]
    return sorted(found, key=lambda row: -row.cpu)


def start_command(job: Job, project: Path, folder: Path) -> list[str]:
    """Return a command that does what a job does before its work begins."""
    if not job.is_r:
        return [sys.executable, "-c", START, job.script]
    script = Path(job.script)
    code = [script, *(project / file for file in code_files([script.relative_to(project)], project))]
    text = "\n".join(file.read_text(encoding="utf-8") for file in code if file.suffix == ".R")
    packages = sorted({one or other for one, other in PACKAGE.findall(re.sub(r"#.*", "", text))})
    preamble = Path(job.given).read_text(encoding="utf-8").partition(PREAMBLE_END)[0]
    target = folder / "start.R"
    write_text(
        f'{preamble}\nfor (file in snakemake@input[["functions"]]) source(file)\n'
        f"for (name in c({', '.join(map(repr, packages))})) loadNamespace(name)\n",
        target,
    )
    return ["Rscript", "--vanilla", str(target)]


def start_costs(jobs: list[Job], project: Path, folder: Path, environment: Mapping[str, str]) -> dict[str, float]:
    """Return the seconds of CPU that each rule's job takes to start."""
    found = {}
    for job in jobs:
        run = run_measured(start_command(job, project, folder), project, environment, interval=1)
        if run.status == 0:
            found[job.rule] = run.cpu
    return found
