"""Behavior of envs/setup.sh on machines made of fake commands: no network, no package manager, nothing installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TOOLS = ["awk", "cat", "chmod", "comm", "cp", "cut", "dirname", "env", "grep", "head", "mkdir", "mktemp", "rm", "sed"]
TOOLS += ["sh", "sha256sum", "sort", "tail", "touch", "tr", "uname"]
DEBIAN_12 = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
UBUNTU = 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04 LTS"\n'
FEDORA = 'ID=fedora\nVERSION_ID=43\nPRETTY_NAME="Fedora Linux 43"\n'
RECORD = 'echo "$(basename_of "$0") $*" >>"$CALLS"\n'
# A Python of version 3.11: it makes a .venv whose interpreter is itself, and its pip fails if told to.
PYTHON = (
    RECORD
    + """
case "$*" in
    "-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python; chmod +x .venv/bin/python
        echo "$(pwd)/.venv/bin/python" >.venv/bin/pip ;;
    "-m pip install"*) test -z "${PIP_FAILS:-}" || { echo "no index answers" >&2; exit 1; } ;;
esac
"""
)


@dataclass
class Machine:
    """A checkout at a path with a space, and a PATH that holds nothing but chosen tools and fake commands."""

    home: Path

    def __post_init__(self) -> None:
        self.project = self.home / "a checkout"
        self.bin = self.home / "bin"
        self.calls_file = self.home / "calls"
        shutil.copytree(PROJECT / "envs", self.project / "envs", ignore=shutil.ignore_patterns("__pycache__"))
        self.bin.mkdir()
        for tool in TOOLS:
            where = shutil.which(tool)
            assert where is not None
            (self.bin / tool).symlink_to(where)
        self.provide("df", "echo header; echo disk 9 9 9000000 1% /")
        self.provide("id", "echo 0")
        self.system(DEBIAN_12)

    def provide(self, name: str, body: str, folder: Path | None = None) -> None:
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('#!/bin/sh\nbasename_of() { echo "${1##*/}"; }\n' + body + "\n")
        path.chmod(0o755)

    def provide_debian(self, installed: str = "") -> None:
        """Provide a package manager that knows what is installed, and installs whatever it is asked for."""
        statuses = "\n".join(f"echo 'ii {name}'" for name in installed.split())
        self.provide("dpkg-query", statuses + '\ncat "$0.more" 2>/dev/null || true')
        self.provide(
            "apt-get",
            RECORD
            + 'case "$*" in update*) test -z "${APT_FAILS:-}" ;; *--assume-no*) echo "Need to get 90 MB" ;;'
            + ' install*) for word; do echo "ii $word"; done >>"${0%/*}/dpkg-query.more" ;; esac',
        )

    def provide_all(self) -> None:
        """Provide Python 3.11 and R from elsewhere, and a Debian that has every package of the lists."""
        lists = (self.project / "envs" / name for name in ("apt.txt", "apt-test.txt"))
        lines = (line.split("#")[0].strip() for path in lists for line in path.read_text().splitlines())
        self.provide_debian(" ".join(filter(None, lines)))
        self.provide("python3", PYTHON)
        self.provide("Rscript", "exit 0")

    def system(self, os_release: str) -> None:
        (self.home / "os-release").write_text(os_release)

    def set_up(self, *options: str, folder: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run set-up; what it called is in `calls` afterwards."""
        self.calls_file.write_text("")
        environment = {
            "PATH": str(self.bin),
            "CALLS": str(self.calls_file),
            "COUNTBACK_OS_RELEASE": str(self.home / "os-release"),
            "COUNTBACK_SYSTEM_PYTHON": str(self.home / "none"),
            "TMPDIR": str(self.home),
        }
        return subprocess.run(
            ["sh", "envs/setup.sh" if folder else str(self.project / "envs" / "setup.sh"), *options],
            check=False,
            env=environment | variables,
            cwd=folder or os.sep,
            capture_output=True,
            text=True,
            timeout=60,
        )

    @property
    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines()

    @property
    def pip_installs(self) -> list[str]:
        return [call for call in self.calls if "-m pip install" in call]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_is_missing_is_installed_and_announced_before(machine: Machine) -> None:
    machine.provide_debian(installed="git make ca-certificates r-cran-mass")
    machine.provide("python3", PYTHON)
    machine.provide("Rscript", "exit 0")
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    (install,) = (call for call in machine.calls if call.startswith("apt-get install -q"))
    assert "r-base-core" in install and "--no-install-recommends" in install
    assert not {"git", "make", "r-cran-mass", "chromium", "python3"} & set(install.split())
    assert "r-base-core" in done.stdout and "Need to get 90 MB" in done.stdout
    assert done.stdout.index("Python packages to install") > done.stdout.index("Debian packages to install")


