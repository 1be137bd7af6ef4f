import errno
import os
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from countback.io.errors import DataError
from countback.io.files import atomic_write
from countback.io.script import run_on_files


@pytest.fixture
def rule(tmp_path):
    files = {"releases": "data/releases.csv", "raw": ["raw/a.pdf"], "code": ["workflow/countback/periods.py"]}
    log = tmp_path / "logs" / "rule.log"
    return SimpleNamespace(input=files, output={"totals": "results/totals.csv"}, log=[str(log)])


def test_a_script_gets_the_files_of_its_rule_by_name_and_a_list_stays_one_though_it_holds_one_file(rule):
    got = {}

    def main(kind: str, raw: list[Path], totals: Path) -> None:
        got.update(kind=kind, raw=raw, totals=totals)
        print("2 rows")

    run_on_files(partial(main, "yearly"), rule)
    assert got == {"kind": "yearly", "raw": [Path("raw/a.pdf")], "totals": Path("results/totals.csv")}
    assert Path(rule.log[0]).read_text() == "2 rows\n"


def test_a_fault_in_the_data_ends_the_script_without_a_traceback(rule, capsys):
    def main(releases: Path) -> None:
        raise DataError(releases, 2, "period", found="soon", expected="a year", fix="Correct the period.")

    with pytest.raises(SystemExit) as end:
        run_on_files(main, rule)
    assert end.value.code == 1
    shown = capsys.readouterr().err
    assert "data/releases.csv, row 2, column period: found 'soon', expected a year. Correct the period." in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "results/a.csv"),
            "results/a.csv: No space left on device.",
        ),
        (
            OSError(errno.EROFS, "Read-only file system", "figures/a.svg"),
            "figures/a.svg: Read-only file system. Let",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "results"),
            "results: Permission denied. Let this user",
        ),
        (MemoryError(), "There is too little memory. End other programs, then run the same command again"),
    ],
)
def test_a_machine_at_fault_is_told_in_a_sentence_and_the_log_has_the_traceback(rule, capsys, error, said):
    def main() -> None:
        raise error

    with pytest.raises(SystemExit):
        run_on_files(main, rule)
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown
    assert "Traceback" in Path(rule.log[0]).read_text()


def test_a_fault_of_the_code_has_its_traceback_in_the_log_too(rule):
    def main() -> None:
        raise KeyError("a column")

    with pytest.raises(KeyError):
        run_on_files(main, rule)
    assert "KeyError: 'a column'" in Path(rule.log[0]).read_text()


def test_a_log_that_cannot_be_written_is_told_in_a_sentence(rule, capsys):
    rule.log = ["/dev/full"]
    with pytest.raises(SystemExit):
        run_on_files(lambda: print("x" * 100_000), rule)
    assert "No space left on device. Free some space" in capsys.readouterr().err


def test_a_full_disk_is_told_with_the_file_that_was_being_written(rule, capsys, tmp_path):
    file = tmp_path / "a.csv"
    file.with_name(f"a.csv.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(SystemExit):
        run_on_files(lambda: atomic_write(file, b"one"), rule)
    assert f"{file}: No space left on device. Free some space, then run the same" in capsys.readouterr().err
