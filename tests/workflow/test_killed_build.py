"""A build that is killed continues where it was; one that runs keeps others out, and others leave it alone.

What follows when the render is cut off is tested where a book has been built: in `test_tiny_build.py`.
"""

import os
import shutil
import signal
from pathlib import Path

import pytest
from builds import WAIT, copy_project, snakemake, start, wait_until
from tiny import make_tiny

STATES = "results/tables/states.csv"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return make_tiny(copy_project(tmp_path_factory.mktemp("tiny")))


@pytest.fixture
def project(tiny, tmp_path):
    """Return a project where one script waits until there is a file `go`."""
    project = Path(shutil.copytree(tiny, tmp_path / "a project"))
    script = project / "workflow" / "scripts" / "tidy" / "states.py"
    script.write_text(script.read_text().replace('if __name__ == "__main__":', f"{WAIT}\nif True:"))
    yield project
    (project / "go").touch()


def made(project):
    """Return when each file was written, those of Snakemake's own memory left out."""
    files = [path for path in project.rglob("*") if path.is_file() and path.name != "said"]
    return {path: path.stat().st_mtime_ns for path in files if ".snakemake" not in path.parts}


def test_a_running_build_keeps_a_second_one_out_and_commands_that_build_nothing_leave_it_alone(project):
    running = start(project, STATES)
    wait_until((project / "begun").exists, running, project)
    before = made(project)
    for command in (["--dry-run", STATES], ["--list-rules"]):
        run = snakemake(project, *command)
        assert run.status == 0, run.output
    assert made(project) == before
    second = snakemake(project, STATES)
    assert second.status != 0
    assert f"Another build is running in this folder (process {running.pid}). Wait until it ends" in second.output
    assert made(project) == before
    (project / "go").touch()
    assert running.wait(120) == 0
    assert (project / STATES).is_file()


def test_a_killed_build_continues_without_an_extra_command_and_sweeps_what_it_left(project):
    running = start(project, STATES)
    wait_until((project / "begun").exists, running, project)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    left = project / "results" / "tables" / "states.csv.17.part"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_text("half of it")
    (project / "go").touch()
    run = snakemake(project, STATES)
    assert run.status == 0, run.output
    assert run.rules == {"states"}
    assert (project / STATES).is_file()
    assert not left.exists()