def test_python_packages_are_installed_from_the_locks_and_nothing_else(machine: Machine) -> None:
    machine.provide_all()
    assert machine.set_up().returncode == 0
    assert machine.pip_installs
    for call in machine.pip_installs:
        assert "--require-hashes" in call and "--no-deps" in call and "index" not in call and "://" not in call
    assert machine.pip_installs[-1].endswith("--requirement envs/requirements.lock")


def test_quarto_is_told_the_interpreter(machine: Machine) -> None:
    machine.provide_all()
    machine.set_up()
    written = (machine.project / "_environment.local").read_text()
    assert written == f"QUARTO_PYTHON='{machine.project}/.venv/bin/python'\n"


@pytest.mark.parametrize("options", [(), ("--test",)])
def test_a_second_run_sets_nothing_up_again(machine: Machine, options: tuple[str, ...]) -> None:
    machine.provide_all()
    machine.set_up(*options)
    again = machine.set_up(*options)
    assert again.returncode == 0 and again.stdout == ""
    assert all(call.startswith("python -c ") for call in machine.calls)


def test_through_a_link_to_the_checkout_nothing_is_set_up_again(machine: Machine) -> None:
    machine.provide_all()
    machine.set_up()
    link = machine.home / "a link"
    link.symlink_to(machine.project)
    written = (machine.project / "_environment.local").read_text()
    # as make runs it: the shell is in the link, and knows the folder by that name
    again = machine.set_up(folder=link, PWD=str(link))
    assert again.returncode == 0 and again.stdout == ""
    assert all(call.startswith("python -c ") for call in machine.calls)
    assert (machine.project / "_environment.local").read_text() == written


@pytest.mark.parametrize("name", ["R&D", "it's", 'my "own"', "a $HOME", "a `tick`", "a;b", "# 1"])
def test_a_folder_with_what_a_shell_reads_in_its_name_is_set_up_once(machine: Machine, name: str) -> None:
    machine.provide_all()
    machine.project = machine.project.rename(machine.home / name)
    first, again = machine.set_up(), machine.set_up()
    assert first.returncode == 0 and again.stdout == "", first.stderr + again.stdout
    assert f"{machine.project}/.venv/bin/python" in (machine.project / "_environment.local").read_text()


@pytest.mark.parametrize("name", ["a:b", "a {b}"])
def test_a_folder_whose_name_can_not_work_is_refused_before_anything_is_installed(machine: Machine, name: str) -> None:
    machine.provide_all()
    machine.project = machine.project.rename(machine.home / name)
    failed = machine.set_up()
    assert (
        failed.returncode != 0 and "holds a colon or a brace" in failed.stderr and "Rename the folder" in failed.stderr
    )
    assert machine.calls == []


def test_tests_need_more_debian_packages_but_not_python_packages_twice(machine: Machine) -> None:
    machine.provide_all()
    machine.set_up()
    machine.provide_debian(installed="git make ca-certificates r-base-core")
    assert machine.set_up("--test").returncode == 0
    assert any(call.startswith("apt-get install") and "chromium" in call for call in machine.calls)
    assert not machine.pip_installs


