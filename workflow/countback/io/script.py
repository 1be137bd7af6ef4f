"""What every script of the workflow does at its end: run, or say what is wrong without a traceback."""

import inspect
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

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
