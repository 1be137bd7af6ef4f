"""Builds that are stopped at seeded moments, in every way, go on by the same command to the same bytes."""

import shutil
from pathlib import Path

import pytest
from builds import committed, copy_project
from tiny import make_tiny

from countback.io.environment import PROJECT
from scripts.bench.copies import made_files
from scripts.kills import kills
from scripts.kills.kills import WAYS, Stop, faults, main, stops, try_stops

SEED = 3
# Two jobs, each of them long enough to be stopped in.
SNAKEFILE = """
rule all:
    input: "results/b.txt"
    output: "results/c.txt"
    shell: "sleep 0.2; cp {input} {output}"

rule b:
    output: "results/b.txt"
    shell: "mkdir -p results; sleep 0.2; LINE > {output}"
"""


def checkout(folder: Path, line: str) -> Path:
    """Return a checkout whose build writes a line."""
    return committed(folder, SNAKEFILE.replace("LINE", line))


def test_a_build_of_the_made_up_project_in_other_surroundings_goes_on_after_each_way_to_stop_it_to_the_same_bytes(
    tiny_once: Path, tmp_path: Path
) -> None:
    project = make_tiny(copy_project(tmp_path))
    plan = [Stop(way, after) for way, after in zip(sorted(WAYS), (4.0, 7.0, 5.0, 8.0, 6.0), strict=True)]
    assert try_stops(project, tiny_once, plan, SEED, cores=2) == []
    assert len(made_files(project)) > 30


def test_what_is_marked_as_a_program_is_told(tmp_path: Path) -> None:
    whole = checkout(tmp_path / "whole", "echo same")
    said = tmp_path / "said"
    assert faults(whole, whole, said, cores=1) == []
    (whole / "results" / "b.txt").chmod(0o755)
    assert faults(whole, whole, said, cores=1) == ["results/b.txt: marked as a program, which data are not"]


def test_a_stop_before_which_the_build_has_ended_is_tried_earlier_in_a_build_begun_anew_and_told_where_it_meets_none(
    tmp_path: Path, monkeypatch, capsys
) -> None:
    made = tmp_path / "results" / "a.csv"
    left = []

    def stopped(_project: Path, _said: Path, stop: Stop, *_) -> bool:
        left.append(made.exists())
        made.parent.mkdir(exist_ok=True)
        made.touch()
        return stop.after < 3

    monkeypatch.setattr(kills, "stopped", stopped)
    monkeypatch.setattr(kills, "faults", lambda *_: [])
    assert try_stops(tmp_path, tmp_path, [Stop("Ctrl-C", 8.0)], SEED, cores=1) == []
    assert 2 <= len(left) <= kills.TRIES and not any(left)
    *late, last = capsys.readouterr().err.splitlines()
    assert all(line.endswith("(it had ended before)") for line in late) and not last.endswith("before)")
    found = try_stops(tmp_path, tmp_path, [Stop("Ctrl-C", 8e9), Stop("a request to end", 1.0)], SEED, cores=1)
    assert found == ["Ctrl-C: met no build that was running, in 6 tries"]


def test_each_way_comes_before_any_comes_again_and_the_seed_decides() -> None:
    plan = stops(12, 60.0, SEED)
    assert {one.way for one in plan[:5]} == {one.way for one in plan[5:10]} == set(WAYS)
    assert all(0 < one.after < 60 for one in plan)
    assert plan == stops(12, 60.0, SEED) != stops(12, 60.0, SEED + 1)


def test_a_build_that_goes_on_to_other_bytes_is_told(tmp_path: Path, capsys) -> None:
    # what it writes depends on which run writes it
    made = checkout(tmp_path / "of a user", "date +%s%N")
    assert main(["--checkout", str(made), "--number", "1", "--per-build", "1", "--cores", "1"]) == 1
    assert "results/b.txt, line 1" in capsys.readouterr().out


def test_a_build_that_goes_on_to_the_same_bytes_passes(tmp_path: Path, capsys) -> None:
    made = checkout(tmp_path / "of a user", "echo same")
    assert main(["--checkout", str(made), "--number", "2", "--per-build", "2", "--cores", "1"]) == 0
    assert "2 stops: each build went on to the same bytes." in capsys.readouterr().out


def test_a_build_that_fails_by_itself_is_told(tmp_path: Path, capsys) -> None:
    made = checkout(tmp_path / "of a user", "false")
    assert main(["--checkout", str(made), "--number", "1", "--cores", "1"]) == 1
    assert "The build fails by itself:" in capsys.readouterr().err


def test_a_part_that_is_left_and_a_run_that_has_more_to_do_are_told(tmp_path: Path) -> None:
    whole = checkout(tmp_path / "whole", "echo same")
    said = tmp_path / "said"
    assert faults(whole, whole, said, cores=1) == []
    (whole / "results" / "b.csv.12.part").write_text("half")
    project = Path(shutil.copytree(whole, tmp_path / "project"))
    assert "results/b.csv.12.part: half-written, left behind" in faults(project, whole, said, cores=1)
    (project / "Snakefile").write_text(
        SNAKEFILE.replace("LINE", "echo same").replace('"results/c.txt"', '"results/$RANDOM"')
    )
    assert any("did not go on" in one for one in faults(project, whole, said, cores=1))


@pytest.mark.whole_book
def test_builds_of_the_whole_report_go_on(capsys) -> None:
    assert main(["--checkout", str(PROJECT), "--number", "5"]) == 0, capsys.readouterr().out
