"""Join published, reproduced and right values, give each published value its verdict, count the verdicts,
and pick the values that stand for the faults.

- How a verdict is found is said in `replication.judgment`.
- Rows that nothing explains stay in the table; `verify` fails on them.
"""

from countback.io.script import run
from countback.io.tables import read_table, write_table
from replication.judgment import headlines, replication, summary


def main(inputs: dict[str, str], chosen: str, faults: str, table: str, counts: str, picked: str) -> None:
    """Read, join, write."""
    frame = replication(**{name: read_table(file) for name, file in inputs.items()})
    write_table(frame, table)
    write_table(summary(frame), counts)
    write_table(headlines(frame, read_table(chosen), read_table(faults)), picked)


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in replication.__annotations__ if name != "return"},
            snakemake.input.headlines,
            snakemake.input.faults,
            snakemake.output.table,
            snakemake.output.summary,
            snakemake.output.headlines,
        ),
        snakemake.log[0],
    )
