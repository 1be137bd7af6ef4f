"""Join published, reproduced and right values, give each published value its verdict, and count the verdicts.

- How a verdict is found is said in `countback.replication.verdicts`.
- Rows that nothing explains stay in the table; `verify` fails on them.
"""

from countback.replication.verdicts import replication, summary
from countback.shim import run
from countback.tables import read_table, write_table


def main(inputs: dict[str, str], table: str, counts: str) -> None:
    """Read, join, write."""
    frame = replication(**{name: read_table(file) for name, file in inputs.items()})
    write_table(frame, table)
    write_table(summary(frame), counts)


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in replication.__annotations__ if name != "return"},
            snakemake.output.table,
            snakemake.output.summary,
        ),
        snakemake.log[0],
    )
