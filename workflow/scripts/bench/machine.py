"""What a machine is, in words that name neither it nor its user."""

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from scripts.bench.measure import memory_kind


def processor() -> str:
    """Return the model of the processor, as far as the system tells it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return model[1].strip() if model else platform.machine()


def system() -> str:
    """Return the name and version of the operating system."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def r_version() -> str:
    """Return the version of R, or nothing where there is none."""
    if not shutil.which("Rscript"):
        return ""
    said = subprocess.run(["Rscript", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\.\d+", said.stdout + said.stderr)
    return found[0] if found else ""


def machine() -> dict[str, str | int | float]:
    """Return what measurements have to be read with."""
    return {
        "cores": psutil.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "processor": processor(),
        "system": system(),
        "python": platform.python_version(),
        "r": r_version(),
        "snakemake": version("snakemake"),
        "memory_measured": memory_kind(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def in_words(facts: dict[str, str | int | float]) -> str:
    """Return the machine in one line of words.

    Examples
    --------
    >>> in_words({"cores": 2, "memory_gb": 8, "processor": "Xeon", "system": "Debian 12", "python": "3.11", "r": "4.2"})
    '2 cores (Xeon), 8 GB of memory, Debian 12, Python 3.11, R 4.2'
    """
    return (
        f"{facts['cores']} cores ({facts['processor']}), {facts['memory_gb']} GB of memory, {facts['system']}, "
        f"Python {facts['python']}, R {facts['r']}"
    )
