"""`python -m press`: render the book of this project, or check its chapters."""

import argparse
import sys
import time
from pathlib import Path

from press.lint import lint
from press.project import CountbackError
from press.render import FORMATS, render


def main(arguments: list[str] | None = None) -> int:
    """Render or check, say what came of it, and return the exit status."""
    parser = argparse.ArgumentParser(prog="press", description="Render the book without Quarto.")
    parser.add_argument("--project", type=Path, default=Path(), help="folder that holds _quarto.yml")
    parser.add_argument("--to", choices=["html", "pdf", "all"], default="all", help="what to write")
    parser.add_argument("--no-cache", action="store_true", help="run every cell anew")
    parser.add_argument("--check", action="store_true", help="check the chapters only: run no cell, write nothing")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    try:
        if options.check:
            print(f"{lint(options.project)} chapters are within the subset")
            return 0
        rendered = render(options.project, FORMATS if options.to == "all" else {options.to}, not options.no_cache)
    except CountbackError as error:
        print(error, file=sys.stderr)
        return 1
    written = [path for path, name in ((rendered.html, "html"), (rendered.pdf, "pdf")) if options.to in {"all", name}]
    print(f"{' and '.join(str(path) for path in written)} in {time.monotonic() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
