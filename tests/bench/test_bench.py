"""Cases begin in the state that they are about, and what was measured is written beside the results."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import psutil
import pytest
from builds import PROJECT

from countback.io.errors import CountbackError
from scripts.bench import bench
from scripts.bench.cases import Case
from scripts.bench.copies import Edit

WORKFLOW = str(PROJECT / "workflow")
# A build that takes over a color from the settings, and notes that it ran.
BUILD = """
from pathlib import Path
Path("results").mkdir(exist_ok=True)
Path("results/color").write_text(Path("look.yml").read_text())
with Path("ran").open("a") as ran: ran.write("b")
"""


def python(code):
    return (sys.executable, "-c", code.replace("{", "{{").replace("}", "}}"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project, not that of the user, of which a build takes no time."""
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "_environment").write_text("PYTHONPATH=workflow\nMATPLOTLIBRC=rc\nIPYTHONDIR=.ipython\nLC_ALL=C.UTF-8\n")
    (root / "look.yml").write_text("accent: blue\n")
    (root / ".gitignore").write_text("/results/\n")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    monkeypatch.setattr(bench, "PROJECT", root)
    monkeypatch.setattr(bench, "BUILD", python(BUILD))
    return root


@pytest.fixture
def at_work(project, tmp_path):
    return bench.Bench(project, tmp_path, cores=1)


COLOR = Edit("look.yml", "accent: (.*)", lambda color, run: f"{color} {run}")


def test_what_an_edit_costs_is_measured_on_top_of_a_build_and_each_run_edits_anew(at_work, project):
    noted = python("print(open('look.yml').read(), open('ran').read())")
    runs = at_work.measure_all(Case("color", "A color", noted, edits=(COLOR,)), 2)
    assert [run.output.split() for run in runs] == [["accent:", "blue", "1", "b"], ["accent:", "blue", "2", "b"]]
    assert (project / "look.yml").read_text() == "accent: blue\n"
    at_work.measure_all(Case("nothing", "Nothing", python("pass")), 1)
    assert (project / "ran").read_text() == "bb", "after an edit, all is built again before the next case"


def test_a_command_that_fails_stops_the_measurement_with_what_it_said_and_the_file_is_as_before(at_work, project):
    bad = Case("bad", "A fault", python("raise SystemExit('no such rule')"), edits=(COLOR,))
    with pytest.raises(CountbackError, match=r"found status 1, expected 0\. It said:\nno such rule"):
        at_work.measure_all(bad, 1)
    assert (project / "look.yml").read_text() == "accent: blue\n"


def test_a_build_from_nothing_that_makes_other_files_than_the_first_does_not_count(at_work):
    writes = "from pathlib import Path; Path('results').mkdir(); Path('results/a').write_text('{}')"
    at_work.measure(Case("cold", "Everything", python(writes.format("1")), is_cold=True), 1)
    at_work.measure(Case("cold", "Everything", python(writes.format("1")), is_cold=True), 2)
    with pytest.raises(CountbackError, match=r"floor: found 1 files that differ.*results/a"):
        at_work.measure(Case("floor", "The least", python(writes.format("2")), is_cold=True), 1)


def test_the_floor_is_compared_with_a_build_even_where_none_was_measured(at_work, monkeypatch):
    monkeypatch.setattr(bench.Bench, "write_plan", lambda *_: None)
    other = (*python("from pathlib import Path; Path('results').mkdir(); Path('results/b').touch()"), "{plan}")
    with pytest.raises(CountbackError, match=r"floor: found 2 files that differ.*results/b, results/color"):
        at_work.measure(Case("floor", "The least", other, is_cold=True), 1)


def test_the_floor_of_an_edit_counts_only_if_a_build_of_the_same_edit_makes_the_same(at_work, monkeypatch):
    monkeypatch.setattr(bench.Bench, "write_plan", lambda *_: None)
    same = (
        *python("from pathlib import Path; Path('results/color').write_text(Path('look.yml').read_text())"),
        "{plan}",
    )
    other = (*python("from pathlib import Path; Path('results/color').write_text('red')"), "{plan}")
    assert at_work.measure(Case("floor", "The least", same, edits=(COLOR,)), 1).status == 0
    with pytest.raises(CountbackError, match=r"floor: found 1 files that differ from those of a build by Snakemake"):
        at_work.measure(Case("floor", "The least", other, edits=(COLOR,)), 2)


def test_the_table_has_medians_and_shares_of_the_build_from_nothing(project, tmp_path):
    sleeps = "import time; time.sleep({})"
    cases = [
        Case("slow", "Slow", python(sleeps.format(0.6))),
        Case("quick", "Quick", python("pass"), most_runs=2),
        Case("never", "Never", python("pass"), absent=lambda _: "no reason"),
    ]
    target = project / "results" / "benchmarks"
    text = bench.bench(cases, 3, 1, tmp_path / "copies", target)
    table = pd.read_csv(target / "cases.csv").set_index("case")
    assert table["n_runs"].to_dict() == {"slow": 3, "quick": 2}
    assert table.loc["slow", "wall_s"] >= 0.6 > table.loc["quick", "least_wall_s"]
    assert text == (target / "table.md").read_text() and text.count("\n| ") == 3
    facts = json.loads((target / "machine.json").read_text())
    assert facts["cores"] >= 1 and str(tmp_path) not in json.dumps(facts) + text
    assert not (project / "ran").exists(), "what is measured runs in a copy"


def test_a_case_that_is_not_there_is_an_error_that_lists_those_that_are():
    with pytest.raises(CountbackError, match="found lukewarm, expected some of cold, floor, nothing"):
        bench.chosen("cold,lukewarm")
    assert [case.name for case in bench.chosen("prose,cold")] == ["cold", "prose"]
    assert "test" not in {case.name for case in bench.chosen("")}


def test_a_measurement_that_is_ended_from_outside_ends_what_it_runs(project, tmp_path):
    code = f"""
import sys
from pathlib import Path
from scripts.bench import bench
from scripts.bench.cases import Case
bench.PROJECT = Path({str(project)!r})
bench.CASES = [Case("long", "Long", (sys.executable, "-c", "import os, time; open('pid', 'w').write(str(os.getpid()));"
    " time.sleep(60)"))]
bench.BUILD = (sys.executable, "-c", "pass")
sys.exit(bench.main(["--cases", "long", "--folder", {str(tmp_path / "copies")!r}]))
"""
    noted = tmp_path / "copies" / "countback" / "pid"
    with subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": WORKFLOW}) as running:
        until = time.monotonic() + 60
        while not (noted.exists() and noted.read_text()):
            assert running.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        running.terminate()
        assert running.wait(20) == 128 + signal.SIGTERM
    assert not psutil.pid_exists(int(noted.read_text()))
