"""Join published, reproduced and right values, give each published value its verdict, count the verdicts,
and pick the values that stand for the faults.

- How a verdict is found is said in `replication.judgment`.
- Rows that nothing explains stay in the table; `verify` fails on them.
"""

from collections.abc import Iterator

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, counts, numbers_table
from replication.judgment import headlines, replication, summary


def numbers(frame: pd.DataFrame, faults: pd.DataFrame) -> Iterator[Number]:
    """Yield how many published values there are, how many faults correct some of them, and how many stand with one.

    Parameters
    ----------
    frame
        Verdicts, as `replication` returns them.
    faults
        `data/replication/faults.csv`.
    """
    corrected = frame.loc[frame["verdict"] == "corrected", "fault"].dropna().unique()
    others = ~faults["fault"].isin(corrected)
    stands = (frame["verdict"] == "reproduced") & frame["fault"].notna()
    yield from counts("all", "replication", {"n_values": (len(frame), "all")})
    found = {
        "n_of_corrected": (len(corrected), "faults, verdict is corrected"),
        "n_reproduced_values": (int(stands.sum()), "verdict is reproduced, with a fault"),
    }
    yield from counts("faults", "replication", found)
    yield from counts("faults", "faults", {"n_of_no_corrected": (int(others.sum()), "no value is corrected for it")})


def main(inputs: dict[str, str], chosen: str, faults: str, outputs: dict[str, str]) -> None:
    """Read, join, write."""
    frame = replication(**{name: read_table(file) for name, file in inputs.items()})
    listed = read_table(faults)
    write_table(frame, outputs["table"])
    write_table(summary(frame), outputs["summary"])
    write_table(headlines(frame, read_table(chosen), listed), outputs["headlines"])
    write_table(numbers_table(numbers(frame, listed)), outputs["numbers"])


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in replication.__annotations__ if name != "return"},
            snakemake.input.headlines,
            snakemake.input.faults,
            dict(snakemake.output.items()),
        ),
        snakemake.log[0],
    )
