"""Reports by state of the United States, with their rate.

- Printed sums are left out, so that the rows of a year add up; a share is of the printed total of the year.
- Reports whose state is not known are a row without population and without rate.
"""

import pandas as pd

from countback.io.script import run
from countback.io.tables import read_table, write_table

KINDS = {"state", "unspecified"}
COLUMNS = ["state", "kind", "year", "reports", "population", "reports_per_100k", "share", "provenance", "source"]


def states(printed: pd.DataFrame) -> pd.DataFrame:
    """Return one row per state and year.

    Parameters
    ----------
    printed
        `data/cybertipline/state_reports.csv`.
    """
    totals = printed[printed["kind"] == "total"].set_index("year")["reports"].astype("Float64")
    frame = printed[printed["kind"].isin(KINDS)].copy()
    reports = frame["reports"].astype("Float64")
    people = frame["population"].where(frame["population"] > 0).astype("Float64")
    return frame.assign(reports_per_100k=reports * 100_000 / people, share=reports / frame["year"].map(totals))[COLUMNS]


if __name__ == "__main__":
    run(
        lambda: write_table(states(read_table(snakemake.input.reports)), *snakemake.output),
        snakemake.log[0],
    )
