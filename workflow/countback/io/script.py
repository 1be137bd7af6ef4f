"""What every script of the workflow does at its end: run, or say what is wrong without a traceback."""

import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from countback.io.errors import CountbackError


def run(work: Callable[[], None], log: str) -> None:
    """Run a rule's work with both output streams going to its log.

    A fault that a user can fix is printed on the terminal too, without the traceback that would bury it.
    """
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    with Path(log).open("w", encoding="utf-8") as stream, redirect_stdout(stream), redirect_stderr(stream):
        try:
            work()
        except CountbackError as error:
            print(error)
            fault = error
        else:
            return
    print(f"\n{fault}\n", file=sys.stderr)
    sys.exit(1)
