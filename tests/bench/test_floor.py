"""The floor runs the jobs of a whole build in two processes, and makes what Snakemake makes."""

import json
import os
import subprocess
import sys

import pytest
from builds import PROJECT

from scripts.bench.copies import digests, forget_build, unlike
from scripts.bench.floor import Progress, run_plan, weights
from scripts.bench.plan import Job, read_plan
from scripts.bench.rules import start_command

SNAKEFILE = """
rule all:
    input: "results/sum.txt"

import shlex, sys

sys.executable = shlex.quote(sys.executable)  # as the project's own Snakefile has it: the path may hold spaces

rule numbers:
    output: one="results/numbers.txt"
    params: numbers=[1, 2]
    log: "results/logs/numbers.log"
    script: "scripts/numbers.py"

rule doubled:
    input: one="results/numbers.txt"
    output: one="results/doubled.txt"
    log: "results/logs/doubled.log"
    script: "scripts/doubled.R"

rule sum:
    input: numbers="results/numbers.txt", doubled="results/doubled.txt"
    output: "results/sum.txt"
    log: "results/logs/sum.log"
    script: "scripts/sum.py"
"""
SCRIPTS = {
    "numbers.py": """
import os
from pathlib import Path

if __name__ == "__main__":
    os.environ["LEFT"] = "behind"
    Path(snakemake.output.one).write_text("\\n".join(map(str, snakemake.params.numbers)))
""",
    "doubled.R": """
log <- file(snakemake@log[[1]], open = "wt")
sink(log)
sink(log, type = "message")
message("doubled")
if (exists("doubled")) stop("not alone")
doubled <- 2 * scan(snakemake@input[["one"]], quiet = TRUE)
writeLines(as.character(doubled), snakemake@output[["one"]])
""",
    "sum.py": """
import os
from pathlib import Path

if __name__ == "__main__":
    assert "LEFT" not in os.environ
    numbers = [int(line) for file in snakemake.input for line in Path(file).read_text().split()]
    Path(snakemake.output[0]).write_text(str(sum(numbers)))
""",
}


def python(folder, *arguments):
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "workflow")}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return a workflow of three jobs, of which nothing is built, and the plan of them."""
    root = tmp_path_factory.mktemp("small")
    (root / "scripts").mkdir()
    (root / "plan").mkdir()
    (root / "Snakefile").write_text(SNAKEFILE)
    for name, text in SCRIPTS.items():
        (root / "scripts" / name).write_text(text)
    python(root, "-m", "scripts.bench.plan", str(root / "plan"))
    return root


def test_a_plan_holds_every_job_after_those_that_it_needs(small):
    jobs = read_plan(small / "plan")
    assert [(job.rule, job.needs, job.is_r) for job in jobs] == [
        ("numbers", [], False),
        ("doubled", [0], True),
        ("sum", [0, 1], False),
    ]
    assert not (small / "results").exists(), "planning builds nothing"


def test_the_floor_makes_the_same_files_as_snakemake(small):
    python(small, "-m", "snakemake", "--cores", "1", "--quiet")
    by_snakemake = digests(small)
    (small / "needed").mkdir()
    python(small, "-m", "scripts.bench.plan", str(small / "needed"), "--needed")
    assert read_plan(small / "needed") == []
    (small / "results" / "doubled.txt").write_text("2\n")
    python(small, "-m", "scripts.bench.plan", str(small / "needed"), "--needed")
    assert [(job.rule, job.needs) for job in read_plan(small / "needed")] == [("sum", [])]
    forget_build(small)
    python(small, "-m", "scripts.bench.floor", str(small / "plan"))
    assert (small / "results" / "sum.txt").read_text() == "9"
    assert unlike(by_snakemake, digests(small)) == []
    assert (small / "results" / "logs" / "doubled.log").read_text() == "doubled\n"


def test_a_job_starts_without_its_work(small, tmp_path):
    forget_build(small)
    for job in read_plan(small / "plan"):
        subprocess.run(start_command(job, small, tmp_path), cwd=small, check=True)
    assert digests(small) == {}


def job(tmp_path, name, text, *needs):
    """Return a job of Python that is given nothing."""
    import pickle

    script, given = tmp_path / f"{name}.py", tmp_path / f"{name}.pickle"
    script.write_text(text)
    given.write_bytes(pickle.dumps(None))
    return Job(name, str(script), str(given), [], list(needs))


def test_the_first_job_that_fails_is_named_and_no_job_follows_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    jobs = [
        job(tmp_path, "bad", "raise SystemExit(1)"),
        job(tmp_path, "after", "from pathlib import Path\nPath('after').touch()", 0),
    ]
    assert run_plan(jobs) == "bad: 1"
    assert not (tmp_path / "after").exists()


def test_the_job_that_most_wait_for_is_taken_first(tmp_path):
    jobs = [job(tmp_path, "leaf", ""), job(tmp_path, "root", ""), job(tmp_path, "next", "", 1)]
    assert weights(jobs) == [0, 1, 0]
    progress = Progress(jobs)
    assert progress.take(is_r=False) == 1
    progress.finish(1)
    assert {progress.take(is_r=False), progress.take(is_r=False)} == {0, 2}
    assert progress.take(is_r=False) is None


def test_a_plan_is_kept_as_lines(tmp_path):
    one = Job("numbers", "scripts/numbers.R", "0.R", ["results/numbers.csv"], [])
    (tmp_path / "jobs.jsonl").write_text(json.dumps(one.__dict__) + "\n")
    assert read_plan(tmp_path) == [one]
