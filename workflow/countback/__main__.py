"""What can be asked on the command line: `python -m countback trace ID` tells where a number comes from."""

import argparse
import sys
from collections.abc import Sequence

from countback.io.errors import CountbackError


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer, and return the exit code: 0, or 1 where the question has no answer."""
    from countback.trace import told, trace

    parser = argparse.ArgumentParser(prog="countback")
    asked = parser.add_subparsers(dest="command", required=True).add_parser(
        "trace", help="tell where a number of the report comes from"
    )
    asked.add_argument("id", help="as results/values.json lists it: a table, the key of a row, a column")
    asked.add_argument("--project", help="root of a checkout that was built; by default this one")
    given = parser.parse_args(arguments)
    try:
        print("\n".join(told(trace(given.id, given.project))))
    except CountbackError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
