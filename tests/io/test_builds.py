"""One build at a time works in a folder, with the scripts that it has started, and begins on clean ground."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from countback.io.builds import begin_build, half_written, hold_build, hold_scripts
from countback.io.errors import CountbackError

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
HOLD = """
import os, subprocess, sys, time
from pathlib import Path
from countback.io.builds import begin_build
begin_build(Path())
if sys.argv[1] == "leave":
    script = subprocess.Popen(["sh", "-c", "sleep 60; true"])
    print(script.pid, flush=True)
    os._exit(0)
print(os.getpid(), flush=True)
time.sleep(60)
"""


def start(folder, what):
    """Start a process that begins a build in a folder."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, what],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(WORKFLOW)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def builder(folder, what):
    """Start a process that holds a folder, and return it with the number of the process that goes on holding it."""
    started = start(folder, what)
    return started, int(started.stdout.readline())


@pytest.fixture
def stops():
    """Return a list of builders whose processes are ended after the test, those that they left as well."""
    started = []
    yield started
    for one in started:
        try:
            os.killpg(one.pid, 9)
        except ProcessLookupError:
            continue
        one.wait()


def test_a_second_build_is_told_which_process_to_wait_for(tmp_path, stops):
    running, number = builder(tmp_path, "stay")
    stops.append(running)
    with pytest.raises(CountbackError, match=rf"\(process {number}\)\. Wait until it ends, or stop it"):
        hold_build(tmp_path)


def test_a_build_that_was_killed_keeps_nobody_out_even_as_a_zombie(tmp_path):
    running, _ = builder(tmp_path, "stay")
    running.kill()
    os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has asked for its status
    hold_build(tmp_path)
    running.wait()


def test_a_number_that_an_earlier_version_noted_means_nothing(tmp_path):
    (tmp_path / ".snakemake").mkdir()
    (tmp_path / ".snakemake" / "process").write_text("1")
    hold_build(tmp_path)


def test_a_script_that_a_killed_build_left_is_named_when_it_does_not_end(tmp_path, stops, capfd):
    gone, script = builder(tmp_path, "leave")
    stops.append(gone)
    gone.wait()
    hold_build(tmp_path)  # the build itself is gone
    with pytest.raises(CountbackError, match=rf"process {script}\b.*stop them with `kill`"):
        hold_scripts(tmp_path, patience=0.2)
    assert f"process {script}" in capfd.readouterr().err


def test_a_build_goes_on_once_the_script_that_was_left_has_ended(tmp_path, stops):
    gone, _ = builder(tmp_path, "leave")
    gone.wait()
    stops.append(gone)
    next_build = start(tmp_path, "stay")
    stops.append(next_build)
    assert re.match(r"Waiting for scripts of a build that was killed \(process", next_build.stderr.readline())
    os.killpg(gone.pid, 9)
    assert int(next_build.stdout.readline()) == next_build.pid


@pytest.mark.parametrize("place", [".snakemake", ".snakemake/build.lock", ".snakemake/scripts.lock"])
def test_a_lock_that_can_not_be_opened_is_told_in_a_sentence(tmp_path, place):
    if place == ".snakemake":
        (tmp_path / place).touch()
    else:
        (tmp_path / place).mkdir(parents=True)
    with pytest.raises(CountbackError, match=r"build locks it\. Remove it, or give it to this user"):
        begin_build(tmp_path)


def test_what_killed_processes_left_half_written_is_found_and_sources_still_fetched_are_not(tmp_path):
    left = ["_variables.yml.7.part", "results/tables/a.csv.12.part", "figures/a.svg.3.part", "data/b/a.csv.4.part"]
    kept = ["figures/a.svg", "data/raw/report.pdf.part", "data/raw/r.2023.part", "notes.part", "results/1.part"]
    for name in left + kept:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {path.relative_to(tmp_path).as_posix() for path in half_written(tmp_path)} == set(left)


def test_a_build_begins_by_removing_what_is_half_written(tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "a.csv.12.part").touch()
    (tmp_path / "_book.part" / "assets").mkdir(parents=True)
    command = [sys.executable, "-c", "from countback.io.builds import *; begin_build(Path())"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(WORKFLOW)}, check=True)
    assert list((tmp_path / "results").iterdir()) == []
    assert not (tmp_path / "_book.part").exists()
