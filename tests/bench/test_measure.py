"""What a command took is counted with all that it starts."""

import os
import sys
import time

import psutil
import pytest

from scripts.bench.measure import run_measured
from scripts.bench.rules import SNAKEMAKE, UNSEEN, medians, spent

BUSY = "import time\nwhile time.process_time() < 0.6: pass\n"
GRANDCHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}], check=True)"


def measured(tmp_path, code):
    return run_measured([sys.executable, "-c", code], tmp_path, interval=0.05)


def through_a_child(code):
    return GRANDCHILD.format(code=GRANDCHILD.format(code=code))


def test_memory_of_a_grandchild_counts(tmp_path):
    code = "import time; held = bytes([1]) * 200_000_000; time.sleep(0.5)"
    assert 200 <= measured(tmp_path, through_a_child(code)).peak < 350


def test_memory_that_processes_share_counts_once(tmp_path):
    code = (
        "import os, time; held = bytes([1]) * 200_000_000\nfor _ in range(3): os.fork() or (time.sleep(1), os._exit(0))"
    )
    run = measured(tmp_path, f"{code}\nfor _ in range(3): os.wait()")
    assert "pss" not in psutil.Process().memory_full_info()._fields or 200 <= run.peak < 350


def test_cpu_of_a_grandchild_counts(tmp_path):
    run = measured(tmp_path, through_a_child(BUSY))
    assert 0.6 <= run.cpu < 3 and run.wall >= 0.6


def test_waiting_takes_time_and_no_cpu(tmp_path):
    run = measured(tmp_path, "import time; time.sleep(0.7)")
    assert run.wall >= 0.7 and run.cpu < 0.5


def test_what_a_command_says_and_its_status_are_kept_however_much_it_says(tmp_path):
    run = measured(tmp_path, "print('x' * 300_000, 'the end'); raise SystemExit(3)")
    assert run.status == 3 and len(run.output) > 300_000 and run.output.endswith("the end\n")


def test_a_measurement_that_is_broken_off_leaves_no_process(tmp_path, monkeypatch):
    from scripts.bench import measure

    def broken_off(pid, _):
        (tmp_path / "pid").write_text(str(pid))
        raise KeyboardInterrupt

    monkeypatch.setattr(measure, "_wait", broken_off)
    with pytest.raises(KeyboardInterrupt):
        measured(tmp_path, "import time; time.sleep(60)")
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


@pytest.fixture
def build(tmp_path):
    """Return a command that starts two scripts as Snakemake does."""
    scripts = tmp_path / ".snakemake" / "scripts"
    scripts.mkdir(parents=True)
    for rule in ("first", "second"):
        (scripts / f"tmp.{rule}.py").write_text(f"log = 'results/logs/{rule}.log'\n{BUSY}")
    calls = "".join(f"run([sys.executable, '.snakemake/scripts/tmp.{rule}.py'])\n" for rule in ("first", "second"))
    return f"import sys\nfrom subprocess import run\n{calls}"


def test_each_rule_gets_the_time_and_the_cpu_of_its_script_and_snakemake_the_rest(tmp_path, build):
    run = measured(tmp_path, build)
    rows = {row.rule: row for row in spent(run)}
    assert set(rows) == {"first", "second", SNAKEMAKE, UNSEEN}
    assert rows["first"].cpu >= 0.4 and rows["second"].seconds >= 0.4
    assert sum(row.cpu for row in rows.values()) == pytest.approx(run.cpu)


def test_a_job_that_forks_counts_once_with_what_its_children_use(tmp_path, build):
    script = tmp_path / ".snakemake" / "scripts" / "tmp.first.py"
    script.write_text(f"import os\nchild = os.fork()\n{script.read_text()}\nif child: os.wait(), time.sleep(0.3)\n")
    (first,) = [row for row in spent(measured(tmp_path, build)) if row.rule == "first"]
    assert first.cpu >= 1


def test_of_several_builds_each_rule_has_its_median_and_the_costliest_comes_first(tmp_path, build):
    runs = [spent(measured(tmp_path, build)) for _ in range(2)]
    found = medians(runs, {"first": 0.1})
    assert {row.rule for row in found[:2]} == {"first", "second"}
    assert {row.rule: row.start for row in found if row.start is not None} == {"first": 0.1}


def test_the_environment_given_is_all_that_a_command_has(tmp_path):
    given = {"PATH": os.environ["PATH"], "COUNTBACK_RENDERER": "press"}
    code = "import os; print(os.environ.get('HOME'), os.environ['COUNTBACK_RENDERER'])"
    start = time.monotonic()
    run = run_measured([sys.executable, "-c", code], tmp_path, given, interval=30)
    assert run.output == "None press\n" and time.monotonic() - start < 20
