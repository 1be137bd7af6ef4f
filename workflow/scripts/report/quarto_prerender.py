"""Bring results and figures up to date before Quarto reads the chapters.

- When the workflow itself has started Quarto, they are, and this does nothing: or the two would never end.
- Quarto leaves alone what the user has set, so that it hides what stands in `_environment`: a `PYTHONPATH` by which
  chapters don't find the library, or a locale that does not write UTF-8, is an error.
"""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
# Where the search path is wrong, the library has to be found all the same.
sys.path.insert(0, str(PROJECT / "workflow"))

from countback.io.environment import is_utf8  # noqa: E402


def finds_library(search_path: str) -> bool:
    """Return whether the chapters' kernels, which start in the project's folder, find the project's library."""
    return any((PROJECT / entry).resolve() == PROJECT / "workflow" for entry in search_path.split(os.pathsep) if entry)


def main() -> int:
    """Run the workflow up to what the chapters need, and return its exit status."""
    if os.environ.get("COUNTBACK_RENDERING"):
        return 0
    name = os.environ.get("LC_ALL")
    if name and not is_utf8(name):
        print(f"LC_ALL: found {name!r}, expected a locale that writes UTF-8. Unset it.", file=sys.stderr)
        return 1
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
