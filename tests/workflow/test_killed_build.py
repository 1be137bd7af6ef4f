"""A build that is killed continues where it was; one that runs keeps others out."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builds import copy_project, snakemake
from tiny import make_tiny


@pytest.fixture
def project(tmp_path):
    return make_tiny(copy_project(tmp_path))


def start(project):
    """Start a build in a group of processes of its own, and return when it has made a first table."""
    environment = os.environ | {"COUNTBACK_RENDERER": "press"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "snakemake", "--cores", "1"]
    running = subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list((project / "results" / "tables").glob("*.csv")):
        assert time.monotonic() < deadline, "no table within a minute"
        assert running.poll() is None, "the build ended before it was killed"
        time.sleep(0.05)
    return running


def test_a_killed_build_continues_without_an_extra_command(project):
    running = start(project)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert list((project / ".snakemake" / "locks").iterdir()), "nothing was locked: the test shows nothing"
    run = snakemake(project)
    assert run.status == 0, run.output
    assert (project / "_book" / "chapters" / "only.html").is_file()
    assert not list((project / "results").rglob(".*.csv.*")), "a half-written table is left"


def test_a_running_build_keeps_a_second_one_out(project):
    running = start(project)
    try:
        run = snakemake(project)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    assert run.status != 0
    assert "cannot be locked" in run.output
