"""Bring results and figures up to date before Quarto reads the chapters.

- When the workflow itself has started Quarto, they are, and this does nothing: or the two would never end.
- A `PYTHONPATH` from outside hides the one in `_environment`, so that chapters don't find the library: an error.
"""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


def finds_library(search_path: str) -> bool:
    """Return whether the chapters' kernels, which start in the project's folder, find the project's library."""
    return any((PROJECT / entry).resolve() == PROJECT / "workflow" for entry in search_path.split(os.pathsep) if entry)


def main() -> int:
    """Run the workflow up to what the chapters need, and return its exit status."""
    if os.environ.get("COUNTBACK_RENDERING"):
        return 0
    search_path = os.environ.get("PYTHONPATH", "")
    if not finds_library(search_path):
        print(
            f"PYTHONPATH: found {search_path!r}, expected the project's folder `workflow` in it. "
            "Unset it, or put `workflow` first.",
            file=sys.stderr,
        )
        return 1
    command = [sys.executable, "-m", "snakemake", "--cores", "all", "--quiet", "all", "--", "ready"]
    environment = os.environ | {"COUNTBACK_RENDERING": "1"}
    return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
