from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from countback.io.errors import DataError
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
