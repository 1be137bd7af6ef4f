"""Measure time and memory from releases to audit at 1, 10 and 100 times the size: `make bench-growth`.

- Releases are made up by the rule in `grown`, in a temporary folder, from the real files in data/raw/. Each step runs
  in a process of its own, as `growth_steps` says.
- Size is the number of rows that all CSV files together print. Time is CPU, which does not depend on what else the
  machine does; memory is the peak of the process.
- The exponent is that of CPU against size between the two largest sizes: 1 is linear. The second or so that
  each process takes to start weighs most at the size of the real files, which is left out for that.
- Results go to `results/benchmarks/` as `growth.csv`, `growth.md` and `growth.svg`.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import log
from pathlib import Path

import pandas as pd

from countback.io.environment import PROJECT
from countback.io.errors import CountbackError
from countback.io.files import atomic_write, write_text
from countback.io.tables import to_csv
from scripts.bench.grown import make_up
from scripts.bench.growth_steps import STEPS
from scripts.bench.measure import run_measured

FACTORS = (1, 10, 100)
Row = dict[str, str | int | float]


def measure(publisher: str, factor: int, folder: Path) -> Iterable[Row]:
    """Make up the releases of a publisher in a folder, and yield what each step takes on them.

    Raises
    ------
    CountbackError
        If a step fails, with the end of what it says.
    """
    made = make_up(PROJECT, publisher, factor, folder)
    for step in STEPS[publisher]:
        command = [sys.executable, "-m", "scripts.bench.growth_steps", publisher, step, str(folder)]
        run = run_measured(command, PROJECT)
        if run.status:
            raise CountbackError(f"{publisher}, {step}: found status {run.status}, expected 0. {run.output[-2000:]}")
        row: Row = {"publisher": publisher, "step": step, "factor": factor, **made}
        row |= {"wall_s": round(run.wall, 2), "cpu_s": round(run.cpu, 2), "peak_mb": round(run.peak)}
        print(*row.values(), file=sys.stderr)
        yield row


def exponents(rows: pd.DataFrame, column: str = "cpu_s") -> pd.Series:
    """Return the exponent of a column against the number of rows, between the two largest sizes of each step.

    Examples
    --------
    >>> sizes = pd.DataFrame({"publisher": "a", "step": "b", "n_rows": [1, 10, 100], "cpu_s": [1.0, 2.0, 200.0]})
    >>> exponents(sizes).tolist()
    [2.0]
    """

    def of(sizes: pd.DataFrame) -> float:
        smaller, larger = sizes.sort_values("n_rows").iloc[-2:].to_dict("records")
        return round(log(larger[column] / smaller[column]) / log(larger["n_rows"] / smaller["n_rows"]), 2)

    steps = {key: of(sizes) for key, sizes in rows.groupby(["publisher", "step"], sort=False)}
    return pd.Series(steps)


def in_words(rows: pd.DataFrame) -> str:
    """Return a table for readers: one line per step and size, and the exponent beside the largest size."""
    found = exponents(rows)
    lines = ["| publisher | step | releases | rows | CPU | peak memory | exponent |"]
    lines.append("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for row in rows.itertuples():
        is_largest = row.factor == rows["factor"].max()
        exponent = f"{found[(row.publisher, row.step)]:.2f}" if is_largest else ""
        lines.append(
            f"| {row.publisher} | {row.step} | {row.n_releases} | {row.n_rows:,} | {row.cpu_s:.1f} s | "
            f"{row.peak_mb:,} MB | {exponent} |"
        )
    return "\n".join(lines) + "\n"


def draw(rows: pd.DataFrame, file: Path) -> None:
    """Draw time and memory of each step against size, on logarithmic axes, with a line of exponent 1 in gray."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.8), layout="constrained")
    axes = figure.subplots(1, 2)
    for axis, column, title in zip(axes, ("cpu_s", "peak_mb"), ("CPU, seconds", "Peak memory, MB"), strict=True):
        for (publisher, step), sizes in rows.groupby(["publisher", "step"], sort=False):
            style = "-o" if publisher == "meta" else "--s"
            axis.loglog(sizes["n_rows"], sizes[column], style, markersize=4, label=f"{publisher}, {step}")
        ends = [rows["n_rows"].min(), rows["n_rows"].max()]
        base = rows[column].median() / rows["n_rows"].median()
        axis.loglog(ends, [base * end for end in ends], color="0.7", linewidth=3, zorder=0, label="linear")
        axis.set(title=title, xlabel="rows of all releases")
        axis.grid(color="0.92")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    figure.suptitle("From releases to audit, at 1, 10 and 100 times the size (logarithmic axes; made-up releases)")
    svg = BytesIO()
    figure.savefig(svg, format="svg")
    atomic_write(file, svg.getvalue())


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure, write, and return the exit status."""
    parser = argparse.ArgumentParser(description="Measure how time and memory grow with the releases.")
    parser.add_argument("--publishers", default=",".join(STEPS), help="some of meta, tiktok, parted by commas (both)")
    parser.add_argument("--factors", default=",".join(map(str, FACTORS)), help="sizes, parted by commas (1,10,100)")
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    try:
        for publisher in options.publishers.split(","):
            for factor in map(int, options.factors.split(",")):
                with tempfile.TemporaryDirectory() as folder:
                    rows += measure(publisher, factor, Path(folder))
    except CountbackError as error:
        print(error, file=sys.stderr)
        return 1
    table, target = pd.DataFrame(rows), PROJECT / "results" / "benchmarks"
    write_text(to_csv(table), target / "growth.csv")
    write_text(in_words(table), target / "growth.md")
    draw(table, target / "growth.svg")
    print(in_words(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
