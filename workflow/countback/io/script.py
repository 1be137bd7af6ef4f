"""What every script of the workflow does at its end: run, or say what is wrong without a traceback."""

import errno
import inspect
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

from countback.io.errors import CountbackError

AGAIN = "then run the same command again: it goes on from here."
SPACE, RIGHTS = "Free some space", "Let this user write there, or work in a copy of the checkout"
MACHINE = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), SPACE),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), RIGHTS),
    errno.EMFILE: "Let this user open more files (ulimit -n)",
}


def run(work: Callable[[], None], log: str) -> None:
    """Run a rule's work with both output streams going to its log.

    A fault that a user can fix, in the data or of the machine, is printed on the terminal too, without the traceback
    that would bury it; of any other fault both have the traceback.
    """
    try:
        fault = _logged(work, Path(log))
    except OSError as error:  # the log's own, or one that is not known
        fault = what_to_do(error)
        if not fault:
            raise
    if fault:
        print(f"\n{fault}\n", file=sys.stderr)
        sys.exit(1)


def _logged(work: Callable[[], None], log: Path) -> str:
    """Run work with a log, and return what a user can do about its fault, or nothing where there is none."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as stream, redirect_stdout(stream), redirect_stderr(stream):
        try:
            work()
        except CountbackError as error:
            print(error)
            return str(error)
        except Exception as error:
            fault = what_to_do(error)
            with suppress(OSError):
                traceback.print_exc()
            if fault:
                return fault
            raise
    return ""


def what_to_do(error: Exception) -> str:
    """Return what a user can do where the machine, not the script, is at fault; nothing where it is not known.

    Examples
    --------
    >>> what_to_do(OSError(errno.ENOSPC, "No space left on device", "results/a.csv"))
    'results/a.csv: No space left on device. Free some space, then run the same command again: it goes on from here.'
    >>> what_to_do(ValueError("another fault"))
    ''
    """
    if isinstance(error, MemoryError):
        return f"There is too little memory. End other programs, {AGAIN}"
    if isinstance(error, OSError) and error.errno in MACHINE:
        return f"{error.filename or 'A file'}: {error.strerror}. {MACHINE[error.errno]}, {AGAIN}"
    return ""


def run_on_files(main: Callable[..., None], snakemake: Any) -> None:
    """Run a script's main function, as `run` does, on those files of its rule that its parameters are named after.

    Parameters
    ----------
    main
        Each of its parameters is the name of an input or output: a path, or a list of them where the rule has several.
    snakemake
        What Snakemake puts into the script.
    """
    files: dict[str, str | Iterable[str]] = {**dict(snakemake.input.items()), **dict(snakemake.output.items())}
    given = {
        name: Path(file) if isinstance(file, str) else [Path(one) for one in file]
        for name, file in ((name, files[name]) for name in inspect.signature(main).parameters)
    }
    run(lambda: main(**given), snakemake.log[0])
