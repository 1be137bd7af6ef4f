"""Try the gate before the data with seeded mutations: `make mutations`.

Each changes one thing in a copy of `data/`. The result says how many were refused, how many changed nothing, and how
many passed as another value, by table and with what would protect it; it is written to `results/mutations/`, which
belongs to a run and not to the data.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from countback.io.environment import PROJECT
from countback.io.files import atomic_write
from countback.io.package import load_package
from countback.io.tables import to_csv
from scripts.mutations.mutations import mutations
from scripts.mutations.outcome import FAILED, UNPROTECTED, Gate, Outcome

SHOWN = 200  # characters of what the gate said


def try_gate(data: Path, number: int, seed: int) -> list[Outcome]:
    """Return what the gate makes of mutations of a data folder, which is copied and stays as it is.

    Parameters
    ----------
    data
        A sound data folder.
    number, seed
        How many mutations, and what chooses them.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(data, Path(folder) / "data", ignore=shutil.ignore_patterns("raw")))
        gate = Gate(copy)
        files = sorted(gate.schemas)
        outcomes = []
        for at, mutation in enumerate(mutations(copy, files, number, seed), 1):
            outcomes.append(gate.judge(mutation))
            if at % 100 == 0:
                print(f"{at} of {number}", file=sys.stderr)
    return outcomes


def as_table(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return one row per mutation: file, kind, row, column, outcome, and what was said or would protect it."""
    rows = [
        (one.mutation.file, one.mutation.kind, one.mutation.row, one.mutation.column, one.outcome, one.said[:SHOWN])
        for one in outcomes
    ]
    table = pd.DataFrame(rows, columns=["file", "kind", "row", "column", "outcome", "said"])
    return table.astype({"row": "Int64"})


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return how many mutations ended how, and which values nothing protects, by table and column."""
    counts = Counter(one.outcome for one in outcomes)
    lines = [f"{len(outcomes)} mutations: {', '.join(f'{n} {outcome}' for outcome, n in counts.most_common())}."]
    open_ones = Counter(
        (one.mutation.file, one.mutation.column or one.mutation.kind, one.said)
        for one in outcomes
        if one.outcome == UNPROTECTED
    )
    lines += [f"  {file}, {what}: {n}. It would take {said}." for (file, what, said), n in sorted(open_ones.items())]
    failed = [one for one in outcomes if one.outcome == FAILED]
    lines += [f"  FAILED {one.mutation.file}, {one.mutation.kind}: {one.said[:SHOWN]}" for one in failed]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, try the gate, and return the exit status: 1 if it failed on any mutation."""
    known = load_package(PROJECT / "data" / "datapackage.json")["resources"]
    parser = argparse.ArgumentParser(description="Try the gate before the data with seeded mutations.")
    parser.add_argument("--number", type=int, default=20 * len(known), help="how many (20 for each table)")
    parser.add_argument("--seed", type=int, default=1, help="what chooses them (1)")
    options = parser.parse_args(arguments)
    outcomes = try_gate(PROJECT / "data", options.number, options.seed)
    atomic_write(PROJECT / "results" / "mutations" / "mutations.csv", to_csv(as_table(outcomes)).encode())
    print(summary(outcomes))
    return 1 if any(one.outcome == FAILED for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
