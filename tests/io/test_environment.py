"""One file sets the environment of every job, cell and kernel, whatever the user's holds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from countback.io import environment as module
from countback.io.environment import check_path, check_writable, environment, utf8_locale, variables
from countback.io.errors import ConfigError

HOSTILE = {
    "LC_ALL": "C",
    "LANG": "de_DE.UTF-8",
    "LANGUAGE": "de",
    "R_DEFAULT_PACKAGES": "NULL",
    "PYTHONSTARTUP": "x.py",
}


def set_by_make(project: Path) -> dict[str, str]:
    done = subprocess.run(
        ["make", "--eval", "show: ; @env -0", "show"],
        cwd=project,
        env=os.environ | HOSTILE,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(entry.split("=", 1) for entry in done.stdout.split("\0") if "=" in entry)


def test_make_gives_its_commands_what_the_workflow_gives_its_jobs(project):
    found, expected = set_by_make(project), environment()
    assert expected["LC_ALL"] == "C.UTF-8" and len(expected) > 10
    assert {name: found.get(name) for name in expected} == expected


def test_every_variable_of_the_file_is_set_and_its_paths_are_absolute(project):
    set_here = environment()
    assert set(set_here) == {*variables(project / "_environment"), "PYTHONSAFEPATH"}
    assert set_here["PYTHONPATH"] == str(project / "workflow")
    assert Path(set_here["MATPLOTLIBRC"]).is_file()


def test_scripts_of_quarto_find_what_lies_beside_them(tmp_path, project):
    (tmp_path / "jupyter.py").write_text("import beside\n")
    (tmp_path / "beside.py").touch()
    subprocess.run([sys.executable, tmp_path / "jupyter.py"], env=variables(project / "_environment"), check=True)


def test_comments_and_empty_values_are_read_as_quarto_reads_them(tmp_path):
    (tmp_path / "file").write_text("# A=1\nB=two words\n\nC=\nD=a=b\n")
    assert variables(tmp_path / "file") == {"B": "two words", "C": "", "D": "a=b"}


def test_r_and_python_that_a_job_starts_have_no_locale_and_no_start_up_file_of_the_user(tmp_path, project):
    (tmp_path / ".Rprofile").write_text("cat('READ')")
    code = (
        "import subprocess; from countback.io.environment import set_environment; set_environment()\n"
        "subprocess.run(['Rscript', '-e', 'cat(l10n_info()[[2]], Sys.getlocale(\"LC_COLLATE\"), exists(\"head\"))'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | HOSTILE | {"PYTHONPATH": str(project / "workflow"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "TRUE C.UTF-8 TRUE"


def test_r_takes_no_package_from_a_library_of_the_user_in_jobs_and_in_cells(tmp_path, project):
    package = tmp_path / "jsonlite" / "DESCRIPTION"
    package.parent.mkdir()
    package.write_text("Package: jsonlite\nVersion: 99.0\nBuilt: R 3.1.0; ; 2015-01-01; unix\n")
    (tmp_path / ".Renviron").write_text(f"R_LIBS={tmp_path}\n")
    code = (
        "import subprocess; from countback.io.environment import set_environment; set_environment()\n"
        "subprocess.run(['Rscript', '-e', 'cat(jsonlite::toJSON(1))'], check=True)\n"
        "from rpy2 import robjects; print(robjects.r('jsonlite::toJSON(2)')[0])"
    )
    mine = dict.fromkeys(["HOME", "R_HOME", "R_LIBS", "R_LIBS_USER", "R_LIBS_SITE"], str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | mine | {"PYTHONPATH": str(project / "workflow")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[1][2]\n", done.stderr


def test_a_machine_without_the_locale_takes_another_that_writes_utf8(monkeypatch):
    monkeypatch.setattr(module, "is_utf8", lambda name: name == "en_US.UTF-8")
    assert utf8_locale("C.UTF-8") == "en_US.UTF-8"


def test_a_machine_without_any_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(module, "is_utf8", lambda _: False)
    with pytest.raises(ConfigError, match=r"locale: found none of C\.UTF-8, .*expected one that writes UTF-8.*locales"):
        environment()


@pytest.mark.parametrize(
    ("name", "is_one"), [("C", False), ("POSIX", False), ("xx_XX.UTF-8", False), ("C.UTF-8", True)]
)
def test_locales_are_judged_by_what_they_write_not_by_their_names(name, is_one):
    assert module.is_utf8(name) is is_one


@pytest.mark.parametrize("name", ["a:b", "a {b}"])
def test_a_checkout_at_a_path_that_can_not_work_is_refused_in_a_sentence(name):
    with pytest.raises(ConfigError, match=r"in the path of the checkout, expected none: .* Rename the folder"):
        check_path(Path("/home") / name)


def test_a_folder_that_can_not_be_written_is_refused_but_for_lists_of_rules(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    check_writable(tmp_path, ["snakemake", "--list-rules"])
    with pytest.raises(ConfigError, match="can't be written, expected one where Snakemake can keep its notes"):
        check_writable(tmp_path, ["snakemake", "--dry-run"])


def test_notes_of_snakemake_that_can_not_be_written_are_refused_and_a_folder_around_them_need_not_be(
    tmp_path, monkeypatch
):
    notes = tmp_path / ".snakemake"
    notes.mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) == notes)
    check_writable(tmp_path, ["snakemake", "--dry-run"])
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) == tmp_path)
    check_writable(tmp_path, ["snakemake", "--lint"])
    with pytest.raises(ConfigError, match=r"keep its notes, even those of a dry run, in \.snakemake"):
        check_writable(tmp_path, ["snakemake"])
