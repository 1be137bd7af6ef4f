"""Bring results and figures up to date before Quarto reads the chapters, and bring what it keeps of them up to date.

- What Quarto keeps of a chapter's cells is dropped where it is stale. Before a whole render, cells that have to run are
  run here, once for all formats (quarto_cells.py); before one of a single chapter, what is there already is put in.
- Quarto starts this by the Python that set-up told it of, else by any that it finds: it says so where that one lacks
  what the report needs. Older ones have to be able to read this file, so it keeps to what Python 3.6 knows.
- When the workflow itself has started Quarto, all is up to date, and it isn't asked again: the two would never end.
- Quarto leaves alone what the user has set, so that it hides what stands in `_environment`: a `PYTHONPATH` by which
  chapters don't find the library, a locale that does not write UTF-8, or start-up files of the user's, are errors.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
OLDEST = (3, 11)
# Each stands for a part of the report: the workflow, its tables, what runs cells, R in cells.
NEEDED = ("snakemake", "pandas", "nbclient", "ipykernel", "rpy2")
# What would change the output of cells without a word; R's are set anew where R starts (countback.io.r).
FOR_CELLS = ("MATPLOTLIBRC", "IPYTHONDIR", "PYTHONSTARTUP")
SET_UP = (
    "Run `make setup`, which tells Quarto of the right one too; or create the conda environment (conda env create "
    "--file envs/environment.yml) and activate it. Then render again."
)
# Where the search path is wrong, the library has to be found all the same.
sys.path.insert(0, str(PROJECT / "workflow"))


def unfit_python() -> str:
    """Return what is wrong with the Python that runs this, and what to do, or nothing."""
    version = ".".join(str(part) for part in sys.version_info[:2])
    missing = ", ".join(name for name in NEEDED if not find_spec(name))
    if sys.version_info[:2] >= OLDEST and not missing:
        return ""
    found = f"Python {version} without {missing}" if missing else f"Python {version}"
    fix = SET_UP
    if (PROJECT / ".venv" / "bin" / "python").exists() and os.environ.get("QUARTO_PYTHON"):
        fix = "Unset QUARTO_PYTHON, so that the one in .venv is used; if it still is not, run `make setup`."
    return f"{sys.executable}: found {found}, expected the Python that set-up makes for this project. {fix}"


def finds_library(search_path: str) -> bool:
    """Return whether the chapters' kernels, which start in the project's folder, find the project's library."""
    return any((PROJECT / entry).resolve() == PROJECT / "workflow" for entry in search_path.split(os.pathsep) if entry)


def unfit_surroundings() -> str:
    """Return what of the user's would change or stop the cells: variables, and modules in the folder, one a line."""
    from countback.io.environment import NOT_FOR_QUARTO, is_utf8, variables

    faults = []
    name = os.environ.get("LC_ALL")
    if name and not is_utf8(name):
        faults.append(f"LC_ALL: found {name!r}, expected a locale that writes UTF-8. Unset it.")
    search_path = os.environ.get("PYTHONPATH", "")
    if not finds_library(search_path):
        faults.append(
            f"PYTHONPATH: found {search_path!r}, expected the project's folder `workflow` in it. "
            "Unset it, or put `workflow` first."
        )
    ours = variables(PROJECT / "_environment")
    for name in FOR_CELLS:
        value = os.environ.get(name)
        if value and not (ours[name] and (PROJECT / value).resolve() == (PROJECT / ours[name]).resolve()):
            faults.append(f"{name}: found {value!r}, expected what _environment sets: cells would read it. Unset it.")
    faults += [
        f"{name}: found {os.environ[name]!r}, expected none: Quarto's own Python can't run with it. Unset it."
        for name in NOT_FOR_QUARTO
        if os.environ.get(name)
    ]
    # the kernels that Quarto starts import modules of the folder that they start in before any other
    faults += [
        f"{file.name}: found a module in the project's folder, expected none there: cells could import it in "
        "another's place. Move it."
        for file in sorted(PROJECT.glob("*.py"))
    ]
    return "\n".join(faults)


def quiet_kernels(project: Path) -> None:
    """Tell the kernels that Quarto starts, which read this folder's settings alone, to say only what is an error.

    Each would warn that it talks over TCP, on this machine, without encryption.
    """
    from countback.io.files import atomic_write

    settings = project / os.environ.get("IPYTHONDIR", ".ipython") / "profile_default" / "ipython_kernel_config.py"
    atomic_write(settings, b'get_config().IPKernelApp.log_level = "ERROR"\n')


def update_results() -> int:
    """Run the workflow up to what the chapters need, and return its exit status."""
    command = [sys.executable, "-m", "snakemake", "--cores", "all", "--quiet", "all", "--", "ready"]
    return subprocess.call(command, cwd=str(PROJECT), env=dict(os.environ, COUNTBACK_RENDERING="1"))


def renew_outputs() -> int:
    """Bring what Quarto keeps of chapters up to date, say what goes, and return the exit status.

    Before a render of single chapters, no cells of others are run.
    """
    from countback.io import frozen
    from countback.io.errors import CountbackError
    from scripts.report import quarto_cells

    try:
        dropped = frozen.drop_stale(PROJECT)
    except CountbackError as error:
        print(error, file=sys.stderr)
        return 1
    if dropped:
        print(f"Cells are run again, because something that they depend on has changed: {', '.join(dropped)}")
    quarto_cells.fill(PROJECT, may_run=os.environ.get("QUARTO_PROJECT_RENDER_ALL") == "1", changed=dropped)
    return 0


def main() -> int:
    """Do all of it, and return the exit status."""
    is_asked = not os.environ.get("COUNTBACK_RENDERING")
    fault = unfit_python() or (unfit_surroundings() if is_asked else "")
    if fault:
        print(fault, file=sys.stderr)
        return 1
    quiet_kernels(PROJECT)
    status = update_results() if is_asked else 0
    return status or renew_outputs()


if __name__ == "__main__":
    sys.exit(main())
