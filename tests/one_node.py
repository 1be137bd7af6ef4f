"""A SLURM of one node on this machine, for a test: on loopback, in a folder of its own, gone when the test ends."""

import getpass
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

PROGRAMS = ("setpriv", "munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "sinfo", "scancel")
PATH = os.pathsep.join([os.environ["PATH"], "/usr/sbin"])  # where Debian has daemons
SETTINGS = """
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
PropagateResourceLimits=NONE
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
NodeName=here NodeHostname={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> list[str]:
    """Return what a test on SLURM needs and this machine has not."""
    absent = [name for name in PROGRAMS if shutil.which(name, path=PATH) is None]
    plugin = "snakemake-executor-plugin-slurm"
    return absent + ([] if find_spec(plugin.replace("-", "_")) else [plugin])


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def write_settings(folder: Path) -> dict[str, str]:
    """Write what the daemons read, and return the environment in which commands find them."""
    for name in ("state", "spool", "bin"):
        (folder / name).mkdir()
    (folder / "munge.key").write_bytes(secrets.token_bytes(1024))
    (folder / "munge.key").chmod(0o400)
    ports = {"controller": free_port(), "node": free_port()}
    host = socket.gethostname().partition(".")[0]
    settings = folder / "slurm.conf"
    settings.write_text(SETTINGS.format(folder=folder, host=host, user=getpass.getuser(), **ports))
    # The plugin takes SLURM_CONF from what it starts by srun: on a cluster, settings are where SLURM looks by itself.
    srun = folder / "bin" / "srun"
    srun.write_text(f'#!/bin/sh\nSLURM_CONF={settings} exec {shutil.which("srun")} "$@"\n')
    srun.chmod(0o755)
    return {"SLURM_CONF": str(settings), "PATH": os.pathsep.join([str(folder / "bin"), PATH])}


@contextmanager
def daemon(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Run a daemon in the foreground, and stop it at the end."""
    # ended by the system, too, should the tests be killed
    program = ["setpriv", "--pdeathsig", "TERM", str(shutil.which(command[0], path=PATH))]
    with (folder / f"{command[0]}.log").open("wb") as said:
        running = subprocess.Popen(
            [*program, *command[1:]], env=os.environ | environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def wait_for(is_so: Callable[[], bool], what: str, folder: Path, patience: float = 60) -> None:
    """Wait until something is so, and tell what the daemons said where it does not come."""
    until = time.monotonic() + patience
    while not is_so():
        said = "\n".join(f"{log.name}:\n{log.read_text()[-2000:]}" for log in folder.glob("*.log"))
        assert time.monotonic() < until, f"{what} is not there after {patience} seconds\n{said}"
        time.sleep(0.2)


def output(command: list[str], environment: dict[str, str]) -> str:
    """Return what a command of SLURM prints; nothing where it fails."""
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


@contextmanager
def one_node(folder: Path) -> Iterator[dict[str, str]]:
    """Start a SLURM in a folder whose path is short, as that of a socket must be; stop it and its jobs at the end."""
    environment = write_settings(folder)
    munge = [f"--{name}={folder}/munge.{name.removesuffix('-file')}" for name in ("key-file", "pid-file", "seed-file")]
    munge += [f"--socket={folder}/munge.socket", f"--log-file={folder}/munge.said", "--foreground", "--force"]
    with ExitStack() as stack:
        stack.enter_context(daemon(["munged", *munge], folder, environment))
        wait_for((folder / "munge.socket").exists, "munge's socket", folder)
        stack.enter_context(daemon(["slurmctld", "-D"], folder, environment))
        stack.enter_context(daemon(["slurmd", "-D", "-N", "here"], folder, environment))
        wait_for(lambda: "idle" in output(["sinfo", "-h"], environment), "an idle node", folder)
        try:
            yield environment
        finally:
            output(["scancel", "--user", getpass.getuser()], environment)
            wait_for(lambda: not output(["squeue", "-h"], environment).strip(), "an empty queue", folder)