def test_a_changed_lock_is_installed_again_without_touching_the_system(machine: Machine) -> None:
    machine.provide_all()
    machine.set_up()
    with (machine.project / "envs" / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert machine.set_up().returncode == 0
    assert machine.pip_installs
    assert not any(call.startswith("apt-get") or "venv --clear" in call for call in machine.calls)


def test_a_moved_checkout_gets_a_new_venv(machine: Machine) -> None:
    machine.provide_all()
    machine.set_up()
    machine.project = machine.project.rename(machine.home / "moved")
    done = machine.set_up()
    assert done.returncode == 0 and "making it anew" in done.stdout
    assert any("venv --clear" in call for call in machine.calls)


def test_a_venv_that_is_a_link_is_left_alone(machine: Machine) -> None:
    machine.provide_all()
    other = machine.home / "of another project"
    other.mkdir()
    (other / "kept").touch()
    (machine.project / ".venv").symlink_to(other)
    done = machine.set_up()
    assert done.returncode != 0
    assert "Remove the link" in done.stderr
    assert (other / "kept").exists()


def test_an_unfinished_set_up_is_taken_up_again(machine: Machine) -> None:
    machine.provide_all()
    failed = machine.set_up(PIP_FAILS="1")
    assert failed.returncode != 0
    assert "Python packages could not be installed" in failed.stderr and "no index answers" in failed.stderr
    done = machine.set_up()
    assert done.returncode == 0
    assert any("venv --clear" in call for call in machine.calls) and machine.pip_installs


def test_a_venv_is_never_made_by_its_own_interpreter(machine: Machine) -> None:
    machine.provide_all()
    machine.set_up(PIP_FAILS="1")
    shutil.copy(machine.project / ".venv" / "bin" / "python", machine.project / ".venv" / "bin" / "python3.11")
    done = machine.set_up(PATH=f"{machine.project}/.venv/bin:{machine.bin}")
    assert done.returncode == 0
    assert "python3 -m venv --clear .venv" in machine.calls


def test_without_network_it_says_so_and_stops(machine: Machine) -> None:
    machine.provide_debian()
    failed = machine.set_up(APT_FAILS="1")
    assert failed.returncode != 0 and "network" in failed.stderr
    assert not any("install -q" in call for call in machine.calls)


def test_without_rights_it_names_the_command_for_an_administrator(machine: Machine) -> None:
    machine.provide_debian(installed="git")
    machine.provide("id", "echo 1000")
    failed = machine.set_up()
    assert failed.returncode != 0
    assert (
        "root or sudo" in failed.stderr and "apt-get install --no-install-recommends ca-certificates" in failed.stderr
    )
    assert machine.calls == []


def test_sudo_is_used_where_it_needs_no_password(machine: Machine) -> None:
    machine.provide_debian()
    machine.provide("python3", PYTHON)
    machine.provide("Rscript", "exit 0")
    machine.provide("id", "echo 1000")
    machine.provide("sudo", RECORD + 'if [ "$1" = "-n" ]; then shift; fi; "$@"')
    machine.provide("true", "exit 0")
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert "sudo apt-get update -qq" in machine.calls


def test_another_debian_is_untested_and_points_at_the_conda_lane(machine: Machine) -> None:
    machine.provide_debian()
    machine.system(UBUNTU)
    failed = machine.set_up()
    assert failed.returncode != 0
    assert "Ubuntu 24.04 LTS" in failed.stderr and "tested on Debian 12 only" in failed.stderr
    assert "conda env create --file envs/environment.yml" in failed.stderr
    assert machine.calls == []


def test_a_system_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    machine.system(FEDORA)
    machine.provide("git", "exit 0")
    failed = machine.set_up()
    assert failed.returncode != 0
    for words in ("Fedora Linux 43", "Python 3.11", "make", "R 4.2", "conda env create"):
        assert words in failed.stderr


def test_a_system_without_apt_that_has_everything_is_set_up(machine: Machine) -> None:
    machine.system(FEDORA)
    for program in ("git", "make", "Rscript"):
        machine.provide(program, "exit 0")
    machine.provide("python3", PYTHON)
    assert machine.set_up().returncode == 0
    assert machine.pip_installs


def test_a_python_of_another_version_is_named(machine: Machine) -> None:
    machine.provide_all()
    machine.provide("python3", 'case "$*" in --version) echo Python 3.13.1 ;; *) exit 1 ;; esac')
    machine.provide("python3.11", "exit 1")
    failed = machine.set_up()
    assert failed.returncode != 0
    assert "Python 3.11" in failed.stderr and "Found: Python 3.13.1" in failed.stderr


def test_a_full_disk_is_noticed_before_anything_is_downloaded(machine: Machine) -> None:
    machine.provide_all()
    machine.provide("df", "echo header; echo disk 9 9 1024 99% /")
    failed = machine.set_up()
    assert failed.returncode != 0 and "only 1 MB are free" in failed.stderr
    assert not machine.pip_installs


def test_an_active_conda_environment_is_used_as_it_is(machine: Machine) -> None:
    prefix = machine.home / "conda"
    for program in ("python", "R", "snakemake"):
        machine.provide(program, RECORD, prefix / "bin")
    done = machine.set_up("--test", CONDA_PREFIX=str(prefix))
    assert done.returncode == 0 and machine.calls == []
    assert not (machine.project / ".venv").exists()
    assert (machine.project / "_environment.local").read_text() == f"QUARTO_PYTHON='{prefix}/bin/python'\n"


def test_a_conda_environment_of_something_else_is_not_used(machine: Machine) -> None:
    machine.provide_all()
    machine.provide("python", RECORD, machine.home / "conda" / "bin")
    done = machine.set_up(CONDA_PREFIX=str(machine.home / "conda"))
    assert done.returncode == 0 and "not used" in done.stdout
    assert (machine.project / ".venv").exists()


def test_an_unknown_option_is_refused(machine: Machine) -> None:
    failed = machine.set_up("--tset")
    assert failed.returncode != 0 and "--tset" in failed.stderr


def test_the_doctor_runs_before_there_is_a_python(machine: Machine) -> None:
    doctor = ["sh", str(machine.project / "envs" / "doctor.sh")]
    done = subprocess.run(doctor, check=False, env={"PATH": str(machine.bin)}, capture_output=True, text=True)
    assert done.returncode != 0
    assert "MISSING  Python 3.11" in done.stdout and "make report" in done.stdout


def test_the_doctor_says_where_snakemake_cannot_keep_its_cache(project: Path, tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    for name, is_told in (("home", True), ("new", False)):
        (tmp_path / "new").mkdir(exist_ok=True)
        home = {**os.environ, "HOME": str(tmp_path / name), "XDG_CACHE_HOME": ""}
        doctor = [sys.executable, str(project / "envs" / "doctor.py")]
        told = subprocess.run(doctor, env=home, capture_output=True, text=True, check=False).stdout
        assert (f"{tmp_path / name}/.cache can't be written" in told) is is_told


@pytest.mark.parametrize(("home", "is_moved"), [("a file", True), ("a folder", False)])
def test_make_moves_the_cache_of_snakemake_into_the_checkout_where_the_home_cannot_hold_it(
    project: Path, tmp_path: Path, home: str, is_moved: bool
) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "a folder").mkdir()
    (tmp_path / "show.mk").write_text('include Makefile\nshow:\n\t@echo "cache=$$XDG_CACHE_HOME"\n')
    environment = {**os.environ, "HOME": str(tmp_path / home), "XDG_CACHE_HOME": ""}
    command = ["make", "-f", str(tmp_path / "show.mk"), "show"]
    told = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True).stdout
    assert told == f"cache={project / '.snakemake' / 'cache' if is_moved else ''}\n"
